"""The brief as a workbook: what is where, the same tables with real numbers in them, native charts, every list whole."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from regulars.analysis import GRADES, AtStake
from regulars.engines.refusals import refusal
from regulars.errors import N_, error
from regulars.i18n import NO_CURRENCY, Reader
from regulars.ingest.reasons import REASONS
from regulars.reports.brief import Brief
from regulars.reports.cells import Cells, sheet_name
from regulars.reports.contacts import IF, ContactList, if_cells
from regulars.reports.figures import draw
from regulars.reports.health import FACTS, REFUSED
from regulars.reports.mending import MendingList
from regulars.reports.tables import LINE, Page, lines, stated_totals
from regulars.result import RESULT_COLUMN, Result
from regulars.spreadsheets import SAFE
from regulars.units import Column, count, money, text

OUTCOMES: Final = (N_("reached"), N_("no answer"), N_("wants no contact"), N_("bought"))
"""What may stand in the result column of a list."""
TOLD: Final = 90
"""Characters of an answer in the contents before it is broken."""
PERSONAL: Final = N_("This file holds personal data: names and ways to reach people. Keep it where only those who need it can open it.")


def write_workbook(brief: Brief, path: Path, reader: Reader) -> Path:
    """Write the brief's tables as .xlsx, whole or not at all. The same brief and reader give the same bytes.

    Raises:
        RegularsError: ``not_writable``.
    """
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        _Book(brief, unfinished, reader.of(brief.book.name)).write()
        os.replace(unfinished, path)
    except (OSError, FileCreateError) as cause:
        unfinished.unlink(missing_ok=True)
        raise refusal(cause, path) or error("not_writable", path=str(path), reason=getattr(cause, "strerror", None) or str(cause)) from cause
    return path


class _Book:
    """One workbook being written. The contents come first and are written last, when every sheet has its name."""

    def __init__(self, brief: Brief, path: Path, reader: Reader) -> None:
        self.brief, self.reader = brief, reader
        self.book = xlsxwriter.Workbook(str(path), {**SAFE, "in_memory": True})
        made = brief.snapshot.as_of
        title = f"{brief.name} · {reader.say(N_('Customer brief'))}"
        self.book.set_properties({"title": title, "created": datetime(made.year, made.month, made.day), "author": "Regulars"})  # noqa: DTZ001 - a day, not a moment
        self.book.set_calc_mode("auto")
        self.cells = Cells(self.book, reader)
        self._names: set[str] = set()
        self._told: list[tuple[str, str]] = []

    def write(self) -> None:
        """All sheets, in the order they are read."""
        contents = self._page(self._say(N_("Contents")))
        self._summary()
        self._health()
        if self.brief.health.refused:
            title = self._say(N_("Rows refused"))
            page = self._page(title, self._say(N_("Each row of the files that could not be loaded, with its place and reason.")))
            page.heading(title, back=self._home)
            page.table(REFUSED, self.brief.health.refused)
            page.finish()
        for result in self.brief.results:
            self._answer(result)
            self._figures(result)
        for found in self.brief.lists:
            self._list(found)
        for records in self.brief.mending:
            self._mend(records)
        self._definitions()
        self._provenance()
        self._contents(contents)
        self.book.close()

    # what the sheets hold

    def _contents(self, page: Page) -> None:
        """What is where, with the answer of each analysis in one line."""
        page.heading(self.brief.name, [self._say(PERSONAL)] if self.brief.lists else [])
        known = {
            self._say(N_("Period")): f"{self.reader.day(self.brief.book.first_on)} \N{EN DASH} {self.reader.day(self.brief.book.last_on)}",
            self._say(N_("As of")): self.reader.day(self.brief.snapshot.as_of),
            self._say(N_("Currency")): "\N{EN DASH}" if self.brief.book.name == NO_CURRENCY else self.brief.book.name,
            self._say(N_("Files")): self.brief.files,
        }
        for name, value in known.items():
            self.cells.say(page.sheet, page.row, 0, name, "strong")
            self.cells.say(page.sheet, page.row, 1, value, "aside")
            page.row += 1
        page.row += 1
        for place, title in enumerate((N_("Sheet"), N_("What it says"))):
            self.cells.say(page.sheet, page.row, place, self._say(title), "head")
        page.sheet.freeze_panes(page.row + 1, 0)
        for name, told in self._told[1:]:
            page.row += 1
            page.link(page.row, 0, name, name)
            self.cells.say(page.sheet, page.row, 1, told)
            page.sheet.set_row(page.row, LINE * lines(told, TOLD))
        page.widen(0, [name for name, _ in self._told], 40)
        page.widen(1, ["x" * TOLD], TOLD)
        page.finish()

    def _summary(self) -> None:
        columns = {
            "money": money(N_("Money"), N_("At stake: net revenue of the last twelve months of these people; with “if” in the next column: expected revenue")),
            "kind": text(N_("Which money"), N_("At stake, or if they buy as such customers did before")),
            "finding": text(N_("Finding"), N_("What the data say")),
            "grade": text(N_("Evidence"), N_("Evidence grade")),
            "analysis": text(N_("From"), N_("The analysis it comes from")),
        }
        rows = [
            {
                "money": finding.money.amount.value if finding.money else None,
                "kind": self._say(N_("at stake") if isinstance(finding.money, AtStake) else N_("if")) if finding.money else None,
                "finding": finding.text(self.reader),
                "grade": self._say(GRADES[finding.grade]),
                "analysis": self._say(result.analysis.title),
            }
            for finding, result in self.brief.ranked
        ]
        title = self._say(N_("Summary"))
        page = self._page(title, str(rows[0]["finding"]) if rows else "")
        page.heading(title, back=self._home)
        page.table(columns, rows)
        page.finish()

    def _health(self) -> None:
        health, title = self.brief.health, self._say(N_("Data health"))
        told = [*(one.text(self.reader) for one in health.sentences()), *(note.read(self.reader) for note in health.notes)]
        page = self._page(title, told[0])
        page.heading(self._say(N_("What shape the data are in")), told, back=self._home)
        page.facts(FACTS, {name: health.facts.value(name) for name in health.facts})
        reasons = {"reason": text(N_("Why rows were refused"), N_("The reason")), "rows": count(N_("Rows"), N_("How many rows"))}
        if health.rejected:
            page.table(reasons, [{"reason": self._say(REASONS.get(r, r)), "rows": n} for r, n in health.rejected.items()], frozen=False)
        page.finish()

    def _answer(self, result: Result) -> None:
        """What an analysis says, its charts, and its details, the short ones first."""
        analysis = result.analysis
        findings = [one.text(self.reader) for one in result.findings]
        title = self._say(analysis.title)
        page = self._page(title, findings[0] if findings else self._say(analysis.question))
        page.heading(title, [self._say(analysis.question), *findings], back=self._home)
        for picture in result.charts:
            draw(page, picture)
        for name, detail in sorted(analysis.details.items(), key=lambda pair: result.details[pair[0]].num_rows):
            page.caption(self._say(detail.title))
            rows = result.details[name].to_pylist()
            if len(rows) == 1:
                page.facts(detail.gives, rows[0])
            else:
                page.table(detail.gives, rows, frozen=False)
        page.finish(upright=True)

    def _figures(self, result: Result) -> None:
        """The whole table of an analysis, with sums over what a filter leaves."""
        analysis, title = result.analysis, self._say(result.analysis.title)
        page = self._page(title, self._say(analysis.question), ending=f" · {self._say(N_('Table'))}")
        page.heading(title, back=self._home)
        rows = result.summary.to_pylist()
        stated = result.details["totals"].to_pylist() if "totals" in result.details else []
        page.table(result.columns, rows, totals=stated_totals(result.columns, rows, stated[0]) if stated else None)
        page.finish()

    def _list(self, found: ContactList) -> None:
        action = found.action
        title = f"{found.number}. {found.title(self.reader)}"
        page = self._page(title, action.reason(self.reader))
        stake = f"{self._say(N_('At stake'))}: {action.at_stake.amount.show(self.reader)}"
        watch = f"{self._say(N_('What to watch'))}: {self._say(action.watch)}, {self.reader.counted(N_('{n} day'), N_('{n} days'), action.within_days)}"
        maybe = [self.reader.say(IF, **{n: c.show(self.reader) for n, c in if_cells(action.test).items()})] if action.test else []
        page.heading(title, [action.reason(self.reader), self._say(action.play), stake, *maybe, watch], back=self._home)
        why = text(N_("Why"), N_("Why this person stands on the list"))
        reason, above = self._say(action.title), self._say(N_("see above"))
        rows = [{**row, "why": reason, "result": above if row["customer_id"] in found.above else None} for row in found.lines]
        columns = found.columns | {"why": why, "result": RESULT_COLUMN}
        totals = {name: sum(row[name] or 0 for row in rows) for name, column in columns.items() if column.unit in ("money", "count")}
        head = page.table(columns, rows, totals=totals)
        place = len(columns) - 1
        outcomes = [self._say(one) for one in OUTCOMES]
        page.widen(place, ["x" * 14, *outcomes])
        page.sheet.data_validation(head + 1, place, head + max(len(rows), 1), place, {"validate": "list", "source": outcomes, "error_type": "information"})
        page.finish()

    def _mend(self, found: MendingList) -> None:
        """The records of one problem, each with its place."""
        action, title = found.action, found.title(self.reader)
        page = self._page(title, action.reason(self.reader))
        told = [action.reason(self.reader), self._say(action.play)]
        if found.records.num_rows < found.of:
            shown, everything = self.reader.number(found.records.num_rows), self.reader.number(found.of)
            line = f"regulars rows {found.result.analysis.key}"
            told.append(self.reader.say(N_("{shown} of {all} rows; all of them: {line}"), shown=shown, all=everything, line=line))
        page.heading(title, told, back=self._home)
        page.table(found.columns, found.records.to_pylist())
        page.finish()

    def _definitions(self) -> None:
        columns = {
            "of": text(N_("Of"), N_("Where the column stands")),
            "column": text(N_("Column"), N_("Its title")),
            "meaning": text(N_("Meaning"), N_("What it means")),
        }
        groups: list[tuple[str, Mapping[str, Column]]] = [(N_("The data"), FACTS)]
        for result in self.brief.results:
            groups += [(result.analysis.title, result.columns), *((d.title, d.gives) for d in result.analysis.details.values())]
        rows = [{"of": self._say(of), "column": self._say(c.title), "meaning": self._say(c.meaning)} for of, found in groups for c in found.values()]
        self._words(self._say(N_("Definitions")), self._say(N_("What the columns mean")), columns, rows)

    def _provenance(self) -> None:
        columns = {"what": text(N_("What"), N_("What is stated")), "value": text(N_("Value"), N_("Its value"))}
        rows = [{"what": self._say(N_("State of the data")), "value": self.brief.snapshot.id}]
        rows += [{"what": f"{self._say(N_('File'))} · {Path(i.path).name}", "value": i.fingerprint} for i in self.brief.imports]
        for result in self.brief.results:
            source, title = result.provenance, self._say(result.analysis.title)
            rows += [
                {"what": f"{title} · {self._say(N_('Parameters'))}", "value": ", ".join(f"{k} = {v}" for k, v in source.parameters.items())},
                {"what": f"{title} · {self._say(N_('Engine'))}", "value": f"{source.engine}, Regulars {source.version}"},
                *({"what": f"{title} · SQL · {name}", "value": sql} for name, sql in source.sql.items()),
            ]
        self._words(self._say(N_("Provenance")), self._say(N_("Where the numbers come from")), columns, rows)

    def _words(self, name: str, title: str, columns: Mapping[str, Column], rows: Sequence[Mapping[str, Any]]) -> None:
        """A sheet with one table of words."""
        page = self._page(name, title)
        page.heading(title, back=self._home)
        page.table(columns, rows)
        page.finish()

    # how it is put together

    def _say(self, message: str) -> str:
        return self.reader.say(message)

    @property
    def _home(self) -> str:
        """The name of the first sheet."""
        return self._told[0][0]

    def _page(self, title: str, told: str = "", *, ending: str = "") -> Page:
        """A new sheet, named after its title; the contents say what it tells."""
        name = sheet_name(title, self._names, otherwise=self._say(N_("Sheet")), ending=ending)
        self._names.add(name.casefold())
        self._told.append((name, told))
        return Page(self.book.add_worksheet(name), self.cells)
