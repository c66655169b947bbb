"""Taking a delivery back, and putting it back again. What other deliveries brought stays, and what they had left out because of it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.engines.duckdb import within_memory
from regulars.engines.refusals import writing
from regulars.errors import error
from regulars.intake.anew import judged_anew
from regulars.intake.delivery import Import, apart, meant, read_import
from regulars.intake.lock import alone
from regulars.progress import Progress
from regulars.snapshots import Shelf, Snapshot
from regulars.snapshots.log import Action, Event
from regulars.snapshots.parts import file_of, first_of
from regulars.state import Settings


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo (or redo) did: the deliveries that went and came, and the snapshot now in force. Those that were only judged anew are not told."""

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
        events = shelf.events()
        taken = meant(before, import_id) if import_id else _last(before, events)
        restored = _replaced_by(taken, events)
        after = judged_anew(shelf.deliveries, tuple(sorted({*before} - {taken} | {*restored})), min((taken, *restored)))
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


def _last(parts: Sequence[str], events: Sequence[Event]) -> str:
    """The delivery that was loaded last: a correction stands in the place of what it corrects."""
    loaded = {part: number for number, event in reversed([*enumerate(events)]) for part in event.added}
    return max(parts, key=lambda part: (loaded.get(first_of(part), -1), part))


def _replaced_by(taken: str, events: Sequence[Event]) -> tuple[str, ...]:
    """What a delivery that is a correction had replaced."""
    came = next((event for event in events if first_of(taken) in event.added), None)
    return tuple(part for part in came.removed if file_of(part) == file_of(taken)) if came and came.action == "correct" else ()


def _publish(shelf: Shelf, settings: Settings, before: tuple[str, ...], after: tuple[str, ...], action: Action, progress: Progress) -> Undone:
    removed, added = (tuple(read_import(shelf.part_folder(part)) for part in apart(*pair)) for pair in ((before, after), (after, before)))
    with within_memory(settings.memory):
        snapshot = shelf.publish(after, settings.arrangement, progress, action)
    return Undone(removed, added, snapshot)
