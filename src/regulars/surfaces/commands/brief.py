"""``regulars brief FILE``: from an export of orders to the brief, in one step."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Any

import click

from regulars.errors import N_
from regulars.surfaces.briefing import present, write_briefs
from regulars.surfaces.console import Console
from regulars.surfaces.intake import set_option, take_in
from regulars.surfaces.places import SUFFIX, book_option, enter, folder_of, settings_options, workspace_option
from regulars.surfaces.spoken import argument, command, option


@command(
    "brief",
    help=N_(
        "Everything in one step: from order files to the brief and the lists of people to contact. The data are kept in a folder "
        "named after the first file, so that next month's file can be added. Without a file: a brief of what is loaded."
    ),
)
@argument("files", metavar=N_("FILE"), nargs=-1)
@option("--output", metavar=N_("PATH"), help=N_("The page to write (.html), or a folder for the page and the workbook."))
@workspace_option
@settings_options
@set_option
@book_option
@option("--open", "show", is_flag=True, help=N_("Open the page when it is ready."))
@click.pass_obj
def COMMAND(
    console: Console,
    files: tuple[str, ...],
    output: str | None,
    workspace: str | None,
    currency: str | None,
    time_zone: str | None,
    day_starts_at: str | None,
    corrections: tuple[str, ...],
    book: str | None,
    show: bool,
) -> dict[str, Any]:
    folder = Path(f"{Path(files[0]).stem}{SUFFIX}") if files and not workspace else folder_of(workspace)
    shop = enter(console, folder, currency=currency, time_zone=time_zone, day_starts_at=day_starts_at)
    loaded = take_in(console, shop, files, corrections)
    done = write_briefs(console, shop, output, Path(files[0]).stem if files else folder.resolve().stem, book)
    briefs = present(console, done, folder)
    if show:
        for one in done:
            webbrowser.open(one.page.resolve().as_uri())
    return {"workspace": str(folder), "imports": loaded, "briefs": briefs}
