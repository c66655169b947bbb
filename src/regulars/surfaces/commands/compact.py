"""``regulars compact``: the small files of many loads become few, while everybody goes on loading and reading."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from regulars.errors import N_
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, enter, folder_of
from regulars.surfaces.spoken import Command
from regulars.surfaces.watching import watched


def compact(console: Console, workspace: str | None) -> dict[str, Any]:
    """Merge, and say how many files became how many."""
    with enter(console, folder_of(workspace)) as shop, watched(console) as progress:
        shop.snapshot  # noqa: B018 - a workspace without data is a named error
        done = shop.compact(progress)
    if done.deliveries:
        counts = {name: console.reader.number(value) for name, value in asdict(done).items()}
        console.say(N_("Loads merged: {deliveries}. Files before: {files_before}, now: {files_after}."), **counts)
    else:
        console.say(N_("There is nothing to merge."))
    return asdict(done)


COMMAND: Final = Command("compact", compact, (WORKSPACE,))
