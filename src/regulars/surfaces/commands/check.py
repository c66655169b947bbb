"""``regulars check``: files judged without loading them; without a file, the health of the data that are loaded."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, RegularsError
from regulars.surfaces.console import Console
from regulars.surfaces.intake import SET
from regulars.surfaces.parameters import pairs
from regulars.surfaces.places import BOOK, SETTINGS, WORKSPACE, at, enter, folder_of, reading
from regulars.surfaces.spoken import Argument, Command
from regulars.surfaces.watching import watched

if TYPE_CHECKING:
    from regulars.analysis import Line
    from regulars.intake.checking import Checked
    from regulars.workspace import Workspace

WORST: Final = 10
"""Problems of the loaded data that are told; the analysis has them all."""
_KEYS: Final = ("about", "field", "rule")


def check(
    console: Console, files: tuple[str, ...], workspace: str | None, book: str | None, corrections: tuple[str, ...], **settings: str | None
) -> dict[str, Any]:  # fmt: skip
    """Judge the files, or the data; fail where there is something to mend."""
    if not files:
        return _loaded(console, workspace, book)
    folder = folder_of(workspace)
    shop = enter(console, folder, **settings)
    given = dict(pairs(corrections, SET.opts[0]))
    judged = [_file(console, shop, file, given) for file in _each(files)]
    if any(not one["clean"] for one in judged):
        console.fail()
    if any("code" not in one for one in judged):
        console.hint(N_("Nothing was loaded. To load: {line}"), line=f"regulars load {shlex.join(files)}{at(folder)}")
    return {"workspace": str(folder), "files": judged}


def _each(files: Sequence[str]) -> Iterator[str]:
    """The files, and every file of the folders among them."""
    from regulars.ingest.folder import files_of

    for file in files:
        yield from map(str, files_of(Path(file))) if Path(file).is_dir() else (file,)


def _file(console: Console, shop: Workspace, file: str, given: dict[str, str]) -> dict[str, Any]:
    """What would become of one file; one that cannot be read at all keeps none of the others out."""
    try:
        with watched(console) as progress:
            found = shop.check(file, mapping=given, progress=progress)
    except RegularsError as problem:
        console.write(console.reader.explain(problem))
        return {"path": file, "clean": False, "code": problem.code, "message": console.reader.explain(problem)}
    _tell(console, found)
    counts = {name: getattr(found.made, name) for name in ("rows_in", "rows_loaded", "rows_rejected", "rejected_by_reason")}
    doubts = [{"sheet": sheet, "doubt": doubt} for sheet, doubt in found.doubts]
    return {"path": file, "clean": found.clean, "known": found.known, **counts, "doubts": doubts, "found": list(found.found)}


def _tell(console: Console, found: Checked) -> None:
    from regulars.ingest.reasons import REASONS
    from regulars.intake.checking import FOUND
    from regulars.surfaces.columns import doubt_said

    said = console.reader
    for sentence in found.told(said):
        console.write(sentence)
    for reason, rows in sorted(found.made.rejected_by_reason.items(), key=lambda pair: (-pair[1], pair[0])):
        console.write(f"  {said.labelled(said.say(REASONS.get(reason, reason)), said.number(rows))}")
    for sheet, doubt in found.doubts:
        console.write(f"? {f'{sheet}: ' if sheet else ''}{doubt_said(doubt, said)}")
    if found.found:
        console.table(FOUND, found.found)
    if found.clean:
        console.say(N_("Everything is in order."))


def _loaded(console: Console, workspace: str | None, book: str | None) -> dict[str, Any]:
    """The score of each dimension, and the worst problems, each with the line that lists its rows."""
    import regulars as rg

    with reading(console, workspace, book) as shop:
        result = shop.run(rg.DataQuality())
        answer, said = result.answer, console.reader
        console.write(said.say(result.analysis.title))
        for line in answer.details["scores"]:
            console.write(f"  {said.labelled(line['dimension'].show(said), line['score'].show(said, prose=False))}")
        worst = [line for line in answer.summary if line.value("failing") and line.value("dimension") != "reality"]
        for line in worst[:WORST]:
            told = N_("{rule} ({field}): {failing} of {checked}; money behind it: {at_stake}.")
            console.say(told, **{name: line[name].show(said) for name in ("rule", "field", "failing", "checked", "at_stake")})
            if not console.quiet:
                console.write(f"  {_rows_line(line, shop.folder)}")
        if worst:
            console.fail()
        else:
            console.say(N_("Everything is in order."))
        problems = [{name: cell.plain for name, cell in line.items()} | {"line": _rows_line(line, shop.folder)} for line in worst]
        scores = {line.value("dimension"): line.value("score") for line in answer.details["scores"]}
        return {"workspace": str(shop.folder), "scores": scores, "problems": problems}


def _rows_line(line: Line, folder: Path) -> str:
    """The line that lists the rows of a problem."""
    chosen = [f"--where {shlex.quote(f'{name}={line.value(name)}')}" for name in _KEYS]
    return " ".join(["regulars rows data_quality", *chosen]) + at(folder)


COMMAND: Final = Command("check", check, (Argument("files", N_("FILE"), nargs=-1), WORKSPACE, BOOK, *SETTINGS, SET))
