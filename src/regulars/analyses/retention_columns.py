"""What retention gives: the columns of its summary and rows, and its bounded answers beside them."""

from __future__ import annotations

from typing import Final

from regulars.analysis import Detail
from regulars.errors import N_
from regulars.units import CUSTOMERS, KEY, Column, count, days, flag, label, money, month, number, on, rate, summed, text

COHORTS: Final[dict[str, Column]] = {
    "week": on(N_("First order in"), N_("The cohort: customers whose first order fell in this week, given as its Monday"), KEY),
    "month": month(N_("First order in"), N_("The cohort: customers whose first order fell in this month")),
}
PERIODS: Final[dict[str, Column]] = {
    "week": on(N_("Period"), N_("The week itself, given as its Monday")),
    "month": month(N_("Period"), N_("The calendar month itself")),
}
AGES: Final[dict[str, Column]] = {
    "week": label(N_("Weeks since"), N_("Calendar weeks after the week of the first order; nought is that week itself")),
    "month": label(N_("Months since"), N_("Calendar months after the month of the first order; nought is that month itself")),
}

GIVES: Final[dict[str, Column]] = {
    "cohort": COHORTS["month"],
    "age": AGES["month"],
    "customers": count(N_("Customers"), N_("Customers of the cohort"), noun=CUSTOMERS),
    "active": count(
        N_("Came back"), N_("Of them, with an order in the period; so far, if it is running; empty if it has not begun"), summed("is_active"), noun=CUSTOMERS
    ),
    "exposure": rate(N_("Part passed"), N_("Part of the period that has passed on the day asked for; a rate is given once it is whole")),
    "rate": rate(N_("Retention"), N_("Came back, of all customers of the cohort; empty until the period is over")),
    "rate_low": rate(N_("Retention, from"), N_("Lower end of the Wilson interval of the retention (95 %)")),
    "rate_high": rate(N_("Retention, to"), N_("Upper end of the Wilson interval of the retention (95 %)")),
    "revenue": money(N_("Revenue"), N_("Net revenue of the cohort in the period; so far, if it is running"), summed("net_revenue")),
    "revenue_per_customer": money(
        N_("Revenue per customer so far"),
        N_("Net revenue of the cohort up to the end of the period, divided by all its customers; empty until the period is over"),
    ),
    "truncated": flag(N_("May hold older customers"), N_("The cohort of the first period in the data: whoever bought before looks new here")),
}

ROW_GIVES: Final[dict[str, Column]] = {
    "customer_id": text(N_("Customer"), N_("The customer's key"), personal=True),
    "cohort": GIVES["cohort"],
    "age": GIVES["age"],
    "period": PERIODS["month"],
    "orders": count(N_("Orders"), N_("Orders that stand")),
    "net_revenue": money(N_("Revenue"), N_("Sales minus refunds in the period")),
    "is_active": flag(N_("Bought"), N_("With an order that stands in the period; without one there was only a refund")),
    "first_on": on(N_("First order"), N_("Business day of the first order that stands")),
    "again_days": days(N_("Days to the second purchase"), N_("Days from the first to the second purchase day; empty if there has been none")),
    "observed_age": number(N_("Observed up to"), N_("Age of the cohort's last period that is over on the day asked for"), digits=0),
    "cohort_place": number(N_("Cohort's place"), N_("The newest cohort is the first"), digits=0),
    "truncated": GIVES["truncated"],
}

DIGITS: Final = "digits as (select n from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as d(n))"
NUMBERS: Final = """numbers as (
            select a.n + 10 * b.n + 100 * c.n + 1000 * d.n as n from digits as a cross join digits as b cross join digits as c cross join digits as d)"""

_NEWCOMERS: Final = "age = 0 and cohort_place <= :cohorts and truncated = 0"
_SIZES: Final = f"""cohorts_seen as (
            select cohort, max(observed_age) as observed_age, count(*) as customers from rows where {_NEWCOMERS} group by cohort)"""

