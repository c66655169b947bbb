"""Gaps: how long do customers stay away between two purchases, and after how long a silence have they probably left?

A *gap* is the number of days from one order-day of a customer to the next (1 or more). A customer's last purchase begins
an *open* interval that ends at the as-of date (0 days or more) without a purchase. Both are given as histograms.

Completed gaps alone understate: a gap longer than the history cannot have been completed, so the shorter the history, the
more long gaps are missing. Open intervals say what the completed ones hide, but mix customers who will come back with those
who never will. The two are therefore reported side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regulars.models.histograms import Histogram, as_written, histogram

LAPSE_SHARE: Final = 0.90
"""A customer counts as lapsed when nine of ten gaps would have ended."""

CAUTIOUS_SHARE: Final = 0.95
"""The second figure to show beside it: nineteen of twenty."""

TENURES: Final = (3, 7)
"""Tenure bounds in median gaps: at a monthly rhythm (30 days) they are the published 90 and 210 days."""


class Returns(NamedTuple):
    """After how many ``days`` which ``part`` (0..1) of all purchases had been followed by another; both ascending."""

    days: NDArray[np.int64]
    part: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Customer-portfolio thresholds proposed from a customer base's own gaps, and what they rest on."""

    lapse_days: int
    """90th percentile of the completed gaps: the proposed silence after which a customer counts as lapsed."""
    cautious_lapse_days: int
    """95th percentile of the completed gaps: the upper end worth considering, above all with a short history."""
    open_lapse_days: int | None
    """90th percentile counting the open intervals too; None where fewer than nine of ten purchases were followed by another."""
    short_tenure_days: int
    """3 median gaps: the bound between trying out and a steady customer."""
    long_tenure_days: int
    """7 median gaps: the bound above which a big customer is an excellent one."""
    median_days: int
    """Median of the completed gaps: the rhythm of those who come back."""
    gaps: int
    """How many completed gaps there are."""
    returned_rate: float
    """Of all purchases, the part (0..1) followed by another within ``lapse_days``, counting the open intervals."""


def gap_percentile(days: ArrayLike, share: Decimal | float, counts: ArrayLike | None = None) -> int:
    """Within how many days had at least ``share`` of the completed gaps ended? The discrete percentile, exact at the border.

    It is a number of days that occurs, with no interpolation (SQL's ``percentile_disc``). ``share`` is above 0 and at most
    1. ValueError without gaps, or with one that is not a whole number of days, 1 or more.

    >>> gap_percentile([30, 7, 14, 60], 0.5), gap_percentile([7, 30, 90], 0.9, counts=[5, 4, 1])
    (14, 30)
    """
    return _percentile(_intervals(days, counts, shortest=1), share)


def returned_within(within: int, days: ArrayLike, open_days: ArrayLike, counts: ArrayLike | None = None, open_counts: ArrayLike | None = None) -> float:
    """What part (0..1) of all purchases is followed by another ``within`` so many days?

    1 - the product-limit estimate of Kaplan & Meier (1958), S(t) = prod over gaps g <= t of (1 - ended at g / waiting at g). A
    purchase with an open interval counts as waiting up to the as-of date, and from then on as unknown, not as lost.

    >>> returned_within(30, days=[10, 20], open_days=[5, 15, 40])
    0.625
    """
    return _reached(_returns(_intervals(days, counts, shortest=1), _intervals(open_days, open_counts, shortest=0)), within)


def open_percentile(
    share: Decimal | float, days: ArrayLike, open_days: ArrayLike, counts: ArrayLike | None = None, open_counts: ArrayLike | None = None
) -> int | None:
    """After how many days had ``share`` of all purchases been followed by another, counting the open intervals?

    The percentile of the Kaplan-Meier curve of ``returned_within``; None where the curve ends below ``share``, which is the
    rule in shops where many buy only once: there is no number of days after which nine of ten come back.

    >>> open_percentile(0.5, days=[10, 20], open_days=[5, 15, 40])
    20
    >>> open_percentile(0.9, days=[10, 20], open_days=[5, 15, 40]) is None
    True
    """
    return _length(_returns(_intervals(days, counts, shortest=1), _intervals(open_days, open_counts, shortest=0)), share)


