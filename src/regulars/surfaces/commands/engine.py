"""``regulars engine``: which engine answers, what else could, and moving to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Argument, Command
from regulars.surfaces.watching import watched

if TYPE_CHECKING:
    from regulars.workspace import Workspace

CHOICES: Final[dict[str, str]] = {
    "duckdb": N_("on this machine, nothing to set up: right for most companies"),
    "postgresql://user@host:5432/database": N_("a PostgreSQL server that several people share (pip install 'regulars[postgres]')"),
    "spark": N_("Apache Spark, where the data outgrow one machine; also local[2], spark://host:port, sc://host:port (pip install 'regulars[spark]')"),
}
"""How an engine is addressed → when it is the right one."""


def engine(console: Console, address: str | None, workspace: str | None) -> dict[str, Any]:
    """Say which engine answers; with an address, move there."""
    folder = folder_of(workspace)
    shop = enter(console, folder)
    before = shop.settings.engine
    if address:
        with watched(console) as progress:
            shop.move(address, progress=progress)
        console.say(N_("From now on {engine} answers. It holds the same data as the workspace; regulars.toml says so."), engine=address)
        if address != before:
            console.hint(N_("Back: {line}"), line=f"regulars engine {before}{at(folder)}")
        return {"engine": address, "before": before}
    return _shown(console, shop)


def _shown(console: Console, shop: Workspace) -> dict[str, Any]:
    now = shop.settings.engine
    console.say(N_("{engine} answers the questions put to this workspace."), engine=now)
    console.write()
    for choice, when in CHOICES.items():
        console.write(f"  {choice}\n      {console.reader.say(when)}")
    line = f"regulars engine {console.reader.say(N_('ADDRESS'))}"
    console.hint(N_("Move with: {line}. The data stay in the workspace; another engine gets a copy."), line=line)
    return {"engine": now, "choices": [*CHOICES]}


COMMAND: Final = Command("engine", engine, (Argument("address", N_("ADDRESS"), required=False), WORKSPACE))
