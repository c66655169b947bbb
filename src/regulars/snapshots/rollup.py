"""Customers as of any day: what was known of each by then, in the analysis dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KNOWN: Final = "ordered_on <= :as_of and booked_on <= :as_of"
"""What had been ordered and booked by the day asked for."""


def days_sql(measures: Mapping[str, str], known: str = KNOWN) -> str:
    """CTEs that end in ``days``: one row per customer and business day with these measures (name → SQL over one row of ``customer_days``) added up.

    Nearly every customer's day is one row already. Only where something was booked later, a refund for example, are rows added up:
    grouping them all costs twice as much.
    """
    read = ", ".join(f"{sql} as {name}" for name, sql in measures.items())
    added = ", ".join(f"sum({name}) as {name}" for name in measures)
    return f"""
    known as (
        select customer_id, book, ordered_on, booked_on, {read} from customer_days where customer_id is not null and {known}),
    late as (select distinct customer_id, book from known where booked_on > ordered_on),
    days as (
        select customer_id, book, ordered_on, {", ".join(measures)} from known
        where not exists (select 1 from late where late.customer_id = known.customer_id and late.book = known.book)
        union all
        select known.customer_id, known.book, ordered_on, {added} from known join late on late.customer_id = known.customer_id and late.book = known.book
        group by known.customer_id, known.book, ordered_on)"""


ROLLUP: Final = f"""
    with {days_sql({name: name for name in ("orders", "items", "net_revenue", "cost", "margin")})},
    spans as (
        select customer_id, book, min(case when orders > 0 then ordered_on end) as first_on, max(case when orders > 0 then ordered_on end) as last_on,
            sum(case when orders > 0 then 1 else 0 end) as order_days, sum(orders) as orders, sum(items) as items, sum(net_revenue) as net_revenue,
            sum(cost) as cost, sum(margin) as margin, sum(case when days_between(ordered_on, :as_of) < 365 then net_revenue else 0 end) as year_revenue
        from days group by customer_id, book),
    seconds as (
        select days.customer_id, days.book, min(ordered_on) as second_on
        from days join spans on spans.customer_id = days.customer_id and spans.book = days.book
        where days.orders > 0 and ordered_on > first_on group by days.customer_id, days.book)
    select s.customer_id, s.book, first_on, second_on, last_on, cast(order_days as bigint) as order_days, cast(orders as bigint) as orders, items, net_revenue,
        cost, margin, days_between(last_on, :as_of) as recency_days, days_between(first_on, last_on) as tenure_days, year_revenue
    from spans as s left join seconds on seconds.customer_id = s.customer_id and seconds.book = s.book where order_days > 0"""
"""``customer_rollup`` as of any day: what was known then, on the order basis."""

_EARLY: Final = "days_between(date_trunc('month', ordered_on), ordered_on) <= days_between(date_trunc('month', :as_of), :as_of)"

MONTHS: Final = f"""
    select customer_id, book, date_trunc('month', ordered_on) as month_on, cast(sum(orders) as bigint) as orders, sum(items) as items,
        sum(gross_revenue) as gross_revenue, sum(net_revenue) as net_revenue, sum(margin) as margin,
        cast(sum(case when {_EARLY} then orders else 0 end) as bigint) as orders_to_date,
        sum(case when {_EARLY} then net_revenue else 0 end) as revenue_to_date
    from customer_days where {KNOWN} group by customer_id, book, date_trunc('month', ordered_on)"""
"""``customer_months`` as of any day."""

AS_KNOWN: Final = {"customer_rollup": ROLLUP, "customer_months": MONTHS}
"""The relations that depend on the day asked for; a snapshot keeps them as of its own."""
