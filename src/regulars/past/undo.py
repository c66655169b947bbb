"""Taking a delivery back, and putting it back again. What other deliveries brought stays, and what they had left out because of it comes in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from regulars.engines.duckdb import literal, scratch, within_memory
from regulars.engines.refusals import writing
from regulars.errors import error
from regulars.ingest.overlap import ALREADY, set_aside_known
from regulars.intake.imports import Import, meant, read_import, write_import
from regulars.intake.lock import alone
from regulars.progress import Progress
from regulars.schema import PART_TABLES
from regulars.snapshots import Shelf, Snapshot
from regulars.snapshots.log import Action
from regulars.snapshots.parts import Parts
from regulars.state import Settings

_AGAIN: Final = "-again"
"""What follows the id of a delivery that was judged anew against fewer others."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo (or redo) did: the deliveries that went and came, those judged anew, and the snapshot now in force."""

    removed: tuple[Import, ...]
    added: tuple[Import, ...]
    snapshot: Snapshot


def undo(shelf: Shelf, settings: Settings, import_id: str | None, progress: Progress) -> Undone:
    """Take a delivery out of force, the last one by default. One that had replaced another brings that back.

    Raises:
        RegularsError: ``nothing_to_undo``, ``import_unknown``, ``workspace_busy``.
    """
    with writing(shelf.folder), alone(shelf.folder):
        before = shelf.parts()
        if not before:
            raise error("nothing_to_undo")
        taken = meant(before, import_id) if import_id else before[-1]
        came = next((event for event in reversed(shelf.events()) if taken in event.added), None)
        restored = came.removed if came and came.action == "correct" else ()
        after = _judged_anew(shelf.deliveries, tuple(sorted({*before} - {taken} | {*restored})), taken)
        return _publish(shelf, settings, before, after, "undo", progress)


def redo(shelf: Shelf, settings: Settings, progress: Progress) -> Undone:
    """Put back what the last undo took out.

    Raises:
        RegularsError: ``nothing_to_redo``: the last thing that happened was no undo.
    """
    with writing(shelf.folder), alone(shelf.folder):
        last = next(iter(reversed(shelf.events())), None)
        if last is None or last.action != "undo":
            raise error("nothing_to_redo")
        before = shelf.parts()
        after = tuple(sorted({*before} - {*last.added} | {*last.removed}))
        return _publish(shelf, settings, before, after, "redo", progress)


def _publish(shelf: Shelf, settings: Settings, before: tuple[str, ...], after: tuple[str, ...], action: Action, progress: Progress) -> Undone:
    removed, added = (tuple(read_import(shelf.part_folder(p)) for p in some if p not in others) for some, others in ((before, after), (after, before)))
    with within_memory(settings.memory):
        snapshot = shelf.publish(after, settings.arrangement, progress, action)
    return Undone(removed, added, snapshot)


def _judged_anew(deliveries: Parts, parts: tuple[str, ...], gone: str) -> tuple[str, ...]:
    """The deliveries, those after the one that is gone judged anew where they had left rows out as loaded already."""
    after: list[str] = []
    for part in parts:
        after.append(_again(deliveries, part, tuple(after)) if part > gone and _left_out(deliveries, part) else part)
    return tuple(after)


def _left_out(deliveries: Parts, part: str) -> int:
    return int(read_import(deliveries.folder(part)).rejected_by_reason.get(ALREADY, 0))


def _again(deliveries: Parts, part: str, earlier: Sequence[str]) -> str:
    """The same delivery under a new id, compared with these earlier ones only."""
    made = f"{part}{_AGAIN}"
    folder = deliveries.folder(made)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with scratch() as connection:
        for table in PART_TABLES:
            if deliveries.files(table, (part,)):
                rows = _restored(deliveries, part, table)
                renamed = f"if(import_id = {literal(part)}, {literal(made)}, import_id) AS import_id"
                connection.execute(f"COPY (SELECT * REPLACE ({renamed}) FROM ({rows})) TO {literal(folder / f'{table}.parquet')} (FORMAT parquet)")
    was = read_import(deliveries.folder(part))
    back = was.rejected_by_reason.get(ALREADY, 0)
    judged = set_aside_known(deliveries, made, earlier)
    reasons = {reason: rows for reason, rows in was.rejected_by_reason.items() if reason != ALREADY} | judged.rejected_by_reason
    told = replace(
        was,
        id=made,
        rows_loaded=was.rows_loaded + back + judged.rows_loaded,
        rows_rejected=was.rows_rejected - back + judged.rows_rejected,
        rejected_by_reason=reasons,
    )
    write_import(folder, told)
    return made


def _restored(deliveries: Parts, part: str, table: str) -> str:
    """The rows of a delivery as they were before it was compared with earlier ones, as SQL."""
    rows = deliveries.rows(table, (part,))
    if table == "rejected":
        return f"SELECT * FROM ({rows}) WHERE reason <> '{ALREADY}'"
    if table != "sales":
        return rows
    shape = json.dumps(PART_TABLES["sales"].columns)
    kept = f"SELECT unnest(from_json(row, '{shape}')) FROM ({deliveries.rows('rejected', (part,))}) WHERE reason = '{ALREADY}'"
    return f"SELECT * FROM ({rows}) UNION ALL BY NAME {kept}"
