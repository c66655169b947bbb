"""``regulars map FILE``: what each column is taken for, and the place to correct it once for all files of that kind."""

from __future__ import annotations

from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.columns import confirming, plain_sheet, show_sheet
from regulars.surfaces.console import Console
from regulars.surfaces.intake import SET
from regulars.surfaces.parameters import pairs
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Argument, Command, Option

SHEET: Final = Option("--sheet", metavar=N_("NAME"), help=N_("The sheet of a workbook that the corrections are meant for."))


def show_mapping(console: Console, file: str, workspace: str | None, sheet: str | None, corrections: tuple[str, ...]) -> dict[str, Any]:
    """Show the guess; what is corrected, or confirmed on a terminal, is remembered in the workspace."""
    folder = folder_of(workspace)
    given = dict(pairs(corrections, SET.opts[0]))
    mapped = enter(console, folder).map(file, given, sheet=sheet, confirm=confirming(console) if console.asks else None)
    for one, mapping in mapped:
        show_sheet(console, one, mapping)
    if given and all(mapping.sure for _, mapping in mapped):
        console.say(N_("Remembered in {path}."), path=str(folder / "regulars.toml"))
    elif not all(mapping.sure for _, mapping in mapped):
        console.hint(N_("To correct or confirm: {line}"), line=f"regulars map {file} --set FIELD=COLUMN{at(folder)}")
    return {"workspace": str(folder), "sheets": [plain_sheet(one, mapping) for one, mapping in mapped]}


COMMAND: Final = Command("map", show_mapping, (Argument("file", N_("FILE")), SET, SHEET, WORKSPACE))
