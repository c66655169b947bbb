"""What a town gives the tea shops: language, money, menu, names, addresses, and the habits of its till programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from regulars.i18n import Language

KINDS: Final = ("student", "standard", "family")
"""Kinds of members, in the order of ``Town.groups`` and ``Town.shops``: each kind has the shop nearest to it."""
CATEGORIES: Final = ("milk_tea", "fruit_tea", "hot_drink", "snack", "snack_set")
MENU_SIZES: Final = (7, 6, 4, 4, 3)
"""Products per category. The same in every town, so that one seed tells one story in every language."""
HOUSES, FLATS, DOORS, BLOCKS = 80, 48, 4, 6


@dataclass(frozen=True, slots=True)
class Shop:
    """One branch: name, the letters its receipts begin with, and the streets its members live in with district or postcode."""

    name: str
    code: str
    streets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product: code, place of its category in ``CATEGORIES``, name, price and cost in the hundredth part of the currency."""

    code: str
    category: int
    name: str
    price: int
    cost: int


Menu = tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Ghost:
    """One person entered several times: the names as different staff wrote them."""

    names: tuple[str, ...]
    woman: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Names of people: surnames as (woman's, man's) form; given names of the young and of adults as (women's, men's)."""

    surnames: tuple[tuple[str, str], ...]
    young: tuple[tuple[str, ...], tuple[str, ...]]
    adult: tuple[tuple[str, ...], tuple[str, ...]]
    full: str


@dataclass(frozen=True, slots=True)
class Phones:
    """Mobile numbers: real prefixes, digits after the prefix, the ways people write them (# is a digit), and how a till masks them."""

    prefixes: tuple[str, ...]
    digits: int
    forms: tuple[str, ...]
    masked: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Words and habits of the exports: file names, headers, dates, statuses. Without an encoding the till writes workbooks."""

    sales_file: str
    members_file: str
    sales_title: str
    members_title: str
    sales_header: tuple[str, ...]
    members_header: tuple[str, ...]
    moment: str
    day: str
    paid: str
    refunded: str
    refund_prefix: str
    total: str = ""
    encoding: str = ""
    delimiter: str = ","
    decimal_mark: str = "."


@dataclass(frozen=True, slots=True)
class Town:
    """One town with three shops of the chain. ``coupon`` is the most a coupon takes off, in the hundredth part of the currency."""

    language: Language
    currency: str
    time_zone: str
    brand: str
    city: str
    shops: tuple[Shop, Shop, Shop]
    menu: Menu
    payments: tuple[str, str, str, str]
    groups: tuple[str, str, str]
    genders: tuple[str, str]
    coupon: int
    card: str
    address: str
    names: Names
    phones: Phones
    ghosts: tuple[Ghost, Ghost, Ghost]
    paper: Paper

    @property
    def products(self) -> tuple[Product, ...]:
        """The menu as one list, category after category; codes such as ``FT03``."""
        letters = ("MT", "FT", "HD", "SN", "ST")
        return tuple(
            Product(f"{letters[place]}{number:02d}", place, name, price, cost)
            for place, (_, items) in enumerate(self.menu)
            for number, (name, price, cost) in enumerate(items, start=1)
        )

    def place(self, shop: int, serial: int) -> str:
        """The address with that serial number among the addresses around a shop."""
        number, flat = divmod(serial, FLATS)
        street, house = divmod(number, HOUSES)
        name, area = self.shops[shop].streets[street]
        where = {"house": house + 1, "flat": flat + 1, "floor": flat // DOORS + 1, "door": flat % DOORS + 1, "block": house % BLOCKS + 1}
        return self.address.format(city=self.city, area=area, street=name, **where)
