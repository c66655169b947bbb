"""Opening a file somebody gave us: its kind, letters, delimiter and sheets, each sheet ready to be read row by row.

Nothing is interpreted here; a cell is the text as written. The file itself is never changed.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from regulars.errors import N_, Words, did_you_mean, error
from regulars.ingest.amended import amended
from regulars.ingest.content import Content, Kind, Room, Row, Table, check_width
from regulars.ingest.database import Address, is_address, open_server, open_sqlite, parse_address
from regulars.ingest.header import SEARCHED, filled, find_header, is_datum, names
from regulars.ingest.mended import unmarked
from regulars.ingest.months import melted
from regulars.ingest.opening import open_content
from regulars.ingest.prepared import BLOCK, Raw
from regulars.ingest.reasons import Note
from regulars.ingest.text_table import TextTable

Cells = tuple[str | None, ...]
_OF_ONE_COLUMN: Final = frozenset({"csv", "parquet", "json"})
ONLY_HEADER: Final = N_("only a header")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. ``header_row`` is the header's row number in the file, 0 if the table has none."""

    path: Path | str
    name: str
    columns: tuple[str, ...]
    header_row: int
    raw_rows: Callable[[], Iterator[Row]] = field(repr=False, compare=False)
    room: Room | None = field(default=None, repr=False, compare=False)
    """Where its unpacked copy stands, as long as the sheet is held."""
    prepared: Raw | None = field(default=None, repr=False, compare=False)
    """Its rows as ``raw.write_raw`` would write them, where they stand so already, as those of joined tables and large texts do."""
    text: TextTable | None = field(default=None, repr=False, compare=False)
    """What ``raw_rows`` reads, if it is a plain text."""
    marks: Callable[[], Iterator[tuple[int, str]]] | None = field(default=None, repr=False, compare=False)
    """Of mended rows that were given back: where each comes from."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The data rows from the first to the last: row number in the file and cells as written (empty: None or "").

        Blank rows are left out. A row may hold fewer or more cells than there are columns; that is for the caller to judge.
        """
        for number, cells in itertools.dropwhile(lambda row: row[0] <= self.header_row, self.raw_rows()):
            if (cells and cells[0] and not cells[0].isspace()) or any(cell and not cell.isspace() for cell in cells):
                yield number, tuple(cells)

    def sample(self, size: int) -> list[tuple[int, Cells]]:
        """About ``size`` rows (at most): the first quarter of them in a row, the rest in blocks spread over the whole sheet."""
        return self.prepared.sample(size, len(self.columns)) if self.prepared else spread(self.rows(), size)


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be read: its kind, letters, delimiter, tables, SHA-256, size in bytes, and what a person should know about it."""

    path: Path | str
    kind: Kind
    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    fingerprint: str
    size: int
    notes: tuple[Note, ...] = ()


def open_source(path: Path | str) -> Source:
    """Open a file by its content, not by its ending, or a table of a database by its address.

    Read are text (CSV, TSV …), workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods), pages saved as workbooks, Parquet, JSON (a list,
    lines, a list in an object), SQLite, all of them also packed as .gz or .zip; addresses as in ``database``.

    Errors: ``file_*``, ``archive_unsafe``, ``json_broken``, ``columns_too_many``, ``line_too_long``, ``address_wrong``,
    ``table_missing``, ``query_failed``, ``disk_full``.
    """
    room = Room()
    if isinstance(path, str) and is_address(path):
        return _of_database(parse_address(path), room)
    path = Path(path)
    if path.is_dir():
        raise error("file_is_folder", path=str(path))
    if not path.is_file():
        raise error("file_missing", path=str(path), near=_near(path))
    try:
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        content = open_content(path, str(path), room)
        sheets, notes = _amended(_sheets(path, content, room))
    except OSError as reason:
        raise error("file_damaged", path=str(path), found=reason.strerror or str(reason)) from reason
    return Source(path, content.kind, content.encoding, content.delimiter, sheets, fingerprint, path.stat().st_size, (*content.notes, *notes))


def _of_database(address: Address, room: Room) -> Source:
    """A table or query of a database; its fingerprint is that of the rows it holds now."""
    if address.scheme != "sqlite":
        content = open_server(address, room)
    else:
        path = Path(address.place)
        if not path.is_file():
            raise error("file_missing", path=str(path), near=_near(path))
        content = open_sqlite(path, address.given, room, address.table, address.query)
    sheets = _sheets(address.given, content, room)
    seen, size = hashlib.sha256(), 0
    for sheet in sheets:
        seen.update(json.dumps(sheet.columns).encode())
        for row in sheet.raw_rows():
            text = json.dumps(row, ensure_ascii=False).encode()
            size += len(text)
            seen.update(text)
    return Source(address.given, content.kind, "", "", sheets, seen.hexdigest(), size)


def spread(rows: Iterable[tuple[int, Cells]], size: int) -> list[tuple[int, Cells]]:
    """At most ``size`` rows: the first quarter, then whole blocks of neighbouring rows at even distances."""
    stream = iter(rows)
    head = list(itertools.islice(stream, max(size // 4, 1)))
    kept: list[tuple[int, tuple[int, Cells]]] = []
    stride = 1
    for index, row in enumerate(stream):
        block = index // BLOCK
        if block % stride == 0:
            kept.append((block, row))
            if len(kept) > size - len(head):
                stride *= 2
                kept = [entry for entry in kept if entry[0] % stride == 0][: size - len(head)]
    return head + [row for _, row in kept]


def _amended(sheets: tuple[Sheet, ...]) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """The sheets as they can be read, and what a person should know about that."""
    found = [amended(unmarked(sheet)) for sheet in sheets]
    by_month = [melted(sheet) for sheet, _ in found]
    return tuple(sheet for sheet, _ in by_month), tuple(note for _, notes in (*found, *by_month) for note in notes)


def _sheets(path: Path | str, content: Content, room: Room) -> tuple[Sheet, ...]:
    """The tables that hold rows; where there are several, tables of one column, which hold only notes, are left out."""
    found = [sheet for table in content.tables if (sheet := _sheet(path, table, room)) is not None]
    sheets = tuple(sheet for sheet in found if len(sheet.columns) > 1 or content.kind in _OF_ONE_COLUMN)
    if not sheets:
        names = ", ".join(table.name for table in content.tables if table.name)
        raise error("file_empty", path=str(path), found=names or Words(ONLY_HEADER))
    return sheets


def _sheet(path: Path | str, table: Table, room: Room) -> Sheet | None:
    """The table of a sheet, or None if there are no rows below its header."""
    if table.columns:
        sheet = Sheet(path, table.name, names(table.columns), 0, table.rows, room, text=table.text)
        return sheet if next(sheet.rows(), None) is not None else None
    first = [row for row in itertools.islice(table.rows(), SEARCHED) if filled(row[1])]
    if not first:
        return None
    check_width(str(path), max(max(i for i, cell in enumerate(cells, start=1) if cell) for _, cells in first))
    header_row, columns = find_header(first)
    sheet = Sheet(path, table.name, columns, header_row, table.rows, room, text=table.text)
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
