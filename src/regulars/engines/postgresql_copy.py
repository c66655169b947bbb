"""Copying a snapshot into PostgreSQL: one schema, in one transaction, streamed; a copy that is killed leaves nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from psycopg import Connection, errors
from pyarrow import csv

from regulars.engines.duckdb import batches
from regulars.errors import N_
from regulars.progress import Progress
from regulars.schema import TABLES, Table

TYPES: Final[Mapping[str, str]] = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "DECIMAL(18,4)": "numeric(18,4)",
    "DOUBLE": "double precision",
    "TIMESTAMP": "timestamp without time zone",
    "DATE": "date",
    "BOOLEAN": "boolean",
}
"""The schema's SQL types → PostgreSQL's names for them."""
LAYOUT: Final = 1
"""Raised when the tables are laid out otherwise, so that snapshots copied before are copied anew."""
KEPT: Final = 2
"""Snapshots of one workspace that stay on the server."""
ROWS: Final = 20_000
"""Rows on their way at a time: what bounds the memory."""
_MARK: Final = f"Regulars snapshot, layout {LAYOUT}, "
"""How the comment begins by which a schema is known to be ours; its moment and its workspace follow, for several may share a database."""

_SUM = """create aggregate {schema}.sum(bigint) (sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe)"""
"""A sum of whole numbers is a whole number, as on the other engines; PostgreSQL's own is a decimal."""

_WHOLE = """
    select count(*) from pg_namespace as n join pg_class as c on c.relnamespace = n.oid
    where nspname = %(schema)s and relname = any(%(tables)s) and starts_with(coalesce(obj_description(n.oid, 'pg_namespace'), ''), %(mark)s)"""
_OLDER = """
    select nspname::text from pg_namespace
    where nspname <> %(schema)s and starts_with(nspname, 'snap_') and obj_description(oid, 'pg_namespace') like %(ours)s
    order by obj_description(oid, 'pg_namespace') desc offset %(kept)s"""


def schema_of(snapshot_id: str) -> str:
    """The schema that holds a snapshot."""
    return f"snap_{snapshot_id}"


def adopt(connection: Connection[Any], snapshot_id: str, file: Path, progress: Progress) -> None:
    """Find the snapshot on the server, whole; else copy it. Of those who come at one time, one copies and the others wait."""
    schema = schema_of(snapshot_id)
    if _is_whole(connection, schema):
        connection.execute(f"select from {schema}.customers limit 0".encode())  # or a complaint that others may read it and we may not
        return
    with connection.transaction():
        connection.execute(b"select pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
        if not _is_whole(connection, schema):
            _copy(connection, schema, file, progress)
    _sweep(connection, schema, file)


def _workspace(file: Path) -> str:
    """What tells one workspace from another: nothing of its place can be read from it."""
    return hashlib.sha256(str(file.resolve().parents[2]).encode()).hexdigest()[:12]


def _is_whole(connection: Connection[Any], schema: str) -> bool:
    """Whether every table is there, laid out as today."""
    wanted = {"schema": schema, "tables": [*TABLES], "mark": _MARK}
    return connection.execute(_WHOLE.encode(), wanted).fetchone() == (len(TABLES),)


def _copy(connection: Connection[Any], schema: str, file: Path, progress: Progress) -> None:
    connection.execute(f"drop schema if exists {schema} cascade".encode())
    connection.execute(f"create schema {schema}".encode())
    for done, table in enumerate(TABLES.values()):
        _fill(connection, schema, table, file, partial(progress, N_("Copying the data to the engine"), done, len(TABLES)))
    connection.execute(_SUM.format(schema=schema).encode())
    (moment,) = connection.execute(b"select to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.US')").fetchone() or ("",)
    connection.execute(f"comment on schema {schema} is '{_MARK}{moment}, workspace {_workspace(file)}'".encode())


def _fill(connection: Connection[Any], schema: str, table: Table, file: Path, progress: Callable[[], None]) -> None:
    """One table: its rows as CSV in pieces, an index on the customer, statistics for the planner. Text is compared letter by letter."""
    columns = ", ".join(f'"{name}" {TYPES[kind]}' + (' collate "C"' if kind == "VARCHAR" else "") for name, kind in table.columns.items())
    connection.execute(f"create table {schema}.{table.name} ({columns})".encode())
    plain = csv.WriteOptions(include_header=False)
    with connection.cursor() as cursor, cursor.copy(f"copy {schema}.{table.name} from stdin (format csv, null '')".encode()) as copy:
        for batch in batches(file, f"SELECT {', '.join(table.columns)} FROM {table.name}", ROWS):
            progress()
            piece = pa.BufferOutputStream()
            csv.write_csv(batch, piece, plain)
            copy.write(piece.getvalue())
    if "customer_id" in table.columns:
        connection.execute(f"create index on {schema}.{table.name} (customer_id)".encode())
    connection.execute(f"analyze {schema}.{table.name}".encode())


def _sweep(connection: Connection[Any], schema: str, file: Path) -> None:
    """Drop this workspace's older snapshots; one that somebody is reading stays until the next time."""
    ours = {"schema": schema, "ours": f"Regulars snapshot,%, workspace {_workspace(file)}", "kept": KEPT - 1}
    for (old,) in connection.execute(_OLDER.encode(), ours).fetchall():
        try:
            with connection.transaction():
                connection.execute(b"set local lock_timeout = '2s'")
                connection.execute(f"drop schema {old} cascade".encode())
        except (errors.LockNotAvailable, errors.InsufficientPrivilege):
            continue
