"""``regulars load FILE``: rows in, loaded and not loaded, with reasons, and what was taken for what."""

from __future__ import annotations

from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.intake import SET, take_in
from regulars.surfaces.places import SETTINGS, WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Argument, Command


def load(console: Console, files: tuple[str, ...], workspace: str | None, corrections: tuple[str, ...], **settings: str | None) -> dict[str, Any]:
    """Load files, every file of a folder, or a table of a database, one after the other."""
    folder = folder_of(workspace)
    shop = enter(console, folder, **settings)
    loaded = take_in(console, shop, files, corrections, details=True)
    if shop.snapshot.books:
        console.hint(N_("Next: {line}"), line=f"regulars brief{at(folder)}")
    else:
        console.hint(N_("There are no orders yet, and every answer starts from them. Next: {line}"), line=f"regulars load orders.xlsx{at(folder)}")
    return {"workspace": str(folder), **loaded}


COMMAND: Final = Command("load", load, (Argument("files", N_("FILE"), nargs=-1, required=True), WORKSPACE, *SETTINGS, SET))
