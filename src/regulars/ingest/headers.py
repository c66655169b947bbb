"""What does a header say? Headers compared with the word lists, whatever their case, width, punctuation or ending."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from regulars.ingest.synonyms import ROLES
from regulars.ingest.vocabulary import CURRENCY_WORDS

STRONG, WEAK = 1.0, 0.8
_UKRAINIAN_ENDING: Final = re.compile(r"(?:ами|ями|ого|ому|ими|ів|ам|ах|ій|ою|ею|им|их|[аеиіїоуюяйьєыё])$")
_SIMPLIFIED: Final = str.maketrans(
    "訂單編號戶會員買賣時間實額總價數量優惠應際銷貨類種買點稱機電話郵箱區縣國門鋪導購營業務結賬賬帳發票據條碼規產備註狀態來渠標題詳細項費運稅單張課聯絡繫後歸顧資訊庫倉創動開關閉",
    "订单编号户会员买卖时间实额总价数量优惠应际销货类种买点称机电话邮箱区县国门铺导购营业务结账账账发票据条码规产备注状态来渠标题详细项费运税单张课联络系后归顾资讯库仓创动开关闭",
)
"""Traditional characters of the usual headers → simplified ones."""
_CJK: Final = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UNITS: Final = frozenset(
    {
        "шт",
        "pcs",
        "件",
        "个",
        "pc",
        "ea",
        "од",
        "one",
        "yuan",
        "k",
        "incl vat",
        "тис",
        "тис грн",
        "млн",
        "thousand",
        "in thousand",
        "000",
        "000s",
        "含税",
        "required",
        "必填",
        "选填",
    }
)


def language_of_headers(columns: Sequence[str]) -> str | None:
    """The language the headers are written in: ``zh_CN``, ``uk`` or ``en``; None if they hold no letters."""
    text = " ".join(columns)
    if _CJK.search(text):
        return "zh_CN"
    if _CYRILLIC.search(text):
        return "uk"
    return "en" if re.search(r"[A-Za-z]{2}", text) else None


def header_fingerprint(columns: Sequence[str]) -> str:
    """A key for a header row, the same for the next file with the same columns in the same order."""
    return hashlib.sha256("\x1f".join(normal(c) or c for c in columns).encode()).hexdigest()[:32]


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """A header as plain words: ``InvoiceNo``, ``invoice_no`` and ``INVOICE NO.`` are all ``invoice no``; endings are cut."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\u200b-\u200d\ufeff]|['’ʼ`]", "", text).translate(_SIMPLIFIED)
    text = text.replace("№", " no ").replace("#", " no ").replace("%", " percent ")
    text = re.sub(r"(?<=[a-zа-яіїєґ])(?=[A-ZА-ЯІЇЄҐ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return " ".join(_root(word) for word in re.findall(r"[^\W_]+", text.casefold()))


def _root(word: str) -> str:
    if _CYRILLIC.search(word):
        return _UKRAINIAN_ENDING.sub("", word) if len(word) > 3 else word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word.isascii():
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """A header without what stands in brackets and without units and currencies: ``金额(元)`` is ``金额``, ``Сума, грн`` is ``сум``."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[(\[（【<][^)\]）】>]*[)\]）】>]|[*＊]", " ", text)
    pieces = [p for p in re.split(r"[,/|:]", text) if p.strip() and p.strip(" .").casefold() not in _UNITS | CURRENCY_WORDS.keys()]
    words = [w for w in normal(" ".join(pieces)).split() if w not in CURRENCY_WORDS and w not in _UNITS]
    return " ".join(words)


class Phrasebook:
    """Phrases and what each says, its weight 0 to 1. A header is looked up whatever its case, width, punctuation or ending."""

    def __init__(self, phrases: Iterable[tuple[str, str, float]]) -> None:
        """``phrases``: (phrase, role, weight)."""
        self._roles: dict[str, dict[str, float]] = {}
        for phrase, role, weight in phrases:
            roles = self._roles.setdefault(normal(phrase), {})
            roles[role] = max(weight, roles.get(role, 0.0))
        self._squeezed = {phrase.replace(" ", ""): roles for phrase, roles in self._roles.items() if len(phrase) > 4}

    def exactly(self, header: str) -> dict[str, float]:
        """Role → weight, where the header as a whole is a listed phrase."""
        scores: dict[str, float] = {}
        for text, factor in ((normal(header), 1.0), (bare(header), 0.97)):
            for candidate in (text, text.replace(" ", "")):
                for role, weight in self._roles.get(candidate, self._squeezed.get(candidate, {})).items():
                    scores[role] = max(scores.get(role, 0.0), weight * factor)
        return scores

    def roles(self, header: str) -> dict[str, float]:
        """Role → how surely the header names it, 0 to 1: its weight for a listed phrase, less for a part of the header."""
        scores = self.exactly(header)
        if any(score >= 0.95 for score in scores.values()):
            return scores
        for role, score in self._partial(bare(header) or normal(header)).items():
            scores[role] = max(scores.get(role, 0.0), score)
        return scores

    def _partial(self, header: str) -> dict[str, float]:
        """Roles whose phrases are a part of the header, or nearly equal to it."""
        scores: dict[str, float] = {}
        for phrase, roles in self._roles.items():
            part = _coverage(phrase, header)
            if part:
                for role, weight in roles.items():
                    scores[role] = max(scores.get(role, 0.0), weight * (0.4 + 0.45 * part))
        if len(header) >= 5:
            for near in difflib.get_close_matches(header, self._roles, n=2, cutoff=0.86):
                for role, weight in self._roles[near].items():
                    scores[role] = max(scores.get(role, 0.0), 0.8 * weight)
        return scores


def phrases_of(role: str) -> Iterator[tuple[str, str, float]]:
    """The phrases of one role of the sales file, as a ``Phrasebook`` takes them."""
    words = ROLES[role]
    for weight, phrases in ((STRONG, (*words.zh, *words.uk, *words.en)), (WEAK, words.weak)):
        yield from ((phrase, role, weight) for phrase in phrases)


@lru_cache(maxsize=1)
def _book() -> Phrasebook:
    return Phrasebook(phrase for role in ROLES for phrase in phrases_of(role))


@lru_cache(maxsize=5_000)
def roles_of(header: str) -> dict[str, float]:
    """Role → how surely the header names it, 0 to 1: 1 for a listed header, 0.8 for a loose word, less for a part of it."""
    return _book().roles(header)


def _coverage(phrase: str, header: str) -> float:
    """The part of the header the phrase makes up, 0 to 1; the head of the header counts more (last in Chinese and English, first in Ukrainian)."""
    if _CJK.search(phrase):
        squeezed = header.replace(" ", "")
        if len(phrase) < 2 or phrase not in squeezed:
            return 0.0
        return min(1.0, len(phrase) / len(squeezed) + (0.15 if squeezed.endswith(phrase) else 0.0))
    words, wanted = header.split(), phrase.split()
    if len(wanted) >= len(words):
        return 0.0
    for start in range(len(words) - len(wanted) + 1):
        if words[start : start + len(wanted)] == wanted:
            heads = start == 0 if _CYRILLIC.search(phrase) else start + len(wanted) == len(words)
            return min(1.0, len(wanted) / len(words) + (0.15 if heads else 0.0))
    return 0.0


def is_known(header: str) -> bool:
    """Whether the text is certainly a header: a listed one, as a whole."""
    return any(score >= 0.75 for score in roles_of(header).values())
