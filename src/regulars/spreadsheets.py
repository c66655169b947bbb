"""What a cell of a spreadsheet holds, and what it must never run."""

from __future__ import annotations

import re
from typing import Any, Final

LONGEST: Final = 32_767
"""UTF-16 units of text that a cell holds."""
SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
"""How every workbook is opened: what looks like a formula, a link or a number in a text stays text."""

_UNPRINTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ACTIVE: Final = re.compile(r"^\s*[=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]|^[\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def printable(text: str) -> str:
    """A text without what no file format holds: control characters are left out, half a letter becomes the sign for one that is lost."""
    return _UNPRINTED.sub("", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))


def fitted(text: str, most: int = LONGEST) -> str:
    """A printable text that fits, its end left out with an ellipsis if need be."""
    text = printable(text)
    if units_of(text) <= most:
        return text
    while units_of(text) > most - 1:
        text = text[: -max(1, (units_of(text) - most) // 2)]
    return text + "…"


def units_of(text: str) -> int:
    """Its length as a spreadsheet counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def guarded(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it; a number stays a number."""
    if not isinstance(value, str):
        return value
    active = _ACTIVE.match(value) and not _NUMBER.fullmatch(value)
    return fitted(f"'{value}" if active else value)
