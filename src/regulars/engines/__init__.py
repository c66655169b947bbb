"""The engines that run SQL: the only importers of database drivers, and the owners of DDL and COPY."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import pyarrow as pa


class Engine(Protocol):
    """A snapshot served by one engine. Every text it is given was written for its dialect by ``regulars.sql.prepare``.

    What a session derives (rows, labels, rollups) is stored beside the snapshot under a hash of all that it depends on; the
    snapshot itself is never changed. Safe to ask from several threads.
    """

    dialect: ClassVar[str]
    """``duckdb``, ``postgres`` or ``spark``: the name that ``sql.prepare`` knows."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer, in the Arrow types of DuckDB: whole numbers int64, money decimal128, days date32, moments timestamp[us], texts string."""
        ...

    def store(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer in the engine under a name; twice is once."""
        ...

    def columns(self, name: str) -> dict[str, str]:
        """Column name → SQL type, by the names of the schema (``VARCHAR``, ``BIGINT``, ``DECIMAL(18,4)``, ``DATE``, ``DOUBLE`` …), of a stored relation."""
        ...

    def close(self) -> None:
        """Let go of the engine and of what this session stored."""
        ...
