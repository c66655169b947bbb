"""The members as a crowd of arrays: kind, home shop, first and last possible day, and how often each comes. Three truths are planted here."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from regulars.worlds.chance import Flags, Floats, Ints, between, choose, dice

STUDENT, STANDARD, FAMILY = range(3)
GHOST_RECORDS: Final = (8, 7, 7)
"""How many times each of the three persons was entered."""
HOUSEHOLDS: Final = 12
"""Pairs of one family that share surname and address and are two persons: what a merge of ghosts must leave alone."""
LOYAL_SHARE: Final = 25
"""One member in so many is a loyal regular who lapsed: 40 of 1,000."""
LAPSED_DAYS: Final = (245, 300)
"""How long before the last day each of them came for the last time."""
LOYAL_SHOP: Final = 1


@dataclass(frozen=True, slots=True)
class Span:
    """The days of the world, counted from 0 on the first."""

    first: date
    days: int

    @property
    def last(self) -> date:
        return self.on(self.days - 1)

    def on(self, day: int) -> date:
        return self.first + timedelta(days=int(day))

    @property
    def weekday(self) -> Ints:
        """Per day, 0 on Monday."""
        return (np.arange(self.days) + self.first.weekday()) % 7

    @property
    def month(self) -> Ints:
        """Per day, 1 in January."""
        return np.array([self.on(day).month for day in range(self.days)], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class People:
    """One entry per member record. Days count from the first day; ``rate`` is visits per day in an average week, while the member stays."""

    kind: Ints
    shop: Ints
    joined: Ints
    start: Ints
    stop: Ints
    rate: Floats
    roams: Flags
    loyal: Flags
    ghost: Ints
    households: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        return len(self.kind)

    @property
    def origin(self) -> Ints:
        """Per record, the first record of the same person: itself, but for a ghost."""
        places = np.arange(self.count)
        for person in range(len(GHOST_RECORDS)):
            records = np.flatnonzero(self.ghost == person)
            places[records] = records.min(initial=self.count)
        return places


def settle(span: Span, count: int, seed: int, plant: AbstractSet[str]) -> People:
    """Everyone on the member list. Loyal and ghosts take the first places, and become ordinary people where their truth is not planted."""
    rng = dice(seed, "people")
    kind = choose(rng.random(count), (38, 40, 22))
    shop = choose(rng.random(count), np.array([(80, 15, 5), (15, 65, 20), (8, 20, 72)])[kind])
    early = rng.random(count) < 0.32
    start = np.where(early, between(rng.random(count), 0, 29), between(rng.random(count), 30, span.days - 15))
    stays = -np.log1p(-rng.random(count)) * 600
    stop = np.minimum(start + stays.astype(np.int64), span.days - 1)
    joined = start - np.where(early, between(rng.random(count), 0, 500), 0)
    rate = np.array((0.040, 0.034, 0.026))[kind] * _appetite(rng.random(count), "deciles" in plant)
    loyal, ghost = np.zeros(count, dtype=np.bool_), np.full(count, -1, dtype=np.int64)
    people = People(kind, shop, joined, start, stop, rate, ~loyal, loyal, ghost, _households(kind, count // LOYAL_SHARE + sum(GHOST_RECORDS)))
    draws = dice(seed, "plants").random((count, 4))
    if "lapsing_loyal" in plant:
        _plant_loyal(people, span, draws)
    if "ghosts" in plant:
        _plant_ghosts(people, span, draws)
    return people


def _appetite(draws: Floats, concentrated: bool) -> Floats:
    """How much more often than the average somebody comes: a long tail (Pareto, shape 1.5), or the same for all."""
    longing = (1 - draws) ** (-1 / 1.5) / 3 if concentrated else np.ones_like(draws)
    return np.minimum(longing, 12)


def _households(kind: Ints, begin: int) -> tuple[tuple[int, int], ...]:
    """Pairs among the family cards that are neither loyal nor ghosts."""
    families = begin + np.flatnonzero(kind[begin:] == FAMILY)[: 2 * HOUSEHOLDS]
    return tuple((int(one), int(other)) for one, other in zip(families[::2], families[1::2], strict=False))


def _plant_loyal(people: People, span: Span, draws: Floats) -> None:
    """Weekly guests of one shop from the first month on, all of whom stop within the same eight weeks."""
    group = slice(0, people.count // LOYAL_SHARE)
    people.kind[group] = STANDARD
    people.shop[group] = LOYAL_SHOP
    people.start[group] = between(draws[group, 0], 0, 29)
    people.stop[group] = span.days - 1 - between(draws[group, 1], *LAPSED_DAYS)
    people.joined[group] = people.start[group] - between(draws[group, 2], 0, 300)
    people.rate[group] = 0.10 + 0.08 * draws[group, 3]
    people.loyal[group] = True
    people.roams[group] = False


def _plant_ghosts(people: People, span: Span, draws: Floats) -> None:
    """Three persons, entered anew every few weeks: each record looks like somebody who came a few times and left."""
    place = people.count // LOYAL_SHARE
    for person, records in enumerate(GHOST_RECORDS):
        group = slice(place, place + records)
        slots = np.arange(records + 1) * (span.days - 1) // records
        people.kind[group] = STANDARD
        people.start[group] = slots[:-1] + between(draws[group, 0], 0, 5)
        people.joined[group] = people.start[group]
        people.stop[group] = slots[1:] - 1
        people.rate[group] = 0.06
        people.ghost[group] = person
        place += records
