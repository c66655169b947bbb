"""The deliveries of a workspace on disk: which files hold the rows of which delivery.

A delivery is written once, as loose files in ``parts/<import>/``. Every row carries its delivery's id, so files of several
deliveries can be merged (``compaction``) into ``parts/merged/<hash>/``; its ``merged.json`` names the deliveries inside. A merged
folder is never changed: a larger one takes its place, and the rows of a delivery that was replaced since are left out by reading.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import literal
from regulars.schema import PART_TABLES

PLACE: Final = ("import_id", "source_sheet", "source_row")
SUPERSEDED: Final = "superseded"
"""The list, among a delivery's files, of the places of earlier rows that it replaces; merged lists say in ``superseded_by`` whose each is."""
MERGED: Final = "merged"


@dataclass(frozen=True, slots=True)
class Merged:
    """A folder of merged files: the deliveries wanted of it, oldest first, and the strangers, whose rows are not."""

    folder: Path
    parts: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.stat().st_size for file in self.folder.iterdir())


class Parts:
    """The deliveries under one folder. Whether they are loose or merged, the rows are the same."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.merged_root = folder / MERGED

    def folder(self, import_id: str) -> Path:
        """Where a delivery keeps what it says of itself, and its files while they are loose."""
        return self.root / import_id

    def merged(self, parts: Sequence[str]) -> tuple[Merged, ...]:
        """The merged folders that serve these deliveries, each delivery in one at most: of two that hold it, the larger."""
        order = {part: number for number, part in enumerate(parts)}
        found = []
        for note in [note for note in self.merged_root.glob("*/merged.json") if note.parent.suffix != ".unfinished"]:
            holds: list[str] = json.loads(note.read_text(encoding="utf-8"))
            wanted = tuple(sorted((p for p in holds if p in order), key=order.__getitem__))
            found.append(Merged(note.parent, wanted, tuple(p for p in holds if p not in order)))
        chosen: list[Merged] = []
        served: set[str] = set()
        for one in sorted(found, key=lambda m: (-len(m.parts), m.folder.name)):
            if one.parts and served.isdisjoint(one.parts):
                chosen.append(one)
                served.update(one.parts)
        return tuple(sorted(chosen, key=lambda m: order[m.parts[0]]))

    def loose(self, parts: Sequence[str]) -> tuple[str, ...]:
        """Those of the deliveries that no merged folder serves."""
        return _loose(parts, self.merged(parts))

    def files(self, table: str, parts: Sequence[str]) -> list[Path]:
        """The files with the rows of a table, in the order of the deliveries. A merged file may hold strangers' rows too: ``rows`` leaves them out."""
        return self._files(table, parts, self.merged(parts))

    def _files(self, table: str, parts: Sequence[str], merged: Iterable[Merged]) -> list[Path]:
        serving = {part: one.folder for one in merged for part in one.parts}
        folders = dict.fromkeys(serving.get(part, self.folder(part)) for part in parts)
        if vanished := [folder for folder in folders if not folder.is_dir()]:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(vanished[0]))
        return [file for folder in folders for file in sorted(folder.glob(f"{table}*.parquet"))]

    def rows(self, table: str, parts: Sequence[str], placed: Callable[[Path], Path | str] = Path) -> str:
        """The rows of a table (of ``PART_TABLES``) that these deliveries brought, typed, as a SELECT over the files, or where ``placed`` puts them."""
        merged = self.merged(parts)
        columns, files = PART_TABLES[table].columns, self._files(table, parts, merged)
        nothing = ", ".join(f'null::{kind} AS "{name}"' for name, kind in columns.items())
        empty = f"SELECT {nothing} WHERE false"
        if not files:
            return empty
        typed = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in columns.items())
        if table != "sales":  # a delivery that an older version loaded may lack a column
            return f"SELECT {typed} FROM ({empty} UNION ALL BY NAME FROM {_read(map(placed, files))}){_without('import_id', merged)}"
        return f"SELECT {typed} FROM {_read(map(placed, files))}{_without('import_id', merged)}"

    def problems(self, parts: Sequence[str]) -> str:
        """What rules found in these deliveries, as a SELECT, without what only another one shows."""
        return f"SELECT * FROM ({self.rows('problems', parts)}) WHERE {shown_by(parts)}"

    def superseded(self, parts: Sequence[str]) -> str:
        """The places of the earlier rows that these deliveries replaced, and by which (``superseded_by``), as a SELECT."""
        merged = self.merged(parts)
        loose = [file for part in _loose(parts, merged) for file in self.folder(part).glob(f"{SUPERSEDED}.parquet")]
        kept = [file for one in merged for file in one.folder.glob(f"{SUPERSEDED}.parquet")]
        place = ", ".join(PLACE)
        lists = []
        if loose:
            lists.append(f"SELECT {place}, parse_path(filename)[-2] AS superseded_by FROM read_parquet([{_listed(loose)}], filename = true)")
        if kept:
            lists.append(f"SELECT {place}, superseded_by FROM {_read(kept)}{_without('superseded_by', merged)}")
        empty = "SELECT ''::VARCHAR AS import_id, ''::VARCHAR AS source_sheet, 0::BIGINT AS source_row, ''::VARCHAR AS superseded_by WHERE false"
        return " UNION ALL ".join(lists) or empty

    def sweep(self, parts: Sequence[str]) -> None:
        """Remove what these deliveries are not read from any more: other deliveries, merged folders that a larger one replaced, loose files that are merged.

        Only for the one who may write, and after the new snapshot is in force.
        """
        merged = self.merged(parts)
        for folder in _folders(self.merged_root):
            if folder.suffix != ".unfinished" and folder not in {one.folder for one in merged}:
                shutil.rmtree(folder, ignore_errors=True)
        for folder in _folders(self.root):
            if folder.name not in {*parts, MERGED}:
                shutil.rmtree(folder, ignore_errors=True)
        for file in [file for one in merged for part in one.parts for file in self.folder(part).glob("*.parquet")]:
            file.unlink(missing_ok=True)


