"""Places on disk: which workspace a command means, and files that are written whole or not at all."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import regulars as rg
from regulars.errors import N_, error
from regulars.surfaces.console import Console
from regulars.surfaces.spoken import Option

if TYPE_CHECKING:
    from regulars.workspace import Workspace

SUFFIX: Final = ".regulars"
"""The ending of the folder that a brief makes for itself."""

WORKSPACE: Final = Option("--workspace", metavar=N_("FOLDER"), help=N_("The folder that holds the company's data."))
BOOK: Final = Option("--book", metavar=N_("CURRENCY"), help=N_("Read one book only, where the data hold several currencies."))
AS_OF: Final = Option("--as-of", metavar=N_("YYYY-MM-DD"), help=N_("The day asked for; by default the last business day in the data."))
POPULATION: Final = Option(
    "--population", metavar=N_("CONDITION"), help=N_("Ask about some customers or orders only, everything computed for them: \"city = 'Lviv'\"")
)
OUTPUT: Final = Option("--output", metavar=N_("FILE"), allowed=".csv, .xlsx, .json", help=N_("Write the table to a file."))
SETTINGS: Final = (
    Option("--currency", metavar=N_("CURRENCY"), help=N_("Currency of files that state none: an ISO code such as CNY, UAH, GBP.")),
    Option("--time-zone", metavar=N_("ZONE"), help=N_("Time zone of the shop, such as Asia/Shanghai, Europe/Kyiv, Europe/London.")),
    Option("--day-starts-at", metavar=N_("HOUR"), allowed="0 – 12", help=N_("Hour at which the business day begins; 5 for a bar that closes at four.")),
)
"""Settings of a workspace; its regulars.toml remembers them."""


def day(option: str, given: str | None) -> date | None:
    """A day as typed after an option."""
    try:
        return date.fromisoformat(given) if given is not None else None
    except ValueError:
        raise error("value_wrong", name=option, value=str(given), allowed="YYYY-MM-DD") from None


def folder_of(given: str | None) -> Path:
    """The workspace folder: as given, as the environment says, this folder, ./regulars, or the only folder a brief has made here."""
    if named := given or os.environ.get("REGULARS_WORKSPACE"):
        return Path(named).expanduser()
    if Path("regulars.toml").exists():
        return Path()
    default = Path("regulars")
    made = [default] if default.is_dir() else [path for path in Path().glob(f"*{SUFFIX}") if path.is_dir()]
    return made[0] if len(made) == 1 else default


def at(folder: Path) -> str:
    """What a line must say so that a command finds this workspace again: nothing if it would by itself."""
    return "" if folder_of(None) == folder else f" --workspace {shlex.quote(str(folder))}"


def enter(console: Console, folder: Path, **settings: Any) -> Workspace:
    """Open a workspace; from here on the console speaks its language, unless another was asked for."""
    workspace = rg.open(folder, language=console.language, **settings)
    console.reader = rg.Reader(workspace.settings.language)
    return workspace


def reading(console: Console, given: str | None, book: str | None, population: str | None = None) -> Workspace:
    """The workspace a question is put to, the book if one was named, and whom it is about if not about all."""
    workspace = enter(console, folder_of(given))
    workspace = workspace.book(book.upper()) if book else workspace
    workspace = workspace.where(population) if population else workspace
    console.reader = console.reader.of(workspace.chosen_book.name)
    return workspace


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A name to write under; the file takes its place when it is whole."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        os.replace(unfinished, path)
    except OSError as cause:
        from regulars.engines.refusals import refusal

        raise refusal(cause, path) or error("not_writable", path=str(path), reason=cause.strerror or str(cause)) from cause
    finally:
        unfinished.unlink(missing_ok=True)


def spare_loaded(workspace: Workspace, path: Path) -> None:
    """Refuse to write over a file that was loaded."""
    if any(Path(one.path).resolve() == path.resolve() for one in workspace.imports):
        raise error("file_in_the_way", path=str(path))
