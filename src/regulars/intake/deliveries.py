"""Several files at once: each a delivery of its own, so that one that cannot be read keeps none of the others out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from regulars.errors import N_, RegularsError, error
from regulars.i18n import Language, Reader
from regulars.intake.imports import Import
from regulars.progress import Progress

LOADING: Final = N_("Loading files")
ENDS_IT: Final = frozenset(
    {"cancelled", "disk_full", "not_writable", "not_allowed", "workspace_busy", "workspace_newer", "too_many_open_files", "out_of_memory"}
)
"""Errors that the next file would meet too."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was not loaded, and why."""

    path: str
    problem: RegularsError


@dataclass(frozen=True, slots=True, repr=False)
class Deliveries:
    """What became of the files of a folder, in the order they were loaded."""

    imports: tuple[Import, ...]
    unread: tuple[Unread, ...] = ()
    language: Language = "en"

    def __repr__(self) -> str:
        return f"Deliveries({' '.join(self._told(Reader(self.language)))})"

    def _told(self, reader: Reader) -> Iterator[str]:
        yield summary(self, reader)
        yield from (left_out(one, reader) for one in self.unread)


def summary(made: Deliveries, reader: Reader) -> str:
    """How many files were loaded, and how many rows they brought."""
    new = [one for one in made.imports if not one.already_loaded]
    return reader.say(
        N_("{files}: {loaded} loaded, {known} known already, {unread} not loaded; {rows} in all."),
        files=reader.counted(N_("{n} file"), N_("{n} files"), len(made.imports) + len(made.unread)),
        loaded=reader.number(len(new)),
        known=reader.number(len(made.imports) - len(new)),
        unread=reader.number(len(made.unread)),
        rows=reader.counted(N_("{n} row"), N_("{n} rows"), sum(one.rows_loaded for one in new)),
    )


def left_out(one: Unread, reader: Reader) -> str:
    """Why a file was not loaded."""
    return reader.say(N_("Not loaded: {reason}"), reason=reader.explain(one.problem).partition("\n")[0])


def load_each(paths: Iterable[Path], load: Callable[[Path], Import]) -> Iterator[Import | Unread]:
    """Load file after file. An error of one file is told and the rest goes on; what the next file would meet too ends it."""
    for path in paths:
        try:
            yield load(path)
        except RegularsError as problem:
            if problem.code in ENDS_IT:
                raise
            yield Unread(str(path), problem)


def load_files(paths: tuple[Path, ...], folder: Path, load: Callable[[Path], Import], language: Language, progress: Progress) -> Deliveries:
    """Load files with progress over them. The first problem if there is but one file, ``folder_empty`` if none of several could be loaded."""

    def counted() -> Iterator[Path]:
        for done, path in enumerate(paths):
            progress(LOADING, done, len(paths))
            yield path

    found = tuple(load_each(counted(), load))
    imports = tuple(one for one in found if isinstance(one, Import))
    unread = tuple(one for one in found if isinstance(one, Unread))
    if not imports:
        raise unread[0].problem if len(unread) == 1 else error("folder_empty", path=str(folder), files=len(paths))
    return Deliveries(imports, unread, language)
