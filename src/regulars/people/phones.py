"""Phones: the international form of a number, whatever way it was typed, and numbers that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers

from regulars.people.letters import unified

PhoneProblem = Literal["masked", "default", "virtual", "invalid", "too_short"]

_REGION_OF_CURRENCY: Final = {
    "CNY": "CN", "UAH": "UA", "USD": "US", "GBP": "GB", "PLN": "PL", "BRL": "BR", "CAD": "CA",
    "AUD": "AU", "HKD": "HK", "TWD": "TW", "JPY": "JP", "INR": "IN", "TRY": "TR",
}  # fmt: skip
_REGION_OF_LANGUAGE: Final = {"zh_CN": "CN", "uk": "UA"}
_TRIED: Final = ("CN", "UA", "US", "GB")
_ENOUGH: Final = 300
_SHORTEST: Final = 7
"""Fewer digits than these are no phone number: local numbers without an area code begin here."""

_MOBILES: Final = {
    "CN": ("+86", re.compile(r"(?:\+?86[ -]?)?(1(?:3\d|5[0-35-9]|8\d|9[0-35-9])) ?-?(\d{4}) ?-?(\d{4})")),
    "UA": ("+380", re.compile(r"(?:\+?38 ?)?\(?0(39|50|6[3678]|73|9[1-9])\)?[ -]?(\d{3})[ -]?(\d{2}[ -]?\d{2})")),
}
"""The commonest mobiles, recognised before anything else: ten times as fast as the rules of all countries."""
_VIRTUAL: Final = re.compile(r"\+861(?:70|71|62|65|67)\d{8}")
"""What China's Ministry of Industry and Information Technology set apart for resale (移动转售): 170, 171, 162, 165, 167."""
_WELL_KNOWN: Final = frozenset({"+8613800138000"})
"""A number everybody knows: China Mobile's, for topping up."""
_CODES: Final = ("", "380", "38", "86", "44", "1", "7", "0")
_COUNTED: Final = ("01234567890123456789", "98765432109876543210")
_MASK: Final = re.compile(r"[*•●·×✱█#]{2,}|\d[\s-]*[xX?_]{2,}|[xX?_]{3,}|[*✱█]")
_SEPARATORS: Final = re.compile(r"[;；,，/、|]+|\s+(?:или|або|or|and|та)\s+|[或和]|\s{2,}")
_AMONG_WORDS: Final = re.compile(r"\+?\(?\d[\d().\- ]{5,}\d")
_ALONE: Final = re.compile(r"\+?\d{10,}")
"""A number in a cell that says more, and one of several with only a blank between them."""
_EXTENSION: Final = re.compile(r"[\s,;(]*(?:转|轉|分机|分機|доб|внутр|вн|ext|extension)[\s.:#号]*(\d{1,6})\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phone:
    """What a cell with a phone says. ``number`` is in international form (E.164), and None unless it can tell who somebody is.

    ``masked`` (``138****8000``) and ``default`` (``13800000000``) are no evidence of identity; ``virtual`` is a valid number of an
    operator without a network, sold by the dozen; ``invalid`` and ``too_short`` are numbers that nobody can call.
    """

    number: str | None
    problem: PhoneProblem | None


def read_phone(text: str, region: str | None) -> Phone:
    """The first valid number of a cell. ``region`` (ISO 3166, such as CN) is where numbers without a country code belong.

    >>> read_phone("０６７ 123-45-89", "UA"), read_phone("138****8000", "CN")
    (Phone(number='+380671234589', problem=None), Phone(number=None, problem='masked'))
    """
    plain = unified(text).removesuffix(".0")
    if not plain:
        return Phone(None, None)
    if region in _MOBILES and (mobile := _MOBILES[region][1].fullmatch(plain)):
        return _judged(_MOBILES[region][0] + re.sub(r"\D", "", "".join(mobile.groups())))
    whole = _read_one(plain, region)
    if whole.number is not None:
        return whole
    parts = [part for part in _SEPARATORS.split(text.strip()) if part.strip()]
    if whole.problem == "invalid":
        parts += [*_AMONG_WORDS.findall(plain), *_ALONE.findall(plain)]
    return min([whole, *(_read_one(part, region) for part in parts)], key=lambda phone: phone.number is None)


def phone_problem(text: str, region: str | None) -> str | None:
    """The key in ``PROBLEMS`` of what is wrong with a phone, or None: ``phone_masked``, ``phone_default``, ``phone_virtual`` …

    >>> phone_problem("17012345679", "CN"), phone_problem("12", "CN"), phone_problem("13957102468", "CN")
    ('phone_virtual', 'phone_too_short', None)
    """
    problem = read_phone(text, region).problem
    return f"phone_{problem}" if problem else None


def phone_region(phones: Sequence[str], *, language: str | None, currency: str | None) -> str | None:
    """The region whose rules make most of the numbers valid: first what currency and language suggest, then the usual ones."""
    hints = [region for region in (_REGION_OF_CURRENCY.get(currency or ""), _REGION_OF_LANGUAGE.get(language or "")) if region]
    regions = list(dict.fromkeys([*hints, *_TRIED]))
    sample = [phone for phone in phones[:_ENOUGH] if not phone.startswith("+")]
    valid = {region: sum(read_phone(phone, region).problem in {None, "virtual"} for phone in sample) for region in regions}
    best = max(regions, key=lambda region: valid[region])
    return best if sample and valid[best] * 2 >= len(sample) else next(iter(hints), None)


def read_phones(phones: Iterable[str], *, language: str | None, currency: str | None) -> dict[str, Phone]:
    """Every distinct phone as written → what it says, in the region that fits them together."""
    written = sorted(set(phones))
    region = phone_region(written, language=language, currency=currency)
    return {phone: read_phone(phone, region) for phone in written}


def _read_one(text: str, region: str | None) -> Phone:
    """One number of a cell."""
    plain = _EXTENSION.sub(r" ext. \1", unified(text))
    digits = "".join(character for character in plain if character.isdecimal())
    if _MASK.search(plain):
        return Phone(None, "masked")
    if _is_filler(digits):
        return Phone(None, "default")
    for attempt in _attempts(plain, digits, region):
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return _judged(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return Phone(None, "too_short" if 0 < len(digits) < _SHORTEST else "invalid")


def _attempts(plain: str, digits: str, region: str | None) -> tuple[str, ...]:
    """The ways to take a number: as it stands, with a forgotten plus, and without the 8 that Ukraine once dialled before the area code."""
    if region == "UA" and len(digits) == 11 and digits.startswith("80"):
        return (plain, digits[1:])
    return (plain, f"+{plain}") if plain[:1].isdecimal() and len(digits) > 10 else (plain,)


def _judged(number: str) -> Phone:
    """A valid number, unless it is one of those that people type to fill a field."""
    if number in _WELL_KNOWN or _is_filler(number[1:]) or _is_unassigned(number):
        return Phone(None, "default")
    return Phone(number, "virtual" if _VIRTUAL.fullmatch(number) else None)


def _is_unassigned(number: str) -> bool:
    """Whether the part behind the area code is one digit repeated or digits counted up or down; or 555 in North America, kept for films."""
    tail = number[-8:] if number.startswith("+86") else number[-7:]
    if _ends_alike(tail) and (len(set(tail)) == 1 or any(tail in counted for counted in _COUNTED)):
        return True
    return number.startswith("+1") and number[2] != "8" and number[5:8] == "555"


def _is_filler(digits: str) -> bool:
    """Whether digits are a filler, behind a country code or not: zeros, one digit over and over, or six and more counted up or down."""
    if not _ends_alike(digits):
        return False
    if set(digits) == {"0"} or (len(digits) > 8 and len(set(digits[-7:])) == 1):
        return True
    rests = [digits.removeprefix(code) for code in _CODES if digits.startswith(code)]
    return any(len(rest) > 3 and len(set(rest)) == 1 for rest in rests) or (len(digits) > 5 and any(digits in counted for counted in _COUNTED))


def _ends_alike(digits: str) -> bool:
    """Whether digits end as a filler does: looked at first, because few numbers do."""
    return len(set(digits[-3:])) == 1 or any(digits[-3:] in counted for counted in _COUNTED)
