"""Where does the table begin? The header row by evidence, titles above it skipped; columns with names that are unique."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from regulars.errors import N_
from regulars.ingest.content import Row
from regulars.ingest.facts.words import is_own_header
from regulars.ingest.headers import is_known
from regulars.ingest.month_names import month_of
from regulars.ingest.presets import recognised

SEARCHED: Final = 60
"""Rows looked at from the top of a sheet."""
DEEPEST_HEADER: Final = 30
_MONTHS: Final = 3
"""Cells that name a month from which a row of them is a header, though a month is a date too."""
NAMELESS: Final = N_("column {number}")
"""Name of a column without a header."""

_NAMELESS: Final = re.compile(re.escape(NAMELESS).replace(r"\{number\}", r"\d+"))
_DATUM: Final = re.compile(
    r"""[-+(]?\s*[¥￥$£€₴]?\s*\d[\d\s.,'’]*\s*[%)-]?\s*(?:元|грн\.?|[¥€₴])?   # a number or an amount
      | \d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}日?.*                               # a date
      | \d{1,2}:\d{2}(?::\d{2})?                                              # a time
      | [^@\s]+@[^@\s]+\.\w+                                                  # an e-mail address
      | null|nan|true|false""",
    re.VERBOSE | re.IGNORECASE,
)


def nameless(column: str) -> bool:
    """Whether a column has no name but its number."""
    return _NAMELESS.fullmatch(column) is not None


def filled(cells: Sequence[str | None]) -> list[str]:
    """The cells that hold something, stripped."""
    return [text for cell in cells if cell and (text := cell.strip(" \t\r\n\u00a0\u3000\ufeff"))]


def is_datum(text: str) -> bool:
    """Whether a cell is clearly a value, not a header: a number, a date, a time, an e-mail address."""
    return _DATUM.fullmatch(text.strip()) is not None


def find_header(rows: Sequence[Row]) -> tuple[int, tuple[str, ...]]:
    """The number of the header row among the first rows of a sheet, and its column names; 0 if the data start at once."""
    width = _usual_width(rows)
    for number, cells in rows:
        if recognised(filled(cells)):
            return number, _trimmed(cells, width, [row for n, row in rows if n > number])
    best, best_score = 0, 0.0
    for index, (_, cells) in enumerate(rows[:DEEPEST_HEADER]):
        score = _header_score(cells, rows[index + 1 :], width)
        if score > best_score + 0.05:
            best, best_score = index + 1, score
    if best_score == 0.0:
        return 0, names([None] * width)
    if best < len(rows) - 1 and _continues_header(rows[best][1]):
        best += 1
    number, cells = rows[best - 1]
    above = rows[best - 2][1] if best > 1 and len(filled(rows[best - 2][1])) > 1 else []
    merged = [cell if cell and cell.strip() else (above[i] if i < len(above) else None) for i, cell in enumerate(cells)]
    return number, _trimmed(merged, width, [row for _, row in rows[best:]])


def _trimmed(header: Sequence[str | None], width: int, below: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """The column names of a header, without the columns at its end that nothing stands in."""
    cells = [*header, *[None] * (width - len(header))]
    while len(cells) > 1 and not filled(cells[-1:]) and not any(filled(row[len(cells) - 1 : len(cells)]) for row in below):
        cells.pop()
    return names(cells)


def _continues_header(cells: Sequence[str | None]) -> bool:
    """Whether the row below a header is its second line, as under merged cells: known headers only."""
    texts = filled(cells)
    return bool(texts) and not any(map(is_datum, texts)) and sum(map(is_known, texts)) >= 0.75 * len(texts)


def names(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Column names as written, made unique: a nameless one is called by its number, a second ``Total`` is ``Total (2)``."""
    used: set[str] = set()
    result: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join((cell or "").replace("\ufeff", "").split()) or NAMELESS.format(number=number)
        again = (f"{name} ({n})" for n in itertools.count(2))
        result.append(name if name not in used else next(other for other in again if other not in used))
        used.add(result[-1])
    return tuple(result)


def _usual_width(rows: Sequence[Row]) -> int:
    """The number of columns: up to the last one that is filled in at least a tenth of the wider rows."""
    wide = [cells for _, cells in rows if len(filled(cells)) > 1] or [cells for _, cells in rows if filled(cells)]
    ends = sorted(max(i for i, cell in enumerate(cells) if cell and cell.strip()) + 1 for cells in wide)
    return ends[int(0.9 * (len(ends) - 1))] if ends else 0


def _header_score(cells: Sequence[str | None], below: Sequence[Row], width: int) -> float:
    """How much a row looks like the header: 0 if it cannot be, else up to about 4."""
    texts = filled(cells)
    following = [row for _, row in below if filled(row)]
    if not texts or len(texts) < max(min(2, width), 0.5 * width) or not following:
        return 0.0
    months = sum(month_of(text) is not None for text in texts) >= _MONTHS
    data = sum(is_datum(text) and not (months and month_of(text)) for text in texts) / len(texts)
    if len(set(texts)) < 0.6 * len(texts) or data > 0.25 or max(map(len, texts)) > 120:
        return 0.0
    known = sum(is_known(text) or is_own_header(text) for text in texts) / len(texts)
    changes = sum(_changes(cell, [row[i] for row in following if i < len(row)]) for i, cell in enumerate(cells) if cell and cell.strip())
    if known == 0 and changes == 0 and not months:
        return 0.0
    return min(len(texts) / width, 1.0) + 2 * known + changes / len(texts) - 2 * data


def _changes(header: str, values: Sequence[str | None]) -> bool:
    """Whether a text stands above a column of values."""
    present = filled(values)
    return bool(present) and not is_datum(header) and sum(map(is_datum, present)) >= 0.7 * len(present)
