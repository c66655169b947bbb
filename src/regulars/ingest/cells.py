"""How the text of a cell becomes a text, a number or a moment: DuckDB macros (``cells.sql``), the only place that knows.

The same macros give the evidence for a mapping and do the conversion, so that both always agree.

==========================  =================================================================================
``trimmed(x)``              the text without blanks around it and without Excel's ``="…"``
``said(t)``                 a trimmed text; null if it says nothing (``-``, ``NULL``, ``无``)
``tidy(x)``                 both
``identifier(t)``           a key, from a trimmed text: null also where Excel has shortened it (``5.21E+17``)
``digits(x)``               a number's text without signs of money, spaces and measure words; null if it is none
``number(d, point)``        ``digits`` as DECIMAL(18,4); ``point`` (. or ,) decides only where ``1,234`` could be either
``moment(x, order, zone)``  a date or timestamp, local to ``zone``; ``order`` (ymd, dmy, mdy) decides only between day and month
``clock(x)``                a time of day as seconds after midnight
``single_spaced(x)``         the text with one space for any blanks between words
``money_sign(x)``           the sign or word of money standing in the cell
==========================  =================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

from regulars.engines.duckdb import Connection
from regulars.ingest.vocabulary import COUNT_WORDS, MISSING, MONEY_SIGNS

_BLANKS: Final = " \t\r\n\u00a0\u2007\u2009\u202f\u3000\u200b\ufeff"
_FULL_WIDTH: Final = "０１２３４５６７８９．，－＋（）％：／−–"
_HALF_WIDTH: Final = "0123456789.,-+()%:/--"
_UNIX: Final = (915_148_800, 2_208_988_800)
"""Seconds since 1970 that are taken for a moment: 1999 to 2039; a phone number is none."""
MONTHS: Final = (
    ("jan", "січ", "янв"),
    ("feb", "лют", "фев"),
    ("mar", "бер", "мар"),
    ("apr", "кві", "апр"),
    ("may", "тра", "мая", "май"),
    ("jun", "чер", "июн"),
    ("jul", "лип", "июл"),
    ("aug", "сер", "авг"),
    ("sep", "вер", "сен"),
    ("oct", "жов", "окт"),
    ("nov", "лис", "ноя"),
    ("dec", "гру", "дек"),
)
"""How the names of the months begin in English, Ukrainian and Russian."""


def quoted(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def define_cells(connection: Connection) -> None:
    """Define the macros on a connection."""
    connection.execute(_macros())


@lru_cache(maxsize=1)
def _macros() -> str:
    sql = (resources.files("regulars") / "ingest" / "cells.sql").read_text(encoding="utf-8")
    for name, value in _filled_in().items():
        sql = sql.replace(f"@{name}@", value)
    return sql


def _filled_in() -> dict[str, str]:
    """What stands for the words between @ signs."""
    return {
        "blanks": quoted(_BLANKS),
        "blank_codes": ", ".join(str(ord(blank)) for blank in _BLANKS),
        "missing": ", ".join(map(quoted, MISSING)),
        "missing_codes": ", ".join(map(str, sorted({ord(letter) for word in MISSING if word for letter in (word[0], word[0].upper())} | {0}))),
        "full_width": quoted(_FULL_WIDTH),
        "half_width": quoted(_HALF_WIDTH),
        "signs": _any_of(MONEY_SIGNS),
        "measures": _any_of((*MONEY_SIGNS, *COUNT_WORDS)),
        "unix_first": str(_UNIX[0]),
        "unix_last": str(_UNIX[1]),
        "months": ", ".join(f"'{name}': {number}" for number, names in enumerate(MONTHS, start=1) for name in names),
        "month_names": "|".join(name for names in MONTHS for name in names),
    }


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace("'", "''") for word in sorted(words, key=len, reverse=True))
