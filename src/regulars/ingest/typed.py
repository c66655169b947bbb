"""Typed columns as the text that intake starts from: Parquet through DuckDB, values as nobody could misread them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import Failure, literal, scratch
from regulars.errors import error
from regulars.ingest.content import Content, Room, Row, Table, check_width
from regulars.ingest.objects import objects_table

_BATCH: Final = 20_000
_NESTED: Final = re.compile(r"STRUCT|MAP|\[|UNION|VARIANT|JSON")
_FRACTIONS: Final = re.compile(r"DECIMAL|DOUBLE|FLOAT|REAL")


def open_parquet(path: Path, shown: str, room: Room) -> Content:
    """A Parquet file: one table; nested columns are laid out flat. Errors ``file_damaged``, ``columns_too_many``."""
    source = f"read_parquet({literal(path)})"
    try:
        with scratch() as connection:
            described = [(str(name), str(kind)) for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
            check_width(shown, len(described))
            if any(_NESTED.search(kind) for _, kind in described):
                cursor = connection.execute(f"SELECT to_json(t)::VARCHAR FROM {source} t")
                return Content("parquet", (objects_table("", map(json.loads, (row[0] for row in _fetched(cursor.fetchmany))), room, shown),))
    except Failure as reason:
        raise error("file_damaged", path=shown, found=_said(reason, path)) from reason
    cells = ", ".join(_as_text(f'"{name.replace(chr(34), chr(34) * 2)}"', kind) for name, kind in described)
    return Content("parquet", (Table("", _reading(f"SELECT {cells} FROM {source}", path, shown), tuple(name for name, _ in described)),))


def _as_text(column: str, kind: str) -> str:
    """A column as text, as SQL. A fraction of three places gets a fourth, so that 1.250 is never taken for 1,250."""
    if _FRACTIONS.match(kind):
        return rf"regexp_replace({column}::VARCHAR, '\.(\d{{3}})$', '.\10')"
    return f"{column}::VARCHAR"


def _reading(query: str, path: Path, shown: str) -> Callable[[], Iterator[Row]]:
    def read() -> Iterator[Row]:
        try:
            with scratch() as connection:
                yield from enumerate(_fetched(connection.execute(query).fetchmany), start=1)
        except Failure as reason:
            raise error("file_damaged", path=shown, found=_said(reason, path)) from reason

    return read


def _fetched(fetch: Callable[[int], list[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    while rows := fetch(_BATCH):
        yield from rows


def _said(reason: Exception, path: Path) -> str:
    return str(reason).splitlines()[0].replace(str(path), path.name)
