"""A workspace as it was known at a moment: the deliveries in force then, read as they were read then. Nothing can be loaded into it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from regulars.errors import error
from regulars.progress import Progress, silent
from regulars.snapshots import Shelf, Snapshot
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.log import Action, Event, in_force


class PastShelf(Shelf):
    """The shelf of a workspace with a past snapshot in force."""

    def __init__(self, folder: Path, snapshot: Snapshot, when: str) -> None:
        super().__init__(folder)
        self._chosen, self._when = snapshot, when

    def _current(self) -> Snapshot:
        return self._chosen

    def serves(self, snapshot: Snapshot, arrangement: Arrangement) -> bool:
        return True

    def new_part(self, import_id: str) -> Path:
        raise error("past_is_read_only", when=self._when)

    def publish(self, parts: tuple[str, ...], arrangement: Arrangement, progress: Progress = silent, action: Action = "load") -> Snapshot:
        raise error("past_is_read_only", when=self._when)


def as_known_at(shelf: Shelf, when: date | datetime | str, zone: ZoneInfo, progress: Progress) -> PastShelf:
    """The shelf as it was at a moment (naive: local to the shop), or at the end of a day.

    Raises:
        RegularsError: ``nothing_known_yet``, ``value_wrong``.
    """
    moment = _moment(when, zone)
    events = shelf.events()
    known = [event for event in events if event.at < moment]
    parts = in_force(known)
    if not parts:
        raise error("nothing_known_yet", path=str(shelf.folder), when=str(when), first=_local(events[0], zone) if events else "-")
    return PastShelf(shelf.folder, shelf.past(parts, known[-1].arrangement, progress), str(when))


def _moment(when: date | datetime | str, zone: ZoneInfo) -> datetime:
    """The moment up to which things count as known."""
    try:
        found = when if isinstance(when, date) else date.fromisoformat(when) if len(when) == len("2026-01-01") else datetime.fromisoformat(when)
    except ValueError as cause:
        raise error("value_wrong", name="known_at", value=str(when), allowed="YYYY-MM-DD, YYYY-MM-DD HH:MM") from cause
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return datetime.combine(found + timedelta(days=1), time(), zone)


def _local(event: Event, zone: ZoneInfo) -> str:
    return f"{event.at.astimezone(zone):%Y-%m-%d %H:%M}"
