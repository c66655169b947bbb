"""What a run gives: the answer as Arrow tables, the rows behind every cell, the words, and where it all comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from regulars.analysis import Action, Analysis, Answer, Finding, Rows
from regulars.charts.forms import Chart
from regulars.errors import N_, error
from regulars.i18n import Reader
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


@dataclass(frozen=True, slots=True)
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


RowSource = Callable[[Mapping[str, Any], bool, int | None], pa.Table]


@dataclass(frozen=True)
class Result:
    """The answer to one analysis on one snapshot. Immutable; words and charts are made from it, nothing is computed again."""

    analysis: Analysis
    summary: pa.Table
    details: Mapping[str, pa.Table]
    provenance: Provenance
    source: RowSource
    labels: Mapping[str, Column] = field(default_factory=dict)

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

    def rows(self, *, people: bool = False, limit: int | None = None, **where: Any) -> pa.Table:
        """The rows behind the answer, or behind the cells whose keys have these values (one value or a list of them).

        ``people=True`` adds name, phone and e-mail where the files gave them.
        """
        known = self.analysis.row_columns
        if unknown := [name for name in where if name not in known]:
            raise error("cell_unknown", analysis=self.analysis.key, condition=", ".join(unknown), known=", ".join(known))
        return self.source(where, people, limit)

    @cached_property
    def answer(self) -> Answer:
        """The summary and the details as cells with units and addresses."""
        details = {name: Rows.of(table, self.analysis.details[name].gives, name) for name, table in self.details.items()}
        return Answer(Rows.of(self.summary, self.columns, "summary"), details)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self.analysis.findings(self.answer))

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(self.analysis.charts(self.answer))

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        return tuple(self.analysis.actions(self.answer))

    def to_pandas(self) -> pandas.DataFrame:
        """The summary as a pandas frame, where pandas is installed."""
        return self.summary.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The summary as a Polars frame, where Polars is installed."""
        import polars

        frame = polars.from_arrow(self.summary)
        assert isinstance(frame, polars.DataFrame)
        return frame

    def to_dict(self, reader: Reader) -> dict[str, Any]:
        """Everything a machine wants to read, JSON-ready; the sentences are in the reader's language."""
        reader = reader.of(self.currency)
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
            "provenance": {"snapshot": self.provenance.snapshot, "engine": self.provenance.engine, "version": self.provenance.version},
        }


def _plain_keys(where: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a list of people as JSON can hold them."""
    return {name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value for name, value in where.items()}


def _plain(rows: Rows) -> list[dict[str, Any]]:
    return [{name: cell.plain for name, cell in line.items()} for line in rows]
