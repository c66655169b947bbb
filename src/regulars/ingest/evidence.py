"""Which column is which? Every field against every column, by the header and by what the column holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from regulars.errors import N_
from regulars.ingest.fields import DATES, NUMBERS
from regulars.ingest.headers import normal, roles_of
from regulars.ingest.profile import Column, Profile
from regulars.ingest.synonyms import FALLBACKS
from regulars.ingest.vocabulary import currency_code, is_state

BY_HEADER: Final = N_("the header says so")
BY_LIKENESS: Final = N_("the header is similar")
BY_VALUES: Final = N_("the values look like it")
BY_BEING_ALONE: Final = N_("it is the only column of dates")
BY_ARITHMETIC: Final = N_("amount = quantity × price proves it")
BY_GROWTH: Final = N_("it grows with the quantity, so it is the amount")
BY_PERSON: Final = N_("set by you")
BY_PRESET: Final = N_("exports of this system have it there")

_ORDER_NAME: Final = re.compile(r"#[A-Za-z-]*\d{3,}(?:-[A-Za-z\d]+)?")
LEAST: Final = 0.35
"""Confidence below which a column is not even proposed for a field."""
OPTIONAL_LEAST: Final = 0.6
"""Confidence below which an optional field is left out."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may be a field: confidence 0 to 1, and why."""

    field: str
    column: Column
    confidence: float
    reason: str


def candidates(profile: Profile, fields: tuple[str, ...]) -> list[Candidate]:
    """Every plausible pair of field and column, surest first; ties in the order of the columns."""
    found = [c for field in fields for column in profile.columns if (c := _candidate(field, column)) is not None]
    found += _by_values(profile, fields)
    found += [Candidate("order_id", c, 0.9, BY_VALUES) for c in profile.columns if "order_id" in fields and _numbered_name(c)]
    return sorted(found, key=lambda c: (-round(c.confidence, 3), c.column.index))


def _candidate(field: str, column: Column) -> Candidate | None:
    if column.filled == 0:
        return None
    header = header_says(field, column.name)
    fits = fit(field, column, header)
    confidence = header * (0.65 + 0.35 * fits) if fits > 0 else 0.0
    if confidence < LEAST:
        return None
    return Candidate(field, column, confidence, BY_HEADER if header > 0.75 else BY_LIKENESS)


def header_says(field: str, header: str) -> float:
    """How surely a header names a field, 0 to 1: directly or as a second choice; halved if it names something else more clearly."""
    scores = roles_of(header)
    options = FALLBACKS.get(field, ())
    own = {field: 1.0, **dict(options)} if not any(role == field for role, _ in options) else dict(options)
    best = max((scores.get(role, 0.0) * factor for role, factor in own.items()), default=0.0)
    other = max((score for role, score in scores.items() if role not in own), default=0.0)
    return best / 2 if other - best >= 0.1 else best


def fit(field: str, column: Column, header: float) -> float:
    """How well the values of a column suit a field, 0 to 1; 0 rules it out."""
    if field in DATES:
        return column.dated if column.dated >= 0.5 else 0.8 if header >= 0.7 and _excel_days(column) else 0.0
    if field in NUMBERS:
        return _number_fit(field, column)
    if field in _FITS:
        return _FITS[field](column)
    return _label_fit(column)


def is_days(column: Column) -> bool:
    """Whether any cell is a day, written out or as Excel counts it."""
    return column.dated > 0 or _excel_days(column)


def _excel_days(column: Column) -> bool:
    """Whether the numbers can be days as Excel counts them, between 1982 and 2064."""
    finite = column.numbers[np.isfinite(column.numbers)]
    return column.numeric > 0.8 and finite.size > 0 and bool(((finite > 30_000) & (finite < 60_000)).mean() > 0.95)


def _number_fit(field: str, column: Column) -> float:
    if field == "refunded":
        return 0.8 if column.numeric > 0 and column.dated < 0.5 else 0.0
    if column.numeric < 0.5 or (column.dated > 0.9 and column.length >= 8):
        return 0.0
    finite = column.numbers[np.isfinite(column.numbers)]
    score = column.numeric
    if field == "quantity":
        score *= 0.5 + 0.5 * column.whole if float(np.median(np.abs(finite))) <= 10_000 else 0.3
    if field == "discount" and np.abs(finite).max() <= 1 and (finite != np.round(finite)).any():
        return 0.0  # shares, not money
    if field in {"amount", "unit_price"} and (column.filled < 0.02 or (column.phones > 0.9 and column.whole == 1.0 and column.length > 9)):
        return 0.0
    return score


def _key_fit(column: Column) -> float:
    """Keys repeat or not, but they are no dates, no amounts with decimals and no long texts."""
    if column.dated > 0.8 and column.numeric < 0.5:
        return 0.0
    if (column.numeric > 0.8 and (column.whole < 0.9 or _priced(column))) or column.length > 80:
        return 0.0
    return 0.3 if column.distinct == 1 and len(column.texts) > 3 else 1.0


def _priced(column: Column) -> bool:
    """Whether the whole numbers are written with cents: ``120.00``."""
    return sum(len(text) > 3 and text[-3] in ".," for text in column.present) > 0.8 * len(column.present)


def _customer_key_fit(column: Column) -> float:
    base = _key_fit(column)
    if column.emails > 0.5 or base == 0.0:
        return base and 0.6
    return base * (0.8 + 0.2 * (1 - column.variety)) * (0.7 if _is_name(column) else 1.0)


