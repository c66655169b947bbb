"""Who is asked about, and who may see what: a population is a choice of customers and orders, a right is a limit to a reader.

Both are conditions over one customer or one order. What follows from the orders (customer days, the rollup, refunds,
payments) follows from the orders that are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from regulars.errors import error
from regulars.schema import TABLES
from regulars.sql.conditions import placed

ASKABLE: Final = ("customers", "orders", "order_lines")
"""Tables that a condition may be about. One over ``order_lines`` keeps the orders that have such a line."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Which customers and orders are kept: checked conditions, empty where all are. ``personal``: whether names and the like are."""

    customers: str = ""
    orders: str = ""
    order_lines: str = ""
    personal: bool = True

    @classmethod
    def where(cls, text: str, values: Mapping[str, Any] | None = None) -> Self:
        """The customers and orders that meet a condition as somebody typed it."""
        found = placed(text, {name: TABLES[name].columns for name in ASKABLE}, values)
        return cls(found.get("customers", ""), found.get("orders", ""), found.get("order_lines", ""))

    @property
    def by_order(self) -> bool:
        """Whether some of a customer's orders may be kept and others not."""
        return bool(self.orders or self.order_lines)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one reader may see. ``workspace.seen_by(rights)`` is the workspace as that reader has it.

    Args:
        customers: condition over ``customers``, such as ``region = 'Lviv'``: only these people, and all that is theirs.
        orders: condition over ``orders``, such as ``store = 'Leeds'``: only these orders, the people in them, and what follows.
        personal: False hides name, phone, e-mail, gender, date of birth and address; the columns stay and are empty.

    Raises:
        RegularsError: ``sql_syntax``, ``sql_not_allowed``, ``sql_no_such_column``.
    """

    customers: str | None = None
    orders: str | None = None
    personal: bool = True

    def __post_init__(self) -> None:
        _ = self.kept

    @property
    def kept(self) -> Kept:
        """The rights as checked conditions."""
        given = {"customers": self.customers, "orders": self.orders}
        conditions = {name: placed(text, {name: TABLES[name].columns})[name] for name, text in given.items() if text is not None}
        return Kept(**conditions, personal=self.personal)


@dataclass(frozen=True, slots=True)
class Sight:
    """Whom a workspace asks about, and what of it its reader may see: layers, each over what the one below leaves."""

    population: tuple[Kept, ...] = ()
    rights: tuple[Kept, ...] = ()
    restricted: bool = False

    @property
    def condition(self) -> str:
        """Whom it asks about, as a text; empty where that is everybody."""
        found = [one for kept in self.population for one in (kept.customers, kept.orders, kept.order_lines) if one]
        return found[0] if len(found) == 1 else " and ".join(f"({one})" for one in found)

    def where(self, kept: Kept) -> Sight:
        """Ask about fewer. Whoever is restricted chooses among what they may see, so that no choice tells of the rest."""
        return Sight((*self.population, *self.rights, kept), (), self.restricted)

    def under(self, rights: Rights) -> Sight:
        """Show less."""
        return Sight(self.population, (*self.rights, rights.kept), True)

    def allow(self, what: str) -> None:
        """Refuse a restricted reader something that cannot be limited."""
        if self.restricted:
            raise error("not_allowed", what=what)
