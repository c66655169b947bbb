"""Columns that know what they mean: unit, words for the reader, and how their numbers add up from the rows behind.

Every column of a summary is declared once with one of the short constructors below (``count``, ``money``, ``rate`` …).
Surfaces format from the declaration, the contract test recomputes from it, the reference page is printed from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from regulars.errors import N_, did_you_mean, error
from regulars.i18n import Reader

Unit = Literal["label", "text", "count", "number", "money", "share", "rate", "days", "date", "month", "flag"]
NUMERIC: Final = frozenset({"count", "number", "money", "share", "rate", "days"})
"""Units whose values stand right-aligned."""


@dataclass(frozen=True, slots=True)
class Adds:
    """How a cell follows from the rows behind it: ``count`` of rows, ``sum`` of a column, ``ratio`` of two columns of the
    same summary row, ``distinct`` values of a column, ``part`` of a column's total over the summary, or ``derived``.
    """

    how: Literal["key", "count", "sum", "ratio", "distinct", "part", "derived"]
    of: tuple[str, ...] = ()


KEY, DERIVED, COUNT = Adds("key"), Adds("derived"), Adds("count")


def summed(column: str) -> Adds:
    """The sum of a column of the rows."""
    return Adds("sum", (column,))


def ratio(over: str, under: str) -> Adds:
    """One column of the same summary row divided by another; null where the divisor is 0 or null."""
    return Adds("ratio", (over, under))


def part(column: str) -> Adds:
    """This row's share of the column's total over the whole summary."""
    return Adds("part", (column,))


def distinct(column: str) -> Adds:
    """The number of distinct non-null values of a column of the rows."""
    return Adds("distinct", (column,))


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: unit, title (the header), meaning (a sentence), how it adds up, words for its keys, a plus for differences."""

    unit: Unit
    title: str
    meaning: str
    adds: Adds = DERIVED
    noun: tuple[str, str] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    digits: int = 0
    personal: bool = False
    signed: bool = False

    def show(self, value: Any, reader: Reader, *, prose: bool = False) -> str:
        """The value as the reader sees it; ``prose`` adds the noun and shortens money. A missing value prints as a dash."""
        if value is None or (isinstance(value, float) and value != value):
            return "\N{EN DASH}"
        match self.unit:
            case "label":
                return reader.say(self.values[value]) if value in self.values else str(value)
            case "text":
                return str(value)
            case "flag":
                return reader.say(N_("yes")) if value else reader.say(N_("no"))
            case "count":
                return reader.counted(*self.noun, int(value)) if prose and self.noun else reader.number(value)
            case "number":
                sign = "+" if self.signed and value > 0 else ""
                return sign + reader.number(value, self.digits)
            case "money":
                return reader.money(value, short=prose)
            case "share" | "rate":
                return reader.percent(float(value), self.digits or 1, signed=self.signed)
            case "days":
                return reader.counted(N_("{n} day"), N_("{n} days"), round(value)) if prose else reader.number(value, self.digits)
            case "date":
                return reader.day(value)
            case "month":
                return reader.month(value)

    def key(self, name: str, said: Any, reader: Reader) -> Any:
        """The key that is meant, given as itself or as the reader's word for it. A column without a closed list of keys takes anything.

        Raises:
            RegularsError: ``value_wrong`` for a value that is none of them; ``name`` is what the column is called there.
        """
        if not self.values or said is None or said in self.values:
            return said
        words = {reader.say(word): key for key, word in self.values.items()}
        if said not in words:
            raise error("value_wrong", name=name, value=str(said), allowed=did_you_mean(str(said), self.values))
        return words[said]


def label(title: str, meaning: str, values: Mapping[str, str] | None = None) -> Column:
    """A key of the summary; ``values`` maps each key to the words a reader sees."""
    return Column("label", title, meaning, KEY, values=values or {})


def text(title: str, meaning: str, *, personal: bool = False, adds: Adds = DERIVED) -> Column:
    return Column("text", title, meaning, adds, personal=personal)


def count(title: str, meaning: str, adds: Adds = DERIVED, *, noun: tuple[str, str] | None = None) -> Column:
    """A whole number of things; ``noun`` is the pair ("{n} order", "{n} orders") used in sentences."""
    return Column("count", title, meaning, adds, noun=noun)


def number(title: str, meaning: str, adds: Adds = DERIVED, *, digits: int = 2, signed: bool = False) -> Column:
    """A bare number; ``signed`` for a difference, which shows its plus."""
    return Column("number", title, meaning, adds, digits=digits, signed=signed)


def money(title: str, meaning: str, adds: Adds = DERIVED) -> Column:
    """An amount in the book's currency."""
    return Column("money", title, meaning, adds)


def share(title: str, meaning: str, adds: Adds = DERIVED) -> Column:
    """A part of a whole, 0 to 1; over the summary the parts sum to one."""
    return Column("share", title, meaning, adds)


def rate(title: str, meaning: str, adds: Adds = DERIVED) -> Column:
    """A proportion of its own base, 0 to 1."""
    return Column("rate", title, meaning, adds)


def change(title: str, meaning: str, adds: Adds = DERIVED) -> Column:
    """A relative change, 0.1 for ten per cent more; shown with its sign."""
    return Column("rate", title, meaning, adds, signed=True)


def days(title: str, meaning: str, adds: Adds = DERIVED, *, digits: int = 0) -> Column:
    return Column("days", title, meaning, adds, digits=digits)


def on(title: str, meaning: str, adds: Adds = DERIVED) -> Column:
    """A calendar date."""
    return Column("date", title, meaning, adds)


def month(title: str, meaning: str) -> Column:
    """A calendar month, given as its first day; a key."""
    return Column("month", title, meaning, KEY)


def flag(title: str, meaning: str, adds: Adds = DERIVED) -> Column:
    return Column("flag", title, meaning, adds)


CUSTOMERS = (N_("{n} customer"), N_("{n} customers"))
ORDERS = (N_("{n} order"), N_("{n} orders"))
ROWS = (N_("{n} row"), N_("{n} rows"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with its declaration and its address (``summary[3].customers``), ready to stand in a sentence."""

    value: Any
    column: Column
    address: str

    def show(self, reader: Reader, *, prose: bool = True) -> str:
        return self.column.show(self.value, reader, prose=prose)

    @property
    def plain(self) -> Any:
        """The value as JSON can hold it."""
        match self.value:
            case Decimal():
                return float(self.value)
            case date():
                return self.value.isoformat()
        return self.value
