"""What each field of a fact table is, as SQL over its cells: read from its own column, or put together from columns that go into it."""

from __future__ import annotations

from typing import Final

from regulars.ingest.cells import quoted
from regulars.ingest.currency import header_scale
from regulars.ingest.facts.values import NUMERIC, duration_sql, flag_sql, kind_of, mark_sql
from regulars.ingest.facts.words import ADDED, LOST, OUT, USED, WON
from regulars.ingest.fields import CUSTOMER_KEYS, money_fields
from regulars.ingest.mapping import Mapping
from regulars.ingest.presets import named
from regulars.schema import FACTS

_ELSE: Final = {"product_id": "product_name", "campaign_id": "campaign_name"}
"""Number → the name that stands for it where there is none."""


def typed_values(mapping: Mapping, *, currency: str | None, time_zone: str) -> dict[str, str]:
    """Field of the fact → its value, for every field that the sheet says something about. ``who`` and ``code`` are worked out before."""
    has, preset = mapping.fields, named(mapping.preset)
    said = has.keys() | preset.always.keys() if preset else has.keys()
    own = {f.name: _value(mapping, f.name, time_zone) for f in FACTS[mapping.table].fields}
    found = {field: value for field, value in own.items() if field in said}
    found |= {field: f"coalesce({field}, {name})" for field, name in _ELSE.items() if field in own and name in has}
    if "customer_id" in own and mapping.table != "leads" and has.keys() & {*CUSTOMER_KEYS, "given_name", "family_name"}:
        found["customer_id"] = "who"
    if "currency" in own and has.keys() & {"currency", *money_fields(mapping.table)}:
        found["currency"] = f"coalesce({', '.join(['code', *([quoted(currency)] if currency else []), quoted('XXX')])})"
    found |= _put_together(mapping, time_zone)
    return {field: found[field] for field in own if field in found}


def _value(mapping: Mapping, field: str, time_zone: str) -> str:
    """A field read from its own column."""
    kind = kind_of(mapping.table, field)
    if kind in {"moment", "date"}:
        return _moment(mapping, field, time_zone)
    if kind == "flag":
        return flag_sql(field)
    return _number(mapping, field) if kind in NUMERIC else field


def _moment(mapping: Mapping, field: str, time_zone: str) -> str:
    """A moment or a day; a time of day in a column of its own is added to a moment without one."""
    moment = f"moment({field}, '{mapping.date_order}', {quoted(time_zone)})"
    if kind_of(mapping.table, field) == "date":
        return f"{moment}::DATE"
    if field == FACTS[mapping.table].happened and "happened_time" in mapping.fields:
        return f"CASE WHEN {moment} = date_trunc('day', {moment}) THEN {moment} + to_seconds(coalesce(clock(happened_time), 0)) ELSE {moment} END"
    return moment


def _number(mapping: Mapping, field: str) -> str:
    """A number; money that its header gives in thousands is multiplied out, a percentage becomes a share."""
    kind, header = kind_of(mapping.table, field), mapping.fields.get(field, "")
    read = f"number(digits_{field}, {quoted(mapping.decimal)})"
    if kind == "money":
        return read if (scale := header_scale(header)) == 1 else f"TRY_CAST({read} * {scale} AS DECIMAL(18,4))"
    if kind == "mark":
        return mark_sql(field, read)
    if kind == "duration":
        return duration_sql(field, read, header)
    if field == "probability":
        return f"CASE WHEN contains({field}, '%') OR {read} > 1 THEN {read} / 100 ELSE {read} END"
    whole = next(f.type for f in FACTS[mapping.table].fields if f.name == field) == "integer"
    return f"TRY_CAST(round({read}) AS BIGINT)" if whole else read


def _put_together(mapping: Mapping, time_zone: str) -> dict[str, str]:
    """The fields that more than one column makes."""
    match mapping.table:
        case "stored_value" | "statements":
            return _movement(mapping)
        case "deals":
            return _outcome(mapping, time_zone)
        case "leads" if mapping.fields.keys() & {"given_name", "family_name"}:
            full = "concat_ws('', family_name, given_name)" if mapping.language == "zh_CN" else "concat_ws(' ', given_name, family_name)"
            return {"name": f"coalesce(name, nullif({full}, ''))"}
        case "touches" if mapping.fields.keys() & {"target", "customer_email", "customer_phone"}:
            return {"target": "coalesce(target, customer_email, customer_phone)"}
    return {}


def _movement(mapping: Mapping) -> dict[str, str]:
    """The amount of a movement: what came in minus what went out, or one column whose sign the kind of movement gives."""
    coming, going, amount = (_number(mapping, field) for field in ("money_in", "money_out", "amount"))
    if mapping.fields.keys() & {"money_in", "money_out"}:
        moved = f"CASE WHEN {coming} IS NOT NULL OR {going} IS NOT NULL THEN coalesce({coming}, 0) - coalesce(abs({going}), 0) END"
        return {"amount": f"coalesce({amount}, {moved})::DECIMAL(18,4)"}
    if "kind" not in mapping.fields:
        return {}
    out = f"lower(kind) IN ({', '.join(map(quoted, OUT))})"
    if mapping.table == "stored_value":
        out = f"({out} OR regexp_matches(lower(kind), {quoted(USED)})) AND NOT regexp_matches(lower(kind), {quoted(ADDED)})"
    return {"amount": f"CASE WHEN {out} THEN -abs({amount}) ELSE {amount} END"}


def _outcome(mapping: Mapping, time_zone: str) -> dict[str, str]:
    """When a deal was closed, and how: by a column of its own, by the day it was won or lost, else by its stage.

    A column that is the expected day too, as in most CRM systems, says when a deal was closed only once it is won or lost.
    """
    closed, won, lost = (_moment(mapping, field, time_zone) for field in ("closed_at", "won_at", "lost_at"))
    stage = "lower(stage)"
    by_stage = f"CASE WHEN regexp_matches({stage}, {quoted(LOST)}) THEN FALSE WHEN regexp_matches({stage}, {quoted(WON)}) THEN TRUE END"
    by_day = "CASE WHEN won_at IS NOT NULL THEN TRUE WHEN lost_at IS NOT NULL THEN FALSE END"
    outcome = f"coalesce({flag_sql('won')}, {by_day}, {by_stage})"
    if mapping.fields.get("closed_at", "") == mapping.fields.get("expected_on"):
        closed = f"CASE WHEN {outcome} IS NOT NULL THEN {closed} END"
    ended = {"closed_at": f"coalesce({closed}, {won}, {lost})"} if mapping.fields.keys() & {"closed_at", "won_at", "lost_at"} else {}
    return {**ended, "won": outcome}
