"""RFM: who bought lately, how often, for how much.  Hughes, *Strategic Database Marketing*, 1994."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, Literal

from pydantic import model_validator

from regulars.analysis import Action, Analysis, Answer, AtStake, Detail, Field, Finding, Label
from regulars.charts.forms import Bars, Chart, Grid
from regulars.errors import N_, Words, error
from regulars.units import COUNT, CUSTOMERS, KEY, Column, count, days, label, money, number, part, rate, ratio, share, summed, text

NAMED: Final = {
    "champions": N_("Champions"),
    "loyal": N_("Loyal"),
    "potential_loyalist": N_("Potential loyalists"),
    "new": N_("New"),
    "promising": N_("Promising"),
    "need_attention": N_("Need attention"),
    "about_to_sleep": N_("About to sleep"),
    "cant_lose": N_("Cannot lose them"),
    "at_risk": N_("At risk"),
    "hibernating": N_("Hibernating"),
}
EIGHT: Final = {
    "important_value": N_("Important – value"),
    "important_develop": N_("Important – develop"),
    "important_keep": N_("Important – keep"),
    "important_retain": N_("Important – hold back"),
    "general_value": N_("General – value"),
    "general_develop": N_("General – develop"),
    "general_keep": N_("General – keep"),
    "general_retain": N_("General – hold back"),
}
FOUR: Final = {"good": N_("Good customers"), "potential": N_("Potential customers"), "new_customers": N_("Newcomers"), "lost": N_("Lost customers")}
WORDS: Final = NAMED | EIGHT | FOUR
SILENT: Final = {"named": ("cant_lose", "at_risk"), "eight": ("important_keep", "important_retain"), "four": ("lost",)}
"""The segments that were worth something and have gone quiet, by preset."""

_NAMED_SQL = """case
    when r5 = 5 and f5 >= 4 then 'champions' when r5 >= 3 and f5 >= 4 then 'loyal'
    when r5 >= 4 and f5 >= 2 then 'potential_loyalist' when r5 = 5 then 'new' when r5 = 4 then 'promising'
    when r5 = 3 and f5 = 3 then 'need_attention' when r5 = 3 then 'about_to_sleep'
    when f5 = 5 then 'cant_lose' when f5 >= 3 then 'at_risk' else 'hibernating' end"""
_EIGHT_SQL = """case when monetary > m_middle then 'important_' else 'general_' end || case
    when recency_days <= r_middle and frequency > f_middle then 'value' when recency_days <= r_middle then 'develop'
    when frequency > f_middle then 'keep' else 'retain' end"""
_FOUR_SQL = """case when r5 <= 2 then 'lost' when frequency = 1 then 'new_customers' when r5 + f5 + m5 >= 11 then 'good' else 'potential' end"""

_MIDDLE = {
    "mean": "avg(cast(recency_days as double)) as r_middle, avg(cast(frequency as double)) as f_middle, avg(cast(monetary as double)) as m_middle",
    "median": "percentile(recency_days, 0.5) as r_middle, percentile(frequency, 0.5) as f_middle, percentile(monetary, 0.5) as m_middle",
}


class RFM(Analysis):
    """Which customers carry the business, and which of them are slipping away?

    Scores are s = ceil(k · average rank / n): equal values get equal scores, whatever the order of the rows. For naming, one
    purchase is F = 1. Names are a partition of the R × F plane (``named``), the eight Chinese groups by R, F and M against
    the mean or median (``eight``), or four classes by the combined score (``four``).
    """

    key: ClassVar[str] = "rfm"
    title: ClassVar[str] = N_("RFM: recency, frequency, money")
    question: ClassVar[str] = N_("Which customers carry the business, and which of them are slipping away?")
    method: ClassVar[str] = N_(
        "Every customer is scored three times: days since the last order, purchase days, net revenue. Equal values get equal scores. "
        "The segment follows from the scores. RFM compares customers with one another at one moment: it does not see how long "
        "somebody has been a customer or who is gone for good. For that, see customer portfolio management (CPM)."
    )
    source: ClassVar[str] = "Hughes, Strategic Database Marketing, 1994; Fader, Hardie & Lee 2005"
    gives: ClassVar = {
        "segment": label(N_("Segment"), N_("Name of the group of scores"), WORDS),
        "customers": count(N_("Customers"), N_("Customers in the segment"), COUNT, noun=CUSTOMERS),
        "customers_share": share(N_("Share of customers"), N_("Part of all customers"), part("customers")),
        "revenue": money(N_("Revenue"), N_("Net revenue of these customers, all time"), summed("monetary")),
        "revenue_share": share(N_("Share of revenue"), N_("Part of all customers' net revenue"), part("revenue")),
        "year_revenue": money(N_("Last twelve months"), N_("Net revenue of these customers in the last twelve months"), summed("year_revenue")),
        "revenue_per_customer": money(N_("Revenue per customer"), N_("Net revenue divided by customers"), ratio("revenue", "customers")),
        "recency_days": days(N_("Days since last order"), N_("Mean days since the last order")),
    }
    row_gives: ClassVar = {
        "customer_id": text(N_("Customer"), N_("The customer's key"), personal=True),
        "recency_days": days(N_("Days since last order"), N_("Days from the last order to the day asked for")),
        "frequency": count(N_("Purchases"), N_("Purchase days, or orders if so chosen")),
        "monetary": money(N_("Revenue"), N_("Net revenue, refunds taken off")),
        "year_revenue": money(N_("Last twelve months"), N_("Net revenue of the last twelve months")),
        "r": number(N_("R score"), N_("Recency score, highest is most recent"), digits=0),
        "f": number(N_("F score"), N_("Frequency score by average rank"), digits=0),
        "m": number(N_("M score"), N_("Money score by average rank"), digits=0),
        "r5": number(N_("R of five"), N_("Recency score on the five-step scale that names are defined on"), digits=0),
        "f5": number(N_("F of five"), N_("Frequency score on the five-step scale; one purchase is always the lowest"), digits=0),
        "m5": number(N_("M of five"), N_("Money score on the five-step scale"), digits=0),
        "segment": label(N_("Segment"), N_("Name of the group of scores"), WORDS),
    }
    details: ClassVar = {
        "totals": Detail(
            """select count(*) as customers, sum(monetary) as revenue, sum(year_revenue) as year_revenue,
                sum(case when frequency = 1 then 1 else 0 end) as one_time, ratio(sum(case when frequency = 1 then 1 else 0 end), count(*)) as one_time_rate,
                count(distinct f) as f_levels from rows""",
            {
                "customers": count(N_("Customers"), N_("Customers with a standing order"), COUNT, noun=CUSTOMERS),
                "revenue": money(N_("Revenue"), N_("Net revenue of all customers"), summed("monetary")),
                "year_revenue": money(N_("Last twelve months"), N_("Net revenue of the last twelve months"), summed("year_revenue")),
                "one_time": count(N_("Bought once"), N_("Customers with a single purchase"), noun=CUSTOMERS),
                "one_time_rate": rate(N_("Share who bought once"), N_("Customers with a single purchase, of all customers"), ratio("one_time", "customers")),
                "f_levels": count(N_("Levels of F"), N_("Distinct frequency scores that occur: ties can leave fewer than the bins asked for")),
            },
            N_("Totals"),
        ),
        "grid": Detail(
            "select r5, f5, count(*) as customers, sum(monetary) as revenue from rows group by r5, f5 order by r5, f5",
            {
                "r5": label(N_("Recency score"), N_("5 bought most recently")),
                "f5": label(N_("Frequency score"), N_("5 bought most often; 1 bought once")),
                "customers": count(N_("Customers"), N_("Customers in the cell"), COUNT, noun=CUSTOMERS),
                "revenue": money(N_("Revenue"), N_("Net revenue of these customers"), summed("monetary")),
            },
            N_("Recency by frequency"),
        ),
        "cuts": Detail(
            """with scores as (
                select 'r' as axis, r as score, cast(recency_days as double) as value from rows
                union all select 'f', f, cast(frequency as double) from rows union all select 'm', m, cast(monetary as double) from rows)
            select axis, score, min(value) as value_from, max(value) as value_to, count(*) as customers
            from scores group by axis, score order by axis, score""",
            {
                "axis": label(N_("Axis"), N_("Recency, frequency or money"), {"r": N_("Recency, days"), "f": N_("Frequency, purchases"), "m": N_("Money")}),
                "score": label(N_("Score"), N_("The score")),
                "value_from": number(N_("From"), N_("Smallest value with this score")),
                "value_to": number(N_("To"), N_("Largest value with this score")),
                "customers": count(N_("Customers"), N_("Customers with this score"), noun=CUSTOMERS),
            },
            N_("Where one score ends and the next begins"),
        ),
    }
    label: ClassVar[Label] = Label(
        "rfm_segment", "segment", Column("label", N_("RFM segment"), N_("Named segment by recency and frequency"), KEY, values=WORDS)
    )

    scores: ClassVar[frozenset[str]] = frozenset({"r", "f", "m", "r5", "f5", "m5", "segment"})

    bins: int = Field(default=5, ge=2, le=10, description=N_("Score levels per axis; equal values get equal scores."))
    frequency: Literal["order_days", "orders"] = Field(
        default="order_days", description=N_("What counts as one purchase: a business day with an order, or an order.")
    )
    preset: Literal["named", "eight", "four"] = Field(default="named", description=N_("Named segments, the eight groups, or four classes."))
    split: Literal["mean", "median"] = Field(default="mean", description=N_("What the eight groups compare with."))
    breaks: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]] | None = Field(
        default=None,
        description=N_(
            "Fixed cut points for comparing months: days (ascending, the first is the limit of the best score), purchases and money "
            "(ascending, least value of the second score and up); one fewer than bins in each."
        ),
    )

    @model_validator(mode="after")
    def _breaks_fit(self) -> RFM:
        for axis in self.breaks or ():
            if len(axis) != self.bins - 1 or list(axis) != sorted(set(axis)):
                raise error(
                    "parameter_wrong",
                    analysis="rfm",
                    name="breaks",
                    value=str(axis),
                    reason=Words(N_("each must be larger than the one before, and one fewer than the bins")),
                    allowed=f"{self.bins - 1} × <",
                )
        return self

    @property
    def parameters(self) -> dict[str, Any]:
        given = super().parameters
        given.pop("breaks")
        for name, axis in zip("rfm", self.breaks or (), strict=False):
            given |= {f"{name}_break_{i}": value for i, value in enumerate(axis)}
        return given

    def _scores(self) -> str:
        if self.breaks is None:
            return "score_desc(recency_days, :bins) as r, score(frequency, :bins) as f, score(monetary, :bins) as m"
        top = self.bins
        r = " ".join(f"when recency_days <= :r_break_{i} then {top - i}" for i in range(top - 1))
        f, m = (
            " ".join(f"when {column} >= :{axis}_break_{i} then {i + 2}" for i in reversed(range(top - 1)))
            for axis, column in (("f", "frequency"), ("m", "monetary"))
        )
        return f"case {r} else 1 end as r, case {f} else 1 end as f, case {m} else 1 end as m"

    @property
    def table(self) -> str:
        five = "{0}" if self.bins == 5 else "cast(ceil(cast({0} * 5 as double) / :bins) as integer)"
        segment = {"named": _NAMED_SQL, "eight": _EIGHT_SQL, "four": _FOUR_SQL}[self.preset]
        middle = f"cross join (select {_MIDDLE[self.split]} from seen) as middle" if self.preset == "eight" else ""
        return f"""
            with seen as (
                select customer_id, recency_days, {self.frequency} as frequency, net_revenue as monetary, year_revenue from customer_rollup),
            scored as (select customer_id, recency_days, frequency, monetary, year_revenue, {self._scores()} from seen),
            five as (
                select *, {five.format("r")} as r5, case when frequency = 1 then 1 else {five.format("f")} end as f5, {five.format("m")} as m5 from scored)
            select customer_id, recency_days, frequency, monetary, year_revenue, r, f, m, r5, f5, m5, {segment} as segment from five {middle}"""

    @property
    def summary(self) -> str:
        return """
            with total as (select count(*) as customers, sum(monetary) as revenue from rows)
            select segment, count(*) as customers, ratio(count(*), max(total.customers)) as customers_share, sum(monetary) as revenue,
                ratio(sum(monetary), max(total.revenue)) as revenue_share, sum(year_revenue) as year_revenue,
                ratio(sum(monetary), count(*)) as revenue_per_customer, avg(cast(recency_days as double)) as recency_days
            from rows cross join total group by segment order by sum(monetary) desc, segment"""

    def findings(self, answer: Answer) -> Iterator[Finding]:
        totals = answer.only("totals")
        for segment in SILENT[self.preset]:
            if line := answer.summary.row(segment=segment):
                yield Finding(
                    N_("{segment}: {customers}. They have not bought for {recency_days} on average; in the last twelve months they brought {year_revenue}."),
                    line,
                    money=AtStake(line["year_revenue"]),
                    where={"segment": segment},
                )
        for segment in ("champions", "important_value", "good"):
            if line := answer.summary.row(segment=segment):
                yield Finding(
                    N_("{segment}: {customers}, {customers_share} of all. They bring {revenue_share} of the revenue."), line, where={"segment": segment}
                )
        if totals.value("customers"):
            yield Finding(N_("Bought once so far: {one_time}, {one_time_rate} of all. Equal values share a score, so frequency has {f_levels} levels."), totals)
        yield Finding(N_("RFM does not see how long somebody has been a customer, nor who is gone for good. The portfolio page (CPM) does."), {})

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Grid(N_("Customers by recency and frequency"), x="f5", y="r5", value="customers", detail="grid")
        yield Bars(N_("Revenue by segment"), x="segment", y="revenue", horizontal=True)

    def actions(self, answer: Answer) -> Iterator[Action]:
        for segment in SILENT[self.preset]:
            if (line := answer.summary.row(segment=segment)) and self.preset != "four":
                yield Action(
                    N_("Win back those who used to buy often"),
                    where={"segment": segment},
                    why=N_("{segment}: {customers}, silent for {recency_days} on average."),
                    cells=line,
                    play=N_("Call first; ask what changed before offering anything."),
                    watch=N_("orders of the people on the list"),
                    within_days=30,
                    at_stake=AtStake(line["year_revenue"]),
                )
