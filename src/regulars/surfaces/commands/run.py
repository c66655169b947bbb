"""``regulars run ANALYSIS``: the sentences first, then the table, then what to do."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.export import Sheet, export
from regulars.surfaces.menu import PerAnalysis
from regulars.surfaces.parameters import written
from regulars.surfaces.places import BOOK, OUTPUT, POPULATION, WORKSPACE, at, reading, spare_loaded

if TYPE_CHECKING:
    from regulars.analysis import Action, Analysis, Finding
    from regulars.result import Result


def run(console: Console, analysis: Analysis, workspace: str | None, book: str | None, population: str | None, output: str | None) -> dict[str, Any]:
    """Ask, print, and if wished write the table to a file."""
    with reading(console, workspace, book, population) as shop:
        began = time.perf_counter()
        result = shop.run(analysis)
        _explain_more(console, result, shop.folder, time.perf_counter() - began)
        if output:
            spare_loaded(shop, Path(output))
            export(Path(output), sheets(console, result), console.reader)
        _print(console, result, shop.folder, population)
        if output:
            console.say(N_("Written: {path}"), path=output)
        return result.to_dict(console.reader)


def _explain_more(console: Console, result: Result, folder: Path, seconds: float) -> None:
    """With --verbose: where the answer comes from and how long it took."""
    of, said = result.provenance, console.reader
    console.explain_more(N_("Workspace {path}, state of the data {snapshot}, engine {engine}."), path=str(folder), snapshot=of.snapshot, engine=of.engine)
    console.explain_more(
        N_("Run {key}: {seconds} s. Its SQL: {line}"), key=of.key, seconds=said.number(seconds, 2), line=f"regulars sql {of.analysis} --prepared"
    )


def sheets(console: Console, result: Result) -> list[Sheet]:
    """The summary and the details as tables to write."""
    analysis = result.analysis
    details = [Sheet(console.reader.say(detail.title), detail.gives, result.details[name].to_pylist()) for name, detail in analysis.details.items()]
    return [Sheet(console.reader.say(analysis.title), result.columns, result.summary.to_pylist()), *details]


def _print(console: Console, result: Result, folder: Path, population: str | None) -> None:
    analysis, reader = result.analysis, console.reader
    as_of = reader.plain(analysis.as_of)
    console.write(reader.say(analysis.title))
    console.say(N_("As of {day}; book {book}."), day=as_of, book=result.currency)
    if population:
        console.say(N_("Only where {condition}."), condition=population)
    console.write()
    for finding in result.findings:
        console.write(f"{'!' if finding.warning else '-'} {finding.text(reader)}{grade(console, finding)}")
    console.table(result.columns, result.summary.to_pylist())
    for name, detail in analysis.details.items() if console.verbose else ():
        console.write(reader.say(detail.title))
        console.table(detail.gives, result.details[name].to_pylist())
    for action in result.actions:
        _print_action(console, action, people_line(analysis.key, action, folder, population))


def grade(console: Console, finding: Finding) -> str:
    """How good the evidence is, where a sentence rests on more than having looked."""
    from regulars.analysis import GRADES

    return "" if finding.grade == "D" else f" ({console.reader.say(GRADES[finding.grade])})"


def _print_action(console: Console, action: Action, line: str) -> None:
    reader = console.reader
    console.write(f"> {reader.labelled(reader.say(action.title), action.reason(reader))}")
    console.write(f"  {reader.say(action.play)}")
    days = reader.counted(N_("{n} day"), N_("{n} days"), action.within_days)
    console.write(f"  {reader.say(N_('Watch for {days}: {measure}.'), measure=reader.say(action.watch), days=days)}")
    if not console.quiet:
        console.write(f"  {reader.say(N_('The rows: {line}') if action.records else N_('The people: {line}'), line=line)}")


def people_line(key: str, action: Action, folder: Path, population: str | None = None) -> str:
    """The line that lists the people of an action, or its records."""
    chosen = [f"--where {shlex.quote(f'{name}={written(value)}')}" for name, value in action.where.items()]
    about = [f"--population {shlex.quote(population)}"] if population else []
    return " ".join(["regulars rows", key, *chosen, *about, *([] if action.records else ["--people"])]) + at(folder)


COMMAND: Final = PerAnalysis("run", run, (POPULATION, OUTPUT, WORKSPACE, BOOK))
