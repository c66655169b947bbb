"""What people write into cells: missing values, walk-in customers, totals rows, order states, kinds of entry, currencies.

The words are in ``vocabulary.toml``; here is what they mean.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal

from babel.core import get_global

_WORDS: Final[dict[str, Any]] = tomllib.loads((resources.files("regulars") / "ingest" / "vocabulary.toml").read_text(encoding="utf-8"))


def _all(section: str) -> tuple[str, ...]:
    """The words of a section, whatever their language."""
    return tuple(word for words in _WORDS[section].values() for word in words)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def _loosely(word: str) -> str:
    """A pattern for a word that may be written with blanks between its parts: ``合 计``."""
    return r"\s*".join(map(re.escape, word if not word[0].isascii() and " " not in word and len(word) < 5 else word.split(" ")))


MISSING: Final[tuple[str, ...]] = tuple(_WORDS["missing"])
"""Cells that say nothing, lower case."""
COUNT_WORDS: Final[tuple[str, ...]] = tuple(_WORDS["measures"])
"""Measure words that may stand behind a quantity."""
WALK_IN: Final = _all("walk_in")
"""Customers who are nobody in particular, lower case."""
TOTAL_PATTERN: Final = "(" + "|".join(_loosely(word) for word in sorted(_all("totals"), key=len, reverse=True)) + ")"
"""Matches the word of a totals row at the start of a lower-case cell (RE2 and Python)."""

State = Literal["stands", "refund", "cancelled", "not_a_sale"]
_NOT_A_SALE: Final = frozenset(_WORDS["states"]["not_a_sale"])
_STANDS, _REFUND, _CANCELLED, _KNOWN = (_any_of(_WORDS["states"][name]) for name in ("stands", "refund", "cancelled", "known"))


@lru_cache(maxsize=5_000)
def state_of(text: str) -> State:
    """What an order state or a kind of entry means for revenue: it stands, it is a refund, it was cancelled or never paid, or it is no sale.

    >>> state_of("交易关闭"), state_of("Повернення"), state_of("partially_refunded"), state_of("pv")
    ('cancelled', 'refund', 'stands', 'not_a_sale')
    """
    plain = re.sub(r"[_\-]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    if plain in _NOT_A_SALE:
        return "not_a_sale"
    if _STANDS.search(plain):
        return "stands"
    if _REFUND.search(plain):
        return "refund"
    return "cancelled" if _CANCELLED.search(plain) else "stands"


def is_state(text: str) -> bool:
    """Whether a text is a known state of an order or kind of entry."""
    return state_of(text) != "stands" or _KNOWN.search(text.casefold()) is not None


CURRENCY_WORDS: Final[dict[str, str]] = {word: code for code, words in _WORDS["currencies"].items() for word in words}
"""Signs, codes and words of money, lower case → ISO 4217."""
MONEY_SIGNS: Final = tuple(sorted((word for word in CURRENCY_WORDS if len(word) <= 4 and word != "rs"), key=len, reverse=True))
"""Signs and short words that may stand beside a number in a cell, longest first."""
_SAME_SIGN: Final = {sign: frozenset(codes) for sign, codes in _WORDS["shared_signs"].items()}


def shares_sign(one: str, other: str) -> bool:
    """Whether two currencies are written with the same sign."""
    return any({one, other} <= codes for codes in _SAME_SIGN.values())


def currency_code(text: str, stated: str | None = None) -> str | None:
    """The ISO code of a sign, code or word; a sign that several currencies share means the stated one if that is among them.

    >>> currency_code("грн."), currency_code("$"), currency_code("$", "CAD"), currency_code("SEK"), currency_code("?")
    ('UAH', 'USD', 'CAD', 'SEK', None)
    """
    plain = text.strip().casefold().rstrip(".")
    if stated is not None and stated in _SAME_SIGN.get(plain, ()):
        return stated
    if plain in CURRENCY_WORDS:
        return CURRENCY_WORDS[plain]
    return plain.upper() if len(plain) == 3 and plain.upper() in get_global("all_currencies") else None
