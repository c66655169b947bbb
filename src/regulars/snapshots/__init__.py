"""Snapshots: immutable sets of named relations, published by one atomic rename.

A workspace folder holds ``parts/<import>/`` (what one delivery said, Parquet, written once), ``snapshots/<id>/`` (what all
parts together mean, one read-only DuckDB file and its manifest) and ``current`` (the id of the snapshot in force). An id is
the hash of its parts and settings, so the same deliveries give the same snapshot, and a killed load leaves the last one.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from regulars import sql
from regulars.engines.duckdb import Connection, Failure, building
from regulars.engines.holding import held, hold
from regulars.engines.refusals import refusal
from regulars.errors import RegularsError, error
from regulars.progress import Progress, silent
from regulars.schema import TABLES
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.derived import derive
from regulars.snapshots.durable import put_in_place
from regulars.snapshots.facts import drop_past_problems, list_deliveries
from regulars.snapshots.increment import UnextendableError, extend
from regulars.snapshots.log import Action, Event, Log, in_force
from regulars.snapshots.manifest import FILE, FORMAT, MANIFEST, Book, Snapshot, id_of, read_manifest, write_manifest
from regulars.snapshots.parts import Parts
from regulars.snapshots.rollup import AS_KNOWN
from regulars.snapshots.sources import LINES, keep_superseded, place_sheets, serve_lines, view_parts

__all__ = ["FORMAT", "Book", "Shelf", "Snapshot"]

Answer = TypeVar("Answer")

_TRIES: Final = 5
LAYERS: Final = 30
"""Increments after which a snapshot's file is worth deriving anew: deleted rows leave holes, and added ones lie out of order."""


