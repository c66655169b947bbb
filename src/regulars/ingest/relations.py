"""How the columns of a sample hang together: lines of one order, amounts that multiply, figures of the order repeated on its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Final

import numpy as np
import numpy.typing as npt

from regulars.ingest.fields import ORDER_LEVEL
from regulars.ingest.profile import Column, Profile

Numbers = npt.NDArray[np.float64]
PROOF: Final = 0.9
"""Share of rows that must agree for arithmetic to count as proof."""
_ENOUGH_ROWS: Final = 3
_NEIGHBOURS: Final = 4
"""Rows of the sample further apart than this are not neighbours in the file."""


def agreement(product: Numbers, amount: Numbers) -> tuple[float, int]:
    """Share of the rows in which two figures are equal to the cent (or to one in a thousand), and in how many rows both stand."""
    both = np.isfinite(product) & np.isfinite(amount) & (amount != 0)
    if not both.any():
        return 0.0, 0
    close = np.abs(product[both] - amount[both]) <= 0.011 + 0.001 * np.abs(amount[both])
    return float(close.mean()), int(both.sum())


def multiplies(quantity: Column, price: Column, amount: Column, off: Numbers | float = 0.0) -> bool:
    """Whether quantity × price − discount is the amount, seen where the quantity is not 1."""
    product = np.where(np.abs(quantity.numbers) == 1, np.nan, np.abs(quantity.numbers * price.numbers)) - off
    share, rows = agreement(product, np.abs(amount.numbers))
    return share >= PROOF and rows >= _ENOUGH_ROWS


def find_product(columns: Sequence[Column]) -> tuple[Column, Column, Column] | None:
    """Three columns of numbers of which one is the product of the others: (quantity, price, amount)."""
    numeric = [c for c in columns if c.numeric > 0.8 and c.dated < 0.5 and c.distinct > 1][:12]
    for quantity, price, amount in permutations(numeric, 3):
        if (
            quantity.whole > 0.9
            and quantity.distinct <= amount.distinct
            and (price.whole < 1 or quantity.index < price.index)
            and multiplies(quantity, price, amount)
        ):
            return quantity, price, amount
    return None


def is_gross(amount: Column, discount: Column | None, quantity: Column | None, price: Column | None) -> bool:
    """Whether the amount is still before the discount: it equals quantity × price on rows that have a discount."""
    if discount is None or quantity is None or price is None:
        return False
    off = np.abs(np.nan_to_num(discount.numbers))
    gross = np.where(off > 0, np.abs(quantity.numbers * price.numbers), np.nan)
    before, rows = agreement(gross, np.abs(amount.numbers))
    after, _ = agreement(gross - off, np.abs(amount.numbers))
    return rows >= _ENOUGH_ROWS and before >= PROOF and before > after


def taken_off_in_total(amount: Column, discount: Column | None, extras: Sequence[Column], totals: Sequence[Column]) -> bool:
    """Whether amount − discount + extras (postage, tax: none, one or all) is a total, seen on rows that have a discount: the amount is gross then."""
    if discount is None:
        return False
    off = np.abs(np.nan_to_num(discount.numbers))
    for added in [(), *((extra,) for extra in extras), tuple(extras)]:
        gross = np.where(off > 0, np.abs(amount.numbers) + sum(np.nan_to_num(extra.numbers) for extra in added), np.nan)
        for total in totals:
            share, rows = agreement(gross - off, np.abs(total.numbers))
            if rows >= _ENOUGH_ROWS and share >= PROOF:
                return True
    return False


def grows_with_quantity(product: Column, quantity: Column, price: Column) -> bool:
    """Whether a price is that of the whole line: for one product price ÷ quantity stays the same, while the price itself does not."""
    rows: dict[str, list[int]] = {}
    for i in np.flatnonzero(np.isfinite(price.numbers) & (np.nan_to_num(quantity.numbers) > 0)):
        rows.setdefault(product.texts[i] or "", []).append(int(i))
    several = [group for group in rows.values() if np.unique(quantity.numbers[group]).size > 1]
    steady = sum(_steady(price.numbers[group] / quantity.numbers[group]) and not _steady(price.numbers[group]) for group in several)
    return steady >= _ENOUGH_ROWS and steady >= PROOF * len(several)


def _steady(figures: Numbers) -> bool:
    """Whether figures are the same to one in a hundred."""
    return float(np.ptp(figures)) <= 0.01 * abs(float(figures[0]))


def orders_of(profile: Profile, order: Column) -> list[list[int]]:
    """Neighbouring rows of the sample that belong to one order; a row without a number continues the order above."""
    groups: list[list[int]] = []
    current: str | None = None
    for i, (text, number) in enumerate(zip(order.texts, profile.row_numbers, strict=True)):
        apart = i > 0 and number - profile.row_numbers[i - 1] > _NEIGHBOURS
        if not groups or apart or (text is not None and text != current):
            groups.append([])
            current = text
        groups[-1].append(i)
    return groups


def carried_fields(profile: Profile, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Fields that only the first line of an order fills, the further lines leaving them blank (merged cells, some shop exports)."""
    if "order_id" not in fields:
        return ()
    many = [group for group in orders_of(profile, profile.column(fields["order_id"])) if len(group) > 1]
    carried = [field for field in ("order_id", *ORDER_LEVEL) if field in fields and _only_first(many, profile.column(fields[field]))]
    return () if carried == ["order_id"] else tuple(carried)


def _only_first(orders: Sequence[Sequence[int]], column: Column) -> bool:
    begun = [group for group in orders if column.texts[group[0]] is not None]
    alone = sum(all(column.texts[i] is None for i in group[1:]) for group in begun)
    return alone >= 2 and alone >= 0.8 * len(begun)


def once_per_order(profile: Profile, order: Column, column: Column) -> bool:
    """Whether a figure belongs to the order as a whole: repeated on all its lines, or standing on the first line only."""
    many = [group for group in orders_of(profile, order) if len(group) > 1 and order.texts[group[0]] is not None]
    if len(many) < _ENOUGH_ROWS or column.distinct < 2:
        return False
    figures = [column.numbers[group] for group in many]
    same = sum(bool(np.isfinite(f).all() and (f == f[0]).all() and f[0] != 0) for f in figures)
    first = sum(bool(np.isfinite(f[0]) and f[0] != 0 and (np.isnan(f[1:]) | (f[1:] == 0)).all()) for f in figures)
    stated = sum(bool((np.nan_to_num(f) != 0).any()) for f in figures)
    return stated >= _ENOUGH_ROWS and max(same, first) >= 0.95 * stated


def repeats(column: Column) -> bool:
    """Whether values come back: several rows a value."""
    return column.variety < 0.98
