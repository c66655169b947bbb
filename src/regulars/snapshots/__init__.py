"""Snapshots: immutable sets of named relations, published by one atomic rename.

A workspace folder holds ``parts/<import>/`` (what one delivery said, Parquet, written once), ``snapshots/<id>/`` (what all
parts together mean, one read-only DuckDB file and its manifest) and ``current`` (the id of the snapshot in force). An id is
the hash of its parts and settings, so the same deliveries give the same snapshot, and a killed load leaves the last one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from regulars import sql
from regulars.engines.duckdb import Connection, Failure, building, literal
from regulars.errors import error
from regulars.progress import Progress, silent
from regulars.schema import PART_TABLES, TABLES
from regulars.snapshots.ledger import ROLLUP, derive

PLACE: Final = ("import_id", "source_sheet", "source_row")
SUPERSEDED: Final = "superseded.parquet"
"""The list, in a delivery's folder, of the places of earlier rows that it replaces."""

FORMAT: Final = 3
"""Raised when the derived relations change, so that older snapshots are derived anew from their parts."""


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
        self._parts = folder / "parts"
        self._snapshots = folder / "snapshots"
        self._pointer = folder / "current"

    def current(self) -> Snapshot | None:
        """The snapshot in force, or None before the first load."""
        if not self._pointer.exists():
            return None
        folder = self._snapshots / self._pointer.read_text().strip()
        try:
            return _read_manifest(folder)
        except (OSError, ValueError, KeyError) as cause:
            raise error("snapshot_damaged", path=str(folder), reason=str(cause)) from cause

    def parts(self) -> tuple[str, ...]:
        """The deliveries of the snapshot in force, oldest first."""
        snapshot = self.current()
        return snapshot.parts if snapshot else ()

    def part_folder(self, import_id: str) -> Path:
        return self._parts / import_id

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
            os.replace(unfinished, folder)
        pointer = self._pointer.with_suffix(".unfinished")
        pointer.write_text(snapshot_id)
        os.replace(pointer, self._pointer)
        self._sweep(keep=snapshot_id, parts=parts)
        return _read_manifest(folder)

    def _build(self, folder: Path, parts: tuple[str, ...], day_starts_at: int, progress: Progress) -> None:
        built = building(folder / "regulars.duckdb", folder / "spill")
        try:
            _view_parts(built, [self.part_folder(p) for p in parts])
            derive(built, day_starts_at, progress)
            books = _books(built)
            _keep_rollup(built, books)
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
        """Remove what a killed load left behind, and snapshots older than the last two; parts are never removed."""
        stale = sorted((f for f in self._snapshots.iterdir() if f.name != keep), key=lambda f: f.stat().st_mtime, reverse=True)
        for folder in [f for f in stale if f.suffix == ".unfinished"] + [f for f in stale if f.suffix != ".unfinished"][1:]:
            shutil.rmtree(folder, ignore_errors=True)
        for folder in self._parts.iterdir():
            if folder.name not in parts:
                shutil.rmtree(folder, ignore_errors=True)


def _read_manifest(folder: Path) -> Snapshot:
    found: dict[str, Any] = json.loads((folder / "snapshot.json").read_text())
    if found.get("format") != FORMAT:
        raise ValueError(f"format {found.get('format')}, not {FORMAT}")
    books = tuple(Book(b["name"], date.fromisoformat(b["first_on"]), date.fromisoformat(b["last_on"]), b["orders"], b["net_revenue"]) for b in found["books"])
    return Snapshot(found["id"], folder, tuple(found["parts"]), books, found["day_starts_at"])


def superseded_sql(folders: list[Path]) -> str:
    """The places of the rows that later deliveries replaced, as a SELECT."""
    lists = [literal(folder / SUPERSEDED) for folder in folders if (folder / SUPERSEDED).exists()]
    if not lists:
        return "SELECT NULL::VARCHAR AS import_id, NULL::VARCHAR AS source_sheet, NULL::BIGINT AS source_row WHERE false"
    return f"SELECT {', '.join(PLACE)} FROM read_parquet([{', '.join(lists)}])"


def _view_parts(built: Connection, folders: list[Path]) -> None:
    """``sales``, ``part_customers`` … as views over the Parquet files of all deliveries, and ``places``: sheets in order of arrival."""
    built.execute(f"CREATE TEMP TABLE superseded AS {superseded_sql(folders)}")
    for table in PART_TABLES.values():
        files = sorted(str(f) for folder in folders for f in folder.glob(f"{table.name}*.parquet"))
        name = table.name if table.name == "sales" else f"part_{table.name}"
        columns = ", ".join(f'cast("{c}" as {kind}) as "{c}"' for c, kind in table.columns.items())
        source = f"read_parquet([{', '.join(literal(f) for f in files)}], union_by_name = true)" if files else None
        empty = ", ".join(f'null::{kind} as "{c}"' for c, kind in table.columns.items())
        if source and name == "sales":
            source += " AS s ANTI JOIN superseded USING (import_id, source_sheet, source_row)"
        built.execute(f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM {source}" if source else f"CREATE TEMP VIEW {name} AS SELECT {empty} WHERE false")
    order = pa.table({"import_id": [f.name for f in folders], "arrival": list(range(len(folders)))})
    built.register("arrivals", order)
    built.execute(
        """CREATE TEMP TABLE places AS SELECT import_id, source_sheet, row_number() OVER (ORDER BY arrival, source_sheet) AS place
        FROM (SELECT DISTINCT import_id, source_sheet FROM sales) JOIN arrivals USING (import_id)"""
    )
    built.unregister("arrivals")


def _books(built: Connection) -> list[Book]:
    rows = built.execute(
        """SELECT book, min(ordered_on), max(booked_on), CAST(sum(orders) AS BIGINT), CAST(sum(net_revenue) AS VARCHAR)
        FROM customer_days GROUP BY book ORDER BY sum(orders) DESC, book"""
    ).fetchall()
    return [Book(*row) for row in rows]


def _keep_rollup(built: Connection, books: list[Book]) -> None:
    """The rollup as of the snapshot's own day; any other day is derived when it is asked for."""
    as_of = max((b.last_on for b in books), default=date.min)
    prepared = sql.prepare(ROLLUP, tables={name: t.columns for name, t in TABLES.items()}, parameters={"as_of": as_of})
    cast = ", ".join(f'cast("{c}" as {kind}) as "{c}"' for c, kind in TABLES["customer_rollup"].columns.items())
    built.execute(f"CREATE TABLE customer_rollup AS SELECT {cast} FROM ({prepared.sql}) ORDER BY customer_id", prepared.parameters)