def propose_thresholds(days: ArrayLike, open_days: ArrayLike, counts: ArrayLike | None = None, open_counts: ArrayLike | None = None) -> Thresholds:
    """Which customer-portfolio thresholds suit this customer base's own rhythm?

    *Lapse*: the published 240 days come from one mail-order house. Nine of ten customers who do come back have done so by the
    90th percentile of the gaps; a longer silence is unusual here. It rests on completed gaps because the question is about
    those who come back; the open intervals would count everyone who bought once and left (``open_lapse_days`` shows it,
    ``returned_rate`` how many came back at all).
    *Tenure*: we read the published 90 and 210 days as 3 and 7 gaps at a monthly rhythm, beside a money bar of about 7 mean
    orders (the sources give the days without a reason); here they are 3 and 7 median gaps.

    CDNOW's sample (4,339 gaps over 18 months): median 34 days, so tenure 102 and 238; lapse 196, cautiously 279. ValueError
    without gaps; how many are enough is for the caller to say (``gaps``; a tenth of them lie beyond the proposal).

    >>> found = propose_thresholds([20, 30, 40, 50], [10, 200], counts=[3, 4, 2, 1], open_counts=[1, 1])
    >>> found.lapse_days, found.short_tenure_days, found.long_tenure_days
    (40, 90, 210)
    """
    completed = _intervals(days, counts, shortest=1)
    returns = _returns(completed, _intervals(open_days, open_counts, shortest=0))
    lapse, median = _percentile(completed, LAPSE_SHARE), _percentile(completed, 0.5)
    return Thresholds(
        lapse_days=lapse,
        cautious_lapse_days=_percentile(completed, CAUTIOUS_SHARE),
        open_lapse_days=_length(returns, LAPSE_SHARE),
        short_tenure_days=TENURES[0] * median,
        long_tenure_days=TENURES[1] * median,
        median_days=median,
        gaps=completed.size,
        returned_rate=_reached(returns, lapse),
    )


def _intervals(days: ArrayLike, counts: ArrayLike | None, shortest: int) -> Histogram:
    """The histogram of interval lengths, refused where they are not whole days of at least ``shortest``."""
    lengths = np.asarray(days)
    if lengths.size and (lengths.dtype.kind not in "iu" or lengths.min() < shortest):
        raise ValueError(f"Intervals are whole numbers of days, {shortest} or more.")
    return histogram(lengths, counts)


def _percentile(gaps: Histogram, share: Decimal | float) -> int:
    """The smallest length that at least ``share`` of the gaps do not exceed."""
    if not gaps.values.size:
        raise ValueError("A percentile needs at least one gap.")
    needed = ceil(as_written(share) * gaps.size)
    return int(gaps.values[np.searchsorted(np.cumsum(gaps.counts), needed)])


def _returns(completed: Histogram, waiting: Histogram) -> Returns:
    """The curve of those who came back: at every length at which gaps ended, the part that had by then."""
    ended, closed = np.cumsum(completed.counts), np.concatenate(([0], np.cumsum(waiting.counts)))
    still_open = waiting.size - closed[np.searchsorted(waiting.values, completed.values)]
    at_risk = completed.size - ended + completed.counts + still_open
    return Returns(completed.values, 1 - np.cumprod(1 - completed.counts / at_risk))


def _reached(returns: Returns, within: int) -> float:
    """The part that had come back within so many days; 0 before the shortest gap."""
    place = int(np.searchsorted(returns.days, within, side="right"))
    return float(returns.part[place - 1]) if place else 0.0


def _length(returns: Returns, share: Decimal | float) -> int | None:
    """The days after which at least ``share`` had come back (up to the rounding of a long product), or None."""
    place = int(np.searchsorted(returns.part, float(as_written(share)) - 1e-12))
    return int(returns.days[place]) if place < returns.days.size else None
