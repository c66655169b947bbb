"""The SQL of the customer portfolio: the rules, every customer's group now and earlier, the ten groups."""

from __future__ import annotations

from typing import Final

from regulars.snapshots.rollup import days_sql


def type_sql(preset: str, short: str, long: str, bar: str, loyal_bar: str, prefix: str = "") -> str:
    """The five types as one partition of customers; every bound is the name of a column or parameter.

    ``prefix`` is that of the columns to judge by: ``then_`` for what was known at the start of the horizon.
    """
    once, tenure, revenue = (f"{prefix}{name}" for name in ("order_days", "tenure_days", "net_revenue"))
    if preset == "general":
        return f"""case when {once} = 1 then 'first_time' when {tenure} < {short} then 'toddler' when {revenue} < {bar} then 'steady'
            when {tenure} < {long} then 'trend' else 'excellent' end"""
    return f"""case when {once} = 1 then 'first_time' when {tenure} >= {long} and {revenue} > {loyal_bar} then 'excellent'
            when {tenure} < {long} and {revenue} > {bar} then 'trend' when {once} = 2 then 'toddler' else 'steady' end"""


_THEN: Final = "cast(:as_of as date) - :horizon_days"
_MONTH_AGO: Final = "cast(:as_of as date) - 30"

_BOUNDS: Final = f"""
    with bars as (
        select coalesce(cast(:money as decimal(18,4)),
            cast(ratio(:bar_orders * sum(net_revenue), sum(orders)) as decimal(18,4))) as bar from customer_rollup),
    bounds as (
        select bar, coalesce(cast(:loyal_money as decimal(18,4)), bar) as loyal_bar, {_THEN} as then_on, {_MONTH_AGO} as month_on from bars),"""


def _by(day: str, measure: str) -> str:
    """What was known of a measure by a day."""
    return f"case when booked_on <= {day} and ordered_on <= {day} then {measure} else 0 end"


_DAYS: Final = days_sql(
    {
        "then_orders": _by(_THEN, "orders"),
        "then_revenue": _by(_THEN, "net_revenue"),
        "month_orders": _by(_MONTH_AGO, "orders"),
        "month_revenue": _by(_MONTH_AGO, "net_revenue"),
    },
    known=f"ordered_on <= greatest({_THEN}, {_MONTH_AGO})",
)

_PAST: Final = f"""{_DAYS},
    standing as (
        select *, case when then_orders > 0 then ordered_on end as then_day, case when month_orders > 0 then ordered_on end as month_day from days),
    spans as (
        select customer_id, min(then_day) as then_first, max(then_day) as then_last, count(then_day) as then_order_days, sum(then_revenue) as then_net_revenue,
            min(month_day) as month_first, max(month_day) as month_last, count(month_day) as month_order_days, sum(month_revenue) as month_net_revenue
        from standing group by customer_id),
    past as (
        select customer_id, then_order_days, days_between(then_first, then_last) as then_tenure_days, then_net_revenue,
            case when days_between(then_last, {_THEN}) < :lapse_days then 'active' else 'lapsed' end as then_state,
            month_order_days, days_between(month_first, month_last) as month_tenure_days, month_net_revenue,
            case when days_between(month_last, {_MONTH_AGO}) < :lapse_days then 'active' else 'lapsed' end as month_state
        from spans),"""


