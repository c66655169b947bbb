"""Is ``1/12/2010`` in January or in December? The order of day and month, from everything the file says about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

DateOrder = Literal["ymd", "dmy", "mdy"]
Day = tuple[int, int, int]
"""First part, second part, year, as written."""

_WRITTEN: Final = re.compile(r"\D{0,5}(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{2,4})")
_REMEMBERED: Final = 200_000
_READINGS: Final[tuple[DateOrder, ...]] = ("dmy", "mdy")
_MONTH_FIRST: Final = frozenset({"USD", "PHP"})


@dataclass(frozen=True, slots=True)
class Decision:
    """The order of the parts, and whether the file proves it."""

    order: DateOrder
    sure: bool


def parts(text: str) -> tuple[int, str, int, int] | None:
    """First number, separator, second and third number of a date written in figures; None if it is written otherwise."""
    found = _WRITTEN.match(text)
    return (int(found[1]), found[2], int(found[3]), int(found[4])) if found else None


def date_order(rows: Iterable[tuple[str | None, str | None]], *, language: str | None, currency: str | None) -> Decision:
    """Decide from (date as written, order number) of all rows in file order.

    In turn: a year in front; points (always day first); a part above 12; days that follow each other in the file or by
    order number under one reading only; a span of days against a span of months; the language. Else it is not sure.
    """
    days: list[tuple[Day, str | None]] = []
    seen: tuple[int, str, int, int] | None = None
    dotted = 0
    for text, number in rows:
        found = parts(text) if text else None
        if found is None or found == seen:
            continue
        seen = found
        if found[0] > 31:
            continue
        dotted += found[1] == "."
        if len(days) < _REMEMBERED or found[0] > 12 or found[2] > 12:
            days.append(((found[0], found[2], found[3] + 2000 if found[3] < 70 else found[3]), number))
    if not days:
        return Decision("ymd", True)
    if dotted == len(days):
        return Decision("dmy", True)
    return (
        _from_parts(days)
        or _from_sequence([day for day, _ in days])
        or _from_numbers(days)
        or _from_span([day for day, _ in days])
        or _from_custom(language, currency)
    )


def proven_order(texts: Iterable[str]) -> Decision | None:
    """What ``date_order`` would decide from dates with these texts in whatever order they stand; None where it depends on that."""
    written = [found for text in texts if (found := parts(text)) and found[0] <= 31]
    if not written:
        return Decision("ymd", True)
    if all(found[1] == "." for found in written):
        return Decision("dmy", True)
    decided = _from_parts([((found[0], found[2], found[3]), None) for found in written])
    return decided if decided and decided.sure else None


def _from_parts(days: Sequence[tuple[Day, str | None]]) -> Decision | None:
    """A number above 12 cannot be a month. Proof for both orders means that two ways of writing are mixed: not sure."""
    day_first = sum(first > 12 for (first, _, _), _ in days)
    month_first = sum(second > 12 for (_, second, _), _ in days)
    if not day_first and not month_first:
        return None
    return Decision("dmy" if day_first >= month_first else "mdy", min(day_first, month_first) == 0)


def _from_sequence(days: Sequence[Day]) -> Decision | None:
    """Rows stand in order of time under one reading and step back several times under the other."""
    steps_back = {order: _steps_back(days, order) for order in _READINGS}
    best = min(_READINGS, key=lambda order: steps_back[order])
    least, most = steps_back[best], max(steps_back.values())
    return Decision(best, True) if least <= 0.03 * len(days) and most >= 3 * least + 3 else None


def _from_numbers(days: Sequence[tuple[Day, str | None]]) -> Decision | None:
    """The same, with the rows in the order of their order numbers."""
    numbered = sorted((int(number), day) for day, number in days if number and number.isdecimal())
    return _from_sequence([day for _, day in numbered]) if len(numbered) >= 0.9 * len(days) else None


def _from_span(days: Sequence[Day]) -> Decision | None:
    """A few days in a row read the other way would be the same day of many months: a shop does not sell like that.

    Bills of the first of every month are the exception, so days that can be those decide nothing.
    """
    if {second for _, second, _ in days} == {1} or {first for first, _, _ in days} == {1}:
        return None
    spans: dict[DateOrder, int] = {}
    for order in _READINGS:
        read = sorted({_day(day, order) for day in days})
        spans[order] = (read[-1] - read[0]).days
    best = min(_READINGS, key=lambda order: spans[order])
    return Decision(best, True) if spans[best] <= 12 and max(spans.values()) >= 28 else None


def _from_custom(language: str | None, currency: str | None) -> Decision:
    """Nothing in the dates decides. Ukrainian is always day first; elsewhere it is a guess to be confirmed."""
    if language == "uk":
        return Decision("dmy", True)
    return Decision("mdy" if currency in _MONTH_FIRST else "dmy", False)


def _steps_back(days: Sequence[Day], order: DateOrder) -> int:
    """How many steps between neighbouring days go the rarer way."""
    steps = [(b - a).days for a, b in pairwise(_day(day, order) for day in days) if a != b]
    up = sum(step > 0 for step in steps)
    return min(up, len(steps) - up)


def _day(written: Day, order: DateOrder) -> date:
    first, second, year = written
    day, month = (first, second) if order == "dmy" else (second, first)
    return date(min(max(year, 1), 9999), min(max(month, 1), 12), min(max(day, 1), 28)) if month <= 12 else date(1, 1, 1)
