"""Names in Latin letters: without accents, titles and degrees, the given name first."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from regulars.people.letters import unified, without_remarks
from regulars.people.words import WORDS

_TITLES: Final = frozenset(WORDS["latin"]["titles"])
_DEGREES: Final = frozenset(WORDS["latin"]["degrees"])
_PARTICLES: Final = frozenset(WORDS["latin"]["particles"])
_APOSTROPHES: Final = re.compile("[’‘ʼ`´′ʹ]")
_WORD: Final = re.compile(r"[\w'-]+")
_OTHER_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def without_accents(text: str) -> str:
    """Letters without their accents: ``josé`` is ``jose``."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(_OTHER_LETTERS))
    return unicodedata.normalize("NFC", "".join(letter for letter in apart if not unicodedata.combining(letter)))


def normal_latin_name(text: str) -> str | None:
    """The words of a name: ``Smith, Mr. John`` is ``john smith``.

    >>> normal_latin_name("Smith, Mr. John"), normal_latin_name("Dr. José O’Brien PhD")
    ('john smith', "jose o'brien")
    """
    plain = without_accents(_APOSTROPHES.sub("'", without_remarks(unified(text))).casefold())
    family, comma, given = plain.partition(",")
    if comma and (words := _words(given)) and not all(word in _DEGREES for word in words):
        plain = f"{given} {family}"
    words = _words(plain)
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _DEGREES:
        words = words[:-1]
    return " ".join(words) or None


def _words(plain: str) -> list[str]:
    return [bare for word in _WORD.findall(plain) if (bare := word.strip("'-_"))]


def split_latin_name(name: str) -> tuple[str | None, str | None]:
    """Family and given name of a normal form; ``van`` and ``de`` belong to the family name.

    >>> split_latin_name("vincent van gogh"), split_latin_name("cher")
    (('van gogh', 'vincent'), (None, 'cher'))
    """
    words = name.split(" ")
    if len(words) == 1:
        return None, name
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])
