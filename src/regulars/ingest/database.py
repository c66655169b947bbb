"""A table or a query of a database, by its address: read-only, copied once into the reading room, and read from there like a file.

``sqlite:///shop.db?table=orders`` · ``sqlite:///shop.db?query=select …`` · ``postgresql://user@host/database?table=orders``
· ``mysql://user@host/database?table=orders``
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

from regulars.errors import N_, Words, did_you_mean, error
from regulars.ingest.content import Content, Room, Row, Table, check_width
from regulars.ingest.packed import CUT_OFF
from regulars.ingest.workbook import cell_text

Scheme = Literal["sqlite", "postgresql", "mysql"]
Reading = Callable[[str, str, str], AbstractContextManager[tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]]]
"""Address, table, query → the columns and the rows."""

SCHEMES: Final[dict[str, Scheme]] = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
"""How an address begins → which kind of database it means."""
_HEADER: Final = struct.Struct(">16xH6xII60xI4x")
"""Of the first hundred bytes of an SQLite file: bytes of a page, number of its changes, pages, and of which change that number of pages is."""
_ADDRESS: Final = re.compile(r"([a-z][a-z0-9+]+)://", re.IGNORECASE)
_MOST_TABLES: Final = 50
_THREE_PLACES: Final = re.compile(r"-?\d+\.\d{3}")

NO_QUESTION: Final = N_("it names neither a table nor a query")
NO_SUCH_SCHEME: Final = N_("this kind of database is not read")
READ_ONLY: Final = N_("only one SELECT is read, nothing is changed")


@dataclass(frozen=True, slots=True)
class Address:
    """Where in which database: the address as given, the file or the server, and a table or a query (empty: every table)."""

    given: str
    scheme: Scheme
    place: str
    table: str = ""
    query: str = ""


def is_address(given: str) -> bool:
    r"""Whether something is the address of a database, not of a file.

    >>> is_address("sqlite:///shop.db?table=orders"), is_address("orders.csv"), is_address("C:\\orders.csv")
    (True, False, False)
    """
    return _ADDRESS.match(given) is not None


def parse_address(given: str) -> Address:
    """The parts of an address. Error ``address_wrong``; a password in it is ``engine_secret``: it belongs to where libpq looks for it."""
    base, _, asked = given.partition("?")
    try:
        split = urlsplit(base)
        secret = split.password
    except ValueError as reason:
        raise error("address_wrong", given=given, reason=str(reason)) from reason
    if secret:
        raise error("engine_secret")
    if split.scheme not in SCHEMES:
        raise error("address_wrong", given=given, reason=Words(NO_SUCH_SCHEME))
    name, _, value = asked.partition("=")
    value = (value if " " in value else unquote(value)).strip().rstrip(";")
    if (name not in {"table", "query"} or not value) and (asked or split.scheme != "sqlite"):
        raise error("address_wrong", given=given, reason=Words(NO_QUESTION))
    if name == "query" and not re.match(r"(?:select|with|values)\b", value, re.IGNORECASE):
        raise error("address_wrong", given=given, reason=Words(READ_ONLY))
    scheme = SCHEMES[split.scheme]
    place = _file(unquote(split.netloc + split.path)) if scheme == "sqlite" else base
    return Address(given, scheme, place, value if name == "table" else "", value if name == "query" else "")


def _file(path: str) -> str:
    """The file of ``sqlite:///shop.db`` (beside where one is) and of ``sqlite:////data/shop.db``; with three slashes also of the root, if it is there."""
    beside = path.removeprefix("/")
    return path if path.startswith("/") and not Path(beside).exists() and Path(path).exists() else beside


def open_sqlite(path: Path, shown: str, room: Room, table: str = "", query: str = "") -> Content:
    """One table, the answer of one query, or every table of an SQLite file. Errors ``table_missing``, ``query_failed``, ``file_damaged``."""
    with _sqlite(path, shown, query) as connection:
        if query:
            return Content("sqlite", (_copied("", connection.execute(query), room, shown),))
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
        known = [str(row[0]) for row in listed.fetchall()]
        if table and table not in known:
            raise error("table_missing", table=table, path=shown, near=did_you_mean(table, known))
        wanted = [table] if table else known[:_MOST_TABLES]
        quoted = {name: '"' + name.replace('"', '""') + '"' for name in wanted}
        return Content("sqlite", tuple(_copied(name, connection.execute(f"SELECT * FROM {quoted[name]}"), room, shown) for name in wanted))


def open_server(address: Address, room: Room) -> Content:
    """One table or the answer of one query of a server. Errors as in ``engines.postgresql_table`` and ``mysql_table``; ``part_missing`` without its driver."""
    reading = _reading_postgresql() if address.scheme == "postgresql" else _reading_mysql()
    with reading(address.place, address.table, address.query) as (columns, found):
        check_width(address.given, len(columns))
        return Content(address.scheme, (Table(address.table, room.keep(_rows(found), address.given), columns),))


def _reading_postgresql() -> Reading:
    try:
        from regulars.engines.postgresql_table import reading
    except ImportError as reason:
        raise error("part_missing", what="psycopg", reason=str(reason), line="pip install 'regulars[postgres]'") from reason
    return reading


def _reading_mysql() -> Reading:
    try:
        from regulars.engines.mysql_table import reading
    except ImportError as reason:
        raise error("part_missing", what="pymysql", reason=str(reason), line="pip install 'regulars[mysql]'") from reason
    return reading


@contextmanager
def _sqlite(path: Path, shown: str, query: str) -> Iterator[sqlite3.Connection]:
    """A database file opened for reading alone. SQLite itself reads a table beyond the end of its file as an empty one."""
    if _is_cut_off(path):
        raise error("file_damaged", path=shown, found=Words(CUT_OFF))
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            connection.execute("PRAGMA query_only = on")
            yield connection
    except (sqlite3.Error, sqlite3.Warning) as reason:
        if query:
            raise error("query_failed", path=shown, reason=str(reason)) from reason
        raise error("file_damaged", path=shown, found=str(reason)) from reason


def _is_cut_off(path: Path) -> bool:
    """Whether a database file is shorter than it says itself, where what it says is of its last change."""
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return False
    page_size, changes, pages, pages_as_of = _HEADER.unpack(head)
    return bool(changes == pages_as_of and path.stat().st_size < pages * (65536 if page_size == 1 else page_size))


def _copied(name: str, cursor: Any, room: Room, shown: str) -> Table:
    """The rows of a cursor, kept in the room as text."""
    columns = tuple(str(column[0]) for column in cursor.description)
    check_width(shown, len(columns))
    return Table(name, room.keep(_rows(cursor), shown), columns)


def _rows(found: Iterable[Iterable[object]]) -> Iterator[Row]:
    for number, row in enumerate(found, start=1):
        yield number, [_text(cell) for cell in row]


def _text(cell: object) -> str | None:
    """A value as text; a fraction of three places gets a fourth, so that 1.250 is never taken for 1,250."""
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.isoformat(" ")
    if isinstance(cell, Decimal):
        cell = format(cell, "f")
        return f"{cell}0" if _THREE_PLACES.fullmatch(cell) else cell
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    text = cell_text(cell)
    return f"{text}0" if text and not isinstance(cell, str) and _THREE_PLACES.fullmatch(text) else text
