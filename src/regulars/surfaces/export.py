"""Tables as files: CSV that Excel opens in any language, workbooks, JSON. What a customer typed never becomes a formula."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from regulars.errors import did_you_mean, error
from regulars.i18n import Reader
from regulars.surfaces.console import plain
from regulars.surfaces.places import written
from regulars.units import Column

KINDS: Final = (".csv", ".xlsx", ".json")
SHEET_ROWS: Final = 1_048_575
"""Rows that fit below the header of one sheet."""

_ACTIVE: Final = re.compile(r"^[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"^[+-]?\d+(?:[.,]\d+)?$")
_FORMATS: Final = {"money": "#,##0.00", "share": "0.0%", "rate": "0.0%", "date": "yyyy-mm-dd", "month": "yyyy-mm", "count": "#,##0"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write: its title, its declared columns, its rows by column name."""

    title: str
    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, Any]]

    def cells(self, reader: Reader) -> Iterator[list[Any]]:
        """The rows with words for keys; numbers and dates as they are."""
        for row in self.rows:
            yield [_worded(row[name], column, reader) for name, column in self.columns.items()]

    def titles(self, reader: Reader) -> list[str]:
        return [reader.say(column.title) for column in self.columns.values()]


def kind_of(path: Path) -> str:
    """What kind of file a name asks for."""
    if path.suffix.lower() not in KINDS:
        raise error("value_wrong", name="--output", value=str(path), allowed=did_you_mean(path.suffix, KINDS))
    return path.suffix.lower()


def export(path: Path, sheets: Sequence[Sheet], reader: Reader) -> None:
    """Write tables to a file, whole or not at all. CSV takes the first; a workbook has a sheet for each."""
    kind = kind_of(path)
    for sheet in sheets:
        if kind == ".xlsx" and len(sheet.rows) > SHEET_ROWS:
            raise error("export_too_long", path=str(path), rows=len(sheet.rows), limit=SHEET_ROWS)
    with written(path) as unfinished:
        match kind:
            case ".csv":
                _write_csv(unfinished, sheets[0], reader)
            case ".xlsx":
                _write_workbook(unfinished, sheets, reader)
            case _:
                unfinished.write_text(json.dumps(plain(sheets[0].rows), ensure_ascii=False, indent=1), encoding="utf-8")


def guarded(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it; a number stays a number."""
    return f"'{value}" if isinstance(value, str) and _ACTIVE.match(value) and not _NUMBER.match(value) else value


def _worded(value: Any, column: Column, reader: Reader) -> Any:
    if column.unit in {"label", "flag"} and value is not None:
        return column.show(value, reader)
    return value


def _write_csv(path: Path, sheet: Sheet, reader: Reader) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(guarded, sheet.titles(reader)))
        writer.writerows(map(guarded, cells) for cells in sheet.cells(reader))


def _write_workbook(path: Path, sheets: Iterable[Sheet], reader: Reader) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {unit: book.add_format({"num_format": pattern}) for unit, pattern in _FORMATS.items()}
        for number, sheet in enumerate(sheets, start=1):
            page = book.add_worksheet(_sheet_name(sheet.title, number))
            page.freeze_panes(1, 0)
            for at, title in enumerate(sheet.titles(reader)):
                page.set_column(at, at, max(12, len(title) + 2))
                page.write_string(0, at, title, bold)
            units = [column.unit for column in sheet.columns.values()]
            for row, cells in enumerate(sheet.cells(reader), start=1):
                for at, (value, unit) in enumerate(zip(cells, units, strict=True)):
                    _write_cell(page, row, at, value, formats.get(unit))


def _write_cell(page: Any, row: int, at: int, value: Any, style: Any) -> None:
    match value:
        case None:
            return
        case bool() | int() | float() | Decimal():
            page.write_number(row, at, value, style)
        case datetime() | date():
            page.write_datetime(row, at, value, style)
        case _:
            page.write_string(row, at, str(value))


def _sheet_name(title: str, number: int) -> str:
    """A name a workbook allows: at most 31 letters, none of those that mean something in a formula, unlike the others."""
    return re.sub(r"[\[\]:*?/\\']", " ", f"{number} {title}")[:31].strip()
