"""The sections of the brief's page that are about the whole: header, health, questions, findings, definitions, provenance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import htpy as h

from regulars.analysis import GRADES, Finding
from regulars.errors import N_
from regulars.i18n import NO_CURRENCY, Reader
from regulars.ingest.fields import words_of
from regulars.ingest.reasons import REASONS
from regulars.intake.delivery import Import
from regulars.reports.brief import Brief
from regulars.reports.elements import definitions, facts, fold, grade, link, said, stake, table
from regulars.reports.health import FACTS, REFUSED, Health
from regulars.result import Result

SILENT: Final = N_("The data say nothing to this yet.")
"""Said where a question has neither a sentence nor anything missing."""
SHOWN_FACTS: Final = (
    *("rows_in", "rows_loaded", "rows_rejected", "customers", "orders", "identified_share"),
    *("history_days", "refunds_matched", "refunds_unmatched", "reachable_rate"),
)


def header(brief: Brief, reader: Reader) -> h.Element:
    """Whose data, of when, in which money; the three findings with the most money; whom to contact first."""
    about = (
        (N_("Period"), f"{reader.day(brief.book.first_on)} \N{EN DASH} {reader.day(brief.book.last_on)}"),
        (N_("As of"), reader.day(brief.as_of)),
        (N_("Currency"), brief.book.name if brief.book.name != NO_CURRENCY else reader.say(N_("not stated"))),
        (N_("Language"), reader.language_name),
        (N_("Files"), brief.files),
    )
    return h.header[
        h.p(".eyebrow.strong")[reader.say(N_("Customer brief"))],
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
        stake(finding.money, reader) if finding.money else None,
        h.p[said(finding, reader)],
        h.p(".source")[grade(finding, reader), link(result, reader)],
    ]


def _first(brief: Brief, reader: Reader) -> h.Node:
    if not brief.lists:
        return None
    first = brief.lists[0]
    return h.aside(".card.first")[
        h.p(".eyebrow.strong")[reader.say(N_("Contact first"))],
        h.p(".lead.strong")[first.title(reader)],
        h.p[said(first.action, reader)],
        h.p[reader.say(first.action.play)],
        h.a(".button.strong", href=f"#list-{first.number}")[reader.say(N_("To the list"))],
    ]


def health(brief: Brief, reader: Reader) -> h.Node:
    """How many rows stand behind the brief, who is known, what is uncertain."""
    found = brief.health
    loaded = found.facts.value("rows_loaded") / found.facts.value("rows_in") if found.facts.value("rows_in") else 0
    return h.fragment[
        h.div(".meter", style=f"--part:{loaded:.2%}", aria_hidden="true"),
        facts(found.facts, SHOWN_FACTS, reader),
        h.ul(".said")[
            (h.li(class_="warning" if one.warning else None)[said(one, reader)] for one in found.sentences()), (h.li[note.read(reader)] for note in found.notes)
        ],
        h.div(".folds")[
            _rejected(found, reader) if found.rejected else None,
            fold(reader.say(N_("File by file")), [_delivery(one, reader) for one in found.imports]),
        ],
    ]


def _rejected(found: Health, reader: Reader) -> h.Element:
    """How many rows each reason refused, and the first of them with place and value."""
    rows = (h.tr[h.th(scope="row")[reader.say(REASONS.get(r, r))], h.td(".number")[reader.number(n)]] for r, n in found.rejected.items())
    head = h.tr[h.th(scope="col")[reader.say(N_("Reason"))], h.th(".number", scope="col")[reader.say(N_("Rows"))]]
    title = reader.say(N_("Why rows were refused"))
    where = h.p(".note")[reader.say(N_("The rows themselves, with place and value:")), " ", h.code["regulars rows rejected"]]
    reasons = h.div(".scroll", tabindex="0")[h.table[h.thead[head], h.tbody[rows]]]
    return fold(title, reasons, table(found.refused, REFUSED, reader, title) if found.refused else None, where)


def _delivery(one: Import, reader: Reader) -> h.Element:
    lines = (
        (N_("Rows read"), reader.number(one.rows_in)),
        (N_("Rows loaded"), reader.number(one.rows_loaded)),
        (N_("Rows refused"), reader.number(one.rows_rejected)),
        (N_("Rows without a customer"), reader.number(one.walk_in_rows)),
        (N_("Currencies"), ", ".join(one.currencies) or "\N{EN DASH}"),
        (N_("Fingerprint"), h.code[one.fingerprint[:16]]),
    )
    read = [(match["column"], words_of(mapping["table"], match["field"])) for mapping in one.mappings for match in mapping["matches"]]
    return h.article(".delivery")[
        h.h3[Path(one.path).name],
        h.dl(".facts")[(h.div[h.dt[reader.say(title)], h.dd(".strong")[value]] for title, value in lines)],
        [h.p(".note")[reader.say(N_("How its columns were read"))], h.dl(".meanings")[((h.dt[c], h.dd[reader.say(words)]) for c, words in read)]]
        if read
        else None,
    ]


def questions(brief: Brief, reader: Reader) -> h.Element:
    """The five entry questions, each answered or with what is missing."""
    return h.ol(".questions")[
        (
            h.li(".card")[
                h.h3[reader.say(one.question.title)],
                (h.p[said(finding, reader), [" ", link(result, reader)] if result else None] for finding, result in one.findings),
                (h.p(".missing")[reader.say(text)] for text in one.missing or (() if one.findings else (SILENT,))),
            ]
            for one in brief.questions
        )
    ]


def findings(brief: Brief, reader: Reader) -> h.Node:
    """All findings, the most money first, each with its grade."""
    return h.fragment[
        h.p(".note")[reader.say(N_("Evidence grades, from strong to weak:")), " ", reader.joined([reader.say(word) for word in GRADES.values()])],
        h.ol(".findings")[(_finding(finding, result, reader) for finding, result in brief.ranked)],
    ]


def _finding(finding: Finding, result: Result, reader: Reader) -> h.Element:
    return h.li(class_="warning" if finding.warning else None)[
        stake(finding.money, reader) if finding.money else None,
        h.div[h.p[said(finding, reader)], h.p(".source")[grade(finding, reader), link(result, reader)]],
    ]


def meanings(brief: Brief, reader: Reader) -> h.Element:
    """Every column that stands in the brief, with its meaning."""
    return h.div(".folds")[fold(reader.say(N_("The data")), definitions(FACTS, reader)), (_meanings(result, reader) for result in brief.results)]


def _meanings(result: Result, reader: Reader) -> h.Element:
    analysis = result.analysis
    parts = {detail.title: detail.gives for detail in analysis.details.values()} | {N_("The rows behind it"): analysis.row_columns}
    further = ((h.h3[reader.say(title)], definitions(columns, reader)) for title, columns in parts.items())
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
    yield h.dl(".facts")[(h.div[h.dt[reader.say(title)], h.dd(".strong")[value]] for title, value in lines if value)]
    head = h.tr[(h.th(scope="col")[reader.say(title)] for title in (N_("File"), N_("Fingerprint (SHA-256)"), N_("Rows loaded")))]
    rows = (
        h.tr[h.th(scope="row")[Path(one.path).name], h.td[h.code[one.fingerprint]], h.td(".number")[reader.number(one.rows_loaded)]] for one in brief.imports
    )
    yield h.div(".scroll", tabindex="0")[h.table[h.thead[head], h.tbody[rows]]]
    again = h.code["regulars rows cpm --where type=excellent --where state=lapsed"]
    yield h.p[reader.say(N_("The rows behind any number can be listed again, for example:")), " ", again]
    yield h.div(".folds")[(_source(result, reader) for result in brief.results)]


def _source(result: Result, reader: Reader) -> h.Element:
    """Method, source, parameters and SQL of one analysis."""
    return fold(
        reader.say(result.analysis.title),
        h.p[reader.say(result.analysis.method)],
        h.p(".note")[reader.say(N_("After:")), " ", result.analysis.source],
        h.p[reader.say(N_("Parameters")), ": ", h.code[json.dumps(dict(result.provenance.parameters), ensure_ascii=False)]],
        ((h.h3[name], h.pre(tabindex="0")[text]) for name, text in result.provenance.sql.items()),
    )


def privacy(reader: Reader) -> Iterator[h.Element]:
    """What the file holds of people, and what that asks of its owner."""
    for text in (
        N_("This file names customers and says how to reach them and what they bought. It was made on your machine and has been sent to nobody."),
        N_("Use it only for what the customers agreed to or may expect, give it only to those who make the contacts, and delete it when they are done."),
        N_("Whoever says that they want no contact stays off every further list: write it into the result column."),
    ):
        yield h.p[reader.say(text)]
