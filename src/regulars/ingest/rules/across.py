"""What only earlier deliveries show of a new one: payments of orders that another file has, and rows that come late.

The same order may stand in the export of the till and in the bill of the payment service. A *bill* is a delivery of sales that names no
goods; where both are loaded, the bill's row is set aside, whichever came first. A row knows its order by the number; without one,
by currency, amount and time. Since two busy shops have many payments in common by chance, the latter holds only if four in five
payments of the bill find an order, and not half as many do when the bill's clock is moved by an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.engines.duckdb import Connection, literal, scratch
from regulars.schema import PART_TABLES
from regulars.snapshots.parts import PLACE, Parts

LATE: Final = 45
"""Days after which a row counts as late."""
_FEW: Final = 0.1
"""Share of a delivery's rows up to which old ones came late; where more are old, the delivery covers that time."""
_APART: Final = "INTERVAL 10 MINUTE"
_WHOLE: Final = 0.8
_BY_CHANCE: Final = 0.5
_FEWEST: Final = 5
"""Payments that a bill must have in common with another file before amounts and times are believed."""
_SHIFTS: Final = ("INTERVAL 1 HOUR", "INTERVAL '-1 hour'", "INTERVAL 1 DAY")
_PLACE: Final = ", ".join(PLACE)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The deliveries in force before a new one, oldest first; which of them, and whether the new one, name no goods; the last day that they tell of."""

    parts: tuple[str, ...]
    bills: tuple[str, ...]
    new_is_bill: bool
    last_on: date | None


def judge_across(deliveries: Parts, import_id: str, earlier: Earlier) -> None:
    """Write what the earlier deliveries show into the folder of the new one, as one more part of ``problems``."""
    if not earlier.parts or not deliveries.files("sales", (import_id,)):
        return
    others = earlier.parts if earlier.new_is_bill else earlier.bills
    with scratch() as connection:
        connection.execute(f"CREATE TEMP VIEW new_sales AS {deliveries.rows('sales', (import_id,))}")
        found = [_late(connection, earlier)]
        if others:
            _find_payments(connection, deliveries, import_id, others, earlier)
            found.append(_SAME_PAYMENT)
        columns = PART_TABLES["problems"].columns
        typed = ", ".join(f'{name}::{kind} AS "{name}"' for name, kind in columns.items())
        connection.execute(f"CREATE TEMP TABLE across AS SELECT {typed} FROM ({' UNION ALL BY NAME '.join(found)}) ORDER BY {_PLACE}")
        if connection.execute("SELECT EXISTS (FROM across)").fetchall()[0][0]:
            target = deliveries.folder(import_id) / "problems_across.parquet"
            connection.execute(f"COPY across TO {literal(target)} (FORMAT parquet, COMPRESSION zstd)")


_OF_ROW: Final = "order_id AS record_id, customer_id, staff, amount, currency, ordered_at::DATE AS happened_on"


def _late(connection: Connection, earlier: Earlier) -> str:
    """Rows more than ``LATE`` days before the last day known, unless more than ``_FEW`` of the delivery are: then it covers the past. As SQL."""
    last = f"DATE '{(earlier.last_on or date.min).isoformat()}' - {LATE}"
    usual = connection.execute(f"SELECT coalesce(quantile_disc(ordered_at, {_FEW}) >= {last}, false) FROM new_sales").fetchall()[0][0]
    condition = f"ordered_at < {last}" if earlier.last_on and usual else "false"
    return f"""SELECT {_PLACE}, 'sales' AS about, 'late_row' AS rule, 'ordered_at' AS field, ordered_at::VARCHAR AS value, {_OF_ROW},
        {literal(earlier.parts[-1])} AS because_of FROM new_sales WHERE {condition}"""


def _find_payments(connection: Connection, deliveries: Parts, import_id: str, others: Sequence[str], earlier: Earlier) -> None:
    """``paid``: the orders of bills that another file has as well, and which file."""
    bills = [*earlier.bills, *([import_id] if earlier.new_is_bill else [])]
    named = ", ".join(literal(part) for part in bills) or "''"
    span = "ordered_at BETWEEN (SELECT min(ordered_at) - INTERVAL 1 DAY FROM new_sales) AND (SELECT max(ordered_at) + INTERVAL 1 DAY FROM new_sales)"
    replaced = deliveries.superseded((*earlier.parts, import_id))
    connection.execute(
        f"""CREATE TEMP TABLE row AS
        SELECT *, import_id IN ({named}) AS is_bill, import_id = {literal(import_id)} AS is_new,
            coalesce(order_id, concat_ws(' ', source_sheet, source_row)) AS key
        FROM (FROM new_sales UNION ALL FROM ({deliveries.rows("sales", others)}) WHERE {span} AND ({_PLACE}) NOT IN (SELECT {_PLACE} FROM ({replaced})))
        WHERE NOT coalesce(cancelled AND amount >= 0, false) AND amount <> 0"""
    )
    connection.execute(
        """CREATE TEMP TABLE entry AS
        SELECT import_id, is_bill, is_new, key, any_value(order_id) AS order_id, currency, amount < 0 AS back, sum(amount) AS total,
            min(ordered_at) AS moment, min(store) AS store
        FROM row GROUP BY import_id, is_bill, is_new, key, currency, amount < 0"""
    )
    connection.execute(f"CREATE TEMP TABLE paid AS {_BY_NUMBER}")
    matched = [_matched(connection, shift) for shift in ("INTERVAL 0 HOUR", *_SHIFTS)]
    tried = connection.execute(f"SELECT count(*) FROM {_TRIED}").fetchall()[0][0]
    if matched[0] >= max(_FEWEST, _WHOLE * tried) and max(matched[1:]) <= _BY_CHANCE * matched[0]:
        connection.execute(f"INSERT INTO paid {_pairs('INTERVAL 0 HOUR')}")


_COMPARABLE: Final = "b.is_bill AND b.is_new <> o.is_new AND b.currency = o.currency AND b.back = o.back AND coalesce(b.store = o.store, true)"
_MEET: Final = f"{_COMPARABLE} AND abs(b.total - o.total) < 0.01"

_TIMED: Final = "b.moment <> date_trunc('day', b.moment) AND o.moment <> date_trunc('day', o.moment)"
_BY_NUMBER: Final = f"""
    SELECT b.import_id, b.key, b.currency, b.back, min(o.import_id) AS because_of
    FROM entry AS b JOIN entry AS o ON b.order_id = o.order_id AND {_COMPARABLE} AND (NOT o.is_bill OR b.is_new)
        AND (abs(b.total - o.total) < 0.01 AND abs(epoch(b.moment) - epoch(o.moment)) <= 86400
            OR {_TIMED} AND o.moment BETWEEN b.moment - {_APART} AND b.moment + {_APART})
    GROUP BY ALL"""
"""The same number within a day and for the same money; or within minutes, whatever the money: part was paid in cash, or one of the two is wrong."""

_OPEN: Final = "(FROM entry AS e WHERE {} AND NOT EXISTS (FROM paid AS p WHERE p.import_id = e.import_id AND p.key = e.key AND p.back = e.back))"
_BILLED: Final = _OPEN.format("is_bill AND moment <> date_trunc('day', moment)")
_ORDERED: Final = "(FROM entry WHERE NOT is_bill AND moment <> date_trunc('day', moment))"
_TRIED: Final = f"""(FROM {_BILLED} AS b WHERE moment BETWEEN (SELECT min(moment) - {_APART} FROM {_ORDERED} AS o WHERE o.is_new <> b.is_new)
    AND (SELECT max(moment) + {_APART} FROM {_ORDERED} AS o WHERE o.is_new <> b.is_new))"""
"""Payments without a known number from the time that the other files cover."""


def _pairs(shift: str) -> str:
    """Payments and orders that are nearest to each other in time, both ways, as SQL; the bill's clock moved by ``shift``."""
    nearest = f"abs(epoch(b.moment + {shift}) - epoch(o.moment))"
    return f"""
        SELECT import_id, key, currency, back, because_of FROM (
            SELECT b.import_id, b.key, b.currency, b.back, o.import_id AS because_of,
                row_number() OVER (PARTITION BY b.import_id, b.key, b.back ORDER BY {nearest}, o.import_id, o.key) AS nearest_order,
                row_number() OVER (PARTITION BY o.import_id, o.key, o.back ORDER BY {nearest}, b.import_id, b.key) AS nearest_payment
            FROM {_BILLED} AS b JOIN {_ORDERED} AS o ON {_MEET} AND o.moment BETWEEN b.moment + {shift} - {_APART} AND b.moment + {shift} + {_APART})
        WHERE nearest_order = 1 AND nearest_payment = 1"""


def _matched(connection: Connection, shift: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM ({_pairs(shift)})").fetchall()[0][0])


_SAME_PAYMENT: Final = f"""
    SELECT {_PLACE}, 'sales' AS about, 'same_payment' AS rule, 'order_id' AS field, order_id AS value, {_OF_ROW}, because_of
    FROM row JOIN paid USING (import_id, key, currency) WHERE (amount < 0) = back"""
