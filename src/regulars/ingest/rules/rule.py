"""What a rule is: something that can be wrong with a row, or peculiar about it, and what follows when the rule is switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from regulars.errors import N_

Dimension = Literal["completeness", "validity", "uniqueness", "timeliness", "consistency", "reality"]
DIMENSIONS: Final[dict[str, str]] = {
    "completeness": N_("completeness"),
    "validity": N_("validity"),
    "uniqueness": N_("uniqueness"),
    "timeliness": N_("timeliness"),
    "consistency": N_("consistency"),
    "reality": N_("custom of the trade"),
}
"""Which side of the data's quality (ISO/IEC 25012) a rule looks at; a custom of the trade is no mistake at all."""

STAFF: Final = ("staff", "agent", "owner")
"""The fields that say who sold or entered a row, best first."""

Concerned = Callable[[Mapping[str, int]], Iterable[str]]
"""Of the different texts of one column, with the number of their rows, those that a rule concerns."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A row of one of the tables ``about`` is concerned if ``condition`` holds, or if one of the columns it ``reads`` holds a text that is concerned.

    ``condition`` is SQL over the typed rows; ``{rows}`` in it stands for all of them, for what only other rows of the delivery show.
    Texts are concerned if they hold one of the ``words`` (a section of ``words.toml``), or if ``texts`` says so. ``field`` is the column
    at fault where the condition holds. ``takes_out``: whether the rows are left out of the
    sales while the rule is switched on, which it is by default if ``on``; other rules only flag. Of what a sheet tells beside its own table
    (the customers of an order file), only the rules whose first table that is are judged.
    """

    key: str
    title: str
    meaning: str
    dimension: Dimension
    about: tuple[str, ...] = ("sales",)
    field: str = ""
    condition: str = ""
    reads: tuple[str, ...] = ()
    words: str = ""
    texts: Concerned | None = None
    takes_out: bool = False
    on: bool = False
