"""What can be wrong with what is told of a person: values that stand for none, masked ones, and those that cannot be right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from regulars.errors import N_
from regulars.ingest.rules.rule import Concerned, Rule

_PEOPLE: Final = ("customers", "leads")
_SURELY_SHARED: Final = 10
"""People who share a birthday by no chance, nor because one person has several cards."""


@lru_cache(maxsize=1)
def _phone_problems(phones: tuple[str, ...]) -> dict[str, str | None]:
    """Each phone with its problem. Numbers without a country code are read as in the country where most of them are valid."""
    from regulars.people.phones import read_phones  # the tables of the world's numbers are only for who loads

    return {written: phone.problem for written, phone in read_phones(phones, language=None, currency=None).items()}


def _phones(*problems: str) -> Concerned:
    """The phones with one of these problems."""

    def concerned(phones: Mapping[str, int]) -> Iterator[str]:
        yield from (phone for phone, problem in _phone_problems(tuple(sorted(phones))).items() if problem in problems)

    return concerned


def _emails(*problems: str) -> Concerned:
    def concerned(emails: Mapping[str, int]) -> Iterator[str]:
        from regulars.people.emails import read_email

        yield from (email for email in emails if read_email(email).problem in problems)

    return concerned


def _names(problem: str) -> Concerned:
    def concerned(names: Mapping[str, int]) -> Iterator[str]:
        from regulars.people.defaults import name_problem

        yield from (name for name in names if name_problem(name) == problem)

    return concerned


def _birthdays(days: Mapping[str, int]) -> Iterator[str]:
    """Days that stand for none: always, or where too many people share them; of a day that is not known as such it takes more to believe it."""
    from regulars.people.defaults import birth_problem, too_common

    known = sum(days.values())
    for day, same in days.items():
        problem = birth_problem(date.fromisoformat(day))
        if problem == "birth_default" or (too_common(same, known) and (problem or same >= _SURELY_SHARED)):
            yield day


def _rule(key: str, title: str, meaning: str, column: str, texts: Callable[[Mapping[str, int]], Iterator[str]] | Concerned) -> Rule:
    return Rule(key, title, meaning, "validity", about=_PEOPLE, reads=(column,), texts=texts)


PERSONS: Final = (
    _rule(
        "phone_default",
        N_("Phone of nobody"),
        N_("A number that people type where they know none: 13800138000, 0000000."),
        "phone_written|phone",
        _phones("default"),
    ),
    _rule(
        "phone_masked",
        N_("Masked phone"),
        N_("Some figures are hidden, as in 138****1234: no evidence of who somebody is."),
        "phone_written|phone",
        _phones("masked"),
    ),
    _rule(
        "phone_virtual",
        N_("Virtual number"),
        N_("A number of an operator without a network, bought by the dozen: weak evidence of who somebody is."),
        "phone_written|phone",
        _phones("virtual"),
    ),
    _rule("phone_invalid", N_("Phone not valid"), N_("Nobody can be called at this number."), "phone_written|phone", _phones("invalid", "too_short")),
    _rule("email_test", N_("E-mail of nobody"), N_("An address that stands for none: test@test.com."), "email", _emails("test")),
    _rule(
        "email_invalid",
        N_("E-mail not valid"),
        N_("Nobody can be written to at this address: masked, mistyped or none."),
        "email",
        _emails("invalid", "typo", "masked"),
    ),
    _rule("name_test", N_("Name of nobody"), N_("A name that stands for none: test, aaa, 123."), "name", _names("name_test")),
    _rule(
        "birth_default",
        N_("Birthday of nobody"),
        N_("A day that systems or people write where they know none: 1900-01-01, or one that too many share."),
        "birth_on",
        _birthdays,
    ),
    Rule(
        "contact_missing",
        N_("No way to reach them"),
        N_("The list has columns for phone or e-mail, and here both are empty."),
        "completeness",
        about=_PEOPLE,
        field="phone",
        condition="phone IS NULL AND email IS NULL AND EXISTS (SELECT 1 FROM {rows} WHERE phone IS NOT NULL OR email IS NOT NULL)",
    ),
)
