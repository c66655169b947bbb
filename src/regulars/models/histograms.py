"""Histogram: the distinct values of a sample with how often each occurs, which is all that the order of a sample holds.

Millions of customers have far fewer distinct values, and every statistic of an ordered sample (percentile, Gini, Lorenz
curve) is the same from the histogram as from the rows.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Histogram(NamedTuple):
    """Distinct ``values``, ascending, and their ``counts``, each at least 1."""

    values: NDArray[Any]
    counts: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many observations there are."""
        return int(self.counts.sum())


def histogram(values: ArrayLike, counts: ArrayLike | None = None) -> Histogram:
    """The histogram of a sample: single observations, or ``values`` that each occur ``counts`` times.

    Values may repeat and come in any order, and entries with count 0 are dropped. ValueError for lists of different
    length, counts that are negative or not whole, and values that are missing or infinite.

    >>> histogram([3, 1, 3], counts=[1, 2, 4])
    Histogram(values=array([1, 3]), counts=array([2, 5]))
    """
    observed = np.asarray(values)
    if observed.ndim != 1 or (observed.dtype.kind == "f" and not np.isfinite(observed).all()):
        raise ValueError("Values are a plain list of finite numbers.")
    if counts is None:
        return Histogram(*np.unique(observed, return_counts=True))
    times = np.asarray(counts)
    if times.shape != observed.shape:
        raise ValueError(f"Every value has one count: got {observed.size} values and {times.size} counts.")
    if times.size and (times.dtype.kind not in "iu" or times.min() < 0):
        raise ValueError("Counts are whole numbers, 0 or more.")
    observed, times = observed[times > 0], times[times > 0]
    distinct, place = np.unique(observed, return_inverse=True)
    total = np.zeros(distinct.size, dtype=np.int64)
    np.add.at(total, place, times)
    return Histogram(distinct, total)


def as_written(share: Decimal | float) -> Fraction:
    """A share above 0 and up to 1 as the exact fraction a reader sees: 0.8 is four fifths, not the nearest binary number.

    >>> as_written(0.8)
    Fraction(4, 5)
    """
    exact = Fraction(str(share))
    if not 0 < exact <= 1:
        raise ValueError(f"A share is above 0 and at most 1; got {share}.")
    return exact
