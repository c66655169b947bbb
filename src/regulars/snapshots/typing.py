"""Small questions and casts that every derivation is written with."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.engines.duckdb import Connection
from regulars.schema import Field


def typed(fields: Sequence[Field], sql: str) -> str:
    """A derived relation in these columns and types."""
    cast = ", ".join(f'cast("{field.name}" as {field.sql_type}) as "{field.name}"' for field in fields)
    return f"SELECT {cast} FROM ({sql})"


def holds(built: Connection, table: str) -> bool:
    """Whether a relation has any row."""
    return bool(built.execute(f"SELECT EXISTS (FROM {table})").fetchall()[0][0])
