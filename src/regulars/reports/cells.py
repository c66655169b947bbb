"""How a value becomes a cell of a workbook: what it is, how it looks to the reader, and never a formula that somebody typed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from regulars.charts.axes import width
from regulars.charts.theme import LIGHT
from regulars.i18n import Language, Reader
from regulars.spreadsheets import fitted, printable, units_of
from regulars.units import Column, Unit

FONTS: Final[dict[Language, str]] = {"en": "Arial", "uk": "Arial", "zh_CN": "Microsoft YaHei"}
"""Fonts that every Office in that language has; another program takes its own in their place."""
NARROWEST: Final = 10
WIDEST: Final = 60
"""Characters of a column; longer text is wrapped."""
SHEET_NAME: Final = 31
"""UTF-16 units of the name of a sheet."""
FIRST_YEAR: Final = 1900
"""Before it the format knows no dates."""

_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_DAYS: Final[dict[Language, str]] = {"en": "[$-409]mmm d, yyyy", "uk": "dd.mm.yyyy", "zh_CN": 'yyyy"年"m"月"d"日"'}
_MONTHS: Final[dict[Language, str]] = {"en": "[$-409]mmm yyyy", "uk": "[$-422]mmm yyyy", "zh_CN": 'yyyy"年"m"月"'}
_WORDS: Final = frozenset({"label", "text", "flag"})


def sheet_name(title: str, taken: Iterable[str], *, otherwise: str, ending: str = "") -> str:
    """An allowed name that no other sheet has (``taken`` holds them in lower case); ``ending`` is kept whatever must be cut."""
    bare = " ".join(_FORBIDDEN.sub(" ", printable(re.sub(r"\s", " ", title))).split()).strip("' ") or otherwise
    known, again, last = {*taken, "history"}, 1, ending
    while True:
        name = bare
        while units_of(name + last) > SHEET_NAME:
            name = name[:-1].rstrip("' ")
        if (name + last).casefold() not in known:
            return name + last
        again += 1
        last = f"{ending} ({again})"


def column_width(texts: Iterable[str], widest: int = WIDEST) -> float:
    """Characters that hold every one of some texts, a Chinese one counting as two."""
    return min(widest, max(NARROWEST, *(width(one, 1) * 1.8 + 3 for one in texts), 0))


def number_format(column: Column, reader: Reader) -> str | None:
    """How a column's numbers are printed for a reader, in the format's own notation; None for words."""
    space = "\N{NO-BREAK SPACE}" if reader.language == "uk" else ""
    match column.unit:
        case "money":
            return _money(reader)
        case "share" | "rate":
            plain = f"0.{'0' * (column.digits or 1)}{space}%"
            return f"+{plain};-{plain};{plain}" if column.signed else plain
        case "count":
            return "#,##0"
        case "number" | "days":
            plain = "#,##0" + ("." + "0" * column.digits if column.digits else "")
            return f"+{plain};-{plain};{plain}" if column.signed else plain
        case "date":
            return _DAYS[reader.language]
        case "month":
            return _MONTHS[reader.language]
    return None


def _money(reader: Reader) -> str:
    """The book's currency as the reader is used to see it; amounts below zero are red and have their minus."""
    before, after = re.split(r"[\d.,]+", reader.money(0), maxsplit=1)
    amount = "#,##0.00".join(f'"{sign}"' if sign else "" for sign in (before, after))
    return f"{amount};[Red]-{amount}"


class Cells:
    """The cells of one workbook, for one reader: each look is made once."""

    def __init__(self, book: xlsxwriter.Workbook, reader: Reader) -> None:
        self.book, self.reader = book, reader
        self._looks: dict[str, Format] = {}
        self._plain: dict[tuple[Unit, int, bool], Format] = {}

    def write(self, sheet: Worksheet, row: int, place: int, value: Any, column: Column) -> None:
        """A value as what it is: a number, a day, or text that no program reads as a formula."""
        look = self._of(column)
        match value:
            case None:
                sheet.write_blank(row, place, None, look)
            case bool():
                sheet.write_string(row, place, column.show(value, self.reader), look)
            case int() | float() | Decimal() if column.unit not in _WORDS:
                if math.isfinite(value):
                    sheet.write_number(row, place, float(value), look)
                else:
                    sheet.write_blank(row, place, None, look)
            case int() if column.unit == "label":
                sheet.write_number(row, place, value, look)
            case date() if value.year >= FIRST_YEAR:
                sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001 - a day, not a moment
            case _:
                sheet.write_string(row, place, fitted(column.show(value, self.reader)), look)

    def calculate(self, sheet: Worksheet, row: int, place: int, formula: str, value: Any, column: Column, look: Format | None = None) -> None:
        """A formula, with the analysis' own number for programs that do not calculate."""
        sheet.write_formula(row, place, formula, look or self.of(column), float(value))

    def say(self, sheet: Worksheet, row: int, place: int, words: str, kind: str = "text") -> None:
        """Words of ours or of the data, as text."""
        sheet.write_string(row, place, fitted(words), self.look(kind))

    def _of(self, column: Column) -> Format:
        """The plain look of a column's cells, worked out once: a table may have millions of cells."""
        key = (column.unit, column.digits, column.signed)
        if key not in self._plain:
            self._plain[key] = self.of(column)
        return self._plain[key]

    def of(self, column: Column, **more: Any) -> Format:
        """The look of a column's cells."""
        pattern = number_format(column, self.reader)
        if pattern is None:
            return self._made(column.unit, {"text_wrap": True, "align": "left"} | more)
        return self._made(pattern, {"num_format": pattern} | ({"align": "left"} if column.unit in ("date", "month") else {}) | more)

    def look(self, kind: str) -> Format:
        """The look of words that are not data."""
        return self._made(kind, _LOOKS[kind])

    def _made(self, name: str, look: dict[str, Any]) -> Format:
        key = f"{name} {sorted(look.items())}"
        if key not in self._looks:
            self._looks[key] = self.book.add_format({"font_name": FONTS[self.reader.language], "font_size": 10, "valign": "top"} | look)
        return self._looks[key]


_HEAD: Final = {"bold": True, "bg_color": LIGHT.ramp[0], "bottom": 1, "bottom_color": LIGHT.muted, "text_wrap": True, "valign": "bottom"}
TOTAL: Final = {"bold": True, "top": 1, "top_color": LIGHT.muted}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": LIGHT.text},
    "line": {"font_color": "#404040", "text_wrap": True},
    "strong": {"bold": True, "font_size": 11},
    "head": _HEAD,
    "head_right": _HEAD | {"align": "right"},
    "link": {"font_color": LIGHT.colours[0], "underline": 1},
    "total": TOTAL,
    "text": {"text_wrap": True},
    "aside": {"font_color": "#404040", "align": "left", "indent": 1},
}
