"""Deriving what a snapshot serves from all its parts: orders, returns, customers, products, payments, customer days.

Runs on DuckDB alone. Three passes over the delivered rows: every order as the sum of its rows; which orders are not as plain
as that; and the rows of those, for the ledger. The rows themselves are not written again: ``order_lines`` is a view of them.
"""

from __future__ import annotations

from typing import Final

from regulars.engines.duckdb import Connection
from regulars.errors import N_
from regulars.progress import Progress, silent
from regulars.schema import TABLES, Table
from regulars.snapshots.entries import ATTRIBUTES, ENTANGLED, ENTANGLED_ENTRIES, FILLED, entries_sql, heads_sql, order_lines_sql
from regulars.snapshots.ledger import derive_ledger

_UNIT_COSTS: Final = """
    select product_id, arg_max(unit_cost, (import_id, source_sheet, source_row)) as unit_cost from part_products
    where unit_cost is not null and product_id is not null group by product_id"""

_ORDERS: Final = f"""
    select number as order_id, customer_id, book, ordered_at, day as ordered_on, null as cancelled_on, items, amount as gross_revenue,
        amount as net_revenue, cost, {", ".join(ATTRIBUTES)} from heads
    union all by name select * exclude (first_row) from entangled_orders"""

_RETURNS: Final = """
    select source_id as return_id, row_number() over (partition by book, source_id order by source_row, order_id, line_number) as line_number,
        customer_id, book, booked_at as returned_at, booked_on as returned_on, product_id, quantity, unit_price, amount,
        case when kind = 'refund' then order_id end as order_id, kind = 'refund' as matched, import_id, source_row
    from ledger where kind in ('refund', 'unmatched')"""

_CUSTOMER_DAYS: Final = """
    with moved as (
        select customer_id, book, day as ordered_on, day as booked_on, 1 as orders, items, amount as gross_revenue, amount, cost, margin from heads
        union all
        select customer_id, book, ordered_on, booked_on, 0, quantity, case when kind = 'sale' then amount end, amount, cost, amount - cost from ledger
        union all
        select customer_id, book, ordered_on, ordered_on, 1, 0, 0, 0, null, null from entangled_orders
        union all
        select customer_id, book, ordered_on, cancelled_on, -1, 0, 0, 0, null, null from entangled_orders where cancelled_on is not null)
    select customer_id, book, ordered_on, booked_on, sum(orders) as orders, sum(items) as items, coalesce(sum(gross_revenue), 0) as gross_revenue,
        sum(amount) as net_revenue, sum(cost) as cost, sum(margin) as margin
    from moved group by customer_id, book, ordered_on, booked_on"""


def _latest(table: Table, source: str, key: str) -> str:
    """The last value that a delivery gave for each attribute."""
    seq = "(import_id, source_sheet, source_row)"
    picked = ", ".join(f"arg_max({f.name}, {seq}) filter (where {f.name} is not null) as {f.name}" for f in table.fields if f.name != key)
    return f"select {key}, {picked} from {source} where {key} is not null group by {key}"


_CUSTOMERS: Final = f"""
    select coalesce(seen.customer_id, told.customer_id) as customer_id, told.* exclude (customer_id)
    from (select distinct customer_id from customer_days where customer_id is not null) as seen
    full join ({_latest(TABLES["customers"], "part_customers", "customer_id")}) as told on told.customer_id = seen.customer_id"""
"""Who bought, and whom a list of customers names."""

_PAYMENTS: Final = """
    select payment_id, order_id, customer_id, coalesce(currency, 'XXX') as book, paid_at, cast(paid_at - to_hours({day_starts_at}) as date) as paid_on,
        method, amount from part_payments"""


def derive(built: Connection, day_starts_at: int, progress: Progress = silent) -> None:
    """Fill the database with every relation of the schema but the rollup, from ``sales``, ``part_*`` and ``places`` in it.

    ``order_lines`` is a view that ends with this connection; what it reads beside the rows themselves is kept: ``entangled`` (order
    numbers), ``entangled_lines`` and ``unit_costs``. ``day_starts_at`` is the hour (0–12) at which the shop's business day begins.
    """
    reading = N_("Arranging the data")
    progress(reading, 0, 5)
    built.execute(f"CREATE TABLE unit_costs AS {_UNIT_COSTS}")
    built.execute(f"CREATE TEMP VIEW entries AS {entries_sql('sales', day_starts_at, costs=_any(built, 'unit_costs'))}")
    built.execute(f"CREATE TEMP TABLE heads AS {heads_sql(_stated(built))}")
    progress(reading, 1, 5)
    built.execute(f"CREATE TEMP TABLE filled AS {FILLED}")
    built.execute(f"CREATE TABLE entangled AS {ENTANGLED}")
    built.execute("DELETE FROM heads WHERE number IN (SELECT number FROM entangled)")
    progress(reading, 2, 5)
    built.execute(f"CREATE TEMP TABLE entangled_entries AS {ENTANGLED_ENTRIES}")
    derive_ledger(built)
    progress(reading, 3, 5)
    _keep(built, TABLES["order_lines"], "select * from ledger", name="entangled_lines")
    built.execute(f"CREATE TEMP VIEW order_lines AS {order_lines_sql('SELECT * FROM entries')}")
    _keep(built, TABLES["returns"], _RETURNS)
    _keep(built, TABLES["customer_days"], _CUSTOMER_DAYS, clustered=True)
    progress(reading, 4, 5)
    _keep(built, TABLES["orders"], _ORDERS)
    _keep(built, TABLES["customers"], _CUSTOMERS, clustered=True)
    _keep(built, TABLES["products"], _latest(TABLES["products"], "part_products", "product_id"))
    _keep(built, TABLES["payments"], _PAYMENTS.format(day_starts_at=day_starts_at))


def _keep(built: Connection, table: Table, sql: str, *, name: str | None = None, clustered: bool = False) -> None:
    """Write a derived relation in the schema's columns and types; ``clustered`` by customer, where most questions group by one."""
    cast = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind in table.columns.items())
    built.execute(f"CREATE TABLE {name or table.name} AS SELECT {cast} FROM ({sql}) {'ORDER BY customer_id' if clustered else ''}")


def _any(built: Connection, table: str) -> bool:
    return bool(built.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _stated(built: Connection) -> list[str]:
    """The attributes of an order that any row states."""
    counts = built.execute(f"SELECT {', '.join(f'count({name})' for name in ATTRIBUTES)} FROM sales").fetchall()[0]
    return [name for name, count in zip(ATTRIBUTES, counts, strict=True) if count]
