"""Reconciliation: do two departments' books tell the same, and where they do not, why?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from regulars.analyses.reconcile_sql import CURRENCIES, MONTHS, SUMMARY, TOTALS, table
from regulars.analysis import Action, Analysis, Answer, AtStake, Detail, Field, Finding, Line
from regulars.charts.forms import Bars, Chart, Lines
from regulars.errors import N_
from regulars.units import COUNT, Column, count, label, money, month, number, on, part, rate, ratio, summed, text
from regulars.units import share as share_of

Book = Literal["orders", "payments", "deals", "invoices", "statements"]

KINDS: Final = {
    "matched": N_("both agree"),
    "missing_right": N_("only in the first book"),
    "missing_left": N_("only in the second book"),
    "not_reached": N_("of days that the other book does not cover"),
    "duplicate_left": N_("entered twice in the first book"),
    "duplicate_right": N_("entered twice in the second book"),
    "amount": N_("another amount"),
    "zero": N_("a zero too many or too few"),
    "tax": N_("with tax and without"),
    "fee": N_("a fee taken off"),
    "refund": N_("a refund that one book does not have"),
    "part_paid": N_("paid in part"),
    "currency": N_("another currency"),
    "time_zone": N_("another day, by the clock of another time zone"),
    "cut_off": N_("booked on another day"),
    "customer": N_("another customer"),
}
"""Kind of gap → words."""
_FOUND: Final = {"number": N_("by number"), "amount": N_("by amount and day"), "none": N_("not found")}
ENTRIES: Final = (N_("{n} entry"), N_("{n} entries"))
_MENDED_BY: Final = {
    "missing_right": N_("Find out why the second book does not have these entries, and enter them."),
    "missing_left": N_("Find out where these entries of the second book come from, and enter them in the first or strike them out."),
    "duplicate_left": N_("Strike the second entry out of the first book."),
    "duplicate_right": N_("Strike the second entry out of the second book."),
    "amount": N_("Compare the documents, and correct the book that is wrong."),
    "zero": N_("Compare the documents, and correct the book that is wrong."),
    "refund": N_("Enter the refund in the book that does not have it."),
    "part_paid": N_("Ask for the rest, or find the payment that was booked elsewhere."),
    "customer": N_("See whose the entry is, and correct the other book."),
}
"""Kind of gap → what to do; the other kinds are explained and need no mending."""

_TOTALS: Final[dict[str, Column]] = {
    "entries": count(N_("Entries"), N_("Pairs of entries, and entries without a counterpart"), noun=ENTRIES),
    "matched": count(N_("Agree"), N_("Pairs that agree in amount, day and customer"), noun=ENTRIES),
    "left_count": count(N_("In the first book"), N_("Entries of the first book, those of one number together"), noun=ENTRIES),
    "right_count": count(N_("In the second book"), N_("Entries of the second book, those of one number together"), noun=ENTRIES),
    "matched_rate": rate(N_("Part that agrees"), N_("Pairs that agree, of all entries"), ratio("matched", "entries")),
    "left_amount": money(N_("First book"), N_("Sum of the first book")),
    "right_amount": money(N_("Second book"), N_("Sum of the second book, in the first one's currency only")),
    "gap": money(N_("Difference"), N_("First book minus second; entries in another currency left out")),
    "absolute_gap": money(N_("Differences without sign"), N_("Sum of the differences, each without its sign: what cancels out counts too")),
}


class Reconcile(Analysis):
    """Do two books tell the same: shop and accounting, till and payment bill, CRM and ERP? Where not, why, and how much is it?

    Entries are set against each other by the number of the document (letters and digits only, without leading zeros), several of
    one number together; what has no number in common, by amount and day, one to one, then by amount within ``days``. Every gap gets one
    name, the first that explains it. Nothing of the second book is ever counted as a sale.
    """

    key: ClassVar[str] = "reconcile"
    title: ClassVar[str] = N_("Reconciliation: do two books agree?")
    question: ClassVar[str] = N_("Do two books tell the same, and where they do not, why?")
    method: ClassVar[str] = N_(
        "Entries with the same number belong together, else those with the same amount on the same day, else within a few days. A gap is named by the first "
        "of these that explains it: currency, time zone, day of booking, customer, entered twice, tax, fee, a zero, a refund, paid in part, another amount. "
        "A shift of whole hours counts as a time zone, and a ratio as tax or fee, only where at least three entries show it."
    )
    source: ClassVar[str] = "DAMA-DMBOK 2017, chapter 13 (reconciliation as a check of consistency)"
    gives: ClassVar = {
        "kind": label(N_("What was found"), N_("Whether both books agree, and if not, why"), KINDS),
        "entries": count(N_("Entries"), N_("Pairs of entries, and entries without a counterpart"), COUNT, noun=ENTRIES),
        "entries_share": share_of(N_("Share"), N_("Part of all entries"), part("entries")),
        "left_amount": money(N_("First book"), N_("Their sum in the first book"), summed("left_amount")),
        "right_amount": money(N_("Second book"), N_("Their sum in the second book, in the first one's currency only"), summed("right_amount")),
        "gap": money(N_("Difference"), N_("First book minus second"), summed("gap")),
    }
    row_gives: ClassVar = {
        "number": text(N_("Number"), N_("Number of the document, for comparison")),
        "found_by": label(N_("Found"), N_("How the two entries were brought together"), _FOUND),
        "kind": gives["kind"],
        "left_entry": text(N_("Entry in the first book"), N_("Key of the entry, the first if there are several")),
        "right_entry": text(N_("Entry in the second book"), N_("Key of the entry, the first if there are several")),
        "customer_id": text(N_("Customer"), N_("The customer's key"), personal=True),
        "left_on": on(N_("Day in the first book"), N_("Business day of the entry")),
        "right_on": on(N_("Day in the second book"), N_("Business day of the entry")),
        "left_amount": money(N_("First book"), N_("Amount in the first book")),
        "right_amount": money(N_("Second book"), N_("Amount in the second book, if it is of the same currency")),
        "currency": text(N_("Currency"), N_("Currency of the second book's entry")),
        "gap": money(N_("Difference"), N_("First book minus second")),
        "rate": number(N_("Exchange rate"), N_("Amount in the other currency for one of this one"), digits=4),
        "left_entries": count(N_("Entries, first book"), N_("Entries of this number")),
        "right_entries": count(N_("Entries, second book"), N_("Entries of this number")),
    }
    details: ClassVar = {
        "totals": Detail(TOTALS, _TOTALS, N_("Totals")),
        "months": Detail(
            MONTHS,
            {
                "month": month(N_("Month"), N_("Month of the entries")),
                "entries": _TOTALS["entries"],
                "matched_rate": rate(N_("Part that agrees"), N_("Pairs that agree, of all entries")),
                "gap": _TOTALS["gap"],
            },
            N_("By month"),
        ),
        "currencies": Detail(
            CURRENCIES,
            {
                "currency": label(N_("Currency"), N_("Currency of the second book's entries")),
                "entries": _TOTALS["entries"],
                "rate": number(N_("Exchange rate"), N_("Median amount in that currency for one of this one"), digits=4),
            },
            N_("Other currencies"),
        ),
    }

    left: Book = Field(default="orders", description=N_("The first book."))
    right: Book = Field(default="statements", description=N_("The second book: what the first one is compared with."))
    other: str | None = Field(default=None, description=N_("Of several statements: whose, as the column source says."))
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0, le=1000, description=N_("Amounts that lie no farther apart agree."))
    days: int = Field(default=7, ge=0, le=60, description=N_("Days within which an entry without a number may be booked."))

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(sorted({self.left, self.right} - {"orders"}))

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | {"source": self.other or "", "every_source": self.other is None, "part_payments": self.right == "payments"}

    @property
    def table(self) -> str:
        """One row per pair of entries, and per entry that has no counterpart."""
        return table(self.left, self.right)

    @property
    def summary(self) -> str:
        """One row per kind of gap."""
        return SUMMARY

    def findings(self, answer: Answer) -> Iterator[Finding]:
        totals = answer.only("totals")
        if not totals.value("left_count") or not totals.value("right_count"):
            yield Finding(N_("There is nothing to compare: the first book has {left_count}, the second {right_count}."), totals)
            return
        yield Finding(
            N_("Entries that agree: {matched_rate} ({matched} of {entries}). First book: {left_amount}, second: {right_amount}; difference: {gap}."), totals
        )
        for line in _gaps(answer):
            told = N_("{kind}: {entries}; difference {gap}.") if line.value("gap") else N_("{kind}: {entries}.")
            yield Finding(told, line, where={"kind": line.value("kind")}, warning=True)
        for line in answer.details["currencies"]:
            yield Finding(N_("In {currency}: {entries}; one unit of this book stands for {rate} there, by the median."), line, where={"kind": "currency"})

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Bars(N_("Entries by what was found"), x="kind", y="entries")
        if len(answer.details["months"]) > 1:
            yield Lines(N_("Part that agrees, by month"), x="month", y=("matched_rate",), detail="months")

    def actions(self, answer: Answer) -> Iterator[Action]:
        for line in _gaps(answer):
            kind = line.value("kind")
            if kind in _MENDED_BY:
                yield Action(
                    KINDS[kind],
                    where={"kind": kind},
                    why=N_("{entries}; difference {gap}."),
                    cells=line,
                    play=_MENDED_BY[kind],
                    watch=N_("the part of entries that agree"),
                    within_days=30,
                    at_stake=AtStake(line["gap"]),
                    order_by="gap",
                    records=True,
                )


def _gaps(answer: Answer) -> list[Line]:
    """What does not agree, the largest difference first; days that one book does not cover tell nothing."""
    found = [line for line in answer.summary if line.value("kind") not in {"matched", "not_reached"}]
    return sorted(found, key=lambda line: (-abs(float(line.value("gap") or 0)), line.value("kind")))
