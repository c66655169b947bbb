"""CPM: the portfolio of customers in ten groups.  Nishino Hiromichi (Yazuya), about 1999; Hashimoto Yōsuke, 2008, ISBN 978-4828414546."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal, Protocol, Self

from pydantic import model_validator

from regulars.analyses.cpm_columns import DETAILS, GIVES, ROW_GIVES
from regulars.analyses.cpm_sql import SUMMARY, table_sql
from regulars.analyses.cpm_words import GROUP_WORDS, GROUPS, PLAYS
from regulars.analysis import Action, Analysis, Answer, AtStake, Field, Finding, If, Label, Line
from regulars.charts.forms import Bars, Chart
from regulars.errors import N_, Words, error
from regulars.models.proportions import n_per_arm, product_interval
from regulars.units import KEY, Cell, Column, count, label, money

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
    buyers, no tenure for the fairly active, spend strictly above the bar). Past groups are told from what was known then,
    with the bounds of today, so that a move is the customer's and not the bar's.
    """

    key: ClassVar[str] = "cpm"
    title: ClassVar[str] = N_("Customer portfolio (CPM)")
    question: ClassVar[str] = N_("In which of ten states is each customer, how many come back from each, and whom do we call first?")
    method: ClassVar[str] = N_(
        "Customer portfolio management sorts customers by how long they have been buying, how much in all, and whether they still come. "
        "The repurchase rate of a group is measured: the groups as they were known some time ago, and who of them has bought since. "
        "The bounds can be moved, and the page says how many customers would change groups."
    )
    source: ClassVar[str] = "Nishino (Yazuya), ca. 1999; Hashimoto 2008, ISBN 978-4828414546; thresholds: SysNavia, LTV-Lab"
    label: ClassVar[Label] = Label(
        "cpm_group",
        "group",
        Column("label", N_("Portfolio group (CPM)"), N_("One of the ten groups of customer portfolio management"), KEY, values=GROUP_WORDS),
    )
    gives: ClassVar = GIVES
    row_gives: ClassVar = ROW_GIVES
    details: ClassVar = DETAILS

    scores: ClassVar[frozenset[str]] = frozenset(
        {
            *("type", "state", "group", "other_type", "big_newcomer", "near_lapse", "bar", "loyal_bar"),
            *("then_type", "then_state", "returned", "month_type", "month_state"),
        }
    )

    lapse_days: int = Field(default=240, ge=1, le=3650, description=N_("Days without an order after which a customer counts as lapsed."))
    tenure_days: tuple[int, int] = Field(default=(90, 210), description=N_("Days from first to last order: where trying out ends, and where loyalty begins."))
    money: Decimal | None = Field(default=None, gt=0, description=N_("Cumulative net sales that make a big buyer; by default seven mean orders."))
    loyal_money: Decimal | None = Field(default=None, gt=0, description=N_("A bar of its own for the loyal, in the article preset; by default the same bar."))
    preset: Literal["general", "article"] = Field(default="general", description=N_("The original rule, or the wording of Chinese articles."))
    horizon_days: int = Field(default=90, ge=7, le=1095, description=N_("Over how many days the repurchase rate of each group is measured."))
    warn_days: int = Field(default=60, ge=1, le=365, description=N_("How long before the lapse an active customer is called near to it."))

    @model_validator(mode="after")
    def _bounds_ascend(self) -> Self:
        if not 1 <= self.tenure_days[0] < self.tenure_days[1]:
            raise error(
                "parameter_wrong",
                analysis="cpm",
                name="tenure_days",
                value=str(self.tenure_days),
                reason=Words(N_("the second is not larger than the first")),
                allowed="1 ≤ first < second",
            )
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
        return table_sql(self.preset)

    @property
    def summary(self) -> str:
        return SUMMARY

    def findings(self, answer: Answer) -> Iterator[Finding]:
        totals = answer.only("totals")
        for line in answer.summary:
            if line.value("state") == "lapsed" and line.value("customers") and line.value("type") not in ("first_time", "toddler"):
                yield Finding(
                    N_(
                        "{group}: {customers}. In the last twelve months they still brought {year_revenue}; now they have been silent for {lapse_days} or more."
                    ),
                    _named(line, totals),
                    money=AtStake(line["year_revenue"]),
                    where={"type": line.value("type"), "state": "lapsed"},
                )
        for line in answer.details["nearing"]:
            if line.value("type") in ("excellent", "trend", "steady") and line.value("customers"):
                yield Finding(
                    N_(
                        "{type}, still active: {customers} will count as lapsed within {warn_days} unless they order. "
                        "In the last twelve months: {year_revenue}."
                    ),
                    {**line, "warn_days": totals["warn_days"]},
                    money=AtStake(line["year_revenue"]),
                    where={"type": line.value("type"), "state": "active", "near_lapse": 1},
                )
        if (loyal := answer.summary.row(type="excellent", state="active")) and loyal.value("customers"):
            yield Finding(N_("{group}: {customers}, {customers_share} of all. They bring {revenue_share} of the revenue."), _named(loyal, totals))
        if (new := answer.summary.row(type="first_time", state="active")) and new.value("repurchase_rate") is not None:
            yield Finding(
                N_(
                    "Second purchase within {horizon_days}, of those who were new then: {repurchase_rate} "
                    "(probably {rate_low} to {rate_high}; base: {rate_base})."
                ),
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
