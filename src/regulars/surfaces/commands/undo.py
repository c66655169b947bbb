"""``regulars undo``: take a delivery back; ``--redo`` puts back what the last undo took."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.commands.history import number_of
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Argument, Command, Option
from regulars.surfaces.watching import watched


def undo(console: Console, delivery: str | None, again: bool, workspace: str | None) -> dict[str, Any]:
    """Take the delivery back, or put it back, and say what is in force now."""
    folder = folder_of(workspace)
    with enter(console, folder) as shop, watched(console) as progress:
        done = shop.redo(progress=progress) if again else shop.undo(delivery, progress=progress)
    for one in done.removed:
        console.say(N_("No longer in force: {number}, {file}. Rows: {rows}."), **_named(console, one))
    for one in done.added:
        console.say(N_("In force again: {number}, {file}. Rows: {rows}."), **_named(console, one))
    if not again:
        console.hint(N_("To put it back: {line}"), line=f"regulars undo --redo{at(folder)}")
    told = {side: [{"id": one.id, "path": one.path, "rows_loaded": one.rows_loaded} for one in getattr(done, side)] for side in ("removed", "added")}
    return {"workspace": str(folder), "snapshot": done.snapshot.id} | told


def _named(console: Console, one: Any) -> dict[str, str]:
    return {"number": number_of(one.id), "file": Path(one.path).name, "rows": console.reader.number(one.rows_loaded)}


COMMAND: Final = Command(
    "undo",
    undo,
    (
        Argument("delivery", N_("NUMBER"), required=False),
        Option("--redo", "again", is_flag=True, help=N_("Put back what the last undo took.")),
        WORKSPACE,
    ),
)
