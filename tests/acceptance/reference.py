"""Independent reference answers in plain Python: what the specification says, without a line of the product.

Every published number of the method reference is recomputed here from the files (``test_acceptance_reference.py``), so that
a failing acceptance test points at the product. Money is ``Decimal``, dates are business days, nothing reads a clock.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

TYPES = ("first_time", "toddler", "steady", "trend", "excellent")
STATES = ("active", "lapsed")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One row of an order file. ``order`` None: the file has no order numbers; ``customer`` None: a walk-in sale."""

    number: int
    order: str | None
    customer: str | None
    at: datetime
    product: str | None
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Entry:
    """One entry of the settled ledger: a sale, a refund set against a sale, or an unmatched refund."""

    kind: str
    order: str
    customer: str | None
    ordered_on: date
    booked_on: date
    quantity: Decimal
    amount: Decimal


class Facts(NamedTuple):
    """One customer as of a day; days are inclusive of the day itself."""

    first_on: date
    last_on: date
    order_days: int
    orders: int
    revenue: Decimal


# --- reading the public files ---------------------------------------------------------------------------------------


def read_cdnow(folder: Path) -> list[Line]:
    """The purchases of the CDNOW sample, each row an order of its own: one piece at the row's price."""
    rows = (line.split() for line in (folder / "cdnow_sample" / "CDNOW_sample.txt").read_text().splitlines() if line.strip())
    return [
        Line(n, f"R{n:05d}", customer, datetime.strptime(day, "%Y%m%d"), "cd", Decimal(1), Decimal(usd))
        for n, (customer, _, day, _, usd) in enumerate(rows, start=1)
    ]


