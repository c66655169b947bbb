"""Receivables: who owes what, for how long, and where each payment went."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final, Literal

from regulars.analyses.receivables_sql import DEBTORS, SUMMARY, TOTALS, WENT, table
from regulars.analysis import Action, Analysis, Answer, AtStake, Detail, Field, Finding
from regulars.charts.forms import Bars, Chart
from regulars.errors import N_
from regulars.units import COUNT, CUSTOMERS, Column, count, days, distinct, label, money, on, part, rate, ratio, share, summed, text

AGES: Final = {
    "settled": N_("paid"),
    "not_due": N_("not due yet"),
    "to_30": N_("overdue up to thirty days"),
    "to_60": N_("overdue up to sixty days"),
    "to_90": N_("overdue up to ninety days"),
    "over_90": N_("overdue for more than ninety days"),
    "overpaid": N_("paid too much"),
}
"""Class of age → words."""
_OVERDUE: Final = ("to_30", "to_60", "to_90", "over_90")
_WENT: Final = {
    "numbered": N_("to the claim whose number it names"),
    "oldest": N_("to the oldest open claims of the customer"),
    "left": N_("to no claim: more than the customer owes"),
    "nobody": N_("to no claim: it names neither claim nor customer with one"),
}
CLAIMS: Final = (N_("{n} claim"), N_("{n} claims"))

_TOTALS: Final[dict[str, Column]] = {
    "claims": count(N_("Claims"), N_("Invoices or orders to be paid"), noun=CLAIMS),
    "amount": money(N_("Claimed"), N_("Sum of all claims")),
    "open": money(N_("Open"), N_("What is still to be paid")),
    "overdue": money(N_("Overdue"), N_("What is still to be paid and should have been")),
    "overdue_rate": rate(N_("Part overdue"), N_("Overdue, of what is open"), ratio("overdue", "open")),
    "debtors": count(N_("Debtors"), N_("Customers who owe something")),
    "late_debtors": count(N_("Late"), N_("Customers who owe something overdue")),
    "sales_days": days(N_("Days of sales outstanding"), N_("What is open, in days of what was claimed in the last ninety days"), digits=1),
}


class Receivables(Analysis):
    """Who owes what, for how long, and where did each payment go?

    A claim is an invoice, or an order to be paid within ``terms_days``. A payment that names a number pays that claim; one that names only its
    customer pays the oldest open claims of that customer, in the order of their due days; what is left over is told, never spread. Where the
    payments do not know an invoice, what the company's own books say was paid counts.
    """

    key: ClassVar[str] = "receivables"
    title: ClassVar[str] = N_("Receivables: who owes what, and for how long")
    question: ClassVar[str] = N_("Who owes what, for how long, and where did each payment go?")
    method: ClassVar[str] = N_(
        "Payments are set against claims by number, else against the oldest open claims of the customer. What remains is grouped by the days since it was due. "
        "Days of sales outstanding are what is open divided by what was claimed per day in the last ninety days."
    )
    source: ClassVar[str] = "ageing of accounts receivable; first in, first out"
    gives: ClassVar = {
        "age": label(N_("Age"), N_("How long it has been due"), AGES),
        "claims": count(N_("Claims"), N_("Invoices or orders to be paid"), COUNT, noun=CLAIMS),
        "customers": count(N_("Customers"), N_("Customers with such claims"), distinct("customer_id"), noun=CUSTOMERS),
        "amount": money(N_("Claimed"), N_("Sum of these claims"), summed("amount")),
        "paid": money(N_("Paid"), N_("What was paid of them"), summed("paid")),
        "open": money(N_("Open"), N_("What is still to be paid"), summed("open")),
        "open_share": share(N_("Share"), N_("Part of all that is open"), part("open")),
    }
    row_gives: ClassVar = {
        "claim_id": text(N_("Claim"), N_("Number of the invoice or order")),
        "key": text(N_("Number"), N_("Number of the claim, for comparison")),
        "order_key": text(N_("Order"), N_("Number of the order it is for, for comparison")),
        "customer_id": text(N_("Customer"), N_("Who owes"), personal=True),
        "issued_on": on(N_("Issued"), N_("Day of the claim")),
        "due_on": on(N_("Due"), N_("Day by which it is to be paid")),
        "amount": money(N_("Claimed"), N_("What is claimed")),
        "paid_by_number": money(N_("Paid by number"), N_("Payments that name this claim")),
        "paid_as_oldest": money(N_("Paid as oldest"), N_("Payments of the customer that name no claim, set against the oldest")),
        "paid": money(N_("Paid"), N_("Both together")),
        "open": money(N_("Open"), N_("What is still to be paid; negative if too much was paid")),
        "overdue_days": days(N_("Days overdue"), N_("Days since it was due; negative before")),
        "age": gives["age"],
    }
    details: ClassVar = {
        "totals": Detail(TOTALS, _TOTALS, N_("Totals")),
        "debtors": Detail(
            DEBTORS,
            {
                "customer_id": label(N_("Customer"), N_("Who owes")),
                "claims": _TOTALS["claims"],
                "open": _TOTALS["open"],
                "overdue": _TOTALS["overdue"],
                "oldest_days": days(N_("Oldest"), N_("Days since the oldest open claim was due; negative before")),
            },
            N_("The largest debtors"),
        ),
        "payments": Detail(
            WENT,
            {
                "went": label(N_("Where it went"), N_("What the money was set against"), _WENT),
                "amount": money(N_("Paid"), N_("Money paid")),
            },
            N_("Where the payments went"),
        ),
    }

    base: Literal["invoices", "orders"] = Field(default="invoices", description=N_("What is to be paid: invoices, or orders."))
    terms_days: int = Field(default=30, ge=0, le=365, description=N_("Days to pay where the claim itself does not say."))

    @property
    def needs(self) -> tuple[str, ...]:
        return ("invoices",) if self.base == "invoices" else ("payments",)

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | {"debtors": 20}

    @property
    def table(self) -> str:
        """One row per claim."""
        return table(self.base)

    @property
    def summary(self) -> str:
        """One row per class of age."""
        return SUMMARY

    def findings(self, answer: Answer) -> Iterator[Finding]:
        totals = answer.only("totals")
        if not totals.value("claims"):
            yield Finding(N_("There are no claims in the data."), totals)
            return
        yield Finding(
            N_("Open: {open}, of it overdue: {overdue} ({overdue_rate}). Customers who owe: {debtors}; overdue: {late_debtors}."),
            totals,
        )
        if oldest := answer.summary.row(age="over_90"):
            told = N_("Overdue for more than ninety days: {open} ({claims}).")
            yield Finding(told, oldest, where={"age": "over_90"}, warning=True)
        for line in answer.details["payments"]:
            if line.value("went") in {"left", "nobody"}:
                yield Finding(N_("Paid, and set against nothing: {amount} ({went})."), line, warning=True)

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Bars(N_("Open, by age"), x="age", y="open")

    def actions(self, answer: Answer) -> Iterator[Action]:
        for age in reversed(_OVERDUE):
            if line := answer.summary.row(age=age):
                yield Action(
                    AGES[age],
                    where={"age": age},
                    why=N_("{claims}, open {open}."),
                    cells=line,
                    play=N_("Remind them, the largest first: a call before a letter, and a date to which they agree."),
                    watch=N_("money that came in from the people on the list"),
                    within_days=14,
                    at_stake=AtStake(line["open"]),
                    order_by="open",
                )
