"""The key figures' bounded answers beside the summary: totals, the last complete period, the busiest hours, both bases, the warning.

Counts of customers are distinct counts over ``rows``, and orders are counted from customer days, so that all of these stay
right whatever the run is split by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from regulars.analyses.kpis_columns import COMPARED, DIMENSIONS, GIVES
from regulars.analysis import Detail
from regulars.errors import N_
from regulars.units import DERIVED, KEY, Column, count, days, flag, label, money, number, on, rate, ratio


def later(day: str, periods: str) -> str:
    """SQL for the start of the period so many periods after the one that starts on a day; before it, if negative."""
    return f"add_days(add_months({day}, ({periods}) * :step_months), ({periods}) * :step_days)"


RUNNING: Final = "date_trunc(:grain, cast(:as_of as date))"
"""Start of the period in which the day asked for lies."""

LAST: Final = later("date_trunc(:grain, add_days(:as_of, 1))", "-1")
"""Start of the last period that is complete on the day asked for."""

FIRST_SHOWN: Final = later(RUNNING, "1 - :periods")
"""Start of the oldest period shown."""

_KNOWN: Final = "ordered_on <= :as_of and booked_on <= :as_of"
_BUYERS: Final = "count(distinct case when is_buyer = 1 then customer_id end)"
_NEW: Final = "count(distinct case when is_new = 1 then customer_id end)"

_WHOLE: Final = f"""
    whole as (
        select period, sum(net_revenue) as revenue, sum(gross_revenue) as gross_revenue, sum(refunds) as refunds,
            sum(case when customer_id is not null then net_revenue else 0 end) as identified_revenue,
            sum(case when is_new = 1 then net_revenue else 0 end) as new_revenue, {_BUYERS} as customers, {_NEW} as new_customers,
            case when max(bought_again) is not null then count(distinct case when bought_again = 1 then customer_id end) end as bought_again
        from rows group by period),
    counted as (
        select date_trunc(:grain, ordered_on) as period, cast(sum(orders) as bigint) as orders from customer_days where {_KNOWN}
        group by date_trunc(:grain, ordered_on)),
    figures as (
        select whole.*, coalesce(counted.orders, 0) as orders from whole left join counted on counted.period = whole.period)"""
"""The undivided figures of each period, whatever the run is split by."""

TOTALS: Final[dict[str, Column]] = {
    "from_on": on(N_("From"), N_("First day of the data shown")),
    "to_on": on(N_("To"), N_("The day asked for")),
    **{name: GIVES[name] for name in ("revenue", "gross_revenue", "refunds", "refund_rate", "orders", "customers", "new_customers", "aov")},
    **{name: GIVES[name] for name in ("identified_revenue", "identified_orders", "identified_share", "revenue_per_customer", "orders_per_customer")},
}

_TOTALS = Detail(
    f"""
    with bounds as (select {FIRST_SHOWN} as shown_from),
    money as (
        select coalesce(sum(net_revenue), 0) as revenue, coalesce(sum(gross_revenue), 0) as gross_revenue, coalesce(sum(refunds), 0) as refunds,
            coalesce(sum(case when customer_id is not null then net_revenue else 0 end), 0) as identified_revenue,
            {_BUYERS} as customers, {_NEW} as new_customers
        from rows cross join bounds where period >= shown_from),
    counted as (
        select cast(coalesce(sum(orders), 0) as bigint) as orders,
            cast(coalesce(sum(case when customer_id is not null then orders else 0 end), 0) as bigint) as identified_orders
        from customer_days cross join bounds where ordered_on >= shown_from and {_KNOWN})
    select greatest(shown_from, cast(:data_from as date)) as from_on, cast(:as_of as date) as to_on, revenue, gross_revenue, refunds,
        ratio(refunds, gross_revenue) as refund_rate, orders, customers, new_customers, ratio(revenue, orders) as aov, identified_revenue, identified_orders,
        ratio(identified_revenue, revenue) as identified_share, ratio(identified_revenue, customers) as revenue_per_customer,
        ratio(identified_orders, customers) as orders_per_customer
    from bounds cross join money cross join counted""",
    {name: replace(column, adds=column.adds if column.adds.how == "ratio" else DERIVED) for name, column in TOTALS.items()},
    N_("Over the whole time shown"),
)

LATEST: Final[dict[str, Column]] = {
    "period": on(N_("Last complete period"), N_("First day of the last day, week or month that is complete"), KEY),
    **{name: GIVES[name] for name in ("revenue", "gross_revenue", "refunds", "refund_rate", "orders", "customers", "new_customers")},
    **{name: GIVES[name] for name in ("returning_customers", "new_revenue", "identified_revenue", "new_revenue_share", "aov")},
    "aov_previous": money(N_("Average order value, period before"), N_("Revenue divided by orders, in the period before")),
    "aov_last_year": money(N_("Average order value, year before"), N_("Revenue divided by orders, in the same period a year before")),
    "repurchase_period": on(
        N_("Rate measured on"), N_("The newest period whose new customers have all had the days of the repurchase rate; given as its first day")
    ),
    "repurchase_days": days(N_("Within"), N_("Days after the first order within which a second purchase day counts")),
    "repurchase_base": count(N_("New customers then"), N_("New customers of that period")),
    "bought_again": GIVES["bought_again"],
    "repurchase_rate": rate(
        N_("Repurchase rate"),
        N_("Part of that period's new customers with a second purchase day within the days set"),
        ratio("bought_again", "repurchase_base"),
    ),
    "repurchase_low": GIVES["repurchase_low"],
    "repurchase_high": GIVES["repurchase_high"],
    **COMPARED,
}


def _beside(measure: str) -> str:
    """The measure beside that of the period before and of a year before, with both changes."""
    both = (("previous", "before", ""), ("last_year", "year", "_last_year"))
    return ", ".join(
        f"case when {table}_on >= :data_from then coalesce({table}.{measure}, 0) end as {measure}_{name}, "
        f"case when {table}_on >= :data_from and {table}.{measure} > 0 then ratio(coalesce(now.{measure}, 0) - {table}.{measure}, {table}.{measure}) end "
        f"as {measure}_change{suffix}"
        for name, table, suffix in both
    )


_LATEST = Detail(
    f"""
    with {_WHOLE},
    exposed as (
        select period, new_customers, bought_again, row_number() over (order by period desc) as place from whole where bought_again is not null),
    newest as (
        select period as repurchase_period, new_customers as repurchase_base, bought_again, ratio(bought_again, new_customers) as repurchase_rate,
            wilson_low(bought_again, new_customers) as repurchase_low, wilson_high(bought_again, new_customers) as repurchase_high
        from exposed where place = 1),
    ends as (select {LAST} as now_on, {later(LAST, "-1")} as before_on, {later(LAST, "-1 * :year_steps")} as year_on)
    select now_on as period, coalesce(now.revenue, 0) as revenue, coalesce(now.gross_revenue, 0) as gross_revenue, coalesce(now.refunds, 0) as refunds,
        ratio(now.refunds, now.gross_revenue) as refund_rate, coalesce(now.orders, 0) as orders, coalesce(now.customers, 0) as customers,
        coalesce(now.new_customers, 0) as new_customers, coalesce(now.customers - now.new_customers, 0) as returning_customers,
        coalesce(now.new_revenue, 0) as new_revenue, coalesce(now.identified_revenue, 0) as identified_revenue,
        ratio(now.new_revenue, now.identified_revenue) as new_revenue_share, ratio(now.revenue, now.orders) as aov,
        case when before_on >= :data_from then ratio(before.revenue, before.orders) end as aov_previous,
        case when year_on >= :data_from then ratio(year.revenue, year.orders) end as aov_last_year,
        :repurchase_days as repurchase_days, repurchase_period, repurchase_base,
        newest.bought_again as bought_again, repurchase_rate, repurchase_low, repurchase_high,
        {_beside("revenue")}, {_beside("orders")}, {_beside("customers")}
    from ends left join newest on 1 = 1 left join figures as now on now.period = now_on left join figures as before on before.period = before_on
    left join figures as year on year.period = year_on
    where now_on >= :data_from""",
    {name: replace(column, adds=column.adds if column.adds.how == "ratio" else DERIVED) for name, column in LATEST.items()},
    N_("The last complete period, beside the one before and the year before"),
)

_HOURS = Detail(
    f"""
    with known as (
        select cast(weekday(ordered_on) as varchar) as weekday, hour_of(ordered_at) as hour, gross_revenue from orders
        where ordered_on <= :as_of and days_between(ordered_on, :as_of) < 365 and (cancelled_on is null or cancelled_on > :as_of)),
    opened as (select min(hour) as first_hour, max(hour) as last_hour from known),
    cells as (
        select d.weekday, h.hour from (values {", ".join(f"('{n}')" for n in range(1, 8))}) as d(weekday)
        cross join (values {", ".join(f"({n})" for n in range(24))}) as h(hour) cross join opened
        where h.hour between first_hour and last_hour and first_hour < last_hour)
    select cells.weekday, cells.hour, count(known.hour) as orders, coalesce(sum(known.gross_revenue), 0) as revenue
    from cells left join known on known.weekday = cells.weekday and known.hour = cells.hour
    group by cells.weekday, cells.hour order by cells.weekday, cells.hour""",
    {
        "weekday": DIMENSIONS["weekday"].shown,
        "hour": DIMENSIONS["hour"].shown,
        "orders": count(N_("Orders"), N_("Orders that stand, made on this weekday in this hour; last twelve months")),
        "revenue": money(N_("Sales"), N_("Sales before refunds; last twelve months")),
    },
    N_("Orders by weekday and hour, last twelve months"),
)


def _on_basis(name: str, day: str) -> str:
    return f"""select '{name}' as basis, coalesce(sum(net_revenue), 0) as revenue, coalesce(sum(gross_revenue), 0) as gross_revenue,
            coalesce(sum(gross_revenue - net_revenue), 0) as refunds
        from customer_days cross join bounds where {day} >= shown_from and {_KNOWN}"""


_BASIS = Detail(
    f"""with bounds as (select {FIRST_SHOWN} as shown_from)
    {_on_basis("order", "ordered_on")} union all {_on_basis("cash", "booked_on")}""",
    {
        "basis": label(
            N_("Basis"),
            N_("Order basis: a refund counts against the day of its order. Cash basis: on its own day"),
            {"order": N_("Order basis"), "cash": N_("Cash basis")},
        ),
        **{name: GIVES[name] for name in ("revenue", "gross_revenue", "refunds")},
    },
    N_("Order basis and cash basis over the time shown"),
)

_THEN_NOW = (("then", "place <= third"), ("now", "place > periods - third"))


def _rate_of(name: str) -> str:
    base, again = f"base_{name}", f"again_{name}"
    return f"{base}, ratio({again}, {base}) as rate_{name}, wilson_low({again}, {base}) as low_{name}, wilson_high({again}, {base}) as high_{name}"


_WARNING = Detail(
    f"""
    with {_WHOLE},
    seen as (
        select period, customers, new_customers, row_number() over (order by period) as place from whole
        where period >= {FIRST_SHOWN} and period <= {LAST} and period > date_trunc(:grain, :data_from)),
    exposed as (
        select period, new_customers, bought_again, row_number() over (order by period) as place from whole
        where period >= {FIRST_SHOWN} and period > date_trunc(:grain, :data_from) and bought_again is not null),
    sizes as (select count(*) as periods, floor(cast(count(*) as double) / 3) as third from seen),
    exposed_sizes as (select count(*) as periods, floor(cast(count(*) as double) / 3) as third from exposed),
    activity as (
        select {", ".join(f"avg(case when {when} then customers end) as customers_{name}" for name, when in _THEN_NOW)},
            {", ".join(f"avg(case when {when} then new_customers end) as new_{name}" for name, when in _THEN_NOW)}
        from seen cross join sizes),
    newcomers as (
        select {", ".join(f"cast(sum(case when {when} then new_customers end) as bigint) as base_{name}" for name, when in _THEN_NOW)},
            {", ".join(f"cast(sum(case when {when} then bought_again end) as bigint) as again_{name}" for name, when in _THEN_NOW)}
        from exposed cross join exposed_sizes),
    rates as (select {", ".join(_rate_of(name) for name, _ in _THEN_NOW)} from newcomers)
    select customers_then, customers_now, new_then, new_now, base_then, rate_then, low_then, high_then, base_now, rate_now, low_now, high_now,
        coalesce(customers_now > customers_then and new_now >= 0.8 * new_then and base_then >= 30 and base_now >= 30
            and fell(rate_then, low_then, rate_now, high_now), false) as vanity
    from activity cross join rates""",
    {
        "customers_then": number(N_("Buyers then"), N_("Mean number of buyers per period, oldest third of the complete periods shown"), digits=0),
        "customers_now": number(N_("Buyers now"), N_("Mean number of buyers per period, newest third of the complete periods shown"), digits=0),
        "new_then": number(N_("New customers then"), N_("Mean number of new customers per period, oldest third"), digits=0),
        "new_now": number(N_("New customers now"), N_("Mean number of new customers per period, newest third"), digits=0),
        "base_then": count(N_("Base then"), N_("New customers of the oldest third of the periods whose repurchase rate is known")),
        "rate_then": rate(N_("Repurchase rate then"), N_("Their repurchase rate within the days set")),
        "low_then": rate(N_("Then, from"), N_("Lower end of the Wilson interval (95 %)")),
        "high_then": rate(N_("Then, to"), N_("Upper end of the Wilson interval (95 %)")),
        "base_now": count(N_("Base now"), N_("New customers of the newest third of the periods whose repurchase rate is known")),
        "rate_now": rate(N_("Repurchase rate now"), N_("Their repurchase rate within the days set")),
        "low_now": rate(N_("Now, from"), N_("Lower end of the Wilson interval (95 %)")),
        "high_now": rate(N_("Now, to"), N_("Upper end of the Wilson interval (95 %)")),
        "vanity": flag(
            N_("Vanity warning"),
            N_("Buyers have become more, new customers not clearly fewer, and the repurchase rate of new ones has fallen beyond chance (Newcombe 1998, 95 %)"),
        ),
    },
    N_("More buyers, and yet fewer who return?"),
)

DETAILS: Final[dict[str, Detail]] = {"totals": _TOTALS, "latest": _LATEST, "best_hours": _HOURS, "basis": _BASIS, "warning": _WARNING}
