"""Order files of the contract test: a small shop with everything in it, and shops that hardly are any."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import regulars as rg
from order_files import as_csv, write

HEADER = ("order_id", "customer_id", "name", "phone", "ordered_at", "product_id", "category", "store", "quantity", "unit_price", "cost")
OPENED = datetime(2024, 1, 3, 9)
WAVES = (5, 98, 190, 340, 446)
"""Days after the opening on which customers came in numbers, so that there are cohorts worth naming."""
PRICES = {"puer": "80.00", "oolong": "125.50", "sencha": "31.25", "matcha": "310.00"}

Row = tuple[Any, ...]


def shop_rows(customers: int = 170, seed: int = 3) -> list[Row]:
    """Regulars, one-off buyers, people who left, walk-ins, refunds whole and in part, two shops, costs; no two orders at one moment."""
    dice, rows, moment = random.Random(seed), list[Row](), 0
    for number in range(customers + 12):
        known = number < customers
        person = (f"{number:04d}", f"Buyer {number}", f"+4477009{number:05d}") if known else ("", "", "")
        first, step = dice.choice(WAVES) + dice.randrange(16), dice.choice([6, 30, 75, 400, 500])
        for visit in range(min(7, 1 + (480 - first) // step) if known else 1):
            moment += 1
            at, store = OPENED + timedelta(first + visit * step, 41 * moment), dice.choice(["North", "South"])
            for product in dice.sample(sorted(PRICES), dice.randint(1, 2)):
                pieces, price = dice.randint(1, 4), PRICES[product]
                cost = round(pieces * float(price) * dice.choice([0.4, 0.5]), 2)
                rows.append((f"{10_000 + moment}", *person, at, product, "tea", store, pieces, price, cost))
                if dice.random() < 0.07:
                    back = dice.choice([1, pieces])
                    again = (at + timedelta(4, 1900), product, "tea", store, -back, price, round(-cost * back / pieces, 2))
                    rows.append((f"R{10_000 + moment}{product[0]}", *person, *again))
    return rows


def line(order: object, customer: str, day: date, quantity: int = 1, price: str = "10.00") -> Row:
    return (order, customer, f"Buyer {customer}" if customer else "", "", f"{day} 12:00:00", "puer", "tea", "North", quantity, price, "4.00")


DAY = date(2024, 5, 6)
EDGES: dict[str, list[Row]] = {
    "header only": [],
    "one row": [line(1, "0001", DAY)],
    "all null": [("",) * len(HEADER)] * 5,
    "duplicate keys": [line(1, "0001", DAY)] * 4 + [line(2, "0002", DAY)] * 3,
    "one customer": [line(n, "0001", DAY + timedelta(11 * n)) for n in range(30)],
    "one order each on one day": [line(n, f"{n:04d}", DAY) for n in range(40)],
    "all returned": [
        row for n in range(20) for row in (line(n, f"{n:04d}", DAY + timedelta(n)), line(f"R{n}", f"{n:04d}", DAY + timedelta(n + 2), quantity=-1))
    ],
    "walk-ins only": [line(n, "", DAY + timedelta(n)) for n in range(20)],
    "free of charge": [line(n, f"{n % 5:04d}", DAY + timedelta(n), price="0.00") for n in range(20)],
    "refunds only": [line(n, f"{n % 5:04d}", DAY + timedelta(n), quantity=-1) for n in range(20)],
}


def beside(rows: list[Row]) -> dict[str, tuple[tuple[str, ...], list[Row]]]:
    """What other departments say of these orders: payments, invoices, won deals, the accountants' books; here and there something else."""
    worth: dict[str, list[Any]] = {}
    for order, customer, _, _, at, _, _, _, pieces, price, _ in rows:
        if order and isinstance(at, datetime) and not str(order).startswith("R"):
            worth.setdefault(str(order), [customer, at, 0.0])[2] += round(pieces * float(price), 2)
    payments, invoices, deals, statements = list[Row](), list[Row](), list[Row](), list[Row]()
    for order, (customer, at, amount) in sorted(worth.items()):
        number = int(order)
        if number % 3:
            paid = amount / 2 if number % 7 == 0 else amount
            payments.append((f"p{number}", order if number % 5 else "", customer, at, f"{paid:.2f}"))
        if number % 4 == 0:
            invoices.append((f"INV{number:05d}", order, customer, at.date(), (at + timedelta(30)).date(), f"{amount:.2f}"))
        if number % 6 == 0:
            deals.append((order, customer, "won", at, at, f"{amount:.2f}", "Ann"))
        if number % 9:
            booked = at + timedelta(2) if number % 8 == 0 else at
            told = {1: amount * 10, 2: amount / 1.2, 3: amount - 1.37}.get(number % 11, amount)
            statements.append((f"s{number}", order if number % 10 else "", customer, booked, f"{told:.2f}", "GBP" if number % 13 else "EUR", "ledger"))
    return {
        "payments": (("payment_id", "order_id", "customer_id", "paid_at", "amount"), payments),
        "invoices": (("invoice_id", "order_id", "customer_id", "issued_on", "due_on", "amount"), invoices),
        "deals": (("deal_id", "customer_id", "stage", "created_at", "closed_at", "amount", "owner"), deals),
        "statements": (("statement_id", "order_id", "customer_id", "booked_at", "amount", "currency", "source"), statements),
    }


def open_shop(folder: Path, rows: list[Row]) -> Any:
    """A workspace with these rows loaded as a file of orders, and what others say of them."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en")
    shop.load(write(folder / "orders.csv", as_csv(HEADER, rows)))
    for table, (header, told) in beside(rows).items():
        if told:
            shop.load(write(folder / f"{table}.csv", as_csv(header, told)), mapping={"table": table} | {name: name for name in header if name != "source"})
    return shop
