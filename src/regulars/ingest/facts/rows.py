"""The SQL that turns the text cells of a sheet into judged rows of a fact table: typed, each with the reason if it cannot be loaded.

Steps, each a CTE: ``cells`` (texts by field), ``keyed`` (the customer), ``read`` (typed, under ``v_<field>``), the judgement. A row is
refused for what its table cannot do without (``Fact.needs``), for its moment and its money; any other cell that cannot be read is
left empty and counted.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from regulars.ingest.facts.readings import typed_values
from regulars.ingest.facts.recognition import stand_ins
from regulars.ingest.facts.values import NUMERIC, keys_of, kind_of
from regulars.ingest.fields import CONTACTS, CUSTOMER_KEYS, PERSON, TABLE_FIELDS, moments_of, money_fields
from regulars.ingest.mapping import Mapping
from regulars.ingest.presets.applied import always
from regulars.ingest.read import Sheet
from regulars.ingest.sales_sql import EMAIL, KNOWN_BY, PHONE, Learned, birthdays, column_of, customer, is_total, judge
from regulars.schema import FACTS

_PLANNED: Final = frozenset({"campaigns", "calendar", "subscriptions"})
"""Tables whose days may lie ahead."""
_ALWAYS: Final = (*CUSTOMER_KEYS, *CONTACTS, "currency", "birth_on", "joined_on")
"""Fields that stand among the cells whether the file has them or not."""
_MISSING: Final = {"moment": "date_missing", "date": "date_missing", "money": "amount_missing"}
_UNREADABLE: Final = {"moment": "date_unreadable", "date": "date_unreadable", "flag": "answer_unreadable", **dict.fromkeys(NUMERIC, "number_unreadable")}
"""How a cell is read → why a row is refused where it is empty, and where it cannot be read."""
_LOOKED_UP: Final = f"{KNOWN_BY} LEFT JOIN codes ON codes.written = c.currency LEFT JOIN codes signs ON signs.written = c.money_sign"


def fact_query(sheet: Sheet, mapping: Mapping, learned: Learned, *, currency: str | None, time_zone: str, today: date) -> str:
    """All rows of ``raw`` judged, with the columns of the fact's part; beside them what is told of customers and products (``told``), and
    ``empty_<field>`` where a cell that says something could not be read.
    """
    values = typed_values(mapping, currency=currency, time_zone=time_zone)
    key, name = customer(mapping.language, learned)
    typed = ", ".join(f"{expression} AS v_{field}" for field, expression in values.items())
    beside = {column: where for columns in told(mapping).values() for column, where in columns.items()}
    shown = [
        *(f"v_{field} AS {field}" for field in values),
        *(f"{where} AS told_{column}" for column, where in beside.items()),
        *(f"{field} IS NOT NULL AND v_{field} IS NULL AS empty_{field}" for field in _counted(mapping)),
    ]
    return f"""WITH {_cells(sheet, mapping, learned)}, keyed AS (SELECT c.* REPLACE ({birthdays(mapping)}, {EMAIL} AS customer_email),
        {key} AS who, {name} AS who_name, names.normal AS who_normal, {PHONE} AS who_phone, coalesce(codes.code, signs.code) AS code
        FROM cells c {_LOOKED_UP} LEFT JOIN names ON names.written = {name}), read AS (SELECT *, {typed} FROM keyed)
    SELECT source_row, {judge(_judgements(mapping, frozenset(values), today), mapping)}, {", ".join(shown)} FROM read"""


def told(mapping: Mapping) -> dict[tuple[str, str], dict[str, str]]:
    """What a sheet of a fact table tells beside its own rows: (table, its key) → column and where it stands among the cells."""
    has = mapping.fields.keys()
    found: dict[tuple[str, str], dict[str, str]] = {}
    if "customer_id" in TABLE_FIELDS[mapping.table] and "customer_name" in TABLE_FIELDS[mapping.table] and has & {*CONTACTS}:
        person = {"name": "who_name", "name_normal": "who_normal", "phone": "who_phone", "phone_written": "customer_phone", "email": "customer_email"}
        found["customers", "customer_id"] = person | {field: field for field in PERSON[6:] if field in has & {*TABLE_FIELDS["subscriptions"]}}
    if {"product_id", "product_name"} <= has:
        found["products", "product_id"] = {"product_name": "product_name"}
    return found


def counted_empty(mapping: Mapping) -> dict[str, str]:
    """Where it is noted that a cell could not be read and was left empty → the header."""
    return {f"empty_{field}": mapping.fields[field] for field in _counted(mapping)}


def _cells(sheet: Sheet, mapping: Mapping, learned: Learned) -> str:
    """``cells``: every field as tidy text, null where the file has no column for it, and the digits of what is a number."""
    keys, texts = keys_of(mapping.table), []
    for field in dict.fromkeys((*TABLE_FIELDS[mapping.table], *_ALWAYS)):
        column = column_of(sheet, mapping, field)
        text = always(mapping.preset, field) if column is None else f"identifier({column})" if field in keys else f"said({column})"
        texts.append(rf"regexp_replace({text}, '\.0$', '') AS {field}" if field in learned.pointed else f"{text} AS {field}")
        if kind_of(mapping.table, field) in NUMERIC:
            texts.append(f"digits({column or 'NULL::VARCHAR'}) AS digits_{field}")
    money = next((column for field in money_fields(mapping.table) if (column := column_of(sheet, mapping, field))), None)
    sign = f"CASE WHEN regexp_full_match({money}, '[-0-9.,]*') THEN NULL ELSE money_sign({money}) END" if money else "NULL::VARCHAR"
    return f"cells AS (SELECT source_row, defect, {', '.join(texts)}, {sign} AS money_sign, {_total(sheet, mapping)} AS is_total FROM neat)"


def _total(sheet: Sheet, mapping: Mapping) -> str:
    """Whether a row sums others up: it has the word of a totals row, and no day; without a column of days, the word stands in its key."""
    moment = next((column for field in moments_of(mapping.table) if (column := column_of(sheet, mapping, field))), None)
    if moment:
        every = [f"c{i}" for i in range(len(sheet.columns))]
        return rf"CASE WHEN said({moment}) IS NULL OR NOT regexp_matches({moment}, '\d') THEN {is_total(every)} ELSE FALSE END"
    named = (*FACTS[mapping.table].key, "name", "product_name", "campaign_name")
    columns = [column for field in dict.fromkeys(named) if (column := column_of(sheet, mapping, field))]
    return f"coalesce({is_total(columns)}, FALSE)" if columns else "FALSE"


def _counted(mapping: Mapping) -> tuple[str, ...]:
    """Fields whose unreadable cells are left empty and counted: nothing hangs on them. A column of two fields is counted for the first."""
    fact = FACTS[mapping.table]
    alone = {group[0] for group in fact.needs if len(group) == 1}
    readable = (f.name for f in fact.fields if f.name in mapping.fields and f.type not in {"text", "money"})
    first: dict[str, str] = {}
    for field in readable:
        if field != fact.happened and field not in alone:
            first.setdefault(mapping.fields[field], field)
    return tuple(first.values())


def _judgements(mapping: Mapping, values: frozenset[str], today: date) -> list[tuple[str, str | None, str | None]]:
    """(condition, reason, field) in the order in which they are asked."""
    fact = FACTS[mapping.table]
    found: list[tuple[str, str | None, str | None]] = [("is_total", "total_row", None), ("defect IS NOT NULL", None, None)]
    if (moment := fact.happened) in values:
        last = "DATE '2100-01-01'" if fact.name in _PLANNED else f"DATE '{today.isoformat()}'"
        found.append((f"{moment} IS NOT NULL AND v_{moment} IS NULL", "date_unreadable", moment))
        found.append((f"v_{moment}::DATE > {last} OR v_{moment} < TIMESTAMP '1970-01-01'", "date_impossible", moment))
    for group in fact.needs:
        held = [field for field in group if field in values]
        nothing = " AND ".join(f"v_{field} IS NULL" for field in held)
        readable = [(field, why) for field in held if (why := _UNREADABLE.get(kind_of(fact.name, field))) and field in mapping.fields]
        found += [(f"{nothing} AND {field} IS NOT NULL", why, field) for field, why in readable]
        found.append((nothing, _why_missing(fact.name, held[0]), next((f for f in stand_ins(fact.name, held[0]) if f in mapping.fields), None)))
    money = [f.name for f in fact.fields if f.type == "money" and f.name in mapping.fields]
    return [*found, *((f"{field} IS NOT NULL AND v_{field} IS NULL", "number_unreadable", field) for field in money)]


def _why_missing(table: str, field: str) -> str:
    of_whom = {"customer_id": "customer_missing", "product_id": "product_missing"}
    return of_whom.get(field) or _MISSING.get(kind_of(table, field), "needed_missing")
