"""Ukrainian names: one spelling whatever the keyboard and the language, one order of words, and the official transliteration."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Final

from regulars.people.letters import unified, without_remarks
from regulars.people.words import WORDS

_LOOKALIKES: Final = str.maketrans("aceiopxyktmhb", "асеіорхуктмнв")
"""Latin letters that look like Cyrillic ones, for inside a Cyrillic word."""
_APOSTROPHES: Final = re.compile('[’‘ʼ`´′ʹ"]')
_FOLDED: Final = str.maketrans("їійыєэёґ", "ииииееег", "ьъ'")
_INNER_YO: Final = re.compile("(?<=.)(?:йо|ьо)")
_TWICE_I: Final = re.compile("и{2,}")
_PATRONYMIC: Final = re.compile(r".+(?:ович|евич|ивна|овна|евна|инична)|(?:лук|фом|хом|ил|илл|кузм|сав|никит|микит)ич")
_SURNAME: Final = re.compile(r".+(?:" + "|".join(WORDS["cyrillic"]["surnames"]) + ")")
_TITLES: Final = frozenset(WORDS["cyrillic"]["titles"])
_FIRMS: Final = frozenset(WORDS["cyrillic"]["firms"])
_WORD: Final = re.compile(r"[\w'-]+")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_FEWEST: Final = 3
"""Words a name has at least before one of them is taken for a patronymic: «Олена Петрівна» would say too little without it."""


def fold(word: str) -> str:
    """A word's letters as far as Ukrainian and Russian spelling agree: і, ї, й, ы are и; є, э, ё are е; soft and hard signs go.

    >>> fold("зеленський") == fold("зеленский"), fold("мар'яна") == fold("марьяна"), fold("воробйов") == fold("воробьёв")
    (True, True, True)
    """
    return _TWICE_I.sub("и", _INNER_YO.sub("е", word).translate(_FOLDED))


def _listed_names() -> dict[str, str]:
    lists = tomllib.loads((resources.files("regulars") / "people" / "given_names.toml").read_text(encoding="utf-8"))
    return {fold(spelling): name for names in lists.values() for name, others in names.items() for spelling in (name, *others)}


GIVEN_NAMES: Final = _listed_names()
"""Folded spelling → the given name as Ukraine writes it."""
_GIVEN: Final = frozenset(GIVEN_NAMES.values())


def normal_cyrillic_name(text: str) -> str | None:
    """Family and given name in one spelling and order, without titles and patronymic.

    >>> normal_cyrillic_name("пан Николай Зеленский"), normal_cyrillic_name("Зеленський Микола Іванович")
    ('зеленски микола', 'зеленски микола')
    """
    return " ".join(part for part in split_cyrillic_name(text)[:2] if part) or None


def split_cyrillic_name(text: str) -> tuple[str | None, str | None, str | None]:
    """Family name, given name and patronymic, each in its normal form; a firm is all family name.

    Where neither the list of given names nor the ending of a surname tells which word is which, they stand in the order of the alphabet,
    so that both ways to write a name come out alike.
    """
    words = _words(text)
    if not words or words[0] in _FIRMS:
        return " ".join(words) or None, None, None
    words, patronymic = _without_patronymic([_spelled(word) for word in words])
    long = [word for word in words if len(word) > 1]
    given = [word for word in long if word in _GIVEN]
    if long and len(long) < len(words) and len(given) != len(long):
        initials = [word for word in words if len(word) == 1]
        first = given[0] if given else initials[0]
        return " ".join(word for word in long if word != first), first, patronymic or next(iter(initials[0 if given else 1 :]), None)
    family, first = _ordered(words)
    return family or None, first or None, patronymic


@lru_cache(maxsize=50_000)
def _spelled(word: str) -> str:
    """A word as it is compared: a given name as Ukraine writes it, any other folded. Kept, because few words make up many names."""
    folded = fold(word)
    return GIVEN_NAMES.get(folded) or folded or word


def _words(text: str) -> list[str]:
    plain = _APOSTROPHES.sub("'", without_remarks(unified(text)).casefold())
    words = [word.strip("'-_") for word in _WORD.findall(plain)]
    words = [word.translate(_LOOKALIKES) if _CYRILLIC.search(word) else word for word in words]
    return [word for word in words if word and word not in _TITLES] or [word for word in words if word]


def _without_patronymic(words: list[str]) -> tuple[list[str], str | None]:
    """The words without the patronymic, which follows a known given name; without one it is the last that ends like it."""
    patronymic = None
    while len(words) >= _FEWEST and (places := [place for place, word in enumerate(words) if _PATRONYMIC.fullmatch(word)]):
        place = next((place for place in places if place and words[place - 1] in _GIVEN), places[-1])
        patronymic = patronymic or words[place]
        words = words[:place] + words[place + 1 :]
    return words, patronymic


def _ordered(words: list[str]) -> tuple[str, str]:
    """Family and given name."""
    known = [place for place, word in enumerate(words) if word in _GIVEN]
    if len(words) == 1:
        return ("", words[0]) if known else (words[0], "")
    if len(known) == 1:
        return " ".join(words[: known[0]] + words[known[0] + 1 :]), words[known[0]]
    likely = [word for word in words if _SURNAME.fullmatch(word)]
    if not known and len(words) == 2 and len(likely) == 1:
        return likely[0], next(word for word in words if word != likely[0])
    first, *rest = sorted(words)
    return first, " ".join(rest)


_LETTERS: Final = dict(
    zip(
        "абвгґдежзиіклмнопрстуфхцчшщ",
        ["a", "b", "v", "h", "g", "d", "e", "zh", "z", "y", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch"],
        strict=True,
    )
)
_FIRST: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_FURTHER: Final = {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_RUSSIAN: Final = {"ы": "y", "э": "e", "ё": "io", "ъ": ""}
"""Letters that the resolution does not know."""
_RUN: Final = re.compile("[а-яёєіїґ'’ʼ`]+", re.IGNORECASE)


def transliterate_uk(text: str) -> str:
    """A Ukrainian text in Latin letters as passports have it: Resolution 55 of the Cabinet of Ministers of 27 January 2010.

    >>> transliterate_uk("Єнакієве"), transliterate_uk("Згурський"), transliterate_uk("Знам'янка"), transliterate_uk("Юрій Щербак")
    ('Yenakiieve', 'Zghurskyi', 'Znamianka', 'Yurii Shcherbak')
    """
    return _RUN.sub(lambda run: _transliterated(run[0]), text)


def _transliterated(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    loud = len(letters) > 1 and all(letter.isupper() for letter in letters)
    written: list[str] = []
    for place, letter in enumerate(letters):
        small = letter.lower()
        latin = _LETTERS.get(small) or (_FURTHER if place else _FIRST).get(small) or _RUSSIAN.get(small, "")
        if small == "г" and place and letters[place - 1].lower() == "з":
            latin = "gh"
        written.append(latin.upper() if loud else latin.capitalize() if letter.isupper() else latin)
    return "".join(written)
