"""One contestant, one process: ``python -m benchmarks.contestants NAME FOLDER``; the parent measures it from outside."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.answers import STATEMENTS, Answers
from benchmarks.data import PART, sales_file
from regulars.engines.duckdb import literal, scratch


def summaries(workspace: Path) -> Mapping[str, Any]:
    """The summary of every analysis from the snapshot in force: what the peers compute."""
    import regulars as rg

    with rg.open(workspace) as ws:
        return {analysis.key: ws.run(analysis()).summary for analysis in rg.ANALYSES}


def everything(workspace: Path) -> None:
    """Summaries, details and findings: what the brief shows."""
    import regulars as rg

    with rg.open(workspace) as ws:
        for analysis in rg.ANALYSES:
            result = ws.run(analysis())
            for name in analysis.details:
                result.to_arrow(name)
            _ = result.summary, result.findings


def publish(workspace: Path) -> None:
    """Derive the snapshot from the Parquet part: orders, refunds matched to their sales, customers, customer days."""
    from regulars.snapshots import Shelf
    from regulars.snapshots.arrangement import Arrangement

    Shelf(workspace).publish((PART,), Arrangement())


def cold(workspace: Path) -> None:
    """From Parquet to the summaries."""
    publish(workspace)
    summaries(workspace)


def _statements(workspace: Path, file: str) -> list[list[tuple[Any, ...]]]:
    """The answers of every SELECT in a file of SQL."""
    texts = (Path(__file__).parent / file).read_text(encoding="utf-8").split(";")
    with scratch() as connection:
        connection.execute(f"CREATE VIEW sales AS SELECT * FROM read_parquet({literal(sales_file(workspace))})")
        return [found.fetchall() for text in texts if text.strip() and (found := connection.execute(text)) and "CREATE" not in text]


def straightforward(workspace: Path) -> Answers:
    """Plain SQL in DuckDB, each analysis straight from Parquet."""
    return dict(zip(STATEMENTS, _statements(workspace, "straightforward.sql"), strict=True))


def floor(workspace: Path) -> Answers:
    """Hand-tuned SQL in DuckDB: one pass to customer days and a rollup, all five analyses from these."""
    return dict(zip(STATEMENTS, _statements(workspace, "floor.sql"), strict=True))


def scan(workspace: Path) -> None:
    """Read the five columns that every contestant needs, once."""
    with scratch() as connection:
        read = f"SELECT max(order_id), max(customer_id), max(ordered_at), sum(quantity), sum(amount) FROM read_parquet({literal(sales_file(workspace))})"
        connection.execute(read).fetchall()


CONTESTANTS = {
    "cold": cold,
    "publish": publish,
    "summaries": summaries,
    "everything": everything,
    "sql": straightforward,
    "floor": floor,
    "scan": scan,
}

if __name__ == "__main__":
    CONTESTANTS[sys.argv[1]](Path(sys.argv[2]))
