"""What a run gives: the answer as Arrow tables, the rows behind every cell, the words, and where it all comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from regulars import frames, inline
from regulars.analysis import Action, Analysis, Answer, Finding, Rows
from regulars.charts.forms import Chart
from regulars.charts.picture import Picture
from regulars.deferred import Deferred
from regulars.errors import N_, RegularsError, did_you_mean, error
from regulars.frames import RowSet
from regulars.i18n import NO_CURRENCY, Reader, reader
from regulars.units import Column, text

if TYPE_CHECKING:
    import pandas
    import polars

PEOPLE: Mapping[str, Column] = {
    "name": text(N_("Name"), N_("Name as written in the file"), personal=True),
    "phone": text(N_("Phone"), N_("Phone in international form where it is valid, else as written"), personal=True),
    "email": text(N_("E-mail"), N_("E-mail address, lower case"), personal=True),
}
"""Columns of a list of people that come from the customer table, where the files gave them."""

RESULT_COLUMN = text(N_("Result"), N_("Reached, no answer, wants no contact, bought …: filled in by whoever makes the contact"))


Lineage = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Provenance:
    """Where a result comes from: enough to get it again."""

    key: str
    analysis: str
    parameters: Mapping[str, Any]
    snapshot: str
    book: str
    engine: str
    sql: Mapping[str, str]
    version: str
    where: str = ""
    traced: Callable[[], Lineage] = field(default=dict, repr=False)

    @cached_property
    def lineage(self) -> Lineage:
        """Where each column comes from: ``table``, ``summary`` or a detail → column → base columns ``table.column`` and ``:parameters``."""
        return self.traced()


RowSource = Callable[[Mapping[str, Any], bool, int | None], pa.Table]
RowCount = Callable[[Mapping[str, Any]], int]


@dataclass(frozen=True, repr=False)
class Result:
    """The answer to one analysis on one snapshot. Immutable; words and charts are made from it, nothing is computed again.

    As the last line of a notebook cell it shows its findings, its chart, its table and what the columns mean, in the language
    of its reader.
    """

    analysis: Analysis
    summary: pa.Table
    details: Mapping[str, pa.Table]
    provenance: Provenance
    source: RowSource
    labels: Mapping[str, Column] = field(default_factory=dict)
    reader: Reader = field(default=Reader())
    counted: RowCount | None = None

    def in_language(self, language: str) -> Result:
        """The same answer for a reader of another language: ``en``, ``uk``, ``zh_CN``. The currency stays.

        Raises:
            RegularsError: ``setting_wrong``.
        """
        return replace(self, reader=reader(language, self.currency))

    @property
    def columns(self) -> dict[str, Column]:
        """The summary's columns: unit, title, meaning, how they add up."""
        return self._shown(self.analysis.columns)

    @property
    def row_columns(self) -> dict[str, Column]:
        """The columns of the rows behind the answer."""
        return self._shown(self.analysis.row_columns)

    def _shown(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        """The declared columns; one that splits by another analysis' label shows that label's words."""
        return {name: self.labels.get(name, column) for name, column in columns.items()}

    @property
    def currency(self) -> str:
        return self.provenance.book

    def rows(self, *, people: bool = False, limit: int | None = None, **where: Any) -> RowSet:
        """The rows behind the answer, or behind the cells whose keys have these values (one value or a list of them).

        Nothing is fetched before it is asked for: ``rows(segment="at_risk").to_pandas()``, ``.to_polars()``, ``.to_arrow()``,
        ``len()``, ``[:10]``, or a loop. ``people=True`` adds name, phone and e-mail where the files gave them.

        Raises:
            RegularsError: ``cell_unknown``, ``value_wrong`` where a column has a closed list of values; when the rows are fetched ``sql_failed``.
        """
        known = self.analysis.row_columns
        if unknown := [name for name in where if name not in known]:
            raise error("cell_unknown", analysis=self.analysis.key, condition=", ".join(unknown), known=", ".join(known))
        columns = {**self.row_columns, **(PEOPLE if people and "customer_id" in known else {})}
        met = {name: self._meant(name, value) for name, value in where.items()}
        return RowSet(lambda most: self.source(met, people, most), columns, self.reader, limit, partial(self.counted, met) if self.counted else None)

    def _meant(self, name: str, value: Any) -> Any:
        """A value that a row's column shall have, or several, as the rows have them."""
        column = self.row_columns[name]
        shown = self.summary[name].to_pylist() if name in self.summary.column_names else []
        if isinstance(value, (list, tuple, set, frozenset)):
            return [one if one in shown else column.key(name, one, self.reader) for one in value]
        return value if value in shown else column.key(name, value, self.reader)

    @cached_property
    def answer(self) -> Answer:
        """The summary and the details as cells with units and addresses."""
        details = {name: partial(self._detail, name) for name in self.details}
        return Answer(Rows.of(self.summary, self.columns, "summary"), Deferred(details))

    def _detail(self, name: str) -> Rows:
        return Rows.of(self.details[name], self.analysis.details[name].gives, name)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the answer says, in sentences."""
        return tuple(replace(finding, reader=self.reader) for finding in self.analysis.findings(self.answer))

    @cached_property
    def charts(self) -> tuple[Picture, ...]:
        """The charts of the answer, over the rows they show."""
        return tuple(self._picture(form) for form in self.analysis.charts(self.answer))

    @property
    def chart(self) -> Picture | None:
        """The first chart, if there is one."""
        return next(iter(self.charts), None)

    def _picture(self, form: Chart) -> Picture:
        columns = self.analysis.details[form.detail].gives if form.detail else self.columns
        return Picture(form, self.to_arrow(form.detail).to_pylist(), columns, self.reader)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """What to do, with whom, and how to see whether it worked."""
        return tuple(self.analysis.actions(self.answer))

    def to_arrow(self, detail: str | None = None) -> pa.Table:
        """The summary, or a detail by its name, as an Arrow table with exact decimals.

        Raises:
            RegularsError: ``detail_unknown``.
        """
        if detail is None:
            return self.summary
        if detail not in self.details:
            raise error("detail_unknown", analysis=self.analysis.key, name=detail, near=did_you_mean(detail, self.details))
        return self.details[detail]

    def to_pandas(self, detail: str | None = None) -> pandas.DataFrame:
        """The summary, or a detail by its name, as a pandas frame; money as float64, dates as datetime64."""
        return frames.to_pandas(self.to_arrow(detail))

    def to_polars(self, detail: str | None = None) -> polars.DataFrame:
        """The summary, or a detail by its name, as a Polars frame; money as Float64, dates as Date."""
        return frames.to_polars(self.to_arrow(detail))

    def _about(self) -> str:
        """Of which day and which book."""
        parts = [self.reader.day(self.analysis.as_of) if self.analysis.as_of else "", "" if self.currency == NO_CURRENCY else self.currency]
        return " · ".join(filter(None, parts))

    @property
    def _refusal(self) -> str:
        """Why nothing more than the summary can be had, as after the workspace was closed; empty where all can. Showing a result never fails."""
        try:
            _ = self.findings, self.charts, list(self.details.items())
        except RegularsError as problem:
            return self.reader.explain(problem).replace("\n", " ")
        return ""

    def __repr__(self) -> str:
        refusal = self._refusal
        said = [refusal] if refusal else map(repr, self.findings)
        sizes = [] if refusal else [f"details[{name!r}]: {t.num_rows} × {t.num_columns}" for name, t in self.details.items()]
        title = f"{self.reader.say(self.analysis.title)} · {self._about()}"
        return "\n".join([title, *said, f"summary: {self.summary.num_rows} × {len(self.columns)}", *sizes])

    def _repr_html_(self) -> str:
        shown = self.summary.slice(0, inline.ROWS_SHOWN).to_pylist()
        refusal = self._refusal
        picture = None if refusal else self.chart
        return inline.block(
            self.reader,
            inline.heading(self.reader.say(self.analysis.title), self._about()),
            inline.said([inline.sentence(refusal, warning=True)] if refusal else [finding.sentence(self.reader) for finding in self.findings]),
            inline.figure(picture.title, picture.in_both_tones()) if picture else None,
            inline.table(shown, self.columns, self.reader, self.summary.num_rows - len(shown)),
            inline.meanings(self.columns, self.reader, self.reader.say(self.analysis.method)),
        )

    def to_dict(self, reader: Reader | None = None) -> dict[str, Any]:
        """Everything a machine wants to read, JSON-ready; the sentences are in the reader's language."""
        reader = (reader or self.reader).of(self.currency)
        return {
            "analysis": self.analysis.key,
            "parameters": self.analysis.model_dump(mode="json"),
            "currency": self.currency,
            "summary": _plain(self.answer.summary),
            "details": {name: _plain(rows) for name, rows in self.answer.details.items()},
            "findings": [
                {"text": f.text(reader), "grade": f.grade, "cells": {k: {"value": c.plain, "address": c.address} for k, c in f.cells.items()}}
                for f in self.findings
            ],
            "actions": [{"title": reader.say(a.title), "why": a.reason(reader), "where": _plain_keys(a.where)} for a in self.actions],
            "provenance": {name: getattr(self.provenance, name) for name in ("snapshot", "where", "engine", "version")},
        }


def _plain_keys(where: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a list of people as JSON can hold them."""
    return {name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value for name, value in where.items()}


def _plain(rows: Rows) -> list[dict[str, Any]]:
    return [{name: cell.plain for name, cell in line.items()} for line in rows]
