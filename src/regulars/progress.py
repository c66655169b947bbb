"""Progress of long work: one call a step, which may also stop it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the step's name (a text of the catalogue), how much is done and of how much (0: not known).

    It may raise ``error("cancelled")``; long work calls it at least once a second and leaves nothing half-done.
    """

    def __call__(self, step: str, done: int, total: int) -> None: ...


def silent(step: str, done: int, total: int) -> None:
    """Nobody is watching."""
