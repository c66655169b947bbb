"""One contestant, one process: ``python -m benchmarks.contestants NAME FOLDER``; the parent measures it from outside."""

from __future__ import annotations

import sys
from pathlib import Path

from regulars.engines.duckdb import literal, scratch

PART = "00001-bench"


def pack(workspace: Path) -> None:
    """The value pack from the snapshot in force."""
    import regulars as rg

    with rg.open(workspace) as ws:
        for analysis in rg.ANALYSES:
            ws.run(analysis())


def publish(workspace: Path) -> None:
    """Derive the snapshot from the Parquet part: the ledger with refunds matched, orders, customers, customer days."""
    from regulars.snapshots import Shelf

    Shelf(workspace).publish((PART,), 0)


def cold(workspace: Path) -> None:
    """From Parquet to the value pack."""
    publish(workspace)
    pack(workspace)


def straightforward(workspace: Path) -> None:
    """Plain SQL in DuckDB, each analysis straight from Parquet."""
    sales = workspace / "parts" / PART / "sales.parquet"
    with scratch() as connection:
        connection.execute(f"CREATE VIEW sales AS SELECT * FROM read_parquet({literal(sales)})")
        for statement in (Path(__file__).parent / "straightforward.sql").read_text().split(";"):
            if statement.strip():
                connection.execute(statement).fetchall()


CONTESTANTS = {"regulars, cold": cold, "regulars, publish only": publish, "regulars, stored": pack, "DuckDB SQL": straightforward}

if __name__ == "__main__":
    CONTESTANTS[sys.argv[1]](Path(sys.argv[2]))
