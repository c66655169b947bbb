"""Deriving what a snapshot serves from all its parts: orders, returns, customers, products, payments, customer days.

Runs on DuckDB alone. Three passes over the delivered rows: every order as the sum of its rows; which orders are not as plain
as that; and the rows of those, for the ledger. The rows themselves are not written again: ``order_lines`` is a view of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.engines.duckdb import Connection
from regulars.errors import N_
from regulars.progress import Progress, silent
from regulars.schema import TABLES, Field, Table
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.entries import ATTRIBUTES, ENTANGLED, ENTANGLED_ENTRIES, FILLED, entries_sql, heads_sql, order_lines_sql
from regulars.snapshots.facts import create_facts
from regulars.snapshots.ledger import derive_ledger, habits_sql
from regulars.snapshots.parts import first_id
from regulars.snapshots.typing import holds, typed

READING: Final = N_("Arranging the data")

UNIT_COSTS: Final = """
    select product_id, arg_max(unit_cost, (import_id, source_sheet, source_row)) as unit_cost from part_products
    where unit_cost is not null and product_id is not null group by product_id"""

ORDERS: Final = f"""
    select number as order_id, customer_id, book, ordered_at, day as ordered_on, null as cancelled_on, items, amount as gross_revenue,
        amount as net_revenue, cost, margin, {", ".join(ATTRIBUTES)} from heads
    union all by name select * exclude (first_row) from entangled_orders"""

RETURNS: Final = """
    select source_id as return_id, row_number() over (partition by book, source_id order by source_row, order_id, line_number) as line_number,
        customer_id, book, booked_at as returned_at, booked_on as returned_on, product_id, quantity, unit_price, amount,
        case when kind = 'refund' then order_id end as order_id, kind = 'refund' as matched, import_id, source_row
    from ledger where kind in ('refund', 'unmatched')"""

CUSTOMER_DAYS: Final = """
    with moved as (
        select customer_id, book, {day} as ordered_on, {day} as booked_on, 1 as orders, items, {amount} as gross_revenue, {amount} as amount, cost, margin
        from {plain}
        union all
        select customer_id, book, ordered_on, booked_on, 0, quantity, case when kind = 'sale' then amount end, amount, cost, amount - cost from {lines}
        union all
        select customer_id, book, ordered_on, ordered_on, 1, 0, 0, 0, null, null from {orders}
        union all
        select customer_id, book, ordered_on, cancelled_on, -1, 0, 0, 0, null, null from {orders} where cancelled_on is not null)
    select customer_id, book, ordered_on, booked_on, sum(orders) as orders, sum(items) as items, coalesce(sum(gross_revenue), 0) as gross_revenue,
        sum(amount) as net_revenue, sum(cost) as cost, sum(margin) as margin
    from moved group by customer_id, book, ordered_on, booked_on"""
"""From the plain orders, and the lines and orders of the ledger."""


def _latest(table: Table, source: str, key: str) -> str:
    """The last value that a delivery gave for each attribute."""
    seq = "(import_id, source_sheet, source_row)"
    picked = ", ".join(f"arg_max({f.name}, {seq}) filter (where {f.name} is not null) as {f.name}" for f in table.fields if f.name != key)
    return f"select {key}, {picked} from {source} where {key} is not null group by {key}"


def customers_sql(among: str = "") -> str:
    """Who bought, and whom a list of customers names; ``among`` may reduce both by a join."""
    return f"""
        select coalesce(seen.customer_id, told.customer_id) as customer_id, told.* exclude (customer_id)
        from (select distinct customer_id from customer_days {among} where customer_id is not null) as seen
        full join ({_latest(TABLES["customers"], f"part_customers {among}", "customer_id")}) as told on told.customer_id = seen.customer_id"""


def products_sql(among: str = "") -> str:
    """What the deliveries say of products; ``among`` may reduce them by a join."""
    return _latest(TABLES["products"], f"part_products {among}", "product_id")


_PAID: Final = "number, currency, order_id, customer_id, cast(paid_at as date)"

PAYMENTS: Final = f"""
    select payment_id, order_id, customer_id, coalesce(currency, 'XXX') as book, paid_at, cast(paid_at - to_hours({{day_starts_at}}) as date) as paid_on,
        method, amount
    from (
        select *, case when number is null then (paid_at, method, amount) end as content, case when number is null then
            row_number() over (partition by import_id, {_PAID}, paid_at, method, amount order by source_sheet, source_row) end as copy
        from (select *, case when not starts_with(payment_id, {first_id("import_id")}) then payment_id end as number from part_payments))
    qualify number is null and order_id is null or import_id = max(import_id) over (partition by {_PAID}, content, copy)"""
"""Each payment as the last delivery that names it shows it: its number, order, customer and day say which it is. One without a number of its own
(it was given its place for one) is known within its order by its content, the n-th copy answering to the n-th copy; without an order, never.
"""

ENTANGLED_LINES: Final = (*TABLES["order_lines"].fields, Field("number", "text", ""), Field("source_id", "text", ""))
"""What is kept of the ledger: beside the columns that are served, the number of the entry's own row, and the refund that it is."""


