"""What a workspace does with its past: it tells what happened, takes deliveries back, opens itself as it was known, and says what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from regulars.errors import N_, Words
from regulars.progress import Progress, silent
from regulars.rights import Sight
from regulars.snapshots import Shelf
from regulars.snapshots.log import Event
from regulars.state import Settings

if TYPE_CHECKING:
    from regulars.intake.delivery import Import
    from regulars.past.bridge import Bridge, State
    from regulars.past.undo import Undone


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with what became of the deliveries that it brought and took."""

    event: Event
    added: tuple[Import, ...]
    removed: tuple[Import, ...]


class Remembering:
    """The part of a workspace that knows its past."""

    folder: Path
    settings: Settings
    _book: str | None
    _shelf: Shelf
    _sight: Sight

    def close(self) -> None:
        """Let go of the engine."""

    @property
    def history(self) -> tuple[Event, ...]:
        """What happened, oldest first: loads, corrections, undos, changes of the arrangement, each with its moment and its deliveries."""
        self._sight.allow(Words(N_("the list of deliveries")))
        return self._shelf.events()

    @property
    def told_history(self) -> tuple[Happened, ...]:
        """The same with the deliveries: their files and their rows; without those that stayed and were only judged anew."""
        from regulars.intake.delivery import apart, read_import

        def told(parts: tuple[str, ...], others: tuple[str, ...]) -> tuple[Import, ...]:
            return tuple(read_import(self._shelf.part_folder(part)) for part in apart(parts, others))

        return tuple(Happened(event, told(event.added, event.removed), told(event.removed, event.added)) for event in self.history)

    def undo(self, import_id: str | None = None, *, progress: Progress = silent) -> Undone:
        """Take a delivery back: the last one, or the one with this id or number. ``redo`` puts it back.

        All else stays: what a later delivery had left out because this one had brought it is counted now.

        Raises:
            RegularsError: ``nothing_to_undo``, ``import_unknown``, ``workspace_busy``.
        """
        from regulars.past.undo import undo

        self._sight.allow(Words(N_("loading files")))
        return undo(self._shelf, self.settings, import_id, progress)

    def redo(self, *, progress: Progress = silent) -> Undone:
        """Put back what the last ``undo`` took out.

        Raises:
            RegularsError: ``nothing_to_redo``, ``workspace_busy``.
        """
        from regulars.past.undo import redo

        self._sight.allow(Words(N_("loading files")))
        return redo(self._shelf, self.settings, progress)

    def as_known_at(self, when: date | datetime | str, *, progress: Progress = silent) -> Self:
        """The workspace as it was known at a moment (local to the shop), or at the end of a day: the deliveries in force then, read as they were then.

        It answers every question, and takes nothing in. Close it when done.

        Raises:
            RegularsError: ``nothing_known_yet``, ``value_wrong``.
        """
        from regulars.past.known import as_known_at

        shelf = as_known_at(self._shelf, when, self.settings.zone, progress)
        return type(self)(self.folder, self.settings, self._book, shelf, self._sight)  # type: ignore[call-arg]

    def changes_since(self, when: date | datetime | str, *, progress: Progress = silent) -> Bridge:
        """Why figures differ from what was known at a moment: late orders, refunds, corrections, what was taken back, and the days that came.

        Raises:
            RegularsError: ``nothing_known_yet``, ``value_wrong``.
        """
        from regulars.past.bridge import bridge

        before = self.as_known_at(when, progress=progress)
        try:
            return bridge(cast("State", before), cast("State", self))
        finally:
            before.close()
