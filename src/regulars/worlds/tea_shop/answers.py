"""The answer sheet: what a correct analysis of the files must find, computed from the generated lines and never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from regulars.worlds.chance import Flags, Ints
from regulars.worlds.tea_shop.ledger import DAY, Ledger
from regulars.worlds.tea_shop.members import Member
from regulars.worlds.tea_shop.people import FAMILY, GHOST_RECORDS, LOYAL_SHOP, STUDENT, People, Span
from regulars.worlds.tea_shop.town import CATEGORIES, KINDS, Town
from regulars.worlds.tea_shop.visits import CLOSES, FAMILY_HOURS, OPENS, SATURDAY, STUDENT_HOURS, WEDNESDAY

DEFINITIONS: Final = {
    "net_revenue": "paid for sales minus paid back, discounts taken off; walk-in sales included unless it says otherwise",
    "order_basis": "a refund counts in the month of the sale it takes back: a line of the same customer's latest order before it",
    "cash_basis": "a refund counts in the month of the refund",
    "standing": "a sale line that was not taken back; an order with at least one such line",
    "window": "from the first hour, inclusive, to the second, exclusive, shop time",
    "busy_factor": "the group's standing orders per weekday and hour in the window, over its average for all weekdays and opening hours",
    "category_line_share": "of the group's standing lines in the window, those of the named categories; elsewhere: at all other times",
    "tied_borders": "borders between two groups where customers of equal revenue stand on both sides",
    "households": "two persons of one family at one address, who are not duplicates",
    "excellent_lapsed": "CPM: 240 days or more since the last standing order, 210 or more between first and last, net revenue >= money bar",
    "money_bar": "7 times the net revenue of customers per standing order of theirs",
    "year": "the 365 days up to the as-of date",
}
BAR, LAPSE_DAYS, TENURE_DAYS = 7, 240, 210


def money(hundredths: float) -> str:
    """An amount as exact text, such as 1234.50."""
    return f"{round(hundredths) / 100:.2f}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the answers are computed from."""

    town: Town
    people: People
    members: tuple[Member, ...]
    ledger: Ledger
    span: Span

    def ids(self, which: Flags | Ints) -> list[str]:
        """Customer numbers of some of the members, sorted."""
        return sorted(self.members[i].customer_id for i in np.arange(self.people.count)[which])

    def per_member(self, amounts: Ints, lines: Flags) -> Ints:
        """The sum of a column over each member's lines among the given."""
        known = lines & (self.ledger.member >= 0)
        return np.bincount(self.ledger.member[known], weights=amounts[known], minlength=self.people.count).astype(np.int64)

    @property
    def everything(self) -> Flags:
        return np.ones(len(self.ledger), dtype=np.bool_)

    @property
    def revenue(self) -> Ints:
        """Net revenue per member."""
        return self.per_member(self.ledger.amount, self.everything)

    @property
    def orders(self) -> Ints:
        """Standing orders per member."""
        _, lines = np.unique(self.ledger.order[self.ledger.standing], return_index=True)
        heads = np.zeros(len(self.ledger), dtype=np.bool_)
        heads[np.flatnonzero(self.ledger.standing)[lines]] = True
        return self.per_member(np.ones(len(self.ledger), dtype=np.int64), heads)


def answer(sheet: Sheet, plant: AbstractSet[str]) -> dict[str, Any]:
    """The numbers of the whole, and of every planted truth under its key."""
    truths: Mapping[str, Callable[[Sheet], dict[str, Any]]] = {"hours": _hours, "deciles": _deciles, "ghosts": _ghosts, "lapsing_loyal": _lapsing_loyal}
    return {"definitions": DEFINITIONS, "totals": _totals(sheet), "planted": {key: truths[key](sheet) for key in sorted(plant)}}


