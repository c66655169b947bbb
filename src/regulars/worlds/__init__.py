"""Worlds: made-up companies for demonstrations and tests. ``WORLDS`` is the menu."""

from __future__ import annotations

from typing import Final

from regulars.errors import did_you_mean, error
from regulars.worlds.online_retail import OnlineRetail
from regulars.worlds.tea_shop import TeaShop
from regulars.worlds.world import Made, World

__all__ = ["WORLDS", "Made", "OnlineRetail", "TeaShop", "World", "world"]

WORLDS: Final[tuple[type[World], ...]] = (OnlineRetail, TeaShop)


def world(name: str) -> type[World]:
    """The world of that name: ``world("tea-shop")(language="uk").write(folder)``."""
    known = {w.name: w for w in WORLDS}
    if name not in known:
        raise error("setting_wrong", place="--world", name="world", value=name, allowed=did_you_mean(name, known))
    return known[name]
