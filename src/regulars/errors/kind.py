"""What an error is made of: the marks for its words, its kind, and the exception that carries both."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter


def N_(message: str) -> str:
    """Mark a text for the catalogues without translating it here."""
    return message


class Words(str):
    """A value of an error that is itself a text of the catalogue, unlike a name or a number that somebody wrote."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One thing that can go wrong: a stable code, the sentence, the next step, and the command's exit status."""

    code: str
    says: str
    next_step: str
    exit_status: int = 2

    @property
    def fields(self) -> frozenset[str]:
        """The values the two texts need."""
        return frozenset(name for text in (self.says, self.next_step) for _, name, _, _ in Formatter().parse(text) if name)


class RegularsError(Exception):
    """A named error: ``kind`` for machines, ``values`` for the place and the value, words from the catalogue."""

    def __init__(self, kind: ErrorKind, values: dict[str, object]) -> None:
        self.kind = kind
        self.values = values
        super().__init__(f"{kind.says.format(**values)} {kind.next_step.format(**values)}".strip())

    @property
    def code(self) -> str:
        return self.kind.code

    def __reduce__(self) -> tuple[type[RegularsError], tuple[ErrorKind, dict[str, object]]]:
        return (type(self), (self.kind, self.values))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known names nearest to a mistyped one, quoted and joined, or all of them if none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return ", ".join(repr(n) for n in (near or names)) or "-"
