"""Axes worked out before drawing: where the ticks stand and how they read, and how wide a text will be.

Chart options carry no functions, so everything a reader sees is written here, in the reader's language.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from regulars.i18n import NO_CURRENCY, Language, Reader
from regulars.units import Column

SCALES: Final[dict[Language, tuple[tuple[float, str], ...]]] = {
    "en": ((1e9, "bn"), (1e6, "m"), (1e3, "k")),
    "uk": ((1e9, "\N{NO-BREAK SPACE}млрд"), (1e6, "\N{NO-BREAK SPACE}млн"), (1e3, "\N{NO-BREAK SPACE}тис.")),
    "zh_CN": ((1e8, "亿"), (1e4, "万")),
}
SCALED_FROM: Final = 10_000
"""Axes that end below this are written out in full, as sentences are."""


WORD: Final = re.compile(r"[（「《]*[\u2e80-\u9fff][，。、；：！？）」》]*|[^\s\u2e80-\u9fff]+\s*|\s+")
"""What is not broken: a Chinese character with its brackets and points, or a word with the space after it."""


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers, evenly spaced by 1, 2 or 5 times a power of ten, that enclose ``low`` to ``high``."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(factor for factor in (1, 2, 5, 10) if factor * power * about >= span * 0.999)
    first, last = math.floor(low / (step * power) + 1e-9), math.ceil(high / (step * power) - 1e-9)
    return [float(f"{n * step * power:.12g}") for n in range(first, max(last, first + 1) + 1)]


def tick_labels(column: Column, at: Sequence[float], reader: Reader) -> list[str]:
    """The ticks as they read: one scale (k, тис., 万) and one number of digits for the whole axis, no currency."""
    step = min(b - a for a, b in pairwise(at))
    if column.unit in ("share", "rate"):
        return [reader.percent(tick, _digits(100 * step)) for tick in at]
    top = max(abs(at[0]), abs(at[-1]))
    scale, word = next(((s, w) for s, w in SCALES[reader.language] if SCALED_FROM <= top >= s and step >= s / 10), (1.0, ""))
    return [reader.number(tick / scale, _digits(step / scale)) + word if tick else "0" for tick in at]


def _digits(step: float) -> int:
    """How many decimals tell ticks ``step`` apart."""
    return next((n for n in range(6) if math.isclose(step * 10**n, round(step * 10**n), abs_tol=1e-9)), 6)


def currency_sign(reader: Reader) -> str:
    """The bare sign of the reader's currency: £, грн, 元; empty if no currency is stated."""
    return "" if reader.currency == NO_CURRENCY else re.sub(r"[\d.,\s]", "", reader.money(0))


def two_lines(day: str) -> str:
    """A month or a date with its year on a line of its own."""
    return re.sub(r"(?<=年)|,?\s(?=\d{4})", "\n", day, count=1)


def width(text: str, size: int = 12) -> float:
    """About how many pixels the widest line of a text takes: a full em for a Chinese character, 0.58 for another."""
    lines = text.split("\n")
    return size * max(sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.58 for letter in line) for line in lines)


def cut(text: str, room: float, size: int = 12) -> str:
    """A text that takes at most about so many pixels, its end left out with an ellipsis if need be."""
    while width(text, size) > room and len(text) > 2:
        text = text[:-2].rstrip() + "…"
    return text


def wrap(text: str, room: float, size: int = 12) -> str:
    """A text in at most two lines of about so many pixels, broken between words or Chinese characters; what is left is cut.

    The library's own wrapping takes every Cyrillic letter to be as wide as a Chinese character.
    """
    first = ""
    for word in WORD.findall(text):
        if first and width((first + word).rstrip(), size) > room:
            break
        first += word
    rest = text[len(first) :]
    return "\n".join(cut(line.strip(), room, size) for line in (first, rest) if line)


def rows_of_legend(names: Sequence[str], room: float) -> int:
    """How many rows a legend of these names takes when ``room`` pixels are to be had; 0 if it is not needed."""
    if len(names) < 2:
        return 0
    rows, used = 1, 0.0
    for name in names:
        need = width(name) + 36
        if used and used + need > room:
            rows, used = rows + 1, 0.0
        used += need
    return rows
