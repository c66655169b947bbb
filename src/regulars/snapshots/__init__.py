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
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

import pyarrow as pa

from regulars import sql
from regulars.engines.duckdb import HERE, Connection, Failure, building
from regulars.engines.holding import held
from regulars.engines.refusals import refusal
from regulars.errors import RegularsError, error
from regulars.progress import Progress, silent
from regulars.schema import PART_TABLES, TABLES
from regulars.snapshots.derived import derive
from regulars.snapshots.durable import link_or_copy, put_in_place
from regulars.snapshots.entries import entries_sql, order_lines_sql
from regulars.snapshots.parts import PLACE, Parts
from regulars.snapshots.rollup import AS_KNOWN

Answer = TypeVar("Answer")

FORMAT: Final = 5
"""Raised when the derived relations change, so that older snapshots are derived anew from their parts."""

_TRIES: Final = 5
LINES: Final = "lines"
"""The folder, in a snapshot's own, of the delivered rows that it reads."""


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
    """One published state of the data. ``as_of`` is the last business day in it."""

    id: str
    folder: Path
    parts: tuple[str, ...]
    books: tuple[Book, ...]
    day_starts_at: int

    @property
    def file(self) -> Path:
        return self.folder / "regulars.duckdb"

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

    def publish(self, parts: tuple[str, ...], day_starts_at: int, progress: Progress = silent) -> Snapshot:
        """Derive the snapshot of these parts and put it in force; the one before stays in force until the last moment."""
        identity = json.dumps([FORMAT, parts, day_starts_at])
        snapshot_id = hashlib.sha256(identity.encode()).hexdigest()[:16]
        folder = self._snapshots / snapshot_id
        if not (self._pointer.exists() and self._pointer.read_text().strip() == snapshot_id):
            unfinished = self._snapshots / f"{snapshot_id}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            self._build(unfinished, parts, day_starts_at, progress)
            shutil.rmtree(folder, ignore_errors=True)  # of a load that was killed before its snapshot came into force
            put_in_place(unfinished, folder)
        pointer = self._pointer.with_suffix(".unfinished")
        pointer.write_text(snapshot_id)
        put_in_place(pointer, self._pointer)
        self._sweep(keep=snapshot_id, parts=parts)
        return _read_manifest(folder)

    def _build(self, folder: Path, parts: tuple[str, ...], day_starts_at: int, progress: Progress) -> None:
        built = building(folder / "regulars.duckdb", folder / "spill")
        try:
            _view_parts(built, self.deliveries, parts)
            derive(built, day_starts_at, progress)
            _serve_lines(built, folder, self.deliveries, parts, day_starts_at)
            books = _books(built)
            _keep_as_known(built, books)
        except Failure as cause:
            if "No space left" in str(cause):
                raise error("disk_full", path=str(folder)) from cause
            raise
        finally:
            built.close()
        shutil.rmtree(folder / "spill", ignore_errors=True)
        manifest = {"format": FORMAT, "id": folder.name.removesuffix(".unfinished"), "parts": parts, "day_starts_at": day_starts_at}
        manifest["books"] = [asdict(b) for b in books]
        (folder / "snapshot.json").write_text(json.dumps(manifest, default=str, indent=1))

    def _sweep(self, keep: str, parts: tuple[str, ...]) -> None:
        """Remove what a killed load left behind, and snapshots older than the last two, and files of deliveries that nothing reads any more."""
        stale = sorted((f for f in self._snapshots.iterdir() if f.name != keep), key=lambda f: f.stat().st_mtime, reverse=True)
        for folder in [f for f in stale if f.suffix == ".unfinished"] + [f for f in stale if f.suffix != ".unfinished"][1:]:
            if not held(folder):
                shutil.rmtree(folder, ignore_errors=True)
        self.deliveries.sweep(parts)


def _read_manifest(folder: Path) -> Snapshot:
    found: dict[str, Any] = json.loads((folder / "snapshot.json").read_text())
    if found.get("format") != FORMAT:
        raise ValueError(f"format {found.get('format')}, not {FORMAT}")
    books = tuple(Book(b["name"], date.fromisoformat(b["first_on"]), date.fromisoformat(b["last_on"]), b["orders"], b["net_revenue"]) for b in found["books"])
    return Snapshot(found["id"], folder, tuple(found["parts"]), books, found["day_starts_at"])


def _view_parts(built: Connection, deliveries: Parts, parts: tuple[str, ...]) -> None:
    """``sales``, ``part_customers`` … as views over the Parquet files of all deliveries, and ``places``: sheets in order of arrival."""
    built.execute(f"CREATE TABLE superseded AS {deliveries.superseded(parts)}")
    for table in PART_TABLES:
        name = table if table == "sales" else f"part_{table}"
        left = f" ANTI JOIN superseded USING ({', '.join(PLACE)})" if table == "sales" else ""
        built.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM ({deliveries.rows(table, parts)}){left}")
    order = pa.table({"import_id": list(parts), "arrival": list(range(len(parts)))})
    built.register("arrivals", order)
    built.execute(
        """CREATE TEMP TABLE places AS SELECT import_id, source_sheet, row_number() OVER (ORDER BY arrival, source_sheet) AS place
        FROM (SELECT DISTINCT import_id, source_sheet FROM sales) JOIN arrivals USING (import_id)"""
    )
    built.unregister("arrivals")


def _serve_lines(built: Connection, folder: Path, deliveries: Parts, parts: tuple[str, ...], day_starts_at: int) -> None:
    """``order_lines`` as a view of the delivered rows, which the snapshot keeps as links of its own, so that nothing is written twice."""
    (folder / LINES).mkdir()
    numbers = count()

    def linked(file: Path) -> str:
        link_or_copy(file, folder / LINES / (name := f"{next(numbers):05d}.parquet"))
        return f"{HERE}/{LINES}/{name}"

    rows = deliveries.rows("sales", parts, linked)
    costs = bool(built.execute("SELECT count(*) FROM unit_costs").fetchall()[0][0])
    left = f"(SELECT * FROM ({rows}) ANTI JOIN superseded USING ({', '.join(PLACE)}))"
    built.execute("CREATE TABLE views AS SELECT 'order_lines' AS name, $1 AS sql", [order_lines_sql(entries_sql(left, day_starts_at, costs=costs))])


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
        built.execute(f"CREATE TABLE {name} AS SELECT {cast} FROM ({prepared.sql}) ORDER BY customer_id", prepared.parameters)
