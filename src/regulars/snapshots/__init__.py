"""Snapshots: immutable sets of named relations, published by one atomic rename.

A workspace folder holds ``parts/<import>/`` (what one delivery said, Parquet, written once), ``snapshots/<id>/`` (what all
parts together mean, one read-only DuckDB file and its manifest) and ``current`` (the id of the snapshot in force). An id is
the hash of its parts and settings, so the same deliveries give the same snapshot, and a killed load leaves the last one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

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
from regulars.snapshots.facts import list_deliveries
from regulars.snapshots.increment import UnextendableError, extend
from regulars.snapshots.parts import Parts
from regulars.snapshots.rollup import AS_KNOWN
from regulars.snapshots.sources import LINES, keep_superseded, place_sheets, serve_lines, view_parts

Answer = TypeVar("Answer")

FORMAT: Final = 7
"""Raised when the derived relations change, so that older snapshots are derived anew from their parts."""

_TRIES: Final = 5
FILE: Final = "regulars.duckdb"
MANIFEST: Final = "snapshot.json"
LAYERS: Final = 30
"""Increments after which a snapshot's file is worth deriving anew: deleted rows leave holes, and added ones lie out of order."""


@dataclass(frozen=True, slots=True)
class Book:
    """Rows of one currency that may be added up, and the business days they span."""

    name: str
    first_on: date
    last_on: date
    orders: int
    net_revenue: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state of the data. ``as_of`` is the last business day in it.

    ``increments`` counts the deliveries that were added to its file since that was last derived from all rows; ``format`` is the one it has.
    """

    id: str
    folder: Path
    parts: tuple[str, ...]
    books: tuple[Book, ...]
    arrangement: Arrangement
    increments: int = 0
    format: int = FORMAT

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @property
    def day_starts_at(self) -> int:
        return self.arrangement.day_starts_at

    @property
    def as_of(self) -> date:
        if not self.books:
            raise error("orders_missing", path=str(self.folder.parent.parent))
        return max(b.last_on for b in self.books)

    @property
    def first_on(self) -> date:
        return min(b.first_on for b in self.books)


class Shelf:
    """The snapshots of one workspace folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.deliveries = Parts(folder / "parts")
        self._snapshots = folder / "snapshots"
        self._pointer = folder / "current"

    def current(self) -> Snapshot | None:
        """The snapshot in force, or None before the first load."""
        return self.steadily(self._current)

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
            return _read_manifest(folder)
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

    def publish(self, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress = silent) -> Snapshot:
        """Derive the snapshot of these parts and put it in force; the one before stays in force until the last moment."""
        identity = json.dumps([FORMAT, parts, astuple(arrangement)])
        snapshot_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
        folder = self._snapshots / snapshot_id
        if not (self._pointer.exists() and self._pointer.read_text().strip() == snapshot_id):
            unfinished = self._snapshots / f"{snapshot_id}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            self._build(unfinished, parts, arrangement, progress)
            shutil.rmtree(folder, ignore_errors=True)  # of a load that was killed before its snapshot came into force
            put_in_place(unfinished, folder)
        pointer = self._pointer.with_suffix(".unfinished")
        pointer.write_text(snapshot_id)
        put_in_place(pointer, self._pointer)
        self._sweep(keep=snapshot_id, parts=parts)
        return _read_manifest(folder)

    def _build(self, folder: Path, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress) -> None:
        """Fill a snapshot's folder: from the snapshot in force, if only deliveries were added to it, else from all rows."""
        before = self._before(parts, arrangement)
        try:
            books = self._fill(folder, parts, arrangement, progress, before)
        except UnextendableError:
            before = None
            books = self._fill(folder, parts, arrangement, progress)
        increments = before.increments + 1 if before else 0
        _write_manifest(folder, folder.name.removesuffix(".unfinished"), parts, books, arrangement, increments)

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
            _write_manifest(anew, worn.id, worn.parts, books, worn.arrangement, 0)
            put_in_place(anew / MANIFEST, worn.folder / MANIFEST)
        finally:
            release()
            shutil.rmtree(anew, ignore_errors=True)
        return True

    def _sweep(self, keep: str, parts: tuple[str, ...]) -> None:
        """Remove what a killed load left behind, and snapshots older than the last two, and files of deliveries that nothing reads any more."""
        stale = sorted((f for f in self._snapshots.iterdir() if f.name != keep), key=_changed_at, reverse=True)
        for folder in [f for f in stale if f.suffix == ".unfinished"] + [f for f in stale if f.suffix != ".unfinished"][1:]:
            if not held(folder):
                shutil.rmtree(folder, ignore_errors=True)
        self.deliveries.sweep(parts)


def _changed_at(folder: Path) -> float:
    """When a folder was last changed; the beginning of time for one that a compaction has just removed itself."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _write_manifest(folder: Path, snapshot_id: str, parts: tuple[str, ...], books: list[Book], arrangement: Arrangement, increments: int) -> None:
    manifest = {
        "format": FORMAT,
        "version": version("regulars"),
        "id": snapshot_id,
        "parts": parts,
        **asdict(arrangement),
        "increments": increments,
        "books": [asdict(b) for b in books],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, default=str, indent=1))


def _read_manifest(folder: Path) -> Snapshot:
    """What a snapshot says of itself, in this format or an older one."""
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    if found["format"] > FORMAT:
        raise error("workspace_newer", path=str(folder.parent.parent), version=found.get("version", f"format {found['format']}"))
    books = tuple(Book(b["name"], date.fromisoformat(b["first_on"]), date.fromisoformat(b["last_on"]), b["orders"], b["net_revenue"]) for b in found["books"])
    return Snapshot(
        found["id"],
        folder,
        tuple(found["parts"]),
        books,
        Arrangement(found["day_starts_at"], tuple(found.get("set_aside", ()))),
        found.get("increments", 0),
        found["format"],
    )


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
