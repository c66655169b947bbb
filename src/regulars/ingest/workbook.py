"""Workbooks as rows of cells: every sheet, every cell as the text a person sees, numbers without an invented ``.0``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from regulars.errors import N_, error
from regulars.ingest.text_table import Row

SIGNATURES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LARGEST_EXACT: Final = 1e15
"""Excel keeps fifteen digits of a number; a longer one has lost its last digits and stays ``1.23456789012346E+17``."""

PROTECTED: Final = N_("it is protected by a password")


def open_workbook(path: Path) -> tuple[tuple[str, Callable[[], Iterator[Row]]], ...]:
    """The sheets of a workbook in order: name, and a function that reads its rows from the top."""
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except PasswordError as reason:
        raise error("file_damaged", path=str(path), found=PROTECTED) from reason
    except (CalamineError, OSError, ValueError) as reason:
        raise error("file_damaged", path=str(path), found=str(reason)) from reason
    return tuple((sheet.name, _rows_of(sheet)) for sheet in sheets)


def _rows_of(sheet: CalamineSheet) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [cell_text(cell) for cell in cells]

    return rows


def cell_text(value: object) -> str | None:
    """A cell as text: ``17850`` for 17850.0, ISO dates, a time without date as ``HH:MM:SS``; None for an empty one.

    >>> cell_text(17850.0), cell_text(0.1 + 0.2), cell_text(datetime(2024, 3, 5, 8, 30))
    ('17850', '0.3', '2024-03-05 08:30:00')
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_EXACT else format(value, ".15G")
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _time_text(round(value.total_seconds()))
    if isinstance(value, time):
        return value.isoformat("seconds")
    return str(value)


def _moment_text(value: datetime) -> str:
    """Excel stores days as fractions, so seconds are rounded; midnight means that only the day was written."""
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded.date().isoformat() if rounded.time() == time(0) else rounded.isoformat(" ")


def _time_text(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
