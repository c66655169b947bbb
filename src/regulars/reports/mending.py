"""What to mend: one list of records per action that asks for it, each record with its place, its value and the money behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from regulars.analysis import Action
from regulars.i18n import Reader
from regulars.result import PEOPLE, Result
from regulars.units import Column

KEPT: Final = 300
"""Records a brief holds of a list, the most money first: as many as somebody mends, and a printer prints. ``regulars rows`` has every one."""
TOLD: Final = ("record_id", "value", "staff", "happened_on", "amount", "at_stake", "standing", "file", "source_sheet", "source_row")
"""What is told of a record beside whose it is, where it is known."""


@dataclass(frozen=True)
class MendingList:
    """The records of one action, the most money first; ``of`` is how many there are in all."""

    action: Action
    result: Result
    records: pa.Table
    of: int

    def title(self, reader: Reader) -> str:
        """Its title, with what is wrong, or whose records they are."""
        known = self.result.analysis.row_columns
        told = ("standing",) if "standing" in self.action.where else ("rule", "field")
        wrong = [known[name].show(self.action.where[name], reader) for name in told if name in self.action.where]
        return " · ".join([reader.say(self.action.title), *wrong])

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that are shown: whose, what, where. Columns nobody filled are left out."""
        known = {**PEOPLE, **self.result.analysis.row_columns}
        wanted = (*PEOPLE, "customer_id", *TOLD) if "record_id" in known else tuple(known)
        return {name: known[name] for name in wanted if name in self.records.column_names and self.records[name].null_count < len(self.records)}


def mending_lists(results: Iterable[Result]) -> tuple[MendingList, ...]:
    """A list for every action about records, in the order of the results."""
    lists: list[MendingList] = []
    for result in results:
        for action in (one for one in result.actions if one.records):
            records = result.rows(people=True, **action.where).to_arrow()
            if records.num_rows:
                order = [(action.order_by, "descending"), ("record_id", "ascending")]
                ordered = records.sort_by([pair for pair in order if pair[0] in records.column_names])
                lists.append(MendingList(action, result, ordered.slice(0, KEPT), records.num_rows))
    return tuple(lists)
