"""Letters: one form of Unicode, and the script a text is written in."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Script = Literal["han", "cyrillic", "latin"]

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_REMARK: Final = re.compile(r"[(\[【〔「].*?[)\]】〕」]")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")


def unified(text: str) -> str:
    """A text in one form of Unicode (NFKC: full width becomes half), without unseen characters, and with single blanks.

    >>> unified("  １３８\u00a0 ０013 ")
    '138 0013'
    """
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).split())


def without_remarks(text: str) -> str:
    """A text without what stands in brackets, unless all of it does.

    >>> without_remarks("Ann Lee (VIP)"), without_remarks("(Ann)")
    ('Ann Lee', '(Ann)')
    """
    return _REMARK.sub(" ", text).strip() or text


def script_of(text: str) -> Script:
    """The script that decides how a text is read: Han before Cyrillic before all others.

    >>> script_of("Tom 张"), script_of("Олена"), script_of("Élodie")
    ('han', 'cyrillic', 'latin')
    """
    if text.isascii():
        return "latin"
    if _HAN.search(text):
        return "han"
    return "cyrillic" if _CYRILLIC.search(text) else "latin"
