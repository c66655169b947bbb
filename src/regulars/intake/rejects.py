"""Rows that were not loaded, as a file to mend: in the shape in which they came, with the reason beside each, ready to be loaded again."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from regulars.engines.duckdb import scratch
from regulars.errors import N_, error
from regulars.i18n import Reader
from regulars.ingest.mended import ORIGIN, origin
from regulars.ingest.overlap import ALREADY
from regulars.ingest.reasons import REASONS
from regulars.snapshots import Shelf
from regulars.snapshots.parts import PLACE, same_file
from regulars.spreadsheets import SAFE, fitted, guarded

KINDS: Final = (".csv", ".xlsx")
REASON: Final = N_("Why it was not loaded")
_BEYOND: Final = "+"
"""Under it a row keeps the cells that stand beyond the last column."""


@dataclass(frozen=True, slots=True)
class Rejects:
    """The rows of one sheet that were not loaded and have not been mended since: its columns, and the rows as written."""

    file: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    @property
    def title(self) -> str:
        return self.sheet or Path(self.file).stem


def rejects(shelf: Shelf, chosen: Sequence[str], files: dict[str, str], reader: Reader) -> tuple[Rejects, ...]:
    """What is open of these deliveries, sheet by sheet. Totals rows, repeated headers and rows loaded already need no mending and are left out;
    a row that was given back is open only where it was refused again.
    """
    here = shelf.parts()
    place, origin = ", ".join(PLACE), "file, source_sheet, source_row"
    mended = f"""SELECT {same_file("origin_import")} AS file, origin_sheet AS source_sheet, origin_row AS source_row
        FROM ({shelf.deliveries.rows("mended", here)})"""
    settled = ", ".join(f"'{reason}'" for reason in (ALREADY, "total_row", "header_repeated"))
    text = f"""SELECT {place}, reason, field, value, row FROM (SELECT *, {same_file("import_id")} AS file FROM ({shelf.deliveries.rows("rejected", chosen)}))
        ANTI JOIN ({mended}) USING ({origin}) WHERE reason NOT IN ({settled}) ORDER BY {place}"""
    with scratch() as connection:
        found = connection.execute(text).fetchall()
    return tuple(_sheet(files[part], sheet, list(lines), reader) for (part, sheet), lines in groupby(found, key=lambda line: line[:2]))


def _sheet(file: str, sheet: str, lines: Sequence[Any], reader: Reader) -> Rejects:
    whole = [json.loads(line[6]) for line in lines]
    columns = [name for name in whole[0] if name != _BEYOND]
    beyond = max((len(row.get(_BEYOND, ())) for row in whole), default=0)
    rows = tuple(
        (*map(row.get, columns), *_padded(row.get(_BEYOND, ()), beyond), _why(line, reader), origin(line[0], line[2], line[1]))
        for line, row in zip(lines, whole, strict=True)
    )
    further = (f"{_BEYOND}{n}" for n in range(1, beyond + 1))
    return Rejects(file, sheet, (*columns, *further, reader.say(REASON), ORIGIN), rows)


def _padded(cells: Sequence[str], width: int) -> Iterator[str | None]:
    yield from cells
    yield from [None] * (width - len(cells))


def _why(line: Sequence[Any], reader: Reader) -> str:
    """The reason in words, with the column and the value at fault."""
    _, _, _, reason, field, value, _ = line
    said = reader.say(REASONS.get(reason, reason))
    at = " = ".join(part for part in (field, value) if part)
    return reader.labelled(said, at) if at else said


def write_rejects(found: Sequence[Rejects], path: Path) -> None:
    """Write them to a workbook, or to a .csv if they are of one sheet; whole or not at all.

    Raises:
        RegularsError: ``value_wrong``, ``not_writable``.
    """
    kind = path.suffix.lower()
    if kind not in KINDS or (kind == ".csv" and len(found) > 1):
        raise error("value_wrong", name="--output", value=str(path), allowed=".xlsx" if len(found) > 1 else ", ".join(KINDS))
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        (_write_csv if kind == ".csv" else _write_workbook)(found, unfinished)
        os.replace(unfinished, path)
    except OSError as cause:
        raise error("not_writable", path=str(path), reason=cause.strerror or str(cause)) from cause
    finally:
        unfinished.unlink(missing_ok=True)


def _write_csv(found: Sequence[Rejects], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for one in found:
            writer.writerow(map(guarded, one.columns))
            writer.writerows(map(guarded, row) for row in one.rows)


def _write_workbook(found: Sequence[Rejects], path: Path) -> None:
    """A sheet for each, every cell as text, so that a number keeps its zeros."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {**SAFE, "constant_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        for number, one in enumerate(found, start=1):
            page = book.add_worksheet(f"{number}")
            page.freeze_panes(1, 0)
            page.set_column(0, len(one.columns) - 1, 18, text)
            for at, row in enumerate((one.columns, *one.rows)):
                for column, cell in enumerate(row):
                    if cell is not None:
                        page.write_string(at, column, fitted(cell), text)
