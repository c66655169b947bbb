"""Do the values of a column suit a field of a fact table? And how is such a cell read, as SQL?"""

from __future__ import annotations

import re
from typing import Final, Literal

from regulars.ingest.cells import quoted
from regulars.ingest.evidence import fit
from regulars.ingest.facts.words import NO, YES
from regulars.ingest.fields import FIELDS, TABLE_FIELDS
from regulars.ingest.profile import Column
from regulars.schema import FACTS, Type

Kind = Literal["text", "id", "number", "money", "mark", "duration", "moment", "date", "clock", "flag"]

NUMERIC: Final[frozenset[Kind]] = frozenset({"number", "money", "mark", "duration"})
MARKS: Final = frozenset({"score", "satisfaction"})
"""Fields that hold a mark: 4, 4.5, 5/5, 5 stars, ★★★★."""
DURATIONS: Final = {"seconds": 1, "minutes": 60}
"""Field → seconds in its unit."""
MARK: Final = r"^\s*(\d+(?:[.,]\d+)?)\s*(?:/|из|із|з|of|out of|星|分|颗|stars?|зір|звезд|бал)"
_MARKED: Final = re.compile(rf"{MARK}|^[★☆⭐\ufe0f\s]+$", re.IGNORECASE)
_UNITS: Final = (
    (3600, re.compile(r"小时|\bhours?\b|\bгод", re.IGNORECASE)),
    (1, re.compile(r"秒|sec|\bсек|, ?[сs]$", re.IGNORECASE)),
    (60, re.compile(r"分|min|\bхв", re.IGNORECASE)),
)
_KINDS: Final[dict[Type, Kind]] = {
    "timestamp": "moment",
    "date": "date",
    "money": "money",
    "quantity": "number",
    "integer": "number",
    "flag": "flag",
    "text": "text",
}
_AMONG_OTHERS: Final[dict[str, Kind]] = {
    "happened_time": "clock",
    "money_in": "money",
    "money_out": "money",
    "won_at": "moment",
    "lost_at": "moment",
    "birth_on": "date",
    "joined_on": "date",
}


def kind_of(table: str, field: str) -> Kind:
    """How the cells of a field are to be read."""
    own = next((f for f in FACTS[table].fields if f.name == field), None)
    if own is None:
        return _AMONG_OTHERS.get(field, "id" if field.endswith("_id") else "text")
    if field in MARKS:
        return "mark"
    if field in DURATIONS:
        return "duration"
    return "id" if own.type == "text" and field.endswith("_id") else _KINDS[own.type]


def keys_of(table: str) -> tuple[str, ...]:
    """The fields of a fact table that are numbers of something, and the phone."""
    return (*(field for field in TABLE_FIELDS[table] if kind_of(table, field) == "id"), "customer_phone")


def suits(table: str, field: str, column: Column, header: float) -> float:
    """How well the values of a column suit a field, 0 to 1; 0 rules it out. ``header``: how surely the header names the field."""
    kind = kind_of(table, field)
    if kind in {"moment", "date"}:
        return fit("ordered_at", column, header)
    if kind == "clock":
        return fit("order_time", column, header)
    if kind == "money":
        return fit("amount", column, header)
    if kind == "number":
        return column.numeric if column.numeric >= 0.5 else 0.0
    if kind == "mark":
        return max(column.numeric, _share(column, _MARKED)) if column.dated < 0.9 or column.length < 8 else 0.0
    if kind == "duration":
        return max(column.numeric, column.clocks)
    if kind == "flag":
        return sum(text.casefold() in _FLAGS for text in column.present) / len(column.present)
    if field in {"phone", "email"}:
        return fit(f"customer_{field}", column, header)
    if field in FIELDS and (kind == "id" or field in _LEDGER_FITS):
        return fit(field, column, header)
    return fit("order_id", column, header) if kind == "id" else _text_fit(column)


_FLAGS: Final = frozenset((*YES, *NO))
_LEDGER_FITS: Final = frozenset({"customer_name", "given_name", "family_name", "customer_phone", "customer_email", "product_name", "currency", "gender"})


def _share(column: Column, pattern: re.Pattern[str]) -> float:
    return sum(pattern.search(text) is not None for text in column.present) / len(column.present)


def _text_fit(column: Column) -> float:
    """Any text that is no date and no amount."""
    if column.dated > 0.8 and column.length > 5:
        return 0.0
    if column.numeric > 0.8:
        return 0.4 if column.whole >= 0.9 else 0.0
    return 1.0


def mark_sql(field: str, number: str) -> str:
    """The mark in a cell: a number, the number in front of a slash or a word, or as many as there are stars."""
    before = f"TRY_CAST(replace(regexp_extract(lower({field}), {quoted(MARK)}, 1), ',', '.') AS DECIMAL(18,4))"
    return f"coalesce({number}, {before}, nullif(length(regexp_replace({field}, '[^★⭐]', '', 'g')), 0)::DECIMAL(18,4))"


def duration_sql(field: str, number: str, header: str) -> str:
    """A duration in the field's unit, from a number in the unit that the header names, or from a clock (00:03:25)."""
    unit = DURATIONS[field]
    given = next((seconds for seconds, pattern in _UNITS if pattern.search(header)), unit)
    counted = number if given == unit else f"{number} * {given} / {unit}"
    return f"coalesce({counted}, clock({field}) / {unit})"


def flag_sql(text: str) -> str:
    """Yes or no, from a word of either."""
    yes, no = (", ".join(map(quoted, words)) for words in (YES, NO))
    return f"CASE WHEN lower(trim({text})) IN ({yes}) THEN TRUE WHEN lower(trim({text})) IN ({no}) THEN FALSE END"
