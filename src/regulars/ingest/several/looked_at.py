"""One of several sheets, looked at: what its columns hold, and its rows as text, ready to be compared with those of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from regulars.ingest.content import Room
from regulars.ingest.prepared import Raw
from regulars.ingest.profile import Profile, profile
from regulars.ingest.raw import write_raw
from regulars.ingest.read import Sheet
from regulars.progress import silent


@dataclass(frozen=True)
class Part:
    """A sheet beside others. ``label`` is what a person calls it by, and unlike that of every other part: the sheet's name, else the file's."""

    label: str
    sheet: Sheet
    room: Room

    @cached_property
    def described(self) -> Profile:
        """Its columns by a sample."""
        return profile(self.sheet)

    @cached_property
    def raw(self) -> Raw:
        """Every row as text, read once."""
        with self.room.writing():
            return write_raw(self.sheet, self.room.place(), silent)

    @property
    def rows(self) -> str:
        """The SQL of its rows: ``source_row``, ``defect``, ``whole``, ``c0`` …"""
        return f"({self.raw.select})"

    def at(self, column: str) -> str:
        """The column in ``rows``."""
        return f"c{self.sheet.columns.index(column)}"


def parts_of(sheets: Sequence[Sheet], room: Room) -> tuple[Part, ...]:
    """The sheets with labels of their own; what two would share is told apart by the file, else by a number."""
    short = [sheet.name or _stem(sheet) for sheet in sheets]
    again = Counter(short)
    longer = [f"{_stem(sheet)}: {label}" if again[label] > 1 and sheet.name else label for sheet, label in zip(sheets, short, strict=True)]
    seen: Counter[str] = Counter()
    parts = []
    for sheet, label in zip(sheets, longer, strict=True):
        seen[label] += 1
        parts.append(Part(label if seen[label] == 1 else f"{label} ({seen[label]})", sheet, room))
    return tuple(parts)


def _stem(sheet: Sheet) -> str:
    """The file's name without its endings: ``orders`` for ``orders.csv.gz``."""
    name = Path(str(sheet.path).partition("?")[0]).name.removesuffix(".gz")
    return Path(name).stem or name
