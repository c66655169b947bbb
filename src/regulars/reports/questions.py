"""The five questions an owner comes with: what the data answer, and which file would answer the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from regulars.analysis import Finding, Line
from regulars.errors import N_
from regulars.reports.health import Health
from regulars.result import Result
from regulars.units import CUSTOMERS, Column, count, rate, ratio, text
from regulars.workspace import Workspace

ENOUGH: Final = 30
"""Buyers a product or a shop needs before its repurchase rate is quoted."""
MOST: Final = 2
"""Sentences per question."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence over one row that a question asks of the data itself."""

    sql: str
    gives: Mapping[str, Column]
    template: str


@dataclass(frozen=True, slots=True)
class Need:
    """What is missing while a fact of the data's health is below ``least``."""

    fact: str
    least: int
    says: str


@dataclass(frozen=True, slots=True)
class Question:
    """One entry question. ``sources`` are analyses with the keys a finding must be about; ``facts`` are asked where the needs are met."""

    title: str
    needs: tuple[Need, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its sentences, each with the result it comes from if an analysis said it, and what is missing."""

    question: Question
    findings: tuple[tuple[Finding, Result | None], ...]
    missing: tuple[str, ...]


_BUYERS: Final = count(N_("Buyers"), N_("Known customers who bought it"), noun=CUSTOMERS)
_AGAIN: Final = count(N_("Bought it again"), N_("Of them, those who bought it on another day too"), noun=CUSTOMERS)
_RATE: Final = rate(N_("Bought again"), N_("Bought it on another day too, of all who bought it, over the whole time of the data"), ratio("again", "buyers"))

_PRODUCT: Final = Fact(
    """with bought as (
            select customer_id, product_id, count(distinct ordered_on) as days from order_lines
            where kind = 'sale' and customer_id is not null and product_id is not null and ordered_on <= :as_of group by customer_id, product_id)
        select coalesce(max(p.product_name), b.product_id) as product, count(*) as buyers, sum(case when b.days > 1 then 1 else 0 end) as again,
            ratio(sum(case when b.days > 1 then 1 else 0 end), count(*)) as again_rate
        from bought as b left join products as p on p.product_id = b.product_id group by b.product_id having count(*) >= :enough
        order by sum(case when b.days > 1 then 1 else 0 end) desc, b.product_id limit 1""",
    {"product": text(N_("Product"), N_("Name of the product")), "buyers": _BUYERS, "again": _AGAIN, "again_rate": _RATE},
    N_("What most people come back for is “{product}”. Bought by {buyers}; of these, {again_rate} bought it on another day too."),
)

_SHOPS: Final = Fact(
    """with visits as (
            select customer_id, store, count(distinct ordered_on) as days from orders
            where customer_id is not null and store is not null and ordered_on <= :as_of and (cancelled_on is null or cancelled_on > :as_of)
            group by customer_id, store),
        stores as (
            select store, count(*) as buyers, ratio(sum(case when days > 1 then 1 else 0 end), count(*)) as again_rate
            from visits group by store having count(*) >= :enough),
        ends as (select max(again_rate) as highest, min(again_rate) as lowest from stores)
        select min(case when again_rate = highest then store end) as best, max(case when again_rate = highest then buyers end) as best_buyers,
            max(highest) as best_rate, min(case when again_rate = lowest then store end) as last, max(lowest) as last_rate
        from stores cross join ends having count(*) > 1""",
    {
        "best": text(N_("Shop"), N_("The shop most customers come back to")),
        "best_buyers": _BUYERS,
        "best_rate": _RATE,
        "last": text(N_("Shop"), N_("The shop fewest customers come back to")),
        "last_rate": _RATE,
    },
    N_("Customers come back most to “{best}”: {best_rate} of its buyers ({best_buyers} in all) came on another day too. Lowest: “{last}” with {last_rate}."),
)

QUESTIONS: Final = (
    Question(
        N_("How do I get products bought again?"),
        needs=(Need("product_lines", 1, N_("Missing: the product of each order line (a column with the product's code or name).")),),
        facts=(_PRODUCT,),
    ),
    Question(
        N_("How do I get people to come back to the shop?"),
        needs=(Need("stores", 1, N_("Missing for a comparison of shops: a column that says in which shop or branch each order was made.")),),
        facts=(_SHOPS,),
        sources=(("rfm", {"one_time": ...}), ("kpis", {})),
    ),
    Question(
        N_("How do new customers become good ones?"),
        needs=(Need("customers", 1, N_("Missing: a column that says who bought (a customer number, a phone number or an e-mail address).")),),
        sources=(("cpm", {"type": "first_time"}), ("retention", {})),
    ),
    Question(
        N_("How do I stop losing old customers?"),
        needs=(Need("customers", 1, N_("Missing: a column that says who bought (a customer number, a phone number or an e-mail address).")),),
        sources=(("cpm", {"state": "lapsed"}), ("cpm", {"near_lapse": 1})),
    ),
    Question(
        N_("How do I get more back for what I spend?"),
        needs=(
            Need("cost_lines", 1, N_("Missing, to speak of profit and not only of revenue: a column with the cost of each line or product.")),
            Need("spend_rows", 1, N_("Missing: a file of advertising spend by day, channel and campaign.")),
        ),
        sources=(("concentration", {}),),
    ),
)


def answer(workspace: Workspace, results: Iterable[Result], health: Health, as_of: date) -> tuple[Answered, ...]:
    """Every question with what the data say to it on that day."""
    found = tuple(results)
    return tuple(_answer(question, workspace, found, health, as_of) for question in QUESTIONS)


def _answer(question: Question, workspace: Workspace, results: tuple[Result, ...], health: Health, as_of: date) -> Answered:
    missing = tuple(need.says for need in question.needs if (health.facts.value(need.fact) or 0) < need.least)
    own = [] if missing else [(finding, None) for fact in question.facts for finding in _ask(workspace, fact, as_of)]
    said = [pair for key, about in question.sources for pair in _about(results, key, about)]
    return Answered(question, (*own, *said)[:MOST], missing)


def _ask(workspace: Workspace, fact: Fact, as_of: date) -> Iterator[Finding]:
    """The sentence over the fact's row, if the data give one."""
    for values in workspace.sql(fact.sql, enough=ENOUGH, as_of=as_of).to_pylist():
        if None not in values.values():
            yield Finding(fact.template, Line(values, fact.gives, "fact"))


def _about(results: tuple[Result, ...], key: str, about: Mapping[str, Any]) -> list[tuple[Finding, Result]]:
    """The finding of an analysis with the most money that is about these keys."""
    found = [(f, r) for r in results if r.analysis.key == key for f in r.findings if f.cells and not f.warning and _holds(f, about)]
    return sorted(found, key=lambda pair: -pair[0].weight)[:1]


def _holds(finding: Finding, about: Mapping[str, Any]) -> bool:
    """Whether the finding's people or cells have these values; ``...`` stands for any value."""
    return all(finding.where.get(k) == v or (k in finding.cells and v in (..., finding.cells[k].value)) for k, v in about.items())
