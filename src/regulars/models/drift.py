"""Drift: has the make-up of a column changed between two deliveries by more than chance, and by how much?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

SMOOTHING: Final = 0.5
"""What is added to every class, so that one that was never seen before has a share above nought (Jeffreys)."""


class Shift(NamedTuple):
    """How far two distributions stand apart (``psi``), and how likely chance alone is to set them so far apart (``p_value``)."""

    psi: float
    p_value: float


def population_stability(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """How different is the make-up now, as one number: 0 for none, about 0.1 worth a look, above 0.25 another population?

    The population stability index, the sum over classes of (q - p) ln(q / p): the symmetric divergence of Kullback & Leibler
    (1951). Classes are counts; ValueError where one side is empty.

    >>> round(population_stability({"card": 50, "cash": 50}, {"card": 50, "cash": 50}), 4)
    0.0
    >>> round(population_stability({"card": 500, "cash": 500}, {"card": 800, "cash": 200}), 2)
    0.41
    """
    classes = sorted({*before, *now})
    if not sum(before.values()) or not sum(now.values()):
        raise ValueError("Both sides must have rows to be compared.")
    p, q = (_shares(counts, classes) for counts in (before, now))
    return sum((b - a) * log(b / a) for a, b in zip(p, q, strict=True))


def homogeneity(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """How likely is chance alone to set two sets of counts so far apart, as a p-value?

    Pearson's chi-square test of homogeneity (1900), its tail by Wilson & Hilferty (1931), good to two digits from a few
    degrees of freedom on. With one class in all there is nothing to differ, and the answer is 1.

    >>> homogeneity({"card": 50, "cash": 50}, {"card": 50, "cash": 50})
    1.0
    >>> homogeneity({"card": 500, "cash": 500}, {"card": 800, "cash": 200}) < 0.001
    True
    """
    classes = [name for name in sorted({*before, *now}) if before.get(name, 0) + now.get(name, 0)]
    n, m = sum(before.values()), sum(now.values())
    degrees = len(classes) - 1
    if degrees < 1 or not n or not m:
        return 1.0
    distance = 0.0
    for name in classes:
        both = before.get(name, 0) + now.get(name, 0)
        for counts, size in ((before, n), (now, m)):
            expected = both * size / (n + m)
            distance += (counts.get(name, 0) - expected) ** 2 / expected
    spread = 2 / (9 * degrees)
    return 1.0 if distance == 0 else 1 - NormalDist().cdf(((distance / degrees) ** (1 / 3) - (1 - spread)) / sqrt(spread))


def shift(before: Mapping[str, int], now: Mapping[str, int]) -> Shift:
    """How far and how surely do two sets of counts differ?"""
    return Shift(population_stability(before, now), homogeneity(before, now))


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """Which of many tests are still believed, when one in so many may be false? The p-values adjusted for their number.

    Benjamini & Hochberg (1995). The answer keeps the order of what was given.

    >>> [round(q, 3) for q in false_discovery([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i], reverse=True)
    adjusted, least = [0.0] * len(p_values), 1.0
    for rank, place in zip(range(len(p_values), 0, -1), order, strict=True):
        least = min(least, p_values[place] * len(p_values) / rank)
        adjusted[place] = least
    return adjusted


def _shares(counts: Mapping[str, int], classes: Sequence[str]) -> list[float]:
    total = sum(counts.values()) + SMOOTHING * len(classes)
    return [(counts.get(name, 0) + SMOOTHING) / total for name in classes]
