"""The board of the customer portfolio: five types across, active and lapsed side by side, ten numbered groups.

On a wide page it stands as five rows by two columns; on a phone as ten cards, the most valuable lapsed ones first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import htpy as h

from regulars.analyses.cpm_words import GROUPS, MEANINGS, PLAYS, RULES, STATE_RULES, STATES, TYPES
from regulars.analysis import Line
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.reports.brief import Brief
from regulars.reports.elements import sentence
from regulars.result import Result
from regulars.units import Cell

SOUNDS_PRESENT: Final = range(8, 11)
"""Places whose names speak of winning back, as if the customers were still here: they carry a badge."""
BOUNDS: Final = {"short": "short_days", "long": "long_days", "bar": "money_bar", "loyal_bar": "loyal_bar", "lapse": "lapse_days"}
"""What the rules name → the column of the totals that has it."""
COUNTS_TWO: Final = 3
"""The place under which those who bought on two days only are counted."""


def board(brief: Brief, result: Result, reader: Reader) -> h.Node:
    """The ten groups, the bar explained, the two wordings of the rule, and what other bounds would change."""
    totals = result.answer.only("totals")
    bounds = {name: totals[column] for name, column in BOUNDS.items()}
    lines = sorted(result.answer.summary, key=lambda line: -int(line.value("place")))
    return h.fragment[
        h.p(".note")[reader.say(N_("CPM here is customer portfolio management, not the price of a thousand views."))],
        h.div(".portfolio")[
            (_state(key, words, bounds, reader) for key, words in STATES.items()),
            (_type(row, key, words, reader) for row, (key, words) in enumerate(TYPES.items(), 1)),
            (_group(line, brief, result, bounds, reader) for line in lines),
        ],
        h.div(".remarks")[_bar(result, reader), _presets(result, reader), _sensitivity(result, reader), _rhythm(result, reader)],
    ]


def _state(key: str, words: str, bounds: Mapping[str, Cell], reader: Reader) -> h.Element:
    """The head of a column; each card says it too."""
    return h.div(f".state.{key}", aria_hidden="true")[h.b[reader.say(words)], " ", sentence(STATE_RULES[key], bounds, reader)]


def _type(row: int, key: str, words: str, reader: Reader) -> h.Element:
    """The head of a row."""
    return h.div(f".type.row-{row}")[h.b[reader.say(words)], h.span[reader.say(MEANINGS[key])]]


def _group(line: Line, brief: Brief, result: Result, bounds: Mapping[str, Cell], reader: Reader) -> h.Element:
    kind, state, place = line.value("type"), line.value("state"), int(line.value("place"))
    rule = sentence(RULES[result.analysis.parameters["preset"]][kind], bounds, reader)
    badge = h.span(".badge")[reader.say(STATES["lapsed"])] if place in SOUNDS_PRESENT else None
    missing = h.p(".missing")[sentence(N_("Not enough history yet: {missing_days} to go"), line, reader)]
    return h.article(f".card.group.{state}.row-{(place - 1) % len(TYPES) + 1}")[
        h.h3[h.span(".place")[reader.number(place)], " ", reader.say(GROUPS[kind, state]), badge],
        h.p(".rule")[rule, h.span(".state-rule")[reader.say(N_("; ")), sentence(STATE_RULES[state], bounds, reader)]],
        _numbers(line, brief, result, reader) if line.value("observable") else missing,
    ]


def _numbers(line: Line, brief: Brief, result: Result, reader: Reader) -> h.Node:
    kind, state = line.value("type"), line.value("state")
    share = float(line.value("revenue_share") or 0)
    return h.fragment[
        h.p(".people-line")[h.span(".figure.strong")[line["customers"].show(reader)], _change(line, reader)],
        h.p[sentence(N_("{revenue} of revenue in all, {revenue_share} of the whole; last twelve months {year_revenue}"), line, reader)],
        h.div(".meter.small", style=f"--part:{min(max(share, 0), 1):.1%}", aria_hidden="true"),
        _rate(line, result, reader),
        h.p(".note")[sentence(N_("Bought on two days only: {bought_twice}"), line, reader)] if line.value("place") == COUNTS_TWO else None,
        _nearing(kind, brief, result, reader) if state == "active" else None,
        _way_to_list(kind, state, brief, result, reader) if line.value("customers") else None,
    ]


def _change(line: Line, reader: Reader) -> h.Element:
    """How many more or fewer than a month ago; a lapsed group that grows is bad news."""
    change = int(line.value("change"))
    mood = "" if not change else ".bad" if (change > 0) == (line.value("state") == "lapsed") else ".good"
    arrow = "▲" if change > 0 else "▼" if change < 0 else "•"
    shown = f"{arrow}\N{NO-BREAK SPACE}{reader.number(abs(change))}"
    return h.span(f".change{mood}", title=reader.say(line["change"].column.meaning))[shown, " ", h.span(".unit")[reader.say(N_("in a month"))]]


def _rate(line: Line, result: Result, reader: Reader) -> h.Node:
    if line.value("repurchase_rate") is None:
        return h.p(".note")[reader.say(N_("Repurchase rate: not measured yet"))]
    cells = {**line, "horizon_days": result.answer.only("totals")["horizon_days"]}
    at, low, high = (float(line.value(name)) for name in ("repurchase_rate", "rate_low", "rate_high"))
    return h.fragment[
        h.p[sentence(N_("{repurchase_rate} bought again within {horizon_days}; probably {rate_low} to {rate_high} (base: {rate_base})"), cells, reader)],
        h.div(".range", style=f"--at:{at:.1%};--low:{low:.1%};--high:{high:.1%}", aria_hidden="true")[h.i],
    ]


def _nearing(kind: str, brief: Brief, result: Result, reader: Reader) -> h.Node:
    line = result.answer.details["nearing"].row(type=kind)
    if line is None:
        return None
    text = sentence(N_("Close to lapsing: {customers}"), line, reader)
    listed = brief.list_of(result, {"type": kind, "state": "active", "near_lapse": 1})
    return h.p(".note")[h.a(href=f"#list-{listed.number}")[text] if listed else text]


def _way_to_list(kind: str, state: str, brief: Brief, result: Result, reader: Reader) -> h.Element:
    """Where the people are: on a list of the brief, or one line away; and what to do with them by default."""
    listed = brief.list_of(result, {"type": kind, "state": state})
    line = f"regulars rows {result.analysis.key} --where type={kind} --where state={state}"
    typed = None if listed else h.p[reader.say(N_("The list:")), " ", h.code[line]]
    return h.div(".ways")[
        h.details[h.summary[reader.say(N_("What to do"))], h.p[reader.say(PLAYS[kind, state])], typed],
        h.a(".button.strong", href=f"#list-{listed.number}")[reader.say(N_("See the list"))] if listed else None,
    ]


def _bar(result: Result, reader: Reader) -> h.Element:
    """Where the money bar comes from."""
    totals = result.answer.only("totals")
    default = N_("Here it stands at {money_bar}: about seven times the mean order of {order_value}.")
    text = default if result.analysis.parameters["money"] is None else N_("Here it was set to {money_bar}; a mean order is {order_value}.")
    return _remark(reader.say(N_("The bar")), h.p[reader.say(N_("The bar is the sum that makes a big buyer."))], h.p[sentence(text, totals, reader)])


def _presets(result: Result, reader: Reader) -> h.Element:
    """The two wordings of the rule."""
    names = {"general": N_("original rule"), "article": N_("wording of articles")}
    here = result.analysis.parameters["preset"]
    (other,) = names.keys() - {here}
    words = reader.say(N_("In force: {this}. The other preset: {other}."), this=reader.say(names[here]), other=reader.say(names[other]))
    switching = sentence(N_("Would change groups with the other preset: {switch_preset}."), result.answer.only("totals"), reader)
    return _remark(reader.say(N_("Two presets")), h.p[words], h.p[switching])


def _sensitivity(result: Result, reader: Reader) -> h.Node:
    """How many would change groups if a bound stood a little lower or higher."""
    lines = result.answer.details["sensitivity"]
    steps = sorted({float(line.value("moved_by")) for line in lines})
    if not steps:
        return None
    bounds = list(dict.fromkeys(line.value("bound") for line in lines))
    head = h.tr[h.th(scope="col")[reader.say(N_("Bound"))], (h.th(".number", scope="col")[_signed(step, reader)] for step in steps)]
    found = {(line.value("bound"), float(line.value("moved_by"))): line for line in lines}
    words = lines[0]["bound"].column
    body = (h.tr[h.th(scope="row")[words.show(bound, reader)], (_switching(found.get((bound, step)), reader) for step in steps)] for bound in bounds)
    return _remark(reader.say(N_("If a bound stood a little lower or higher, so many would change groups")), h.table[h.thead[head], h.tbody[body]])


def _switching(line: Line | None, reader: Reader) -> h.Element:
    return h.td(".number")[f"{line['switching'].show(reader, prose=False)} ({line['switching_rate'].show(reader)})" if line else None]


def _signed(step: float, reader: Reader) -> str:
    return f"{'+' if step > 0 else chr(0x2212)}{reader.percent(abs(step), 0)}"


def _rhythm(result: Result, reader: Reader) -> h.Node:
    """The thresholds in force beside those that the shop's own gaps between purchases suggest."""
    line, totals = result.answer.only("thresholds"), result.answer.only("totals")
    if line.value("proposed_lapse") is None:
        return None
    pairs = (("lapse_days", "proposed_lapse"), ("short_days", "proposed_short"), ("long_days", "proposed_long"))
    head = h.tr[
        h.th(scope="col")[reader.say(N_("Bound"))], (h.th(".number", scope="col")[reader.say(title)] for title in (N_("In force"), N_("Your customers")))
    ]
    body = (
        h.tr[h.th(scope="row")[reader.say(totals[mine].column.title)], h.td(".number")[totals[mine].show(reader)], h.td(".number")[line[own].show(reader)]]
        for mine, own in pairs
    )
    note = sentence(N_("From {gaps} gaps between two purchases. A proposal: nothing is changed until you say so."), {"gaps": line["gaps"]}, reader)
    return _remark(reader.say(N_("The bounds your own customers suggest")), h.table[h.thead[head], h.tbody[body]], h.p(".note")[note])


def _remark(title: str, *content: h.Node) -> h.Element:
    return h.article(".card")[h.h3[title], content]
