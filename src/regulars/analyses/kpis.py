"""KPIs: revenue, orders, buyers, new and returning ones, by day, week or month, beside the period before and the year before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from regulars.analyses.kpis_columns import DIMENSIONS, GIVES, PERIODS, ROW_GIVES, dimension
from regulars.analyses.kpis_details import DETAILS, RUNNING, later
from regulars.analyses.kpis_sql import table_sql
from regulars.analysis import Analysis, Answer, Field, Finding, Line
from regulars.charts.forms import Bars, Chart, Grid, Lines
from regulars.errors import N_
from regulars.units import Cell, Column

__all__ = ["DIMENSIONS", "KPIs"]

ENOUGH: Final = 30
"""So many new customers a repurchase rate needs to be quoted."""
READABLE: Final = 8
"""A chart holds at most so many values of a dimension."""

_STEPS: Final = {"day": (0, 1, 364), "week": (0, 7, 52), "month": (1, 0, 12)}
"""Grain → months and days of one period, and how many periods back the year before lies: 52 weeks, so that weekdays agree."""


def _whole(measure: str, suffix: str) -> str:
    """A comparison's column; counts as whole numbers."""
    name = f"{measure}_{suffix}"
    return name if measure == "revenue" else f"cast({name} as bigint) as {name}"


def _several(given: object) -> object:
    """One dimension may be named without a list around it."""
    return (given,) if isinstance(given, str) else given


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("a dimension is named twice")
    return names