def derive(built: Connection, arrangement: Arrangement, progress: Progress = silent) -> None:
    """Fill the database with every relation of the schema that does not depend on the day asked for, from ``sales``, ``part_*`` and ``places`` in it.

    ``order_lines`` is a view that ends with this connection; what it reads beside the rows themselves is kept: ``entangled`` (order
    numbers), ``entangled_lines`` and ``unit_costs``. ``used_numbers`` and ``habits`` are kept for the next delivery (``increment``).
    """
    progress(READING, 0, 5)
    built.execute(f"CREATE TABLE unit_costs AS {UNIT_COSTS}")
    built.execute(f"CREATE TEMP VIEW entries AS {entries_sql('sales', arrangement.day_starts_at, costs=holds(built, 'unit_costs'))}")
    disentangle(built, _stated(built))
    progress(READING, 2, 5)
    derive_ledger(built, habits_sql())
    progress(READING, 3, 5)
    for name, kept in KEPT.items():
        built.execute(f"CREATE TABLE {name} AS {kept}")
    built.execute(f"CREATE TEMP VIEW order_lines AS {order_lines_sql('SELECT * FROM entries')}")
    days = CUSTOMER_DAYS.format(day="day", amount="amount", plain="heads", lines="ledger", orders="entangled_orders")
    built.execute(f"CREATE TABLE customer_days AS {typed(TABLES['customer_days'].fields, days)} ORDER BY customer_id")
    progress(READING, 4, 5)
    built.execute(f"CREATE TABLE customers AS {typed(TABLES['customers'].fields, customers_sql())} ORDER BY customer_id")
    built.execute(f"CREATE TABLE products AS {typed(TABLES['products'].fields, products_sql())}")
    built.execute(f"CREATE TABLE payments AS {typed(TABLES['payments'].fields, PAYMENTS.format(day_starts_at=arrangement.day_starts_at))}")
    create_facts(built, arrangement)


def disentangle(built: Connection, attributes: Sequence[str]) -> None:
    """From ``entries`` to ``heads`` (the plain orders), ``tangled`` (the numbers of the others) and ``entangled_entries`` (their rows)."""
    built.execute(f"CREATE TEMP TABLE heads AS {heads_sql(attributes)}")
    built.execute(f"CREATE TEMP TABLE filled AS {FILLED}")
    built.execute(f"CREATE TEMP TABLE tangled AS {ENTANGLED}")
    built.execute("DELETE FROM heads WHERE number IN (SELECT number FROM tangled)")
    built.execute(f"CREATE TEMP TABLE entangled_entries AS {ENTANGLED_ENTRIES}")


KEPT: Final = {
    "entangled": "SELECT number FROM tangled",
    "used_numbers": "SELECT * FROM numbers",
    "entangled_lines": typed(ENTANGLED_LINES, "select * from ledger"),
    "returns": typed(TABLES["returns"].fields, RETURNS),
    "orders": typed(TABLES["orders"].fields, ORDERS),
}
"""What follows from the rows of each order number and of those entangled with it."""


def _stated(built: Connection) -> list[str]:
    """The attributes of an order that any row states."""
    counts = built.execute(f"SELECT {', '.join(f'count({name})' for name in ATTRIBUTES)} FROM sales").fetchall()[0]
    return [name for name, count in zip(ATTRIBUTES, counts, strict=True) if count]
