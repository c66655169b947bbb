"""What the owner decided about how deliveries are read; part of what a snapshot is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrangement:
    """``day_starts_at``: the hour (0–12) at which the business day begins. ``set_aside``: the rules whose rows are left out of the sales."""

    day_starts_at: int = 0
    set_aside: tuple[str, ...] = ()
