"""``regulars history``: what was loaded, corrected and taken back, and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Command

if TYPE_CHECKING:
    from regulars.past.remembering import Happened
    from regulars.workspace import Workspace

ACTIONS: Final = {
    "load": N_("loaded"),
    "correct": N_("corrected"),
    "undo": N_("taken back"),
    "redo": N_("put back"),
    "arrange": N_("arranged anew"),
}
"""What can happen → words."""
_TITLES: Final = ((N_("When"), False), (N_("What"), False), (N_("Number"), True), (N_("File"), False), (N_("Rows loaded"), True), (N_("Not loaded"), True))


def history(console: Console, workspace: str | None) -> dict[str, Any]:
    """One line for each delivery that came or went, oldest first; what is in force now is marked."""
    folder = folder_of(workspace)
    with enter(console, folder) as shop:
        told, in_force = shop.told_history, shop.imports
        lines = [line for happened in told for line in _lines(console, shop, happened)]
    console.grid([(console.reader.say(title), right) for title, right in _TITLES], lines)
    if in_force:
        console.hint(N_("To take one back, such as the last: {line}"), line=f"regulars undo {number_of(in_force[-1].id)}{at(folder)}")
    return {"workspace": str(folder), "events": [_plain(happened) for happened in told]}


def _lines(console: Console, shop: Workspace, happened: Happened) -> list[tuple[str, ...]]:
    """What one event did, as lines of a table."""
    reader, event = console.reader, happened.event
    when = f"{event.at.astimezone(shop.settings.zone):%Y-%m-%d %H:%M}"
    what = reader.say(ACTIONS[event.action])
    shown = happened.removed if event.action == "undo" else happened.added
    return [(when, what, number_of(one.id), Path(one.path).name, reader.number(one.rows_loaded), reader.number(one.rows_rejected)) for one in shown] or [
        (when, what, "", "", "", "")
    ]


def number_of(import_id: str) -> str:
    """How a person names a delivery."""
    return import_id.partition("-")[0].lstrip("0")


def _plain(happened: Happened) -> dict[str, Any]:
    event = happened.event
    sides = {name: [{"id": one.id, "path": one.path, "rows_loaded": one.rows_loaded} for one in getattr(happened, name)] for name in ("added", "removed")}
    return {"at": event.at.isoformat(), "action": event.action, "snapshot": event.snapshot} | sides


COMMAND: Final = Command("history", history, (WORKSPACE,))
