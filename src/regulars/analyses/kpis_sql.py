"""The SQL of the key figures' rows: what each customer did in each period, by dimension, from the narrowest table that knows it."""

from __future__ import annotations

from typing import Final, Literal

from regulars.analyses.kpis_columns import dimension
from regulars.analyses.kpis_details import RUNNING, later

_DAY_SUMS: Final = {
    "order": {"ordered_on": "d.orders, d.items, d.gross_revenue, d.net_revenue, d.margin"},
    "cash": {
        "ordered_on": "d.orders, cast(0 as decimal(18,4)) as items, cast(0 as decimal(18,4)) as gross_revenue, cast(0 as decimal(18,4)) as net_revenue, "
        "cast(null as decimal(18,4)) as margin",
        "booked_on": "0 as orders, d.items, d.gross_revenue, d.net_revenue, d.margin",
    },
}
"""Basis → the day that counts, and what is counted on it: orders always on the day they were made, money on the day of the basis."""

_JOINS: Final = {
    "customers": "left join customers as c on c.customer_id = {0}.customer_id",
    "labels": "left join labels as g on g.customer_id = {0}.customer_id",
    "orders": "",
    "products": "left join products as p on p.product_id = l.product_id",
}
"""Table of a dimension → how it is joined."""

_KNOWN: Final = "ordered_on <= :as_of and {0}.booked_on <= :as_of"


def table_sql(grain: str, by: tuple[str, ...], basis: Literal["order", "cash"]) -> str:
    """One row per period, dimension values and customer; walk-in sales summed up under no customer."""
    of_orders = bool({"orders", "products"} & {dimension(name).table for name in by})
    summed = _months(by) if grain == "month" and basis == "order" and not of_orders else _summed(_lines(by, basis) if of_orders else _days(by, basis))
    return f"""
        with {summed},
        known as (
            select s.*, case when s.customer_id is not null and s.orders > 0 then 1 else 0 end as is_buyer,
                case when s.orders > 0 and date_trunc(:grain, c.first_on) = period then 1 else 0 end as is_new,
                days_between(c.first_on, c.second_on) as again_days
            from summed as s left join customer_rollup as c on c.customer_id = s.customer_id)
        select period, each(:by), customer_id, orders, items, gross_revenue, gross_revenue - net_revenue as refunds, net_revenue, margin, is_buyer, is_new,
            case when is_new = 1 and days_between({later("period", "1")}, :as_of) >= :repurchase_days - 1
                then case when again_days <= :repurchase_days then 1 else 0 end end as bought_again,
            orders_to_date, revenue_to_date
        from known"""


def _months(by: tuple[str, ...]) -> str:
    """``summed`` from the customer months, whose rows it is already."""
    return f"""summed as (
            select month_on as period, {_picked(by)}m.customer_id, m.orders, m.items, m.gross_revenue, m.net_revenue, m.margin, m.orders_to_date,
                m.revenue_to_date
            from customer_months as m {_joined(by, "m")})"""


def _summed(moves: str) -> str:
    """``summed`` from moves: what happened on which day, to whom, by dimension."""
    return f"""{moves},
        placed as (
            select date_trunc(:grain, day) as period, days_between(date_trunc(:grain, day), day) <= days_between({RUNNING}, :as_of) as early, each(:by),
                customer_id, orders, items, gross_revenue, net_revenue, margin
            from moves),
        summed as (
            select period, each(:by), customer_id, cast(sum(orders) as bigint) as orders, sum(items) as items, sum(gross_revenue) as gross_revenue,
                sum(net_revenue) as net_revenue, sum(margin) as margin, cast(sum(case when early then orders else 0 end) as bigint) as orders_to_date,
                sum(case when early then net_revenue else 0 end) as revenue_to_date
            from placed group by period, each(:by), customer_id)"""


def _days(by: tuple[str, ...], basis: Literal["order", "cash"]) -> str:
    """``moves`` from the customer days."""
    return "moves as ({})".format(
        " union all ".join(
            f"select d.{day} as day, d.customer_id, {_picked(by)}{what} from customer_days as d {_joined(by, 'd')} where d.{_KNOWN.format('d')}"
            for day, what in _DAY_SUMS[basis].items()
        )
    )


def _lines(by: tuple[str, ...], basis: Literal["order", "cash"]) -> str:
    """``moves`` from the order lines, for what only they and their orders know."""
    return f"""
        entries as (
            select l.{"booked_on" if basis == "cash" else "ordered_on"} as day, l.customer_id, l.order_id, {_picked(by)}
                case when l.kind = 'sale' and (o.cancelled_on is null or o.cancelled_on > :as_of) then 1 else 0 end as stands,
                l.quantity, case when l.kind = 'sale' then l.amount else 0 end as sold, l.amount, l.amount - l.cost as margin
            from order_lines as l left join orders as o on o.order_id = case when l.kind <> 'unmatched' then l.order_id end {_joined(by, "l")}
            where l.{_KNOWN.format("l")}),
        moves as (
            select day, customer_id, each(:by), max(stands) as orders, sum(quantity) as items, sum(sold) as gross_revenue, sum(amount) as net_revenue,
                sum(margin) as margin
            from entries group by day, customer_id, order_id, each(:by))"""


def _picked(by: tuple[str, ...]) -> str:
    return "".join(f"{dimension(name).sql} as {name}, " for name in by)


def _joined(by: tuple[str, ...], alias: str) -> str:
    return " ".join(_JOINS[table].format(alias) for table in sorted({dimension(name).table for name in by}))
