"""The shop that the examples ask: made up, with a member card, three branches and eighteen months of orders."""

from __future__ import annotations

from pathlib import Path

import regulars as rg
from regulars.worlds import TeaShop

FOLDER = Path("tea-shop")


def open_shop() -> rg.Workspace:
    """The shop's workspace in this folder, loaded the first time it is opened."""
    shop = rg.open(FOLDER, currency="GBP", time_zone="Europe/London", language="en")
    for file in TeaShop(language="en", customers=300).write(FOLDER / "files").files:
        shop.load(file)
    return shop