_MONEY: Final = ("revenue", "gross_revenue", "refunds", "new_revenue", "identified_revenue")
_COUNTS: Final = ("orders", "items", "customers", "new_customers", "identified_orders")
"""What is nought in a period without sales."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]


class KPIs(Analysis):
    """How is business going: how much, how many orders, how many buyers, how many of them new?

    One row per day, week (from Monday) or month of the newest ``periods``; a period without sales is there with zeros unless
    the run is split. Standing orders count; refunds are set against the order's day (``order``) or their own (``cash``).
    A period that is not over is marked, and compared with as many days of the others. The repurchase rate is null until all
    new customers of the period have had ``repurchase_days`` days. Split by order or product, a customer counts wherever they
    bought, and a product's orders are those it is part of, so these counts add up to more than the undivided ones.
    """

    key: ClassVar[str] = "kpis"
    title: ClassVar[str] = N_("Key figures")
    question: ClassVar[str] = N_("How is business going: how much, how many orders, how many buyers, how many of them new?")
    method: ClassVar[str] = N_(
        "Revenue is sales minus refunds; orders cancelled in full do not count. Average order value is revenue divided by orders; revenue per buyer is "
        "something else. A customer is new in the period of the first order in the data, so in its first months old customers look new. The repurchase "
        "rate looks at new customers who have all had the same number of days."
    )
    source: ClassVar[str] = "Farris et al., Marketing Metrics, 2010; Wilson 1927; Newcombe 1998 (method 10)"
    gives: ClassVar = GIVES
    row_gives: ClassVar = ROW_GIVES
    details: ClassVar = DETAILS
    hint: ClassVar[str] = "grain, periods, by"

    grain: Literal["day", "week", "month"] = Field(default="month", description=N_("Length of a period; weeks begin on Monday."))
    by: Annotated[tuple[Name, ...], BeforeValidator(_several), AfterValidator(_distinct)] = Field(
        default=(), max_length=2, description=N_("At most two dimensions to split by: of the customer, the order, the product, or what another analysis says.")
    )
    periods: int = Field(default=24, ge=2, le=1000, description=N_("How many of the newest periods are shown."))
    basis: Literal["order", "cash"] = Field(default="order", description=N_("Whether a refund counts on the day of its order, or on its own day."))
    repurchase_days: int = Field(default=90, ge=1, le=1095, description=N_("Days after the first order within which a second purchase day counts."))

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(name for name in self.by if name not in DIMENSIONS)

    @property
    def known_dimensions(self) -> tuple[str, ...]:
        return tuple(DIMENSIONS)

    @property
    def parameters(self) -> dict[str, Any]:
        months, days, year = _STEPS[self.grain]
        return super().parameters | {"step_months": months, "step_days": days, "year_steps": year}

    @property
    def columns(self) -> dict[str, Column]:
        return {"period": PERIODS[self.grain]} | {name: dimension(name).shown for name in self.by} | {k: v for k, v in GIVES.items() if k != "period"}

    @property
    def row_columns(self) -> dict[str, Column]:
        return {"period": PERIODS[self.grain]} | {name: dimension(name).shown for name in self.by} | {k: v for k, v in ROW_GIVES.items() if k != "period"}

    @property
    def table(self) -> str:
        """One row per period, dimension values and customer; walk-in sales summed up under no customer."""
        return table_sql(self.grain, self.by, self.basis)

    @property
    def summary(self) -> str:
        """One row per period and dimension values, beside the period before and the year before."""
        same = "".join(f" and {{0}}.{name} is not distinct from s.{name}" for name in self.by)
        measures = ("revenue", "orders", "customers")
        compared = ", ".join(
            f"case when {day} >= :data_from then coalesce(case when running then {t}.{m}_to_date else {t}.{m} end, 0) end as {m}_{suffix}"
            for m in measures
            for t, day, suffix in (("b", "before_on", "previous"), ("y", "year_on", "last_year"))
        )
        changes = ", ".join(
            f"{_whole(m, suffix)}, case when {m}_{suffix} > 0 then ratio({m} - {m}_{suffix}, {m}_{suffix}) end as {m}_change{end}"
            for m in measures
            for suffix, end in (("previous", ""), ("last_year", "_last_year"))
        )
        return f"""
            with digits as (select n from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as d(n)),
            numbers as (select a.n + 10 * b.n + 100 * c.n as n from digits as a cross join digits as b cross join digits as c),
            periods as (
                select {later(RUNNING, "-1 * n")} as period, {later(RUNNING, "1 - n")} as next_on, {later(RUNNING, "-1 - n")} as before_on,
                    {later(RUNNING, "-1 * n - :year_steps")} as year_on
                from numbers where n < :periods),
            totals as (
                select period, each(:by), sum(net_revenue) as revenue, sum(gross_revenue) as gross_revenue, sum(refunds) as refunds, sum(orders) as orders,
                    sum(items) as items, sum(margin) as margin, sum(is_buyer) as customers, sum(is_new) as new_customers,
                    sum(case when is_new = 1 then net_revenue else 0 end) as new_revenue, sum(bought_again) as bought_again,
                    sum(case when customer_id is not null then net_revenue else 0 end) as identified_revenue,
                    sum(case when customer_id is not null then orders else 0 end) as identified_orders, sum(revenue_to_date) as revenue_to_date,
                    sum(orders_to_date) as orders_to_date, sum(case when customer_id is not null and orders_to_date > 0 then 1 else 0 end) as customers_to_date
                from rows group by period, each(:by)),
            shown as (
                select c.period, each(:by, t), before_on, year_on, next_on > add_days(:as_of, 1) as running,
                    next_on > add_days(:as_of, 1) or c.period < :data_from as partial,
                    days_between(greatest(c.period, cast(:data_from as date)), least(next_on, add_days(:as_of, 1))) as days,
                    {", ".join(f"coalesce({name}, 0) as {name}" for name in _MONEY + _COUNTS)}, margin, bought_again
                from periods as c {"" if self.by else "left "}join totals as t on t.period = c.period where next_on > :data_from),
            compared as (
                select s.*, {compared}
                from shown as s left join totals as b on b.period = before_on{same.format("b")} left join totals as y on y.period = year_on{same.format("y")})
            select period, each(:by), partial, days, revenue, gross_revenue, refunds, ratio(refunds, gross_revenue) as refund_rate,
                {", ".join(f"cast({name} as bigint) as {name}" for name in ("orders", "customers", "new_customers", "identified_orders", "bought_again"))},
                cast(customers - new_customers as bigint) as returning_customers, new_revenue, ratio(new_revenue, identified_revenue) as new_revenue_share,
                ratio(revenue, orders) as aov, ratio(identified_revenue, customers) as revenue_per_customer,
                ratio(identified_orders, customers) as orders_per_customer, items, ratio(items, orders) as items_per_order, margin, identified_revenue,
                ratio(identified_revenue, revenue) as identified_share, ratio(bought_again, new_customers) as repurchase_rate,
                case when bought_again is not null then wilson_low(bought_again, new_customers) end as repurchase_low,
                case when bought_again is not null then wilson_high(bought_again, new_customers) end as repurchase_high, {changes}
            from compared order by period, each(:by) nulls first"""

    def findings(self, answer: Answer) -> Iterator[Finding]:
        for line in answer.details["latest"]:
            yield from self._latest(line)
        if (last := answer.summary[-1] if answer.summary else None) and last.value("partial") and not self.by:
            told = N_("{period} is incomplete. In the data so far: {days}; revenue: {revenue}.")
            beside = N_("{period} is incomplete. In the data so far: {days}; revenue: {revenue}. As many days of the period before: {revenue_previous}.")
            yield Finding(told if last.value("revenue_previous") is None else beside, last, where={"period": last.value("period")})
        if hours := answer.details["best_hours"]:
            peak = max(hours, key=lambda line: int(line.value("orders")))
            yield Finding(N_("Busiest time of the week, last twelve months: {weekday}, {hour} h. Orders in that hour: {orders}."), peak)
        yield from _growing_but_leaving(answer.only("warning"))

    def _latest(self, line: Line) -> Iterator[Finding]:
        """The last complete period: how much it was, who bought, what came back."""
        cells = {**line, **{name: Cell(line.value(name), PERIODS[self.grain], line[name].address) for name in ("period", "repurchase_period")}}
        where = {"period": line.value("period")}
        before, year = (line.value(name) is not None for name in ("revenue_change", "revenue_change_last_year"))
        told = {
            (False, False): N_("{period}: revenue {revenue}; {orders}, {customers}."),
            (True, False): N_("{period}: revenue {revenue}. The period before: {revenue_previous}; change: {revenue_change}."),
            (False, True): N_("{period}: revenue {revenue}. The year before: {revenue_last_year}; change: {revenue_change_last_year}."),
            (True, True): N_(
                "{period}: revenue {revenue}. The period before: {revenue_previous}; change: {revenue_change}. "
                "The year before: {revenue_last_year}; change: {revenue_change_last_year}."
            ),
        }
        yield Finding(told[before, year], cells, where=where)
        if line.value("customers"):
            yield Finding(
                N_(
                    "{period}: new customers: {new_customers}; returning ones: {returning_customers}. "
                    "Share of the new ones in known customers' revenue: {new_revenue_share}."
                ),
                cells,
                where=where,
            )
        if line.value("refunds") and line.value("refund_rate") is not None:
            yield Finding(N_("{period}: refunds: {refunds}, which is {refund_rate} of sales before refunds."), cells, where=where)
        if (line.value("repurchase_base") or 0) >= ENOUGH:
            yield Finding(
                N_(
                    "Repurchase rate of new customers within {repurchase_days}, newest period that can be judged ({repurchase_period}): {repurchase_rate} "
                    "(probably {repurchase_low} to {repurchase_high}; base: {repurchase_base})."
                ),
                cells,
                where={"period": line.value("repurchase_period"), "is_new": 1},
            )

    def charts(self, answer: Answer) -> Iterator[Chart]:
        if not self.by:
            yield Lines(N_("Revenue"), x="period", y=("revenue",), partial="partial")
        elif len(self.by) == 1 and len({line.value(self.by[0]) for line in answer.summary}) <= READABLE:
            yield Bars(N_("Revenue by part"), x="period", y="revenue", by=self.by[0], stacked=True)
        if answer.details["best_hours"]:
            yield Grid(N_("Orders by weekday and hour"), x="hour", y="weekday", value="orders", detail="best_hours")


def _growing_but_leaving(line: Line) -> Iterator[Finding]:
    """The vanity warning: activity that grows while newcomers leave."""
    if line.value("vanity"):
        yield Finding(
            N_(
                "More buyers, and yet fewer newcomers who return. Buyers per period, then and now: {customers_then}, {customers_now}. "
                "Repurchase rate of new customers, then: {rate_then} ({low_then} to {high_then}); now: {rate_now} ({low_now} to {high_now})."
            ),
            line,
            warning=True,
        )
