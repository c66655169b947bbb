"""What an answer says: its rows as cells that know their address, sentences over them, money with its meaning, whom to contact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Final, Literal

import htpy as h
import pyarrow as pa

from regulars import inline
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.units import Cell, Column

Grade = Literal["A", "B", "C", "D"]
GRADES: Final[dict[Grade, str]] = {
    "A": N_("randomised"),
    "B": N_("quasi-experiment"),
    "C": N_("validated prediction"),
    "D": N_("observed"),
}


class Line(Mapping[str, Cell]):
    """One row of an answer; ``line["revenue"]`` is a cell that knows its unit and address."""

    def __init__(self, values: Mapping[str, Any], columns: Mapping[str, Column], address: str) -> None:
        self._values, self._columns, self._address = values, columns, address

    def __getitem__(self, name: str) -> Cell:
        return Cell(self._values[name], self._columns[name], f"{self._address}.{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def value(self, name: str) -> Any:
        return self._values[name]


class Rows(tuple[Line, ...]):
    """The rows of a summary or a detail, in order."""

    __slots__ = ()

    @classmethod
    def of(cls, table: pa.Table, columns: Mapping[str, Column], name: str) -> Rows:
        return cls(Line(row, columns, f"{name}[{i}]") for i, row in enumerate(table.to_pylist()))

    def where(self, **keys: Any) -> Rows:
        """The rows whose keys have these values."""
        return Rows(line for line in self if all(line.value(k) == v for k, v in keys.items()))

    def row(self, **keys: Any) -> Line | None:
        """The first row whose keys have these values, if there is one."""
        return next(iter(self.where(**keys)), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an analysis' words are made from: the summary, the details, and the book's currency."""

    summary: Rows
    details: Mapping[str, Rows]

    def only(self, detail: str) -> Line:
        """The single row of a detail such as ``totals``."""
        return self.details[detail][0]


@dataclass(frozen=True, slots=True)
class AtStake:
    """A stated past sum of the people named. Not a forecast."""

    amount: Cell

    @property
    def weight(self) -> float:
        return abs(float(self.amount.value or 0))


@dataclass(frozen=True, slots=True)
class If:
    """If the people named bought again at the measured rate: revenue, its 80 % range, and the test that would show it."""

    amount: Cell
    low: Cell
    high: Cell
    n_per_arm: Cell

    @property
    def weight(self) -> float:
        return abs(float(self.amount.value or 0))


_DIGIT = re.compile(r"\d")


def _checked(template: str, cells: Mapping[str, Cell]) -> None:
    """A sentence has no digit of its own and no empty place: every number has an address."""
    parts = list(Formatter().parse(template))
    if any(_DIGIT.search(literal) for literal, *_ in parts):
        raise ValueError(f"a digit in a template has no address: {template!r}")
    wanted = {name for _, name, _, _ in parts if name}
    if missing := wanted - cells.keys():
        raise ValueError(f"no cell for {sorted(missing)} in {template!r}")


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One sentence a reader can act on: a template over cells, its evidence grade, the money that stands behind it."""

    template: str
    cells: Mapping[str, Cell]
    grade: Grade = "D"
    money: AtStake | If | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    warning: bool = False
    reader: Reader = field(default=Reader(), compare=False)

    def __post_init__(self) -> None:
        _checked(self.template, self.cells)

    def text(self, reader: Reader | None = None) -> str:
        """The sentence, for its own reader (the one of the result it comes from) or for another."""
        reader = reader or self.reader
        return reader.say(self.template, **{name: cell.show(reader) for name, cell in self.cells.items()})

    @property
    def weight(self) -> float:
        """For ranking: money, else nothing."""
        return self.money.weight if self.money else 0.0

    def __repr__(self) -> str:
        return f"{self.grade}: {self.text()}"

    def _repr_html_(self) -> str:
        return inline.block(self.reader, inline.said([self.sentence(self.reader)]))

    def sentence(self, reader: Reader) -> h.Element:
        """The sentence for a notebook, with the grade of its evidence and what is at stake."""
        marks = [f"{self.grade} · {reader.say(GRADES[self.grade])}"]
        if isinstance(self.money, AtStake):
            marks.append(reader.say(N_("at stake: {amount}"), amount=self.money.amount.show(reader)))
        return inline.sentence(self.text(reader), *marks, warning=self.warning)


@dataclass(frozen=True, slots=True)
class Action:
    """Whom to contact (the rows where the keys have these values), why, with what, what to watch and for how long.

    ``records``: the rows are records to be mended, not people to be contacted.
    """

    title: str
    where: Mapping[str, Any]
    why: str
    cells: Mapping[str, Cell]
    play: str
    watch: str
    within_days: int
    at_stake: AtStake
    test: If | None = None
    order_by: str = "year_revenue"
    records: bool = False

    def __post_init__(self) -> None:
        _checked(self.why, self.cells)

    def reason(self, reader: Reader) -> str:
        return reader.say(self.why, **{name: cell.show(reader) for name, cell in self.cells.items()})
