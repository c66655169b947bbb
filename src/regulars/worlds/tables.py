"""Tables as a shop's programs export them: a workbook with title and totals, or a text file in the local habit. Written whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Export:
    """One table to be written: name of the sheet, header and rows; a title above and totals below where the program adds them."""

    sheet: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    title: str = ""
    totals: Sequence[Value] = ()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside the path, which takes the path's place once the block has ended well."""
    draft = path.with_name(f".{path.name}.tmp")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_workbook(path: Path, export: Export, created_on: date) -> None:
    """An .xlsx file. The creation date is given, because the clock's would make each file different."""
    with replacing(path) as draft, xlsxwriter.Workbook(draft, {"constant_memory": True}) as book:
        book.set_properties({"created": datetime.combine(created_on, time())})
        sheet = book.add_worksheet(export.sheet)
        bold = book.add_format({"bold": True})
        sheet.set_column(0, len(export.header) - 1, 14)
        top = 0
        if export.title:
            sheet.merge_range(0, 0, 0, len(export.header) - 1, export.title, bold)
            top = 1
        sheet.write_row(top, 0, export.header, bold)
        for number, row in enumerate(export.rows, start=top + 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)
        sheet.write_row(top + 1 + len(export.rows), 0, export.totals, bold)


def write_text(path: Path, export: Export, encoding: str, delimiter: str) -> None:
    """A delimited text file with Windows line ends, as office programs write it; numbers arrive as text in the local form."""
    with replacing(path) as draft, draft.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        out.writerow(export.header)
        out.writerows(export.rows)
