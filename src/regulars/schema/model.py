"""What the schema is written in: fields, tables, and facts, which arrive as one table and are served as another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from regulars.errors import N_

Type = Literal["text", "integer", "quantity", "money", "timestamp", "date", "flag"]

SQL_TYPES: Final[dict[Type, str]] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "quantity": "DECIMAL(18,4)",
    "money": "DECIMAL(18,4)",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "flag": "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type carries the unit (money is in the book's currency, quantity in pieces, dates are business days)."""

    name: str
    type: Type
    meaning: str
    key: bool = False
    personal: bool = False

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


F = Field


@dataclass(frozen=True, slots=True)
class Table:
    """One relation: its name, what one row is, its columns."""

    name: str
    row_is: str
    fields: tuple[Field, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Column name → SQL type, in order."""
        return {f.name: f.sql_type for f in self.fields}

    @property
    def order(self) -> str:
        """The order in which rows are shown, by their key, as the list after ORDER BY."""
        return ", ".join(f"{f.name} nulls first" for f in self.fields if f.key)


@dataclass(frozen=True, slots=True)
class Fact:
    """A table that is served much as it is delivered: what happened to customers beside their orders, and what the company itself did.

    ``happened`` is the field that says when; a moment is served with its business day beside it (``opened_at``, ``opened_on``).
    ``needs``: what a row cannot do without, each a field or several of which one is enough. A field ``currency`` is served as ``book``.
    """

    name: str
    row_is: str
    fields: tuple[Field, ...]
    happened: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    compared: bool = False
    """Whether rows of every currency are read together, because they are compared and never added up: ``currency`` is served as it is."""

    @property
    def part(self) -> Table:
        """As one delivery has it."""
        return Table(self.name, self.row_is, (*SOURCE, *(replace(f, key=False) for f in self.fields)))

    @property
    def served(self) -> Table:
        """As a snapshot has it."""
        book = Field("book", "text", N_("Book: rows of one currency that may be added up"))
        shown = [part for f in self.fields for part in ((book,) if f.name == "currency" and not self.compared else (f, *self._day(f)))]
        return Table(self.name, self.row_is, (*shown, *SOURCE))

    @property
    def id(self) -> str | None:
        """The field that tells one row from another by itself, if there is one: later news of the same id replace earlier ones."""
        return self.key[0] if len(self.key) == 1 and self.key[0].endswith("_id") else None

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that say what a row is about."""
        return tuple(f.name for f in self.fields if f.key)

    def _day(self, field: Field) -> tuple[Field, ...]:
        if field.name != self.happened or field.type != "timestamp":
            return ()
        return (Field(f"{field.name.removesuffix('_at')}_on", "date", N_("Business day, by the shop's time zone and cut-off hour")),)


SOURCE = (
    Field("import_id", "text", N_("Delivery the row came with")),
    Field("source_sheet", "text", N_("Sheet of the workbook; empty for a text file")),
    Field("source_row", "integer", N_("Row in the file, the header being row 1 of a plain file")),
)
