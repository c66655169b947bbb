"""Proportions: printed figures, the defining equations solved another way, and coverage of a simulated truth."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.models.intervals import normal_quantile
from regulars.models.proportions import n_per_arm, nps, product_interval, wilson


def test_A9_intervals() -> None:
    assert wilson(3, 10) == pytest.approx((0.108, 0.603), abs=1e-3)
    assert wilson(0, 20) == pytest.approx((0.0, 0.161), abs=1e-3)
    score, half_width = nps(50, 20, 100)
    assert score == pytest.approx(30)
    assert half_width == pytest.approx(15.3, abs=0.05)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_limits_are_the_rates_that_the_score_test_just_accepts(case: tuple[int, int], level: float) -> None:
    (successes, n), z = case, normal_quantile(level)
    low, high = wilson(successes, n, level)
    assert 0 <= low <= successes / n <= high <= 1
    for limit in (low, high):
        assert abs(successes / n - limit) == pytest.approx(z * sqrt(limit * (1 - limit) / n), abs=1e-7)


def test_wilson_knows_nothing_without_observations() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_wilson_is_mirrored_between_success_and_failure() -> None:
    low, high = wilson(3, 10)
    assert wilson(7, 10) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_wilson_refuses_impossible_counts(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(successes, n)


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=60))
def test_nps_is_the_mean_of_answers_scored_plus_minus_one(answers: list[int]) -> None:
    score, half_width = nps(answers.count(1), answers.count(-1), len(answers))
    assert score == pytest.approx(100 * float(np.mean(answers)))
    assert half_width == pytest.approx(100 * normal_quantile(0.95) * float(np.std(answers)) / sqrt(len(answers)), abs=1e-5)


@pytest.mark.parametrize(("promoters", "detractors", "n"), [(0, 0, 0), (-1, 0, 5), (3, 3, 5)])
def test_nps_refuses_impossible_counts(promoters: int, detractors: int, n: int) -> None:
    with pytest.raises(ValueError, match="parts of at least one answer"):
        nps(promoters, detractors, n)


def test_A39_group_size_of_five_against_six_percent() -> None:
    assert n_per_arm(0.05, 0.01) == 8155


def test_group_size_grows_as_effects_shrink_and_is_the_same_in_both_directions() -> None:
    assert n_per_arm(0.05, 0.005) > 3 * n_per_arm(0.05, 0.01)
    assert n_per_arm(0.06, -0.01) == n_per_arm(0.05, 0.01)
    assert n_per_arm(0.05, 0.01, power=0.9) > n_per_arm(0.05, 0.01) > n_per_arm(0.05, 0.01, alpha=0.1)


def test_groups_of_that_size_find_the_lift_as_often_as_promised() -> None:
    n, rng = n_per_arm(0.10, 0.03), np.random.default_rng(20)
    control, treated = rng.binomial(n, 0.10, 20_000) / n, rng.binomial(n, 0.13, 20_000) / n
    error = np.sqrt((control * (1 - control) + treated * (1 - treated)) / n)
    found = np.abs(treated - control) > normal_quantile(0.95) * error
    assert float(found.mean()) == pytest.approx(0.8, abs=0.015)


@pytest.mark.parametrize(("base_rate", "lift"), [(0.0, 0.1), (0.5, 0.0), (0.5, 0.5), (0.05, -0.05), (1.2, 0.1)])
def test_group_size_refuses_rates_that_do_not_differ_or_do_not_exist(base_rate: float, lift: float) -> None:
    with pytest.raises(ValueError, match="Both rates"):
        n_per_arm(base_rate, lift)


@pytest.mark.parametrize(("alpha", "power"), [(0.0, 0.8), (1.0, 0.8), (0.05, 0.0), (0.05, 1.0)])
def test_group_size_refuses_certainty(alpha: float, power: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        n_per_arm(0.05, 0.01, alpha, power)


@pytest.mark.parametrize(("rate", "trials", "n", "spread"), [(0.1, 300, 300, 0.7), (0.05, 500, 800, 1.0), (0.5, 40, 40, 0.5), (0.3, 60, 25, 0.4)])
def test_product_interval_covers_the_true_money_about_four_times_in_five(rate: float, trials: int, n: int, spread: float) -> None:
    rng, truth, runs = np.random.default_rng(11), rate * exp(spread**2 / 2), 3_000
    values = rng.lognormal(0, spread, (runs, n))
    means, errors = values.mean(axis=1), values.std(axis=1, ddof=1) / sqrt(n)
    seen = rng.binomial(trials, rate, runs)
    intervals = [product_interval(int(x), trials, mean=float(m), standard_error=float(e), n=n) for x, m, e in zip(seen, means, errors, strict=True)]
    assert sum(low <= truth <= high for low, high in intervals) / runs == pytest.approx(0.8, abs=0.025)


def test_product_interval_is_wilson_times_the_mean_where_the_value_is_certain() -> None:
    low, high = wilson(9, 100, 0.8)
    assert product_interval(9, 100, mean=50, standard_error=0, n=10) == pytest.approx((50 * low, 50 * high))


@given(st.integers(0, 40), st.floats(0.01, 1e6), st.floats(0, 2), st.integers(2, 1000))
def test_product_interval_is_not_negative_holds_the_estimate_and_scales_with_the_currency(successes: int, mean: float, relative_error: float, n: int) -> None:
    low, high = product_interval(successes, 40, mean=mean, standard_error=relative_error * mean, n=n)
    assert 0 <= low <= successes / 40 * mean <= high
    assert high > 0
    assert product_interval(successes, 40, mean=100 * mean, standard_error=100 * relative_error * mean, n=n) == pytest.approx((100 * low, 100 * high))


@pytest.mark.parametrize(("trials", "mean", "standard_error", "n"), [(0, 5.0, 1.0, 9), (9, 0.0, 1.0, 9), (9, 5.0, -1.0, 9), (9, 5.0, 1.0, 1)])
def test_product_interval_refuses_what_was_not_measured(trials: int, mean: float, standard_error: float, n: int) -> None:
    with pytest.raises(ValueError, match="at least one trial"):
        product_interval(0, trials, mean=mean, standard_error=standard_error, n=n)
