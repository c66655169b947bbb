"""Chance that is the same everywhere: uniform draws only, turned into choices by comparison.

NumPy promises the stream of ``PCG64`` and of ``SeedSequence``, but not that of its distribution functions, which it may improve in any
release. So worlds draw nothing but ``Generator.random()`` and derive choices, shuffles and counts from it.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def dice(seed: int, purpose: str) -> np.random.Generator:
    """A stream of its own for each purpose, so that changing one part of a world leaves the draws of the others as they were."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(purpose.encode())]))


def choose(draws: Floats, weights: npt.ArrayLike) -> Ints:
    """One choice per draw: the index of a weight, picked in proportion to it. Weights are one row for all draws, or one row each."""
    table = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    steps = np.cumsum(table, axis=1)
    passed = draws[:, None] >= (steps / steps[:, -1:])[:, :-1]
    choice: Ints = np.count_nonzero(passed, axis=1)
    return choice


def between(draws: Floats, least: int, most: int) -> Ints:
    """Whole numbers from least to most, both included."""
    return least + np.floor(draws * (most - least + 1)).astype(np.int64)


def spread(count: int, space: int, offset: int) -> Ints:
    """Different numbers below ``space``, one for each of ``count`` things, far apart from one another (so no two share a phone or a flat)."""
    step = 7_368_787  # a prime: it divides no space that is used, so the walk meets each number once
    if count > space or space % step == 0:
        raise ValueError(f"{count} different numbers do not fit into {space}")
    return (np.arange(count, dtype=np.int64) * step + offset) % space
