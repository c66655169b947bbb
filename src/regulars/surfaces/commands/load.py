"""``regulars load FILE``: rows in, loaded and not loaded, with reasons, and what was taken for what."""

from __future__ import annotations

from typing import Any

import click

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.intake import set_option, take_in
from regulars.surfaces.places import enter, folder_of, settings_options, workspace_option
from regulars.surfaces.spoken import argument, command


@command("load")
@argument("files", metavar=N_("FILE"), nargs=-1, required=True)
@workspace_option
@settings_options
@set_option
@click.pass_obj
def COMMAND(
    console: Console,
    files: tuple[str, ...],
    workspace: str | None,
    currency: str | None,
    time_zone: str | None,
    day_starts_at: str | None,
    corrections: tuple[str, ...],
) -> dict[str, Any]:
    folder = folder_of(workspace)
    shop = enter(console, folder, currency=currency, time_zone=time_zone, day_starts_at=day_starts_at)
    loaded = take_in(console, shop, files, corrections, details=True)
    console.hint(N_("Next: {line}"), line=f"regulars brief --workspace {folder}")
    return {"workspace": str(folder), "imports": loaded}
