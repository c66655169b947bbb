"""Two books set against each other: every planted gap is found and named, nothing that agrees is accused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import regulars as rg
from regulars.result import Result
from small_book import Sale, SmallBook, day

EACH = 15
KINDS = ("missing_right", "missing_left", "duplicate_right", "zero", "tax", "currency", "time_zone", "cut_off", "fee", "refund", "customer", "amount")


def planted(seed: int, per_kind: int = EACH, plain: int = 300, numbered: bool = True) -> tuple[list[Sale], list[dict[str, Any]], dict[str, str]]:
    """Sales, the statements of another department, and what was done to which order."""
    chance = np.random.default_rng(seed)
    sales: list[Sale] = []
    entries: list[dict[str, Any]] = []
    truth: dict[str, str] = {}
    at_the_ends = (datetime(2025, 3, 1, 9), datetime(2025, 6, 1, 9))
    sales += [Sale(f"{n}", "ann", at) for n, at in enumerate(at_the_ends, start=1)]
    entries += [{"order_id": f"{n}", "statement_id": f"e{n}", "booked_at": at, "amount": Decimal(10), "currency": "EUR"} for n, at in enumerate(at_the_ends, 1)]
    done = [*(kind for kind in KINDS for _ in range(per_kind)), *["matched"] * plain]
    for n, kind in enumerate(done, start=1001):
        at = datetime(2025, 3, 1, 18) + timedelta(minutes=int(chance.integers(0, 60 * 24 * 80)))
        at = at.replace(hour=int(chance.integers(17, 23)))
        price = Decimal(int(chance.integers(500, 90_000))) / 100
        customer = f"c{int(chance.integers(1, 90))}"
        truth[str(n)] = kind
        if kind != "missing_left":
            sales.append(Sale(f"{n}", customer, at, 2 if kind == "refund" else 1, price))
        if kind == "refund":
            sales.append(Sale(f"{n}", customer, at + timedelta(days=2), -1, price))
        amount = price * 2 if kind == "refund" else price
        entry = {"order_id": f"SO-{n:08d}" if numbered else None, "customer_id": customer, "booked_at": at, "amount": amount, "currency": "EUR"}
        entries += [told | {"statement_id": f"s{n}-{i}"} for i, told in enumerate(_told(kind, entry, chance))]
    return sales, entries, truth


def _told(kind: str, entry: dict[str, Any], chance: np.random.Generator) -> list[dict[str, Any]]:
    """What the other book says."""
    cents = Decimal("0.01")
    match kind:
        case "missing_right":
            return []
        case "duplicate_right":
            return [entry, entry]
        case "zero":
            return [entry | {"amount": entry["amount"] * (10 if chance.random() < 0.5 else Decimal("0.1"))}]
        case "tax":
            return [entry | {"amount": (entry["amount"] / Decimal("1.2")).quantize(cents)}]
        case "currency":
            rate = Decimal(str(round(44.5 + float(chance.normal(0, 0.4)), 3)))
            return [entry | {"amount": (entry["amount"] * rate).quantize(cents), "currency": "UAH"}]
        case "time_zone":
            return [entry | {"booked_at": entry["booked_at"] + timedelta(hours=7)}]
        case "cut_off":
            return [entry | {"booked_at": entry["booked_at"] + timedelta(days=int(chance.integers(1, 5)), minutes=int(chance.integers(1, 59)))}]
        case "fee":
            return [entry | {"amount": (entry["amount"] * Decimal("0.994")).quantize(cents)}]
        case "customer":
            return [entry | {"customer_id": "somebody else"}]
        case "amount":
            return [entry | {"amount": entry["amount"] + Decimal(int(chance.integers(7, 300))) + Decimal("0.37")}]
    return [entry]


def reconciled(sales: list[Sale], entries: list[Mapping[str, Any]] | list[dict[str, Any]], **parameters: Any) -> Result:
    return SmallBook(sales, statements=[{"source": "ledger"} | entry for entry in entries]).run(rg.Reconcile(**parameters))


def digits(number: str | None) -> str:
    return "".join(filter(str.isdigit, number or "")).lstrip("0")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_M10_planted_mismatches_are_found_and_named(seed: int) -> None:
    sales, entries, truth = planted(seed)
    rows = reconciled(sales, entries).rows().to_arrow().to_pylist()
    named: dict[str, str] = {digits(row["number"]): row["kind"] for row in rows}
    for kind in KINDS:
        right = sum(named.get(number) == kind for number, planted_kind in truth.items() if planted_kind == kind)
        assert right >= 0.95 * EACH, (kind, Counter(named.get(number) for number, planted_kind in truth.items() if planted_kind == kind))
    accused = [number for number, kind in truth.items() if kind == "matched" and named[number] != "matched"]
    assert not accused
    assert len(rows) == len(truth) + 2


def test_entries_without_a_number_are_found_by_amount_and_day() -> None:
    sales, entries, truth = planted(4, per_kind=0, numbered=False)
    rows = reconciled(sales, entries).rows().to_arrow().to_pylist()
    assert Counter(row["found_by"] for row in rows) == {"amount": len(truth), "number": 2}
    assert {row["kind"] for row in rows} == {"matched"}


def test_two_equal_entries_of_one_day_answer_to_two_and_a_third_stands_alone() -> None:
    sales = [Sale(f"o{n}", "ann", day("2025-03-01", 9 + n)) for n in range(2)]
    entries = [{"statement_id": f"s{n}", "booked_at": day("2025-03-01", 10 + n), "amount": Decimal(10), "currency": "EUR"} for n in range(3)]
    assert Counter(reconciled(sales, entries).rows().to_arrow()["kind"].to_pylist()) == {"matched": 2, "missing_left": 1}


def test_days_that_a_book_does_not_cover_tell_nothing() -> None:
    sales = [Sale(f"o{n}", "ann", day(f"2025-03-{n:02d}"), n) for n in range(1, 6)]
    entries = [
        {"statement_id": f"s{n}", "order_id": f"o{n}", "booked_at": day(f"2025-03-{n:02d}"), "amount": Decimal(10 * n), "currency": "EUR"} for n in (2, 4)
    ]
    kinds = {row["number"]: row["kind"] for row in reconciled(sales, entries).rows().to_arrow().to_pylist()}
    assert kinds == {"o1": "not_reached", "o2": "matched", "o3": "missing_right", "o4": "matched", "o5": "not_reached"}


def test_several_payments_of_one_order_are_one() -> None:
    sales = [Sale("7", "ann", day("2025-03-01"), 5), Sale("8", "bob", day("2025-03-01"), 5)]
    paid = [
        {"payment_id": f"p{n}", "order_id": order, "paid_at": day("2025-03-01"), "amount": Decimal(amount), "currency": "EUR"}
        for n, (order, amount) in enumerate([("7", 20), ("7", 30), ("8", 20)])
    ]
    found = SmallBook(sales, payments=paid).run(rg.Reconcile(right="payments"))
    assert {row["number"]: (row["kind"], row["right_entries"]) for row in found.rows().to_arrow().to_pylist()} == {"7": ("matched", 2), "8": ("part_paid", 1)}


def test_the_gaps_add_up_and_nothing_to_compare_is_said() -> None:
    sales, entries, _ = planted(5)
    found = reconciled(sales, [entry for entry in entries if entry["currency"] == "EUR"])
    totals = found.answer.only("totals")
    assert totals.value("left_amount") - totals.value("right_amount") == totals.value("gap")
    assert sum(line["gap"] for line in found.summary.to_pylist()) == totals.value("gap")
    assert found.findings[0].text().startswith("Entries that agree:") and found.actions
    assert reconciled(sales[:5], []).findings[0].text() == "There is nothing to compare: the first book has 5 entries, the second 0 entries."
