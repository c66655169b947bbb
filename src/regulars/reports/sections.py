"""The sections of the brief's page that are about the whole: header, health, questions, findings, lists, definitions, provenance."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import htpy as h
from babel import Locale

from regulars.analysis import GRADES, Finding
from regulars.errors import N_
from regulars.i18n import NO_CURRENCY, Reader
from regulars.imports import Import
from regulars.ingest.stage import REASONS
from regulars.reports.brief import Brief
from regulars.reports.contacts import ContactList
from regulars.reports.elements import definitions, facts, fold, grade, if_line, said, stake
from regulars.reports.health import FACTS
from regulars.result import RESULT_COLUMN, Result
from regulars.units import Column

PEOPLE_SHOWN: Final = 50
"""People per list on the page; the workbook has all of them."""
_PHONE: Final = re.compile(r"\+?[\d\s()./-]{5,24}")
_MAIL: Final = re.compile(r"[^\s@<>\"'?&]+@[^\s@<>\"'?&]+")


def header(brief: Brief, reader: Reader) -> h.Element:
    """Whose data, of when, in which money; the three findings with the most money; whom to contact first."""
    about = (
        (N_("Period"), f"{reader.day(brief.book.first_on)} \N{EN DASH} {reader.day(brief.book.last_on)}"),
        (N_("As of"), reader.day(brief.book.last_on)),
        (N_("Currency"), brief.book.name if brief.book.name != NO_CURRENCY else reader.say(N_("not stated"))),
        (N_("Language"), Locale.parse(reader.language).get_language_name(reader.language) or reader.language),
        (N_("Files"), brief.files),
    )
    return h.header[
        h.p(".eyebrow")[reader.say(N_("Customer brief"))],
        h.h1[brief.name],
        h.dl(".about")[(h.div[h.dt[reader.say(title)], h.dd[value]] for title, value in about)],
        h.p(".personal")[
            reader.say(N_("This file holds personal data: names and ways to reach people. Keep it where only those who need it can open it.")),
            " ",
            h.a(href="#privacy")[reader.say(N_("More"))],
        ],
        h.div(".headlines")[(_headline(finding, result, reader) for finding, result in brief.headlines)],
        _first(brief, reader),
    ]


def _headline(finding: Finding, result: Result, reader: Reader) -> h.Element:
    return h.article(".card.headline")[
        finding.money and stake(finding.money, reader),
        h.p[said(finding, reader)],
        h.p(".source")[grade(finding, reader), h.a(href=f"#{result.analysis.key}")[reader.say(result.analysis.title)]],
    ]


def _first(brief: Brief, reader: Reader) -> h.Node:
    if not brief.lists:
        return None
    first = brief.lists[0]
    return h.aside(".card.first")[
        h.p(".eyebrow")[reader.say(N_("Contact first"))],
        h.p(".lead")[h.b[first.title(reader)], ". ", said(first.action, reader)],
        h.p[reader.say(first.action.play)],
        h.a(".button", href=f"#list-{first.number}")[reader.say(N_("To the list"))],
    ]


def health(brief: Brief, reader: Reader) -> h.Node:
    """How many rows stand behind the brief, who is known, what is uncertain."""
    found = brief.health
    loaded = found.facts.value("rows_loaded") / found.facts.value("rows_in") if found.facts.value("rows_in") else 0
    names = ("rows_in", "rows_loaded", "rows_rejected", "customers", "orders", "identified_share", "history_days", "refunds_matched", "refunds_unmatched", "reachable_rate")
    return h.fragment[
        h.div(".meter", style=f"--part:{loaded:.2%}", aria_hidden="true"),
        facts(found.facts, names, reader),
        h.ul(".said")[(h.li(class_="warning" if one.warning else None)[said(one, reader)] for one in found.sentences())],
        h.div(".folds")[
            found.rejected and _rejected(found.rejected, reader), fold(reader.say(N_("File by file")), [_delivery(one, reader) for one in found.imports])
        ],
    ]


def _rejected(reasons: dict[str, int], reader: Reader) -> h.Element:
    rows = (h.tr[h.th(scope="row")[reader.say(REASONS.get(reason, reason))], h.td(".number")[reader.number(number)]] for reason, number in reasons.items())
    head = h.tr[h.th(scope="col")[reader.say(N_("Reason"))], h.th(".number", scope="col")[reader.say(N_("Rows"))]]
    where = h.p(".note")[reader.say(N_("The rows themselves, with place and value:")), " ", h.code["regulars rows rejected"]]
    return fold(reader.say(N_("Why rows were refused")), h.div(".scroll", tabindex="0")[h.table[h.thead[head], h.tbody[rows]]], where)


def _delivery(one: Import, reader: Reader) -> h.Element:
    lines = (
        (N_("Rows read"), reader.number(one.rows_in)),
        (N_("Rows loaded"), reader.number(one.rows_loaded)),
        (N_("Rows refused"), reader.number(one.rows_rejected)),
        (N_("Rows without a customer"), reader.number(one.walk_in_rows)),
        (N_("Currencies"), ", ".join(one.currencies) or "\N{EN DASH}"),
        (N_("Fingerprint"), h.code[one.fingerprint[:16]]),
    )
    return h.article(".delivery")[h.h3[Path(one.path).name], h.dl(".facts")[(h.div[h.dt[reader.say(title)], h.dd[value]] for title, value in lines)]]


def questions(brief: Brief, reader: Reader) -> h.Element:
    """The five entry questions, each answered or with what is missing."""
    return h.ol(".questions")[
        (
            h.li(".card")[
                h.h3[reader.say(one.question.title)],
                (h.p[said(finding, reader), result and [" ", h.a(href=f"#{result.analysis.key}")[reader.say(result.analysis.title)]]] for finding, result in one.findings),
                (h.p(".missing")[reader.say(text)] for text in one.missing),
            ]
            for one in brief.questions
        )
    ]


def findings(brief: Brief, reader: Reader) -> h.Node:
    """All findings, the most money first, each with its grade."""
    return h.fragment[
        h.p(".note")[reader.say(N_("Evidence grades, from strong to weak:")), " ", reader.joined([reader.say(word) for word in GRADES.values()])],
        h.ol(".findings")[
            (
                h.li(class_="warning" if finding.warning else None)[
                    finding.money and stake(finding.money, reader),
                    h.div[h.p[said(finding, reader)], h.p(".source")[grade(finding, reader), h.a(href=f"#{result.analysis.key}")[reader.say(result.analysis.title)]]],
                ]
                for finding, result in brief.ranked
            )
        ],
    ]


def people(brief: Brief, reader: Reader) -> h.Node:
    """The lists of people to contact, each with room for what came of it."""
    if not brief.lists:
        return h.p[reader.say(N_("The data name no customers who need to be contacted now."))]
    return h.fragment[
        h.p[reader.say(N_("Nobody needs to be called twice: whoever stands on a list above is marked. Write down what came of each contact; next time it counts."))],
        (_list(one, reader) for one in brief.lists),
    ]


def _list(one: ContactList, reader: Reader) -> h.Element:
    action, columns = one.action, _shown(one)
    terms = (
        (N_("Why"), said(action, reader)),
        (N_("What to do"), reader.say(action.play)),
        (N_("At stake"), action.at_stake.amount.show(reader)),
        (N_("If"), if_line(action.test, reader) if action.test else None),
        (N_("What to watch"), reader.say(N_("{watch}, for {days}"), watch=reader.say(action.watch), days=reader.counted(N_("{n} day"), N_("{n} days"), action.within_days))),
    )
    head = h.tr[h.th(scope="col")["#"], (h.th(scope="col", class_=_kind(c))[reader.say(c.title)] for c in columns.values()), h.th(scope="col")[reader.say(RESULT_COLUMN.title)]]
    shown = list(one.lines)[:PEOPLE_SHOWN]
    number = reader.say(N_("{shown} of {all}; everybody is in the workbook."), shown=reader.number(len(shown)), all=reader.number(len(one)))
    title = one.title(reader)
    return h.article(".list", id=f"list-{one.number}")[
        h.h3[title],
        h.dl(".terms")[(h.div[h.dt[reader.say(name)], h.dd[value]] for name, value in terms if value is not None)],
        h.p(".note")[number],
        h.div(".scroll", tabindex="0", role="region", aria_label=title)[
            h.table(".people")[h.caption(".unseen")[title], h.thead[head], h.tbody[(_person(n, row, one, reader) for n, row in enumerate(shown, 1))]]
        ],
    ]


def _person(number: int, row: dict[str, Any], one: ContactList, reader: Reader) -> h.Element:
    columns = _shown(one)
    result = reader.say(N_("see above")) if row["customer_id"] in one.above else None
    return h.tr[
        h.td(".number")[reader.number(number)],
        (h.td(class_=_kind(column), data_label=reader.say(column.title))[_reach(name, row, column, reader)] for name, column in columns.items()),
        h.td(".result", data_label=reader.say(RESULT_COLUMN.title))[result],
    ]


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


def meanings(brief: Brief, reader: Reader) -> h.Element:
    """Every column that stands in the brief, with its meaning."""
    return h.div(".folds")[fold(reader.say(N_("The data")), definitions(FACTS, reader)), (_meanings(result, reader) for result in brief.results)]


def _meanings(result: Result, reader: Reader) -> h.Element:
    analysis = result.analysis
    parts = {detail.title: detail.gives for detail in analysis.details.values()} | {N_("The rows behind it"): analysis.row_columns}
    further = ((h.h4[reader.say(title)], definitions(columns, reader)) for title, columns in parts.items())
    return fold(reader.say(analysis.title), definitions(result.columns, reader), further)


def provenance(brief: Brief, reader: Reader) -> Iterator[h.Node]:
    """Enough to get every number again."""
    first = brief.results[0].provenance if brief.results else None
    lines = [
        (N_("State of the data"), h.code[brief.snapshot.id]),
        (N_("Engine"), first.engine if first else None),
        (N_("Version"), f"Regulars {first.version}" if first else None),
        (N_("Business day starts at"), f"{brief.snapshot.day_starts_at:02d}:00"),
    ]
    yield h.dl(".facts")[(h.div[h.dt[reader.say(title)], h.dd[value]] for title, value in lines if value)]
    yield h.div(".scroll", tabindex="0")[
        h.table[
            h.thead[h.tr[(h.th(scope="col")[reader.say(title)] for title in (N_("File"), N_("Fingerprint (SHA-256)"), N_("Rows loaded")))]],
            h.tbody[(h.tr[h.th(scope="row")[Path(i.path).name], h.td[h.code[i.fingerprint]], h.td(".number")[reader.number(i.rows_loaded)]] for i in brief.imports)],
        ]
    ]
    yield h.p[reader.say(N_("The rows behind any number can be listed again, for example:")), " ", h.code["regulars rows cpm --where type=excellent --where state=lapsed"]]
    yield h.div(".folds")[(_source(result, reader) for result in brief.results)]


def _source(result: Result, reader: Reader) -> h.Element:
    """Method, source, parameters and SQL of one analysis."""
    return fold(
        reader.say(result.analysis.title),
        h.p[reader.say(result.analysis.method)],
        h.p(".note")[reader.say(N_("After:")), " ", result.analysis.source],
        h.p[reader.say(N_("Parameters")), ": ", h.code[json.dumps(dict(result.provenance.parameters), ensure_ascii=False)]],
        ((h.h4[name], h.pre(tabindex="0")[text]) for name, text in result.provenance.sql.items()),
    )


def privacy(reader: Reader) -> Iterator[h.Element]:
    """What the file holds of people, and what that asks of its owner."""
    for text in (
        N_("This file names customers and says how to reach them and what they bought. It was made on your machine and has been sent to nobody."),
        N_("Use it only for what the customers agreed to or may expect, give it only to those who make the contacts, and delete it when they are done."),
        N_("Whoever says that they want no contact stays off every further list: write it into the result column."),
    ):
        yield h.p[reader.say(text)]
