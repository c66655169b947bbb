"""Chinese names: simplified characters, without titles; family and given name; pinyin with surnames read as surnames."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import opencc

from regulars.people.letters import unified, without_remarks
from regulars.people.words import WORDS

_TITLES: Final = tuple(sorted(WORDS["han"]["titles"], key=len, reverse=True))
_SHORT_TITLES: Final = frozenset(WORDS["han"]["short_titles"])
COMPOUND: Final = frozenset(WORDS["han"]["compound"])
"""Surnames of two characters and more."""
_READINGS: Final[dict[str, str]] = WORDS["han"]["readings"]
_DOTS: Final = re.compile("[•‧・･∙⋅]")
_BETWEEN_HAN: Final = re.compile(r"(?<=[\u3400-\u9fff·]) (?=[\u3400-\u9fff·])")
_HAN_ONLY: Final = re.compile("[\u3400-\u9fff\U00020000-\U000323af]+")
_NICKNAMES: Final = frozenset("小老阿")
"""Before a surname, among people who know each other: 小王."""
_LONGEST: Final = 4
"""Names of Han characters without a dot have at most four; longer ones are firms, or names from other languages."""


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """A text in simplified characters: ``歐陽娜娜`` is ``欧阳娜娜``."""
    converted: str = _converter().convert(text)
    return converted if converted == text else simplified(converted)


def normal_han_name(text: str) -> str | None:
    """A name in simplified characters, without blanks between them, remarks in brackets and titles.

    >>> normal_han_name("歐陽 娜娜 小姐"), normal_han_name("王总"), normal_han_name("单雄信（老客户）")
    ('欧阳娜娜', '王', '单雄信')
    """
    plain = without_remarks(simplified(unified(text).casefold()))
    name = _BETWEEN_HAN.sub("", " ".join(_DOTS.sub("·", plain).split()))
    shorter = _without_title(name)
    while shorter != name:
        name, shorter = shorter, _without_title(shorter)
    return name or None


def _without_title(name: str) -> str:
    for title in _TITLES:
        if name.endswith(title) and len(name) > len(title):
            return name.removesuffix(title).rstrip()
    if name[-1:] in _SHORT_TITLES and (len(name) == 2 or name[:-1] in COMPOUND) and _HAN_ONLY.fullmatch(name):
        return name[:-1]
    return name


def split_han_name(name: str) -> tuple[str | None, str | None]:
    """Family and given name of a normal form; a firm or a foreign name has neither.

    >>> split_han_name("诸葛亮"), split_han_name("单雄信"), split_han_name("欧阳")
    (('诸葛', '亮'), ('单', '雄信'), ('欧阳', None))
    """
    if not _HAN_ONLY.fullmatch(name):
        return None, None
    if len(name) == 2 and name[0] in _NICKNAMES:
        return name[1], None
    length = next((n for n in (4, 2) if name[:n] in COMPOUND), 1)
    if len(name) > max(_LONGEST, length + 2):
        return None, None
    return name[:length], name[length:] or None


def pinyin_name(name: str) -> str:
    """A normal form in pinyin without tones, surname first and read as a surname: ``单雄信`` is ``shan xiongxin``.

    >>> pinyin_name("单雄信"), pinyin_name("尉迟恭"), pinyin_name("曾国藩")
    ('shan xiongxin', 'yuchi gong', 'zeng guofan')
    """
    from pypinyin import lazy_pinyin

    family, given = split_han_name(name)
    if family is None:
        return " ".join(lazy_pinyin(name, v_to_u=False))
    read = _READINGS.get(family) or "".join(lazy_pinyin(family))
    return " ".join(["".join(read.split()), *(["".join(lazy_pinyin(given))] if given else [])])
