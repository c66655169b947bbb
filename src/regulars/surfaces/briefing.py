"""Writing briefs: one page and one workbook per book, and on the screen what matters most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars.errors import N_, error
from regulars.surfaces.commands.run import people_line
from regulars.surfaces.console import Console
from regulars.surfaces.watching import watched

if TYPE_CHECKING:
    from regulars.analysis import Finding
    from regulars.i18n import Reader
    from regulars.reports.brief import Brief
    from regulars.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Written:
    """One brief on disk."""

    brief: Brief
    page: Path
    workbook: Path


def targets(output: str | None, name: str) -> tuple[Path, Path]:
    """Where the page and the workbook go: beside each other, by the name of a file, or into a folder."""
    given = Path(output) if output else Path()
    page = given if given.suffix.lower() in {".html", ".htm", ".xlsx"} else given / f"{name}.brief.html"
    return (page.with_suffix(".html") if page.suffix.lower() == ".xlsx" else page), page.with_suffix(".xlsx")


def write_briefs(console: Console, workspace: Workspace, output: str | None, name: str, book: str | None = None, as_of: date | None = None) -> list[Written]:
    """A brief of every book, or of the one that was named."""
    books = [book.upper()] if book else [found.name for found in workspace.snapshot.books]
    if not books:
        raise error("orders_missing", path=str(workspace.folder))
    names = {one: name if len(books) == 1 else f"{name}-{one}" for one in books}
    return [_write(console, workspace.book(one), output, name, as_of, several=len(books) > 1) for one, name in names.items()]


def _write(console: Console, workspace: Workspace, output: str | None, name: str, as_of: date | None, *, several: bool) -> Written:
    from regulars.reports.brief import make_brief
    from regulars.reports.page import write_html
    from regulars.reports.workbook import write_workbook

    page, workbook = targets(output, name)
    if several and page.stem != f"{name}.brief":
        page, workbook = (path.with_stem(f"{path.stem}-{workspace.chosen_book.name}") for path in (page, workbook))
    reader = console.reader.of(workspace.chosen_book.name)
    with watched(console) as progress, workspace:
        brief = make_brief(workspace, progress, as_of)
        page.parent.mkdir(parents=True, exist_ok=True)
        progress(N_("Writing the brief"), 0, 0)
        write_html(brief, page, reader)
        write_workbook(brief, workbook, reader)
    return Written(brief, page, workbook)


def present(console: Console, done: list[Written], folder: Path) -> list[dict[str, Any]]:
    """Where the briefs are, three findings of each, and the line to type next; the same for a machine."""
    for one in done:
        reader = console.reader.of(one.brief.book.name)
        console.write()
        console.say(N_("The brief: {path}"), path=str(one.page))
        console.say(N_("As tables: {path}"), path=str(one.workbook))
        for number, (finding, _) in enumerate(one.brief.headlines, start=1):
            console.write(f"{number}. {with_stake(finding, reader)}")
    for line in _next(done, folder):
        console.hint(N_("Whom to contact first: {line}"), line=line)
    return [_plain(one, console) for one in done]


def with_stake(finding: Finding, reader: Reader) -> str:
    """A finding and the money behind it, named for what it is."""
    from regulars.analysis import AtStake

    text = finding.text(reader)
    if finding.money is None:
        return text
    amount = finding.money.amount.show(reader)
    if isinstance(finding.money, AtStake):
        return reader.say(N_("{text} [at stake: {amount}]"), text=text, amount=amount)
    return reader.say(N_("{text} [if they buy again as measured: {amount}]"), text=text, amount=amount)


def _next(done: list[Written], folder: Path) -> Iterator[str]:
    for one in done:
        if one.brief.lists:
            first = one.brief.lists[0]
            book = f" --book {one.brief.book.name}" if len(done) > 1 else ""
            yield people_line(first.result.analysis.key, first.action, folder) + book


def _plain(one: Written, console: Console) -> dict[str, Any]:
    reader = console.reader.of(one.brief.book.name)
    found = [
        {"analysis": result.analysis.key, "text": finding.text(reader), "grade": finding.grade, "money": finding.weight}
        for finding, result in one.brief.headlines
    ]
    return {"book": one.brief.book.name, "page": str(one.page), "workbook": str(one.workbook), "findings": found}
