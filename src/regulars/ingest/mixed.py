"""Texts pasted together from files in different letters: the encoding ``utf_8_or_cp1251`` reads a line as UTF-8 if it is that, else by the code page."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Buffer

_PREFIX: Final = "utf_8_or_"
_WORD: Final = re.compile(r"[\u0400-\u04ff]{3}|[\u4e00-\u9fff]{2}|[a-z][\u00c0-\u017f][a-z]")
"""What a line in UTF-8 holds; a code page looks like UTF-8 by chance in single letters only."""
_SHARE: Final = 0.1
_LONGEST: Final = 1 << 20


def mixed_with(code_page: str) -> str:
    """The encoding of a text whose lines are of UTF-8 or of a code page."""
    return _PREFIX + code_page


def other_lines(lines: Sequence[bytes]) -> list[bytes]:
    """The lines that are not UTF-8, if they and those that surely are each make up a tenth of a text; else none."""
    others, surely = [], 0
    for line in lines:
        try:
            surely += _WORD.search(line.decode()) is not None
        except UnicodeDecodeError:
            others.append(line)
    return others if min(len(others), surely) >= max(2, _SHARE * len(lines)) else []


def _search(name: str) -> codecs.CodecInfo | None:
    """The codec of such an encoding, by its name."""
    if not name.startswith(_PREFIX):
        return None
    code_page = name.removeprefix(_PREFIX)

    def line_of(line: bytes, errors: str) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            return line.decode(code_page, errors)

    def decode(given: Buffer, errors: str = "strict", /) -> tuple[str, int]:
        text = bytes(given)
        return "".join(line_of(line, errors) for line in text.splitlines(keepends=True)), len(text)

    class Lines(codecs.BufferedIncrementalDecoder):
        """Whole lines as soon as they are there, so that memory stays small."""

        def _buffer_decode(self, input: Buffer, errors: str, final: bool) -> tuple[str, int]:  # noqa: A002  the name that it has above
            text = bytes(input)
            end = len(text) if final or len(text) > _LONGEST else text.rfind(b"\n") + 1
            return decode(text[:end], errors)

    return codecs.CodecInfo(codecs.utf_8_encode, decode, incrementaldecoder=Lines, name=name)


codecs.register(_search)
