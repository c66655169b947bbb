"""What only the whole file can tell: ids with a false ``.0``, a customer 0 who is nobody, cancellation marks."""

from __future__ import annotations

import re
from typing import Final

from regulars.engines.duckdb import Connection
from regulars.ingest.facts.values import keys_of
from regulars.ingest.mapping import Mapping
from regulars.ingest.read import Sheet
from regulars.ingest.sales_sql import KEYS, Learned, column_of
from regulars.schema import FACTS

_FAR_MORE: Final = 10
"""Customer 0 with this many times the rows of other customers stands for all who have no number."""
_MARKS: Final = {r"(?:^{}[-_ ]?\d)": r"^(\p{L}+)[-_ ]?\d", r"(?:\d[-_ ]?{}$)": r"\d[-_ ]?(\p{L}+)$"}
"""How letters in front of or behind an order number are found again, and how they are found first."""


def untidy(connection: Connection, columns: int) -> frozenset[int]:
    """The columns of the view ``raw`` in which some text has blanks around it, or other things that are not meant."""
    tests = (f"SELECT {i} AS i FROM (SELECT DISTINCT c{i} AS c FROM raw) HAVING bool_or(c <> trimmed(c))" for i in range(columns))
    return frozenset(row[0] for test in tests for row in connection.execute(test).fetchall())


def learn(connection: Connection, sheet: Sheet, mapping: Mapping) -> Learned:
    """Read the view ``neat`` for what concerns the file as a whole."""
    fields = keys_of(mapping.table) if mapping.table in FACTS else KEYS
    keys = {field: column for field in fields if (column := column_of(sheet, mapping, field))}
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
    minus = " OR ".join(
        f"CASE WHEN contains({c}, '-') OR contains({c}, '(') THEN coalesce(regexp_matches(digits({c}), '^-.*[1-9]'), FALSE) ELSE FALSE END" for c in signs
    )
    marks = ", ".join(f"CASE WHEN TRY_CAST({order} AS BIGINT) IS NULL THEN regexp_extract({order}, '{mark}', 1) END" for mark in _MARKS.values())
    rows = connection.execute(f"SELECT {marks}, count(*), coalesce(sum(({minus})::INTEGER), 0) FROM neat GROUP BY 1, 2").fetchall()
    total, below = sum(row[-2] for row in rows), sum(row[-1] for row in rows)
    patterns = []
    for place, form in enumerate(_MARKS):
        for text in sorted({row[place] for row in rows if row[place]}):
            count, negative = (sum(row[k] for row in rows if row[place] == text) for k in (-2, -1))
            if count == negative and total - count > 2 * (below - negative):
                patterns.append(form.format(re.escape(text)))
    return "|".join(patterns) or None
