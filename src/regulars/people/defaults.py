"""Values that say nothing about who somebody is: the words for each problem, and the defaults among names, birthdays and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from regulars.errors import N_
from regulars.people.han import simplified
from regulars.people.letters import unified
from regulars.people.words import WORDS

PROBLEMS: Final[Mapping[str, str]] = {
    "phone_masked": N_("the phone is masked"),
    "phone_default": N_("the phone stands for none"),
    "phone_virtual": N_("the phone belongs to a virtual operator"),
    "phone_invalid": N_("the phone is no valid number"),
    "phone_too_short": N_("the phone is too short"),
    "email_masked": N_("the e-mail address is masked"),
    "email_test": N_("the e-mail address stands for none"),
    "email_role": N_("the e-mail address belongs to an office, not to a person"),
    "email_typo": N_("the e-mail address has a mistyped provider"),
    "email_invalid": N_("this is no e-mail address"),
    "name_test": N_("the name stands for none"),
    "name_masked": N_("the name is masked"),
    "birth_default": N_("the date of birth stands for none"),
    "birth_common": N_("the date of birth is one that people type when they know none"),
    "id_default": N_("the number stands for none"),
}
"""Problem key → words. A *masked*, *default* or *test* value is no evidence of who somebody is; the others only deserve a look."""

_BIRTH_DEFAULTS: Final = frozenset(
    {date(1, 1, 1), date(1111, 11, 11), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31)}
)
"""What systems write where nothing is known: the first day of SQL Server, Excel and Unix, and the ends of the calendar."""
_BIRTH_COMMON: Final = frozenset({date(1980, 1, 1), date(1985, 1, 1), date(1990, 1, 1), date(1999, 9, 9), date(2000, 1, 1), date(2001, 1, 1)})
_FEWEST_ALIKE: Final = 5
_MOST_ALIKE: Final = 0.01
"""No single day holds a hundredth of people's birthdays: over sixty years the fullest one has about a ten-thousandth."""

NAMES_OF_NOBODY: Final = frozenset(WORDS["nobody"])
"""Names that stand for none, lower case and simplified."""
_NAME_TEST: Final = re.compile(r"(?:test|тест|测试|тестов\w+)[\s_\-]*(?:\w*\d+|user|client|customer|клієнт|клиент|用户|客户|账号)?", re.IGNORECASE)
_MASK: Final = re.compile(r"[*＊•●·×✱█]{2,}|[*＊✱█]")


def name_problem(text: str) -> Literal["name_test", "name_masked"] | None:
    """Whether a name names nobody: a test or filler (``тест``, ``无名``, ``aaa``, ``123``), or a masked one (``张**``).

    >>> name_problem("测试"), name_problem("张**"), name_problem("aaa"), name_problem("Ann Lee")
    ('name_test', 'name_masked', 'name_test', None)
    """
    plain = simplified(unified(text)).casefold()
    if _MASK.search(plain):
        return "name_masked"
    letters = [character for character in plain if character.isalnum()]
    if not letters:
        return None if not plain else "name_test"
    filler = len(set(letters)) == 1 and len(letters) > 2
    only_digits = all(character.isdecimal() for character in letters)
    return "name_test" if filler or only_digits or plain in NAMES_OF_NOBODY or _NAME_TEST.fullmatch(plain) else None


def birth_problem(day: date) -> Literal["birth_default", "birth_common"] | None:
    """Whether a date of birth stands for none: ``birth_default`` always does, ``birth_common`` where many share it (see ``too_common``).

    >>> birth_problem(date(1900, 1, 1)), birth_problem(date(2000, 1, 1)), birth_problem(date(1987, 6, 5))
    ('birth_default', 'birth_common', None)
    """
    if day in _BIRTH_DEFAULTS:
        return "birth_default"
    return "birth_common" if day in _BIRTH_COMMON else None


def too_common(same: int, known: int) -> bool:
    """Whether a date of birth that ``same`` of ``known`` people have is a default: at least 5 people, and more than 1 % of all.

    >>> too_common(40, 1_000), too_common(3, 10)
    (True, False)
    """
    return same >= _FEWEST_ALIKE and same > _MOST_ALIKE * known


def id_problem(text: str) -> Literal["id_default"] | None:
    """Whether the number of a document, card or customer stands for none: one digit repeated (``000000``), or digits counted up (``123456``).

    >>> id_problem("0000000000"), id_problem("123456789"), id_problem("17850")
    ('id_default', 'id_default', None)
    """
    plain = "".join(character for character in unified(text) if character.isalnum())
    counted = len(plain) > 5 and plain in "01234567890123456789"
    return "id_default" if plain and (set(plain) == {"0"} or (len(plain) > 4 and len(set(plain)) == 1) or counted) else None
