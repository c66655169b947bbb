"""``regulars rejects``: the rows that were not loaded, as a file to mend and load again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of, spare_loaded
from regulars.surfaces.spoken import Argument, Command, Option

OUTPUT: Final = Option("--output", metavar=N_("FILE"), allowed=".csv, .xlsx", help=N_("Where to write the rows; by default to-mend.xlsx."))
USUAL: Final = "to-mend.xlsx"


def rejects(console: Console, delivery: str | None, output: str | None, workspace: str | None) -> dict[str, Any]:
    """Write what is open of one delivery, or of all, in the shape in which it came."""
    folder, path = folder_of(workspace), Path(output or USUAL)
    with enter(console, folder) as shop:
        shop.snapshot  # noqa: B018 - a workspace without data is a named error
        spare_loaded(shop, path)
        found = shop.rejects(delivery)
        rows = sum(len(one.rows) for one in found)
        if found:
            shop.write_rejects(path, delivery)
            console.say(N_("Written: {path}, {rows}."), path=str(path), rows=console.reader.counted(N_("{n} row"), N_("{n} rows"), rows))
            console.hint(N_("Mend the cells, leave the last two columns as they are, then: {line}"), line=f"regulars load {path}{at(folder)}")
        else:
            console.say(N_("Every row was loaded, or needs no mending."))
    return {"path": str(path) if found else None, "rows": rows, "sheets": [{"file": one.file, "sheet": one.sheet, "rows": len(one.rows)} for one in found]}


COMMAND: Final = Command("rejects", rejects, (Argument("delivery", N_("NUMBER"), required=False), OUTPUT, WORKSPACE))
