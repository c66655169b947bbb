"""The words by which rules know a text: read from ``words.toml``, where anybody may add to them.

A word stands for itself as a whole word, or anywhere in a text if it is written in Chinese characters. ``word*`` is any word that begins so,
``=text`` the whole cell, ``=text*`` a cell that begins so. Words under ``not`` are taken out of the text first.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def word_lists() -> dict[str, dict[str, list[str]]]:
    """Section → language → words."""
    return tomllib.loads((resources.files("regulars") / "ingest" / "rules" / "words.toml").read_text(encoding="utf-8"))


def says(section: str, text: str) -> bool:
    """Whether a text holds one of the words of a section.

    >>> says("top_up", "会员充值"), says("top_up", "储值支付"), says("staff_purchase", "Персональна знижка"), says("staff_purchase", "персонал")
    (True, False, False, True)
    """
    wanted, unwanted = _patterns(section)
    plain = plainly(text)
    return wanted.search(unwanted.sub(" ", plain) if unwanted else plain) is not None


def plainly(text: str) -> str:
    """A text as words are compared: usual width, lower case, one kind of apostrophe, single blanks."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate({0x2019: "'", 0x02BC: "'", 0x60: "'", 0x5F: " "})
    return re.sub(r"\s+", " ", plain).strip()


def rough_pattern(section: str) -> str:
    """A pattern, for RE2 as for Python, that no text of a section goes without in lower case; most others do."""
    words = [word.strip("=*") for name, words in word_lists()[section].items() if name != "not" for word in words]
    return "|".join(sorted({re.escape(word.split(" ")[0].split("-")[0]) for word in words}))


@lru_cache(maxsize=64)
def _patterns(section: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    lists = word_lists()[section]
    wanted = [word for name, words in lists.items() if name != "not" for word in words]
    unwanted = lists.get("not", [])
    return _any_of(wanted), _any_of(unwanted) if unwanted else None


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, words)))


def _pattern(word: str) -> str:
    core = re.escape(plainly(word.strip("=*"))).replace(r"\ ", r"[\s-]*" if _HAN.search(word) else r"[\s-]+").replace(r"\-", r"[\s-]?")
    rest = r"\w*" if word.endswith("*") else ""
    if word.startswith("="):
        return rf"^{core}{'.*' if word.endswith('*') else ''}$"
    return core if _HAN.search(word) else rf"(?<!\w){core}{rest}(?!\w)"