def shown_by(parts: Iterable[str]) -> str:
    """Whether one of these deliveries, under its first id or a later one, shows a problem that its row alone does not, as SQL over ``problems``."""
    here = ", ".join(literal(first_of(part)) for part in parts) or "''"
    return f"coalesce({first_id('because_of')} IN ({here}), true)"


def first_of(import_id: str) -> str:
    """The id under which a delivery was loaded, whatever it was judged against since: ``00002-3f…-81c0d2`` → ``00002-3f…``."""
    return "-".join(import_id.split("-")[:2])


def file_of(import_id: str) -> str:
    """What the ids of a file have in common that is loaded again or corrected: ``00002-3f….2`` → ``3f…``."""
    return import_id.split("-")[1].partition(".")[0]


def first_id(told: str) -> str:
    """``first_of`` as SQL."""
    return f"regexp_extract({told}, '^[^-]+-[^-]+')"


def same_file(told: str) -> str:
    """``file_of`` as SQL."""
    return f"split_part(split_part({told}, '-', 2), '.', 1)"


def _folders(place: Path) -> list[Path]:
    return list(place.iterdir()) if place.is_dir() else []


def _loose(parts: Iterable[str], merged: Iterable[Merged]) -> tuple[str, ...]:
    served = {part for one in merged for part in one.parts}
    return tuple(part for part in parts if part not in served)


def _listed(files: Iterable[Path | str]) -> str:
    return ", ".join(literal(file) for file in files)


def _read(files: Iterable[Path | str]) -> str:
    return f"read_parquet([{_listed(files)}], union_by_name = true)"


def _without(column: str, merged: Iterable[Merged]) -> str:
    """The condition that leaves the strangers' rows out."""
    strangers = [stranger for one in merged for stranger in one.strangers]
    return f" WHERE {column} NOT IN ({', '.join(literal(name) for name in strangers)})" if strangers else ""