_RATE: Final = {
    "rate_low": rate(N_("From"), N_("Lower end of the Wilson interval (95 %)")),
    "rate_high": rate(N_("To"), N_("Upper end of the Wilson interval (95 %)")),
}

_CURVE = Detail(
    f"""
    with {_SIZES}, {DIGITS}, {NUMBERS},
    bases as (
        select n as age, count(*) as cohorts, sum(customers) as customers from numbers join cohorts_seen on n <= observed_age where n > 0 group by n),
    returned as (
        select age, sum(is_active) as active from rows where age between 1 and observed_age and cohort_place <= :cohorts and truncated = 0 group by age)
    select bases.age, cohorts, cast(customers as bigint) as customers, cast(coalesce(active, 0) as bigint) as active,
        ratio(coalesce(active, 0), customers) as rate, wilson_low(coalesce(active, 0), customers) as rate_low,
        wilson_high(coalesce(active, 0), customers) as rate_high
    from bases left join returned on returned.age = bases.age order by bases.age""",
    {
        "age": label(N_("Periods since the first order"), N_("Calendar months or weeks after that of the first order")),
        "cohorts": count(N_("Cohorts"), N_("Cohorts for which this period is over; the first in the data is left out")),
        "customers": count(N_("Customers"), N_("Customers of these cohorts"), noun=CUSTOMERS),
        "active": count(N_("Came back"), N_("Of them, with an order in this period"), noun=CUSTOMERS),
        "rate": rate(N_("Retention"), N_("Came back, of all customers of these cohorts: each cohort weighs as much as it has customers")),
        **_RATE,
    },
    N_("Retention by age, all cohorts together"),
)

_CUMULATIVE = Detail(
    f"""
    with horizons as (select within_days from (values (30), (60), (90), (180)) as h(within_days)),
    counted as (
        select within_days, cast(sum(case when days_between(first_on, :as_of) >= within_days then 1 else 0 end) as bigint) as customers,
            cast(sum(case when days_between(first_on, :as_of) >= within_days and again_days <= within_days then 1 else 0 end) as bigint) as bought_again
        from horizons cross join rows where {_NEWCOMERS} group by within_days)
    select within_days, customers, bought_again, ratio(bought_again, customers) as rate, wilson_low(bought_again, customers) as rate_low,
        wilson_high(bought_again, customers) as rate_high
    from counted where customers > 0 order by within_days""",
    {
        "within_days": days(N_("Within days"), N_("Days after the first order"), KEY),
        "customers": count(N_("Customers"), N_("Customers who have had all these days; the first cohort in the data is left out"), noun=CUSTOMERS),
        "bought_again": count(N_("Bought again"), N_("Of them, with a second purchase day within these days"), noun=CUSTOMERS),
        "rate": rate(N_("Repurchase rate"), N_("Bought again, of those who have had all these days")),
        **_RATE,
    },
    N_("Second purchase within so many days"),
)

_WAITING = Detail(
    """
    with newest as (select max(cohort) as newest from rows where observed_age >= 0)
    select cohort, count(*) as customers, cast(sum(case when again_days is null then 1 else 0 end) as bigint) as waiting,
        ratio(sum(case when again_days is null then 1 else 0 end), count(*)) as waiting_rate,
        coalesce(sum(case when again_days is null then net_revenue end), 0) as revenue
    from rows join newest on cohort = newest where age = 0 group by cohort""",
    {
        "cohort": on(N_("First order in"), N_("First day of the last month or week that is over"), KEY),
        "customers": count(N_("New customers"), N_("Customers whose first order fell in it"), noun=CUSTOMERS),
        "waiting": count(N_("Not back yet"), N_("Of them, without a second purchase day so far"), noun=CUSTOMERS),
        "waiting_rate": rate(N_("Part not back yet"), N_("Not back yet, of all new customers of the period")),
        "revenue": money(N_("Their revenue"), N_("What those who are not back yet have brought")),
    },
    N_("Newest customers who have not come back yet"),
)