def _is_name(column: Column) -> bool:
    """Whether the values read like names rather than codes."""
    return column.wordy > 0.7 and column.codelike < 0.3


def _name_fit(column: Column) -> float:
    return 0.0 if column.numeric > 0.5 or column.dated > 0.5 or column.emails > 0.5 else max(column.wordy, 0.2) * (1.0 if _is_name(column) else 0.6)


def _product_name_fit(column: Column) -> float:
    return 0.2 if column.numeric > 0.8 else 0.0 if column.dated > 0.8 or column.emails > 0.5 else 1.0 - 0.4 * column.codelike


def _product_key_fit(column: Column) -> float:
    return _key_fit(column) * (0.6 + 0.4 * column.codelike)


def _label_fit(column: Column) -> float:
    """Labels are texts that repeat."""
    if column.dated > 0.8 and column.length > 5:
        return 0.0
    if column.numeric > 0.8 and column.whole < 0.9:
        return 0.0
    return 1.0 if column.distinct <= max(60, 0.3 * len(column.present)) else 0.6


def _few(limit: int) -> Callable[[Column], float]:
    def suits(column: Column) -> float:
        return _label_fit(column) if column.distinct <= limit else 0.0

    return suits


def _state_fit(column: Column) -> float:
    """Labels of which at least one is a known state of an order or kind of entry."""
    known = any(is_state(text) for text in set(column.present[:3000]))
    return _label_fit(column) * (1.0 if known else 0.6) if column.distinct <= 80 else 0.0


def _phone_fit(column: Column) -> float:
    return column.phones if column.phones >= 0.4 and column.dated < 0.8 else 0.0


def _currency_fit(column: Column) -> float:
    known = sum(currency_code(text) is not None for text in set(column.present))
    return known / column.distinct if column.distinct and column.distinct <= 30 and known * 2 > column.distinct else 0.0


_FITS: Final[dict[str, Callable[[Column], float]]] = {
    "order_id": _key_fit,
    "payment_id": _key_fit,
    "customer_id": _customer_key_fit,
    "customer_name": _name_fit,
    "given_name": _name_fit,
    "family_name": _name_fit,
    "customer_phone": _phone_fit,
    "customer_email": lambda column: column.emails if column.emails >= 0.4 else 0.0,
    "order_time": lambda column: column.clocks if column.clocks >= 0.8 else 0.0,
    "product_id": _product_key_fit,
    "product_name": _product_name_fit,
    "currency": _currency_fit,
    "gender": _few(12),
    "kind": _state_fit,
    "status": _state_fit,
    "payment_method": _few(200),
    "address": lambda column: 0.0 if column.dated > 0.5 or column.emails > 0.5 else 1.0,
}


def _by_values(profile: Profile, fields: tuple[str, ...]) -> list[Candidate]:
    """Columns whose header says nothing known, judged by their values alone; keys and amounts only where no header at all is known."""
    known = {c.index: max(roles_of(c.name).values(), default=0.0) for c in profile.columns}
    unknown = [c for c in profile.columns if c.filled > 0 and known[c.index] < 0.6]
    dates = [c for c in profile.columns if c.dated >= 0.9 and (c.numeric < 0.5 or _readable_days(c))]
    found = [guess for column in unknown if (guess := _guess(column, dates, nameless=max(known.values()) < 0.6)) is not None]
    return [c for c in found if c.field in fields]


def _guess(column: Column, dates: list[Column], *, nameless: bool) -> Candidate | None:
    """The field one column looks like by its values."""
    if column in dates:
        alone = len(dates) == 1
        return Candidate("ordered_at", column, 0.75 if alone else 0.45, BY_BEING_ALONE if alone else BY_VALUES)
    if column.emails >= 0.8:
        return Candidate("customer_email", column, 0.7, BY_VALUES)
    if _mobile(column):
        return Candidate("customer_phone", column, 0.7, BY_VALUES)
    if not nameless:
        return None
    if column.numeric > 0.9 and column.whole < 0.9:
        return Candidate("amount", column, 0.45, BY_VALUES)
    if column.numeric > 0.9 and column.distinct > 1 and float(np.nanmedian(np.abs(column.numbers))) < 20:
        return Candidate("quantity", column, OPTIONAL_LEAST, BY_VALUES)
    if _is_name(column) and 0.02 < column.variety < 0.9:
        return Candidate("customer_name", column, 0.38, BY_VALUES)
    if _key_fit(column) < 1.0 or max(column.numeric, column.codelike) <= 0.9:
        return None
    if column.variety < 0.9 and column.distinct > max(2, len(column.present) // 500):
        return Candidate("customer_id", column, 0.42, BY_VALUES)
    return Candidate("order_id", column, OPTIONAL_LEAST, BY_VALUES) if column.variety >= 0.9 else None


def _numbered_name(column: Column) -> bool:
    """Whether a column called ``Name`` holds the numbers of orders: ``#1044``."""
    return normal(column.name) == "name" and bool(column.present) and all(_ORDER_NAME.fullmatch(text) for text in column.present)


def _readable_days(column: Column) -> bool:
    """Whether whole numbers are days written out (20240305) or Unix seconds, not numbers that happen to fit."""
    return column.length >= 8 and column.variety < 0.999


def _mobile(column: Column) -> bool:
    """Mobile numbers as they are written in China and Ukraine."""
    digits = ["".join(c for c in text if c.isdigit()) for text in column.present]
    hits = sum((len(d) == 11 and d[0] == "1" and d[1] in "3456789") or (len(d) in {10, 12} and d.startswith(("0", "380"))) for d in digits)
    return hits > 0.8 * len(digits)
