"""A brief made by hand: one small analysis, two lists, customers whose names want to be more than names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from regulars.analysis import Action, Analysis, Answer, AtStake, Detail, Finding, If
from regulars.charts.forms import Bars, Chart, Grid
from regulars.errors import error
from regulars.intake.delivery import Import
from regulars.reports.brief import Brief, Refused
from regulars.reports.contacts import contact_lists
from regulars.reports.health import FACTS, Health
from regulars.reports.questions import Answered, Question
from regulars.result import Provenance, Result
from regulars.snapshots import Book, Snapshot
from regulars.snapshots.arrangement import Arrangement
from regulars.units import COUNT, CUSTOMERS, Cell, count, days, label, money, rate, share, text

EVIL = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "</style><b>O'Neil & Söhne",
    '=HYPERLINK("http://evil.example","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "王小明 Олена 🙂",
)
CUPS = ("green", EVIL[0], EVIL[2])
PEOPLE = 130


class Cups(Analysis):
    """How many cups?"""

    key: ClassVar[str] = "cups"
    title: ClassVar[str] = "Cups: [large] / small?"
    question: ClassVar[str] = "Which cup is sold to whom?"
    method: ClassVar[str] = "Cups are counted."
    source: ClassVar[str] = "A. Potter, 1999"
    gives: ClassVar = {
        "cup": label("Cup", "Kind of cup", {"green": "Green cup"}),
        "customers": count("Customers", "Who bought it", COUNT, noun=CUSTOMERS),
        "year_revenue": money("Last twelve months", "Net revenue"),
        "part": share("Share", "Part of all"),
        "again": rate("Again", "Bought again"),
    }
    row_gives: ClassVar = {
        "customer_id": text("Customer", "Key", personal=True),
        "cup": gives["cup"],
        "recency_days": days("Days since last order", "Days"),
        "year_revenue": money("Last twelve months", "Net revenue"),
        "orders": count("Orders", "Standing orders"),
    }
    details: ClassVar = {
        "totals": Detail("", {"customers": gives["customers"], "asked_on": days("Days", "Days of data")}, "Totals"),
        "grid": Detail("", {"cup": gives["cup"], "hour": label("Hour", "Hour"), "customers": gives["customers"]}, "By hour"),
    }

    @property
    def table(self) -> str:
        return ""

    @property
    def summary(self) -> str:
        return ""

    def findings(self, answer: Answer) -> Iterator[Finding]:
        for line in answer.summary:
            yield Finding("{cup}: {customers}, {year_revenue} a year.", line, money=AtStake(line["year_revenue"]), where={"cup": line.value("cup")})
        yield Finding("Half of the cups < the other half & more.", {}, warning=True)

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Bars("Customers by cup", x="cup", y="customers", horizontal=True)
        yield Grid("Cups by hour", x="hour", y="cup", value="customers", detail="grid")

    def actions(self, answer: Answer) -> Iterator[Action]:
        for line, within in zip(answer.summary, (30, 14), strict=False):
            cells = [Cell(v, line["year_revenue"].column, "x") for v in (100, 80, 120)]
            test = If(*cells, Cell(345, line["customers"].column, "x"))
            yield Action(
                "Call them", {"cup": line.value("cup")}, "{cup}: {customers}.", line, "Call first.", "orders", within, AtStake(line["year_revenue"]), test
            )


class Saucers(Cups):
    """An analysis these data do not allow."""

    key: ClassVar[str] = "saucers"
    title: ClassVar[str] = "Saucers"


def _people(where: dict[str, Any], limit: int | None) -> pa.Table:
    """130 people; the green list holds all, the second one the first three of them and nobody else."""
    numbers = range(PEOPLE if where.get("cup") == "green" else 3)
    rows = [
        {
            "customer_id": f"{n:05d}",
            "cup": where.get("cup"),
            "recency_days": n,
            "year_revenue": Decimal(1000 - n),
            "orders": 1 + n % 9,
            "name": EVIL[n % len(EVIL)],
            "phone": ("+380501234567", "javascript:alert(1)", None)[n % 3],
            "email": ("a@example.com", 'x"onclick=alert(1)@b.c', None)[n % 3],
        }
        for n in numbers
    ]
    return pa.Table.from_pylist(rows).slice(0, limit)


def cups(**changes: Any) -> Result:
    summary = [
        {"cup": cup, "customers": 3 - n, "year_revenue": Decimal(f"{90_000 - 30_000 * n}.25"), "part": 0.5, "again": 0.25 if n else None}
        for n, cup in enumerate(CUPS)
    ]
    grid = [{"cup": cup, "hour": hour, "customers": hour * 3} for cup in CUPS for hour in range(9, 13)]
    details = {"totals": pa.Table.from_pylist([{"customers": 6, "asked_on": 400}]), "grid": pa.Table.from_pylist(grid)}
    provenance = Provenance("k", "cups", {"as_of": "2024-03-31", "note": EVIL[1]}, "snap", "GBP", "duckdb", {"table": "select 1 < 2 as x"}, "9.9")
    result = Result(Cups(), pa.Table.from_pylist(summary), details, provenance, lambda where, people, limit: _people(dict(where), limit))
    return replace(result, **changes)


def facts(**changes: Any) -> dict[str, Any]:
    """Plausible facts of health."""
    numbers = dict.fromkeys(FACTS, 10) | {"rows_in": 1000, "rows_loaded": 990, "rejected_rate": 0.01, "identified_share": 0.8, "reachable_rate": 1.0}
    return numbers | {"revenue": Decimal(1000), "walk_in_revenue": Decimal(200), "unmatched_amount": Decimal(-5), "history_days": 456} | changes


def made_brief(results: tuple[Result, ...] | None = None, **changes: Any) -> Brief:
    """The brief; what is named in ``changes`` replaces its fields."""
    from regulars.analysis import Line

    results = (cups(),) if results is None else results
    book = Book("GBP", date(2023, 1, 1), date(2024, 3, 31), 100, "1000.0000")
    one = Import(
        "00001-aa", f"/tmp/{EVIL[1]}.csv", "2024-04-01T00:00:00+00:00", "ab" * 32, 1000, 990, 10, 50, {"date_missing": 7, "number_unreadable": 3}, ("GBP",)
    )
    brief = Brief(
        name="Tea & <b>Cups</b>",
        snapshot=Snapshot("cafe0123", Path("/tmp/x"), ("00001-aa",), (book,), Arrangement()),
        book=book,
        imports=(one,),
        health=Health(Line(facts(), FACTS, "health"), (one,)),
        questions=(Answered(Question("How do I sell cups?"), tuple((f, r) for r in results for f in r.findings[:1]), ("Missing: saucers.",)),),
        results=results,
        refused=(Refused(Saucers, error("currency_mixed", currencies="GBP, EUR", first="GBP")),),
        lists=contact_lists(results),
    )
    return replace(brief, **changes)
