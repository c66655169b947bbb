"""Histograms: counted as a Counter counts, and refused where counts make no sense."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.histograms import as_written, histogram


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 9))))
def test_equal_values_are_counted_together_in_ascending_order(entries: list[tuple[int, int]]) -> None:
    values, counts = histogram([value for value, _ in entries] or [0], [count for _, count in entries] or [0])
    expected: Counter[int] = Counter()
    for value, count in entries:
        expected[value] += count
    assert list(zip(values.tolist(), counts.tolist(), strict=True)) == sorted((+expected).items())


def test_single_observations_count_once_each() -> None:
    found = histogram([2.5, 1.5, 2.5])
    assert (found.values.tolist(), found.counts.tolist(), found.size) == ([1.5, 2.5], [1, 2], 3)


@pytest.mark.parametrize("counts", [[1], [1, -1], [1.0, 2.0], [[1, 2]]])
def test_counts_that_do_not_fit_are_refused(counts: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"count|Counts"):
        histogram([1, 2], counts)


def test_a_share_means_what_is_written() -> None:
    assert as_written(0.1) == as_written(Decimal("0.10")) == Fraction(1, 10)
    for share in (0, -0.1, 1.0001):
        with pytest.raises(ValueError, match="above 0 and at most 1"):
            as_written(share)
