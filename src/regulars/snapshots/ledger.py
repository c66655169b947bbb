"""Deriving what a snapshot serves from all its parts: the sales ledger, orders, customers, customer days.

Runs on DuckDB alone, as a list of named steps. Each step is one relation whose SQL says how it follows from those above
it; ``order_lines`` is the ledger, with every refund set against the sale it takes back, and all sums follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from regulars.engines.duckdb import Connection
from regulars.errors import N_
from regulars.models.matching import match_refunds
from regulars.progress import Progress, silent
from regulars.schema import PART_TABLES, TABLES, Table

SCALE: Final = 10_000
"""Quantities are DECIMAL(18,4); the matcher counts in ten-thousandths of a piece."""


@dataclass(frozen=True, slots=True)
class Step:
    """One derived relation."""

    name: str
    sql: str


_ENTRIES = Step(
    "entries",
    """
    with unit_costs as (
        select product_id, arg_max(unit_cost, (import_id, source_sheet, source_row)) as unit_cost from part_products
        where unit_cost is not null and product_id is not null group by product_id),
    placed as (
        select s.* replace (coalesce(s.cost, try_cast(s.quantity * p.unit_cost as decimal(18,4))) as cost),
            place * 1099511627776 + source_row as row, coalesce(currency, 'XXX') as book,
            cast(ordered_at - to_hours($day_starts_at) as date) as day,
            case when cancelled and amount >= 0 and quantity >= 0 then 'void'
                when quantity < 0 then 'refund' when amount < 0 then 'adjustment' else 'sale' end as kind
        from sales as s join places using (import_id, source_sheet) left join unit_costs as p on p.product_id = s.product_id),
    filled as (
        select book, order_id, store, day, max(customer_id) as filler
        from placed where order_id is not null group by book, order_id, store, day
        having count(*) > count(customer_id) and count(customer_id) > 0)
    select p.* replace (coalesce(p.customer_id, filler) as customer_id, abs(p.unit_price) as unit_price),
        case when kind in ('refund', 'adjustment') then abs(p.quantity) else 0 end as back,
        coalesce(p.order_id, case when p.customer_id is null then 'row ' || row else 'day ' || p.customer_id || ' ' || p.day end) as number
    from placed as p left join filled as f
        on p.book = f.book and p.order_id = f.order_id and p.day = f.day and p.store is not distinct from f.store""",
)
"""Every sales row with its business day, its kind, its order's number, and its cost, by the product list where the row has none;
a line without a customer takes its order's. ``row`` orders all rows of all deliveries: the sheet's place times two to the fortieth, plus the row."""

_REUSED = Step(
    "reused",
    """
    with numbers as (
        select book, number, min(day) <> max(day) as days_differ, count(distinct customer_id) as customers,
            min(coalesce(store, '')) <> max(coalesce(store, '')) or min(coalesce(customer_id, '')) <> max(coalesce(customer_id, '')) as others
        from entries where kind in ('sale', 'void') group by book, number),
    habit as (select book, avg(cast(customers > 1 as int)) > 0.01 as restarts from numbers group by book)
    select book, number from numbers join habit using (book) where others or days_differ and (customers = 0 or restarts)""",
)
"""An order number used again in another shop or for another customer is another order. On another day it is the same order if it is
one customer's (a deposit and its balance, a night's order past the cut-off), unless numbers are seen to start over in this book."""

_NUMBERED = Step(
    "numbered_entries",
    """
    select e.*, case when reused.number is not null and kind in ('sale', 'void')
            then concat_ws(' · ', e.number, e.day, e.store, e.customer_id) else e.number end as order_key
    from entries as e left join reused on e.book = reused.book and e.number = reused.number""",
)

_REFUND_KEYS = """
    with wanted as (
        select distinct book, customer_id, product_id, unit_price from entries where back > 0 and customer_id is not null)
    select dense_rank() over (order by e.book, e.customer_id, coalesce(e.product_id, ''), e.unit_price) as key, epoch_us(ordered_at) as time, row,
        cast(case when back > 0 then -back else quantity end * {scale} as bigint) as quantity
    from entries as e join wanted as w on e.book = w.book and e.customer_id = w.customer_id and e.unit_price = w.unit_price
        and e.product_id is not distinct from w.product_id
    where back > 0 or kind = 'sale' and quantity > 0
    order by row"""

_LEDGER = Step(
    "ledger",
    """
    with matched as (
        select m.*, sum(quantity) over (partition by refund_row order by sale_row desc rows unbounded preceding) as until from matches as m),
    taken as (
        select refund_row, m.quantity, r.amount, s.order_key as sale_order, s.ordered_at as sale_at, s.day as sale_day,
            cast(round(cast(r.amount as double) * until / r.back, 4) - round(cast(r.amount as double) * (until - m.quantity) / r.back, 4)
                as decimal(18,4)) as taken_amount,
            cast(s.cost as double) * m.quantity / s.quantity as taken_cost
        from matched as m join numbered_entries as r on r.row = refund_row join numbered_entries as s on s.row = sale_row),
    leftover as (
        select r.* replace (coalesce(t.quantity, 0) - r.back as quantity, r.amount - coalesce(t.amount, 0) as amount)
        from numbered_entries as r
        left join (select refund_row, sum(quantity) as quantity, sum(taken_amount) as amount from taken group by refund_row) as t on t.refund_row = r.row
        where kind in ('refund', 'adjustment') and (r.back = 0 or coalesce(t.quantity, 0) < r.back)),
    numbers as (
        select book, order_key, any_value(customer_id) as customer_id, min(ordered_at) as sale_at, min(day) as sale_day
        from numbered_entries where kind = 'sale' and order_id is not null and order_key = number group by book, order_key),
    spread as (
        select book, order_key, min(ordered_at) as first_at, min(day) as first_day
        from numbered_entries where kind in ('sale', 'void') and order_id is not null group by book, order_key having min(day) <> max(day)),
    entry as (
        select e.order_key as order_id, e.order_key as source_id, customer_id, e.book, coalesce(first_at, ordered_at) as ordered_at, ordered_at as booked_at,
            coalesce(first_day, day) as ordered_on, day as booked_on, 'sale' as kind, product_id, quantity, unit_price, amount, cost, import_id,
            source_row, row
        from numbered_entries as e left join spread as s on e.book = s.book and e.order_key = s.order_key where kind in ('sale', 'void')
        union all
        select order_key, order_key, customer_id, book, ordered_at, ordered_at, day, day, 'refund', product_id, -quantity, unit_price, -amount, -cost,
            import_id, source_row, row
        from numbered_entries where kind = 'void'
        union all
        select sale_order, r.order_key, r.customer_id, r.book, sale_at, r.ordered_at, sale_day, r.day, 'refund', r.product_id, -t.quantity, r.unit_price,
            taken_amount, -taken_cost, r.import_id, r.source_row, r.row
        from taken as t join numbered_entries as r on r.row = refund_row
        union all
        select l.order_key, l.order_key, l.customer_id, l.book, coalesce(sale_at, l.ordered_at), l.ordered_at, coalesce(sale_day, l.day), l.day,
            case when kind = 'adjustment' then kind when sale_at is not null then 'refund' else 'unmatched' end,
            product_id, case when kind = 'adjustment' then 0 else quantity end, unit_price, amount, null, import_id, source_row, row
        from leftover as l left join numbers as n on l.book = n.book and l.order_id = n.order_key and n.sale_at <= l.ordered_at
            and l.customer_id is not distinct from n.customer_id)
    select order_id, source_id, customer_id, book, ordered_at, booked_at, ordered_on, booked_on, kind, product_id, cast(quantity as decimal(18,4)) as quantity,
        cast(unit_price as decimal(18,4)) as unit_price, cast(amount as decimal(18,4)) as amount, cast(cost as decimal(18,4)) as cost, import_id, source_row,
        row_number() over (partition by book, order_id order by booked_on, row, kind desc, quantity, ordered_at) as line_number, row
    from entry""",
)
"""The ledger. A refund goes first to the sales the matcher found (same customer, product and price), then to the order whose
number it carries, and what is left stands alone on its own day. A negative price on goods that were never sold is an adjustment."""

_ORDERS = Step(
    "orders",
    """
    with summed as (
        select order_id, max(customer_id) as customer_id, book, min(ordered_at) as ordered_at, min(ordered_on) as ordered_on,
            case when count(*) filter (where kind = 'refund') > 0 and sum(quantity) <= 0
                and (sum(amount) <= 0 or count(product_id) = count(*)) then max(booked_on) end as cancelled_on,
            sum(case when kind = 'sale' then quantity end) as items, sum(case when kind = 'sale' then amount end) as gross_revenue,
            sum(amount) as net_revenue, sum(cost) as cost, min(case when kind = 'sale' then row end) as first_row
        from ledger where kind <> 'unmatched' group by book, order_id)
    select s.*, channel, store, staff, payment_method, status from summed as s join numbered_entries as e on e.row = first_row""",
)
"""Orders with at least one sale; where it was sold is read off its first line."""

_RETURNS = Step(
    "returns",
    """
    select source_id as return_id, row_number() over (partition by book, source_id order by source_row, order_id, line_number) as line_number,
        customer_id, book, booked_at as returned_at, booked_on as returned_on, product_id, quantity, unit_price, amount,
        case when kind = 'refund' then order_id end as order_id, kind = 'refund' as matched, import_id, source_row
    from ledger where kind in ('refund', 'unmatched')""",
)

_CUSTOMER_DAYS = Step(
    "customer_days",
    """
    with moved as (
        select customer_id, book, ordered_on, booked_on, 0 as orders, quantity as items, case when kind = 'sale' then amount end as gross_revenue, amount, cost,
            amount - cost as margin
        from ledger
        union all
        select customer_id, book, ordered_on, ordered_on, 1, 0, 0, 0, null, null from orders
        union all
        select customer_id, book, ordered_on, cancelled_on, -1, 0, 0, 0, null, null from orders where cancelled_on is not null)
    select customer_id, book, ordered_on, booked_on, sum(orders) as orders, sum(items) as items, coalesce(sum(gross_revenue), 0) as gross_revenue,
        sum(amount) as net_revenue, sum(cost) as cost, sum(margin) as margin
    from moved group by customer_id, book, ordered_on, booked_on""",
)

ROLLUP: Final = """
    with days as (
        select customer_id, book, ordered_on, sum(orders) as orders, sum(items) as items, sum(net_revenue) as net_revenue, sum(cost) as cost,
            sum(margin) as margin
        from customer_days
        where customer_id is not null and ordered_on <= :as_of and booked_on <= :as_of
        group by customer_id, book, ordered_on),
    spans as (
        select customer_id, book, min(case when orders > 0 then ordered_on end) as first_on, max(case when orders > 0 then ordered_on end) as last_on,
            sum(case when orders > 0 then 1 else 0 end) as order_days, sum(orders) as orders, sum(items) as items, sum(net_revenue) as net_revenue,
            sum(cost) as cost, sum(margin) as margin, sum(case when days_between(ordered_on, :as_of) < 365 then net_revenue else 0 end) as year_revenue
        from days group by customer_id, book)
    select customer_id, book, first_on, last_on, cast(order_days as bigint) as order_days, cast(orders as bigint) as orders, items, net_revenue, cost, margin,
        days_between(last_on, :as_of) as recency_days, days_between(first_on, last_on) as tenure_days, year_revenue
    from spans where order_days > 0"""
"""``customer_rollup`` as of any day, in the analysis dialect: what was known then, on the order basis."""


def _latest(table: Table, source: str, key: str, also: str = "") -> str:
    """The last value that a delivery gave for each attribute; ``also`` adds keys that only the sales mention."""
    seq = "(import_id, source_sheet, source_row)"
    picked = ", ".join(f"arg_max({f.name}, {seq}) filter (where {f.name} is not null) as {f.name}" for f in table.fields if f.name != key)
    return f"select {key}, {picked} from (select * from {source} {also}) where {key} is not null group by {key}"


def _steps() -> Iterator[Step]:
    blank = ", ".join(f"null as {f.name}" for f in PART_TABLES["customers"].fields[4:])
    sold = f"union all select import_id, source_sheet, source_row, customer_id, {blank} from sales"
    yield Step("customers", _latest(TABLES["customers"], "part_customers", "customer_id", sold))
    yield Step("products", _latest(TABLES["products"], "part_products", "product_id"))
    yield Step(
        "payments",
        """select payment_id, order_id, customer_id, coalesce(currency, 'XXX') as book, paid_at, cast(paid_at - to_hours($day_starts_at) as date) as paid_on,
            method, amount from part_payments""",
    )
    yield _ORDERS
    yield _RETURNS
    yield _CUSTOMER_DAYS


def derive(built: Connection, day_starts_at: int, progress: Progress = silent) -> None:
    """Fill the database with every relation of the schema but the rollup, from the views ``sales`` and ``part_*`` in it.

    ``day_starts_at`` is the hour (0–12) at which the shop's business day begins.
    """
    steps = list(_steps())
    total = len(steps) + 4
    settings = {"day_starts_at": day_starts_at}

    def step(done: int, name: str, sql: str, kind: str = "TABLE") -> None:
        progress(N_("Arranging the data"), done, total)
        built.execute(f"CREATE TEMP {kind} {name} AS {sql}", {k: v for k, v in settings.items() if f"${k}" in sql})

    step(0, _ENTRIES.name, _ENTRIES.sql)
    step(1, _REUSED.name, _REUSED.sql)
    if built.execute("SELECT count(*) FROM reused").fetchall()[0][0]:
        step(1, _NUMBERED.name, _NUMBERED.sql)
    else:
        step(1, _NUMBERED.name, "select *, number as order_key from entries", "VIEW")
    built.register("matches_found", _matches(built))
    built.execute(f"CREATE TEMP TABLE matches AS SELECT refund_row, sale_row, cast(quantity as decimal(18,0)) / {SCALE} AS quantity FROM matches_found")
    built.unregister("matches_found")
    step(2, _LEDGER.name, _LEDGER.sql)
    for done, derived in enumerate(steps, 3):
        step(done, f"new_{derived.name}", derived.sql)
        _keep(built, TABLES[derived.name], f"new_{derived.name}")
    _keep(built, TABLES["order_lines"], "ledger")


def _keep(built: Connection, table: Table, source: str) -> None:
    """Write a derived relation in the schema's column order, clustered by customer where there is one."""
    cast = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in table.columns.items())
    order = next(c for c in ("customer_id", "product_id") if c in table.columns)
    built.execute(f"CREATE TABLE {table.name} AS SELECT {cast} FROM {source} ORDER BY {order}")


def _matches(built: Connection) -> pa.Table:
    """(refund row, sale row, pieces in ten-thousandths) of every refund that found its sale."""
    found = built.execute(_REFUND_KEYS.format(scale=SCALE)).to_arrow_table()
    key, time, row, quantity = (found[name].to_numpy().astype(np.int64) for name in ("key", "time", "row", "quantity"))
    refund, sale, taken = match_refunds(key, time, row, quantity)[:3]
    return pa.table({"refund_row": row[refund], "sale_row": row[sale], "quantity": taken})