class Shelf:
    """The snapshots of one workspace folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.deliveries = Parts(folder / "parts")
        self._snapshots = folder / "snapshots"
        self._pointer = folder / "current"
        self.log = Log(folder, self.deliveries)

    def current(self) -> Snapshot | None:
        """The snapshot in force, or None before the first load."""
        return self.steadily(self._current)

    def serves(self, snapshot: Snapshot, arrangement: Arrangement) -> bool:
        """Whether a snapshot can be read as it is, and was derived under this arrangement."""
        return (snapshot.format, snapshot.arrangement) == (FORMAT, arrangement)

    def steadily(self, read: Callable[[], Answer]) -> Answer:
        """What a reader makes of the snapshot in force; begun anew where a load put another one in force and swept this one away meanwhile."""
        for _ in range(_TRIES):
            try:
                return read()
            except (FileNotFoundError, Failure):
                continue
            except RegularsError as problem:
                if problem.code != "snapshot_damaged":
                    raise
        return read()

    def _current(self) -> Snapshot | None:
        if not self._pointer.exists():
            return None
        folder = self._snapshots / self._pointer.read_text().strip()
        try:
            return read_manifest(folder)
        except (OSError, ValueError, KeyError) as cause:
            raise refusal(cause, folder) or error("snapshot_damaged", path=str(folder), reason=str(cause)) from cause

    def parts(self) -> tuple[str, ...]:
        """The deliveries of the snapshot in force, oldest first."""
        snapshot = self.current()
        return snapshot.parts if snapshot else ()

    def part_folder(self, import_id: str) -> Path:
        return self.deliveries.folder(import_id)

    def new_part(self, import_id: str) -> Path:
        """An empty folder for a delivery that is being written; it counts only once a snapshot names it."""
        folder = self.part_folder(import_id)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def publish(self, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress = silent, action: Action = "load") -> Snapshot:
        """Derive the snapshot of these parts and put it in force; the one before stays in force until the last moment."""
        snapshot_id = id_of(parts, arrangement)
        current = self._pointed()
        if current != snapshot_id:
            self._make(snapshot_id, parts, arrangement, progress)
            self.log.append(action, self._parts_of(current), parts, current, snapshot_id, arrangement)
            pointer = self._pointer.with_suffix(".unfinished")
            pointer.write_text(snapshot_id)
            put_in_place(pointer, self._pointer)
        self._sweep(keep=snapshot_id)
        return read_manifest(self._snapshots / snapshot_id)

    def past(self, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress = silent) -> Snapshot:
        """The snapshot of deliveries that were in force once; derived anew where its files have been swept away since. What is in force stays."""
        snapshot_id = id_of(parts, arrangement)
        folder = self._snapshots / snapshot_id
        if not (folder / MANIFEST).exists():
            self._make(snapshot_id, parts, arrangement, progress, anew=False)
        return read_manifest(folder)

    def events(self) -> tuple[Event, ...]:
        """What happened to this workspace, oldest first."""
        return self.log.events(self._pointed())

    def _pointed(self) -> str | None:
        """The id of the snapshot in force."""
        return self._pointer.read_text().strip() if self._pointer.exists() else None

    def _parts_of(self, snapshot_id: str | None) -> tuple[str, ...]:
        """The deliveries of a snapshot, as far as it can still be read."""
        try:
            return read_manifest(self._snapshots / snapshot_id).parts if snapshot_id else ()
        except (OSError, ValueError, KeyError):
            return in_force(self.events())

    def _make(self, snapshot_id: str, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress, *, anew: bool = True) -> None:
        """Derive a snapshot's folder, and give it its name when it is whole; not ``anew``: unless another process was quicker."""
        folder, unfinished = self._snapshots / snapshot_id, self._snapshots / f"{snapshot_id}.{os.getpid()}-{threading.get_ident()}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        release = hold(self, unfinished)
        try:
            self._build(unfinished, snapshot_id, parts, arrangement, progress)
            if anew:
                shutil.rmtree(folder, ignore_errors=True)  # of a load that was killed before its snapshot came into force
            try:
                put_in_place(unfinished, folder)
            except OSError:
                if anew or not (folder / MANIFEST).exists():
                    raise
        finally:
            release()
            shutil.rmtree(unfinished, ignore_errors=True)

    def _build(self, folder: Path, snapshot_id: str, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress) -> None:
        """Fill a snapshot's folder: from the snapshot in force, if only deliveries were added to it, else from all rows."""
        before = self._before(parts, arrangement)
        try:
            books = self._fill(folder, parts, arrangement, progress, before)
        except UnextendableError:
            before = None
            books = self._fill(folder, parts, arrangement, progress)
        increments = before.increments + 1 if before else 0
        write_manifest(folder, snapshot_id, parts, books, arrangement, increments)

    def _before(self, parts: tuple[str, ...], arrangement: Arrangement) -> Snapshot | None:
        """The snapshot in force, if it can be read and these deliveries add to it."""
        try:
            found = self.current()
        except RegularsError:
            return None
        if found is None or (found.format, found.arrangement) != (FORMAT, arrangement) or not found.file.exists():
            return None
        return found if found.parts == parts[: len(found.parts)] else None

    def _fill(
        self, folder: Path, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress, before: Snapshot | None = None, lines: str = LINES
    ) -> list[Book]:  # fmt: skip
        """Make the database of these deliveries and the links it reads: from a snapshot ``before``, or from all rows."""
        file = folder / FILE
        file.unlink(missing_ok=True)
        if before:
            shutil.copyfile(before.file, file)
        built = building(file, folder / "spill")
        try:
            if before is None:
                keep_superseded(built, self.deliveries, parts, arrangement)
                view_parts(built, self.deliveries, parts)
                place_sheets(built, parts, "sales")
                derive(built, arrangement, progress)
            else:
                extend(built, self.deliveries, before.parts, parts, arrangement, progress)
            drop_past_problems(built, self.deliveries, parts)
            list_deliveries(built, self.deliveries, parts)
            serve_lines(built, folder, self.deliveries, parts, arrangement, lines)
            _keep_as_known(built, books := _books(built))
        except Failure as cause:
            if "No space left" in str(cause):
                raise error("disk_full", path=str(folder)) from cause
            raise
        finally:
            built.close()
            shutil.rmtree(folder / "spill", ignore_errors=True)
        return books

    def worn(self) -> Snapshot | None:
        """The snapshot in force, if many increments have worn its file."""
        found = self.current()
        return found if found and found.format == FORMAT and found.increments >= LAYERS else None

    def recluster(self, progress: Progress = silent) -> bool:
        """Derive the file of a worn snapshot anew; its id and its answers stay. Whether that was done.

        Needs no lock: whoever reads the old file goes on reading it, and a load that comes meanwhile wins.
        """
        worn = self.worn()
        if worn is None:
            return False
        lines = f"{LINES}-{len(list(worn.folder.glob(f'{LINES}*')))}"
        anew = self._snapshots / f"{worn.id}.anew.unfinished"
        shutil.rmtree(anew, ignore_errors=True)
        anew.mkdir()
        release = hold(self, anew)
        try:
            books = self._fill(anew, worn.parts, worn.arrangement, progress, lines=lines)
            put_in_place(anew / lines, worn.folder / lines)
            put_in_place(anew / FILE, worn.file)
            write_manifest(anew, worn.id, worn.parts, books, worn.arrangement, 0)
            put_in_place(anew / MANIFEST, worn.folder / MANIFEST)
        finally:
            release()
            shutil.rmtree(anew, ignore_errors=True)
        return True

    def _sweep(self, keep: str) -> None:
        """Remove what a killed load left behind, and snapshots older than the last two. Deliveries that were once in force stay."""
        stale = sorted((f for f in self._snapshots.iterdir() if f.name != keep), key=_changed_at, reverse=True)
        for folder in [f for f in stale if f.suffix == ".unfinished"] + [f for f in stale if f.suffix != ".unfinished"][1:]:
            if not held(folder):
                shutil.rmtree(folder, ignore_errors=True)
        self.deliveries.sweep(self.log.known())


def _changed_at(folder: Path) -> float:
    """When a folder was last changed; the beginning of time for one that a compaction has just removed itself."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _books(built: Connection) -> list[Book]:
    rows = built.execute(
        """SELECT book, min(ordered_on), max(booked_on), CAST(sum(orders) AS BIGINT), CAST(sum(net_revenue) AS VARCHAR)
        FROM customer_days GROUP BY book ORDER BY sum(orders) DESC, book"""
    ).fetchall()
    return [Book(*row) for row in rows]


def _keep_as_known(built: Connection, books: list[Book]) -> None:
    """What depends on the day asked for, as of the snapshot's own; any other day is derived when it is asked for."""
    as_of = max((b.last_on for b in books), default=date.min)
    for name, text in AS_KNOWN.items():
        prepared = sql.prepare(text, tables={table: t.columns for table, t in TABLES.items()}, parameters={"as_of": as_of})
        cast = ", ".join(f'cast("{c}" as {kind}) as "{c}"' for c, kind in TABLES[name].columns.items())
        built.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {cast} FROM ({prepared.sql})", prepared.parameters)
