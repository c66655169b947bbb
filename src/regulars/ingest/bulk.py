"""A piece of text read by DuckDB's own CSV reader, and the proof that it reads what our reader (``text_table.split``) would.

The proof: there are as many rows as lines, so no cell holds a line break and no quote was lost; and no byte is lost, every one being
text of a cell, a delimiter, the end of a line, or a quote. A piece that does not pass is left to our reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import Connection, Failure, literal
from regulars.ingest.pieces import Piece
from regulars.ingest.text_table import TextTable

Numbered = tuple[int, tuple[str | None, ...]]
_WHITE: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_LEAST_BUFFER: Final = 4 * 1024**2
_NOTHING: Final = "\x1fno cell\x1f"
"""What would have to stand in a cell to be taken for one that is not there; an empty cell is one that is there."""
_QUOTED_TWICE: Final = re.compile(rb'" +"')
"""A quote after a closed quote and blanks, which DuckDB takes for part of the cell's end."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read of a piece: ``file`` holds cells ``c0`` … in the order of the text; ``rows`` of them.

    ``doubtful`` are rows, with their place from 0, that may be blank, too short, too long, or the header again: one cell more than
    there are columns, and None where the row had ended.
    """

    file: Path
    rows: int
    doubtful: tuple[Numbered, ...]


def can_scan(table: TextTable) -> bool:
    """Whether DuckDB divides a text as we do: by one sign, which is no blank."""
    return table.quoted and table.delimiter.isascii() and table.delimiter not in {" ", '"'}


def scan(connection: Connection, piece: Piece, table: TextTable, columns: Sequence[str], place: Path, *, short: bool) -> Scan | None:
    """Read a piece into ``place``; None if DuckDB cannot, or not as we would. ``short``: rows that end early are doubtful."""
    text = piece.in_utf8()
    found = _scanned(connection, text, table, columns, place, short=short)
    if found is None and (mended := _spaced(piece.in_utf8(mended=True))) != text:
        found = _scanned(connection, mended, table, columns, place, short=short)
    return found


def _spaced(text: bytes) -> bytes:
    """The text with a blank in every empty line: DuckDB does not count lines that hold nothing."""
    end = b"\r\n" if b"\r\n" in text else b"\n"
    for _ in range(2):
        text = text.replace(end + end, end + b" " + end)
    return b" " + text if text.startswith(end) else text


def _scanned(connection: Connection, text: bytes, table: TextTable, columns: Sequence[str], place: Path, *, short: bool) -> Scan | None:
    if b'" ' in text and _QUOTED_TWICE.search(text):
        return None
    written, read = place.with_suffix(".csv"), place.with_suffix(".parquet")
    written.write_bytes(text)
    cells = [f"c{i}" for i in range(len(columns) + 1)]
    try:
        connection.execute(
            f"""COPY (SELECT * FROM read_csv({literal(written)}, auto_detect = false, header = false, delim = {literal(table.delimiter)}, quote = '"',
            escape = '"', null_padding = true, nullstr = {literal(_NOTHING)}, buffer_size = {max(len(text), _LEAST_BUFFER)},
            columns = {{{", ".join(f"'{cell}': 'VARCHAR'" for cell in cells)}}})) TO {literal(read)} (FORMAT parquet)"""
        )
        return _proved(connection, text, read, cells, _doubt(columns, short=short))
    except Failure:
        return None
    finally:
        written.unlink()


def _proved(connection: Connection, text: bytes, read: Path, cells: Sequence[str], doubt: str) -> Scan | None:
    """What was read, if no line and no byte of the text is missing from it: cells and what stood between them, ends of lines, quotes that are in no cell."""
    quotes = text.count(b'"')
    kept = [f"coalesce(sum(strlen({c})), 0) + count({c})" for c in cells]
    if quotes:
        kept += [f"""coalesce(sum(CASE WHEN contains({c}, '"') THEN strlen(replace({c}, '"', '')) - strlen({c}) END), 0)""" for c in cells]
    rows, bytes_ = connection.execute(f"SELECT count(*), {' + '.join(kept)} FROM read_parquet({literal(read)})").fetchall()[0]
    ends, lines = _line_ends(text)
    if rows != lines or bytes_ - rows + ends + quotes != len(text):
        return None
    doubtful = connection.execute(f"SELECT file_row_number, {', '.join(cells)} FROM read_parquet({literal(read)}) WHERE {doubt} ORDER BY 1").fetchall()
    return Scan(read, rows, tuple((number, tuple(row)) for number, *row in doubtful))


def _line_ends(text: bytes) -> tuple[int, int]:
    """Bytes that end lines, and lines."""
    feeds, returns = text.count(b"\n"), text.count(b"\r") if b"\r" in text else 0
    both = text.count(b"\r\n") if returns else 0
    return feeds + returns, feeds + returns - both + (not text.endswith((b"\n", b"\r")))


def _doubt(columns: Sequence[str], *, short: bool) -> str:
    """The SQL of a row that has to be looked at."""
    beyond, last = f"c{len(columns)}", f"c{len(columns) - 1}"
    white = literal(_WHITE)
    blank = " AND ".join(f"coalesce(trim(c{i}, {white}) = '', TRUE)" for i in range(len(columns)))
    name = literal(columns[0])
    cases = [f"CASE WHEN ascii(c0) BETWEEN 33 AND 126 THEN FALSE ELSE {blank} END", f"{beyond} <> ''", *([f"{last} IS NULL"] if short else [])]
    return " OR ".join([*cases, f"CASE WHEN contains(c0, {name}) THEN trim(c0, {white}) = {name} ELSE FALSE END"])
