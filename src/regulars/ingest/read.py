"""Opening a file somebody gave us: its kind, letters, delimiter and sheets, each sheet ready to be read row by row.

Nothing is interpreted here; a cell is the text as written. The file itself is never changed.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from regulars.errors import RegularsError, did_you_mean, error
from regulars.ingest.header import SEARCHED, filled, find_header, is_datum
from regulars.ingest.text_table import LOOKED_AT, Row, open_text
from regulars.ingest.workbook import SIGNATURES, open_workbook

Cells = tuple[str | None, ...]
_BLOCK: Final = 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. ``header_row`` is the header's row number in the file, 0 if the table has none."""

    path: Path
    name: str
    columns: tuple[str, ...]
    header_row: int
    raw_rows: Callable[[], Iterator[Row]] = field(repr=False, compare=False)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The data rows from the first to the last: row number in the file and cells as written (empty: None or "").

        Blank rows are left out. A row may hold fewer or more cells than there are columns; that is for the caller to judge.
        """
        for number, cells in itertools.dropwhile(lambda row: row[0] <= self.header_row, self.raw_rows()):
            if any(cell and not cell.isspace() for cell in cells):
                yield number, tuple(cells)

    def sample(self, size: int) -> list[tuple[int, Cells]]:
        """About ``size`` rows (at most): the first quarter of them in a row, the rest in blocks spread over the whole sheet."""
        return spread(self.rows(), size)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: its kind, letters, delimiter, tables, SHA-256 and size in bytes."""

    path: Path
    kind: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    fingerprint: str
    size: int


def open_source(path: Path) -> Source:
    """Open a CSV (also packed as .gz) or Excel file (.xlsx, .xlsm, .xlsb, .xls, .ods), by its content, not by its ending.

    Errors: ``file_missing``, ``file_kind_unknown``, ``file_empty``, ``file_damaged``.
    """
    if not path.is_file():
        raise error("file_missing", path=str(path), near=_near(path))
    try:
        with path.open("rb") as file:
            start = file.read(LOOKED_AT)
            file.seek(0)
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as reason:
        raise error("file_damaged", path=str(path), found=reason.strerror or str(reason)) from reason
    if not start:
        raise error("file_empty", path=str(path), found="0 bytes")
    if start.startswith(SIGNATURES):
        return Source(path, "xlsx", "", "", _sheets_of_workbook(path, start), fingerprint, path.stat().st_size)
    table = open_text(path, start)
    try:
        sheet = _sheet(path, "", table.rows)
    except (OSError, EOFError) as reason:
        raise error("file_damaged", path=str(path), found=str(reason)) from reason
    if sheet is None:
        raise error("file_empty", path=str(path), found="only a header")
    return Source(path, "csv", table.encoding, table.delimiter, (sheet,), fingerprint, path.stat().st_size)


def spread(rows: Iterable[tuple[int, Cells]], size: int) -> list[tuple[int, Cells]]:
    """At most ``size`` rows: the first quarter, then whole blocks of neighbouring rows at even distances."""
    stream = iter(rows)
    head = list(itertools.islice(stream, max(size // 4, 1)))
    kept: list[tuple[int, tuple[int, Cells]]] = []
    stride = 1
    for index, row in enumerate(stream):
        block = index // _BLOCK
        if block % stride == 0:
            kept.append((block, row))
            if len(kept) > size - len(head):
                stride *= 2
                kept = [entry for entry in kept if entry[0] % stride == 0][: size - len(head)]
    return head + [row for _, row in kept]


def _sheets_of_workbook(path: Path, start: bytes) -> tuple[Sheet, ...]:
    """The tables of a workbook; empty sheets and sheets of one column, which hold only notes, are left out."""
    try:
        opened = open_workbook(path)
    except RegularsError as problem:
        if start.startswith(b"PK") and b"xl/" not in start and b"[Content_Types]" not in start and b"mimetype" not in start:
            raise error("file_kind_unknown", path=str(path), found="ZIP") from problem
        raise
    sheets = tuple(sheet for name, rows in opened if (sheet := _sheet(path, name, rows)) is not None and len(sheet.columns) > 1)
    if not sheets:
        raise error("file_empty", path=str(path), found=", ".join(name for name, _ in opened))
    return sheets


def _sheet(path: Path, name: str, raw_rows: Callable[[], Iterator[Row]]) -> Sheet | None:
    """The table of a sheet, or None if there are no rows below its header."""
    first = [row for row in itertools.islice(raw_rows(), SEARCHED) if filled(row[1])]
    if not first:
        return None
    header_row, columns = find_header(first)
    sheet = Sheet(path, name, columns, header_row, raw_rows)
    if header_row == 0 and len(first) == 1 and not any(map(is_datum, filled(first[0][1]))):
        return None
    return sheet if next(sheet.rows(), None) is not None else None


def _near(path: Path) -> str:
    """What the folder holds that the person may have meant."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        names = []
    return did_you_mean(path.name, names[:200])
