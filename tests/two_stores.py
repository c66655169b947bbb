"""One company with two shops in a workspace: people of three towns, refunds of all kinds, walk-ins, payments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import regulars as rg
from order_files import as_csv

Line = dict[str, str]
TOWNS = ("Lviv", "Leeds", "Hangzhou")
FIRST, LAST = date(2023, 1, 1), date(2024, 6, 30)


def lines() -> Iterator[Line]:
    """The order file: 45 people, orders every other day, some taken back in part, in full, or without a sale to take back."""
    for number in range(270):
        day = FIRST + timedelta(days=2 * number)
        person = f"c{(7 * number + number // 45) % 45:02d}" if number % 9 else ""
        store = "North" if (number + number // 7) % 3 else "South"
        for product in range(1 + number % 2):
            yield line(f"o{number}", person, day, f"p{(number + product) % 5}", 1 + number % 3, 10 + number % 7, store)
        if number % 11 == 3:
            yield line(f"r{number}", person, day + timedelta(days=5), f"p{number % 5}", -1, 10 + number % 7, store)
        if number % 20 == 7:
            yield line(f"u{number}", person, day, "never sold", -1, 33, store)
    yield line("first", "c01", FIRST, "p1", 1, 10, "North")
    yield line("last", "c01", LAST, "p1", 1, 10, "North")


def line(order: str, person: str, day: date, product: str, quantity: int, price: int, store: str) -> Line:
    number = int(person[1:]) if person else 0
    about = {"name": f"Person {person}", "phone": f"+38067000{number:04d}", "city": TOWNS[number % 3]} if person else {"name": "", "phone": "", "city": ""}
    sold = {"product_id": product, "quantity": str(quantity), "unit_price": str(price), "store": store}
    return {"order_id": order, "customer_id": person, "ordered_at": f"{day} 12:00:00"} | about | sold


def opened(folder: Path, keep: Callable[[Mapping[str, str]], bool] = lambda _: True) -> rg.Workspace:
    """A workspace over the lines to keep."""
    workspace = rg.open(folder / "shop.regulars", currency="EUR")
    kept = [one for one in lines() if keep(one)]
    (folder / "orders.csv").write_bytes(as_csv(tuple(kept[0]), [tuple(one.values()) for one in kept]))
    workspace.load(folder / "orders.csv")
    return workspace
