"""The engines that run SQL: the only importers of database drivers, and the owners of DDL and COPY."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, Protocol

import pyarrow as pa

from regulars.errors import error
from regulars.progress import Progress, silent

Kind = Literal["duckdb", "postgresql", "spark"]

ADDRESSES: Final = "duckdb, postgresql://[user@]host[:port]/database, spark, local[2], spark://host:port, sc://host:port"
"""What the setting ``engine`` may say."""

_FORMS: Final[Mapping[Kind, str]] = {
    "duckdb": r"duckdb",
    "postgresql": r"postgres(ql)?://.*",
    "spark": r"spark|local(\[(\d+|\*)\])?|spark://[^/]+|sc://.+",
}
_SECRET: Final = re.compile(r"://[^@?/]*:[^?]*@|://[^@/]*:[^/]*@|\b(ssl)?password\s*=|\btoken\s*=", re.IGNORECASE)


class Engine(Protocol):
    """A snapshot served by one engine. Every text it is given was written for its dialect by ``regulars.sql.prepare``.

    What a session derives (rows, labels, rollups) is stored beside the snapshot under a hash of all that it depends on; the
    snapshot itself is never changed. Safe to ask from several threads.
    """

    dialect: ClassVar[str]
    """``duckdb``, ``postgres`` or ``spark``: the name that ``sql.prepare`` knows."""

    @property
    def closed(self) -> bool:
        """Whether it can be asked no more: let go of, or its server is gone."""
        ...

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer, in the Arrow types of DuckDB: whole numbers int64, money decimal128, days date32, moments timestamp[us], texts string."""
        ...

    def store(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer in the engine under a name; twice is once."""
        ...

    def foresee(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer that may be read only once: as ``store``, or later, or never, whatever costs this engine least."""
        ...

    def columns(self, name: str) -> dict[str, str]:
        """Column name → SQL type, by the names of the schema (``VARCHAR``, ``BIGINT``, ``DECIMAL(18,4)``, ``DATE``, ``DOUBLE`` …), of a stored relation."""
        ...

    def close(self) -> None:
        """Let go of the engine and of what this session stored."""
        ...


def kind_of(address: str) -> Kind:
    """Which engine an address means.

    Raises:
        ValueError: it means none.
        RegularsError: ``engine_secret``; a password does not belong into a settings file.
    """
    if _SECRET.search(address):
        raise error("engine_secret")
    for kind, form in _FORMS.items():
        if re.fullmatch(form, address):
            return kind
    raise ValueError(ADDRESSES)


def serve(address: str, snapshot_id: str, file: Path, progress: Progress = silent) -> Engine:
    """The engine at an address, serving the snapshot whose DuckDB file is ``file``. Only the driver it needs is imported."""
    match kind_of(address):
        case "duckdb":
            from regulars.engines.duckdb import DuckDB

            return DuckDB(file)
        case "postgresql":
            try:
                from regulars.engines.postgresql import PostgreSQL
            except ImportError as cause:
                raise error("part_missing", what="psycopg", reason=str(cause), line="pip install 'regulars[postgres]'") from cause
            return PostgreSQL(address, snapshot_id, file, progress)
        case "spark":
            try:
                from regulars.engines.spark import Spark
            except ImportError as cause:
                raise error("part_missing", what="pyspark", reason=str(cause), line="pip install 'regulars[spark]'") from cause
            return Spark(address, snapshot_id, file)
