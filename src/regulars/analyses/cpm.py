"""CPM: the portfolio of customers in ten groups.  Nishino Hiromichi (Yazuya), about 1999; Hashimoto Yōsuke, 2008, ISBN 978-4828414546."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal, Protocol, Self

from pydantic import model_validator

from regulars.analyses.cpm_columns import DETAILS, GIVES, ROW_GIVES, type_sql
from regulars.analyses.cpm_words import GROUP_WORDS, GROUPS, PLAYS
from regulars.analysis import Action, Analysis, Answer, AtStake, Field, Finding, If, Label, Line
from regulars.charts.forms import Bars, Chart
from regulars.errors import N_, error
from regulars.models.proportions import n_per_arm, product_interval
from regulars.units import KEY, Cell, Column, count, label, money, text

BAR_ORDERS: Final = 7
"""The money bar is seven mean orders: the published ¥70,000 stands for about seven orders of ¥10,000."""

class _Asks(Protocol):
    """What ``propose`` needs of a workspace."""

    def run(self, analysis: Analysis) -> Any: ...


class CPM(Analysis):
    """In which of ten states is each customer, how many come back from each, and whom do we call first?

    Five types by purchase days, tenure (first to last purchase) and cumulative net sales, times active or lapsed. Bounds are
    half-open: a tenure of exactly 90 days is steady, money of exactly the bar is above it, a lapse of exactly 240 days is
    lapsed. ``general`` is the original rule; ``article`` the wording of Chinese articles (no lower tenure bound for big
    buyers, no tenure for the fairly active, spend strictly above the bar).
    """

    key: ClassVar[str] = "cpm"
    title: ClassVar[str] = N_("Customer portfolio (CPM)")
    question: ClassVar[str] = N_("In which of ten states is each customer, how many come back from each, and whom do we call first?")
    method: ClassVar[str] = N_(
        "Customer portfolio management sorts customers by how long they have been buying, how much in all, and whether they still come. "
        "The repurchase rate of a group is measured: the groups as they were known some time ago, and who of them has bought since. "
        "The bounds can be moved, and the page says how many customers would change groups."
    )
    source: ClassVar[str] = "Nishino (Yazuya), ca. 1999; Hashimoto 2008, ISBN 978-4828414546; thresholds: SysNavia, LTV-Lab, MakeRepeater"
    label: ClassVar[Label] = Label("cpm_group", "group", text(N_("Portfolio group (CPM)"), N_("One of the ten groups of customer portfolio management"), adds=KEY))
    gives: ClassVar = GIVES
    row_gives: ClassVar = ROW_GIVES
    details: ClassVar = DETAILS

    lapse_days: int = Field(240, ge=1, le=3650, description=N_("Days without an order after which a customer counts as lapsed."))
    tenure_days: tuple[int, int] = Field((90, 210), description=N_("Days from first to last order: where trying out ends, and where loyalty begins."))
    money: Decimal | None = Field(None, gt=0, description=N_("Cumulative net sales that make a big buyer; by default seven mean orders."))
    loyal_money: Decimal | None = Field(None, gt=0, description=N_("A bar of its own for the loyal, in the article preset; by default the same bar."))
    preset: Literal["general", "article"] = Field("general", description=N_("The original rule, or the wording of Chinese articles."))
    horizon_days: int = Field(90, ge=7, le=1095, description=N_("Over how many days the repurchase rate of each group is measured."))
    warn_days: int = Field(60, ge=1, le=365, description=N_("How long before the lapse an active customer is called near to it."))

    @model_validator(mode="after")
    def _bounds_ascend(self) -> Self:
        if not 1 <= self.tenure_days[0] < self.tenure_days[1]:
            raise error("parameter_wrong", analysis="cpm", name="tenure_days", value=str(self.tenure_days), reason="-", allowed="1 ≤ first < second")
        return self

    @classmethod
    def propose(cls, workspace: _Asks) -> CPM:
        """A portfolio with thresholds from the data's own gaps between purchases. It is shown beside the default, never applied silently."""
        found = workspace.run(cls()).answer.only("thresholds")
        short, long, lapse = (found.value(name) for name in ("proposed_short", "proposed_long", "proposed_lapse"))
        return cls() if lapse is None else cls(lapse_days=lapse, tenure_days=(short, max(long, short + 1)))

    @property
    def parameters(self) -> dict[str, Any]:
        short, long = self.tenure_days
        return super().parameters | {"short": short, "long": long, "bar_orders": BAR_ORDERS}

    @property
    def table(self) -> str:
        """One row per customer: the group now, a month ago, and at the start of the horizon, each from what was known then."""
        other = "article" if self.preset == "general" else "general"

        def kind(preset: str, prefix: str = "") -> str:
            sql = type_sql(preset, ":short", ":long", "bar", "loyal_bar")
            for name in ("order_days", "tenure_days", "net_revenue"):
                sql = sql.replace(name, prefix + name)
            return sql

        return f"""
            with bars as (
                select coalesce(cast(:money as decimal(18,4)), cast(ratio(:bar_orders * sum(net_revenue), sum(orders)) as decimal(18,4))) as bar from customer_rollup),
            bounds as (
                select bar, coalesce(cast(:loyal_money as decimal(18,4)), bar) as loyal_bar, cast(:as_of as date) - :horizon_days as then_on,
                    cast(:as_of as date) - 30 as month_on from bars),
            days as (
                select customer_id, ordered_on, sum(case when booked_on <= then_on then orders else 0 end) as then_orders,
                    sum(case when booked_on <= then_on then net_revenue else 0 end) as then_revenue,
                    sum(case when booked_on <= month_on then orders else 0 end) as month_orders,
                    sum(case when booked_on <= month_on then net_revenue else 0 end) as month_revenue,
                    max(then_on) as then_on, max(month_on) as month_on
                from customer_days cross join bounds where customer_id is not null and ordered_on <= month_on or ordered_on <= then_on and customer_id is not null
                group by customer_id, ordered_on),
            spans as (
                select customer_id, max(then_on) as then_on, max(month_on) as month_on,
                    min(case when then_orders > 0 and ordered_on <= then_on then ordered_on end) as then_first,
                    max(case when then_orders > 0 and ordered_on <= then_on then ordered_on end) as then_last,
                    sum(case when then_orders > 0 and ordered_on <= then_on then 1 else 0 end) as then_order_days,
                    sum(case when ordered_on <= then_on then then_revenue else 0 end) as then_net_revenue,
                    min(case when month_orders > 0 and ordered_on <= month_on then ordered_on end) as month_first,
                    max(case when month_orders > 0 and ordered_on <= month_on then ordered_on end) as month_last,
                    sum(case when month_orders > 0 and ordered_on <= month_on then 1 else 0 end) as month_order_days,
                    sum(case when ordered_on <= month_on then month_revenue else 0 end) as month_net_revenue
                from days group by customer_id),
            past as (
                select customer_id, then_order_days, days_between(then_first, then_last) as then_tenure_days, then_net_revenue,
                    case when days_between(then_last, then_on) < :lapse_days then 'active' else 'lapsed' end as then_state,
                    month_order_days, days_between(month_first, month_last) as month_tenure_days, month_net_revenue,
                    case when days_between(month_last, month_on) < :lapse_days then 'active' else 'lapsed' end as month_state
                from spans),
            everyone as (
                select coalesce(c.customer_id, p.customer_id) as customer_id, first_on, last_on, order_days, orders, net_revenue, year_revenue, recency_days,
                    tenure_days, then_order_days, then_tenure_days, then_net_revenue, then_state, month_order_days, month_tenure_days, month_net_revenue, month_state
                from customer_rollup as c full join past as p on p.customer_id = c.customer_id),
            typed as (
                select e.*, bar, loyal_bar, then_on, case when order_days > 0 then {kind(self.preset)} end as type, case when order_days > 0 then {kind(other)} end as other_type,
                    case when order_days > 0 then case when recency_days < :lapse_days then 'active' else 'lapsed' end end as state,
                    case when then_order_days > 0 then {kind(self.preset, "then_")} end as then_type,
                    case when month_order_days > 0 then {kind(self.preset, "month_")} end as month_type
                from everyone as e cross join bounds)
            select customer_id, type, state, type || '_' || state as "group", other_type, order_days, orders, net_revenue, ratio(net_revenue, orders) as order_value,
                year_revenue, tenure_days, recency_days, first_on, last_on,
                case when type = 'toddler' and net_revenue >= bar then 1 else 0 end as big_newcomer,
                case when state = 'active' and recency_days >= :lapse_days - :warn_days then 1 else 0 end as near_lapse,
                then_type, case when then_type is not null then then_state end as then_state,
                case when then_type is not null then case when last_on > then_on then 1 else 0 end end as returned,
                month_type, case when month_type is not null then month_state end as month_state, bar, loyal_bar
            from typed where type is not null or then_type is not null or month_type is not null"""

    @property
    def summary(self) -> str:
        return """
            with types as (
                select 'first_time' as type, 1 as place, 0 as tenure_needed union all select 'toddler', 2, 0 union all select 'steady', 3, :short
                union all select 'trend', 4, :short union all select 'excellent', 5, :long),
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

    def findings(self, answer: Answer) -> Iterator[Finding]:
        totals = answer.only("totals")
        for line in answer.summary:
            if line.value("state") == "lapsed" and line.value("customers") and line.value("type") not in ("first_time", "toddler"):
                yield Finding(
                    N_("{group}: {customers}. In the last twelve months they still brought {year_revenue}; now they have been silent for {lapse_days} or more."),
                    _named(line, totals),
                    money=AtStake(line["year_revenue"]),
                    where={"type": line.value("type"), "state": "lapsed"},
                )
        for line in answer.details["nearing"]:
            if line.value("type") in ("excellent", "trend", "steady") and line.value("customers"):
                yield Finding(
                    N_("{type}, still active: {customers} will count as lapsed within {warn_days} unless they order. In the last twelve months: {year_revenue}."),
                    {**line, "warn_days": totals["warn_days"]},
                    money=AtStake(line["year_revenue"]),
                    where={"type": line.value("type"), "state": "active", "near_lapse": 1},
                )
        if (loyal := answer.summary.row(type="excellent", state="active")) and loyal.value("customers"):
            yield Finding(N_("{group}: {customers}, {customers_share} of all. They bring {revenue_share} of the revenue."), _named(loyal, totals))
        if (new := answer.summary.row(type="first_time", state="active")) and new.value("repurchase_rate") is not None:
            yield Finding(
                N_("Second purchase within {horizon_days}, of those who were new then: {repurchase_rate} (probably {rate_low} to {rate_high}; base: {rate_base})."),
                {**new, "horizon_days": totals["horizon_days"]},
            )
        if (own := answer.only("thresholds")).value("proposed_lapse") is not None:
            yield Finding(
                N_(
                    "Your customers' own rhythm: a silence of {proposed_lapse} would already be unusual (the rule in force says {lapse_days}). "
                    "Changing groups if you took it over: {would_switch}."
                ),
                {**own, "lapse_days": totals["lapse_days"], "would_switch": own["would_switch"]},
            )

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Bars(N_("Customers by group"), x="type", y="customers", by="state", horizontal=True)
        yield Bars(N_("Revenue by group"), x="type", y="revenue", by="state", horizontal=True)

    def actions(self, answer: Answer) -> Iterator[Action]:
        totals = answer.only("totals")
        for kind, state, within in (("excellent", "lapsed", 14), ("trend", "lapsed", 30), ("steady", "lapsed", 30)):
            if (line := answer.summary.row(type=kind, state=state)) and line.value("customers"):
                yield Action(
                    GROUPS[kind, state],
                    where={"type": kind, "state": state},
                    why=N_("{group}: {customers}, silent for {lapse_days} or more. Last twelve months: {year_revenue}."),
                    cells=_named(line, totals),
                    play=PLAYS[kind, state],
                    watch=N_("orders of the people on the list"),
                    within_days=within,
                    at_stake=AtStake(line["year_revenue"]),
                    test=_if_money(line, totals),
                )
        for line in answer.details["nearing"]:
            kind = line.value("type")
            if kind in ("excellent", "trend", "steady") and line.value("customers"):
                yield Action(
                    N_("Close to leaving"),
                    where={"type": kind, "state": "active", "near_lapse": 1},
                    why=N_("{type}, still active: {customers}. Without an order they count as lapsed within {warn_days}."),
                    cells={**line, "warn_days": totals["warn_days"]},
                    play=N_("Call or write while they still remember you: a reason to come in, not a discount."),
                    watch=N_("orders of the people on the list"),
                    within_days=21,
                    at_stake=AtStake(line["year_revenue"]),
                )
        if (new := answer.summary.row(type="first_time", state="active")) and new.value("customers"):
            yield Action(
                N_("The second purchase"),
                where={"type": "first_time", "state": "active"},
                why=N_("{group}: {customers} bought on one day only."),
                cells=_named(new, totals),
                play=PLAYS["first_time", "active"],
                watch=N_("second purchases of the people on the list"),
                within_days=30,
                at_stake=AtStake(new["year_revenue"]),
                test=_if_money(new, totals),
            )


def _named(line: Line, totals: Line) -> dict[str, Cell]:
    """A group's cells with its name and the lapse bound."""
    group = label(N_("Group"), N_("One of the ten groups of customer portfolio management"), GROUP_WORDS)
    address = line["type"].address.removesuffix(".type")
    name = Cell(f"{line.value('type')}_{line.value('state')}", group, f"{address}.group")
    return {**line, "group": name, "lapse_days": totals["lapse_days"]}


def _if_money(line: Line, totals: Line) -> If | None:
    """Customers × measured repurchase rate × mean order value, with the test that would show an effect of contacting them.

    The test looks for half as many repurchases again: the smallest effect that most shops would act on.
    """
    base, returned, order_value = line.value("rate_base"), line.value("returned"), totals.value("order_value")
    if line.value("repurchase_rate") is None or base < 10 or not returned or returned == base or not order_value:
        return None
    customers, chance = line.value("customers"), returned / base
    low, high = product_interval(returned, base, mean=order_value, standard_error=totals.value("order_value_error"), n=totals.value("customers"))
    amount = money(N_("If they buy as such customers did"), N_("Customers × measured repurchase rate × mean order value; revenue, not profit"))
    size = count(N_("Needed per group"), N_("Customers to contact and to leave alone to see half as many repurchases again"))
    address = line["repurchase_rate"].address

    def cell(value: float, name: str, column: Column = amount) -> Cell:
        return Cell(value, column, f"{address} × totals[0].order_value ({name})")

    needed = n_per_arm(chance, min(chance / 2, (1 - chance) / 2))
    return If(cell(customers * chance * order_value, "if"), cell(customers * low, "low"), cell(customers * high, "high"), cell(needed, "n", size))
