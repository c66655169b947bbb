"""The anatomy of an analysis, and what a run of it gives.

An analysis is one frozen pydantic model. Its fields are its parameters; its members are ``table`` (SQL, one row per
customer or period, stays in the engine), ``summary`` and ``details`` (SQL over ``rows``, bounded), ``findings`` (sentences
over cells), ``chart`` and ``actions``. Surfaces are derived from these and compute nothing.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import Any, ClassVar, Final, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from regulars.charts.forms import Chart
from regulars.errors import N_, RegularsError, did_you_mean, error
from regulars.i18n import Reader
from regulars.units import Cell, Column

__all__ = ["Action", "Analysis", "Answer", "AtStake", "Detail", "Field", "Finding", "If", "Label", "Line", "Rows"]

SUMMARY_LIMIT: Final = 10_000
Grade = Literal["A", "B", "C", "D"]
GRADES: Final[dict[Grade, str]] = {
    "A": N_("randomised"),
    "B": N_("quasi-experiment"),
    "C": N_("validated prediction"),
    "D": N_("observed"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """What an analysis says of each customer in one word: the rows' column that others may split by, and its dimension name."""

    dimension: str
    column: str
    shown: Column


@dataclass(frozen=True, slots=True)
class Detail:
    """A further bounded answer over ``rows``: its SQL, its columns, what it is for.

    Where the answer is not a query, ``fit`` makes it: the engine reduces with ``sql``, a pure function of the Arrow columns
    gives the rows. It is the one place where more than the bounded answer may cross, so the reduction is kept narrow.
    """

    sql: str
    gives: Mapping[str, Column]
    title: str
    fit: Callable[[Mapping[str, Any], pa.Table], list[dict[str, Any]]] | None = None


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence a reader can act on: a template over cells, its evidence grade, the money that stands behind it."""

    template: str
    cells: Mapping[str, Cell]
    grade: Grade = "D"
    money: AtStake | If | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    warning: bool = False

    def __post_init__(self) -> None:
        _checked(self.template, self.cells)

    def text(self, reader: Reader) -> str:
        return reader.say(self.template, **{name: cell.show(reader) for name, cell in self.cells.items()})

    @property
    def weight(self) -> float:
        """For ranking: money, else nothing."""
        return self.money.weight if self.money else 0.0


@dataclass(frozen=True, slots=True)
class Action:
    """Whom to contact (the rows where the keys have these values), why, with what, what to watch and for how long."""

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

    def __post_init__(self) -> None:
        _checked(self.why, self.cells)

    def reason(self, reader: Reader) -> str:
        return reader.say(self.why, **{name: cell.show(reader) for name, cell in self.cells.items()})


_UNFIT: Final = N_("it does not fit")
_REASONS: Final = {
    "greater_than_equal": N_("it is too small"),
    "greater_than": N_("it is too small"),
    "less_than_equal": N_("it is too large"),
    "less_than": N_("it is too large"),
    "literal_error": N_("it is not one of the values allowed"),
    "int_parsing": N_("it is not a whole number"),
    "int_from_float": N_("it is not a whole number"),
    "int_type": N_("it is not a whole number"),
    "decimal_parsing": N_("it is not a number"),
    "decimal_type": N_("it is not a number"),
    "date_from_datetime_parsing": N_("it is not a date"),
    "date_type": N_("it is not a date"),
    "missing": N_("there are too few values"),
    "too_long": N_("there are too many values"),
}
"""What the validation found → words."""


class Analysis(BaseModel, ABC):
    """One question about the customer base. Subclasses say only what differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    method: ClassVar[str]
    source: ClassVar[str]
    gives: ClassVar[Mapping[str, Column]]
    row_gives: ClassVar[Mapping[str, Column]]
    details: ClassVar[Mapping[str, Detail]] = {}
    label: ClassVar[Label | None] = None
    hint: ClassVar[str] = "-"

    as_of: date | None = Field(None, description=N_("The day asked for; by default the last business day in the data."))

    def __init__(self, **parameters: Any) -> None:
        try:
            super().__init__(**parameters)
        except ValidationError as cause:
            raise self._refusal(cause) from None

    @classmethod
    def _refusal(cls, cause: ValidationError) -> RegularsError:
        problem = cause.errors()[0]
        name = str(problem["loc"][0]) if problem["loc"] else "-"
        if problem["type"] == "extra_forbidden":
            return error("parameter_unknown", analysis=cls.key, name=name, near=did_you_mean(name, cls.model_fields))
        return error(
            "parameter_wrong",
            analysis=cls.key,
            name=name,
            value=str(problem.get("input")),
            reason=_REASONS.get(problem["type"], _UNFIT),
            allowed=cls.allowed(name),
        )

    @classmethod
    def allowed(cls, name: str) -> str:
        """The bounds of a parameter, as its schema states them."""
        schema = cls.model_json_schema()["properties"].get(name, {})
        options = [schema, *schema.get("anyOf", [])]
        words = {"minimum": "≥", "maximum": "≤", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
        said = [f"{sign} {option[word]}" for option in options for word, sign in words.items() if word in option]
        said += [f"{option['minItems']} ×" for option in options if "minItems" in option and option["minItems"] == option.get("maxItems")]
        said += [", ".join(map(str, option["enum"])) for option in options if "enum" in option]
        return ", ".join(said) or ", ".join(dict.fromkeys(str(o.get("format", o["type"])) for o in options if "type" in o)) or "-"

    @property
    @abstractmethod
    def table(self) -> str:
        """SQL over the canonical tables: one row per customer, pair or period; it never leaves the engine."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """SQL over ``rows``: at most 10,000 rows with exactly the columns of ``gives``."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The dimensions of this run that are labels of other analyses: ``rfm_segment``, ``cpm_group``, ``decile``."""
        return ()

    @property
    def known_dimensions(self) -> tuple[str, ...]:
        """The dimensions of its own that it can split by."""
        return ()

    @property
    def parameters(self) -> dict[str, Any]:
        """What the SQL may name as ``:name``: the fields of the model."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    @property
    def columns(self) -> dict[str, Column]:
        """The summary's columns of this run."""
        return dict(self.gives)

    @property
    def row_columns(self) -> dict[str, Column]:
        """The columns of ``table`` in this run: what the rows behind a cell show, and what they can be filtered by."""
        return dict(self.row_gives)

    def findings(self, answer: Answer) -> Iterator[Finding]:
        """What the answer says, in sentences over its cells."""
        yield from ()

    def charts(self, answer: Answer) -> Iterator[Chart]:
        """One or two pictures of the summary."""
        yield from ()

    def actions(self, answer: Answer) -> Iterator[Action]:
        """What to do, with whom, and how to see whether it worked."""
        yield from ()
