"""What people call the columns and sheets of the fact tables: the word lists of ``zh.toml``, ``uk.toml`` and ``en.toml``.

What the sales file has as well (customer, product, order, shop …) is called there what it is called here: ``synonyms.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from regulars.ingest.fields import TABLE_FIELDS
from regulars.ingest.headers import STRONG, WEAK, Phrasebook, phrases_of
from regulars.ingest.synonyms import ROLES
from regulars.schema import FACTS

_LANGUAGES: Final = ("zh", "uk", "en")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("regulars") / "ingest" / "facts" / f"{name}.toml").read_text(encoding="utf-8"))


_WORDS: Final = {language: _read(language) for language in _LANGUAGES}
_ANSWERS: Final = _read("answers")

_SAID_OTHERWISE: Final = frozenset({"amount", "kind", "status", "discount", "cost"})
"""Fields whose headers in a sales file say something else than here."""


def _headers(table: str) -> Iterator[tuple[str, str, float]]:
    """The table's own headers: (phrase, field, weight)."""
    for words in _WORDS.values():
        fields = words.get(table, {})
        for weight, listed in ((STRONG, fields), (WEAK, fields.get("weak", {}))):
            for field, phrases in listed.items():
                if field not in {"names", "weak"}:
                    yield from ((phrase, field, weight) for phrase in phrases)


def _shared(table: str) -> Iterator[tuple[str, str, float]]:
    """Headers of the table's fields that other tables have too."""
    for field in TABLE_FIELDS[table]:
        for words in _WORDS.values():
            yield from ((phrase, field, STRONG) for phrase in words["common"].get(field, ()))
        if field in ROLES and field not in _SAID_OTHERWISE:
            yield from phrases_of(field)


@lru_cache(maxsize=len(FACTS))
def own_headers(table: str) -> Phrasebook:
    """The headers that are the table's own."""
    return Phrasebook(_headers(table))


@lru_cache(maxsize=len(FACTS))
def headers(table: str) -> Phrasebook:
    """All headers of a table's fields."""
    return Phrasebook([*_headers(table), *_shared(table)])


@lru_cache(maxsize=1)
def _names() -> dict[str, re.Pattern[str]]:
    listed = {table: [name for words in _WORDS.values() for name in words[table]["names"]] for table in FACTS}
    return {table: re.compile("(?<![a-z])(?:" + "|".join(map(re.escape, names)) + ")", re.IGNORECASE) for table, names in listed.items()}


def named(table: str, title: str) -> bool:
    """Whether a sheet or file is called like the table.

    >>> named("tickets", "客户投诉"), named("tickets", "Orders 2024")
    (True, False)
    """
    return _names()[table].search(re.sub(r"[_]+", " ", title)) is not None


def is_own_header(header: str) -> bool:
    """Whether the text is a header that some fact table has for its own."""
    return bool(_all_own().exactly(header))


@lru_cache(maxsize=1)
def _all_own() -> Phrasebook:
    return Phrasebook(phrase for table in FACTS for phrase in _headers(table))


YES: Final = tuple(word for words in _ANSWERS["yes"].values() for word in words)
NO: Final = tuple(word for words in _ANSWERS["no"].values() for word in words)
"""Words of flags, lower case."""
WON: Final = "|".join(_ANSWERS["deal"]["won"])
LOST: Final = "|".join(_ANSWERS["deal"]["lost"])
USED: Final = "|".join(_ANSWERS["movement"]["used"])
ADDED: Final = "|".join(_ANSWERS["movement"]["added"])
"""Regular expressions (RE2 and Python) for lower-case cells."""
OUT: Final = tuple(_ANSWERS["movement"]["out"])
"""Words for money that went out, lower case."""
