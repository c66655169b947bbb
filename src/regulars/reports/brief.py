"""The brief: everything an owner needs from one file of orders, gathered once and then written as a page or a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from regulars.analyses import ANALYSES
from regulars.analysis import Analysis, Finding
from regulars.errors import N_, RegularsError, error
from regulars.intake.delivery import Import
from regulars.progress import Progress, silent
from regulars.reports.contacts import ContactList, contact_lists
from regulars.reports.health import Health, check
from regulars.reports.mending import MendingList, mending_lists
from regulars.reports.questions import Answered, answer
from regulars.result import Result
from regulars.snapshots import Book, Snapshot
from regulars.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Refused:
    """An analysis these data do not allow, and why."""

    analysis: type[Analysis]
    problem: RegularsError


@dataclass(frozen=True)
class Brief:
    """The facts of a workspace, what every analysis says of one book, whom to contact and what to mend. Words are made when it is written."""

    name: str
    snapshot: Snapshot
    book: Book
    imports: tuple[Import, ...]
    health: Health
    questions: tuple[Answered, ...]
    results: tuple[Result, ...]
    refused: tuple[Refused, ...]
    lists: tuple[ContactList, ...]
    mending: tuple[MendingList, ...] = ()

    @property
    def as_of(self) -> date:
        """The day it is of: the one asked for, else the snapshot's own."""
        return next((one.analysis.as_of for one in self.results if one.analysis.as_of), self.snapshot.as_of)

    @property
    def files(self) -> str:
        """The files it rests on, as they are called."""
        return ", ".join(dict.fromkeys(_file_name(i.path) for i in self.imports))

    @cached_property
    def ranked(self) -> tuple[tuple[Finding, Result], ...]:
        """All findings, the most money first; those without money after them, in the order of the menu."""
        found = [(finding, result) for result in self.results for finding in result.findings]
        return tuple(sorted(found, key=lambda pair: -pair[0].weight))

    @property
    def headlines(self) -> tuple[tuple[Finding, Result], ...]:
        """The three findings with the most money behind them that say different things."""
        return tuple(_different(self.ranked, 3))

    def result(self, key: str) -> Result | None:
        """The result of the analysis with that key, if these data allowed it."""
        return next((r for r in self.results if r.analysis.key == key), None)

    def list_of(self, result: Result, where: dict[str, Any]) -> ContactList | None:
        """The list of the people behind some cells of a result, if somebody should contact them."""
        return next((found for found in self.lists if found.result is result and dict(found.action.where) == where), None)


_EVERYTHING: Final = (
    "cancelled", "engine_", "spark_", "java_", "part_missing", "snapshot_damaged", "disk_full", "out_of_memory", "too_many_open_files",
)  # fmt: skip
"""How codes begin of what is wrong with more than one question: without its page a brief would look whole."""


def make_brief(workspace: Workspace, progress: Progress = silent, as_of: date | None = None) -> Brief:
    """Ask every question of the menu with its defaults, check the data, and draw up the lists.

    An analysis that these data do not allow is kept with its reason; the rest of the brief does without it. ``as_of`` asks
    as if it were that day; the shape of the data is told of all of them.

    Raises:
        RegularsError: ``workspace_empty``, ``currency_mixed`` (choose a book first), ``as_of_before_data``, ``cancelled``; ``engine_*`` and
            the like, which are no matter of one question.
    """
    snapshot, book = workspace.snapshot, workspace.chosen_book
    if as_of is not None and as_of < book.first_on:
        raise error("as_of_before_data", as_of=as_of, first=book.first_on, last=book.last_on)
    results: list[Result] = []
    refused: list[Refused] = []
    for done, analysis in enumerate(ANALYSES):
        try:
            if all(_holds(workspace, table) for table in analysis().needs):
                progress(analysis.title, done, len(ANALYSES) + 1)
                results.append(_answered(workspace, analysis, as_of))
        except RegularsError as problem:
            if problem.code.startswith(_EVERYTHING):
                raise
            refused.append(Refused(analysis, problem))
    progress(N_("Checking the data"), len(ANALYSES), len(ANALYSES) + 1)
    health = check(workspace)
    return Brief(
        name=_name(workspace),
        snapshot=snapshot,
        book=book,
        imports=workspace.imports,
        health=health,
        questions=answer(workspace, results, health, as_of or snapshot.as_of),
        results=tuple(results),
        refused=tuple(refused),
        lists=contact_lists(results),
        mending=mending_lists(results),
    )


def _holds(workspace: Workspace, table: str) -> bool:
    """Whether a table has any row."""
    return bool(workspace.sql(f"select 1 as one from {table} limit 1").num_rows)


def _answered(workspace: Workspace, analysis: type[Analysis], as_of: date | None) -> Result:
    """The result with its words already made, so that what cannot be said is known now."""
    result = workspace.run(analysis(as_of=as_of))
    _ = result.findings, result.actions, dict(result.details)
    return result


def _different(ranked: tuple[tuple[Finding, Result], ...], most: int) -> Iterator[tuple[Finding, Result]]:
    """The first findings that do not repeat one another: no two from one template of one analysis with the same money."""
    seen: set[tuple[str, str]] = set()
    for finding, result in ranked:
        key = (result.analysis.key, finding.template)
        if key not in seen and not finding.warning and len(seen) < most:
            seen.add(key)
            yield finding, result


def _name(workspace: Workspace) -> str:
    """What the company is called here: its folder, or the first file where the folder has no name of its own."""
    name = workspace.folder.resolve().name.removesuffix(".regulars")
    files = workspace.imports
    return _file_name(files[0].path).rpartition(".")[0] if (not name or name.startswith(".")) and files else name


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
