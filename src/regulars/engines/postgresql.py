"""PostgreSQL: a snapshot is a schema ``snap_<id>``, copied once from its DuckDB file and found again by every later session."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final
from weakref import finalize

import psycopg
import pyarrow as pa
from psycopg import Column

from regulars.engines.postgresql_copy import TYPES, adopt, schema_of
from regulars.engines.postgresql_errors import named, refused
from regulars.errors import error
from regulars.progress import Progress, silent

CONNECT_SECONDS: Final = 10
PLACES: Final = 4
"""Decimals of money."""
BATCH: Final = 50_000
"""Rows turned into Arrow at a time."""

_ARROW: Final[Mapping[str, pa.DataType]] = {
    "bool": pa.bool_(),
    "int2": pa.int64(),
    "int4": pa.int64(),
    "int8": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "text": pa.string(),
    "unknown": pa.string(),
}
_HOUSE: Final = {theirs: ours for ours, theirs in TYPES.items()} | {"integer": "INTEGER", "numeric": "DECIMAL(38,4)"}
"""PostgreSQL's name of a type → the schema's. A number without declared places is a sum of money."""


class PostgreSQL:
    """A snapshot served by PostgreSQL. What a session derives are temporary tables of its one connection, which threads take turns to use."""

    dialect: ClassVar[str] = "postgres"

    def __init__(self, address: str, snapshot_id: str, file: Path, progress: Progress = silent) -> None:
        self._address = address
        self._taking_turns = threading.Lock()
        try:
            self._connection = psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_SECONDS, prepare_threshold=None, application_name="regulars")
        except psycopg.Error as cause:
            raise refused(cause, address) from cause
        finalize(self, self._connection.close)  # a snapshot no longer in force is let go of with the last answer that came from it
        try:
            with self._named():
                self._settle(snapshot_id)
                adopt(self._connection, snapshot_id, file, progress)
        except BaseException:
            self._connection.close()
            raise

    def _settle(self, snapshot_id: str) -> None:
        """The session's settings: our sums before PostgreSQL's, moments without a zone, no compiling of short queries."""
        self._connection.execute(f"set search_path = {schema_of(snapshot_id)}, pg_catalog".encode())
        self._connection.execute(b"set timezone = 'UTC'")
        self._connection.execute(b"set jit = off")

    @property
    def closed(self) -> bool:
        return self._connection.closed

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer as an Arrow table."""
        with self._named(), self._taking_turns, self._connection.cursor(binary=True) as cursor:
            cursor.execute(sql.encode(), dict(parameters or {}))
            columns = cursor.description or []
            pieces = [_arrow(columns, rows) for rows in iter(lambda: cursor.fetchmany(BATCH), [])]
        return _joined(pieces or [_arrow(columns, [])])

    def store(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer in a temporary table; the name is a hash of all that it depends on, so twice is once."""
        with self._named(), self._taking_turns:
            if self._connection.execute(b"select to_regclass(%s)", [f'pg_temp."{name}"']).fetchone() != (None,):
                return
            with self._connection.transaction():
                self._connection.execute(f'create temporary table "{name}" as {sql}'.encode(), dict(parameters or {}))
                self._connection.execute(f'analyze "{name}"'.encode())

    def foresee(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer that may be read only once."""
        self.store(name, sql, parameters)

    def columns(self, name: str) -> dict[str, str]:
        """Column name → SQL type of a stored relation."""
        found = self.query(
            """select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
            where attrelid = to_regclass(%(name)s) and attnum > 0 and not attisdropped order by attnum""",
            {"name": f'"{name}"'},
        )
        return {name: _house(kind) for name, kind in zip(found["name"].to_pylist(), found["type"].to_pylist(), strict=True)}

    def close(self) -> None:
        """Let go of the connection; with it go the temporary tables."""
        self._connection.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Whatever the server objects to, as a named error."""
        if self.closed:
            raise error("engine_closed")
        try:
            yield
        except psycopg.Error as cause:
            raise named(cause, self._address, self._connection.closed) from cause


def _house(kind: str) -> str:
    """A type of PostgreSQL by its name in the schema."""
    return kind.replace("numeric", "DECIMAL") if kind.startswith("numeric(") else _HOUSE.get(kind, kind.upper())


def _arrow(columns: Sequence[Column], rows: list[tuple[Any, ...]]) -> pa.Table:
    """Some rows of an answer as an Arrow table."""
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    arrays = [pa.array(cells, _kind(column, cells)) for column, cells in zip(columns, values, strict=True)]
    return pa.table(arrays, [column.name for column in columns])


def _kind(column: Column, cells: tuple[Any, ...]) -> pa.DataType:
    """The Arrow type of a column. PostgreSQL does not say how many decimals a sum has: four, or as many as its values show."""
    known = psycopg.adapters.types.get(column.type_code)
    if known and known.name in _ARROW:
        return _ARROW[known.name]
    if column.precision is not None and column.scale is not None:
        return pa.decimal128(column.precision, column.scale)
    return pa.decimal128(38, max({PLACES, *(-cell.as_tuple().exponent for cell in cells if cell is not None)}))


def _joined(pieces: list[pa.Table]) -> pa.Table:
    """The pieces of one answer, with as many decimals as the piece that shows most."""
    widest = [max((piece.schema.field(i) for piece in pieces), key=lambda field: getattr(field.type, "scale", 0)) for i in range(pieces[0].num_columns)]
    return pa.concat_tables(piece.cast(pa.schema(widest)) for piece in pieces)
