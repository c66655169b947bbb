"""Retention: of the customers who first bought together, how many come back, period by period?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, Literal

from regulars.analyses.retention_columns import AGES, COHORTS, DETAILS, DIGITS, GIVES, NUMBERS, PERIODS, ROW_GIVES
from regulars.analysis import Action, Analysis, Answer, AtStake, Field, Finding, Line
from regulars.charts.forms import Chart, Grid, Lines
from regulars.errors import N_
from regulars.snapshots.rollup import KNOWN
from regulars.units import Cell, Column

ENOUGH: Final = 30
"""So many customers a cohort needs to be named best or worst."""

_BETWEEN: Final = {"week": "cast(floor(cast(days_between({0}, {1}) as double) / 7) as bigint)", "month": "months_between({0}, {1})"}
"""Grain → SQL for the number of periods from one start to another."""

_SPANS: Final = {
    "week": f"""
        select customer_id, date_trunc('week', ordered_on) as period, cast(sum(orders) as bigint) as orders, sum(net_revenue) as net_revenue
        from customer_days where customer_id is not null and {KNOWN} group by customer_id, date_trunc('week', ordered_on)""",
    "month": "select customer_id, month_on as period, orders, net_revenue from customer_months where customer_id is not null",
}
"""Grain → SQL for what each customer did in each period."""

_BACK: Final = {
    "week": N_("Back in the week after the first order: {rate} of new customers (probably {rate_low} to {rate_high}; base: {customers})."),
    "month": N_("Back in the month after the first order: {rate} of new customers (probably {rate_low} to {rate_high}; base: {customers})."),
}
_BEST: Final = N_("Best cohort ({cohort}): {rate} back in the period after the first order (probably {rate_low} to {rate_high}; base: {customers}).")
_WORST: Final = N_("Worst cohort ({cohort}): {rate} back in the period after the first order (probably {rate_low} to {rate_high}; base: {customers}).")


class Retention(Analysis):
    """Of the customers who first bought in the same month or week, how many come back, and when?

    A cohort is the period of the first standing order; age k is the k-th calendar period after it. A cell that has not begun
    is null, never 0; one that is running has a count so far and no rate. The first period in the data may hold older
    customers: it is marked, and left out of averages. Rates are of the whole cohort, with Wilson's interval.
    """

    key: ClassVar[str] = "retention"
    title: ClassVar[str] = N_("Retention: who comes back")
    question: ClassVar[str] = N_("Of the customers who first bought together, how many come back, and when?")
    method: ClassVar[str] = N_(
        "Customers are grouped by the month or week of their first order. Each row follows one such group: which part of it bought again in the first, "
        "second, third period after. Periods that are not over have no rate. Customers in the first period of the data may have bought before; that group is "
        "marked and left out of averages."
    )
    source: ClassVar[str] = "Fader & Hardie 2009; Wilson 1927 (interval); Newcombe 1998 (difference, method 10)"
    gives: ClassVar = GIVES
    row_gives: ClassVar = ROW_GIVES
    details: ClassVar = DETAILS
    hint: ClassVar[str] = "grain, cohorts"

    grain: Literal["month", "week"] = Field(default="month", description=N_("Length of a period; weeks begin on Monday."))
    cohorts: int = Field(default=24, ge=1, le=100, description=N_("How many of the newest cohorts are shown."))

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | {"step_months": int(self.grain == "month"), "step_days": 7 * int(self.grain == "week")}

    @property
    def columns(self) -> dict[str, Column]:
        return dict(GIVES) | {"cohort": COHORTS[self.grain], "age": AGES[self.grain]}

    @property
    def row_columns(self) -> dict[str, Column]:
        return dict(ROW_GIVES) | {"cohort": COHORTS[self.grain], "age": AGES[self.grain], "period": PERIODS[self.grain]}

    @property
    def table(self) -> str:
        """One row per customer and period with anything in it, from the first order on."""
        periods = _BETWEEN[self.grain]
        return f"""
            with spans as ({_SPANS[self.grain]}),
            firsts as (
                select customer_id, first_on, date_trunc(:grain, first_on) as cohort, days_between(first_on, second_on) as again_days from customer_rollup),
            places as (
                select cohort, row_number() over (order by cohort desc) as cohort_place from (select distinct cohort from firsts) as seen),
            last as (
                select add_days(add_months(date_trunc(:grain, add_days(:as_of, 1)), -1 * :step_months), -1 * :step_days) as complete)
            select s.customer_id, f.cohort, {periods.format("f.cohort", "s.period")} as age, s.period, s.orders, s.net_revenue,
                case when s.orders > 0 then 1 else 0 end as is_active, f.first_on, again_days, {periods.format("f.cohort", "complete")} as observed_age,
                cohort_place, case when f.cohort <= :data_from then 1 else 0 end as truncated
            from spans as s join firsts as f on f.customer_id = s.customer_id join places on places.cohort = f.cohort cross join last
            where s.period >= f.cohort"""

    @property
    def summary(self) -> str:
        """The triangle: every shown cohort at every age up to the oldest one's, cells of the future with null."""
        return f"""
            with {DIGITS}, {NUMBERS},
            cohorts_seen as (
                select cohort, max(observed_age) as observed_age, max(truncated) = 1 as truncated, count(*) as customers
                from rows where age = 0 and cohort_place <= :cohorts group by cohort),
            running as (
                select date_trunc(:grain, cast(:as_of as date)) as start_on,
                    add_days(add_months(date_trunc(:grain, cast(:as_of as date)), :step_months), :step_days) as next_on),
            now as (
                select case when next_on > add_days(:as_of, 1) then ratio(days_between(start_on, :as_of) + 1, days_between(start_on, next_on))
                    else 0 end as part
                from running),
            oldest as (select max(observed_age + case when part > 0 then 1 else 0 end) as age from cohorts_seen cross join now),
            happened as (
                select cohort, age, sum(is_active) as active, sum(net_revenue) as revenue from rows where cohort_place <= :cohorts group by cohort, age),
            cells as (
                select c.cohort, n as age, customers, truncated, n <= observed_age as complete, coalesce(active, 0) as active, coalesce(revenue, 0) as revenue,
                    case when n <= observed_age then 1 when n = observed_age + 1 then part else 0 end as exposure
                from cohorts_seen as c cross join oldest join numbers on n <= oldest.age cross join now
                left join happened as h on h.cohort = c.cohort and h.age = n)
            select cohort, age, customers, case when exposure > 0 then cast(active as bigint) end as active, exposure,
                case when complete then ratio(active, customers) end as rate, case when complete then wilson_low(active, customers) end as rate_low,
                case when complete then wilson_high(active, customers) end as rate_high, case when exposure > 0 then revenue end as revenue,
                case when complete then ratio(sum(revenue) over (partition by cohort order by age), customers) end
                    as revenue_per_customer, truncated
            from cells order by cohort, age"""

    def findings(self, answer: Answer) -> Iterator[Finding]:
        if curve := answer.details["curve"]:
            yield Finding(_BACK[self.grain], curve[0])
        for line in answer.details["cumulative"].where(within_days=90):
            yield Finding(N_("Second purchase within {within_days}: {rate} of new customers (probably {rate_low} to {rate_high}; base: {customers})."), line)
        yield from self._extremes(answer)
        for line in answer.details["waiting"]:
            if line.value("waiting"):
                yield Finding(
                    N_("Newest customers ({cohort}): {customers}. Not back yet: {waiting}; revenue from them so far: {revenue}."),
                    self._dated(line),
                    money=AtStake(line["revenue"]),
                    where=_waiting(line),
                )
        if first := answer.summary.row(truncated=True, age=0):
            yield Finding(N_("First cohort in the data ({cohort}): {customers}. Some may have bought before, so averages leave it out."), first)
        if not answer.details["curve"]:
            yield Finding(N_("No group of new customers has had a whole period after its first order yet, so there is no retention to tell."), {})
        warning = answer.only("warning")
        if warning.value("vanity"):
            yield Finding(
                N_(
                    "More activity, and yet fewer newcomers who return. Active customers per period, then and now: {active_then}, {active_now}. "
                    "Back in the period after the first order, then: {rate_then} ({low_then} to {high_then}); now: {rate_now} ({low_now} to {high_now})."
                ),
                warning,
                warning=True,
            )

    def _extremes(self, answer: Answer) -> Iterator[Finding]:
        """The best and the worst cohort in the period after the first order, of those that are large enough and complete."""
        judged = [line for line in answer.summary.where(age=1, truncated=False) if line.value("rate") is not None and line.value("customers") >= ENOUGH]
        if len(judged) < 2:
            return
        ranked = sorted(judged, key=lambda line: float(line.value("rate")))
        if ranked[0].value("rate") < ranked[-1].value("rate"):
            for template, line in ((_BEST, ranked[-1]), (_WORST, ranked[0])):
                yield Finding(template, line, where={"cohort": line.value("cohort"), "age": 0})

    def _dated(self, line: Line) -> dict[str, Cell]:
        """A detail's cells with the cohort as this run shows it."""
        return {**line, "cohort": Cell(line.value("cohort"), COHORTS[self.grain], line["cohort"].address)}

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Grid(N_("Retention by cohort"), x="age", y="cohort", value="rate", note="active")
        if len(answer.details["curve"]) > 1:
            yield Lines(N_("Retention by age"), x="age", y=("rate",), band=("rate_low", "rate_high"), detail="curve")

    def actions(self, answer: Answer) -> Iterator[Action]:
        for line in answer.details["waiting"]:
            if line.value("waiting"):
                yield Action(
                    N_("The second purchase"),
                    where=_waiting(line),
                    why=N_("Newest customers ({cohort}): {customers}. Not back yet: {waiting}; revenue from them so far: {revenue}."),
                    cells=self._dated(line),
                    play=N_("Ask how the first purchase turned out, and suggest what others bought next."),
                    watch=N_("second purchases of the people on the list"),
                    within_days=30,
                    at_stake=AtStake(line["revenue"]),
                    order_by="net_revenue",
                )


def _waiting(line: Line) -> dict[str, Any]:
    """Which rows are the newest customers who have not come back."""
    return {"cohort": line.value("cohort"), "age": 0, "again_days": None}
