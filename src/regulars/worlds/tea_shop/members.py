"""The member list: names, phones, addresses and cards of the people, as the staff of the shops wrote them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from regulars.worlds.chance import Ints, between, dice, spread
from regulars.worlds.tea_shop.people import STUDENT, People, Span
from regulars.worlds.tea_shop.town import FLATS, HOUSES, KINDS, Town

_AGES = {"student": (16, 22), "standard": (23, 45), "family": (29, 52)}


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
    """Every member, in the order of ``people``; card numbers follow the day of joining."""
    rng = dice(seed, "members")
    draws = rng.random((people.count, 8))
    cards = np.argsort(np.argsort(people.joined, kind="stable"), kind="stable")
    women = draws[:, 0] < np.where(people.kind == STUDENT, 0.62, 0.58)
    surnames, homes = between(draws[:, 1], 0, len(town.names.surnames) - 1), _homes(town, people)
    for one, other in people.households:
        surnames[other], homes[other], women[other] = surnames[one], homes[one], not women[one]
    phones = _phones(town, people.count)
    records = _record_numbers(people)

    def member(i: int) -> Member:
        person = int(people.ghost[i])
        woman = town.ghosts[person].woman if person >= 0 else bool(women[i])
        given = _given_names(town, int(people.kind[i]), woman)
        name = town.names.full.format(surname=town.names.surnames[surnames[i]][not woman], given=given[int(draws[i, 2] * len(given))])
        mailbox, kind = f"{'lily' if woman else 'max'}{phones[i][-5:]}@example.com", KINDS[people.kind[i]]
        return Member(
            customer_id=f"{town.card}{10001 + cards[i]}",
            name=town.ghosts[person].names[records[i]] if person >= 0 else name,
            phone=phones[i],
            phone_written=dial(town.phones.forms[int(draws[i, 3] ** 2 * len(town.phones.forms))], phones[i]),
            email=mailbox if draws[i, 4] < (0.8 if person >= 0 else 0.35) else "",
            gender=town.genders[not woman] if draws[i, 5] < 0.9 else "",
            birth_on=_birthday(span.last, _AGES[kind], float(draws[i, 6])) if draws[i, 7] < (0 if person >= 0 else 0.8) else None,
            group=town.groups[people.kind[i]],
            joined_on=span.on(people.joined[i]),
            city=town.city,
            address=homes[i],
        )

    return tuple(member(i) for i in range(people.count))


def _given_names(town: Town, kind: int, woman: bool) -> tuple[str, ...]:
    """The given names people of that kind bear."""
    return (town.names.young if kind == STUDENT else town.names.adult)[not woman]


def _homes(town: Town, people: People) -> list[str]:
    """An address near the home shop, different for all; the records of one ghost share the first one's."""
    serials = spread(people.count, len(town.shops[0].streets) * HOUSES * FLATS, offset=4_321)
    homes = [town.place(int(shop), int(serial)) for shop, serial in zip(people.shop, serials, strict=True)]
    first = {int(person): i for i, person in reversed(list(enumerate(people.ghost)))}
    return [homes[first[int(person)]] if person >= 0 else home for home, person in zip(homes, people.ghost, strict=True)]


def _phones(town: Town, count: int) -> list[str]:
    """A mobile number for everyone, different for all, with a prefix that exists."""
    size = 10**town.phones.digits
    numbers = spread(count, len(town.phones.prefixes) * size, offset=5_550_123)
    return [f"{town.phones.prefixes[n // size]}{n % size:0{town.phones.digits}d}" for n in numbers.tolist()]


def _record_numbers(people: People) -> Ints:
    """For a ghost's record, which of the person's records it is: 0 for the first."""
    earlier = [int(np.sum(people.ghost[:i] == person)) if person >= 0 else 0 for i, person in enumerate(people.ghost)]
    return np.array(earlier, dtype=np.int64)


def _birthday(today: date, ages: tuple[int, int], draw: float) -> date:
    """A day of birth that makes somebody between the two ages."""
    least, most = ages
    return today - timedelta(days=int(365.25 * (least + draw * (most - least))))
