"""Who comes when: one row per visit, of members by their own rhythm and of walk-ins by the shop's. The truth about hours is planted here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from regulars.worlds.chance import Flags, Floats, Ints, between, choose, dice
from regulars.worlds.tea_shop.people import FAMILY, STANDARD, STUDENT, People, Span

OPENS, CLOSES = 9, 22
WEDNESDAY, SATURDAY = 2, 5
STUDENT_HOURS: Final = (15, 17)
FAMILY_HOURS: Final = (18, 21)
WALK_INS: Final = (1, 2)
"""Per shop and day: at least one, so that every day of the world is a business day."""

_USUAL_DAY: Final = (1, 2, 4, 7, 6, 5, 5, 5, 5, 6, 6, 4, 2)
"""Weights of the hours from 9 to 21."""
_STUDENT_DAY: Final = (1, 1, 2, 3, 3, 4, 32, 32, 6, 5, 4, 3, 2)
_FAMILY_DAY: Final = (1, 1, 2, 3, 3, 3, 4, 4, 4, 20, 22, 20, 4)
_HOURS: Final = (_USUAL_DAY, _STUDENT_DAY, _FAMILY_DAY)
USUAL, STUDENT_PEAK, FAMILY_PEAK = range(3)


@dataclass(frozen=True, slots=True)
class Visits:
    """One entry per visit: member (-1 is a walk-in), kind, shop, day, second of the day, and what sort of hour it fell into.

    Members come first, in order of member and day: at most one visit a day.
    """

    member: Ints
    kind: Ints
    shop: Ints
    day: Ints
    second: Ints
    peak: Ints

    @property
    def count(self) -> int:
        return len(self.member)

    @property
    def first(self) -> Flags:
        """Whether it is the member's first; never for a walk-in."""
        new: Flags = np.append(True, self.member[1:] != self.member[:-1])
        return new & (self.member >= 0)

    @property
    def days_to_next(self) -> Ints:
        """Days until the member comes again; 0 where there is no later visit, and for walk-ins."""
        again = (self.member >= 0) & np.append(self.member[1:] == self.member[:-1], False)
        return np.where(again, np.append(self.day[1:], 0) - self.day, 0)


def receive(people: People, span: Span, seed: int, *, peaks: bool) -> Visits:
    """All visits of the world; with ``peaks``, students fill the Wednesday afternoons and families the weekend evenings."""
    rng = dice(seed, "visits")
    weekday = span.weekday
    mine, my_day = np.nonzero(_member_days(people, span, rng.random((people.count, span.days)), peaks))
    guests = between(rng.random((3, span.days)).ravel(), *WALK_INS)
    shops, days = np.divmod(np.repeat(np.arange(3 * span.days), guests), span.days)
    member, day = np.concatenate((mine, np.full(len(days), -1))), np.concatenate((my_day, days))
    kind = np.concatenate((people.kind[mine], np.full(len(days), STANDARD)))
    away = people.roams[mine] & (rng.random(len(mine)) < 0.08)
    shop = np.concatenate((np.where(away, between(rng.random(len(mine)), 0, 2), people.shop[mine]), shops))
    busy = np.full(len(day), USUAL)
    if peaks:
        busy[(kind == STUDENT) & (weekday[day] == WEDNESDAY)] = STUDENT_PEAK
        busy[(kind == FAMILY) & (weekday[day] >= SATURDAY)] = FAMILY_PEAK
    hour = OPENS + choose(rng.random(len(day)), np.array(_HOURS)[busy])
    second = hour * 3600 + between(rng.random(len(day)), 0, 3599)
    least, most = np.array(((0, 0), STUDENT_HOURS, FAMILY_HOURS)).T
    inside = (least[busy] <= hour) & (hour < most[busy])
    return Visits(member, kind, shop, day, second, np.where(inside, busy, USUAL))


def _member_days(people: People, span: Span, draws: Floats, peaks: bool) -> Flags:
    """Per member and day, whether the member comes: always on the first day, and the lapsed loyal on their last."""
    week = np.array(
        (
            (0.8, 0.8, 3.2, 0.8, 0.9, 0.7, 0.6) if peaks else (1,) * 7,  # students
            (0.9, 0.9, 0.9, 1.0, 1.2, 1.1, 1.0),  # standard
            (0.5, 0.5, 0.5, 0.5, 0.8, 2.2, 2.2) if peaks else (1,) * 7,  # families
        )
    )
    year = np.array(
        (
            (0.7, 0.6, 1.1, 1.1, 1.2, 1.1, 0.6, 0.6, 1.3, 1.2, 1.2, 1.1),  # students: holidays in winter and summer
            (0.9, 0.9, 0.9, 1.0, 1.1, 1.1, 1.2, 1.2, 1.0, 1.0, 0.9, 0.9),
            (1.0, 0.9, 0.9, 1.0, 1.0, 1.0, 1.1, 1.1, 1.0, 1.0, 1.0, 1.1),
        )
    )
    rhythm = week[:, span.weekday] * year[:, span.month - 1]
    day = np.arange(span.days)
    stays = (people.start[:, None] < day) & (day < people.stop[:, None])
    comes: Flags = stays & (draws < people.rate[:, None] * rhythm[people.kind])
    comes[np.arange(people.count), people.start] = True
    comes[people.loyal, people.stop[people.loyal]] = True
    return comes
