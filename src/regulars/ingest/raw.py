"""The rows of a sheet as text, in a Parquet file beside the result: what conversion and rejection both start from."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.errors import N_
from regulars.ingest.header import filled
from regulars.ingest.read import Cells, Sheet
from regulars.progress import Progress

READING: Final = N_("Reading rows")
_BATCH: Final = 50_000
_JUDGED_BY: Final = 1_000
_FEW: Final = 20
_USUAL: Final = 0.2


def write_raw(sheet: Sheet, path: Path, progress: Progress) -> int:
    """Write every data row: ``source_row``, its cells ``c0`` … as text, and ``defect`` with the ``whole`` row as JSON if it is malformed.

    Returns the number of rows. Memory holds one batch at a time.
    """
    width = len(sheet.columns)
    padded = _short_is_usual(sheet)
    schema = pa.schema([("source_row", pa.int64()), ("defect", pa.string()), ("whole", pa.string()), *((f"c{i}", pa.string()) for i in range(width))])
    done = 0
    with pq.ParquetWriter(path, schema, compression="snappy") as writer:
        numbers: list[int] = []
        rows: list[Cells] = []
        defects: dict[int, tuple[str, str]] = {}
        for number, cells in sheet.rows():
            defect = _defect(cells, sheet, padded=padded)
            if defect:
                defects[len(rows)] = (defect, _whole(cells, sheet))
            if len(cells) != width:
                cells = (*cells[:width], *[None] * (width - len(cells)))
            numbers.append(number)
            rows.append(cells)
            if len(rows) == _BATCH:
                writer.write_batch(_batch(numbers, rows, defects, schema))
                done += len(rows)
                progress(READING, done, 0)
                numbers, rows, defects = [], [], {}
        if rows:
            writer.write_batch(_batch(numbers, rows, defects, schema))
    progress(READING, done + len(rows), done + len(rows))
    return done + len(rows)


def _batch(numbers: Sequence[int], rows: Sequence[Cells], defects: dict[int, tuple[str, str]], schema: pa.Schema) -> pa.RecordBatch:
    nothing = (None, None)
    judged = [defects.get(i, nothing) for i in range(len(rows))] if defects else [nothing] * len(rows)
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.record_batch([pa.array(numbers, pa.int64()), *(pa.array([j[k] for j in judged], pa.string()) for k in (0, 1)), *columns], schema=schema)


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
