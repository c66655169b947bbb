"""The file system inside an old workbook: whether its chains of sectors end. The workbook reader follows one that bites its own tail until memory ends."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = struct.Struct("<30xH28xiIiI109i")
"""Of the first 512 bytes: the exponent of the sector size; where the table of small sectors and the list of further tables start; the first 109 tables."""


def runs_in_circles(path: Path) -> bool:
    """Whether a compound file is one in which some chain of sectors never ends."""
    with path.open("rb") as file:
        data = MARK + file.read() if file.read(len(MARK)) == MARK else b""
    if len(data) < _HEADER.size:
        return False
    exponent, small, _, further, _, *tables = _HEADER.unpack_from(data)
    if not 7 <= exponent <= 12:
        return True
    size = 1 << exponent

    def sector(number: int) -> tuple[int, ...]:
        piece = data[(number + 1) * size : (number + 2) * size]
        return struct.unpack(f"<{len(piece) // 4}i", piece[: len(piece) // 4 * 4])

    seen: set[int] = set()
    while further >= 0 and further not in seen and (piece := sector(further)):
        seen.add(further)
        tables += piece[:-1]
        further = piece[-1]
    following = [entry for table in tables if table >= 0 for entry in sector(table)]
    if further in seen or _has_circle(following):
        return True
    entries: list[int] = []
    while 0 <= small < len(following):
        entries += sector(small)
        small = following[small]
    return _has_circle(entries)


def _has_circle(following: Sequence[int]) -> bool:
    """Whether going from number to number ever comes back to where it was: ``following[i]`` is the one after ``i``, outside the list is the end."""
    visited = [0] * len(following)
    for start in range(len(following)):
        at = start
        while 0 <= at < len(following) and not visited[at]:
            visited[at] = start + 1
            at = following[at]
        if 0 <= at < len(following) and visited[at] == start + 1:
            return True
    return False
