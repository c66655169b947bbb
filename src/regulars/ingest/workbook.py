"""Workbooks as rows of cells: every sheet, every cell as the text a person sees, numbers without an invented ``.0``."""

from __future__ import annotations

import mmap
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from regulars.errors import Words, error
from regulars.ingest.compound import runs_in_circles
from regulars.ingest.content import Row
from regulars.ingest.packed import MIXED_UP, check_packing

_REFERENCE: Final = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_SMALL_SHEET: Final = 20 * 1024**2
"""Bytes of a sheet that cannot hold as many cells as ``_MOST_CELLS``."""
_MOST_CELLS: Final = 50_000_000
_LARGEST_EXACT: Final = 1e15
"""Excel keeps fifteen digits of a number; a longer one has lost its last digits and stays ``1.23456789012346E+17``."""


def open_workbook(path: Path, shown: str) -> tuple[tuple[tuple[str, Callable[[], Iterator[Row]]], ...], tuple[str, ...]]:
    """The sheets of a workbook in order: name, and a function that reads its rows from the top; and the names of hidden ones, left out.

    Nobody who looks at the workbook sees those: they are drafts and old copies. Where all are hidden, all are read.
    Errors ``file_damaged``, ``file_protected``.
    """
    check_packing(path, shown)
    _check_reach(path, shown)
    if runs_in_circles(path):
        raise error("file_damaged", path=shown, found=Words(MIXED_UP))
    try:
        book = _opened(path)
        seen = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible] or book.sheet_names
        sheets = [book.get_sheet_by_name(name) for name in seen]
    except PasswordError as reason:
        raise error("file_protected", path=shown) from reason
    except (CalamineError, OSError, ValueError) as reason:
        raise error("file_damaged", path=shown, found=str(reason)) from reason
    except BaseException as reason:
        if type(reason).__name__ != "PanicException":  # how the reader's own language gives up
            raise
        raise error("file_damaged", path=shown, found=str(reason)) from reason
    return tuple((sheet.name, _rows_of(sheet)) for sheet in sheets), tuple(name for name in book.sheet_names if name not in seen)


def _opened(path: Path) -> CalamineWorkbook:
    """The workbook, whatever its ending: an .xls called .xlsx is read as what it is."""
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise
    except CalamineError as reason:
        try:
            with path.open("rb") as file:
                held: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return CalamineWorkbook.from_filelike(held)
        except CalamineError:
            raise reason from None


def _check_reach(path: Path, shown: str) -> None:
    """Error ``sheet_too_large`` for a small sheet with a stray cell far away: its reader would hold all the empty cells between in memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [member for member in archive.infolist() if member.filename.startswith("xl/worksheets/") and member.file_size < _SMALL_SHEET]
            texts = [archive.read(member) for member in sheets]
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, RuntimeError):
        return
    for text in texts:
        cells = _REFERENCE.findall(text)
        column = max((letters for letters, _ in cells), key=lambda letters: (len(letters), letters), default=b"A")
        row = max((int(number) for _, number in cells), default=1)
        if row * sum((letter - 64) * 26**place for place, letter in enumerate(reversed(column))) > _MOST_CELLS:
            raise error("sheet_too_large", path=shown, cell=f"{column.decode()}{row}")


def _rows_of(sheet: CalamineSheet) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [(cell or None) if type(cell) is str else _TEXTS.get(type(cell), cell_text)(cell) for cell in cells]

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
        return _number_text(value)
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _time_text(round(value.total_seconds()))
    if isinstance(value, time):
        return value.isoformat("seconds")
    return str(value)


def _number_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_EXACT else format(value, ".15G")


def _moment_text(value: datetime) -> str:
    """Excel stores days as fractions, so seconds are rounded; midnight means that only the day was written."""
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0) if value.microsecond else value
    return rounded.isoformat(" ") if rounded.hour or rounded.minute or rounded.second else rounded.date().isoformat()


def _time_text(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


_TEXTS: Final[dict[type, Callable[[Any], str]]] = {float: _number_text, datetime: _moment_text}
"""The commonest kinds of cells beside texts, for speed."""
