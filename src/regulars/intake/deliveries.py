"""Several files at once: each a delivery of its own, unless their tables hang together; one that cannot be read keeps none of the others out."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from regulars.errors import N_, RegularsError, error
from regulars.i18n import NO_CURRENCY, Language, Reader
from regulars.ingest.database import is_address
from regulars.ingest.folder import files_of
from regulars.ingest.read import Source, open_source
from regulars.ingest.several.bundles import Bundle, gather
from regulars.intake.delivery import Import
from regulars.progress import Progress

LOADING: Final = N_("Loading files")
ENDS_IT: Final = frozenset(
    {"cancelled", "disk_full", "not_writable", "not_allowed", "workspace_busy", "workspace_newer", "too_many_open_files", "out_of_memory"}
)
"""Errors that the next file would meet too."""
_NAMED: Final = 8
"""Files of a folder that a line to copy names."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was not loaded, and why."""

    path: str
    problem: RegularsError
    files: int = 1
    """How many files it was to be loaded with, itself counted."""


@dataclass(frozen=True, slots=True, repr=False)
class Deliveries:
    """What became of several files, in the order they were loaded."""

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
    loaded, known = (sum(len(one.files) or 1 for one in some) for some in (new, [one for one in made.imports if one.already_loaded]))
    unread = sum(one.files for one in made.unread)
    return reader.say(
        N_("{files}: {loaded} loaded, {known} known already, {unread} not loaded; {rows} in all."),
        files=reader.counted(N_("{n} file"), N_("{n} files"), loaded + known + unread),
        loaded=reader.number(loaded),
        known=reader.number(known),
        unread=reader.number(unread),
        rows=reader.counted(N_("{n} row"), N_("{n} rows"), sum(one.rows_loaded for one in new)),
    )


def left_out(one: Unread, reader: Reader) -> str:
    """Why a file was not loaded."""
    return reader.say(N_("Not loaded: {reason}"), reason=reader.explain(one.problem).partition("\n")[0])


def paths_of(given: Iterable[str | os.PathLike[str]]) -> tuple[str | Path, ...]:
    """Files and addresses as given, folders as the files in them."""
    found: list[str | Path] = []
    for one in given:
        name = os.fspath(one)
        found += [name] if is_address(name) else files_of(Path(name)) if Path(name).is_dir() else [Path(name)]
    return tuple(dict.fromkeys(found))


def load_files(
    paths: Sequence[str | Path], load: Callable[[Bundle], Import], past: Sequence[Import], corrections: dict[str, str], language: Language, progress: Progress
) -> Deliveries:  # fmt: skip
    """Load files, those together whose tables hang together. What the next file would meet too ends it, else an error of one file is told and the rest goes on.

    Raises:
        RegularsError: the only problem or, where nothing could be loaded at all, the first one.
    """
    sources, unread = _opened(paths)
    known = () if corrections else _known(sources, past)
    imports: list[Import] = list(known)
    if not known:
        bundles, _ = gather(sources, corrections, language) if sources else ((), None)
        at = {str(path): number for number, path in enumerate(paths)}
        for bundle in bundles:
            progress(LOADING, min(at[path] for path, _ in bundle.files), len(paths))
            try:
                imports.append(load(bundle))
            except RegularsError as problem:
                if problem.code in ENDS_IT:
                    raise
                unread.append(Unread(str(bundle.source.path), problem, len(bundle.files)))
    if not imports:
        raise unread[0].problem
    return Deliveries(tuple(imports), tuple(unread), language)


def load_folder(folder: Path, load: Callable[[tuple[Path, ...]], Deliveries]) -> Deliveries:
    """Load every file of a folder. The first problem if there is but one file, ``folder_unread`` if none of several could be loaded."""
    paths = files_of(folder)
    try:
        return load(paths)
    except RegularsError as problem:
        if len(paths) == 1 or problem.code in ENDS_IT:
            raise
        line = shlex.join(["regulars", "map", *(str(path) for path in paths[:_NAMED])])
        raise error("folder_unread", path=str(folder), files=len(paths), reason=problem, line=line) from problem


def _opened(paths: Sequence[str | Path]) -> tuple[list[Source], list[Unread]]:
    """The files that can be opened, and those that cannot."""
    sources: list[Source] = []
    unread: list[Unread] = []
    for path in paths:
        try:
            sources.append(open_source(path))
        except RegularsError as problem:
            if problem.code in ENDS_IT:
                raise
            unread.append(Unread(str(path), problem))
    return sources, unread


def _known(sources: Sequence[Source], past: Sequence[Import]) -> tuple[Import, ...]:
    """The deliveries that brought all these files before, if every one of them was brought; nothing need be looked at then."""
    brought = {file["fingerprint"]: one for one in past for file in one.files if NO_CURRENCY not in one.currencies}
    if not sources or any(source.fingerprint not in brought for source in sources):
        return ()
    return tuple(replace(one, already_loaded=True) for one in {brought[source.fingerprint].id: brought[source.fingerprint] for source in sources}.values())
