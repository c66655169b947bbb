"""The delivered rows: as relations that a snapshot is derived from, and as the view of them that it serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Final

import pyarrow as pa

from regulars.engines.duckdb import HERE, Connection
from regulars.schema import PART_TABLES
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.durable import link_or_copy
from regulars.snapshots.entries import entries_sql, order_lines_sql
from regulars.snapshots.parts import PLACE, Parts
from regulars.snapshots.typing import holds

LINES: Final = "lines"
"""The folder, in a snapshot's own, of the delivered rows that it reads."""


def left_out(deliveries: Parts, parts: Sequence[str], set_aside: Sequence[str]) -> str:
    """The places of the sales rows that do not count: replaced by a later one of these deliveries, or taken out by a rule that is switched on."""
    place = ", ".join(PLACE)
    replaced = f"SELECT {place} FROM ({deliveries.superseded(parts)})"
    if not set_aside:
        return replaced
    rules = ", ".join(f"'{rule}'" for rule in set_aside)
    return f"{replaced} UNION SELECT {place} FROM ({deliveries.problems(parts)}) WHERE about = 'sales' AND rule IN ({rules})"


def keep_superseded(built: Connection, deliveries: Parts, parts: Sequence[str], arrangement: Arrangement) -> None:
    """``superseded``: the places of the sales rows that do not count."""
    built.execute(f"CREATE OR REPLACE TABLE superseded AS {left_out(deliveries, parts, arrangement.set_aside)}")


def view_parts(built: Connection, deliveries: Parts, parts: Sequence[str], *, prefix: str = "", tables: Iterable[str] = PART_TABLES) -> None:
    """``sales`` (without what is in ``superseded``), ``part_customers`` … as views over the Parquet files of these deliveries."""
    for table in tables:
        name = table if table == "sales" else f"part_{table}"
        left = f" ANTI JOIN superseded USING ({', '.join(PLACE)})" if table == "sales" else ""
        built.execute(f"CREATE TEMP VIEW {prefix}{name} AS SELECT * FROM ({deliveries.rows(table, parts)}){left}")


def place_sheets(built: Connection, parts: Sequence[str], rows: str) -> None:
    """``places``: the sheets that these rows stand in, in order of arrival."""
    order = pa.table({"import_id": list(parts), "arrival": list(range(len(parts)))})
    built.register("arrivals", order)
    built.execute(
        f"""CREATE TEMP TABLE places AS SELECT import_id, source_sheet, row_number() OVER (ORDER BY arrival, source_sheet) AS place
        FROM (SELECT DISTINCT import_id, source_sheet FROM {rows}) JOIN arrivals USING (import_id)"""
    )
    built.unregister("arrivals")


def serve_lines(built: Connection, folder: Path, deliveries: Parts, parts: Sequence[str], arrangement: Arrangement, lines: str = LINES) -> None:
    """``order_lines`` as a view of the delivered rows, which the snapshot keeps as links of its own, so that nothing is written twice."""
    (folder / lines).mkdir()
    numbers = count()

    def linked(file: Path) -> str:
        link_or_copy(file, folder / lines / (name := f"{next(numbers):05d}.parquet"))
        return f"{HERE}/{lines}/{name}"

    rows = deliveries.rows("sales", parts, linked)
    left = f"(SELECT * FROM ({rows}) ANTI JOIN superseded USING ({', '.join(PLACE)}))"
    text = order_lines_sql(entries_sql(left, arrangement.day_starts_at, costs=holds(built, "unit_costs")))
    built.execute("CREATE OR REPLACE TABLE views AS SELECT 'order_lines' AS name, $1 AS sql", [text])
