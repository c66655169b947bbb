"""How full the fields of a delivery are, by who entered them, and what stands in them: the parts ``field_counts`` and ``value_counts``.

Both are counts only. What may name a person or a single record is counted and never listed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import Connection, literal
from regulars.ingest.rules.rule import STAFF
from regulars.schema import PART_TABLES, SOURCE, Field

_SHOWN: Final = 30
"""Labels counted by name; the rest together, and what occurs once, is ``other``."""
_PLACE: Final = {field.name for field in SOURCE}


def count_fields(connection: Connection, tables: dict[str, Path], source: str, target: Path, goods: Goods | None = None) -> None:
    """Write, for the finished parts of these tables, how many rows fill each field, by who entered the row; ``goods``: what rows of sales say of goods."""
    counts = [_filled(table, f"read_parquet({literal(file)})", source, _fields(table)) for table, file in tables.items()]
    told = [_filled("sales", goods.relation, source, goods.fields)] if goods and goods.fields else []
    _write(connection, "field_counts", counts + told, target)


def count_values(connection: Connection, tables: dict[str, Path], source: str, target: Path) -> None:
    """Write, for the finished parts of these tables, how often each label, class of numbers or month occurs."""
    counts = [_bucketed(table, field, file, source) for table, file in tables.items() for field in PART_TABLES[table].fields if _is_listed(field)]
    _write(connection, "value_counts", counts, target)


@dataclass(frozen=True, slots=True)
class Goods:
    """The rows of a sheet of sales, and what they say of goods beside the goods' key: the part of the goods has one row a product."""

    relation: str
    fields: tuple[str, ...]


def goods_of(relation: str, columns: Collection[str]) -> Goods:
    """What the rows of a sheet with these columns say of goods."""
    known = [name for name in _fields("products") if name not in PART_TABLES["sales"].columns]
    return Goods(relation, tuple(name for name in known if name in columns))


def _fields(table: str) -> list[str]:
    return [field.name for field in PART_TABLES[table].fields if field.name not in _PLACE]


def _is_listed(field: Field) -> bool:
    """Whether the values of a field tell of no single person or record."""
    return field.name not in _PLACE and not field.personal and not (field.type == "text" and field.name.endswith("_id") and field.name != "product_id")


def _filled(table: str, relation: str, source: str, fields: Sequence[str]) -> str:
    """One row a field and person, from one pass over the rows, as SQL."""
    staff = next((name for name in STAFF if name in fields), "NULL::VARCHAR")
    counts = ", ".join(f"{{'field': '{name}', 'filled': count({name}), 'distinct_values': count(DISTINCT {name})}}" for name in fields)
    counted = f"SELECT {staff} AS staff, count(*) AS records, [{counts}] AS fields FROM {relation} GROUP BY 1"
    return f"""SELECT {source}, '{table}' AS about, f.field AS field, staff, records, f.filled AS filled, f.distinct_values AS distinct_values
        FROM (SELECT staff, records, unnest(fields) AS f FROM ({counted}))"""


def _bucketed(table: str, field: Field, file: Path, source: str) -> str:
    """One row a bucket of one field, as SQL: the most frequent labels, numbers by power of two with their sign, days by month."""
    name = f'"{field.name}"'
    counted = f"SELECT {_bucket(field, name)} AS bucket, count(*) AS records FROM read_parquet({literal(file)}) WHERE {name} IS NOT NULL GROUP BY 1"
    if field.type == "text":
        ranked = f"SELECT *, row_number() OVER (ORDER BY records DESC, bucket) AS place FROM ({counted})"
        counted = (
            f"SELECT CASE WHEN place <= {_SHOWN} AND records > 1 THEN bucket ELSE 'other' END AS bucket, sum(records) AS records FROM ({ranked}) GROUP BY 1"
        )
    return f"SELECT {source}, '{table}' AS about, '{field.name}' AS field, bucket, records FROM ({counted})"


def _bucket(field: Field, name: str) -> str:
    match field.type:
        case "timestamp" | "date":
            return f"left(date_trunc('month', {name})::DATE::VARCHAR, 7)"
        case "integer" | "quantity" | "money":
            power = f"floor(log2(abs({name})::DOUBLE))::INTEGER"
            return f"CASE WHEN {name} = 0 THEN '0' ELSE (CASE WHEN {name} < 0 THEN '-' ELSE '' END) || '2^' || {power} END"
    return f"{name}::VARCHAR"


def _write(connection: Connection, part: str, counts: list[str], target: Path) -> None:
    columns = PART_TABLES[part].columns
    typed = ", ".join(f'{name}::{kind} AS "{name}"' for name, kind in columns.items())
    nothing = f"SELECT {', '.join(f'NULL AS {name}' for name in columns)} WHERE false"
    written = f"SELECT {typed} FROM ({' UNION ALL BY NAME '.join(counts) or nothing}) ORDER BY 4, 5, 6"
    connection.execute(f"COPY ({written}) TO {literal(target)} (FORMAT parquet, COMPRESSION zstd)")
