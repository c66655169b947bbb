"""What became of one delivery, as its folder keeps it, and which one somebody means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from regulars import inline
from regulars.errors import N_, did_you_mean, error
from regulars.i18n import Language, Reader
from regulars.ingest.mapping import Mapping
from regulars.ingest.reasons import REASONS, Note
from regulars.ingest.rules.across import Earlier
from regulars.snapshots import Shelf
from regulars.snapshots.parts import first_of
from regulars.units import ROWS, Column, count, label

REFUSED: Final[dict[str, Column]] = {
    "reason": label(N_("Reason"), N_("Why it was not loaded"), REASONS),
    "rows": count(N_("Rows"), N_("Rows not loaded for this reason")),
}


@dataclass(frozen=True, slots=True, repr=False)
class Import:
    """What became of one file. ``rows_in = rows_loaded + rows_rejected`` always holds."""

    id: str
    path: str
    loaded_at: str
    fingerprint: str
    rows_in: int
    rows_loaded: int
    rows_rejected: int
    walk_in_rows: int
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    mappings: tuple[dict[str, Any], ...] = ()
    files: tuple[dict[str, str], ...] = ()
    source: str = ""
    """The systems that wrote it, by their names, where they were recognised."""
    already_loaded: bool = False
    language: Language = "en"

    def __repr__(self) -> str:
        return f"Import({' '.join(self._told(Reader(self.language)))})"

    def _repr_html_(self) -> str:
        reader = Reader(self.language)
        first, *further = self._told(reader)
        reasons = [{"reason": reason, "rows": rows} for reason, rows in sorted(self.rejected_by_reason.items(), key=lambda pair: -pair[1])]
        return inline.block(
            reader,
            inline.heading(first, ""),
            inline.said(inline.sentence(text) for text in further),
            inline.table(reasons, REFUSED, reader) if reasons else None,
        )

    @property
    def named(self) -> str:
        """The names of its files: ``orders.csv + lines.csv``."""
        return " + ".join(Path(path).name for path in [file["path"] for file in self.files] or [self.path])

    def _told(self, reader: Reader) -> Iterator[str]:
        """What became of the file, in sentences."""
        name = self.named
        counts = {what: reader.counted(*ROWS, getattr(self, what)) for what in ("rows_in", "rows_loaded", "rows_rejected", "walk_in_rows")}
        if self.already_loaded:
            yield reader.say(N_("{file} was loaded before; nothing changed."), file=name)
            return
        yield reader.say(N_("{file}: {rows_in}, of them loaded {rows_loaded}, not loaded {rows_rejected}."), file=name, **counts)
        if self.walk_in_rows:
            yield reader.say(N_("Without a customer, counted as walk-in sales: {walk_in_rows}."), walk_in_rows=counts["walk_in_rows"])
        yield from (note.read(reader) for note in self.notes)


def history(shelf: Shelf) -> tuple[Import, ...]:
    """The deliveries of the snapshot in force, oldest first."""
    return shelf.steadily(lambda: tuple(read_import(shelf.part_folder(part)) for part in shelf.parts()))


def read_import(folder: Path) -> Import:
    """What became of a delivery, as its folder says."""
    found = json.loads((folder / "import.json").read_text(encoding="utf-8"))
    notes = tuple(Note(note["says"], tuple((name, value) for name, value in note["values"])) for note in found.pop("notes"))
    return Import(**found | {name: tuple(found[name]) for name in ("currencies", "mappings", "files") if name in found}, notes=notes)


def write_import(folder: Path, told: Import) -> None:
    """Write down in its folder what became of a delivery."""
    (folder / "import.json").write_text(json.dumps(asdict(told), ensure_ascii=False, indent=1), encoding="utf-8")


def apart(parts: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Those of the deliveries that are not among the others, not even as they were judged against more or fewer."""
    stayed = {first_of(part) for part in others}
    return tuple(part for part in parts if first_of(part) not in stayed)


def meant(parts: tuple[str, ...], delivery: str) -> str:
    """The delivery somebody means: by its id, its number, or the beginning of its id. Error ``import_unknown``."""
    found = [part for part in parts if part.startswith(delivery) or part.partition("-")[0].lstrip("0") == delivery]
    if len(found) != 1:
        numbers = [part.partition("-")[0].lstrip("0") for part in parts]
        raise error("import_unknown", name=delivery, near=did_you_mean(delivery, numbers if delivery.isdecimal() else parts))
    return found[0]


def earlier_of(past: Sequence[Import], mappings: Iterable[Mapping], last_on: date | None) -> Earlier:
    """The earlier deliveries, as those are judged that have these mappings."""
    bills = tuple(one.id for one in past if _is_bill(Mapping.from_toml_dict(mapping) for mapping in one.mappings))
    return Earlier(tuple(one.id for one in past), bills, _is_bill(mappings), last_on)


def _is_bill(mappings: Iterable[Mapping]) -> bool:
    """Whether a delivery brings sales and names no goods."""
    sales = [mapping for mapping in mappings if mapping.table == "sales"]
    return bool(sales) and not any(field in mapping.fields for mapping in sales for field in ("product_id", "product_name"))
