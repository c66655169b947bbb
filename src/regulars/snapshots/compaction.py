"""Compaction: the small files of many deliveries become few large ones, and a worn snapshot a fresh one, while everybody goes on loading and reading.

Nothing that is in use is changed or removed. A merged folder appears under its name when it is whole, from then on it is read
instead of the loose files, and the next load sweeps those away. So compaction needs no other lock than its own, may be killed
at any moment, and a snapshot's id does not depend on it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from regulars.engines.duckdb import Failure, literal, scratch
from regulars.errors import N_
from regulars.progress import Progress, silent
from regulars.schema import PART_TABLES
from regulars.snapshots import Shelf
from regulars.snapshots.durable import put_in_place
from regulars.snapshots.parts import SUPERSEDED, Parts

MANY: Final = 32
"""Loose deliveries beyond which a load starts a compaction."""
MERGING: Final = N_("Merging small files")


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: how many deliveries it merged into one folder, and from how many files into how many."""

    deliveries: int = 0
    files_before: int = 0
    files_after: int = 0


def due(shelf: Shelf) -> bool:
    """Whether so many deliveries are loose, or were added to the snapshot's file, that tidying pays."""
    return len(shelf.deliveries.loose(shelf.parts())) > MANY or shelf.worn() is not None


def compact(shelf: Shelf, progress: Progress = silent) -> Compacted:
    """Merge the files of the latest deliveries, and derive a worn snapshot anew. Nothing is done if another process is at it, or replaces one meanwhile."""
    if not shelf.parts():
        return Compacted()
    try:
        with FileLock(shelf.folder / "compacting.lock", timeout=0):
            done = _merge(shelf.deliveries, shelf.parts(), progress)
            shelf.recluster(progress)
            return done
    except (Timeout, FileNotFoundError):
        return Compacted()
    except Failure:
        if _all_there(shelf):
            raise
        return Compacted()


def start(folder: Path) -> None:
    """Compact a workspace in a process of its own, which outlives this one and says nothing."""
    if sys.executable:
        line = [sys.executable, "-m", "regulars", "compact", "--workspace", str(folder.absolute()), "--quiet"]
        child = subprocess.Popen(  # noqa: S603 - this program, on the folder it was given
            line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        threading.Thread(target=child.wait, daemon=True).start()


def _group(deliveries: Parts, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The deliveries to merge: all loose ones, and going back in time each merged folder that is not larger than what is together by then.

    So a row is rewritten only when its folder at least doubles: a logarithmic number of times. A merged folder goes in whole, with the
    deliveries that were taken back: its files are the only ones that still have their rows.
    """
    loose = deliveries.loose(parts)
    size = sum(file.stat().st_size for part in loose for file in deliveries.folder(part).glob("*.parquet"))
    group = set(loose)
    for one in reversed(deliveries.merged(parts) if loose else ()):
        if one.size > size:
            break
        size += one.size
        group |= {*one.parts, *one.strangers}
    return tuple(sorted(group))


def _merge(deliveries: Parts, parts: tuple[str, ...], progress: Progress) -> Compacted:
    group = _group(deliveries, parts)
    if len(group) < 2:
        return Compacted()
    for left in deliveries.merged_root.glob("*.unfinished"):
        shutil.rmtree(left, ignore_errors=True)
    folder = deliveries.merged_root / hashlib.sha256(json.dumps(group).encode()).hexdigest()[:16]
    unfinished = folder.with_suffix(".unfinished")
    unfinished.mkdir(parents=True)
    try:
        before = _write(deliveries, group, unfinished, progress)
        (unfinished / "merged.json").write_text(json.dumps(group), encoding="utf-8")
        after = len(list(unfinished.glob("*.parquet")))
        put_in_place(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Compacted(len(group), before, after)


def _write(deliveries: Parts, group: tuple[str, ...], unfinished: Path, progress: Progress) -> int:
    """Write one file a table; how many files there were."""
    before = 0
    with scratch() as connection:
        for done, table in enumerate((*PART_TABLES, SUPERSEDED)):
            progress(MERGING, done, len(PART_TABLES) + 1)
            if files := deliveries.files(table, group):
                rows = deliveries.superseded(group) if table == SUPERSEDED else deliveries.rows(table, group)
                connection.execute(f"COPY ({rows}) TO {literal(unfinished / f'{table}.parquet')} (FORMAT parquet, COMPRESSION zstd)")
                before += len(files)
    progress(MERGING, len(PART_TABLES) + 1, len(PART_TABLES) + 1)
    return before


def _all_there(shelf: Shelf) -> bool:
    """Whether every file of the deliveries in force can be found: if not, a load has just swept them."""
    return all(shelf.deliveries.folder(part).is_dir() for part in shelf.parts())
