"""The rows of a sheet as text, in Parquet files: what conversion and rejection both start from."""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.engines.duckdb import Connection, literal, scratch
from regulars.errors import N_
from regulars.ingest.bulk import Scan, can_scan, scan
from regulars.ingest.header import filled
from regulars.ingest.pieces import Piece, pieces
from regulars.ingest.prepared import Raw
from regulars.ingest.read import Cells, Sheet
from regulars.ingest.text_table import TextTable, split
from regulars.progress import Progress

READING: Final = N_("Reading rows")
LARGE: Final = 8 * 1024**2
"""Bytes of a text from which it is read as a whole before it is looked at more than once."""
_BATCH: Final = 50_000
_JUDGED_BY: Final = 1_000
_FEW: Final = 20
_USUAL: Final = 0.2
_BLANK: Final = "blank"
_DEFECTS: Final = pa.schema([("source_row", pa.int64()), ("defect", pa.string()), ("whole", pa.string())])


def prepared(sheet: Sheet, progress: Progress) -> Sheet:
    """The sheet; a large text is read now, into its room, so that whatever looks at it later need not read it again."""
    if sheet.prepared or sheet.room is None or sheet.text is None or sheet.text.path.stat().st_size < LARGE:
        return sheet
    with sheet.room.writing():
        return replace(sheet, prepared=write_raw(sheet, sheet.room.place(), progress))


def write_raw(sheet: Sheet, place: Path, progress: Progress) -> Raw:
    """Write every data row into files in the folder ``place``, which is made. Memory holds a few pieces of a text, or one batch of rows, at a time."""
    if sheet.prepared is not None:
        return sheet.prepared
    place.mkdir()
    with _Writing(sheet, place) as writing:
        if sheet.text is not None and can_scan(sheet.text):
            _read_pieces(sheet.text, writing, progress)
        else:
            writing.write(sheet.rows(), lambda rows: progress(READING, rows, 0))
    progress(READING, writing.rows, writing.rows)
    return writing.raw()


