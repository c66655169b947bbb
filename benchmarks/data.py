"""Order lines for the benchmarks: skewed customers and products, refunds, walk-ins, three years; the same for the same size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PART = "00001-bench"

_SALES = f"""
    WITH drawn AS (
        SELECT i, hash(i) AS h1, hash(i + 1000000007) AS h2, hash(i // 3) AS per_order FROM range($lines) AS t(i)),
    lines AS (
        SELECT i, per_order % 1000003 / 1000003.0 AS u, h2 % 1000003 / 1000003.0 AS v, i // 3 AS number, $refunds AND h1 % 50 = 0 AS back, 1 + h1 % 3 AS pieces
        FROM drawn)
    SELECT '{PART}' AS import_id, '' AS source_sheet, i + 2 AS source_row, 'o' || number AS order_id,
        CASE WHEN hash(number + 5) % 20 = 0 THEN NULL ELSE 'c' || CAST(floor($customers * u * u * u) AS BIGINT) END AS customer_id,
        TIMESTAMP '2023-01-01 08:00:00' + to_minutes(CAST(number * $days * 1440.0 / ($lines / 3) AS BIGINT)) AS ordered_at,
        'p' || CAST(floor(2000 * v * v) AS BIGINT) AS product_id,
        CAST(CASE WHEN back THEN -1 ELSE pieces END AS DECIMAL(18,4)) AS quantity,
        CAST(2 + floor(2000 * v * v) % 40 AS DECIMAL(18,4)) AS unit_price,
        CAST((CASE WHEN back THEN -1 ELSE pieces END) * (2 + floor(2000 * v * v) % 40) AS DECIMAL(18,4)) AS amount,
        NULL::DECIMAL(18,4) AS discount, NULL::DECIMAL(18,4) AS cost, 'GBP' AS currency, back AS cancelled,
        NULL::VARCHAR AS channel, 's' || hash(number + 9) % 5 AS store, NULL::VARCHAR AS staff, NULL::VARCHAR AS payment_method, NULL::VARCHAR AS status
    FROM lines"""

_DELIVERED = "SELECT order_id, customer_id, ordered_at, product_id, quantity, unit_price, amount, store FROM sales"


def sales_sql(lines: int, *, days: int = 1095, refunds: bool = True) -> str:
    """That many order lines over so many days from 2023 on, about one customer to ten lines; every fiftieth takes goods back."""
    values = {"$lines": lines, "$customers": lines // 10, "$days": days, "$refunds": refunds}
    text = _SALES
    for name, value in values.items():
        text = text.replace(name, str(value))
    return text


def sales_file(workspace: Path) -> Path:
    return workspace / "parts" / PART / "sales.parquet"


def write_sales(path: Path, lines: int, *, refunds: bool = True) -> None:
    """A part's sales table."""
    from regulars.engines.duckdb import literal, scratch

    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch() as connection:
        connection.execute(f"COPY ({sales_sql(lines, refunds=refunds)}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")
    said = {"id": PART, "path": path.name, "loaded_at": "2025-01-01T00:00:00+00:00"}
    path.with_name("import.json").write_text(json.dumps(said), encoding="utf-8")


def write_deliveries(folder: Path, lines: int) -> None:
    """``year.csv``, a year of that many order lines, and ``day.csv``, the day after it, as a shop delivers them."""
    from regulars.engines.duckdb import literal, scratch

    with scratch() as connection:
        connection.execute(f"CREATE TABLE sales AS {sales_sql(lines * 366 // 365, days=366)}")
        for name, which in (("year", "< DATE '2024-01-01'"), ("day", ">= DATE '2024-01-01'")):
            connection.execute(f"COPY ({_DELIVERED} WHERE ordered_at {which}) TO {literal(folder / f'{name}.csv')} (FORMAT csv, HEADER)")


def prepare(what: str, folder: Path, lines: int) -> None:
    """Write ``sales`` or ``deliveries`` in a process of its own: a process that is measured counts the memory of the one that starts it."""
    subprocess.run([sys.executable, "-m", "benchmarks.data", what, str(folder), str(lines)], check=True, cwd=Path(__file__).parent.parent)


if __name__ == "__main__":
    place, size = Path(sys.argv[2]), int(sys.argv[3])
    if sys.argv[1] == "sales":
        write_sales(sales_file(place), size)
    else:
        write_deliveries(place, size)
