"""Cards of the key figures: the last complete period beside the one before and the year before, and the line to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import htpy as h

from regulars.charts.forms import Spark
from regulars.charts.tones import Palette
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.reports.pictures import spark
from regulars.result import Result
from regulars.units import Column

Row = Mapping[str, Any]

MEASURES: Final = ("revenue", "orders", "customers", "new_customers", "aov", "revenue_per_customer", "repurchase_rate", "refund_rate")
GROWS_BADLY: Final = frozenset({"refund_rate"})
SPARKED: Final = 13
"""Periods on a small line: a year and the same period before it."""


def cards(result: Result, reader: Reader, palette: Palette) -> h.Node:
    """One card per measure, of the last period that is over."""
    rows = result.summary.to_pylist()
    complete = [row for row in rows if not row["partial"]] or rows
    if not complete:
        return None
    period = result.columns["period"]
    return h.fragment[
        h.p(".note")[reader.say(N_("Last period that is over: {period}"), period=period.show(complete[-1]["period"], reader))],
        h.div(".cards")[(_card(name, complete, result, reader, palette) for name in MEASURES)],
    ]


def _card(name: str, complete: Sequence[Row], result: Result, reader: Reader, palette: Palette) -> h.Node:
    column, known = result.columns[name], [row for row in complete if row[name] is not None]
    if not known:
        return None
    last, period = known[-1], result.columns["period"]
    return h.article(".card.measure")[
        h.h3[reader.say(column.title)],
        h.p(".figure.strong")[column.show(last[name], reader, prose=column.unit == "money")],
        h.p(".unit")[period.show(last["period"], reader)] if last is not complete[-1] else None,
        (_change(name, last, before, column, reader, period) for before in _compared(last, complete)),
        spark(Spark(column.title, name), known[-SPARKED:], result, reader, palette),
    ]


def _compared(last: Row, rows: Sequence[Row]) -> Iterator[Row]:
    """The row before, and the one of the same period a year before."""
    place = rows.index(last)
    yield from rows[max(place - 1, 0) : place]
    now: date = last["period"]
    yield from (row for row in rows[: max(place - 1, 0)] if (row["period"].year, row["period"].month, row["period"].day) == (now.year - 1, now.month, now.day))


def _change(name: str, now: Row, before: Row, column: Column, reader: Reader, period: Column) -> h.Node:
    """The change since another period: of a rate in percentage points, else in percent."""
    if before[name] is None or (not before[name] and column.unit not in ("rate", "share")):
        return None
    apart = float(now[name] - before[name])
    if column.unit in ("rate", "share"):
        shown = reader.points(apart)
    else:
        grown = apart / abs(float(before[name]))
        shown = f"{'+' if grown >= 0 else chr(0x2212)}{reader.percent(abs(grown))}"
    mood = "" if not apart else ".good" if (apart > 0) != (name in GROWS_BADLY) else ".bad"
    arrow = "▲" if apart > 0 else "▼" if apart < 0 else "•"
    since = reader.say(N_("against {period}"), period=period.show(before["period"], reader))
    return h.p(f".change{mood}")[f"{arrow}\N{NO-BREAK SPACE}{shown}", " ", h.span(".unit")[since]]
