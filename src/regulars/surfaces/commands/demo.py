"""``regulars demo``: the whole way once, on data that come with Regulars or in a made-up company."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import regulars as rg
from regulars.errors import N_
from regulars.surfaces.briefing import present, write_briefs
from regulars.surfaces.console import Console
from regulars.surfaces.intake import take_in
from regulars.surfaces.places import SUFFIX
from regulars.surfaces.spoken import Command, Option

REAL: Final = "online-retail"
"""The world that is real: orders of a British gift wholesaler, as they were."""
FOLDER: Final = "regulars-demo"


def demo(console: Console, name: str, output: str) -> dict[str, Any]:
    """Write the files, load them, write the brief, and say how long it took."""
    from regulars.worlds import world

    began = time.monotonic()
    made_up = world(name)(language=console.reader.language)
    folder = Path(output) / f"{name}-{made_up.language}"
    console.hint(made_up.story)
    made = made_up.write(folder)
    workspace = folder / f"{name}{SUFFIX}"
    shop = rg.open(workspace, currency=made.currency, time_zone=made.time_zone, language=made.language)
    loaded = take_in(console, shop, [str(file) for file in made.files], ())
    briefs = present(console, write_briefs(console, shop, str(folder), name), workspace)
    seconds = time.monotonic() - began
    console.hint(N_("All this took {time}."), time=console.reader.counted(N_("{n} second"), N_("{n} seconds"), round(seconds)))
    console.hint(N_("With your own file: {line}"), line="regulars brief orders.xlsx")
    return {"world": name, "workspace": str(workspace), **loaded, "briefs": briefs, "seconds": round(seconds, 1)}


COMMAND: Final = Command(
    "demo",
    demo,
    (
        Option(
            "--world",
            "name",
            metavar=N_("NAME"),
            default=REAL,
            shown_default=REAL,
            help=N_("online-retail is real; tea-shop is made up, in the language you read."),
        ),
        Option("--output", metavar=N_("FOLDER"), default=FOLDER, shown_default=FOLDER, help=N_("Where the files, the workspace and the brief go.")),
    ),
)
