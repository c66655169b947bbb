"""Tables as files: CSV that Excel opens in any language, workbooks, JSON. What a customer typed never becomes a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from regulars.errors import N_, did_you_mean, error
from regulars.i18n import Reader
from regulars.spreadsheets import SAFE, guarded
from regulars.surfaces.console import plain
from regulars.surfaces.places import written
from regulars.units import Column

KINDS: Final = (".csv", ".xlsx", ".json")
SHEET_ROWS: Final = 1_048_575
"""Rows that fit below the header of one sheet."""
MEASURED: Final = 500
"""Rows that are looked at to find how wide a column must be; of a longer table the rest is not held for it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write: its title, its declared columns, its rows by column name; ``by_row``: the unit of each row, where a column has several."""

    title: str
    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, Any]]
    by_row: Mapping[str, Sequence[Column]] = field(default_factory=dict)

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
    """A sheet for each table, row by row: what is written is on disk, not in memory."""
    import xlsxwriter

    from regulars.reports.cells import Cells, column_width, sheet_name

    with xlsxwriter.Workbook(path, {**SAFE, "constant_memory": True}) as book:
        cells, names = Cells(book, reader), set[str]()
        for sheet in sheets:
            name = sheet_name(sheet.title, names, otherwise=reader.say(N_("Sheet")))
            names.add(name.casefold())
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            page.set_footer("&L&8&A&R&8&P / &N")
            for place, (key, column) in enumerate(sheet.columns.items()):
                shown = (column.show(row[key], reader) for row in sheet.rows[:MEASURED])
                page.set_column(place, place, column_width([f"{reader.say(column.title)}  ", *shown]))
                cells.say(page, 0, place, reader.say(column.title), "head")
            for at, row in enumerate(sheet.rows, start=1):
                for place, (key, column) in enumerate(sheet.columns.items()):
                    cells.write(page, at, place, row[key], sheet.by_row[key][at - 1] if key in sheet.by_row else column)
