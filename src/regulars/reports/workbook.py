"""The brief as a workbook: the same tables with real numbers in them, every list whole, nothing that calculates by itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from regulars.analysis import GRADES, AtStake
from regulars.charts.axes import width
from regulars.errors import N_, error
from regulars.i18n import Reader
from regulars.ingest.reasons import REASONS
from regulars.reports.brief import Brief
from regulars.reports.contacts import IF, ContactList, if_cells
from regulars.reports.health import FACTS, REFUSED
from regulars.result import RESULT_COLUMN, Result
from regulars.units import Column, count, money, text

Row = Mapping[str, Any]

OUTCOMES: Final = (N_("reached"), N_("no answer"), N_("wants no contact"), N_("bought"))
"""What may stand in the result column of a list."""
WIDEST: Final = 60
"""Characters; longer text is wrapped."""
SHEET_ROWS: Final = 1_000_000
"""Rows a sheet takes; the format ends a little above."""
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")


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
        raise error("not_writable", path=str(path), reason=getattr(cause, "strerror", None) or str(cause)) from cause
    return path


class _Book:
    """One workbook being written."""

    def __init__(self, brief: Brief, path: Path, reader: Reader) -> None:
        self.brief, self.reader = brief, reader
        self.book = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False, "in_memory": True}
        )
        made = brief.snapshot.as_of
        title = f"{brief.name} · {reader.say(N_('Customer brief'))}"
        self.book.set_properties({"title": title, "created": datetime(made.year, made.month, made.day), "author": "Regulars"})  # noqa: DTZ001 - a day, not a moment
        self._names: set[str] = set()
        self._formats: dict[str, Format] = {}

    def write(self) -> None:
        """All sheets, in the order they are read."""
        self._summary()
        self._health()
        if self.brief.health.refused:
            sheet = self._sheet(self._say(N_("Rows refused")))
            self._table(sheet, self._heading(sheet, self._say(N_("Rows refused")), []), REFUSED, self.brief.health.refused)
        for result in self.brief.results:
            self._analysis(result)
        for found in self.brief.lists:
            self._list(found)
        self._definitions()
        self._provenance()
        self.book.close()

    # what the sheets hold

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
        period = f"{self.reader.day(self.brief.book.first_on)} \N{EN DASH} {self.reader.day(self.brief.book.last_on)}"
        lines = [
            f"{self._say(N_('Period'))}: {period}",
            self._say(N_("This file holds personal data: names and ways to reach people. Keep it where only those who need it can open it.")),
        ]
        sheet = self._sheet(self._say(N_("Summary")))
        self._table(sheet, self._heading(sheet, self.brief.name, lines), columns, rows)

    def _health(self) -> None:
        sheet = self._sheet(self._say(N_("Data health")))
        health = self.brief.health
        facts = health.facts
        told = [*(one.text(self.reader) for one in health.sentences()), *(note.read(self.reader) for note in health.notes)]
        row = self._heading(sheet, self._say(N_("What shape the data are in")), told)
        for column in facts:
            sheet.write_string(row, 0, self._say(facts[column].column.title), self._format("text"))
            self._write(sheet, row, 1, facts.value(column), facts[column].column)
            row += 1
        reasons = {"reason": text(N_("Why rows were refused"), N_("The reason")), "rows": count(N_("Rows"), N_("How many rows"))}
        counted = [{"reason": self._say(REASONS.get(r, r)), "rows": n} for r, n in health.rejected.items()]
        self._table(sheet, row + 1, reasons, counted, frozen=False)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 18)

    def _analysis(self, result: Result) -> None:
        analysis = result.analysis
        sheet = self._sheet(self._say(analysis.title))
        lines = [self._say(analysis.question), *(one.text(self.reader) for one in result.findings)]
        row = self._heading(sheet, self._say(analysis.title), lines)
        row = self._table(sheet, row, result.columns, result.summary.to_pylist())
        for name, detail in analysis.details.items():
            sheet.write_string(row + 1, 0, self._say(detail.title), self._format("strong"))
            row = self._table(sheet, row + 2, detail.gives, result.details[name].to_pylist(), frozen=False)

    def _list(self, found: ContactList) -> None:
        action = found.action
        title = f"{found.number}. {found.title(self.reader)}"
        sheet = self._sheet(title)
        stake = f"{self._say(N_('At stake'))}: {action.at_stake.amount.show(self.reader)}"
        watch = f"{self._say(N_('What to watch'))}: {self._say(action.watch)}, {self.reader.counted(N_('{n} day'), N_('{n} days'), action.within_days)}"
        maybe = [self.reader.say(IF, **{n: c.show(self.reader) for n, c in if_cells(action.test).items()})] if action.test else []
        first = self._heading(sheet, title, [action.reason(self.reader), self._say(action.play), stake, *maybe, watch])
        why = text(N_("Why"), N_("Why this person stands on the list"))
        reason, above = self._say(action.title), self._say(N_("see above"))
        rows = [{**row, "why": reason, "result": above if row["customer_id"] in found.above else None} for row in found.lines]
        columns = found.columns | {"why": why, "result": RESULT_COLUMN}
        last = self._table(sheet, first, columns, rows)
        place = len(columns) - 1
        sheet.set_column(place, place, 24)
        sheet.data_validation(
            first + 1, place, max(last - 1, first + 1), place, {"validate": "list", "source": [self._say(o) for o in OUTCOMES], "error_type": "information"}
        )

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
        sheet = self._sheet(self._say(N_("Definitions")))
        self._table(sheet, self._heading(sheet, self._say(N_("What the columns mean")), []), columns, rows)

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
        sheet = self._sheet(self._say(N_("Provenance")))
        self._table(sheet, self._heading(sheet, self._say(N_("Where the numbers come from")), []), columns, rows)

    # how it is written

    def _say(self, message: str) -> str:
        return self.reader.say(message)

    def _sheet(self, title: str) -> Worksheet:
        """A sheet with an allowed name that no other sheet has."""
        sheet = self.book.add_worksheet(self._named(title))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def _named(self, title: str) -> str:
        bare = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("' ") or self._say(N_("Sheet"))
        name, again = bare[:31].rstrip("' "), 1
        while name.casefold() in self._names or name.casefold() == "history":
            again += 1
            name = f"{bare[: 28 - len(str(again))].rstrip()} ({again})"
        self._names.add(name.casefold())
        return name

    def _heading(self, sheet: Worksheet, title: str, lines: Sequence[str]) -> int:
        """A title and sentences above a table; the row where the table begins."""
        sheet.write_string(0, 0, title, self._format("title"))
        for row, line in enumerate(lines, 1):
            sheet.write_string(row, 0, line, self._format("line"))
        return len(lines) + 2

    def _table(self, sheet: Worksheet, top: int, columns: Mapping[str, Column], rows: Sequence[Row], *, frozen: bool = True) -> int:
        """A header and rows with their units; the row after the last. The sheet's main table stays in sight and can be filtered."""
        for place, column in enumerate(columns.values()):
            sheet.write_string(top, place, self._say(column.title), self._format("head"))
        for at, row in enumerate(rows[:SHEET_ROWS], top + 1):
            for place, (name, column) in enumerate(columns.items()):
                self._write(sheet, at, place, row[name], column)
        if frozen:
            sheet.freeze_panes(top + 1, 0)
            sheet.autofilter(top, 0, top + max(len(rows), 1), len(columns) - 1)
            for place, (name, column) in enumerate(columns.items()):
                sheet.set_column(place, place, self._width(column, (row[name] for row in rows)))
        return top + 1 + len(rows)

    def _width(self, column: Column, values: Iterable[Any]) -> float:
        """Characters that hold the header and what is shown, a Chinese one counting as two."""
        shown = [self._say(column.title), *(column.show(v, self.reader) for v in values if v is not None)]
        return min(WIDEST, max(10.0, max(width(one, 1) for one in shown) * 1.9 + 3))

    def _write(self, sheet: Worksheet, row: int, place: int, value: Any, column: Column) -> None:
        """A value as what it is: a number, a day, or text that no program reads as a formula."""
        look = self._format(column.unit, column.digits)
        match value:
            case None:
                sheet.write_blank(row, place, None, look)
            case bool():
                sheet.write_string(row, place, column.show(value, self.reader), look)
            case int() | float() | Decimal() if column.unit not in ("label", "text", "flag"):
                sheet.write_number(row, place, float(value), look) if value == value else sheet.write_blank(row, place, None, look)
            case date():
                sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), look)  # noqa: DTZ001 - a day, not a moment
            case _:
                sheet.write_string(row, place, column.show(value, self.reader)[:32_000], look)

    def _format(self, kind: str, digits: int = 0) -> Format:
        """The look of a kind of cell, made once."""
        key = f"{kind}{digits}"
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": "Arial", "font_size": 10, "valign": "top"} | self._look(kind, digits))
        return self._formats[key]

    def _look(self, kind: str, digits: int) -> dict[str, Any]:
        decimals = "." + "0" * digits if digits else ""
        match kind:
            case "title":
                return {"bold": True, "font_size": 16}
            case "line":
                return {"font_color": "#404040"}
            case "strong":
                return {"bold": True}
            case "head":
                return {"bold": True, "bg_color": "#EEF4FA", "bottom": 1, "bottom_color": "#5B6673", "text_wrap": True, "valign": "bottom"}
            case "money":
                return {"num_format": self._money()}
            case "share" | "rate":
                return {"num_format": "0.0%"}
            case "count":
                return {"num_format": "#,##0"}
            case "number" | "days":
                return {"num_format": f"#,##0{decimals}"}
            case "date":
                return {"num_format": "yyyy-mm-dd", "align": "left"}
            case "month":
                return {"num_format": "yyyy-mm", "align": "left"}
        return {"text_wrap": True}

    def _money(self) -> str:
        """The book's currency as a number format, written as the reader is used to see it."""
        before, after = re.split(r"[\d.,]+", self.reader.money(0), maxsplit=1)
        return "#,##0.00".join(f'"{sign}"' if sign else "" for sign in (before, after))
