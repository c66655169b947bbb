"""One analysis on the page: its question, its sentences, its charts, its tables, its definitions, all from the anatomy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import htpy as h

from regulars.charts.forms import Chart, Grid
from regulars.charts.tones import Palette
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.reports import periods, portfolio
from regulars.reports.brief import Brief, Refused
from regulars.reports.elements import definitions, facts, fold, heat, said, table
from regulars.reports.pictures import figure, rows_of
from regulars.result import Result

OPEN_ROWS: Final = 12
"""A table of at most so many rows and columns stands open; a larger one opens when asked for."""
OPEN_COLUMNS: Final = 9


def page(brief: Brief, result: Result, reader: Reader, palette: Palette) -> Iterator[h.Node]:
    """The section of one analysis."""
    analysis = result.analysis
    yield h.p(".question")[reader.say(analysis.question)]
    yield h.ul(".said")[(h.li(class_="warning" if one.warning else None)[said(one, reader)] for one in result.findings)]
    yield _head(brief, result, reader, palette)
    yield h.div(".charts")[(_chart(chart.form, result, reader, palette) for chart in result.charts)]
    rows = result.summary.to_pylist()
    shown = table(rows, result.columns, reader, reader.say(analysis.title))
    small = len(rows) <= OPEN_ROWS and len(result.columns) <= OPEN_COLUMNS
    yield shown if small else None
    yield h.div(".folds")[
        None if small else fold(reader.say(N_("The table behind it")), shown),
        _details(result, reader),
        fold(reader.say(N_("How it is worked out, and what the columns mean")), h.p[reader.say(analysis.method)], definitions(result.columns, reader)),
    ]


def _head(brief: Brief, result: Result, reader: Reader, palette: Palette) -> h.Node:
    """What an analysis shows first, where the general page is not enough."""
    match result.analysis.key:
        case "cpm":
            return portfolio.board(brief, result, reader)
        case "kpis":
            return periods.cards(result, reader, palette)
    return None


def refusal(refused: Refused, reader: Reader) -> h.Node:
    """Why there is no answer."""
    return h.fragment[
        h.p(".question")[reader.say(refused.analysis.question)],
        h.p(".missing")[reader.say(N_("These data do not allow an answer:")), " ", reader.explain(refused.problem)],
    ]


def _chart(form: Chart, result: Result, reader: Reader, palette: Palette) -> h.Element:
    if isinstance(form, Grid):
        columns = result.analysis.details[form.detail].gives if form.detail else result.columns
        return heat(form, rows_of(form, result), columns, reader)
    return figure(form, result, reader, palette)


def _details(result: Result, reader: Reader) -> Iterator[h.Node]:
    """The further answers: a single row as named numbers, more as a table."""
    for name, detail in result.analysis.details.items():
        lines, title = result.answer.details[name], reader.say(detail.title)
        if len(lines) == 1:
            yield fold(title, facts(lines[0], lines[0], reader))
        elif lines:
            yield fold(title, table(result.details[name].to_pylist(), detail.gives, reader, title))
