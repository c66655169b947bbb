"""Concentration: printed shares of two shops, the pairwise definition, the bootstrap, and borders decided exactly."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from math import erf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.concentration import gini, gini_interval, lorenz, smallest_group, top_share, top_share_interval

amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


def spend_of_cdnow(folder: Path) -> list[Decimal]:
    """Dollars per customer of the CDNOW sample."""
    spend: dict[str, Decimal] = defaultdict(Decimal)
    for line in (folder / "cdnow_sample" / "CDNOW_sample.txt").read_text("ascii").splitlines():
        _, customer, _, _, dollars = line.split()
        spend[customer] += Decimal(dollars)
    return list(spend.values())


@pytest.mark.shared
def test_A7_cdnow(shared_data: Path) -> None:
    spend = spend_of_cdnow(shared_data)
    dollars = np.array(spend, dtype=float)
    assert dollars.size == 2357
    assert gini(dollars) == pytest.approx(0.6309, abs=1e-4)
    assert top_share(dollars, 0.2) == pytest.approx(0.674, abs=1e-3)
    assert top_share(dollars, 0.1) == pytest.approx(0.5081, abs=1e-4)
    assert smallest_group(spend, 0.8) == 777


@pytest.mark.shared
def test_A7_online_retail(shared_data: Path) -> None:
    spend: dict[str, Decimal] = defaultdict(Decimal)
    with gzip.open(shared_data / "online_retail" / "online_retail.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["CustomerID"] and int(row["Quantity"]) > 0 and Decimal(row["UnitPrice"]) > 0:
                spend[row["CustomerID"]] += int(row["Quantity"]) * Decimal(row["UnitPrice"])
    values = np.array(list(spend.values()), dtype=float)
    assert values.size == 4338
    assert gini(values) == pytest.approx(0.71514, abs=1e-5)
    assert top_share(values, 0.1) == pytest.approx(0.61375, abs=1e-5)
    assert top_share(values, 0.2) == pytest.approx(0.74617, abs=1e-5)


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_gini_is_0_if_equal_and_one_customer_short_of_1_if_one_has_all(n: int) -> None:
    assert gini([3.5] * n) == pytest.approx(0, abs=1e-12)
    assert gini([0] * (n - 1) + [9]) == pytest.approx(1 - 1 / n)


@given(amounts)
def test_gini_is_half_the_mean_difference_of_all_pairs_over_the_mean(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    pairs = np.abs(x[:, None] - x[None, :]).mean()
    assert gini(values) == pytest.approx(pairs / (2 * x.mean()), abs=1e-12)


@given(amounts)
def test_gini_is_twice_the_area_between_the_lorenz_curve_and_equality(values: list[int]) -> None:
    customers, total = lorenz(values, points=len(values))
    area = sum((b - a) * (u + v) / 2 for (a, u), (b, v) in pairwise(zip(customers, total, strict=True)))
    assert gini(values) == pytest.approx(1 - 2 * area, abs=1e-9)


@given(amounts, st.integers(1, 20), st.randoms())
def test_a_histogram_in_any_order_answers_as_the_customers_do(values: list[int], share: int, random: Any) -> None:
    part = Decimal(share) / 20
    shuffled = random.sample(values, len(values))
    distinct = sorted(set(values), key=lambda _: random.random())
    counts = [values.count(each) for each in distinct]
    assert gini(shuffled) == gini(values) == gini(distinct, counts)
    assert top_share(shuffled, part) == top_share(values, part) == top_share(distinct, part, counts)
    assert smallest_group(shuffled, part) == smallest_group(values, part) == smallest_group(distinct, part, counts)
    assert lorenz(values, 10)[1].tolist() == lorenz(distinct, 10, counts)[1].tolist()
    if len(values) > 1:
        assert gini_interval(values) == gini_interval(distinct, counts)
        assert top_share_interval(values, part) == top_share_interval(distinct, part, counts)


@given(st.lists(st.integers(0, 9), min_size=20, max_size=20).filter(any), st.integers(1, 20))
def test_the_top_share_and_the_lorenz_curve_are_two_views_of_one_sum(values: list[int], top: int) -> None:
    expected = pytest.approx(sum(sorted(values)[-top:]) / sum(values), abs=1e-12)
    assert top_share(values, top / 20) == expected
    assert top_share(values, (top - 0.5) / 20) == expected
    assert 1 - lorenz(values, points=20)[1][20 - top] == expected


def bootstrap(values: np.ndarray[Any, Any], statistic: Any, runs: int = 400) -> tuple[float, float]:
    """Standard deviation and centre of a statistic over customers drawn again with replacement: the reference."""
    rng = np.random.default_rng(9)
    drawn = [statistic(rng.choice(values, values.size)) for _ in range(runs)]
    return float(np.std(drawn)), float(np.mean(drawn))


@pytest.mark.parametrize("spread", [0.5, 1.0])
@pytest.mark.parametrize("which", ["gini", "top fifth"])
def test_the_closed_form_agrees_with_a_bootstrap_over_customers(spread: float, which: str) -> None:
    values = np.random.default_rng(4).lognormal(3, spread, 3_000).round(2)
    values[:300] = 0
    interval, statistic = {
        "gini": (gini_interval(values), gini),
        "top fifth": (top_share_interval(values, 0.2), lambda drawn: top_share(drawn, 0.2)),
    }[which]
    deviation, centre = bootstrap(values, statistic)
    assert (interval.high - interval.low) / (2 * 1.959964) == pytest.approx(deviation, rel=0.1)
    assert sum(interval) / 2 == pytest.approx(centre, abs=deviation / 2)


@pytest.mark.shared
def test_the_closed_form_agrees_with_a_bootstrap_over_the_customers_of_cdnow(shared_data: Path) -> None:
    spend = np.array(spend_of_cdnow(shared_data), dtype=float)
    for interval, statistic in ((gini_interval(spend), gini), (top_share_interval(spend, 0.2), lambda drawn: top_share(drawn, 0.2))):
        assert (interval.high - interval.low) / (2 * 1.959964) == pytest.approx(bootstrap(spend, statistic)[0], rel=0.12)


def test_intervals_cover_the_true_concentration_of_a_log_normal_population() -> None:
    rng, covered, runs = np.random.default_rng(2), 0, 600
    truth = erf(0.5 / 2)
    for _ in range(runs):
        low, high = gini_interval(rng.lognormal(0, 0.5, 1_000))
        covered += low <= truth <= high
    assert covered / runs == pytest.approx(0.94, abs=0.025)


def test_intervals_stay_within_0_and_1() -> None:
    assert gini_interval([5] * 10) == pytest.approx((0, 0), abs=1e-7)
    assert gini_interval([0] * 9 + [1]).high <= 1
    assert top_share_interval([0] * 9 + [1], 0.1).high <= 1
    assert top_share_interval([0] * 9 + [1], 0.2) == (1, 1)


@given(st.lists(st.integers(-50, 1000), min_size=1, max_size=30).filter(lambda values: sum(values) > 0), st.integers(1, 100))
def test_the_smallest_group_reaches_the_share_and_one_fewer_does_not(values: list[int], percent: int) -> None:
    size = smallest_group(values, percent / 100)
    largest = sorted(values, reverse=True)
    assert 100 * sum(largest[:size]) >= percent * sum(values) > 100 * sum(largest[: size - 1])


def test_the_border_does_not_slip() -> None:
    assert sum([0.1] * 8) < 0.8  # what floats would answer
    assert smallest_group([Decimal("0.1")] * 10, 0.8) == 8
    assert smallest_group([Decimal("0.1"), Decimal("0.2")], Decimal(1)) == 2
    assert smallest_group([Decimal("3.0001"), 1, Decimal("0.9999")], Decimal("0.60002")) == 1
    assert smallest_group([Decimal("3.0001"), 1, Decimal("0.9999")], Decimal("0.60003")) == 2


def test_sums_beyond_64_bits_stay_exact() -> None:
    assert smallest_group(np.array([2**62] * 10, dtype=np.int64), 0.5) == 5
    assert smallest_group([10**30] * 3 + [1], 0.5) == 2
    assert smallest_group([2**40, 1], 0.5, counts=[2**30, 5]) == 2**29 + 1


@pytest.mark.parametrize("values", [[], [0, 0], [5, -1], [float("nan"), 1.0], [float("inf"), 1.0], [[1, 2]]])
def test_values_without_a_concentration_are_refused(values: list[Any]) -> None:
    for answer in (gini, gini_interval, lorenz):
        with pytest.raises(ValueError, match=r"[Vv]alues"):
            answer(values)


@pytest.mark.parametrize(("values", "share"), [([0.5, 0.5], 0.5), ([Decimal(1), 0.5], 0.5), ([], 0.5), ([1, -1], 0.5), ([1, 2], 0), ([1, 2], 1.01)])
def test_the_smallest_group_refuses_floats_empty_totals_and_impossible_shares(values: list[Any], share: float) -> None:
    with pytest.raises(ValueError, match=r"Floats|total above 0|share is above 0"):
        smallest_group(values, share)


def test_an_interval_of_one_customer_and_a_curve_without_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        gini_interval([5])
    with pytest.raises(ValueError, match="at least one step"):
        lorenz([5], points=0)
