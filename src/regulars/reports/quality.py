"""The quality of the data on the page: a score per dimension, what is worst and what hangs on it, what is owed, what rules keep out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import htpy as h

from regulars.analyses.data_quality import DEBT
from regulars.analysis import Line
from regulars.charts.tones import Palette
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.reports.brief import Brief
from regulars.reports.elements import definitions, fold, said, sentence, table
from regulars.reports.pictures import figure
from regulars.result import Result

KEY: Final = "data_quality"
"""The analysis that this part of the page is made of."""
WORST: Final = 10
DEBT_SHOWN: Final = ("field", "standing", "customers", "missing_rate", "year_revenue", "net_revenue", "covered_rate")
PROBLEM_SHOWN: Final = ("rule", "field", "failing", "at_stake", "checked", "pass_rate", "customers")


def part(brief: Brief, reader: Reader, palette: Palette) -> h.Node:
    """How far the data can be believed; nothing where these data allowed no answer."""
    result = brief.result(KEY)
    if result is None:
        return None
    warnings = [finding for finding in result.findings if finding.warning and "about" not in finding.where]
    return h.div(f"#{KEY}.quality")[
        h.h3[reader.say(result.analysis.question)],
        h.div(".cards")[(_score(line, reader) for line in result.answer.details["scores"])],
        h.ul(".said")[(h.li(".warning")[said(one, reader)] for one in warnings)] if warnings else None,
        _problems(result, reader),
        _debt(result, reader),
        h.div(".charts")[(figure(one.form, result, reader, palette) for one in result.charts if one.form.detail == "trend")],
        h.div(".folds")[_folds(result, reader)],
    ]


def _score(line: Line, reader: Reader) -> h.Element:
    """A dimension: its score, its worst check, how many records it concerns."""
    known = line.value("score") is not None
    return h.article(".card.measure")[
        h.h3[line["dimension"].show(reader)],
        h.p(".figure.strong")[line["score"].show(reader)],
        h.div(".meter.small", style=f"--part:{line.value('score'):.1%}", aria_hidden="true") if known else None,
        h.p(".unit")[
            sentence(N_("worst check {worst}; records concerned: {failing}"), _bare(line), reader) if known else reader.say(N_("nothing to check yet"))
        ],
    ]


def _bare(line: Line) -> Mapping[str, Any]:
    return {"worst": line["worst"], "failing": line["failing"]}


def _problems(result: Result, reader: Reader) -> h.Node:
    """The problems with the most money behind them, and how to get their rows; what is missing of customers stands under the debt."""
    wrong = [row for row in result.summary.to_pylist() if row["failing"] and row["dimension"] != "reality"]
    rows = [row for row in wrong if row["about"] != "customers" or row["rule"] not in DEBT][:WORST]
    if not rows:
        return None
    columns = {name: result.columns[name] for name in PROBLEM_SHOWN}
    title = reader.say(N_("What is wrong, the most money first"))
    line = f"regulars rows {KEY} --where rule={rows[0]['rule']} --where field={rows[0]['field']}"
    return h.fragment[
        h.h3[title], table(rows, columns, reader, title), h.p(".note")[reader.say(N_("The rows are in the workbook, or one line away:")), " ", h.code[line]]
    ]


def _debt(result: Result, reader: Reader) -> h.Node:
    """What is not known of whom, and what these people brought."""
    detail, rows = result.analysis.details["debt"], result.details["debt"].to_pylist()
    if not rows:
        return None
    title = reader.say(detail.title)
    return h.fragment[h.h3[title], table(rows, {name: detail.gives[name] for name in DEBT_SHOWN}, reader, title)]


def _folds(result: Result, reader: Reader) -> Iterator[h.Node]:
    """What rules keep out of the figures, every check, and the rest of the answer."""
    rows, analysis = result.summary.to_pylist(), result.analysis
    if aside := [row for row in rows if row["set_aside"] or (row["dimension"] == "reality" and row["failing"])]:
        title = reader.say(N_("Customs of the trade, and what active rules keep out of the figures"))
        yield fold(title, table(aside, {name: result.columns[name] for name in ("rule", "field", "failing", "set_aside", "at_stake")}, reader, title))
    title = reader.say(N_("Every check"))
    yield fold(title, table(rows, result.columns, reader, title))
    for name in ("sources", "people", "trend", "drift", "fields"):
        detail, lines = analysis.details[name], result.details[name].to_pylist()
        if lines:
            yield fold(reader.say(detail.title), table(lines, detail.gives, reader, reader.say(detail.title)))
    yield fold(reader.say(N_("How it is worked out, and what the columns mean")), h.p[reader.say(analysis.method)], definitions(result.columns, reader))
