"""Which letters are these bytes? UTF-8 first and strictly; then the legacy code pages by how much the text they give looks like text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

from regulars.ingest.mixed import mixed_with, other_lines

_BYTE_ORDER_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CYRILLIC_WORD: Final = re.compile(r"[А-ЯІЇЄҐЁ]?[а-яіїєґё]+|[А-ЯІЇЄҐЁ]+")
_LATIN_LETTERS: Final = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÜŒŠŽ")
_LATIN_SIGNS: Final = frozenset("£€©®°§«»“”‘’–—…•½¼¾²³ºª¿¡´·™× ")
_ENOUGH: Final = 0.5


def detect(start: bytes, *, whole: bool) -> str | None:
    """The encoding of a text from its first bytes (``whole``: they are all there is), or None if it is no text at all."""
    for mark, name in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name
    if is_binary(start):
        return _without_mark(start)
    if _decodes(start, "utf-8", whole=whole):
        return "utf-8"
    lines = [line for line in start.splitlines() if not line.isascii()][:2000]
    text = b"\n".join(lines)
    others = b"\n".join(other_lines(lines))
    if others and not _mostly_utf8(others):
        return mixed_with(_best(others)[0])
    best, score = _best(text)
    return best if score >= _ENOUGH or not _mostly_utf8(text) else "utf-8"


def _best(text: bytes) -> tuple[str, float]:
    """The likeliest code page of a text, and how much of it that explains."""
    return max(((name, score(text)) for name, score in _SCORES), key=lambda pair: pair[1])


def _without_mark(start: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of its ASCII letters is zero."""
    for name, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        halves = start[offset::2]
        if len(start) > 20 and halves.count(0) > 0.4 * len(halves) and start[1 - offset :: 2].count(0) < 0.01 * len(halves):
            return name if not any(letter in start.decode(name, errors="replace")[:1000] for letter in "\ufffd\0") else None
    return None


def is_binary(start: bytes) -> bool:
    """Whether the bytes cannot be text: more than one control character in a hundred, such as zeros; those at the end, which some tills leave, do not count."""
    text = start.rstrip(b"\0")
    control = sum(text.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 26))
    return not text or control > len(text) / 100


def _decodes(start: bytes, encoding: str, *, whole: bool) -> bool:
    """Whether the bytes are strictly of that encoding; a character cut off at the end is forgiven where more follows."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(start, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(text: bytes) -> bool:
    """Whether a few broken bytes stand in a text that is UTF-8 otherwise."""
    decoded = text.decode("utf-8", errors="replace")
    broken = decoded.count("\ufffd")
    return broken * 20 < sum(not c.isascii() for c in decoded)


def _chinese(text: bytes) -> float:
    """How much of the text is common Chinese: first-level characters of GB 2312 and full-width punctuation, 0 to 1."""
    decoded = [c for c in text.decode("gb18030", errors="replace") if not c.isascii()]
    if not decoded:
        return 0.0
    good = 0.0
    for character in decoded:
        pair = character.encode("gb18030", errors="replace")
        if len(pair) == 2 and pair[1] >= 0xA1 and (0xB0 <= pair[0] <= 0xD7 or 0xA1 <= pair[0] <= 0xA3):
            good += 1
        elif len(pair) == 2 and 0xD8 <= pair[0] <= 0xF7 and pair[1] >= 0xA1:
            good += 0.3
        elif character == "\ufffd":
            good -= 2
    return good / len(decoded)


def _traditional(text: bytes) -> float:
    """How much of the text is common traditional Chinese: the frequent characters of Big5 and its punctuation, 0 to 1."""
    decoded = [c for c in text.decode("big5", errors="replace") if not c.isascii()]
    leads = [character.encode("big5", errors="replace")[0] for character in decoded if character != "\ufffd"]
    return (sum(0xA1 <= lead <= 0xC6 for lead in leads) - 2 * (len(decoded) - len(leads))) / len(decoded) * 0.98 if decoded else 0.0


def _cyrillic(text: bytes) -> float:
    """How much of the text is well-formed Cyrillic words, 0 to 1: one case after the first letter, no signs inside.

    A text of fewer than eight such letters weighs a little less: ``日期`` happens to be the capitals ``ИХЖЪ``.
    """
    decoded = text.decode("cp1251", errors="replace")
    high = sum(not c.isascii() for c in decoded)
    runs = [run for run in re.findall(r"[A-Za-z\x80-\U0010ffff]+", re.sub(r"[’'ʼ«»№–—…“”₴]", " ", decoded)) if not run.isascii()]
    vowels = re.compile(r"[аеиоуіїєяюыэё]", re.IGNORECASE)
    good = sum(len(run) for run in runs if _CYRILLIC_WORD.fullmatch(run) and (len(run) < 4 or vowels.search(run)))
    return good / high * min(1.0, 0.9 + high / 80) if high else 0.0


def _western(text: bytes) -> float:
    """How much of the text is accented Latin: letters standing among ASCII letters, and common signs, 0 to 1."""
    decoded = text.decode("cp1252", errors="replace")
    high = [i for i, c in enumerate(decoded) if not c.isascii()]
    if not high:
        return 0.0
    good = 0
    for i in high:
        around = decoded[max(i - 1, 0) : i] + decoded[i + 1 : i + 2]
        good += decoded[i] in _LATIN_SIGNS or (decoded[i] in _LATIN_LETTERS and any(c.isascii() and c.isalpha() for c in around))
    return 0.95 * good / len(high)


_SCORES: Final[tuple[tuple[str, Callable[[bytes], float]], ...]] = (("cp1251", _cyrillic), ("gb18030", _chinese), ("big5", _traditional), ("cp1252", _western))
