"""In what money is the file? A currency column, signs beside the amounts, or a word in a header."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from regulars.ingest.profile import Column
from regulars.ingest.vocabulary import CURRENCY_WORDS, MONEY_SIGNS, currency_code

_SIGN: Final = re.compile("(?:^|[^a-zа-яіїєґ])(" + "|".join(re.escape(sign) for sign in MONEY_SIGNS) + ")(?:[^a-zа-яіїєґ]|$)")

_SCALES: Final = (
    (1_000_000, re.compile(r"百万|\bмлн\b|\bmillions?\b")),
    (10_000, re.compile(r"万元|万$|\(\s*万\s*\)")),
    (1_000, re.compile(r"千元|\bтис(?:яч\w*)?\b|\bтыс(?:яч\w*)?\b|\bthousands?\b|['’]000|\b000s?\b|[£$€¥₴]\s?k\b|\bk\s?[£$€¥₴]|[,(\s]k(?:\)|$|\s)")),
)
"""Units of money → the words for them in a header."""


def sign_in(text: str) -> str | None:
    """The sign or word of money beside a number, as it is listed in the vocabulary."""
    found = _SIGN.search(text.casefold())
    return found[1] if found else None


def header_currency(header: str) -> str | None:
    """The currency a header names: ``金额(元)``, ``Сума, грн``, ``Amount (GBP)``, ``Total USD``, ``price_uah``."""
    words = re.findall(r"[a-zа-яіїєґ]+\$?|[¥￥元₴£$€₽₹]", header.casefold().replace("_", " "))
    short = [word for word in words[1:] if word in CURRENCY_WORDS and word not in {"rs", "pound", "pounds"}]
    return CURRENCY_WORDS[short[-1]] if short else "CNY" if re.search(r"[(（]\s*万?元\s*[)）]", header) else None


def header_scale(header: str) -> int:
    """How many units of money one unit of a column is, by its header: 10 000 for ``金额（万元）``, 1 000 for ``Сума, тис. грн``; else 1."""
    plain = unicodedata.normalize("NFKC", header).casefold().replace("_", " ")
    return next((scale for scale, pattern in _SCALES if pattern.search(plain)), 1)


def money_of(currency: Column | None, amounts: list[Column]) -> str | None:
    """The currency most rows are in by a currency column, by signs in the money columns, or by their headers; None if nothing says."""
    if currency is not None:
        codes = Counter(code for text in currency.present if (code := currency_code(text)))
        if codes:
            return min(codes, key=lambda code: (-codes[code], code))
    for column in amounts:
        signs = Counter(sign for text in column.present[:2000] if (sign := sign_in(text)))
        if signs:
            return currency_code(min(signs, key=lambda sign: (-signs[sign], sign)))
    return next((code for column in amounts if (code := header_currency(column.name))), None)
