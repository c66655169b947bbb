"""A large text in pieces that can be read apart: each ends between two rows that surely are rows, so that no cell is torn."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from regulars.ingest.text_table import LONGEST_LINE, TextTable, alone

SIZE: Final = 16 * 1024**2
"""Bytes of a piece, about."""
_PATIENCE: Final = 8
"""Pieces' worth of text in which a place to cut is looked for before any end of line is taken."""
_WINDOW: Final = 64 * 1024
_RUN: Final = 10
"""Lines in a row that all stand alone with the same number of cells; a piece ends in the middle of them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a text: its bytes, their encoding, and how many bytes of the file were read up to its end."""

    text: bytes
    encoding: str
    read: int

    def in_utf8(self, *, mended: bool = False) -> bytes:
        """The text in UTF-8, without zero characters; ``mended``: valid even where the file is not."""
        text = self.text if self.encoding == "utf-8" and not mended else self.text.decode(self.encoding, errors="replace").encode()
        return text.replace(b"\0", b"") if b"\0" in text else text


def pieces(table: TextTable) -> Iterator[Piece]:
    """The text from its first to its last byte, without a byte order mark."""
    blocks, encoding = (_decoded(table), "utf-8") if table.encoding.startswith("utf-16") else (_as_they_are(table), table.encoding.removesuffix("-sig"))
    held, read = b"", 0
    for block, read in blocks:
        held += block
        if len(held) >= SIZE and (end := _end(held, encoding, table)):
            yield Piece(held[:end], encoding, read)
            held = held[end:]
    if held:
        yield Piece(held, encoding, read)


def _as_they_are(table: TextTable) -> Iterator[tuple[bytes, int]]:
    with table.path.open("rb") as file:
        if table.encoding == "utf-8-sig":
            file.seek(len(codecs.BOM_UTF8))
        while block := file.read(SIZE):
            yield block, file.tell()


def _decoded(table: TextTable) -> Iterator[tuple[bytes, int]]:
    """Two bytes a letter, brought into UTF-8."""
    decoder = codecs.getincrementaldecoder(table.encoding)(errors="replace")
    with table.path.open("rb") as file:
        while block := file.read(SIZE):
            yield decoder.decode(block).encode(errors="replace"), file.tell()
        yield decoder.decode(b"", final=True).encode(errors="replace"), file.tell()


def _end(held: bytes, encoding: str, table: TextTable) -> int:
    """Where the piece may end; 0 if more must be read to tell."""
    for size in (_WINDOW, len(held)):
        if end := _between_rows(held, len(held) - size, encoding, table):
            return end
    if len(held) < _PATIENCE * max(SIZE, LONGEST_LINE):
        return 0
    return max(held.rfind(b"\n"), held.rfind(b"\r")) + 1 or len(held)


def _between_rows(held: bytes, start: int, encoding: str, table: TextTable) -> int:
    """The last place after ``start`` (in bytes) with plain rows on both sides; 0 if there is none."""
    start = max(start, 0)
    mark = b"\n" if held.find(b"\n", start) >= 0 else b"\r"
    *lines, rest = held[start:].split(mark)
    end, run, usual, middle = len(held) - len(rest), 0, 0, 0
    for line in reversed(lines[1:]):
        cells = alone(line.decode(encoding, errors="replace"), table)
        run = run + 1 if cells == usual and cells else min(cells, 1)
        usual = cells
        if run == _RUN // 2:
            middle = end - len(line) - len(mark)
        if run == _RUN:
            return middle
        end -= len(line) + len(mark)
    return 0
