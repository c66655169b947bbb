"""Whom to contact: one list of people per action, the most urgent first, nobody asked to be called twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from regulars.analysis import Action, If
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.result import PEOPLE, Result
from regulars.units import Cell, Column

ABOUT: Final = ("recency_days", "year_revenue", "order_days", "frequency", "orders", "net_revenue", "order_value", "tenure_days")
"""What a caller wants to know of a person, where the analysis' rows have it."""


IF: Final = N_("If they buy as such customers did before: {amount} of revenue, probably {low} to {high}. To test it: contact {size} and leave {size} alone.")
"""What the conditional money of a list says; its cells come from ``if_cells``."""


def if_cells(money: If) -> dict[str, Cell]:
    """The cells of the conditional sentence."""
    return {"amount": money.amount, "low": money.low, "high": money.high, "size": money.n_per_arm}


@dataclass(frozen=True)
class ContactList:
    """The people of one action. ``above``: who already stands on a list before this one; ``shared``: another list is called the same."""

    number: int
    action: Action
    result: Result
    people: pa.Table
    above: frozenset[str]
    shared: bool = False

    def title(self, reader: Reader) -> str:
        """Its title; where another list is called the same, with what its people have in common."""
        known = self.result.analysis.row_columns
        told = {k: v for k, v in self.action.where.items() if known[k].unit in ("month", "date") or (known[k].unit == "label" and isinstance(v, str))}
        common = [known[k].show(v, reader) for k, v in told.items()] if self.shared else []
        return " · ".join([reader.say(self.action.title), *common])

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that are shown: who, how to reach them, what is known of them. Columns nobody filled are left out."""
        known = {**PEOPLE, **self.result.analysis.row_columns}
        wanted = (*PEOPLE, "customer_id", *_first_of(ABOUT, known))
        return {name: known[name] for name in wanted if name in self.people.column_names and self._filled(name)}

    def _filled(self, name: str) -> bool:
        column = self.people[name]
        return column.null_count < len(column) or not len(column)

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """The people, one at a time."""
        yield from self.people.to_pylist()

    def __len__(self) -> int:
        return int(self.people.num_rows)


def _first_of(names: tuple[str, ...], known: Mapping[str, Column]) -> Iterator[str]:
    """The names that are known; of several that count purchases only the first."""
    counted = False
    for name in names:
        if name in known and not (counted and known[name].unit == "count"):
            counted = counted or known[name].unit == "count"
            yield name


def contact_lists(results: Iterable[Result]) -> tuple[ContactList, ...]:
    """A list for every action about customers: what is most urgent first, and of that the most money."""
    about_people = [result for result in results if "customer_id" in result.analysis.row_columns]
    actions = [(action, result) for result in about_people for action in result.actions if not action.records]
    actions.sort(key=lambda pair: (pair[0].within_days, -pair[0].at_stake.weight))
    titles = Counter(action.title for action, _ in actions)
    lists: list[ContactList] = []
    seen: set[str] = set()
    for action, result in actions:
        people = result.rows(people=True, **action.where).to_arrow()
        if not people.num_rows:
            continue
        order = [(action.order_by, "descending"), ("customer_id", "ascending")]
        people = people.sort_by([pair for pair in order if pair[0] in people.column_names])
        ids = people["customer_id"].to_pylist()
        lists.append(ContactList(len(lists) + 1, action, result, people, frozenset(i for i in ids if i in seen), titles[action.title] > 1))
        seen.update(ids)
    return tuple(lists)