def _read_pieces(table: TextTable, writing: _Writing, progress: Progress) -> None:
    """Read a text piece by piece, several at a time; they are put one behind the other as they come in the file."""
    size = max(table.path.stat().st_size, 1)

    def finish(piece: Piece, scanned: Scan | None) -> None:
        if scanned is None:
            writing.write_piece(split(TextIOWrapper(BytesIO(piece.in_utf8()), "utf-8", "replace", newline=""), table))
        else:
            writing.take(scanned)
        progress(READING, writing.rows, max(writing.rows * size // max(piece.read, 1), writing.rows))

    with scratch() as connection:
        connection.execute(f"SET temp_directory = {literal(writing.place)}")
        workers = int(connection.execute("SELECT current_setting('threads')").fetchall()[0][0])
        waiting: deque[tuple[Piece, Future[Scan | None]]] = deque()
        with ThreadPoolExecutor(workers) as pool:
            try:
                for number, piece in enumerate(writing.without_header(pieces(table))):
                    waiting.append((piece, pool.submit(writing.scan, connection.cursor(), piece, table, number)))
                    if len(waiting) > workers:
                        _finish_first(waiting, finish)
                while waiting:
                    _finish_first(waiting, finish)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def _finish_first(waiting: deque[tuple[Piece, Future[Scan | None]]], finish: Callable[[Piece, Scan | None], None]) -> None:
    piece, scanned = waiting.popleft()
    finish(piece, scanned.result())


class _Writing:
    """The files of one sheet while they are written: pieces that DuckDB read, whose rows are numbered by their place, rows with numbers of
    their own, and the defects of both.
    """

    def __init__(self, sheet: Sheet, place: Path) -> None:
        self.sheet, self.place = sheet, place
        self.rows = 0
        self._number = sheet.header_row
        self._padded = _short_is_usual(sheet)
        self._pieces: list[tuple[Path, int]] = []
        self._schema = pa.schema([("source_row", pa.int64()), *((f"c{i}", pa.string()) for i in range(len(sheet.columns)))])
        self._own: pq.ParquetWriter | None = None
        self._defects: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for writer in (self._own, self._defects):
            if writer is not None:
                writer.close()

    def without_header(self, found: Iterator[Piece]) -> Iterator[Piece]:
        """The pieces from the first row below the header on."""
        first = next(found, None)
        if first is not None and self.sheet.text is not None:
            text = TextIOWrapper(BytesIO(first.in_utf8()), "utf-8", "replace", newline="")
            rows = split(text, self.sheet.text)
            for _ in range(self.sheet.header_row):
                next(rows, None)
            yield Piece(text.read().encode(), "utf-8", first.read) if self.sheet.header_row else first
        yield from found

    def scan(self, connection: Connection, piece: Piece, table: TextTable, number: int) -> Scan | None:
        with connection:
            return scan(connection, piece, table, self.sheet.columns, self.place / f"piece-{number:06d}", short=not self._padded)

    def take(self, scanned: Scan) -> None:
        """Put a piece behind what there is."""
        base = self._number
        self._pieces.append((scanned.file, base))
        self._number += scanned.rows
        self.rows += scanned.rows
        self._judge((base + place + 1, _as_long_as_it_is(cells)) for place, cells in scanned.doubtful)

    def write_piece(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Put the rows of a piece, blank ones too, behind what there is."""
        self.write(self._numbered(rows), lambda _: None)

    def _numbered(self, rows: Iterable[Sequence[str | None]]) -> Iterator[tuple[int, Cells]]:
        for cells in rows:
            self._number += 1
            if any(cell and not cell.isspace() for cell in cells):
                yield self._number, tuple(cells)

    def write(self, rows: Iterator[tuple[int, Cells]], told: Callable[[int], None]) -> None:
        """Write rows that carry their numbers."""
        width = len(self.sheet.columns)
        self._own = self._own or pq.ParquetWriter(self.place / "rows.parquet", self._schema, compression="snappy")
        while some := list(itertools.islice(rows, _BATCH)):
            self.rows += len(some)
            self._judge((number, cells) for number, cells in some if len(cells) != width or (cells[0] or "").strip() == self.sheet.columns[0])
            columns = zip(*(cells if len(cells) == width else (*cells[:width], *[None] * (width - len(cells))) for _, cells in some), strict=True)
            numbers = pa.array([number for number, _ in some], pa.int64())
            self._own.write_batch(pa.record_batch([numbers, *(pa.array(column, pa.string()) for column in columns)], schema=self._schema))
            told(self.rows)

    def _judge(self, rows: Iterable[tuple[int, Cells]]) -> None:
        """Write down which of the rows are malformed, or blank and so none."""
        found: list[tuple[int, str, str | None]] = []
        for number, cells in rows:
            if not any(cell and not cell.isspace() for cell in cells):
                found.append((number, _BLANK, None))
                self.rows -= 1
            elif defect := _defect(cells, self.sheet, padded=self._padded):
                found.append((number, defect, _whole(cells, self.sheet)))
        if found:
            self._defects = self._defects or pq.ParquetWriter(self.place / "defects.parquet", _DEFECTS, compression="snappy")
            self._defects.write_batch(pa.record_batch([pa.array(column) for column in zip(*found, strict=True)], schema=_DEFECTS))

    def raw(self) -> Raw:
        """What was written."""
        cells = ", ".join(f"c{i}" for i in range(len(self.sheet.columns)))
        parts = []
        if self._pieces:
            files, bases = ", ".join(literal(file) for file, _ in self._pieces), ", ".join(str(base + 1) for _, base in self._pieces)
            parts.append(f"SELECT ([{bases}]::BIGINT[])[file_index::BIGINT + 1] + file_row_number AS source_row, {cells} FROM read_parquet([{files}])")
        if self._own is not None:
            parts.append(f"SELECT source_row, {cells} FROM read_parquet({literal(self.place / 'rows.parquet')})")
        rows = " UNION ALL ".join(parts) or f"SELECT 0 AS source_row, {', '.join(f'NULL AS c{i}' for i in range(len(self.sheet.columns)))} WHERE FALSE"
        if self._defects is None:
            return Raw(f"SELECT source_row, NULL::VARCHAR AS defect, NULL::VARCHAR AS whole, {cells} FROM ({rows})", self.rows)
        defects = f"LEFT JOIN read_parquet({literal(self.place / 'defects.parquet')}) USING (source_row)"
        return Raw(f"SELECT source_row, defect, whole, {cells} FROM ({rows}) {defects} WHERE defect IS DISTINCT FROM '{_BLANK}'", self.rows)


def _as_long_as_it_is(cells: Cells) -> Cells:
    """A row without the cells behind its end."""
    return cells[: max((i for i, cell in enumerate(cells, start=1) if cell is not None), default=0)]


def _defect(cells: Cells, sheet: Sheet, *, padded: bool) -> str | None:
    """Why a row is malformed, as a reason key; None if it is not."""
    width = len(sheet.columns)
    if len(cells) > width and filled(cells[width:]):
        return "cells_too_many"
    if len(cells) < width and not padded:
        return "cells_too_few"
    first = cells[0]
    if first is not None and sheet.header_row and first.strip() == sheet.columns[0] and _repeats_header(cells, sheet):
        return "header_repeated"
    return None


def _short_is_usual(sheet: Sheet) -> bool:
    """Whether the writer leaves out empty cells at the end of a row: many of the first rows are short."""
    first = [len(cells) < len(sheet.columns) for _, cells in itertools.islice(sheet.rows(), _JUDGED_BY)]
    return len(first) > _FEW and sum(first) > _USUAL * len(first)


def _repeats_header(cells: Cells, sheet: Sheet) -> bool:
    same = sum(" ".join((cell or "").split()) == column for cell, column in zip(cells, sheet.columns, strict=False))
    return same >= 0.8 * len(sheet.columns)


def _whole(cells: Cells, sheet: Sheet) -> str:
    """The row as JSON by column names; what stands beyond the last column comes as a list under ``+``."""
    named: dict[str, object] = dict(zip(sheet.columns, cells, strict=False))
    if len(cells) > len(sheet.columns):
        named["+"] = list(cells[len(sheet.columns) :])
    return json.dumps(named, ensure_ascii=False)
