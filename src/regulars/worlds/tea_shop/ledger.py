"""What was bought, at what price, and what came back: the lines of the till, in whole hundredths of the currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from regulars.worlds.chance import Flags, Floats, Ints, between, choose, dice
from regulars.worlds.tea_shop.people import Span
from regulars.worlds.tea_shop.town import MENU_SIZES, Product
from regulars.worlds.tea_shop.visits import FAMILY_PEAK, STUDENT_PEAK, Visits

DAY: Final = 86_400
_TASTES: Final = ((50, 26, 8, 14, 2), (40, 30, 12, 13, 5), (30, 28, 14, 16, 12))
"""Weights of the categories per kind of member, in spring and autumn."""
_HOT_SEASON: Final = (3.0, 2.6, 1.6, 1.0, 0.5, 0.3, 0.25, 0.25, 0.5, 1.0, 1.8, 2.8)
"""How much hot drinks are wanted, January to December."""
_STUDENT_PEAK_TASTE: Final = (86, 6, 1, 6, 1)
_FAMILY_PEAK_TASTE: Final = (5, 5, 44, 6, 40)
_BASKETS: Final = ((72, 23, 5), (62, 30, 8), (35, 40, 25))
"""Weights of one, two and three lines per kind of member."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One entry per line of the till, in order of time.

    ``order`` numbers the receipts from 0 in order of time; ``serial`` is the receipt's number within shop and day; ``at`` is in seconds
    from midnight of the first day; ``sold_at`` differs from it on a refund: when the sale was. ``standing`` marks a sale that was
    not taken back. Money and quantity are negative on a refund.
    """

    order: Ints
    serial: Ints
    member: Ints
    kind: Ints
    shop: Ints
    at: Ints
    sold_at: Ints
    product: Ints
    quantity: Ints
    price: Ints
    discount: Ints
    amount: Ints
    cost: Ints
    payment: Ints
    standing: Flags
    refund: Flags

    def __len__(self) -> int:
        return len(self.order)

    @property
    def day(self) -> Ints:
        """Days from the first, of the entry itself."""
        return self.at // DAY


def ring_up(visits: Visits, span: Span, products: tuple[Product, ...], coupon: int, seed: int) -> Ledger:
    """The lines of all visits, and the refunds: each takes back a line, or all, of the member's latest order.

    A coupon of its own amount on every member's first order keeps two customers from having spent exactly the same.
    """
    rng = dice(seed, "receipts")
    visit, product = _baskets(visits, span, rng)
    count, price, cost = len(visit), np.array([p.price for p in products])[product], np.array([p.cost for p in products])[product]
    quantity = 1 + (rng.random(count) < 0.1)
    offer = np.array((0, 10, 20))[choose(rng.random(visits.count), (80, 14, 6))][visit]
    leads = np.append(True, visit[1:] != visit[:-1])
    off = np.where(leads & visits.first[visit], between(rng.random(visits.count), 1, coupon)[visit], 0)
    discount = price * quantity * offer // 100 + off
    payment = choose(rng.random(visits.count), (48, 27, 13, 12))[visit]
    at = (visits.day * DAY + visits.second)[visit]

    back, returned_at = _returns(visits, span, rng)
    taken = (back[visit] == WHOLE) | ((back[visit] == ONE_LINE) & leads)
    source = np.concatenate((np.arange(count), np.flatnonzero(taken)))
    refund = np.arange(len(source)) >= count
    sign = np.where(refund, -1, 1)
    time = np.where(refund, returned_at[visit[source]], at[source])
    shop = visits.shop[visit[source]]
    order, serial = _receipts(visit[source] + refund * visits.count, time, shop)
    columns = {
        "order": order,
        "serial": serial,
        "member": visits.member[visit[source]],
        "kind": visits.kind[visit[source]],
        "shop": shop,
        "at": time,
        "sold_at": at[source],
        "product": product[source],
        "quantity": sign * quantity[source],
        "price": price[source],
        "discount": sign * discount[source],
        "amount": sign * (price * quantity - discount)[source],
        "cost": sign * (cost * quantity)[source],
        "payment": payment[source],
        "standing": ~taken[source],
        "refund": refund,
    }
    rank = np.lexsort((source, order))
    return Ledger(**{name: column[rank] for name, column in columns.items()})


def _baskets(visits: Visits, span: Span, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Per line, the visit and the product. Nobody buys a product twice on one receipt."""
    lines = 1 + choose(rng.random(visits.count), np.array(_BASKETS)[visits.kind])
    visit = np.repeat(np.arange(visits.count), lines)
    category = choose(rng.random(len(visit)), _tastes(visits, span)[visit])
    starts = np.cumsum((0, *MENU_SIZES[:-1]))
    popularity = np.array([[1 / (1 + place) if place < size else 0 for place in range(max(MENU_SIZES))] for size in MENU_SIZES])
    product = starts[category] + choose(rng.random(len(visit)), popularity[category])
    kept = np.unique(visit * sum(MENU_SIZES) + product)
    return kept // sum(MENU_SIZES), kept % sum(MENU_SIZES)


def _tastes(visits: Visits, span: Span) -> Floats:
    """Per visit, the weights of the five categories: by kind and season, and what the planted hours are for."""
    tastes = np.array(_TASTES, dtype=np.float64)[visits.kind]
    tastes[:, 2] *= np.array(_HOT_SEASON)[span.month[visits.day] - 1]
    tastes[visits.peak == STUDENT_PEAK] = _STUDENT_PEAK_TASTE
    tastes[visits.peak == FAMILY_PEAK] = _FAMILY_PEAK_TASTE
    return tastes


KEPT, ONE_LINE, WHOLE = range(3)


def _returns(visits: Visits, span: Span, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Per visit, what comes back and when: mostly within minutes, some up to five days later but before the member's next visit.

    A member's first and last orders stand, so that everybody on the list has bought and the planted last days hold.
    """
    fate = choose(rng.random(visits.count), (968, 13, 19))
    fate[visits.first | (visits.days_to_next == 0)] = KEPT
    wait = between(rng.random(visits.count), 1, 5)
    later = (rng.random(visits.count) < 0.5) & (wait < visits.days_to_next) & (visits.day + wait < span.days)
    minutes = between(rng.random(visits.count), 3, 25)
    return fate, visits.day * DAY + visits.second + np.where(later, wait * DAY, minutes * 60)


def _receipts(document: Ints, time: Ints, shop: Ints) -> tuple[Ints, Ints]:
    """Per line, its receipt's place in time and its number within shop and day, from 1."""
    _, lines, receipt = np.unique(document, return_index=True, return_inverse=True)
    at, where = time[lines], shop[lines]
    place = np.argsort(np.lexsort((lines, at)), kind="stable")
    till = (at // DAY) * 3 + where
    by_till = np.lexsort((place, till))
    first = np.searchsorted(till[by_till], till)
    serial = 1 + np.argsort(by_till, kind="stable") - first
    return place[receipt], serial[receipt]
