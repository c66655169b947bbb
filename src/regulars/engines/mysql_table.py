"""One table or query of a MySQL or MariaDB server, read as a stream in a session that can change nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

import pymysql
from pymysql.constants import CR, ER
from pymysql.cursors import SSCursor

from regulars.errors import RegularsError, did_you_mean, error

CONNECT_SECONDS: Final = 10
_BATCH: Final = 10_000
_PORT: Final = 3306
_LOGIN: Final = frozenset({ER.ACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR})
_RIGHTS: Final = frozenset({ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR})
_LOST: Final = frozenset({CR.CR_SERVER_LOST, CR.CR_SERVER_GONE_ERROR})


@contextmanager
def reading(address: str, table: str, query: str) -> Iterator[tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]]:
    """The columns and rows of ``table`` (``orders``, ``shop.orders``) or of ``query``; the password comes from MYSQL_PWD or ~/.my.cnf.

    Errors ``engine_unreachable``, ``mysql_login``, ``engine_database_missing``, ``engine_right_missing``, ``table_missing``, ``query_failed``, ``engine_lost``.
    """
    connection = _connected(address)
    try:
        cursor = connection.cursor()  # never closed by itself: that would read the rest, from a server that may be gone
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute("START TRANSACTION")
        cursor.execute(query or f"SELECT * FROM {'.'.join(map(_quoted, table.split('.')))}")
        yield tuple(column[0] for column in cursor.description or ()), _rows(cursor)
    except pymysql.MySQLError as cause:
        raise _named(cause, address, table, query) from cause
    finally:
        if connection.open:
            connection.close()


def _connected(address: str) -> pymysql.Connection[SSCursor]:
    split = urlsplit(address)
    own = Path("~/.my.cnf").expanduser()
    try:
        return pymysql.connect(
            host=split.hostname or "localhost",
            port=split.port or _PORT,
            user=unquote(split.username) if split.username else None,
            password=os.environ.get("MYSQL_PWD", ""),
            database=_database(split),
            charset="utf8mb4",
            connect_timeout=CONNECT_SECONDS,
            read_default_file=str(own) if own.exists() and "MYSQL_PWD" not in os.environ else None,
            cursorclass=SSCursor,
        )
    except pymysql.MySQLError as cause:
        raise _named(cause, address, "", "") from cause


def _database(split: SplitResult) -> str:
    return unquote(split.path.strip("/"))


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _rows(cursor: SSCursor) -> Iterator[tuple[Any, ...]]:
    while found := cursor.fetchmany(_BATCH):
        yield from found


def _named(cause: pymysql.MySQLError, address: str, table: str, query: str) -> RegularsError:
    """Why the server did not do what it was asked."""
    code, said = (*cause.args, "", "")[:2]
    reason = str(said).rstrip(".")
    database, user = _database(urlsplit(address)), urlsplit(address).username or "<user>"
    if code in _LOGIN:
        return error("mysql_login", engine=address, reason=reason)
    if code == ER.BAD_DB_ERROR:
        return error("engine_database_missing", engine=address, database=database, user=user)
    if code in _RIGHTS:
        return error("engine_right_missing", engine=address, reason=reason, line=f"GRANT SELECT ON {database}.* TO {user};")
    if code in _LOST:
        return error("engine_lost", engine=address, reason=reason)
    if not table and not query:
        return error("engine_unreachable", address=address, reason=reason)
    if query:
        return error("query_failed", path=address, reason=reason)
    if code in {ER.NO_SUCH_TABLE, ER.BAD_TABLE_ERROR}:
        return error("table_missing", table=table, path=address, near=did_you_mean(table, _listed(address)))
    return error("engine_failed", engine=address, reason=reason)


def _listed(address: str) -> list[str]:
    """The tables that there are."""
    with _connected(address) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        return [str(row[0]) for row in cursor.fetchall()]
