"""DuckDB, the embedded engine: a snapshot is one file, opened read-only by any number of processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import duckdb
import pyarrow as pa

from regulars.engines.holding import hold
from regulars.engines.refusals import complaint, refusal
from regulars.errors import error

Connection = duckdb.DuckDBPyConnection
Failure = duckdb.Error

HERE: Final = "{folder}"
"""In the text of a view that a snapshot's file keeps: the folder in which the file lies."""
_SEARCH: Final = "SET search_path = 'memory.main,snapshot.main'"


_MEMORY: ContextVar[str | None] = ContextVar("memory", default=None)


@contextmanager
def within_memory(limit: str | None) -> Iterator[None]:
    """Let every database made in here hold at most so much in memory (``2GB``) and put the rest on disk; None: DuckDB's default, most of what there is."""
    token = _MEMORY.set(limit)
    try:
        yield
    finally:
        _MEMORY.reset(token)


def scratch(folder: Path | None = None) -> Connection:
    """An empty in-memory database. For intake and publishing, ``folder`` takes what does not fit in memory, and rows keep no order."""
    connection = duckdb.connect(":memory:")
    if (limit := _MEMORY.get()) is not None:
        connection.execute(f"SET memory_limit = {literal(limit)}")
    connection.execute("SET TimeZone = 'UTC'")
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (True,):  # in Jupyter it may be neither on nor allowed to be set
        connection.execute("SET enable_progress_bar = false")
    if folder is not None:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {literal(folder)}")
    return connection


def building(file: Path, spill: Path) -> Connection:
    """A new database file that is being built, for publishing; nobody else sees it until it is renamed."""
    connection = scratch(spill)
    connection.execute(f"ATTACH {literal(file)} AS built")
    connection.execute("USE built")
    return connection


def literal(path: Path | str) -> str:
    """A path as an SQL string, for the statements that take no parameters."""
    return "'" + str(path).replace("'", "''") + "'"


def _whole(table: pa.Table) -> pa.Table:
    """Every whole number as one of 64 bits: sums of integers, which DuckDB widens to 128 bits, and short ones, which it writes as they were typed."""
    for i, field in enumerate(table.schema):
        if pa.types.is_integer(field.type) or (pa.types.is_decimal(field.type) and field.type.scale == 0):
            table = table.set_column(i, field.name, table.column(i).cast(pa.int64()))
    return table


@contextmanager
def _fitting() -> Iterator[None]:
    """SQL that does not work out, or a refusal of the machine, as a named error. A relation that is not there is a bug of ours and stays what it is."""
    try:
        yield
    except duckdb.CatalogException:
        raise
    except (duckdb.DataError, duckdb.ProgrammingError, duckdb.NotSupportedError) as cause:
        raise error("sql_failed", reason=complaint(str(cause))) from cause
    except duckdb.ConnectionException as cause:
        raise error("engine_closed") from cause
    except duckdb.OperationalError as cause:
        if (named := refusal(cause, Path.cwd())) is None:
            raise
        raise named from cause


def serving(file: Path) -> Connection:
    """A snapshot's file opened read-only beside an empty memory, its views over the files in its folder included."""
    connection = scratch()
    try:
        connection.execute(f"ATTACH {literal(file)} AS snapshot (READ_ONLY)")
        connection.execute(_SEARCH)
        here = literal(file.parent)[1:-1]
        for name, text in connection.execute("SELECT name, sql FROM snapshot.main.views").fetchall():
            connection.execute(f'CREATE VIEW memory.main."{name}" AS {text.replace(HERE, here)}')
    except duckdb.Error as cause:
        connection.close()
        raise refusal(cause, file) or error("snapshot_damaged", path=str(file), reason=str(cause).splitlines()[0]) from cause
    return connection


def batches(file: Path, select: str, rows: int) -> Iterator[pa.RecordBatch]:
    """The answer of a SELECT over a snapshot's file, piece by piece, for whoever carries it elsewhere."""
    with serving(file) as connection:
        yield from connection.execute(select).to_arrow_reader(rows)


@dataclass(slots=True)
class _Foreseen:
    """An answer that will be kept if it is read again."""

    sql: str
    parameters: dict[str, Any]
    read: bool = False


class DuckDB:
    """A snapshot served by DuckDB. What a session derives (rows, labels, rollups) lives in memory beside the read-only file."""

    dialect: ClassVar[str] = "duckdb"

    def __init__(self, file: Path) -> None:
        try:
            self._release = hold(self, file.parent)
        except FileNotFoundError as cause:
            raise error("snapshot_damaged", path=str(file), reason=str(cause.strerror)) from cause
        self._connection = serving(file)
        self._foreseen: dict[str, _Foreseen] = {}
        self._kept: set[str] = set()
        self._lock = threading.RLock()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer as an Arrow table. Each call has a cursor of its own, so threads do not meet."""
        sql, bound = self._spelled_out(sql, dict(parameters or {}))
        with self._cursor() as cursor:
            return _whole(cursor.execute(sql, bound or None).to_arrow_table())

    def store(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer in the engine under a name; the name is a hash of all that it depends on, so twice is once."""
        sql, bound = self._spelled_out(sql, dict(parameters or {}))
        with self._lock, self._cursor() as cursor:
            cursor.execute(f'CREATE TABLE IF NOT EXISTS memory.main."{name}" AS {sql}', bound or None)
            self._kept.add(name)

    def foresee(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer once it is read a second time. The first text that reads it gets it spelled out, so that only what it needs is computed."""
        with self._lock:
            if name not in self._kept:
                self._foreseen.setdefault(name, _Foreseen(sql, dict(parameters or {})))

    def _spelled_out(self, sql: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A text with the foreseen answers that it is the first to read written before it; others that it reads are kept now."""
        with self._lock:
            for name in [name for name in self._foreseen if name in sql]:
                told = self._foreseen[name]
                text, bound = self._spelled_out(told.sql, told.parameters)
                if told.read or any(parameters.get(one, value) != value for one, value in bound.items()):
                    self.store(name, text, bound)
                    del self._foreseen[name]
                    continue
                told.read = True
                rest = sql.lstrip()
                sql = f'WITH "{name}" AS ({text}){f", {rest[5:]}" if rest[:5].upper() == "WITH " else f" {rest}"}'
                parameters = bound | parameters
        return sql, parameters

    @contextmanager
    def _cursor(self) -> Iterator[Connection]:
        """A cursor for one statement; what that meets, as a named error."""
        with _fitting(), self._connection.cursor() as cursor:
            cursor.execute(_SEARCH)
            yield cursor

    def columns(self, name: str) -> dict[str, str]:
        """Column name → SQL type of a stored relation."""
        told = self._foreseen.get(name)
        text, bound = self._spelled_out(told.sql, told.parameters) if told else (f'"{name}"', {})
        described = self.query(f"DESCRIBE {text}", bound)
        return dict(zip(described["column_name"].to_pylist(), described["column_type"].to_pylist(), strict=True))

    def close(self) -> None:
        self._closed = True
        self._connection.close()
        self._release()
