"""The data of the acceptance tests, read or loaded once per run. Workspaces made here are shared: load nothing more into them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import reference as ref
from reference import Entry, Line
from shops import SHOP_HEADER, shop_rows, write_cdnow, write_csv, write_retail

import regulars as rg


@pytest.fixture(scope="session")
def tea_shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace of the made-up tea shop."""
    folder = tmp_path_factory.mktemp("tea_shop")
    shop = rg.open(folder / "shop", currency="UAH", time_zone="Europe/Kyiv", language="en")
    shop.load(write_csv(folder / "orders.csv", SHOP_HEADER, shop_rows()))
    return shop


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
    folder = tmp_path_factory.mktemp("cdnow_rows")
    shop = rg.open(folder / "shop", currency="USD", time_zone="America/New_York", language="en")
    shop.load(write_cdnow(folder / "cdnow.csv", cdnow, order_numbers=True))
    return shop


@pytest.fixture(scope="session")
def cdnow_days(cdnow: list[Line], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace of CDNOW without order numbers: an order is a customer's day."""
    folder = tmp_path_factory.mktemp("cdnow_days")
    shop = rg.open(folder / "shop", currency="USD", time_zone="America/New_York", language="en")
    shop.load(write_cdnow(folder / "cdnow.csv", cdnow, order_numbers=False))
    return shop


@pytest.fixture(scope="session")
def retail_loaded(retail: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """(workspace, import) of the whole of Online Retail, raw as it comes."""
    folder = tmp_path_factory.mktemp("retail")
    shop = rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en")
    return shop, shop.load(write_retail(folder / "online_retail.csv", retail))


@pytest.fixture(scope="session")
def retail_positive(retail: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """(workspace, import) of the published positive subset of Online Retail."""
    folder = tmp_path_factory.mktemp("retail_positive")
    shop = rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en")
    return shop, shop.load(write_retail(folder / "positive.csv", filter(ref.is_positive, retail)))
