"""What the delivered rows say: every sales row as an entry, and every order as far as its rows alone tell it.

Nearly all orders are plain: one customer, one day, one shop, one sheet, and nothing ever comes back. Their rows, added up once, are
the order. The others are *entangled* (a refund, a cancelled line, a number used twice, a sale that a refund may take
back); only they go through the ledger (``ledger.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

ATTRIBUTES: Final = ("channel", "store", "staff", "payment_method", "status")
"""What an order's row says of the order; read off its first row where rows differ."""


def entries_sql(source: str, day_starts_at: int, *, costs: bool) -> str:
    """Every row of a relation of sales, with its book, its business day and its order's number.

    ``odd`` marks what is not simply a sale. ``costs`` says that a relation ``unit_costs`` knows costs by product, for rows that state none.
    """
    day = f"cast({f'ordered_at - to_hours({day_starts_at})' if day_starts_at else 'ordered_at'} as date)"
    cost = "coalesce(s.cost, try_cast(s.quantity::decimal(38,4) * u.unit_cost as decimal(18,4)))" if costs else "s.cost"
    return f"""
        select s.* replace ({cost} as cost, abs(s.unit_price) as unit_price), coalesce(currency, 'XXX') as book, {day} as day,
            (cancelled or quantity < 0 or amount < 0) is true as odd,
            coalesce(s.order_id, case when s.customer_id is null then concat_ws(' ', 'row', s.import_id, nullif(s.source_sheet, ''), s.source_row)
                else concat_ws(' ', 'day', s.customer_id, {day}) end) as number
        from {source} as s {"left join unit_costs as u on u.product_id = s.product_id" if costs else ""}"""


def heads_sql(attributes: Sequence[str]) -> str:
    """One row per order number of ``entries``: its sums, and whether its rows disagree in anything but the goods.

    ``attributes`` are those that any row states. Rows are compared by a 64-bit hash; two that differ share one with a chance of 1 : 10¹⁹.
    """
    stated = "".join(f"any_value({name}) as {name}, " if name in attributes else f"cast(null as varchar) as {name}, " for name in ATTRIBUTES)
    same = ", ".join(("book", "customer_id", "day", "import_id", "source_sheet", *attributes))
    return f"""
        with compared as (
            select *, case when odd then 0 else greatest(hash({same}), 1) end as alike from entries)
        select number, any_value(book) as book, any_value(customer_id) as customer_id, min(ordered_at) as ordered_at, any_value(day) as day,
            cast(sum(quantity) as decimal(18,4)) as items, cast(sum(amount) as decimal(18,4)) as amount, cast(sum(cost) as decimal(18,4)) as cost,
            cast(sum(amount - cost) as decimal(18,4)) as margin, {stated}min(alike) = 0 or min(alike) <> max(alike) as differs,
            count(customer_id) > 0 and count(customer_id) < count(*) as mixed
        from compared group by number"""


ENTANGLED: Final = """
    with refunded as (
        select distinct e.book, coalesce(e.customer_id, filler) as customer_id, product_id, unit_price
        from (select * from entries where quantity < 0 or amount < 0) as e
        left join filled as f on f.book = e.book and f.number = e.number and f.day = e.day and f.store is not distinct from e.store
        where coalesce(e.customer_id, filler) is not null)
    select number from heads where differs
    union
    select number from entries as e semi join refunded as r
        on e.book = r.book and e.customer_id = r.customer_id and e.unit_price = r.unit_price and e.product_id is not distinct from r.product_id"""
"""The numbers of the orders that are not plain, and of all that hold a sale which a refund could take back."""

FILLED: Final = """
    select book, number, day, store, max(customer_id) as filler
    from entries semi join (select number from heads where mixed) using (number)
    where order_id is not null group by book, number, day, store having count(*) > count(customer_id) and count(customer_id) > 0"""
"""Orders of which only some lines name the customer: a line without one takes its order's."""

ENTANGLED_ENTRIES: Final = """
    select e.* replace (coalesce(e.customer_id, filler) as customer_id), place * 1099511627776 + source_row as row,
        case when cancelled and amount >= 0 and quantity >= 0 then 'void' when quantity < 0 then 'refund' when amount < 0 then 'adjustment' else 'sale' end
            as kind,
        case when quantity < 0 or amount < 0 then abs(quantity) else 0 end as back
    from entries as e semi join tangled using (number) join places using (import_id, source_sheet)
    left join filled as f on f.book = e.book and f.number = e.number and f.day = e.day and f.store is not distinct from e.store"""
"""The rows of the entangled orders, with their kind; ``row`` orders all rows of all deliveries: the sheet's place times two to the fortieth, plus the row."""


def order_lines_sql(entries: str) -> str:
    """The ledger as it is served: the rows of plain orders as they were delivered, and what the ledger made of the others."""
    return f"""
        select number as order_id, cast(source_row as bigint) as line_number, customer_id, book, ordered_at, day as ordered_on, day as booked_on,
            'sale' as kind, product_id, quantity, cast(unit_price as decimal(18,4)) as unit_price, amount,
            cast(cost as decimal(18,4)) as cost, import_id, source_row
        from ({entries}) as e anti join entangled using (number)
        union all by name select * exclude (number, source_id) from entangled_lines"""
