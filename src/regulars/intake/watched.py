"""A folder that is watched: what is put into it is loaded, once it has stopped growing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from regulars.errors import RegularsError
from regulars.ingest.folder import files_of
from regulars.intake.deliveries import ENDS_IT, Unread
from regulars.intake.delivery import Import

EVERY: Final = 10.0
"""Seconds from look to look."""
_COMES_BACK: Final = frozenset({"workspace_busy"})
"""Errors that pass: the file is tried again at the next look."""

Stamp = tuple[int, int]
"""Size and time of the last change."""


def watch(folder: Path, load: Callable[[Path], Import], *, every: float = EVERY, wait: Callable[[float], bool] | None = None) -> Iterator[Import | Unread]:
    """Load what lies in a folder and what comes into it, in the order of the names, for as long as it is asked for more.

    A file is loaded when it was the same at two looks, so that none is read while it is being written, and again when it has changed
    since. One that cannot be loaded is told once, and tried again when it changes.

    ``every`` so many seconds it looks; ``wait`` waits that long and ends the watch by True (by default it never does).

    Raises:
        RegularsError: what every file would meet: ``disk_full``, ``not_writable``, ``file_missing`` if the folder is gone.
    """
    pause = wait or _sleep
    seen: dict[Path, Stamp] = {}
    done: dict[Path, Stamp] = {}
    while True:
        now = dict(_look(folder))
        for path, stamp in now.items():
            if seen.get(path) == stamp and done.get(path) != stamp:
                try:
                    one: Import | Unread = load(path)
                except RegularsError as problem:
                    if problem.code in _COMES_BACK:
                        continue
                    one = _told(path, problem)
                done[path] = stamp
                yield one
        seen = now
        if pause(every):
            return


def _told(path: Path, problem: RegularsError) -> Unread:
    if problem.code in ENDS_IT:
        raise problem
    return Unread(str(path), problem)


def _look(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """The files of the folder with their stamps; one that vanishes meanwhile is left out."""
    try:
        files = files_of(folder)
    except RegularsError as problem:
        if problem.code != "folder_empty":
            raise
        return
    for path in files:
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        yield path, (found.st_size, found.st_mtime_ns)


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False
