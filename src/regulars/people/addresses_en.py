"""Addresses in Latin letters: short words for kinds of street, the flat behind the house, the postcode last."""

from __future__ import annotations

import re
from typing import Final

from regulars.people.latin import without_accents
from regulars.people.words import WORDS

_SHORT: Final[dict[str, str]] = {word: short for short, words in WORDS["address_en"]["short"].items() for word in words}
_LONG: Final = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")\b")
_COUNTRY: Final = re.compile(r"(?:[\s,]+(?:" + "|".join(WORDS["address_en"]["countries"]) + r"))+[\s,]*$")
_FLAT: Final = re.compile(r"\b(?:" + "|".join(WORDS["address_en"]["flats"]) + r")\s+(?:no\s+|flat\s+)?(\d+[a-z]?|[a-z]\d*)\b")
_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b|\b(\d{5})(?:-\d{4})?(?=[\s,]*$)")
_NUMBER_SIGN: Final = re.compile(r"#(?=\s*\d)")
_APART: Final = re.compile(r"[^\w\s,/&-]+")


def normal_latin_address(plain: str) -> str | None:
    """House and street, flat, town, postcode. ``plain`` is in lower case.

    >>> normal_latin_address("12 high str., apt. #3b, leeds, west yorkshire, ls1 4ap, uk")
    '12 high st, flat 3b, leeds, w yorkshire, ls1 4ap'
    """
    text = without_accents(plain).replace("’", "").replace("'", "")
    text = _COUNTRY.sub("", " ".join(_APART.sub(" ", _NUMBER_SIGN.sub(" flat ", text)).split()))
    text, postcode = _taken(_POSTCODE, text)
    text, flat = _taken(_FLAT, text)
    text = _LONG.sub(lambda word: _SHORT[word[0]], text)
    chunks = [" ".join(chunk.split()) for chunk in text.split(",")]
    place = [chunk for chunk in chunks if chunk.strip(" -/&")]
    parts = [*place[:1], *([f"flat {flat}"] if flat else []), *place[1:], *([postcode] if postcode else [])]
    return ", ".join(parts) or None


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    """The text without what the pattern finds last, and that, its groups with blanks between them."""
    found = max(pattern.finditer(text), key=re.Match.start, default=None)
    if found is None:
        return text, None
    return f"{text[: found.start()]},{text[found.end() :]}", " ".join(group for group in found.groups() if group)
