"""Does a text name a month? ``2024-01``, ``1月``, ``січень 2024``, ``Mar-24``."""

from __future__ import annotations

import re
from typing import Final

Month = tuple[int | None, int]
"""Year, None where the name has none, and month."""

_WORDS: Final = (
    "january|jan|січень|січня|січ|январь|янв",
    "february|feb|лютий|лютого|лют|февраль|фев",
    "march|mar|березень|березня|бер|март",
    "april|apr|квітень|квітня|квіт|кві|апрель|апр",
    "may|травень|травня|трав|тра|май",
    "june|jun|червень|червня|черв|чер|июнь",
    "july|jul|липень|липня|лип|июль",
    "august|aug|серпень|серпня|серп|сер|август|авг",
    "september|sept|sep|вересень|вересня|вер|сентябрь|сен",
    "october|oct|жовтень|жовтня|жовт|жов|октябрь|окт",
    "november|nov|листопад|листопада|лист|лис|ноябрь|ноя",
    "december|dec|грудень|грудня|груд|гру|декабрь|дек",
)
_YEAR_BEHIND: Final = r"(?:[\s.,'’/-]*(?P<year>(?:19|20)?\d\d)\s*(?:р\.?|року|г\.?)?)?"
_NAMED: Final = tuple(re.compile(rf"(?:(?P<before>(?:19|20)\d\d)\s*)?(?:{words})\.?{_YEAR_BEHIND}") for words in _WORDS)
_FIGURES: Final = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})\s*月?(?:-0?1(?:[ t]00:00(?::00)?)?)?|(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])"
)
_TURNED: Final = re.compile(r"(?P<month>\d{1,2})\s*[-/.]\s*(?P<year>(?:19|20)\d\d)")
_CHINESE: Final = re.compile(r"(?P<month>\d{1,2}|[一二三四五六七八九]|十[一二]?)\s*月份?")
_NUMERALS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}


def month_of(header: str) -> Month | None:
    """The month that a header names, if it names nothing else.

    >>> month_of("2024-01"), month_of("1月"), month_of("Січень 2024"), month_of("Mar-24"), month_of("Марка")
    ((2024, 1), (None, 1), (2024, 1), (2024, 3), None)
    """
    text = header.strip().casefold()
    for number, pattern in enumerate(_NAMED, start=1):
        if found := pattern.fullmatch(text):
            year = found["before"] or found["year"]
            return (None if year is None else int(year) if len(year) == 4 else 2000 + int(year)), number
    found = _FIGURES.fullmatch(text) or _TURNED.fullmatch(text)
    if found:
        parts = found.groupdict()
        year, month = int(parts.get("y") or parts["year"]), int(parts.get("m") or parts["month"])
        return (year, month) if 1 <= month <= 12 else None
    if found := _CHINESE.fullmatch(text):
        month = _NUMERALS.get(found["month"]) or int(found["month"])
        return (None, month) if 1 <= month <= 12 else None
    return None
