"""Tables with a column for every month (2024-01 … 2024-12, 1月 … 12月, січень … грудень): each filled cell becomes a row with its month.

The columns must prove to be months: three or more, named in the order of time, numbers below them, and no other column of dates.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from regulars.errors import N_, error
from regulars.ingest.content import Row
from regulars.ingest.header import names
from regulars.ingest.headers import language_of_headers, roles_of
from regulars.ingest.month_names import Month, month_of
from regulars.ingest.reasons import Note
from regulars.ingest.synonyms import ROLES
from regulars.ingest.vocabulary import TOTAL_PATTERN
from regulars.ingest.years import YEAR, column_texts

if TYPE_CHECKING:
    from regulars.ingest.read import Sheet

LEAST: Final = 3
PLACE: Final = 10**8
"""What a row's number grows by from month to month, so that every cell has a number of its own that still ends in its row."""
MELTED: Final = N_(
    "The {months} columns from {first} to {last} are months: each cell that is neither blank nor zero became a row, dated the first of its month. "
    "Such a row is numbered by month and row: {example} is row {row} of {second}."
)
_LOOKED_AT: Final = 200
_MOST: Final = 0.95
_NUMBER: Final = re.compile(r"[-+(]?\s*[¥￥$£€₴]?\s*\d[\d\s.,'’\u00a0\u202f]*\)?\s*(?:元|грн\.?|₴|€)?")
_NOTHING: Final = re.compile(r"[-–—\s0.,]*")
_TOTAL: Final = re.compile(TOTAL_PATTERN)


def melted(sheet: Sheet) -> tuple[Sheet, tuple[Note, ...]]:
    """The sheet with a row for each month, and what a person should know about that. Error ``year_missing`` where nothing tells the year."""
    months = {i: month for i, name in enumerate(sheet.columns) if (month := month_of(name)) is not None}
    if len(months) < LEAST or not _are_months(sheet, months):
        return sheet, ()
    days = _dated(sheet, months)
    kept = [i for i, name in enumerate(sheet.columns) if i not in months and not _TOTAL.fullmatch(name.strip().casefold())]
    language = language_of_headers([name for i, name in enumerate(sheet.columns) if i in kept]) or language_of_headers(sheet.columns) or "en"
    columns = names([*(sheet.columns[i] for i in kept), ROLES["ordered_at"].first(language), ROLES["amount"].first(language)])
    width = len(sheet.columns)

    def rows() -> Iterator[Row]:
        for number, cells in itertools.dropwhile(lambda row: row[0] <= sheet.header_row, sheet.raw_rows()):
            own, beyond = [_cell(cells, i) for i in kept], cells[width:]
            for place, (i, day) in enumerate(days.items()):
                if not _NOTHING.fullmatch(value := _cell(cells, i) or ""):
                    yield place * PLACE + number, [*own, day, value, *beyond]

    first, *_, last = (sheet.columns[i] for i in months)
    second, row = sheet.columns[list(months)[1]], sheet.header_row + 1
    values = (("months", len(months)), ("first", first), ("last", last), ("example", str(PLACE + row)), ("row", row), ("second", second))
    return replace(sheet, columns=columns, header_row=0, raw_rows=rows, text=None), (Note(MELTED, values),)


def _are_months(sheet: Sheet, months: dict[int, Month]) -> bool:
    """Whether the columns are in the order of time, hold numbers, and are the only ones that tell when."""
    order = [(year or 0, month) for year, month in months.values()]
    others = [name for i, name in enumerate(sheet.columns) if i not in months]
    if order != sorted(set(order)) or not others or len({year is None for year, _ in months.values()}) > 1:
        return False
    if any(roles_of(name).get(role, 0.0) >= 0.75 for name in others for role in ("ordered_at", "paid_at", "birth_on", "joined_on")):
        return False
    first = [cells for _, cells in itertools.islice(sheet.rows(), _LOOKED_AT)]
    texts = [text for i in months for text in column_texts(first, i)]
    return bool(texts) and sum(bool(_NUMBER.fullmatch(text) or _NOTHING.fullmatch(text)) for text in texts) >= _MOST * len(texts)


def _dated(sheet: Sheet, months: dict[int, Month]) -> dict[int, str]:
    """The first day of each month; the year, where the columns have none, is that of the file's or the sheet's name."""
    path = Path(str(sheet.path))
    years = set(YEAR.findall(f"{path.name} {sheet.name}"))
    if any(year is None for year, _ in months.values()) and len(years) != 1:
        raise error("year_missing", path=str(path), column=sheet.columns[min(months)], example=f"{path.stem}-2024{path.suffix}")
    return {i: f"{year or min(years)}-{month:02}-01" for i, (year, month) in months.items()}


def _cell(cells: Sequence[str | None], i: int) -> str | None:
    return cells[i] if i < len(cells) else None
