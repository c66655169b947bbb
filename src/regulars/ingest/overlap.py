"""Deliveries that overlap: a row that an earlier delivery already brought is set aside, not counted twice.

Monthly exports often begin a few days early. A row with an order number is the same row if number, customer, time, product,
quantity and amount agree; the n-th copy within a delivery answers to the n-th copy in the earlier ones. Rows without an
order number are never taken for copies: two equal sales on one day may well be two sales.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import Connection, literal, scratch
from regulars.ingest.stage import Staged

ALREADY: Final = "already_loaded"
_SAME: Final = ("order_id", "customer_id", "ordered_at", "product_id", "quantity", "amount", "currency")


def set_aside_known(folder: Path, earlier: list[Path]) -> Staged:
    """Move the rows of ``folder`` that ``earlier`` deliveries hold from its sales to its rejected rows, and count them.

    The count is a correction: as many rows fewer loaded as more rejected, none in.
    """
    new = sorted(folder.glob("sales*.parquet"))
    old = [str(f) for part in earlier for f in sorted(part.glob("sales*.parquet"))]
    moved = 0
    if old and new:
        with scratch() as connection:
            moved = sum(_set_aside(connection, file, old) for file in new)
    return Staged(0, -moved, moved, {ALREADY: moved} if moved else {}, walk_in_rows=0, currencies=(), notes=())


def _set_aside(connection: Connection, file: Path, old: list[str]) -> int:
    same = ", ".join(_SAME)
    equal = " AND ".join(f"fresh.{c} IS NOT DISTINCT FROM past.{c}" for c in _SAME)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE known AS
        WITH fresh AS (SELECT source_row, {same}, row_number() OVER (PARTITION BY {same} ORDER BY source_row) AS copy
                       FROM read_parquet($file) WHERE order_id IS NOT NULL),
             past AS (SELECT {same}, count(*) AS copies FROM read_parquet($old, union_by_name = true)
                      WHERE order_id IN (SELECT order_id FROM fresh) GROUP BY {same})
        SELECT source_row FROM fresh JOIN past ON {equal} WHERE copy <= copies""",
        {"file": str(file), "old": old},
    )
    moved = int(connection.execute("SELECT count(*) FROM known").fetchall()[0][0])
    if moved:
        kept, aside = file.with_suffix(".unfinished"), file.with_name(f"rejected_{ALREADY}_{file.name}")
        connection.execute(
            f"""COPY (SELECT import_id, source_sheet, source_row, '{ALREADY}' AS reason, 'order_id' AS field, order_id AS value, to_json(s)::VARCHAR AS row
            FROM read_parquet({literal(file)}) AS s WHERE source_row IN (SELECT source_row FROM known)) TO {literal(aside)} (FORMAT parquet)"""
        )
        connection.execute(
            f"""COPY (SELECT * FROM read_parquet({literal(file)}) WHERE source_row NOT IN (SELECT source_row FROM known))
            TO {literal(kept)} (FORMAT parquet, COMPRESSION zstd)"""
        )
        os.replace(kept, file)
    return moved
