"""The member list: names, phones, addresses and cards of the people, as the staff of the shops wrote them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from regulars.worlds.chance import between, dice, spread
from regulars.worlds.tea_shop.people import STUDENT, People, Span
from regulars.worlds.tea_shop.town import FLATS, HOUSES, Town

AGES: Final = ((16, 22), (23, 45), (29, 52))
"""Years, per kind."""
MAILBOX_SHARE, GENDER_SHARE, BIRTHDAY_SHARE = 0.4, 0.9, 0.75
"""How much of the list is filled in."""


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the member list. ``phone`` is the bare number, ``phone_written`` the form somebody gave it."""

    customer_id: str
    name: str
    phone: str
    phone_written: str
    email: str
    gender: str
    birth_on: date | None
    group: str
    joined_on: date
    city: str
    address: str


def dial(form: str, digits: str) -> str:
    """A phone number in a written form: each # takes a digit, counted from the end; other signs hide or separate."""
    rest = iter(digits[-form.count("#") :])
    return "".join(next(rest) if sign == "#" else sign for sign in form)


def mask(form: str, digits: str) -> str:
    """A phone number with the middle hidden: each # shows the digit of its own place."""
    return "".join(digit if sign == "#" else sign for sign, digit in zip(form, digits, strict=True))


def enrol(town: Town, people: People, span: Span, seed: int) -> tuple[Member, ...]:
    """Every member, in the order of ``people``; card numbers follow the day of joining, and what is a person's is the same on all records."""
    draws = dice(seed, "members").random((people.count, 8))
    cards = 10_001 + np.argsort(np.argsort(people.joined, kind="stable"), kind="stable")
    origin, phones, homes = people.origin, _phones(town, people.count), _homes(town, people)
    women = draws[:, 0] < 0.6
    surnames = between(draws[:, 1], 0, len(town.names.surnames) - 1)
    for one, other in people.households:
        surnames[other], homes[other], women[other] = surnames[one], homes[one], not women[one]

    def member(i: int) -> Member:
        kind, first, card = int(people.kind[i]), int(origin[i]), int(cards[i])
        if people.ghost[i] >= 0:
            ghost = town.ghosts[people.ghost[i]]
            name, woman = ghost.names[i - first], ghost.woman
        else:
            woman = bool(women[i])
            given = (town.names.young if kind == STUDENT else town.names.adult)[not woman]
            name = town.names.full.format(surname=town.names.surnames[surnames[i]][not woman], given=given[int(draws[i, 2] * len(given))])
        mailbox = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalpha()) or "m"
        return Member(
            customer_id=f"{town.card}{card}",
            name=name,
            phone=phones[i],
            phone_written=dial(town.phones.forms[int(draws[i, 3] ** 2 * len(town.phones.forms))], phones[i]),
            email=f"{mailbox}{card}@example.com" if draws[i, 4] < MAILBOX_SHARE else "",
            gender=town.genders[not woman] if draws[i, 5] < GENDER_SHARE else "",
            birth_on=_birthday(span.last, AGES[kind], draws[first, 6]) if draws[i, 7] < BIRTHDAY_SHARE else None,
            group=town.groups[kind],
            joined_on=span.on(people.joined[i]),
            city=town.city,
            address=homes[i],
        )

    return tuple(member(i) for i in range(people.count))


def _homes(town: Town, people: People) -> list[str]:
    """An address near the home shop, different for every person."""
    serials = spread(people.count, len(town.shops[0].streets) * HOUSES * FLATS, offset=4_321)
    return [town.place(int(people.shop[first]), int(serials[first])) for first in people.origin]


def _phones(town: Town, count: int) -> list[str]:
    """A mobile number for everyone, different for all, with a prefix that exists."""
    size = 10**town.phones.digits
    numbers = spread(count, len(town.phones.prefixes) * size, offset=5_550_123)
    return [f"{town.phones.prefixes[n // size]}{n % size:0{town.phones.digits}d}" for n in numbers.tolist()]


def _birthday(today: date, ages: tuple[int, int], draw: float) -> date:
    """A day of birth that makes somebody between the two ages."""
    least, most = ages
    return today - timedelta(days=int(365.25 * (least + draw * (most - least))))
