"""Concentration: how much of the business hangs on how few customers.  Lorenz 1905; Gini 1912; Schmittlein, Cooper & Morrison 1993."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, Literal

import pyarrow as pa

from regulars.analysis import Action, Analysis, Answer, AtStake, Detail, Field, Finding, Label
from regulars.charts.forms import Bars, Chart, Curve
from regulars.errors import N_
from regulars.models.concentration import gini, gini_interval, lorenz, smallest_group, top_share, top_share_interval
from regulars.units import COUNT, CUSTOMERS, KEY, Column, count, label, money, number, part, rate, ratio, share, summed, text

SCALE: Final = 10_000
"""Amounts cross as whole ten-thousandths, so that "who makes 80 %" is exact."""

_MEASURES: Final = {"revenue": "net_revenue", "orders": "orders", "margin": "margin"}
_TOP: Final = (1, 5, 10, 20)


def _spread(_: Mapping[str, Any], customers: pa.Table) -> list[dict[str, Any]]:
    """Gini, top shares and the smallest group that makes four fifths, over customers whose value is not negative."""
    whole = customers["value"].to_numpy().astype("int64")
    values, below = whole[whole >= 0], int((whole < 0).sum())
    line: dict[str, Any] = dict.fromkeys(_TOTALS)
    line |= {"customers": len(values), "below_zero": below, "total": float(values.sum()) / SCALE}
    if len(values) == 0 or values.sum() == 0:
        return [line]
    amounts = values.astype("float64")
    need = smallest_group(values, 0.8)
    line |= {
        "gini": gini(amounts),
        "customers_for_80": need,
        "customers_for_80_rate": need / len(values),
        "four_fifths": 0.8,
        "top_20_share": top_share(amounts, 0.2),
        "top_10_share": top_share(amounts, 0.1),
    }
    if len(values) > 1:
        low, high = gini_interval(amounts)
        top = top_share_interval(amounts, 0.1)
        line |= {"gini_low": low, "gini_high": high, "top_10_low": top.low, "top_10_high": top.high}
    return [line]


def _lorenz(_: Mapping[str, Any], customers: pa.Table) -> list[dict[str, Any]]:
    values = customers["value"].to_numpy().astype("float64")
    values = values[values >= 0]
    if values.sum() == 0:
        return []
    people, total = lorenz(values, 50)
    return [{"customers_share": float(x), "total_share": float(y)} for x, y in zip(people, total, strict=True)]


_TOTALS: Final[dict[str, Column]] = {
    "customers": count(N_("Customers"), N_("Customers with a standing order and a total not below zero"), noun=CUSTOMERS),
    "below_zero": count(N_("Below zero"), N_("Customers whose refunds exceed their purchases; left out of the curve"), noun=CUSTOMERS),
    "total": number(N_("Total"), N_("Sum of what is ranked")),
    "gini": number(N_("Gini"), N_("Gini coefficient: nought if all are equal, near one if one holds all"), digits=3),
    "gini_low": number(N_("Gini, from"), N_("Lower end of the interval of the Gini coefficient (95 %)"), digits=3),
    "gini_high": number(N_("Gini, to"), N_("Upper end of the interval of the Gini coefficient (95 %)"), digits=3),
    "customers_for_80": count(N_("Make four fifths"), N_("The smallest number of customers who together make 80 % of the total"), noun=CUSTOMERS),
    "customers_for_80_rate": rate(N_("Part of customers"), N_("These customers as a part of all"), ratio("customers_for_80", "customers")),
    "four_fifths": share(N_("Eighty per cent"), N_("The part of the total that is asked for")),
    "top_20_share": share(N_("Top fifth"), N_("Share of the total held by the top 20 % of customers")),
    "top_10_share": share(N_("Top tenth"), N_("Share of the total held by the top 10 % of customers")),
    "top_10_low": share(N_("Top tenth, from"), N_("Lower end of the interval of the top tenth's share (95 %)")),
    "top_10_high": share(N_("Top tenth, to"), N_("Upper end of the interval of the top tenth's share (95 %)")),
}

_VALUES = f"select cast(value * {SCALE} as bigint) as value from rows"

_DEPENDENCY = Detail(
    "with tops as ("
    + " union all ".join(f"select {n} as largest" for n in _TOP)
    + """),
        total as (select sum(value) as value, count(*) as customers from rows where place is not null)
        select tops.largest, sum(r.value) as total, ratio(sum(r.value), max(total.value)) as total_share, sum(r.year_revenue) as year_revenue,
            sum(case when r.recency_days >= 90 then 1 else 0 end) as silent,
            sum(case when r.recency_days >= 90 then r.year_revenue else 0 end) as silent_revenue
        from tops cross join total join rows as r on r.place <= tops.largest where tops.largest < total.customers
        group by tops.largest order by tops.largest""",
    {
        "largest": label(N_("Largest customers"), N_("How many of the largest customers are taken together")),
        "total": number(N_("Total"), N_("Their sum of what is ranked")),
        "total_share": share(N_("Share"), N_("Their part of the total")),
        "year_revenue": money(N_("Last twelve months"), N_("Their net revenue in the last twelve months: what their loss would cost in a year")),
        "silent": count(N_("Silent"), N_("Of them, without an order for ninety days or more"), noun=CUSTOMERS),
        "silent_revenue": money(N_("Last twelve months, of the silent"), N_("Net revenue of the silent ones in the last twelve months")),
    },
    N_("If the largest were lost"),
)


class Concentration(Analysis):
    """How few customers carry the business, and what would it cost to lose the largest?

    Customers with a standing order, ranked from the top; ten groups of equal count (sizes differ by at most one, the first
    ones larger); customers of equal value are ordered by their key. Those below zero (refunds exceed purchases) stand
    apart, without a place. Window and population change the answer: "80/20" is a hypothesis.
    """

    key: ClassVar[str] = "concentration"
    title: ClassVar[str] = N_("Concentration: who makes the revenue")
    question: ClassVar[str] = N_("How few customers carry the business, and what would it cost to lose the largest?")
    method: ClassVar[str] = N_(
        "Customers are ranked by what they brought and cut into ten groups of equal size. The curve shows which part of the total the "
        "smallest customers hold together; the farther it hangs below the diagonal, the more depends on a few."
    )
    source: ClassVar[str] = "Lorenz 1905; Gini 1912; Schmittlein, Cooper & Morrison 1993; Davidson 2009 (interval)"
    gives: ClassVar = {
        "decile": label(N_("Decile"), N_("Tenth of customers; the first has the largest")),
        "customers": count(N_("Customers"), N_("Customers in the tenth"), COUNT, noun=CUSTOMERS),
        "total": number(N_("Ranked total"), N_("Sum of what is ranked: revenue, orders or margin"), summed("value")),
        "share": share(N_("Share"), N_("Part of the ranked total"), part("total")),
        "cumulative_share": share(N_("Share so far"), N_("Part of the ranked total held by this tenth and those above it")),
        "revenue": money(N_("Revenue"), N_("Net revenue of these customers"), summed("net_revenue")),
        "orders": count(N_("Orders"), N_("Standing orders of these customers"), summed("orders")),
        "items": number(N_("Pieces"), N_("Pieces bought, refunds taken off"), summed("items"), digits=0),
        "order_value": money(N_("Mean order value"), N_("Net revenue divided by orders"), ratio("revenue", "orders")),
        "unit_price": money(N_("Price per piece"), N_("Net revenue divided by pieces"), ratio("revenue", "items")),
        "orders_per_customer": number(N_("Orders per customer"), N_("Orders divided by customers"), ratio("orders", "customers")),
        "year_revenue": money(N_("Last twelve months"), N_("Net revenue of these customers in the last twelve months"), summed("year_revenue")),
    }
    row_gives: ClassVar = {
        "customer_id": text(N_("Customer"), N_("The customer's key"), personal=True),
        "place": number(N_("Place"), N_("Place in the ranking; the first has the largest value"), digits=0),
        "decile": gives["decile"],
        "value": number(N_("Ranked value"), N_("What the customer is ranked by")),
        "net_revenue": money(N_("Revenue"), N_("Net revenue, all time")),
        "orders": count(N_("Orders"), N_("Standing orders")),
        "items": number(N_("Pieces"), N_("Pieces bought, refunds taken off"), digits=0),
        "year_revenue": money(N_("Last twelve months"), N_("Net revenue of the last twelve months")),
        "recency_days": number(N_("Days since last order"), N_("Days from the last order to the day asked for"), digits=0),
    }
    details: ClassVar = {
        "totals": Detail(_VALUES, _TOTALS, N_("Totals"), fit=_spread),
        "lorenz": Detail(
            _VALUES,
            {
                "customers_share": share(N_("Share of customers"), N_("The smallest customers, as a part of all")),
                "total_share": share(N_("Share of the total"), N_("What they hold together")),
            },
            N_("Lorenz curve"),
            fit=_lorenz,
        ),
        "dependency": _DEPENDENCY,
    }
    label: ClassVar[Label] = Label("decile", "decile", number(N_("Decile"), N_("Tenth of customers by what they brought; the first is the top"), KEY, digits=0))

    scores: ClassVar[frozenset[str]] = frozenset({"place", "decile"})

    by: Literal["revenue", "orders", "margin"] = Field(
        default="revenue", description=N_("What customers are ranked by; margin only where the files give costs.")
    )

    @property
    def table(self) -> str:
        return f"""
            with valued as (
                select customer_id, {_MEASURES[self.by]} as value, net_revenue, orders, items, year_revenue, recency_days from customer_rollup),
            placed as (
                select *, row_number() over (order by value desc, customer_id) as place from valued where value >= 0),
            total as (
                select small, count - 10 * small as larger from (
                    select count(*) as count, cast(floor(ratio(count(*), 10)) as bigint) as small from placed) as counted)
            select customer_id, place, case when place <= larger * (small + 1) then 1 + cast(floor(ratio(place - 1, small + 1)) as bigint)
                    else 1 + larger + cast(floor(ratio(place - 1 - larger * (small + 1), small)) as bigint) end as decile,
                value, net_revenue, orders, items, year_revenue, recency_days
            from placed cross join total
            union all
            select customer_id, null, null, value, net_revenue, orders, items, year_revenue, recency_days from valued where value < 0"""

    @property
    def summary(self) -> str:
        return """
            with tenths as (
                select decile, count(*) as customers, sum(value) as total, sum(net_revenue) as revenue, sum(orders) as orders, sum(items) as items,
                    sum(year_revenue) as year_revenue
                from rows where decile is not null group by decile),
            whole as (select sum(value) as total from rows where decile is not null),
            above as (select t.decile, sum(u.total) as total from tenths as t join tenths as u on u.decile <= t.decile group by t.decile)
            select t.decile, t.customers, t.total, ratio(t.total, whole.total) as share, ratio(above.total, whole.total) as cumulative_share,
                t.revenue, t.orders, t.items, ratio(t.revenue, t.orders) as order_value, ratio(t.revenue, t.items) as unit_price,
                ratio(t.orders, t.customers) as orders_per_customer, t.year_revenue
            from tenths as t join above on above.decile = t.decile cross join whole order by t.decile"""

    def findings(self, answer: Answer) -> Iterator[Finding]:
        if (totals := answer.only("totals")).value("gini") is None:
            if self.by == "margin" and not answer.summary:
                yield Finding(
                    N_("The files give no costs, so customers cannot be ranked by margin: a column with the cost of each line or product is missing."), {}
                )
            return
        yield Finding(
            N_("{four_fifths} of the total come from {customers_for_80}: {customers_for_80_rate} of all customers."),
            totals,
        )
        if totals.value("top_10_low") is not None and totals.value("customers") >= 30:
            yield Finding(N_("The top tenth of customers holds {top_10_share} (probably {top_10_low} to {top_10_high})."), totals)
        if dependency := answer.details["dependency"]:
            line = dependency[-1]
            yield Finding(
                N_("The largest customers, taken together ({largest}): {total_share} of the total. In the last twelve months they brought {year_revenue}."),
                line,
                where={"place": tuple(range(1, int(line.value("largest")) + 1))},
            )
            if line.value("silent"):
                yield Finding(
                    N_(
                        "Of the largest customers ({largest}), silent for a quarter or longer: {silent}. "
                        "In the last twelve months they brought {silent_revenue}."
                    ),
                    line,
                    money=AtStake(line["silent_revenue"]),
                    warning=True,
                )

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Bars(N_("Share of each tenth"), x="decile", y="share")
        yield Curve(N_("Lorenz curve"), x="customers_share", y="total_share", detail="lorenz")

    def actions(self, answer: Answer) -> Iterator[Action]:
        if dependency := answer.details["dependency"]:
            line = dependency[-1]
            yield Action(
                N_("A person for each of the largest"),
                where={"place": tuple(range(1, int(line.value("largest")) + 1))},
                why=N_("The largest customers ({largest}) make {total_share} of the total; silent for a quarter already: {silent}."),
                cells=line,
                play=N_("Give each an owner by name, who calls before they have to complain."),
                watch=N_("orders of the people on the list"),
                within_days=30,
                at_stake=AtStake(line["year_revenue"]),
            )
