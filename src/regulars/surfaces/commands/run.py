"""``regulars run ANALYSIS``: the sentences first, then the table, then what to do."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.export import Sheet, export
from regulars.surfaces.menu import PerAnalysis
from regulars.surfaces.parameters import written
from regulars.surfaces.places import BOOK, OUTPUT, WORKSPACE, at, reading, spare_loaded

if TYPE_CHECKING:
    from regulars.analysis import Action, Analysis, Finding
    from regulars.result import Result


def run(console: Console, analysis: Analysis, workspace: str | None, book: str | None, output: str | None) -> dict[str, Any]:
    """Ask, print, and if wished write the table to a file."""
    with reading(console, workspace, book) as shop:
        result = shop.run(analysis)
        if output:
            spare_loaded(shop, Path(output))
            export(Path(output), sheets(console, result), console.reader)
        _print(console, result, shop.folder)
        if output:
            console.say(N_("Written: {path}"), path=output)
        return result.to_dict(console.reader)


def sheets(console: Console, result: Result) -> list[Sheet]:
    """The summary and the details as tables to write."""
    analysis = result.analysis
    details = [Sheet(console.reader.say(detail.title), detail.gives, result.details[name].to_pylist()) for name, detail in analysis.details.items()]
    return [Sheet(console.reader.say(analysis.title), result.columns, result.summary.to_pylist()), *details]


def _print(console: Console, result: Result, folder: Path) -> None:
    analysis, reader = result.analysis, console.reader
    as_of = reader.plain(analysis.as_of)
    console.write(reader.say(analysis.title))
    console.say(N_("As of {day}; book {book}."), day=as_of, book=result.currency)
    console.write()
    for finding in result.findings:
        console.write(f"{'!' if finding.warning else '-'} {finding.text(reader)}{grade(console, finding)}")
    console.table(result.columns, result.summary.to_pylist())
    for name, detail in analysis.details.items() if console.verbose else ():
        console.write(reader.say(detail.title))
        console.table(detail.gives, result.details[name].to_pylist())
    for action in result.actions:
        _print_action(console, analysis.key, action, folder)


def grade(console: Console, finding: Finding) -> str:
    """How good the evidence is, where a sentence rests on more than having looked."""
    from regulars.analysis import GRADES

    return "" if finding.grade == "D" else f" ({console.reader.say(GRADES[finding.grade])})"


def _print_action(console: Console, key: str, action: Action, folder: Path) -> None:
    reader = console.reader
    console.write(f"> {reader.say(action.title)}: {action.reason(reader)}")
    console.write(f"  {reader.say(action.play)}")
    days = reader.counted(N_("{n} day"), N_("{n} days"), action.within_days)
    console.write(f"  {reader.say(N_('Watch for {days}: {measure}.'), measure=reader.say(action.watch), days=days)}")
    if not console.quiet:
        console.write(f"  {reader.say(N_('The people: {line}'), line=people_line(key, action, folder))}")


def people_line(key: str, action: Action, folder: Path) -> str:
    """The line that lists the people of an action."""
    chosen = [f"--where {shlex.quote(f'{name}={written(value)}')}" for name, value in action.where.items()]
    return " ".join(["regulars rows", key, *chosen, "--people"]) + at(folder)


COMMAND: Final = PerAnalysis("run", run, (OUTPUT, WORKSPACE, BOOK))
