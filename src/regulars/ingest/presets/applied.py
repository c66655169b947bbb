"""What the columns of a recognised export are taken for, and which of its rows are no entries of its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from regulars.ingest.assignment import Draft, draft
from regulars.ingest.cells import quoted
from regulars.ingest.evidence import BY_PRESET, is_days
from regulars.ingest.fields import NUMBERS, TABLE_FIELDS, moments_of, money_fields
from regulars.ingest.presets import Preset, column_called, named
from regulars.ingest.profile import Column, Profile
from regulars.ingest.read import Sheet
from regulars.schema import FACTS

_COUNTED: Final = frozenset({"quantity", "integer", "money"})


def preset_draft(sheet: Sheet, described: Profile, preset: Preset) -> Draft:
    """The draft of an export. A column whose values contradict what the preset says of it is left to the usual guessing, for that field only."""
    told = preset.fields(sheet.columns)
    wrong = {field for field, column in told.items() if _contradicts(preset.table, field, described.column(column))}
    fixed: dict[str, str | None] = {field: column for field, column in told.items() if field not in wrong}
    rest: dict[str, str | None] = dict.fromkeys(set(TABLE_FIELDS[preset.table]) - told.keys())
    made = draft(sheet.name, described, fixed | rest, table=preset.table, closed=not wrong)
    chosen = tuple(replace(c, reason=BY_PRESET) if c.field in fixed else c for c in made.chosen)
    once = tuple(preset.settings.get("once", ()))
    doubts = tuple(doubt for doubt in made.doubts if doubt != "amount_once")
    return replace(made, chosen=chosen, once=once, amount_gross=preset.settings.get("amount_gross", False), doubts=doubts)


def reading(preset: Preset) -> dict[str, str]:
    """The settings of an export as a person would give them."""
    told = {name: preset.settings.get(name) for name in ("date_order", "decimal")}
    return {**{name: str(value) for name, value in told.items() if value}, "refunds": "yes" if preset.settings.get("refunds") else "no"}


def _contradicts(table: str, field: str, column: Column) -> bool:
    """Whether a column that should hold numbers or days holds none."""
    holds: Callable[[Column], bool]
    if field in moments_of(table):
        holds = is_days
    elif _is_number(table, field):
        holds = _any_number
    else:
        return False
    return bool(column.present) and not holds(column)


def _is_number(table: str, field: str) -> bool:
    if table not in FACTS:
        return field in NUMBERS
    return field in money_fields(table) or any(f.name == field and f.type in _COUNTED for f in FACTS[table].fields)


def _any_number(column: Column) -> bool:
    return column.numeric > 0


def no_entry(sheet: Sheet, preset: Preset | None) -> str:
    """Whether a row of the view ``neat`` is no entry of the preset's table, as an SQL condition."""
    if preset is None:
        return "FALSE"
    tests = [
        f"{'NOT ' if wanted else ''}regexp_matches(coalesce(c{sheet.columns.index(column)}, ''), {quoted(pattern)})"
        for wanted, patterns in ((True, preset.only), (False, preset.never))
        for header, pattern in patterns.items()
        if (column := column_called(sheet.columns, header)) is not None
    ]
    return " OR ".join(tests) or "FALSE"


def always(preset: str | None, field: str) -> str:
    """What a field is in every row of an export that has no column for it, as an SQL text; null where nothing is known."""
    found = named(preset)
    return f"{quoted(found.always[field])}::VARCHAR" if found and field in found.always else "NULL::VARCHAR"