def table_sql(preset: str) -> str:
    """Every customer with the group of today, of a month ago and of the start of the horizon, in one pass over the customer days."""
    bounds = (":short", ":long", "bar", "loyal_bar")
    other = "article" if preset == "general" else "general"
    return f"""{_BOUNDS}{_PAST}
    everyone as (
        select coalesce(c.customer_id, p.customer_id) as customer_id, first_on, last_on, order_days, orders, net_revenue, year_revenue,
            recency_days, tenure_days, then_order_days, then_tenure_days, then_net_revenue, then_state, month_order_days, month_tenure_days,
            month_net_revenue, month_state
        from customer_rollup as c full join past as p on p.customer_id = c.customer_id),
    typed as (
        select e.*, bar, loyal_bar, then_on, case when order_days > 0 then {type_sql(preset, *bounds)} end as type,
            case when order_days > 0 then {type_sql(other, *bounds)} end as other_type,
            case when order_days > 0 then case when recency_days < :lapse_days then 'active' else 'lapsed' end end as state,
            case when then_order_days > 0 then {type_sql(preset, *bounds, prefix="then_")} end as then_type,
            case when month_order_days > 0 then {type_sql(preset, *bounds, prefix="month_")} end as month_type
        from everyone as e cross join bounds)
    select customer_id, type, state, type || '_' || state as "group", other_type, order_days, orders, net_revenue,
        ratio(net_revenue, orders) as order_value, year_revenue, tenure_days, recency_days, first_on, last_on,
        case when type = 'toddler' and net_revenue >= bar then 1 else 0 end as big_newcomer,
        case when state = 'active' and recency_days >= :lapse_days - :warn_days then 1 else 0 end as near_lapse,
        then_type, case when then_type is not null then then_state end as then_state,
        case when then_type is not null then case when last_on > then_on then 1 else 0 end end as returned,
        month_type, case when month_type is not null then month_state end as month_state, bar, loyal_bar
    from typed where type is not null or then_type is not null or month_type is not null"""


SUMMARY: Final = """
    with types as (
    select 'first_time' as type, 1 as place, 0 as tenure_needed union all select 'toddler', 2, 0
    union all select 'steady', 3, case when :preset = 'general' then :short else 0 end
    union all select 'trend', 4, case when :preset = 'general' then :short else 0 end union all select 'excellent', 5, :long),
    groups as (
    select type, 'active' as state, place, tenure_needed as needed from types
    union all select type, 'lapsed', place + 5, tenure_needed + :lapse_days from types),
    seen as (
    select g.*, days_between(cast(:data_from as date), cast(:as_of as date)) as history, :horizon_days as horizon from groups as g),
    present as (
    select type, state, count(*) as customers, sum(net_revenue) as revenue, sum(year_revenue) as year_revenue, sum(orders) as orders,
        sum(case when order_days = 2 then 1 else 0 end) as bought_twice from rows where type is not null group by type, state),
    before as (select month_type, month_state, count(*) as customers from rows where month_type is not null group by month_type, month_state),
    outcome as (
    select then_type, then_state, count(*) as customers, sum(returned) as returned from rows where then_type is not null group by then_type, then_state),
    total as (select count(*) as customers, sum(net_revenue) as revenue from rows where type is not null)
    select s.type, s.state, s.place, coalesce(p.customers, 0) as customers, ratio(coalesce(p.customers, 0), total.customers) as customers_share,
    s.history >= s.needed as observable, case when s.history < s.needed then s.needed - s.history else 0 end as missing_days,
    coalesce(p.revenue, 0) as revenue, ratio(coalesce(p.revenue, 0), total.revenue) as revenue_share, coalesce(p.year_revenue, 0) as year_revenue,
    coalesce(p.orders, 0) as orders, ratio(p.revenue, p.orders) as order_value, coalesce(p.bought_twice, 0) as bought_twice,
    coalesce(b.customers, 0) as customers_before, coalesce(p.customers, 0) - coalesce(b.customers, 0) as change,
    coalesce(o.customers, 0) as rate_base, coalesce(o.returned, 0) as returned,
    case when s.history - s.horizon >= s.needed then ratio(o.returned, o.customers) end as repurchase_rate,
    case when s.history - s.horizon >= s.needed then wilson_low(o.returned, o.customers) end as rate_low,
    case when s.history - s.horizon >= s.needed then wilson_high(o.returned, o.customers) end as rate_high
    from seen as s cross join total
    left join present as p on p.type = s.type and p.state = s.state
    left join before as b on b.month_type = s.type and b.month_state = s.state
    left join outcome as o on o.then_type = s.type and o.then_state = s.state
    order by s.place"""
