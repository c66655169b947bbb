"""Gaps: CDNOW's printed figures, the Kaplan-Meier curve by hand and from simulated truth, and the published rhythm."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from math import ceil, exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.gaps import gap_percentile, open_percentile, propose_thresholds, returned_within

gap_lists = st.lists(st.integers(1, 60), min_size=1, max_size=40)
open_lists = st.lists(st.integers(0, 60), max_size=40)


@pytest.fixture
def cdnow(shared_data: Path) -> tuple[list[int], list[int]]:
    """Completed gaps and open intervals of the CDNOW sample at 1998-06-30, in days."""
    days: dict[str, set[date]] = defaultdict(set)
    for line in (shared_data / "cdnow_sample" / "CDNOW_sample.txt").read_text("ascii").splitlines():
        _, customer, day, _, _ = line.split()
        days[customer].add(date.fromisoformat(day))
    visits = [sorted(each) for each in days.values()]
    gaps = [(later - earlier).days for each in visits for earlier, later in pairwise(each)]
    return gaps, [(date(1998, 6, 30) - each[-1]).days for each in visits]


@pytest.mark.shared
def test_the_gaps_of_cdnow(cdnow: tuple[list[int], list[int]]) -> None:
    gaps, waiting = cdnow
    found = propose_thresholds(gaps, waiting)
    assert (found.gaps, found.median_days, found.lapse_days, found.cautious_lapse_days) == (4339, 34, 196, 279)
    assert (found.short_tenure_days, found.long_tenure_days) == (102, 238)
    assert found.open_lapse_days is None
    assert found.returned_rate == pytest.approx(0.6058, abs=1e-4)


def test_the_published_bounds_are_those_of_a_monthly_rhythm() -> None:
    found = propose_thresholds([30] * 9 + [240], [])
    assert (found.short_tenure_days, found.long_tenure_days) == (90, 210)


@given(gap_lists, st.integers(1, 100))
def test_a_percentile_is_the_smallest_gap_that_enough_gaps_do_not_exceed(gaps: list[int], percent: int) -> None:
    counted = Counter(gaps)
    expected = sorted(gaps)[ceil(percent * len(gaps) / 100 - 1e-9) - 1]
    assert gap_percentile(gaps, percent / 100) == expected
    assert gap_percentile(list(counted), percent / 100, list(counted.values())) == expected


def curve_by_hand(gaps: list[int], waiting: list[int], within: int) -> float:
    """1 - the product over the days, as Kaplan and Meier wrote it."""
    still = 1.0
    for day in range(1, within + 1):
        at_risk = sum(gap >= day for gap in gaps) + sum(open_ >= day for open_ in waiting)
        if at_risk:
            still *= 1 - gaps.count(day) / at_risk
    return 1 - still


@given(gap_lists, open_lists, st.integers(0, 70))
def test_the_curve_of_returns_is_the_product_over_the_days(gaps: list[int], waiting: list[int], within: int) -> None:
    ended, left = Counter(gaps), Counter(waiting)
    expected = pytest.approx(curve_by_hand(gaps, waiting, within), abs=1e-12)
    assert returned_within(within, gaps, waiting) == expected
    assert returned_within(within, list(ended), list(left), list(ended.values()), list(left.values())) == expected


@given(gap_lists, open_lists, st.sampled_from([0.1, 0.5, 0.9]))
def test_the_open_percentile_is_where_the_curve_reaches_the_share(gaps: list[int], waiting: list[int], share: float) -> None:
    found = open_percentile(share, gaps, waiting)
    if found is None:
        assert returned_within(max(gaps), gaps, waiting) < share
    else:
        assert returned_within(found, gaps, waiting) >= share - 1e-9
        assert returned_within(found - 1, gaps, waiting) < share


@given(gap_lists, st.integers(1, 20))
def test_without_open_intervals_both_percentiles_agree(gaps: list[int], twentieths: int) -> None:
    assert open_percentile(twentieths / 20, gaps, []) == gap_percentile(gaps, twentieths / 20)


def test_open_intervals_recover_the_truth_that_completed_gaps_miss() -> None:
    rng, mean, customers = np.random.default_rng(8), 60.0, 20_000
    waits = np.ceil(rng.exponential(mean, customers)).astype(int)
    watched = rng.integers(1, 120, customers)
    gaps, waiting = waits[waits <= watched], watched[waits > watched]
    truth = 1 - exp(-50 / mean)
    assert returned_within(50, gaps, waiting) == pytest.approx(truth, abs=0.01)
    assert open_percentile(truth, gaps, waiting) == pytest.approx(50, abs=2)
    assert gap_percentile(gaps, truth) < 40


@given(gap_lists, open_lists)
def test_a_proposal_is_ordered_and_the_same_from_a_histogram(gaps: list[int], waiting: list[int]) -> None:
    found = propose_thresholds(gaps, waiting)
    assert 1 <= found.median_days <= found.lapse_days <= found.cautious_lapse_days
    assert 0 < found.short_tenure_days < found.long_tenure_days
    assert found.open_lapse_days is None or found.open_lapse_days >= found.lapse_days
    ended, left = Counter(gaps), Counter(waiting)
    assert propose_thresholds(list(ended), list(left), list(ended.values()), list(left.values())) == found


@pytest.mark.parametrize(("days", "message"), [([], "at least one gap"), ([0, 3], "whole numbers of days"), ([1.5], "whole numbers of days")])
def test_gaps_that_are_none_are_refused(days: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gap_percentile(days, 0.5)


def test_an_open_interval_may_begin_today_but_not_tomorrow() -> None:
    assert returned_within(9, [9], [0]) == 1
    with pytest.raises(ValueError, match="0 or more"):
        returned_within(9, [9], [-1])
