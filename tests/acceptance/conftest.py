"""The data of the acceptance tests, read or loaded once per run. Workspaces made here are shared: load nothing more into them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import reference as ref
from reference import Entry, Line

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


@pytest.fixture(scope="session")
def cdnow(shared_data: Path) -> list[Line]:
    return ref.read_cdnow(shared_data)


@pytest.fixture(scope="session")
def cdnow_entries(cdnow: list[Line]) -> list[Entry]:
    return ref.settle(cdnow)


@pytest.fixture(scope="session")
def retail(shared_data: Path) -> list[dict[str, str]]:
    return ref.read_online_retail(shared_data)


@pytest.fixture(scope="session")
def cdnow_rows(cdnow: list[Line], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace of CDNOW in which every row is an order."""
    import regulars as rg

    folder = tmp_path_factory.mktemp("cdnow_rows")
    shop = rg.open(folder / "shop", currency="USD", time_zone="America/New_York", language="en")
    shop.load(write_cdnow(folder / "cdnow.csv", cdnow, order_numbers=True))
    return shop


@pytest.fixture(scope="session")
def cdnow_days(cdnow: list[Line], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace of CDNOW without order numbers: an order is a customer's day."""
    import regulars as rg

    folder = tmp_path_factory.mktemp("cdnow_days")
    shop = rg.open(folder / "shop", currency="USD", time_zone="America/New_York", language="en")
    shop.load(write_cdnow(folder / "cdnow.csv", cdnow, order_numbers=False))
    return shop


@pytest.fixture(scope="session")
def retail_loaded(retail: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """(workspace, import) of the whole of Online Retail, raw as it comes."""
    import regulars as rg

    folder = tmp_path_factory.mktemp("retail")
    shop = rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en")
    return shop, shop.load(write_retail(folder / "online_retail.csv", retail))


@pytest.fixture(scope="session")
def retail_positive(retail: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """(workspace, import) of the published positive subset of Online Retail."""
    import regulars as rg

    folder = tmp_path_factory.mktemp("retail_positive")
    shop = rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en")
    return shop, shop.load(write_retail(folder / "positive.csv", filter(ref.is_positive, retail)))
