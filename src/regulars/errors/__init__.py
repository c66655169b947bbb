"""Every error a person can meet, room by room: what is wrong, where, what is allowed, what to do next.

Bottom layer. An error is raised by its code, ``raise error("no_such_column", column=..., ...)``; the lists of the rooms own
the words, so that the reference page, the command line and the pages in three languages all say the same.
"""

from __future__ import annotations

from typing import Final

from regulars.errors.files import INTAKE
from regulars.errors.kind import N_, ErrorKind, RegularsError, Words, did_you_mean
from regulars.errors.machines import MACHINES
from regulars.errors.questions import QUESTIONS
from regulars.errors.workspaces import WORKSPACES

__all__ = ["KINDS", "N_", "ErrorKind", "RegularsError", "Words", "did_you_mean", "error"]

RegularsError.__module__ = __name__  # where people find it

KINDS: Final[dict[str, ErrorKind]] = {kind.code: kind for kind in (*INTAKE, *WORKSPACES, *QUESTIONS, *MACHINES)}


def error(code: str, **values: object) -> RegularsError:
    """The error of that code, its sentence filled with the given values. A missing or unknown value is a bug and raises."""
    kind = KINDS[code]
    if kind.fields != values.keys():
        raise TypeError(f"error {code!r} takes {sorted(kind.fields)}, got {sorted(values)}")
    return RegularsError(kind, values)
