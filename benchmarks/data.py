"""Order lines for the benchmarks: skewed customers and products, refunds, walk-ins, three years; the same for the same size."""

from __future__ import annotations

from pathlib import Path

from regulars.engines.duckdb import literal, scratch

_SALES = """
    WITH drawn AS (
        SELECT i, hash(i) AS h1, hash(i + 1000000007) AS h2, hash(i + 2000000011) AS h3, hash(i // 3) AS per_order FROM range($lines) AS t(i)),
    lines AS (
        SELECT i, h1, per_order % 1000003 / 1000003.0 AS u, h2 % 1000003 / 1000003.0 AS v, h3 % 1000003 / 1000003.0 AS w, i // 3 AS number FROM drawn)
    SELECT '00001-bench' AS import_id, '' AS source_sheet, i + 2 AS source_row, 'o' || number AS order_id,
        CASE WHEN hash(number + 5) % 20 = 0 THEN NULL ELSE 'c' || CAST(floor($customers * u * u * u) AS BIGINT) END AS customer_id,
        TIMESTAMP '2023-01-01 08:00:00' + to_minutes(CAST(number * 1576800.0 / ($lines / 3) AS BIGINT)) AS ordered_at,
        'p' || CAST(floor(2000 * v * v) AS BIGINT) AS product_id,
        CAST(CASE WHEN h1 % 50 = 0 THEN -1 ELSE 1 + h1 % 3 END AS DECIMAL(18,4)) AS quantity,
        CAST(2 + floor(2000 * v * v) % 40 AS DECIMAL(18,4)) AS unit_price,
        CAST((CASE WHEN h1 % 50 = 0 THEN -1 ELSE 1 + h1 % 3 END) * (2 + floor(2000 * v * v) % 40) AS DECIMAL(18,4)) AS amount,
        NULL::DECIMAL(18,4) AS discount, NULL::DECIMAL(18,4) AS cost, 'GBP' AS currency, h1 % 50 = 0 AS cancelled,
        NULL::VARCHAR AS channel, 's' || per_store AS store, NULL::VARCHAR AS staff, NULL::VARCHAR AS payment_method, NULL::VARCHAR AS status
    FROM (SELECT *, hash(number + 9) % 5 AS per_store FROM lines)"""


def write_sales(path: Path, lines: int) -> None:
    """A part's sales table with that many order lines, about one customer to ten lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch() as connection:
        connection.execute(
            f"COPY ({_SALES.replace('$lines', str(lines)).replace('$customers', str(lines // 10))}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)"
        )
