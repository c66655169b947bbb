"""Data quality: what is wrong with the data, what money stands behind it, and who can mend it.  ISO/IEC 25012; DAMA-DMBOK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Final

from regulars.analyses.data_quality_columns import GIVES, ROW_GIVES
from regulars.analyses.data_quality_details import DETAILS
from regulars.analyses.data_quality_sql import SUMMARY, TABLE
from regulars.analysis import Action, Analysis, Answer, AtStake, Field, Finding, Line
from regulars.charts.forms import Bars, Chart, Lines
from regulars.errors import N_
from regulars.units import Cell

WORST: Final = 5
"""So many problems are told in words; the table has them all."""
DEBT: Final = ("empty", "unreachable", "contact_missing")
"""What is missing rather than wrong."""
DRIFT_ROWS: Final = 2_000
"""Comparisons of one field of one delivery that are kept, the newest first."""


class DataQuality(Analysis):
    """How far can the data be believed, what money stands behind what is wrong, and who can mend it?

    One row per check: its dimension, table, field and rule, with how many records were looked at, how many it concerns, and the
    past sums behind them. There is a score per dimension and none over all: a blank phone and a wrong amount do not add up.
    A field that nobody fills is unused, not missing; a default value (13800000000, 1900-01-01) is not a value. Deliveries are judged
    whole, whatever the day asked for; money is as of that day. Rows that were not loaded, and how full fields are, are of all books and customers.
    """

    key: ClassVar[str] = "data_quality"
    title: ClassVar[str] = N_("Data quality")
    question: ClassVar[str] = N_("How far can the data be believed, what money stands behind what is wrong, and who can mend it?")
    method: ClassVar[str] = N_(
        "Every row of every delivery was looked at by the rules of intake; added to that are blanks in fields that others fill, customers nobody can reach, "
        "and refunds without their sale. The money behind a problem is a past sum: the net revenue of its customers in the last twelve months, each customer "
        "once per problem, or the amounts on the rows themselves. It is not what a mistake costs, but what hangs on it."
    )
    source: ClassVar[str] = "ISO/IEC 25012:2008; DAMA-DMBOK; Kullback & Leibler 1951 (PSI); Benjamini & Hochberg 1995; Wilson 1927"
    gives: ClassVar = GIVES
    row_gives: ClassVar = ROW_GIVES
    details: ClassVar = DETAILS

    lapse_days: int | None = Field(
        default=None, ge=1, le=3650, description=N_("Days of silence after which a customer counts as lapsed; by default what nine in ten take to come back.")
    )
    least: int = Field(default=30, ge=1, le=100_000, description=N_("Rows that a person or a delivery must have for a rate or a comparison to be told."))

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | {"drift_rows": DRIFT_ROWS}

    @property
    def table(self) -> str:
        """One row per failing record and rule; a record that two rules concern stands there twice."""
        return TABLE

    @property
    def summary(self) -> str:
        return SUMMARY

    def findings(self, answer: Answer) -> Iterator[Finding]:
        for line in answer.details["scores"]:
            if line.value("score") is not None:
                told = N_("{dimension}: score {score}, worst check {worst}; records concerned: {failing}.")
                yield Finding(told, line, where={"dimension": line.value("dimension")} if line.value("failing") else {})
        yield from map(_problem, _worst(answer))
        for line in _unreachable(answer):
            yield Finding(
                N_(
                    "{standing}: {customers} cannot be reached, without a valid phone or e-mail. In the last twelve months they brought {year_revenue}, "
                    "in all {net_revenue}."
                ),
                line,
                money=AtStake(line["year_revenue"]),
                where=_keys(line, "rule", "field", "standing"),
                warning=True,
            )
        if shifted := next((line for line in answer.details["drift"] if line.value("verdict") == "shifted"), None):
            told = N_("In delivery {delivery} the values of one field ({field}) are not what they were before (PSI {psi}; rows: {records}).")
            yield Finding(told, shifted, warning=True)

    def charts(self, answer: Answer) -> Iterator[Chart]:
        yield Bars(N_("Score by dimension"), x="dimension", y="score", detail="scores")
        if len(answer.details["trend"]) > 1:
            yield Lines(N_("From delivery to delivery"), x="delivery", y=("completeness", "validity", "uniqueness", "consistency"), detail="trend")

    def actions(self, answer: Answer) -> Iterator[Action]:
        for line in _unreachable(answer):
            yield Action(
                N_("Find a way to reach them"),
                where=_keys(line, "rule", "field", "standing"),
                why=N_(
                    "{standing}: {customers} without a valid phone or e-mail, of {customers_all}. Part of their money that can be reached now: {covered_rate}."
                ),
                cells=line,
                play=N_("Ask at the next visit, delivery or payment, enter it at once, and load the list of customers again."),
                watch=N_("part of the money whose customers can be reached"),
                within_days=60,
                at_stake=AtStake(line["year_revenue"]),
                records=True,
            )
        for line in _worst(answer):
            yield Action(
                N_("Mend at the source"),
                where=_keys(line, *_PROBLEM_KEYS),
                why=N_("{rule} ({field}): {failing} of {checked}."),
                cells=line,
                play=N_(
                    "Go through the list with whoever enters these rows: mend what can be mended, and change the form or the till so that it does not recur."
                ),
                watch=N_("rows concerned in the next delivery"),
                within_days=60,
                at_stake=AtStake(line["at_stake"]),
                order_by="at_stake",
                records=True,
            )


_PROBLEM_KEYS: Final = ("dimension", "about", "field", "rule")


def _keys(line: Line, *names: str) -> dict[str, Any]:
    """The values of these columns, to find the rows behind the line."""
    return {name: line.value(name) for name in names}


def _worst(answer: Answer) -> list[Line]:
    """The problems with the most money behind them; blanks and people whom nobody can reach are told as debt, customs of the trade are none."""
    mistakes = [line for line in answer.summary if line.value("failing") and line.value("dimension") != "reality" and line.value("rule") not in DEBT]
    return mistakes[:WORST]


def _unreachable(answer: Answer) -> list[Line]:
    """The standings some of whose customers cannot be reached."""
    return [line for line in answer.details["debt"] if line.value("rule") == "unreachable"]


def _problem(line: Line) -> Finding:
    """One problem in words: what, how often, with what behind it."""
    customers = line["customers"]
    cells = {**line, "touched": Cell(customers.value, replace(customers.column, noun=None), customers.address)}
    told = N_("{rule} ({field}): {failing} of {checked}. Customers concerned: {touched}; money behind it: {at_stake}.")
    return Finding(told, cells, where=_keys(line, *_PROBLEM_KEYS), warning=True)