_THEN_NOW = (("then", "place <= third"), ("now", "place > periods - third"))


def _rate_of(name: str) -> str:
    base, back = f"base_{name}", f"returned_{name}"
    return f"{base}, ratio({back}, {base}) as rate_{name}, wilson_low({back}, {base}) as low_{name}, wilson_high({back}, {base}) as high_{name}"


_WARNING = Detail(
    f"""
    with bounds as (select min(cohort) as shown_from from rows where cohort_place <= :cohorts),
    activity as (
        select period, sum(is_active) as active, row_number() over (order by period) as place from rows cross join bounds
        where age <= observed_age and period >= shown_from and period >= :data_from group by period),
    activity_size as (select count(*) as periods, floor(cast(count(*) as double) / 3) as third from activity),
    actives as (
        select {", ".join(f"avg(case when {when} then active end) as active_{name}" for name, when in _THEN_NOW)} from activity cross join activity_size),
    {_SIZES},
    returned as (select cohort, sum(is_active) as returned from rows where age = 1 group by cohort),
    judged as (
        select c.cohort, customers, coalesce(returned, 0) as returned, row_number() over (order by c.cohort) as place
        from cohorts_seen as c left join returned as r on r.cohort = c.cohort where observed_age >= 1),
    judged_size as (select count(*) as periods, floor(cast(count(*) as double) / 3) as third from judged),
    newcomers as (
        select max(third) as third, {", ".join(f"cast(sum(case when {when} then customers end) as bigint) as base_{name}" for name, when in _THEN_NOW)},
            {", ".join(f"cast(sum(case when {when} then returned end) as bigint) as returned_{name}" for name, when in _THEN_NOW)}
        from judged cross join judged_size),
    rates as (
        select third, {", ".join(_rate_of(name) for name, _ in _THEN_NOW)} from newcomers)
    select active_then, active_now, ratio(base_then, third) as new_then, ratio(base_now, third) as new_now, base_then, rate_then, low_then, high_then,
        base_now, rate_now, low_now, high_now,
        coalesce(active_now > active_then and base_now >= 0.8 * base_then and base_then >= 30 and base_now >= 30
            and fell(rate_then, low_then, rate_now, high_now), false) as vanity
    from actives cross join rates""",
    {
        "active_then": number(N_("Active then"), N_("Mean number of active customers per period, oldest third of the complete periods"), digits=0),
        "active_now": number(N_("Active now"), N_("Mean number of active customers per period, newest third of the complete periods"), digits=0),
        "new_then": number(N_("New then"), N_("Mean size of a cohort, oldest third of those that can be judged"), digits=0),
        "new_now": number(N_("New now"), N_("Mean size of a cohort, newest third of those that can be judged"), digits=0),
        "base_then": count(N_("Base then"), N_("Customers of the oldest third of the cohorts")),
        "rate_then": rate(N_("Retention then"), N_("Of them, active in the period after the first order")),
        "low_then": rate(N_("Then, from"), N_("Lower end of the Wilson interval (95 %)")),
        "high_then": rate(N_("Then, to"), N_("Upper end of the Wilson interval (95 %)")),
        "base_now": count(N_("Base now"), N_("Customers of the newest third of the cohorts")),
        "rate_now": rate(N_("Retention now"), N_("Of them, active in the period after the first order")),
        "low_now": rate(N_("Now, from"), N_("Lower end of the Wilson interval (95 %)")),
        "high_now": rate(N_("Now, to"), N_("Upper end of the Wilson interval (95 %)")),
        "vanity": flag(
            N_("Vanity warning"),
            N_("Active customers have become more, new ones not clearly fewer, and the retention of new ones has fallen beyond chance (Newcombe 1998, 95 %)"),
        ),
    },
    N_("More activity, and yet fewer who return?"),
)

DETAILS: Final[dict[str, Detail]] = {"curve": _CURVE, "cumulative": _CUMULATIVE, "waiting": _WAITING, "warning": _WARNING}
