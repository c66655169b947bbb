"""``regulars doctor``: what this machine and the workspace have, and for whatever is broken the line that mends it."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, RegularsError
from regulars.i18n import Reader
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, enter, folder_of
from regulars.surfaces.spoken import Command

if TYPE_CHECKING:
    from regulars.workspace import Workspace

REINSTALL: Final = "pip install --force-reinstall regulars"
LEAST_FREE: Final = 500_000_000
"""Bytes of disk below which a load may not find room."""
ALPHABETS: Final = "Aяі客"
"""A letter of each alphabet a brief may be written in."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and if it is broken the line that mends it."""

    what: str
    found: str
    mend: str = ""


def doctor(console: Console, workspace: str | None) -> dict[str, Any]:
    """Look at everything, say what was found, and fail if something is broken."""
    folder = folder_of(workspace)
    data = list(_data(console, folder))
    said = console.reader
    checks = [*machine(said), *_place(folder, said), *data]
    for check in checks:
        console.write(f"{'!' if check.mend else '+'} {said.labelled(check.what, check.found)}")
        if check.mend:
            console.write(f"    {said.say(N_('Mend it: {line}'), line=check.mend)}")
    broken = [check for check in checks if check.mend]
    console.say(N_("Everything is in order.")) if not broken else console.fail()
    return {"broken": len(broken), "checks": [asdict(check) for check in checks]}


def machine(said: Reader) -> Iterator[Check]:
    """The program's own parts."""
    yield Check("Regulars", version("regulars"))
    yield Check("Python", f"{platform.python_version()} ({platform.system()} {platform.machine()})")
    yield _tried(said.say(N_("Engine")), _engine)
    yield _tried(said.say(N_("Charts")), _charts)
    yield _tried(said.say(N_("Fonts")), _fonts)
    yield _tried(said.say(N_("Language")), lambda: f"{said.language_name}, {said.say(N_('yes'))} / {said.say(N_('no'))}")


def _tried(what: str, work: Callable[[], str]) -> Check:
    """What a part answers; if it cannot, whatever the reason, it is broken."""
    try:
        return Check(what, work())
    except Exception as reason:  # noqa: BLE001 - a doctor that falls ill is of no use
        return Check(what, f"{type(reason).__name__}: {reason}", REINSTALL)


def _engine() -> str:
    from regulars.engines.duckdb import scratch

    with scratch() as connection:
        connection.execute("SELECT 1").fetchall()
    return f"DuckDB {version('duckdb')}"


def _charts() -> str:
    from regulars.charts.draw import svg

    drawn = svg({"xAxis": {"type": "category", "data": ["a"]}, "yAxis": {}, "series": [{"type": "bar", "data": [1]}]}, 80, 40)
    return f"SVG, {len(drawn)} B"


def _fonts() -> str:
    from regulars.charts.fonts import embedded_css

    rules = embedded_css(ALPHABETS)
    if missing := [letter for letter in ALPHABETS if f"U+{ord(letter):X}" not in rules]:
        raise LookupError("".join(missing))
    return " ".join(ALPHABETS)


def _place(folder: Path, said: Reader) -> Iterator[Check]:
    """Where the workspace is, or would be."""
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    what = said.say(N_("Workspace"))
    if nearest == folder.absolute() and not nearest.is_dir():
        yield Check(what, str(folder), "regulars doctor --workspace ~/regulars")
        return
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
        state = N_("{path}, can be written") if folder.exists() else N_("{path}, not there yet")
        yield Check(what, said.say(state, path=str(folder)))
    except OSError as reason:
        mend = f"chmod u+rwx {nearest}" if os.name == "posix" and reason.errno != 30 else "regulars load orders.xlsx --workspace ~/regulars"
        yield Check(what, f"{folder}: {reason.strerror}", mend)
    free = shutil.disk_usage(nearest).free
    found = said.say(N_("{size} MB free"), size=said.number(free // 1_000_000))
    yield Check(said.say(N_("Disk")), found, f"df -h {nearest}" if free < LEAST_FREE else "")


def _data(console: Console, folder: Path) -> Iterator[Check]:
    """What the workspace holds."""
    said = console.reader
    try:
        workspace = enter(console, folder)
        said = console.reader
        yield Check(said.say(N_("Time zone")), workspace.settings.zone.key)
        yield from _snapshot(workspace, said)
    except RegularsError as problem:
        if problem.code == "workspace_empty":
            yield Check(said.say(N_("Data")), said.say(N_("none yet: {line}"), line="regulars load orders.xlsx"))
        else:
            yield Check(said.say(N_("Data")), *said.explain(problem).split("\n", 1))


def _snapshot(workspace: Workspace, said: Reader) -> Iterator[Check]:
    snapshot = workspace.snapshot
    books = said.joined([f"{book.name} {said.day(book.first_on)} – {said.day(book.last_on)}" for book in snapshot.books])
    yield _answering(workspace, said)
    yield Check(said.say(N_("Data")), said.say(N_("version {id}: {books}"), id=snapshot.id, books=books))
    last = workspace.imports[-1]
    rows = said.counted(N_("{n} row loaded"), N_("{n} rows loaded"), last.rows_loaded)
    loaded_on = said.day(date.fromisoformat(last.loaded_at[:10]))
    yield Check(said.say(N_("Last file")), said.say(N_("{file}, {day}, {rows}"), file=Path(last.path).name, day=loaded_on, rows=rows))


def _answering(workspace: Workspace, said: Reader) -> Check:
    """Whether the engine of the workspace answers; data that it cannot read are not its fault."""
    what = said.say(N_("Engine of the workspace"))
    try:
        with workspace:
            workspace.engine.query("select 1 as one")
    except RegularsError as problem:
        if problem.code == "snapshot_damaged":
            raise
        return Check(what, *said.explain(problem).split("\n", 1))
    return Check(what, said.say(N_("{engine}, it answers"), engine=workspace.settings.engine))


COMMAND: Final = Command("doctor", doctor, [WORKSPACE])
