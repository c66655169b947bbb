"""What happened to a workspace, in order: which deliveries came into force and which went, and when. It only ever grows.

From it any past state can be told: the deliveries in force at a moment, and the arrangement they were read under.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.parts import Parts

Action = Literal["load", "correct", "undo", "redo", "arrange"]

LOG: Final = "history.jsonl"


@dataclass(frozen=True, slots=True)
class Event:
    """One change of what is in force. ``at`` is universal time; ``added`` and ``removed`` are ids of deliveries."""

    at: datetime
    action: Action
    added: tuple[str, ...]
    removed: tuple[str, ...]
    snapshot: str
    arrangement: Arrangement


class Log:
    """The events of one workspace folder."""

    def __init__(self, folder: Path, deliveries: Parts) -> None:
        self._file, self._deliveries = folder / LOG, deliveries

    def events(self, current: str | None) -> tuple[Event, ...]:
        """Oldest first. One whose snapshot never came into force, because the load was killed in its last moment, is left out."""
        found = [_read(line) for line in self._lines()]
        while found and found[-1].snapshot != current:
            found.pop()
        return tuple(found)

    def known(self) -> tuple[str, ...]:
        """Every delivery that was ever in force, by number."""
        return tuple(sorted({part for line in self._lines() for part in json.loads(line)["added"]}))

    def append(self, action: Action, before: tuple[str, ...], after: tuple[str, ...], current: str | None, snapshot: str, arrangement: Arrangement) -> None:
        """Write down a change that is about to come into force."""
        events = [*(self.events(current) or self._begun(before, current, arrangement))]
        added, removed = (tuple(part for part in some if part not in others) for some, others in ((after, before), (before, after)))
        events.append(Event(datetime.now(UTC), action, added, removed, snapshot, arrangement))
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_text("".join(_written(event) for event in events), encoding="utf-8")
        os.replace(unfinished, self._file)

    def _lines(self) -> list[str]:
        return self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []

    def _begun(self, parts: Iterable[str], current: str | None, arrangement: Arrangement) -> Iterable[Event]:
        """The loads of a workspace that an older version kept no log of."""
        for part in parts:
            said = json.loads((self._deliveries.folder(part) / "import.json").read_text(encoding="utf-8"))
            yield Event(datetime.fromisoformat(said["loaded_at"]), "load", (part,), (), current or "", arrangement)


def in_force(events: Iterable[Event]) -> tuple[str, ...]:
    """The deliveries in force after these events, by number."""
    parts: set[str] = set()
    for event in events:
        parts = parts - {*event.removed} | {*event.added}
    return tuple(sorted(parts))


def _written(event: Event) -> str:
    return json.dumps(asdict(event) | {"at": event.at.isoformat()}) + "\n"


def _read(line: str) -> Event:
    found = json.loads(line)
    arrangement = Arrangement(found["arrangement"]["day_starts_at"], tuple(found["arrangement"]["set_aside"]))
    return Event(datetime.fromisoformat(found["at"]), found["action"], tuple(found["added"]), tuple(found["removed"]), found["snapshot"], arrangement)
