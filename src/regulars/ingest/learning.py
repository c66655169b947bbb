"""What only the whole file can tell: ids with a false ``.0``, cancellation marks, and the meaning of every distinct state, currency and phone."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingLike
from typing import Final

import pyarrow as pa

from regulars.engines.duckdb import Connection
from regulars.ingest.mapping import Mapping
from regulars.ingest.people import internationals
from regulars.ingest.read import Sheet
from regulars.ingest.sales_sql import KEYS, Learned, column_of
from regulars.ingest.vocabulary import currency_code, state_of

_MOST: Final = 20_000
"""A column with more distinct values than this holds no states."""
_FAR_MORE: Final = 10
"""Customer 0 with this many times the rows of other customers stands for all who have no number."""
_MARKS: Final = {r"(?:^{}[-_ ]?\d)": r"^(\p{L}+)[-_ ]?\d", r"(?:\d[-_ ]?{}$)": r"\d[-_ ]?(\p{L}+)$"}
"""How letters in front of or behind an order number are found again, and how they are found first."""


def learn(connection: Connection, sheet: Sheet, mapping: Mapping) -> Learned:
    """Read the view ``neat`` for what concerns the file as a whole."""
    keys = {field: column for field in KEYS if (column := column_of(sheet, mapping, field))}
    who = keys.get("customer_id", "NULL::VARCHAR")
    tests = [
        " OR ".join(f"coalesce(shortened({column}), FALSE)" for column in keys.values()) or "FALSE",
        f"regexp_full_match({who}, '0+(?:\\.0)?')",
        f"said({who}) IS NOT NULL",
    ]
    pointed = "bool_and(said({c}) IS NULL OR (ends_with({c}, '.0') AND regexp_full_match({c}, '\\d+\\.0'))) AND count(said({c})) > 0"
    counts = ", ".join([*(f"count(*) FILTER (WHERE {test})" for test in tests), f"count(DISTINCT {who})", *(pointed.format(c=c) for c in keys.values())])
    shortened, zeros, known, distinct, *points = connection.execute(f"SELECT {counts} FROM neat").fetchall()[0]
    return Learned(
        pointed=frozenset(field for field, yes in zip(keys, points, strict=True) if yes),
        zero_is_nobody=zeros >= _FAR_MORE and zeros * max(distinct - 1, 1) > _FAR_MORE * (known - zeros),
        shortened=shortened,
        cancel_pattern=_cancel_pattern(connection, sheet, mapping) if mapping.table == "sales" and not mapping.refunds else None,
    )


def _cancel_pattern(connection: Connection, sheet: Sheet, mapping: Mapping) -> str | None:
    """A pattern of order numbers that are cancellations: letters before or behind the digits that stand on negative rows only.

    The file must prove it: every row with the letters is negative, and most of the other rows are not.
    """
    order = column_of(sheet, mapping, "order_id")
    signs = [column for field in ("quantity", "amount", "unit_price") if (column := column_of(sheet, mapping, field))]
    if order is None or not signs:
        return None
    minus = " OR ".join(f"((contains({c}, '-') OR contains({c}, '(')) AND coalesce(regexp_matches(digits({c}), '^-.*[1-9]'), FALSE))" for c in signs)
    marks = ", ".join(f"CASE WHEN TRY_CAST({order} AS BIGINT) IS NULL THEN regexp_extract({order}, '{mark}', 1) END" for mark in _MARKS.values())
    rows = connection.execute(f"SELECT {marks}, count(*), count(*) FILTER (WHERE {minus}) FROM neat GROUP BY 1, 2").fetchall()
    total, below = sum(row[-2] for row in rows), sum(row[-1] for row in rows)
    patterns = []
    for place, form in enumerate(_MARKS):
        for text in sorted({row[place] for row in rows if row[place]}):
            count, negative = (sum(row[k] for row in rows if row[place] == text) for k in (-2, -1))
            if count == negative and total - count > 2 * (below - negative):
                patterns.append(form.format(re.escape(text)))
    return "|".join(patterns) or None


def look_up(connection: Connection, sheet: Sheet, mapping: Mapping, *, currency: str | None) -> None:
    """Fill the tables ``states``, ``codes`` and ``phones``: every distinct text of these columns with its meaning."""
    states = {text: state_of(text) for field in ("status", "kind") for text in _distinct(connection, sheet, mapping, field)}
    money = column_of(sheet, mapping, "amount") or column_of(sheet, mapping, "unit_price")
    signs = _texts(connection, f"money_sign({money})") if money else []
    codes = {text: code for text in [*_distinct(connection, sheet, mapping, "currency"), *signs] if (code := currency_code(text, currency))}
    phones = internationals(_distinct(connection, sheet, mapping, "customer_phone", limit=None), language=mapping.language, currency=currency)
    _register(connection, "states", "state", {**states})
    _register(connection, "codes", "code", codes)
    _register(connection, "phones", "number", phones)


def _distinct(connection: Connection, sheet: Sheet, mapping: Mapping, field: str, limit: int | None = _MOST) -> list[str]:
    column = column_of(sheet, mapping, field)
    return _texts(connection, f"{'identifier' if field in KEYS else 'said'}({column})", limit) if column else []


def _texts(connection: Connection, expression: str, limit: int | None = _MOST) -> list[str]:
    """The distinct texts of an expression over ``neat``."""
    some = f" LIMIT {limit}" if limit is not None else ""
    return [row[0] for row in connection.execute(f"SELECT DISTINCT {expression} AS text FROM neat WHERE text IS NOT NULL ORDER BY 1{some}").fetchall()]


def _register(connection: Connection, name: str, value: str, meanings: MappingLike[str, str]) -> None:
    table = pa.table({"written": pa.array(list(meanings), pa.string()), value: pa.array(list(meanings.values()), pa.string())})
    connection.register(name, table)
