"""Files of rows that were not loaded, mended and given back: what was put beside the rows is taken off again, and tells where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.ingest.content import Row
from regulars.schema import PART_TABLES

if TYPE_CHECKING:
    from regulars.ingest.read import Sheet

ORIGIN: Final = "regulars_row"
"""The last column of such a file: delivery, row and sheet that a row comes from. Before it stands the reason, in words."""
_BESIDE: Final = 2


def origin(import_id: str, row: int, sheet: str) -> str:
    """Where a row comes from, as the file says it."""
    return f"{import_id}:{row}:{sheet}"


def unmarked(sheet: Sheet) -> Sheet:
    """A sheet as it was before it was given back; any other sheet as it is."""
    if sheet.columns[-1:] != (ORIGIN,):
        return sheet
    width, own = len(sheet.columns), len([name for name in sheet.columns[:-_BESIDE] if not name.startswith("+")])

    def rows() -> Iterator[Row]:
        for number, cells in sheet.raw_rows():
            further = [cell for cell in cells[own : width - _BESIDE] if cell]
            yield number, (*cells[:own], *further)

    def marks() -> Iterator[tuple[int, str]]:
        yield from ((number, cells[width - 1] or "") for number, cells in sheet.rows() if len(cells) >= width)

    return replace(sheet, columns=sheet.columns[:own], raw_rows=rows, text=None, marks=marks)


def note_origins(sheets: Iterable[Sheet], folder: Path, import_id: str) -> None:
    """Write into a delivery's folder where the rows of mended sheets come from."""
    found = [
        (import_id, sheet.name, number, told[0], told[2], int(told[1]))
        for sheet in sheets
        if sheet.marks
        for number, mark in sheet.marks()
        if len(told := mark.split(":", 2)) == 3 and told[1].isdecimal()
    ]
    if found:
        names = list(PART_TABLES["mended"].columns)
        pq.write_table(pa.table(dict(zip(names, map(list, zip(*found, strict=True)), strict=True))), folder / "mended.parquet")