def read_online_retail(folder: Path) -> list[dict[str, str]]:
    """The rows of Online Retail as written, in file order."""
    with gzip.open(folder / "online_retail" / "online_retail.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_positive(row: Mapping[str, str]) -> bool:
    """Whether a row belongs to the published positive subset: a customer, no 'C' invoice, quantity and price above 0."""
    return bool(row["CustomerID"]) and not row["InvoiceNo"].startswith("C") and int(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0


def retail_lines(rows: Iterable[Mapping[str, str]]) -> list[Line]:
    """Rows of Online Retail as lines; ids lose the ``.0`` that a float column gave them."""
    return [
        Line(
            n,
            row["InvoiceNo"],
            row["CustomerID"].removesuffix(".0") or None,
            datetime.fromisoformat(row["InvoiceDate"]),
            row["StockCode"],
            Decimal(row["Quantity"]),
            Decimal(row["UnitPrice"]),
        )
        for n, row in enumerate(rows, start=1)
    ]


# --- intake: cancellations, orders, customer days -------------------------------------------------------------------


def settle(lines: Sequence[Line]) -> list[Entry]:
    """The ledger: each refund goes to the nearest earlier sale of the same customer, product and unit price; its quantity may split.

    A refund is a negative quantity. Equal times are settled by line number; a refund without customer has no sale to go to.
    """
    entries: list[Entry] = []
    shelves: dict[tuple[str, str | None, Decimal], list[tuple[datetime, int, str, Decimal]]] = defaultdict(list)
    for line in sorted(lines, key=lambda x: (x.at, x.quantity < 0, x.number)):
        order = line.order if line.order is not None else f"{line.customer}@{line.day}"
        if line.quantity >= 0:
            entries.append(Entry("sale", order, line.customer, line.day, line.day, line.quantity, line.amount))
            if line.customer is not None:
                shelves[line.customer, line.product, line.price].append((line.at, line.number, order, line.quantity))
            continue
        shelf = [] if line.customer is None else shelves[line.customer, line.product, line.price]
        owed = -line.quantity
        while owed and shelf:
            at, number, sold_in, left = shelf.pop()
            part = min(owed, left)
            owed -= part
            entries.append(Entry("refund", sold_in, line.customer, at.date(), line.day, -part, -part * line.price))
            if left > part:
                shelf.append((at, number, sold_in, left - part))
        if owed:
            entries.append(Entry("unmatched", order, line.customer, line.day, line.day, -owed, -owed * line.price))
    return entries


def standing_orders(entries: Iterable[Entry], as_of: date) -> dict[str, tuple[str | None, date]]:
    """Orders of which at least one piece is still sold on what was known at ``as_of``: order → (customer, day)."""
    pieces: dict[str, Decimal] = defaultdict(Decimal)
    owner: dict[str, tuple[str | None, date]] = {}
    for e in entries:
        if e.booked_on <= as_of and e.kind in {"sale", "refund"}:
            pieces[e.order] += e.quantity
            if e.kind == "sale":
                owner.setdefault(e.order, (e.customer, e.ordered_on))
    return {order: owner[order] for order, left in pieces.items() if left > 0}


def facts(entries: Sequence[Entry], as_of: date) -> dict[str, Facts]:
    """What is known at ``as_of`` about each customer with a standing order."""
    days: dict[str, list[date]] = defaultdict(list)
    for customer, day in standing_orders(entries, as_of).values():
        if customer is not None:
            days[customer].append(day)
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for e in entries:
        if e.customer in days and e.booked_on <= as_of:
            revenue[e.customer] += e.amount
    return {c: Facts(min(d), max(d), len(set(d)), len(d), revenue[c]) for c, d in days.items()}


def revenue_by_month(entries: Iterable[Entry], *, cash: bool) -> dict[date, Decimal]:
    """Net revenue per calendar month (its first day), walk-in sales included; cash basis books a refund on its own day."""
    months: dict[date, Decimal] = defaultdict(Decimal)
    for e in entries:
        months[(e.booked_on if cash else e.ordered_on).replace(day=1)] += e.amount
    return dict(months)


# --- analyses -------------------------------------------------------------------------------------------------------


def scores(values: Sequence[Decimal | int], k: int = 5) -> list[int]:
    """s = ceil(k · averagerank / n), in integers; equal values get equal scores."""
    ordered = sorted(values)
    n = len(ordered)
    return [(k * (bisect_left(ordered, v) + bisect_right(ordered, v) + 1) + 2 * n - 1) // (2 * n) for v in values]


def rfm_scores(customers: Mapping[str, Facts], as_of: date, *, by_orders: bool) -> dict[str, tuple[int, int, int]]:
    """(R, F, M) of every customer; R is the score of the negated recency."""
    r = scores([-(as_of - f.last_on).days for f in customers.values()])
    f = scores([c.orders if by_orders else c.order_days for c in customers.values()])
    m = scores([c.revenue for c in customers.values()])
    return dict(zip(customers, zip(r, f, m, strict=True), strict=True))


SEGMENT_OF_CELL = {
    **dict.fromkeys([(5, 4), (5, 5)], "champions"),
    **dict.fromkeys([(3, 4), (3, 5), (4, 4), (4, 5)], "loyal"),
    **dict.fromkeys([(4, 2), (4, 3), (5, 2), (5, 3)], "potential_loyalist"),
    (5, 1): "new",
    (4, 1): "promising",
    (3, 3): "need_attention",
    **dict.fromkeys([(3, 1), (3, 2)], "about_to_sleep"),
    **dict.fromkeys([(1, 5), (2, 5)], "cant_lose"),
    **dict.fromkeys([(1, 3), (1, 4), (2, 3), (2, 4)], "at_risk"),
    **dict.fromkeys([(1, 1), (1, 2), (2, 1), (2, 2)], "hibernating"),
}
"""The default named segments over (R, F): 25 cells, each once."""


def cpm_group(f: Facts, as_of: date, money: Decimal, lapse: int = 240, tenure: tuple[int, int] = (90, 210)) -> tuple[str, str]:
    """(type, state) of one customer by the rule table; every bound is half-open."""
    state = "active" if (as_of - f.last_on).days < lapse else "lapsed"
    kept = (f.last_on - f.first_on).days
    if f.order_days == 1:
        return "first_time", state
    if kept < tenure[0]:
        return "toddler", state
    if f.revenue < money:
        return "steady", state
    return ("trend" if kept < tenure[1] else "excellent"), state


def cpm_counts(entries: Sequence[Entry], as_of: date, money: Decimal) -> dict[tuple[str, str], int]:
    """Customers in each of the ten groups."""
    counted = Counter(cpm_group(f, as_of, money) for f in facts(entries, as_of).values())
    return {(t, s): counted[t, s] for t in TYPES for s in STATES}


def cpm_outcome(entries: Sequence[Entry], start: date, horizon_days: int, money: Decimal) -> dict[tuple[str, str], tuple[int, int]]:
    """Per group as of ``start``: (customers, of them with a standing order in the next ``horizon_days`` days)."""
    end = start + timedelta(horizon_days)
    buyers = {c for c, day in standing_orders(entries, end).values() if start < day <= end}
    tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for customer, f in facts(entries, start).items():
        group = tally[cpm_group(f, start, money)]
        group[0] += 1
        group[1] += customer in buyers
    return {key: (n, k) for key, (n, k) in tally.items()}


def deciles(values: Iterable[Decimal]) -> list[tuple[int, Decimal]]:
    """(customers, total) of ten groups by descending value; the first n mod 10 groups are one larger."""
    ordered = sorted(values, reverse=True)
    base, extra = divmod(len(ordered), 10)
    cut = [i * base + min(i, extra) for i in range(11)]
    return [(b - a, sum(ordered[a:b], ZERO)) for a, b in pairwise(cut)]


def gini(values: Iterable[Decimal]) -> float:
    """G = Σ(2i − n − 1)·x_(i) / (n·Σx)."""
    ordered = sorted(values)
    n = len(ordered)
    return float(sum((2 * i - n - 1) * x for i, x in enumerate(ordered, start=1)) / (n * sum(ordered)))


def smallest_number_holding(values: Iterable[Decimal], share: Decimal) -> int:
    """How many of the largest are needed to hold at least ``share`` of the total."""
    ordered = sorted(values, reverse=True)
    goal, held = share * sum(ordered), ZERO
    for n, value in enumerate(ordered, start=1):
        held += value
        if held >= goal:
            return n
    return len(ordered)


def months_between(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def cohorts(entries: Sequence[Entry], as_of: date) -> dict[tuple[date, int], int]:
    """Active customers per (first day of the cohort's month, age in calendar months); age 0 is the cohort's size."""
    first = {c: f.first_on.replace(day=1) for c, f in facts(entries, as_of).items()}
    active = {(c, day.replace(day=1)) for c, day in standing_orders(entries, as_of).values() if c is not None}
    return Counter((first[c], months_between(first[c], month)) for c, month in active)


def without_order_numbers(lines: Iterable[Line]) -> list[Line]:
    """The same purchases as a file without order numbers would give them."""
    return [replace(line, order=None) for line in lines]