def _totals(sheet: Sheet) -> dict[str, Any]:
    ledger, orders = sheet.ledger, sheet.orders
    last_month = sheet.span.days - sheet.span.last.day
    return {
        "rows": len(ledger),
        "walk_in_rows": int((ledger.member < 0).sum()),
        "refund_rows": int(ledger.refund.sum()),
        "refund_rows_of_another_day": int((ledger.day > ledger.sold_at // DAY).sum()),
        "refund_rows_of_another_delivery": int(((ledger.day >= last_month) & (ledger.sold_at // DAY < last_month)).sum()),
        "members": sheet.people.count,
        "customers": int((orders > 0).sum()),
        "orders": len(np.unique(ledger.order[~ledger.refund])),
        "standing_orders": len(np.unique(ledger.order[ledger.standing])),
        "standing_customer_orders": int(orders.sum()),
        "gross_revenue": money(ledger.amount[~ledger.refund].sum()),
        "net_revenue": money(ledger.amount.sum()),
        "customer_net_revenue": money(sheet.revenue.sum()),
        "net_revenue_by_month": {"order_basis": _by_month(sheet, ledger.sold_at), "cash_basis": _by_month(sheet, ledger.at)},
        "households": [sheet.ids(np.array(pair)) for pair in sheet.people.households],
    }


def _by_month(sheet: Sheet, moment: Ints) -> dict[str, str]:
    """Net revenue per calendar month of the given moments."""
    months = [f"{sheet.span.on(day):%Y-%m}" for day in range(sheet.span.days)]
    names = sorted(set(months))
    place = np.array([names.index(month) for month in months])
    sums = np.bincount(place[moment // DAY], weights=sheet.ledger.amount, minlength=len(names))
    return {name: money(total) for name, total in zip(names, sums, strict=True)}


def _hours(sheet: Sheet) -> dict[str, Any]:
    return {
        "scenario": "C165",
        "students": _window(sheet, STUDENT, (WEDNESDAY,), STUDENT_HOURS, ("milk_tea",)),
        "families": _window(sheet, FAMILY, (SATURDAY, SATURDAY + 1), FAMILY_HOURS, ("hot_drink", "snack_set")),
    }


def _window(sheet: Sheet, kind: int, weekdays: tuple[int, ...], hours: tuple[int, int], categories: tuple[str, ...]) -> dict[str, Any]:
    """How much of one group's orders falls into some hours of the week, and what it buys there and elsewhere."""
    ledger, town = sheet.ledger, sheet.town
    weekday, hour = sheet.span.weekday[ledger.day], ledger.at % DAY // 3600
    group = ledger.standing & (ledger.kind == kind) & (ledger.member >= 0)
    inside = group & np.isin(weekday, weekdays) & (hours[0] <= hour) & (hour < hours[1])
    wanted = np.isin(np.array([p.category for p in town.products])[ledger.product], [CATEGORIES.index(c) for c in categories])
    orders, all_orders = len(np.unique(ledger.order[inside])), len(np.unique(ledger.order[group]))
    cells, all_cells = len(weekdays) * (hours[1] - hours[0]), 7 * (CLOSES - OPENS)
    outside = group & ~inside
    return {
        "customer_group": town.groups[kind],
        "kind": KINDS[kind],
        "iso_weekdays": [day + 1 for day in weekdays],
        "hours": list(hours),
        "orders": orders,
        "all_orders": all_orders,
        "order_share": round(orders / all_orders, 6),
        "busy_factor": round((orders / cells) / (all_orders / all_cells), 4),
        "categories": [town.menu[CATEGORIES.index(c)][0] for c in categories],
        "category_line_share": round(float(wanted[inside].mean()), 6),
        "category_line_share_elsewhere": round(float(wanted[outside].mean()), 6),
    }


def _deciles(sheet: Sheet) -> dict[str, Any]:
    """Customers ranked by net revenue, highest first, in ten groups as equal as can be."""
    buyers = np.flatnonzero(sheet.orders > 0)
    revenue = sheet.revenue[buyers]
    ranked = buyers[np.lexsort((buyers, -revenue))]
    groups, values = np.array_split(ranked, 10), sheet.revenue
    borders = [(values[above[-1]], values[below[0]]) for above, below in pairwise(groups)]
    total = int(revenue.sum())
    return {
        "scenario": "C179",
        "customers": len(buyers),
        "group_sizes": [len(g) for g in groups],
        "group_revenue": [money(values[g].sum()) for g in groups],
        "group_share": [round(float(values[g].sum() / total), 6) for g in groups],
        "group_orders": [int(sheet.orders[g].sum()) for g in groups],
        "top_share": round(float(values[groups[0]].sum() / total), 6),
        "lowest_revenue_of_each_group": [money(values[g].min()) for g in groups],
        "tied_borders": sum(int(above == below) for above, below in borders),
        "groups": [sheet.ids(g) for g in groups],
    }


def _ghosts(sheet: Sheet) -> dict[str, Any]:
    persons = []
    for person in range(len(GHOST_RECORDS)):
        records = sheet.people.ghost == person
        listed = [m for m, is_one in zip(sheet.members, records, strict=True) if is_one]
        persons.append(
            {
                "customer_ids": sheet.ids(records),
                "names": [m.name for m in listed],
                "address": listed[0].address,
                "orders": int(sheet.orders[records].sum()),
                "net_revenue": money(sheet.revenue[records].sum()),
            }
        )
    surplus = sum(GHOST_RECORDS) - len(GHOST_RECORDS)
    return {"scenario": "C170", "persons": persons, "records": sum(GHOST_RECORDS), "customers_after_merging": int((sheet.orders > 0).sum()) - surplus}


def _lapsing_loyal(sheet: Sheet) -> dict[str, Any]:
    """The planted group, and everybody whom the same rule finds."""
    ledger, days, loyal = sheet.ledger, sheet.span.days, sheet.people.loyal
    known = ledger.standing & (ledger.member >= 0)
    first, last = np.full(sheet.people.count, days), np.full(sheet.people.count, -1)
    np.minimum.at(first, ledger.member[known], ledger.day[known])
    np.maximum.at(last, ledger.member[known], ledger.day[known])
    average = sheet.revenue.sum() / sheet.orders.sum()
    found = (days - 1 - last >= LAPSE_DAYS) & (last - first >= TENURE_DAYS) & (sheet.revenue >= BAR * average)
    year = sheet.per_member(ledger.amount, ledger.sold_at // DAY >= days - 365)

    return {
        "customer_ids": sheet.ids(loyal),
        "store": sheet.town.shops[LOYAL_SHOP].name,
        "last_order_from": sheet.span.on(last[loyal].min()).isoformat(),
        "last_order_to": sheet.span.on(last[loyal].max()).isoformat(),
        "least_tenure_days": int((last - first)[loyal].min()),
        "net_revenue": money(sheet.revenue[loyal].sum()),
        "year_revenue": money(year[loyal].sum()),
        "average_order_value": money(average),
        "money_bar": money(BAR * average),
        "excellent_lapsed": sheet.ids(found),
        "excellent_lapsed_year_revenue": money(year[found].sum()),
    }
