"""The lists of people on the page: why, what to do, what is at stake, and a row for everybody with room for what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import htpy as h

from regulars.errors import N_
from regulars.i18n import Reader
from regulars.reports.brief import Brief
from regulars.reports.contacts import ContactList
from regulars.reports.elements import if_line, said
from regulars.result import RESULT_COLUMN
from regulars.units import Column

PEOPLE_SHOWN: Final = 50
"""People per list on the page; the workbook has all of them."""
_PHONE: Final = re.compile(r"\+?[\d\s()./-]{5,24}")
_MAIL: Final = re.compile(r"[^\s@<>\"'?&]+@[^\s@<>\"'?&]+")


def lists(brief: Brief, reader: Reader) -> h.Node:
    """The lists of people to contact, each with room for what came of it."""
    if not brief.lists:
        return h.p[reader.say(N_("The data name no customers who need to be contacted now."))]
    twice = N_("Nobody needs to be called twice: whoever stands on a list above is marked. Write down what came of each contact.")
    return h.fragment[
        h.p[reader.say(twice)],
        (_list(one, reader) for one in brief.lists),
    ]


def _list(one: ContactList, reader: Reader) -> h.Element:
    columns, result = _shown(one), reader.say(RESULT_COLUMN.title)
    head = h.tr[h.th(scope="col")["#"], (h.th(scope="col", class_=_kind(c))[reader.say(c.title)] for c in columns.values()), h.th(scope="col")[result]]
    shown = one.people.slice(0, PEOPLE_SHOWN).to_pylist()
    left_out = N_("{shown} of {all}; everybody is in the workbook.")
    number = reader.say(left_out, shown=reader.number(len(shown)), all=reader.number(len(one))) if len(shown) < len(one) else ""
    title = one.title(reader)
    return h.article(".list", id=f"list-{one.number}")[
        h.h3[f"{one.number}. {title}"],
        h.dl(".terms")[(h.div[h.dt[reader.say(name)], h.dd[value]] for name, value in _terms(one, reader))],
        h.p(".note")[number],
        h.div(".scroll", tabindex="0", role="region", aria_label=title)[
            h.table(".people")[h.caption(".unseen")[title], h.thead[head], h.tbody[(_person(n, row, one, reader) for n, row in enumerate(shown, 1))]]
        ],
    ]


def _terms(one: ContactList, reader: Reader) -> Iterator[tuple[str, h.Node]]:
    """What the caller should know before the first call."""
    action = one.action
    yield N_("Why"), said(action, reader)
    yield N_("What to do"), reader.say(action.play)
    yield N_("At stake"), action.at_stake.amount.show(reader)
    if action.test:
        yield N_("If"), if_line(action.test, reader)
    days = reader.counted(N_("{n} day"), N_("{n} days"), action.within_days)
    yield N_("What to watch"), reader.say(N_("{watch}, for {days}"), watch=reader.say(action.watch), days=days)


def _person(number: int, row: dict[str, Any], one: ContactList, reader: Reader) -> h.Element:
    said_above = reader.say(N_("see above")) if row["customer_id"] in one.above else None
    return h.tr[
        h.td(".number")[reader.number(number)],
        (_known(name, row, column, reader) for name, column in _shown(one).items()),
        h.td(".result", data_label=reader.say(RESULT_COLUMN.title))[said_above],
    ]


def _known(name: str, row: dict[str, Any], column: Column, reader: Reader) -> h.Element:
    """What is known of a person, under its header, which a phone shows beside it."""
    return h.td(class_="who" if name == "name" else _kind(column), data_label=reader.say(column.title))[_reach(name, row, column, reader)]


def _kind(column: Column) -> str:
    return "words" if column.unit in ("text", "label", "date", "month") else "number"


def _shown(one: ContactList) -> dict[str, Column]:
    """The list's columns on the page, where the customer's key stands under the name."""
    return {name: column for name, column in one.columns.items() if name != "customer_id" or "name" not in one.columns}


def _reach(name: str, row: dict[str, Any], column: Column, reader: Reader) -> h.Node:
    """A cell of a list; a phone number or an address is something to tap, where it has the form of one."""
    shown = column.show(row[name], reader)
    match name:
        case "name":
            return h.fragment[h.b[shown], " ", h.span(".unit")[row["customer_id"]]]
        case "phone" if _PHONE.fullmatch(shown):
            return h.a(href=f"tel:{re.sub(r'[^+0-9]', '', shown)}")[shown]
        case "email" if _MAIL.fullmatch(shown):
            return h.a(href=f"mailto:{shown}")[shown]
    return shown
