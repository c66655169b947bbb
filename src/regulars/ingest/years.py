"""Dates written without a year (``03-05``, ``3月5日``, ``5 березня``): the year of the file's name, or of another date in the same row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from regulars.errors import error
from regulars.ingest.cells import MONTHS
from regulars.ingest.headers import language_of_headers, roles_of
from regulars.ingest.reasons import YEAR_FROM_NAME, YEAR_FROM_ROW, Note

if TYPE_CHECKING:
    from regulars.ingest.read import Sheet

Amend = Callable[[str, Sequence[str | None]], str]
"""What becomes of a cell: its text and its whole row in, its text out."""

_MOST: Final = 0.8
"""Share of a column's cells that must be days without a year."""
_DATES: Final = frozenset({"ordered_at", "paid_at", "created_at"})
_REST: Final = r"(?P<rest>(?:[,\s]+(?:о\s+|at\s+)?(?:[上下]午\s?)?\d{1,2}[:时点]\d{1,2}.*)?)"
_FIGURES: Final = re.compile(rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})\.?{_REST}")
_CHINESE: Final = re.compile(r"(?P<a>\d{1,2})\s*月\s*(?P<b>\d{1,2})\s*[日号]?(?P<rest>(?:\s*(?:[上下]午\s?)?\d{1,2}[:时点]\d{1,2}.*)?)")
_NAMED: Final = re.compile(rf"(?:(?P<d>\d{{1,2}})[ -](?P<m>[^\W\d_]{{3,}})\.?|(?P<m2>[^\W\d_]{{3,}})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?){_REST}")
YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d{1,3}(?!\d))")
_FULL: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-/.年]|\d{4})|\d{1,2}[-/.]\d{1,2}[-/.]((?:19|20)\d\d)(?!\d)")


def years_added(sheet: Sheet, first: Sequence[Sequence[str | None]]) -> tuple[dict[int, Amend], tuple[Note, ...]]:
    """How yearless dates are completed, by column, and where the year comes from. Error ``year_missing`` where nothing tells it."""
    wanted = [i for i, name in enumerate(sheet.columns) if _DATES & {role for role, score in roles_of(name).items() if score >= 0.5}]
    yearless = [i for i in wanted if _is_yearless(column_texts(first, i))]
    if not yearless:
        return {}, ()
    month_first = language_of_headers(sheet.columns) == "zh_CN"
    years = set(YEAR.findall(f"{Path(sheet.path).name} {sheet.name}"))
    if len(years) == 1:
        year = years.pop()
        notes = tuple(Note(YEAR_FROM_NAME, (("column", sheet.columns[i]), ("year", year))) for i in yearless)
        return dict.fromkeys(yearless, lambda text, _: full_date(text, year, month_first=month_first)), notes
    other = _neighbour(first, len(sheet.columns), yearless)
    if other is None:
        raise error("year_missing", path=str(sheet.path), column=sheet.columns[yearless[0]], example=f"{Path(sheet.path).stem}-2024{Path(sheet.path).suffix}")

    def completed(text: str, cells: Sequence[str | None]) -> str:
        year = _year_of(cells, other)
        return full_date(text, year, month_first=month_first) if year else text

    notes = tuple(Note(YEAR_FROM_ROW, (("column", sheet.columns[i]), ("other", sheet.columns[other]))) for i in yearless)
    return dict.fromkeys(yearless, completed), notes


def full_date(text: str, year: str, *, month_first: bool) -> str:
    """A date with its year; unchanged if it is none without a year.

    >>> full_date("03-05 14:30", "2024", month_first=True), full_date("5.3", "2024", month_first=False), full_date("5 березня", "2024", month_first=False)
    ('2024-03-05 14:30', '5.3.2024', '5 березня 2024')
    """
    plain = text.strip()
    if found := _CHINESE.fullmatch(plain):
        return f"{year}-{found['a']}-{found['b']}{_apart(found['rest'])}"
    if (found := _FIGURES.fullmatch(plain)) and _is_day(int(found["a"]), int(found["b"])):
        a, b, sep = found["a"], found["b"], found["sep"]
        return f"{year}-{a}-{b}{found['rest']}" if month_first and sep != "." else f"{a}{sep}{b}{sep}{year}{found['rest']}"
    if (found := _NAMED.fullmatch(plain)) and (found["m"] or found["m2"]).casefold().startswith(_MONTH_NAMES):
        return f"{found['d'] or found['d2']} {found['m'] or found['m2']} {year}{_apart(found['rest'].lstrip(','))}"
    return text


_MONTH_NAMES: Final = tuple(name for names in MONTHS for name in names)


def _is_day(one: int, other: int) -> bool:
    return 1 <= min(one, other) <= 12 and max(one, other) <= 31


def _apart(rest: str) -> str:
    return f" {rest.strip()}" if rest.strip() else ""


def column_texts(rows: Sequence[Sequence[str | None]], column: int) -> list[str]:
    """The filled cells of a column."""
    return [text for cells in rows if column < len(cells) and (text := (cells[column] or "").strip())]


def _is_yearless(texts: Sequence[str]) -> bool:
    return bool(texts) and sum(full_date(text, "2000", month_first=True) != text for text in texts) >= _MOST * len(texts)


def _neighbour(rows: Sequence[Sequence[str | None]], width: int, yearless: Sequence[int]) -> int | None:
    """The column whose dates have years in nearly every row."""
    for i in range(width):
        found = sum(_year_of(cells, i) is not None for cells in rows)
        if i not in yearless and found >= _MOST * len(rows):
            return i
    return None


def _year_of(cells: Sequence[str | None], column: int) -> str | None:
    found = _FULL.search(cells[column] or "") if column < len(cells) else None
    return (found[1] or found[2]) if found else None
