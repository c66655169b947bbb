"""Claims and payments: what is open, for how long, and where each payment went."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import regulars as rg
from regulars.result import Result
from small_book import Sale, SmallBook, day


def invoice(number: str, customer: str, issued: str, due: str | None, amount: int, **more: Any) -> dict[str, Any]:
    told = {"invoice_id": number, "customer_id": customer, "issued_on": day(issued).date(), "due_on": due and day(due).date(), "amount": Decimal(amount)}
    return told | {"currency": "EUR"} | more


def payment(number: str, customer: str | None, order: str | None, at: str, amount: int) -> dict[str, Any]:
    return {"payment_id": number, "customer_id": customer, "order_id": order, "paid_at": day(at), "amount": Decimal(amount), "currency": "EUR"}


def asked(invoices: list[dict[str, Any]], payments: list[dict[str, Any]], **parameters: Any) -> Result:
    last = Sale("z", "zoe", day("2025-06-30"))
    return SmallBook([last], invoices=invoices, payments=payments).run(rg.Receivables(**parameters))


INVOICES = [
    invoice("INV-001", "ann", "2025-01-10", "2025-02-09", 100),
    invoice("INV-002", "ann", "2025-05-01", "2025-05-31", 50),
    invoice("INV-003", "bob", "2025-06-01", None, 70),
    invoice("INV-004", "cid", "2025-04-01", "2025-05-15", 80, order_id="77"),
    invoice("INV-005", "dan", "2025-06-20", "2025-07-20", 30),
]
PAYMENTS = [
    payment("p1", None, "inv 001", "2025-02-01", 60),  # by number, written otherwise
    payment("p2", "ann", None, "2025-03-01", 55),  # 40 for the oldest, 15 for the next
    payment("p3", "cid", "77", "2025-05-01", 90),  # by the number of the order; too much
    payment("p4", "dan", None, "2025-06-25", 45),  # 15 left over
    payment("p5", "eve", None, "2025-06-25", 5),  # owes nothing
    payment("p6", "bob", "INV-003", "2025-07-01", 70),  # after the day asked for
]


def test_every_payment_goes_somewhere_and_what_is_open_has_an_age() -> None:
    found = asked(INVOICES, PAYMENTS)
    rows = {row["claim_id"]: (row["paid_by_number"], row["paid_as_oldest"], row["open"], row["age"]) for row in found.rows().to_arrow().to_pylist()}
    assert rows == {
        "INV-001": (60, 40, 0, "settled"),
        "INV-002": (0, 15, 35, "to_30"),
        "INV-003": (0, 0, 70, "not_due"),
        "INV-004": (90, 0, -10, "overpaid"),
        "INV-005": (0, 30, 0, "settled"),
    }
    assert {row["went"]: row["amount"] for row in found.to_arrow("payments").to_pylist()} == {"numbered": 150, "oldest": 85, "left": 15, "nobody": 5}
    totals = found.answer.only("totals")
    assert (totals.value("open"), totals.value("overdue"), totals.value("debtors"), totals.value("late_debtors")) == (105, 35, 2, 1)
    assert [line["customer_id"] for line in found.to_arrow("debtors").to_pylist()] == ["bob", "ann"]
    assert found.findings[0].text() == "Open: 105, of it overdue: 35.00 (33.3%). Customers who owe: 2; overdue: 1."


def test_orders_on_account() -> None:
    sales = [Sale("7", "ann", day("2025-03-01"), 5), Sale("8", "ann", day("2025-06-01"), 2)]
    found = SmallBook(sales, payments=[payment("p", "ann", None, "2025-06-01", 20)]).run(rg.Receivables(base="orders", terms_days=14))
    assert {row["claim_id"]: (row["open"], row["age"]) for row in found.rows().to_arrow().to_pylist()} == {"7": (30, "to_90"), "8": (20, "not_due")}


PEOPLE = st.sampled_from(["ann", "bob"])
CLAIMS = st.lists(st.tuples(PEOPLE, st.integers(1, 28), st.integers(0, 60)), max_size=6)
PAID = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "eve", None]), st.sampled_from(["1", "2", "x", None]), st.integers(1, 28), st.integers(-20, 80)), max_size=6
)


@settings(max_examples=10)
@given(CLAIMS, PAID)
def test_the_payments_add_up_wherever_they_went(claims: list[Any], paid: list[Any]) -> None:
    invoices = [invoice(f"{n}", who, f"2025-05-{at:02d}", None, amount) for n, (who, at, amount) in enumerate(claims, start=1)]
    payments = [payment(f"p{n}", who, number, f"2025-06-{at:02d}", amount) for n, (who, number, at, amount) in enumerate(paid)]
    found = asked(invoices, payments)
    rows = found.rows().to_arrow().to_pylist()
    assert sum(row["amount"] for row in found.to_arrow("payments").to_pylist()) == sum(amount for *_, amount in paid)
    assert all(row["open"] == row["amount"] - row["paid_by_number"] - row["paid_as_oldest"] for row in rows)
    assert all(row["paid_as_oldest"] >= 0 for row in rows) and sum(line["claims"] for line in found.summary.to_pylist()) == len(invoices)
