"""One table or query of a PostgreSQL server, read as a stream in a transaction that can change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.sql import SQL, Identifier

from regulars.engines.postgresql_errors import named, refused
from regulars.errors import did_you_mean, error

CONNECT_SECONDS: Final = 10
_BATCH: Final = 10_000
_LISTED: Final = (
    "select case when table_schema = 'public' then table_name else table_schema || '.' || table_name end from information_schema.tables "
    "where table_schema not in ('pg_catalog', 'information_schema')"
)


@contextmanager
def reading(address: str, table: str, query: str) -> Iterator[tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]]:
    """The columns and rows of ``table`` (``orders``, ``shop.orders``) or of ``query``; moments with a zone come in UTC.

    Errors ``engine_unreachable``, ``engine_login`` …, ``table_missing``, ``query_failed``, ``engine_lost``.
    """
    try:
        connection = psycopg.connect(address, connect_timeout=CONNECT_SECONDS, application_name="regulars", options="-c timezone=UTC")
    except psycopg.Error as cause:
        raise refused(cause, address) from cause
    with connection:
        connection.read_only = True
        try:
            with connection.cursor(name="regulars") as cursor:
                cursor.itersize = _BATCH
                cursor.execute(query.encode() if query else SQL("select * from {}").format(Identifier(*table.split("."))))
                yield tuple(column.name for column in cursor.description or ()), iter(cursor)
        except errors.UndefinedTable as cause:
            if query:
                raise error("query_failed", path=address, reason=_said(cause)) from cause
            connection.rollback()
            known = [str(row[0]) for row in connection.execute(_LISTED.encode()).fetchall()]
            raise error("table_missing", table=table, path=address, near=did_you_mean(table, known)) from cause
        except psycopg.Error as cause:
            lost = connection.closed or isinstance(cause, errors.InsufficientPrivilege)
            raise named(cause, address, connection.closed) if lost or not query else error("query_failed", path=address, reason=_said(cause)) from cause


def _said(cause: psycopg.Error) -> str:
    return cause.diag.message_primary or str(cause).partition("\n")[0]
