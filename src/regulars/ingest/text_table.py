"""Text files as rows of cells: decoded and split as a stream, so that memory stays small whatever the size."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from regulars.errors import error
from regulars.ingest.content import Row

LOOKED_AT: Final = 1_000_000
"""Bytes read to recognise encoding and delimiter."""
LONGEST_CELL: Final = 4_000_000
LONGEST_LINE: Final = 16_000_000
"""Characters of one line; no table of orders has such lines, and one of them must not fill the memory."""
_DELIMITERS: Final = ("\t", ";", "|", "^", "¦", "；", "，")
_COMMA_MARGIN: Final = 0.1
"""A comma must divide the rows this much more evenly than another sign, or into more cells, because it also divides ``12,50``."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """How a text file is to be read: its encoding and delimiter, and whether quotes mean anything."""

    path: Path
    shown: str
    encoding: str
    delimiter: str
    quoted: bool = True

    def rows(self) -> Iterator[Row]:
        """Every row of the file with its number, cells as written; blank rows come as empty lists."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as text:
            yield from enumerate(split(text, self), start=1)


def open_text(path: Path, shown: str, encoding: str, head: str, *, whole: bool) -> TextTable:
    """Recognise how a text is divided from its head (``whole``: it is all there is). Errors ``file_empty``, ``line_too_long``."""
    if not head.strip():
        raise error("file_empty", path=shown, found="0 rows")
    if not whole:
        head = head[: max(head.rfind("\n"), 1)]
    return TextTable(path, shown, encoding, _delimiter(head))


def alone(line: str, table: TextTable) -> int:
    """The number of cells of a line that is a row by itself; 0 if it is none, or may not be."""
    row = _next(_reader(iter([line]), table, quoted=True)) if line.count('"') % 2 == 0 else None
    return len(row or ())


def _reader(lines: Iterator[str], table: TextTable, *, quoted: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=table.delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        skipinitialspace=table.delimiter == " ",
    )


def split(text: TextIO, table: TextTable) -> Iterator[list[str]]:
    """Rows of cells of a text opened with ``newline=""``. Where a quote was never closed and so swallowed whole lines, those lines are read again one by one.

    Zero characters, which some tills leave at the end of a file, are dropped.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = iter(partial(text.readline, LONGEST_LINE), "")
    taken: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            if len(line) == LONGEST_LINE:
                raise error("line_too_long", path=table.shown, limit=LONGEST_LINE)
            if taken or '"' in line:
                taken.append(line)
            yield line.replace("\0", "") if "\0" in line else line

    reader = _reader(remembered(), table, quoted=table.quoted)
    usual = 0
    while True:
        row = _next(reader)
        if row is None and not taken:
            return
        if row is None or (len(taken) > 1 and usual > 1 and _swallowed(taken, row, usual, table)):
            for line in taken:
                yield next(_reader(iter([line]), table, quoted=False), [])
            reader = _reader(remembered(), table, quoted=table.quoted)
        else:
            yield row
            usual = len(row)
        if taken:
            taken.clear()


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """The reader's next row; None at the end, or where it gave up."""
    try:
        return next(reader, None)
    except csv.Error:
        return None


def _swallowed(taken: list[str], row: list[str], usual: int, table: TextTable) -> bool:
    """Whether the lines of one row look like several rows: most of them have the usual number of cells on their own.

    The last line of a proper row may look like that by chance, so it does not count if the row as a whole is well-formed.
    """
    inner = taken[1:-1] if len(row) == usual else taken[1:]
    alone = [len(next(_reader(iter([line]), table, quoted=False), [])) for line in inner[:50]]
    return sum(n == usual for n in alone) * 2 > len(alone)


def _delimiter(text: str) -> str:
    """The delimiter under which most rows have the same number of cells, more than one."""
    first = text.split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    found = {delimiter: _evenness(text[:200_000], delimiter) for delimiter in (*_DELIMITERS, ",", " ")}
    best = max(_DELIMITERS, key=lambda delimiter: found[delimiter])
    (share, cells), (comma_share, comma_cells) = found[best], found[","]
    if comma_share > share + _COMMA_MARGIN or (comma_share > 0.9 * share and comma_cells > cells + 1) or share == 0:
        best = ","
    rows_of_figures = found[" "][0] == 1.0 and found[" "][1] > 2
    return " " if rows_of_figures and found[best][0] < 0.5 else best


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Share of the rows that have the commonest number of cells, and that number; nothing if it is one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter == " ")
    rows = [row for row in itertools.islice(iter(lambda: _next(reader), None), 2000) if row]
    counts = Counter(len(row) for row in rows)
    counts.pop(1, None)
    if not counts:
        return 0.0, 0
    cells, often = max(counts.items(), key=lambda item: (item[1], item[0]))
    return often / len(rows), cells
