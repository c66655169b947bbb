"""Building blocks of the page: cells, columns and findings as typed HTML elements. Whatever is put into one is escaped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import htpy as h
from markupsafe import Markup, escape

from regulars.analysis import GRADES, Action, AtStake, Finding, If, Line
from regulars.charts.forms import Grid
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.reports.contacts import IF, if_cells
from regulars.result import Result
from regulars.units import NUMERIC, Cell, Column

TIMES: Final = frozenset({"month", "date"})
ROWS_SHOWN: Final = 40
"""Rows of a table on the page; the workbook has them all."""
HEAT: Final = 7
"""Steps of colour of a heat table. Each is worn by as many cells, so that one great value does not make the rest pale."""


def sentence(template: str, cells: Mapping[str, Cell], reader: Reader) -> Markup:
    """A sentence of the catalogue with its numbers set off."""
    return escape(reader.say(template)).format(**{name: _set_off(cell, reader) for name, cell in cells.items()})


def _set_off(cell: Cell, reader: Reader) -> h.Element:
    """A cell in a sentence; a number keeps its sign and its noun on one line."""
    return h.b(".whole" if cell.column.unit in NUMERIC else "")[cell.show(reader)]


def said(finding: Finding | Action, reader: Reader) -> Markup:
    """The sentence of a finding, or the reason of an action."""
    return sentence(finding.template if isinstance(finding, Finding) else finding.why, finding.cells, reader)


def grade(finding: Finding, reader: Reader) -> h.Element:
    """How good the evidence is, in a word."""
    return h.span(".grade", title=reader.say(N_("Evidence grade")))[reader.say(GRADES[finding.grade])]


def link(result: Result, reader: Reader) -> h.Element:
    """The way to the section of a result."""
    return h.a(href=f"#{result.analysis.key}")[reader.say(result.analysis.title)]


def stake(money: AtStake | If, reader: Reader) -> h.Element:
    """The money behind a finding: a past sum at stake, or what it would be if, with its range and the test that would show it."""
    if isinstance(money, AtStake):
        return h.div(".stake")[h.span(".figure.strong")[money.amount.show(reader)], h.span(".unit")[reader.say(N_("at stake, last twelve months"))]]
    return h.div(".stake")[h.span(".figure.strong")[money.amount.show(reader)], h.span(".unit")[if_line(money, reader)]]


def if_line(money: If, reader: Reader) -> Markup:
    """The conditional sum in words."""
    return sentence(IF, if_cells(money), reader)


def fold(title: str, *content: h.Node) -> h.Element:
    """Something that opens when asked for."""
    return h.details[h.summary[title], h.div(".folded")[content]]


def facts(line: Line, names: Iterable[str], reader: Reader) -> h.Element:
    """Single numbers, each under its name."""
    return h.dl(".facts")[
        (h.div[h.dt[reader.say(line[n].column.title)], h.dd(".strong")[line[n].show(reader, prose=line[n].column.unit == "days")]] for n in names)
    ]


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Column], reader: Reader, caption: str) -> h.Node:
    """Rows under their headers, scrolling in a box of their own; of a long table the first rows, of a table over time the last."""
    first = next(iter(columns))
    late = columns[first].unit in TIMES
    kept = rows if len(rows) <= ROWS_SHOWN else rows[-ROWS_SHOWN:] if late else rows[:ROWS_SHOWN]
    head = h.tr[(h.th(scope="col", class_=_kind(column))[reader.say(column.title)] for column in columns.values())]
    body = (h.tr[(_cell(row[name], column, reader, heads=name == first) for name, column in columns.items())] for row in kept)
    left_out = N_("{shown} of {all} rows; all of them are in the workbook.")
    return h.fragment[
        h.div(".scroll", tabindex="0", role="region", aria_label=caption)[h.table[h.caption(".unseen")[caption], h.thead[head], h.tbody[body]]],
        h.p(".note")[reader.say(left_out, shown=reader.number(len(kept)), all=reader.number(len(rows)))] if len(kept) < len(rows) else None,
    ]


def _kind(column: Column) -> str:
    return "number" if column.unit in NUMERIC else "words"


def _cell(value: Any, column: Column, reader: Reader, *, heads: bool) -> h.Element:
    shown = column.show(value, reader)
    if heads and column.unit not in NUMERIC:
        return h.th(scope="row")[shown]
    if column.unit == "share" and value is not None:
        return h.td(".number.part", style=f"--part:{min(max(float(value), 0), 1):.1%}")[shown]
    return h.td(class_=_kind(column))[shown]


def heat(form: Grid, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Column], reader: Reader) -> h.Element:
    """A grid as a table whose cells are coloured by their value: read, copied and scrolled like any table."""
    across, down = (list(dict.fromkeys(row[name] for row in rows)) for name in (form.x, form.y))
    cells = {(row[form.y], row[form.x]): row for row in rows}
    values = sorted(float(row[form.value]) for row in rows if row[form.value] is not None)
    steps = [values[len(values) * step // HEAT] for step in range(1, HEAT)] if values else []
    title = reader.say(form.title)
    corner = reader.say(N_("{rows} ↓  {columns} →"), rows=reader.say(columns[form.y].title), columns=reader.say(columns[form.x].title))
    head = h.tr[h.th(scope="col")[corner], (h.th(".number", scope="col")[columns[form.x].show(key, reader)] for key in across)]
    body = (
        h.tr[h.th(scope="row")[columns[form.y].show(key, reader)], (_heat_cell(form, cells.get((key, x)), columns, reader, steps) for x in across)]
        for key in down
    )
    box = h.div(".scroll", tabindex="0", role="region", aria_label=title)[h.table(".heat")[h.caption(".unseen")[title], h.thead[head], h.tbody[body]]]
    return h.figure(".chart")[h.figcaption[title], h.p(".note")[reader.say(columns[form.value].title)], box]


def _heat_cell(form: Grid, row: Mapping[str, Any] | None, columns: Mapping[str, Column], reader: Reader, steps: Sequence[float]) -> h.Element:
    if row is None or row[form.value] is None:
        return h.td(".number")
    title = f"{reader.say(columns[form.note].title)}: {columns[form.note].show(row[form.note], reader)}" if form.note else None
    return h.td(f".number.h{bisect_right(steps, float(row[form.value]))}", title=title)[columns[form.value].show(row[form.value], reader)]


def definitions(columns: Mapping[str, Column], reader: Reader) -> h.Element:
    """What each column means."""
    return h.dl(".meanings")[((h.dt[reader.say(column.title)], h.dd[reader.say(column.meaning)]) for column in columns.values())]
