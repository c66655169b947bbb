"""``regulars brief FILE``: from an export of orders to the brief, in one step."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.briefing import present, write_briefs
from regulars.surfaces.console import Console
from regulars.surfaces.intake import SET, take_in
from regulars.surfaces.places import AS_OF, BOOK, SETTINGS, SUFFIX, WORKSPACE, day, enter, folder_of
from regulars.surfaces.spoken import Argument, Command, Option


def brief(
    console: Console,
    files: tuple[str, ...],
    output: str | None,
    workspace: str | None,
    corrections: tuple[str, ...],
    book: str | None,
    as_of: str | None,
    show: bool,
    **settings: str | None,
) -> dict[str, Any]:
    """Load what is given, write a brief of every book, and say what matters most."""
    asked_for = day("--as-of", as_of)
    folder = Path(f"{Path(files[0]).stem}{SUFFIX}") if files and not workspace else folder_of(workspace)
    shop = enter(console, folder, **settings)
    loaded = take_in(console, shop, files, corrections)
    done = write_briefs(console, shop, output, Path(files[0]).stem if files else folder.resolve().stem, book, asked_for)
    briefs = present(console, done, folder)
    if show:
        for one in done:
            webbrowser.open(one.page.resolve().as_uri())
    return {"workspace": str(folder), **loaded, "briefs": briefs}


COMMAND: Final = Command(
    "brief",
    brief,
    (
        Argument("files", N_("FILE"), nargs=-1),
        Option("--output", metavar=N_("PATH"), help=N_("The page to write (.html), or a folder for the page and the workbook.")),
        WORKSPACE,
        *SETTINGS,
        SET,
        BOOK,
        AS_OF,
        Option("--open", "show", is_flag=True, help=N_("Open the page when it is ready.")),
    ),
    help=N_(
        "Everything in one step: from order files to the brief and the lists of people to contact. The data are kept in a folder "
        "named after the first file, so that next month's file can be added. Without a file: a brief of what is loaded."
    ),
)
