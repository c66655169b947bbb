"""People who moved from one group to another between two days, counted; nobody is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow.compute as pc

from regulars.i18n import Reader
from regulars.reports.brief import Brief
from regulars.result import Result
from regulars.units import Column


@dataclass(frozen=True, slots=True)
class Move:
    """So many customers went from one group to another; ``None`` before: they came since; ``None`` after: the data no longer have them."""

    before: str | None
    after: str | None
    customers: int


@dataclass(frozen=True, slots=True)
class Moves:
    """The customers of an analysis by group, then and now: who moved, the largest number first, and how many stayed."""

    column: Column
    moved: tuple[Move, ...]
    stayed: int

    def word(self, group: str | None, reader: Reader) -> str:
        """A group in the reader's words."""
        return self.column.show(group, reader)


def moves_between(before: Brief, after: Brief) -> Mapping[str, Moves]:
    """The moves of every analysis that says of each customer what group they are in, by its key. Both must be of one workspace."""
    found = {}
    for now in after.results:
        then = before.result(now.analysis.key)
        if then is not None and now.analysis.label is not None:
            found[now.analysis.key] = _moves(then, now, now.analysis.label.column, now.analysis.label.shown)
    return found


def _moves(before: Result, after: Result, column: str, shown: Column) -> Moves:
    """Both days' groups joined by customer and counted."""
    then, now = (one.rows().to_arrow().select(["customer_id", column]) for one in (before, after))
    joined = then.rename_columns(["customer_id", "before"]).join(now.rename_columns(["customer_id", "after"]), "customer_id", join_type="full outer")
    counted = joined.group_by(["before", "after"]).aggregate([([], "count_all")]).to_pylist()
    moved = [Move(_text(row["before"]), _text(row["after"]), row["count_all"]) for row in counted if row["before"] != row["after"]]
    moved.sort(key=lambda move: (-move.customers, move.before or "", move.after or ""))
    return Moves(shown, tuple(moved), int(pc.sum(pc.equal(joined["before"], joined["after"])).as_py() or 0))


def _text(group: object) -> str | None:
    return None if group is None else str(group)
