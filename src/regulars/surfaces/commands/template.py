"""``regulars template``: an empty order file with the columns explained, in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from regulars.errors import N_, error
from regulars.surfaces.console import Console
from regulars.surfaces.spoken import Argument, Command


def template(console: Console, file: str) -> dict[str, Any]:
    """Write the empty file; one that is there stays."""
    path = Path(file)
    if path.suffix.lower() != ".xlsx":
        raise error("value_wrong", name=console.reader.say(N_("FILE.xlsx")), value=file, allowed=".xlsx")
    if path.exists():
        raise error("file_in_the_way", path=file)
    from regulars.ingest.template import write_template

    write_template(path, console.reader)
    console.say(N_("An empty order file: {path}"), path=file)
    console.hint(N_("Fill it in, then: {line}"), line=f"regulars brief {file}")
    return {"path": file}


COMMAND: Final = Command("template", template, [Argument("file", N_("FILE.xlsx"))])
