"""What a file holds once it is opened: tables whose rows can be read again and again, and the room their unpacked copies stand in."""

from __future__ import annotations

import errno
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.errors import error
from regulars.ingest.reasons import Note

if TYPE_CHECKING:
    from regulars.ingest.text_table import TextTable

Row = tuple[int, Sequence[str | None]]
"""The row's number in the file, counted as a spreadsheet counts (blank rows too, a cell with line breaks being one row), and its cells."""
Kind = Literal["csv", "xlsx", "parquet", "json", "html", "sqlite", "postgresql", "mysql", "zip"]

_BATCH: Final = 20_000
_MOST_COLUMNS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. ``columns`` where the format itself names them; else the header is among the rows."""

    name: str
    rows: Callable[[], Iterator[Row]] = field(repr=False, compare=False)
    columns: tuple[str, ...] = ()
    text: TextTable | None = field(default=None, repr=False, compare=False)
    """What ``rows`` reads, if it is a plain text."""


@dataclass(frozen=True, slots=True)
class Content:
    """An opened file: its kind, its tables, a text's encoding and delimiter, and what a person should know about it."""

    kind: Kind
    tables: tuple[Table, ...]
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[Note, ...] = ()


class Room:
    """A folder for unpacked copies, gone with the last table that is read from it."""

    def __init__(self) -> None:
        self._number = itertools.count(1)

    @cached_property
    def folder(self) -> Path:
        """The folder, made when it is first needed. Error ``not_writable``."""
        try:
            made = Path(tempfile.mkdtemp(prefix="regulars-reading-"))
        except OSError as reason:
            raise error("not_writable", path=tempfile.gettempdir(), reason=reason.strerror or str(reason)) from reason
        weakref.finalize(self, shutil.rmtree, made, ignore_errors=True)
        return made

    def place(self, ending: str = "") -> Path:
        """A path in the room that nothing has yet."""
        return self.folder / f"{next(self._number)}{ending}"

    def keep(self, rows: Iterable[Row], shown: str) -> Callable[[], Iterator[Row]]:
        """Write rows to a file of the room once; what comes back reads them as often as wished, short ones filled up with None."""
        path, width = self.place(".parquet"), 0
        stream = iter(rows)
        with self.writing(), pq.ParquetWriter(path, _KEPT, compression="snappy") as writer:
            while some := list(itertools.islice(stream, _BATCH)):
                width = max(width, *(len(cells) for _, cells in some))
                check_width(shown, width)
                numbers = pa.array([number for number, _ in some], pa.int64())
                writer.write_batch(pa.record_batch([numbers, pa.array([list(cells) for _, cells in some], pa.list_(pa.string()))], schema=_KEPT))

        def read() -> Iterator[Row]:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(_BATCH):
                    for number, cells in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
                        yield number, cells + [None] * (width - len(cells))

        return read

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A full disk, as a named error."""
        try:
            yield
        except OSError as reason:
            if reason.errno == errno.ENOSPC:
                raise error("disk_full", path=str(self.folder)) from reason
            raise


_KEPT: Final = pa.schema([("number", pa.int64()), ("cells", pa.list_(pa.string()))])


def check_width(shown: str, columns: int) -> None:
    """Error ``columns_too_many`` for a table with more columns than any order file has."""
    if columns > _MOST_COLUMNS:
        raise error("columns_too_many", path=shown, columns=columns, limit=_MOST_COLUMNS)
