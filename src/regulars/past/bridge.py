"""Why two states of the data differ: the step from one figure to the other, cause by cause, so that the steps add up to the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pyarrow as pa

from regulars import inline
from regulars.engines.duckdb import scratch
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.snapshots import Book
from regulars.units import Column, count, label, money, month


class State(Protocol):
    """A workspace, as it is or as it was."""

    @property
    def chosen_book(self) -> Book: ...

    @property
    def reader(self) -> Reader: ...

    def sql(self, text: str, **parameters: Any) -> pa.Table: ...


CAUSES: Final = {
    "new_days": N_("orders of days that were still to come"),
    "late": N_("orders of days gone by that came in later"),
    "corrected": N_("orders that were corrected"),
    "refunded": N_("refunds and cancellations that came in later"),
    "withdrawn": N_("orders taken back: a delivery undone, replaced, or set aside by a rule"),
}
"""Cause → words, in the order in which they are told."""

COLUMNS: Final[Mapping[str, Column]] = {
    "cause": label(N_("What happened"), N_("In what the later state differs"), CAUSES),
    "touched": count(N_("Orders touched"), N_("Orders that came, went or changed")),
    "revenue": money(N_("Revenue"), N_("Difference of net revenue")),
    "orders": count(N_("Orders"), N_("Difference of standing orders")),
    "customers": count(N_("Customers"), N_("Difference of customers with an order")),
}
MONTHS: Final[Mapping[str, Column]] = {
    "month": month(N_("Month"), N_("Month of the orders")),
    "cause": COLUMNS["cause"],
    "revenue": COLUMNS["revenue"],
}

_ORDERS: Final = """
    with lines as (
        select order_id, min(customer_id) as customer_id, min(ordered_on) as ordered_on, sum(amount) as revenue,
            sum(case when kind = 'sale' then amount else 0 end) as sold
        from order_lines group by order_id)
    select lines.order_id, lines.customer_id, lines.ordered_on, revenue, sold, case when orders.order_id is not null and cancelled_on is null then 1 else 0 end
        as standing
    from lines left join orders on orders.order_id = lines.order_id"""
"""The orders of one state, and the refunds that found none."""

_MOVED: Final = """
    CREATE TABLE moved AS
    SELECT coalesce(a.customer_id, b.customer_id) AS customer_id, coalesce(a.ordered_on, b.ordered_on) AS ordered_on,
        coalesce(a.revenue, 0) - coalesce(b.revenue, 0) AS revenue, coalesce(a.standing, 0) - coalesce(b.standing, 0) AS orders,
        CASE WHEN b.order_id IS NULL AND a.ordered_on > $known THEN 'new_days'
             WHEN b.order_id IS NULL THEN 'late'
             WHEN a.order_id IS NULL THEN 'withdrawn'
             WHEN a.sold <> b.sold OR a.ordered_on <> b.ordered_on OR a.customer_id IS DISTINCT FROM b.customer_id THEN 'corrected'
             ELSE 'refunded' END AS cause
    FROM before AS b FULL JOIN after AS a ON a.order_id = b.order_id
    WHERE a.order_id IS NULL OR b.order_id IS NULL OR a.revenue <> b.revenue OR a.sold <> b.sold OR a.standing <> b.standing
        OR a.ordered_on <> b.ordered_on OR a.customer_id IS DISTINCT FROM b.customer_id"""

_PEOPLE: Final = """
    CREATE TABLE people AS
    WITH came AS (SELECT customer_id FROM after WHERE standing = 1 EXCEPT SELECT customer_id FROM before WHERE standing = 1),
    went AS (SELECT customer_id FROM before WHERE standing = 1 EXCEPT SELECT customer_id FROM after WHERE standing = 1),
    turned AS (SELECT customer_id, 1 AS customers FROM came UNION ALL SELECT customer_id, -1 FROM went),
    caused AS (
        SELECT customer_id, arg_min(cause, list_position($order, cause)) AS cause FROM (
            SELECT customer_id, cause FROM moved
            UNION ALL SELECT b.customer_id, 'corrected' FROM before AS b JOIN after AS a USING (order_id) WHERE a.customer_id IS DISTINCT FROM b.customer_id)
        GROUP BY customer_id)
    SELECT cause, sum(customers) AS customers FROM turned JOIN caused USING (customer_id) WHERE customer_id IS NOT NULL GROUP BY cause"""
"""Customers gained and lost, each under the first cause among their orders."""

_STEPS: Final = """
    SELECT cause, count(*) AS touched, cast(sum(revenue) AS decimal(18,4)) AS revenue, cast(sum(orders) AS bigint) AS orders,
        cast(coalesce(any_value(customers), 0) AS bigint) AS customers
    FROM moved LEFT JOIN people USING (cause) GROUP BY cause ORDER BY list_position($order, cause)"""

_MONTHS: Final = """
    SELECT cast(date_trunc('month', ordered_on) AS date) AS month, cause, cast(sum(revenue) AS decimal(18,4)) AS revenue
    FROM moved GROUP BY 1, 2 HAVING sum(revenue) <> 0 ORDER BY month, list_position($order, cause)"""


@dataclass(frozen=True, repr=False)
class Bridge:
    """What changed from one state of a book to another. The ``steps`` add up to the difference of revenue, orders and customers.

    ``steps``: one row per cause (``COLUMNS``). ``months``: revenue by month of the orders and cause (``MONTHS``). ``before`` and
    ``after``: revenue, orders, customers.
    """

    before: Mapping[str, object]
    after: Mapping[str, object]
    steps: pa.Table
    months: pa.Table
    reader: Reader

    def __repr__(self) -> str:
        return "\n".join(self._told())

    def _repr_html_(self) -> str:
        return inline.block(
            self.reader,
            inline.heading(next(self._told()), ""),
            inline.table(self.steps.to_pylist(), COLUMNS, self.reader),
            inline.table(self.months.to_pylist(), MONTHS, self.reader),
        )

    def _told(self) -> Iterator[str]:
        said = self.reader
        if not self.steps.num_rows:
            yield said.say(N_("Nothing changed: revenue {revenue}."), revenue=COLUMNS["revenue"].show(self.after["revenue"], said))
            return
        yield said.say(
            N_("Revenue: {before} before, {after} after."),
            before=COLUMNS["revenue"].show(self.before["revenue"], said),
            after=COLUMNS["revenue"].show(self.after["revenue"], said),
        )
        for step in self.steps.to_pylist():
            shown = {name: column.show(step[name], said) for name, column in COLUMNS.items()}
            told = N_("{what}: {revenue}; orders touched: {touched}; orders: {orders}; customers: {customers}.")
            yield said.say(told, what=shown.pop("cause"), **shown)


def bridge(before: State, after: State) -> Bridge:
    """What changed between two states of the same book."""
    order = list(CAUSES)
    with scratch() as connection:
        for name, state in (("before", before), ("after", after)):
            connection.register(name, state.sql(_ORDERS))
        connection.execute(_MOVED, {"known": before.chosen_book.last_on})
        connection.execute(_PEOPLE, {"order": order})
        steps, months = (connection.execute(text, {"order": order}).to_arrow_table() for text in (_STEPS, _MONTHS))
        sums = [
            connection.execute(
                f"""SELECT {{revenue: cast(coalesce(sum(revenue), 0) AS decimal(18,4)), orders: coalesce(sum(standing), 0)::BIGINT,
                customers: count(DISTINCT customer_id) FILTER (WHERE standing = 1)}} FROM {name}"""
            ).fetchall()[0][0]
            for name in ("before", "after")
        ]
    return Bridge(sums[0], sums[1], steps, months, after.reader)
