"""Matching: which sale does each refund take back?

Many ledgers note a return only as a negative line, without saying which purchase it reverses. To charge it to the day of
that purchase, the refund is matched to the nearest earlier sale of the same customer, product and unit price.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Integers = NDArray[np.int64]


class RefundMatches(NamedTuple):
    """What each refund takes back; positions refer to the entries given, quantities are above 0 and in the unit given.

    Refund ``refund[i]`` takes ``quantity[i]`` back from sale ``sale[i]``; of refund ``unmatched_refund[j]``,
    ``unmatched_quantity[j]`` found no earlier sale. Both lists are in order of key, time and row of the refund.
    """

    refund: Integers
    sale: Integers
    quantity: Integers
    unmatched_refund: Integers
    unmatched_quantity: Integers


def match_refunds(key: ArrayLike, time: ArrayLike, row: ArrayLike, quantity: ArrayLike) -> RefundMatches:
    """From which sales do the refunds take back their pieces?

    One entry per ledger line, in any order, all whole numbers: ``key`` (same customer, product and unit price), ``time``
    (such as microseconds), ``row`` (the line's place in the ledger, which breaks ties of time), ``quantity`` (sales above
    0, refunds below; 0 is ignored). Each refund, in order of time and row, takes back from the nearest sale of its key that
    is not later, where a sale at the same instant counts as earlier and the later line as nearer; from several sales if one
    does not suffice; from a sale never more than it sold. What is left is unmatched; later sales are not touched.

    The sales not yet taken back form a stack with the nearest on top, so after the sort the work is linear.
    ValueError for lists of different length, numbers that are not whole, and two lines in the same place of one key.

    >>> found = match_refunds(key=[7, 7, 7], time=[1, 2, 3], row=[0, 1, 2], quantity=[5, 2, -4])
    >>> found.refund.tolist(), found.sale.tolist(), found.quantity.tolist()
    ([2, 2], [1, 0], [2, 2])
    """
    keys, times, rows, quantities = _entries(key, time, row, quantity)
    order = np.lexsort((rows, quantities < 0, times, keys))
    _check_places(keys[order], times[order], rows[order], quantities[order] < 0)
    matched: list[tuple[int, int, int]] = []
    unmatched: list[tuple[int, int]] = []
    current: int | None = None
    stack: list[tuple[int, int]] = []
    for entry, of, pieces in zip(order.tolist(), keys[order].tolist(), quantities[order].tolist(), strict=True):
        if of != current:
            current, stack = of, []
        if pieces > 0:
            stack.append((entry, pieces))
            continue
        owed = -pieces
        while owed and stack:
            sale, left = stack.pop()
            taken = min(owed, left)
            matched.append((entry, sale, taken))
            owed -= taken
            if taken < left:
                stack.append((sale, left - taken))
        if owed:
            unmatched.append((entry, owed))
    return RefundMatches(*_columns(matched, 3), *_columns(unmatched, 2))


def _entries(*lists: ArrayLike) -> list[Integers]:
    """The lists as 64-bit integers of one length."""
    arrays = [np.asarray(given) for given in lists]
    if any(array.ndim != 1 or array.size != arrays[0].size for array in arrays):
        raise ValueError("Key, time, row and quantity are plain lists of one length.")
    if any(array.size and array.dtype.kind not in "iu" for array in arrays):
        raise ValueError("Key, time, row and quantity are whole numbers.")
    return [array.astype(np.int64) for array in arrays]


def _check_places(*sorted_lists: NDArray[np.int64] | NDArray[np.bool_]) -> None:
    """Refuse neighbours that agree in everything that orders them: their order would depend on the input's."""
    if np.logical_and.reduce([each[1:] == each[:-1] for each in sorted_lists]).any():
        raise ValueError("Rows differ between lines of the same key and time.")


def _columns(tuples: Sequence[tuple[int, ...]], width: int) -> Integers:
    """The tuples' members, one array per member."""
    return np.array(tuples, dtype=np.int64).reshape(-1, width).T
