"""The anatomy of an analysis, and what a run of it gives.

An analysis is one frozen pydantic model. Its fields are its parameters; its members are ``table`` (SQL, one row per
customer or period, stays in the engine), ``summary`` and ``details`` (SQL over ``rows``, bounded), ``findings`` (sentences
over cells), ``chart`` and ``actions``. Surfaces are derived from these and compute nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from regulars.charts.forms import Chart
from regulars.errors import N_, RegularsError, Words, did_you_mean, error
from regulars.findings import GRADES, Action, Answer, AtStake, Finding, Grade, If, Line, Rows
from regulars.units import Column

__all__ = ["GRADES", "Action", "Analysis", "Answer", "AtStake", "Detail", "Field", "Finding", "Grade", "If", "Label", "Line", "Rows"]
"""All that an analysis is written with."""

SUMMARY_LIMIT: Final = 10_000


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
_SPELLED: Final = {"date": "YYYY-MM-DD"}
"""Format → how a value of it is typed."""


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
    scores: ClassVar[frozenset[str]] = frozenset()
    """Columns of ``table`` that place a customer among all: for a reader who may see a part, still among all. Its rows are one per customer."""
    hint: ClassVar[str] = "-"

    as_of: date | None = Field(default=None, description=N_("The day asked for; by default the last business day in the data."))

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
            reason=Words(_REASONS.get(problem["type"], _UNFIT)),
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
        kinds = (_SPELLED.get(str(o.get("format", o["type"])), str(o["type"])) for o in options if o.get("type", "null") != "null")
        return ", ".join(said) or ", ".join(dict.fromkeys(kinds)) or "-"

    @property
    @abstractmethod
    def table(self) -> str:
        """SQL over the canonical tables: one row per customer, pair or period; it never leaves the engine."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """SQL over ``rows``: at most 10,000 rows with exactly the columns of ``gives``."""

    @property
    def texts(self) -> dict[str, str]:
        """All its SQL, as written: ``table``, ``summary`` and each detail by its name."""
        return {"table": self.table, "summary": self.summary} | {name: detail.sql for name, detail in self.details.items()}

    @property
    def labels(self) -> tuple[str, ...]:
        """The dimensions of this run that are labels of other analyses: ``rfm_segment``, ``cpm_group``, ``decile``."""
        return ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Tables without rows in which it has nothing to say; a brief leaves it out then. Orders are there always."""
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
