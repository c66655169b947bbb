"""The ledger of the entangled orders: every refund set against the sale it takes back, and the orders that follow from it.

A list of named steps over ``entangled_entries``. Each step is one relation whose SQL says how it follows from those above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from regulars.engines.duckdb import Connection
from regulars.models.matching import match_refunds

SCALE: Final = 10_000
"""Quantities are DECIMAL(18,4); the matcher counts in ten-thousandths of a piece."""


@dataclass(frozen=True, slots=True)
class Step:
    """One derived relation."""

    name: str
    sql: str


_NUMBERS = Step(
    "numbers",
    """
    select book, number, min(day) <> max(day) as days_differ, count(distinct customer_id) as customers,
        min(coalesce(store, '')) <> max(coalesce(store, '')) or min(coalesce(customer_id, '')) <> max(coalesce(customer_id, '')) as others
    from entangled_entries where kind in ('sale', 'void') group by book, number""",
)
"""How the number of each entangled order is used."""


def habits_sql(*before: str) -> str:
    """Whether numbers are seen to start over in a book: how many are ``shared`` by several customers.

    From the numbers of the entangled and of the plain orders here; ``before`` are SELECTs that count more (book, numbers, shared).
    """
    here = ("select book, 1 as numbers, cast(customers > 1 as integer) as shared from numbers", "select book, count(*), 0 from heads group by book")
    return f"""
        select book, cast(sum(numbers) as bigint) as numbers, cast(sum(shared) as bigint) as shared, sum(shared) > 0.01 * sum(numbers) as restarts
        from ({" union all ".join((*here, *before))}) group by book having sum(numbers) > 0"""


_REUSED = Step(
    "reused",
    """
    select book, number from numbers join habits using (book) where others or days_differ and (customers = 0 or restarts)""",
)
"""An order number used again in another shop or for another customer is another order. On another day it is the same order if it is
one customer's (a deposit and its balance, a night's order past the cut-off), unless numbers are seen to start over in this book."""

_NUMBERED = Step(
    "numbered_entries",
    """
    select e.*, case when reused.number is not null and kind in ('sale', 'void')
            then concat_ws(' · ', e.number, e.day, e.store, e.customer_id) else e.number end as order_key
    from entangled_entries as e left join reused on e.book = reused.book and e.number = reused.number""",
)

_REFUND_KEYS = """
    with wanted as (
        select distinct book, customer_id, product_id, unit_price from entangled_entries where back > 0 and customer_id is not null)
    select dense_rank() over (order by e.book, e.customer_id, coalesce(e.product_id, ''), e.unit_price) as key, epoch_us(ordered_at) as time, row,
        cast(case when back > 0 then -back else quantity end * {scale} as bigint) as quantity
    from entangled_entries as e join wanted as w on e.book = w.book and e.customer_id = w.customer_id and e.unit_price = w.unit_price
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
            source_row, row, number
        from numbered_entries as e left join spread as s on e.book = s.book and e.order_key = s.order_key where kind in ('sale', 'void')
        union all
        select e.order_key, e.order_key, customer_id, e.book, coalesce(first_at, ordered_at), ordered_at, coalesce(first_day, day), day, 'refund', product_id,
            -quantity, unit_price, -amount, -cost, import_id, source_row, row, number
        from numbered_entries as e left join spread as s on e.book = s.book and e.order_key = s.order_key where kind = 'void'
        union all
        select sale_order, r.order_key, r.customer_id, r.book, sale_at, r.ordered_at, sale_day, r.day, 'refund', r.product_id, -t.quantity, r.unit_price,
            taken_amount, -taken_cost, r.import_id, r.source_row, r.row, r.number
        from taken as t join numbered_entries as r on r.row = refund_row
        union all
        select l.order_key, l.order_key, l.customer_id, l.book, coalesce(sale_at, l.ordered_at), l.ordered_at, coalesce(sale_day, l.day), l.day,
            case when kind = 'adjustment' then kind when sale_at is not null then 'refund' else 'unmatched' end,
            product_id, case when kind = 'adjustment' then 0 else quantity end, unit_price, amount, null, import_id, source_row, row, number
        from leftover as l left join numbers as n on l.book = n.book and l.order_id = n.order_key and n.sale_at <= l.ordered_at
            and l.customer_id is not distinct from n.customer_id)
    select order_id, source_id, customer_id, book, ordered_at, booked_at, ordered_on, booked_on, kind, product_id, cast(quantity as decimal(18,4)) as quantity,
        cast(unit_price as decimal(18,4)) as unit_price, cast(amount as decimal(18,4)) as amount, cast(cost as decimal(18,4)) as cost, import_id, source_row,
        row_number() over (partition by book, order_id order by booked_on, row, kind desc, quantity, ordered_at, amount, cost) as line_number, row,
        number
    from entry""",
)
"""The ledger. A refund goes first to the sales the matcher found (same customer, product and price), then to the order whose
number it carries, and what is left stands alone on its own day. A negative price on goods that were never sold is an adjustment."""

_ORDERS = Step(
    "entangled_orders",
    """
    with summed as (
        select order_id, max(customer_id) as customer_id, book, min(ordered_at) as ordered_at, min(ordered_on) as ordered_on,
            case when count(*) filter (where kind = 'refund') > 0 and sum(quantity) <= 0
                and (sum(amount) <= 0 or count(product_id) = count(*)) then max(booked_on) end as cancelled_on,
            sum(case when kind = 'sale' then quantity end) as items, sum(case when kind = 'sale' then amount end) as gross_revenue,
            sum(amount) as net_revenue, sum(cost) as cost, sum(amount - cost) as margin, min(case when kind = 'sale' then row end) as first_row
        from ledger where kind <> 'unmatched' group by book, order_id)
    select s.*, channel, store, staff, payment_method, status from summed as s join numbered_entries as e on e.row = first_row""",
)
"""Orders with at least one sale; where it was sold is read off its first line."""


def derive_ledger(built: Connection, habits: str) -> None:
    """From ``entangled_entries`` to ``ledger`` and ``entangled_orders``; ``habits`` is the SELECT of ``habits_sql``."""
    built.execute(f"CREATE TEMP TABLE {_NUMBERS.name} AS {_NUMBERS.sql}")
    built.execute(f"CREATE OR REPLACE TABLE habits AS {habits}")
    built.execute(f"CREATE TEMP TABLE {_REUSED.name} AS {_REUSED.sql}")
    built.execute(f"CREATE TEMP VIEW {_NUMBERED.name} AS {_NUMBERED.sql}")
    built.register("matches_found", _matches(built))
    built.execute(f"CREATE TEMP TABLE matches AS SELECT refund_row, sale_row, cast(quantity as decimal(18,0)) / {SCALE} AS quantity FROM matches_found")
    built.unregister("matches_found")
    for step in (_LEDGER, _ORDERS):
        built.execute(f"CREATE TEMP TABLE {step.name} AS {step.sql}")


def _matches(built: Connection) -> pa.Table:
    """(refund row, sale row, pieces in ten-thousandths) of every refund that found its sale."""
    found = built.execute(_REFUND_KEYS.format(scale=SCALE)).to_arrow_table()
    key, time, row, quantity = (found[name].to_numpy().astype(np.int64) for name in ("key", "time", "row", "quantity"))
    refund, sale, taken = match_refunds(key, time, row, quantity)[:3]
    return pa.table({"refund_row": row[refund], "sale_row": row[sale], "quantity": taken})
