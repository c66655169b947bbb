"""Intervals: the quantiles of the tables in the back of every statistics book."""

from __future__ import annotations

import pytest

from regulars.models.intervals import normal_quantile, student_quantile


@pytest.mark.parametrize(("level", "z"), [(0.8, 1.281552), (0.9, 1.644854), (0.95, 1.959964), (0.99, 2.575829)])
def test_normal_quantiles_are_those_of_the_table(level: float, z: float) -> None:
    assert normal_quantile(level) == pytest.approx(z, abs=1e-6)


@pytest.mark.parametrize(
    ("level", "degrees", "t"),
    [
        (0.95, 3, 3.182),
        (0.8, 3, 1.638),
        (0.95, 4, 2.776),
        (0.95, 10, 2.228),
        (0.95, 30, 2.042),
        (0.8, 4, 1.533),
        (0.8, 9, 1.383),
        (0.9, 20, 1.725),
        (0.95, 10**6, 1.960),
    ],
)
def test_student_quantiles_are_those_of_the_table(level: float, degrees: int, t: float) -> None:
    assert student_quantile(level, degrees) == pytest.approx(t, rel=0.002)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95.0])
def test_a_level_outside_0_to_1_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(level)


def test_a_standard_error_of_one_value_is_refused() -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        student_quantile(0.8, 0)
