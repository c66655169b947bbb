"""Ukrainian addresses: region, district, town, street, house and flat, found by the words that mark them, in Ukrainian or Russian."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from regulars.people.words import WORDS

_BEFORE: Final[dict[str, str]] = {word: mark for mark, words in WORDS["address_uk"]["before"].items() for word in (mark, *words)}
"""Word as written → its short form; it stands before the name or number that it marks."""
_BEHIND: Final[dict[str, str]] = {word: mark for mark, words in WORDS["address_uk"]["behind"].items() for word in (mark, *words)}
"""The same for words that may stand behind the name."""
_COUNTRIES: Final = frozenset(WORDS["address_uk"]["countries"])
_TOWNS: Final = frozenset({"м", "с", "смт"})
_NUMBERED: Final = ("буд", "корп", "під", "пов", "кв", "оф", "відд")
_ORDER: Final = ("обл", "р-н", "town", "street", *_NUMBERED, "other", "index")
_UNWANTED: Final = re.compile("['’‘ʼ`´′\"«»“”„№#]|no(?=[ .]*\\d)")
_HOUSE_LETTER: Final = re.compile(r"(?<![\w/-])(\d+(?:/\d+)?)\s*-?\s*([абвг])(?![\w.-])")
_SPACED_SLASH: Final = re.compile(r"(\d)\s*/\s*(\d)")
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*|[,;]")


@dataclass(slots=True)
class _Parts:
    """What has been read of an address so far, and the part that is open."""

    found: dict[str, list[str]] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)
    mark: str | None = None
    words: list[str] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        """Add a value; a second house is the flat, the second of any other part goes to the others."""
        if name not in self.found:
            self.found[name] = [value]
        elif name == "буд":
            self.put("кв", f"кв {value}")
        else:
            self.found.setdefault("other", []).append(value)

    def close(self) -> None:
        """End the open part."""
        text, mark = " ".join(self.words), self.mark
        self.words, self.mark = [], None
        if not text:
            return
        if mark is None or (mark in _NUMBERED and not text[0].isdecimal()) or (mark == "м" and "town" in self.found):
            self.unmarked.append(text)
        elif mark in _TOWNS:
            self.put("town", text if mark == "м" else f"{mark} {text}")
        elif mark in _BEHIND:
            self.put(mark, f"{text} {mark}")
        elif mark in _NUMBERED:
            self.put(mark, text if mark == "буд" else f"{mark} {text}")
        else:
            self.put("street", f"{mark} {text}")

    def place_unmarked(self) -> None:
        """Words without a mark are the town, then the street; alone before a house number they are the street."""
        for number, text in enumerate(self.unmarked):
            alone = number == 0 and len(self.unmarked) == 1 and "буд" in self.found and "street" not in self.found
            self.put("street" if alone or ("town" in self.found and "street" not in self.found) else "town", text)


def normal_cyrillic_address(plain: str) -> str | None:
    """Each part behind a comma, in the order from region to flat; the postcode last. ``plain`` is in lower case.

    >>> normal_cyrillic_address("кв.5, буд.22-а, ул. Крещатик, г.Киев".casefold())
    'киев, вул крещатик, 22а, кв 5'
    """
    tidy = _SPACED_SLASH.sub(r"\1/\2", _HOUSE_LETTER.sub(r"\1\2", _UNWANTED.sub("", plain)))
    parts = _Parts()
    for word in _TOKEN.findall(tidy):
        _read(word, parts)
    parts.close()
    parts.place_unmarked()
    return ", ".join(value for name in _ORDER for value in parts.found.get(name, [])) or None


def _read(word: str, parts: _Parts) -> None:
    """Take one word, number or comma."""
    names_a_street = parts.mark is not None and parts.mark not in {*_NUMBERED, *_TOWNS, *_BEHIND}
    if word in ",;" or word in _COUNTRIES:
        parts.close()
    elif word in _BEFORE and not (len(word) == 1 and names_a_street and not parts.words):
        parts.close()
        parts.mark = _BEFORE[word]
    elif word in _BEHIND:
        if parts.words and parts.mark is None:
            parts.mark = _BEHIND[word]
            parts.close()
        else:
            parts.close()
            parts.mark = _BEHIND[word]
    elif word[0].isdecimal() and not (names_a_street and not parts.words):
        _read_number(word, parts)
    elif parts.mark in _NUMBERED and parts.words:
        parts.close()
        parts.words = [word]
    else:
        parts.words.append(word)


def _read_number(word: str, parts: _Parts) -> None:
    """A number is what the mark before it says; without one it is the postcode, the house, then the flat."""
    if parts.mark in _NUMBERED and not parts.words:
        parts.words = [word]
        parts.close()
        return
    parts.close()
    if len(word) == 5 and word.isdecimal() and "index" not in parts.found:
        parts.put("index", word)
    elif "буд" not in parts.found:
        parts.put("буд", word)
    else:
        parts.put("кв", f"кв {word}")
