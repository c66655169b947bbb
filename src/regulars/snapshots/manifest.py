"""One published state of the data: what it says of itself, in the manifest beside its file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, astuple, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from regulars.errors import error
from regulars.snapshots.arrangement import Arrangement

FORMAT: Final = 7
"""Raised when the derived relations change, so that older snapshots are derived anew from their parts."""

FILE: Final = "regulars.duckdb"
MANIFEST: Final = "snapshot.json"


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


def id_of(parts: tuple[str, ...], arrangement: Arrangement) -> str:
    """The same deliveries, read the same way, are the same snapshot."""
    return hashlib.sha256(json.dumps([FORMAT, parts, astuple(arrangement)]).encode()).hexdigest()[:16]


def write_manifest(folder: Path, snapshot_id: str, parts: tuple[str, ...], books: list[Book], arrangement: Arrangement, increments: int) -> None:
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


def read_manifest(folder: Path) -> Snapshot:
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
