"""A shop of ties and blanks, on which engines would differ if they could."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import regulars as rg
from contract_shops import DAY, HEADER
from order_files import as_csv, write
from regulars.workspace import Workspace


def tied_rows() -> list[tuple[Any, ...]]:
    """Customers alike in days and money, shops that sort otherwise in a dictionary, blanks in every column that may be blank."""
    rows: list[tuple[Any, ...]] = []
    stores, kinds = ["beta", "Alpha", "alpha", "Żabka", "中山路", "élan", "", "100% Tea_"], ["tea", "Tea", "", "ware"]
    for number in range(64):
        for visit in range(1 + number % 4):
            day = DAY + timedelta(days=21 * (number % 5) + 70 * visit)
            person = ("", "", "") if number % 16 == 15 else (f"{number:04d}", "" if number % 3 else f"Buyer {number}", "")
            cost = "" if number % 4 == 1 else "4.00"
            order = f"{number}-{visit}"
            rows.append((order, *person, f"{day} {8 + number % 9:02d}:00:00", "puer", kinds[number % 4], stores[number % 8], 1 + number % 2, "12.50", cost))
            if number % 9 == 4:
                rows.append((f"R{order}", *person, f"{day + timedelta(3)} 09:00:00", "puer", kinds[number % 4], stores[number % 8], -1, "12.50", cost))
    return rows


@pytest.fixture(scope="session")
def tied_shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shop of ties and blanks."""
    folder = tmp_path_factory.mktemp("tied")
    shop = rg.open(folder / "shop", currency="EUR", time_zone="Europe/Kyiv", language="en")
    staff = ["Ann", "Оля", "", "ann"]
    rows = [(*row, staff[number % 4]) for number, row in enumerate(tied_rows())]
    shop.load(write(folder / "orders.csv", as_csv((*HEADER, "staff"), rows)))
    return shop
