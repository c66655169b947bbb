"""``regulars map FILE …``: what each column is taken for, the keys between tables, and the place to correct it once for all files of that kind."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.columns import confirming, plain_sheet, show_links, show_sheet
from regulars.surfaces.console import Console
from regulars.surfaces.intake import SET
from regulars.surfaces.parameters import pairs
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Argument, Command, Option

SHEET: Final = Option("--sheet", metavar=N_("NAME"), help=N_("The sheet of a workbook that the corrections are meant for."))


def show_mapping(console: Console, files: tuple[str, ...], workspace: str | None, sheet: str | None, corrections: tuple[str, ...]) -> dict[str, Any]:
    """Show the guess; what is corrected, or confirmed on a terminal, is remembered in the workspace."""
    folder = folder_of(workspace)
    given = dict(pairs(corrections, SET.opts[0]))
    found = enter(console, folder).map_files(files, given, sheet=sheet, confirm=confirming(console) if console.asks else None)
    for one, mapping in found.mapped:
        show_sheet(console, one, mapping)
    for lost in found.unknown:
        console.write(console.reader.say(N_("Not loaded: {reason}"), reason=console.reader.explain(lost.problem).partition("\n")[0]))
    show_links(console, found.links)
    for note in found.notes:
        console.write(note.read(console.reader))
    if given and all(mapping.sure for _, mapping in found.mapped):
        console.say(N_("Remembered in {path}."), path=str(folder / "regulars.toml"))
    elif not all(mapping.sure for _, mapping in found.mapped):
        line = shlex.join(["regulars", "map", *files])
        console.hint(N_("To correct or confirm: {line}"), line=f"{line} --set FIELD=COLUMN{at(folder)}")
    return {
        "workspace": str(folder),
        "sheets": [plain_sheet(one, mapping) for one, mapping in found.mapped],
        "unknown": [{"file": str(lost.sheet.path), "sheet": lost.sheet.name, "code": lost.problem.code} for lost in found.unknown],
        "links": [asdict(link) for link in found.links],
        "notes": [note.read(console.reader) for note in found.notes],
    }


COMMAND: Final = Command("map", show_mapping, (Argument("files", N_("FILE"), nargs=-1, required=True), SET, SHEET, WORKSPACE))
