"""Order files of the acceptance tests: the public data rewritten as a shop would export them, and a made-up tea shop."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from reference import Line

RETAIL_HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """A plain UTF-8 file with a header row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_cdnow(path: Path, purchases: Iterable[Line], *, order_numbers: bool) -> Path:
    """CDNOW as an order file; with order numbers each row is an order, without them an order is a customer's day."""
    header = ("customer_id", "date", "amount", *(("order_id",) if order_numbers else ()))
    return write_csv(path, header, ((x.customer, x.day, x.amount, *((x.order,) if order_numbers else ())) for x in purchases))


def write_retail(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    return write_csv(path, RETAIL_HEADER, ([row[name] for name in RETAIL_HEADER] for row in rows))


SHOP_HEADER = ("order_id", "customer_id", "name", "phone", "ordered_at", "product_id", "category", "store", "quantity", "unit_price")


def shop_rows(customers: int = 120, seed: int = 5) -> list[tuple[object, ...]]:
    """A made-up tea shop of 14 months: regulars, one-off buyers, people who left, walk-ins, refunds; no two orders at one moment."""
    dice, rows, opened = random.Random(seed), list[tuple[object, ...]](), datetime(2023, 10, 2, 9)
    moment = 0
    for number in range(customers + 15):
        walk_in = number >= customers
        person = ("", "", "") if walk_in else (f"{number:04d}", f"Покупець {number}", f"+38050{number:07d}")
        first, step = dice.randrange(330), dice.choice([9, 21, 45, 400])
        visits = 1 if walk_in else min(14, 1 + dice.randrange(max(1, (420 - first) // step + 1)))
        for visit in range(visits):
            moment += 1
            order, at = f"{10_000 + moment}", opened + timedelta(first + visit * step, 37 * moment)
            place = (dice.choice(["Київ", "Львів"]),)
            for product in dice.sample(["puer", "oolong", "sencha", "matcha"], dice.randint(1, 3)):
                bought = (*person, at, product, "tea", *place, dice.randint(1, 4), dice.choice(["80.00", "125.50", "310.00"]))
                rows.append((order, *bought))
                if dice.random() < 0.05:
                    rows.append((f"C{order}{product[0]}", *person, at + timedelta(3, 1800), product, "tea", *place, -1, bought[-1]))
    return rows
