"""The record of a brief: its figures, sentences and provenance as data, so that two briefs can be compared without their workspaces.

The page carries it in an inert ``<template>``: no script element, nothing to run, nothing that a mail gateway cuts out. Columns
that name a person are left out; a list of people is never part of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from regulars.analysis import Analysis, Finding, Rows
from regulars.errors import N_, Words, error
from regulars.i18n import Reader
from regulars.reports.brief import Brief
from regulars.result import Result
from regulars.units import Column, Unit

ISLAND: Final = "record"
"""The id of the element that holds it."""
FORMAT: Final = 1
"""Raised when an older Regulars could no longer read what is written here."""
_ELEMENT: Final = re.compile(rf'<template id="{ISLAND}">([^<]*)</template>')
_ADDRESS: Final = re.compile(r"^(\w+)\[(\d{1,9})\]\.(\w+)$")
LARGEST: Final = 1e18
"""No figure of a shop is larger; what a file says beyond it is no figure."""

Plain = str | bool | int | float | None
"""A value as the record holds it."""


class Kept(BaseModel):
    """A part of the record: read as strictly as it is written, except for what a later version may add."""

    model_config = ConfigDict(frozen=True)


class Heading(Kept):
    """A column as a reader sees it, without the analysis that declared it."""

    unit: Unit
    title: str
    key: bool = False
    noun: tuple[str, str] | None = None
    digits: Annotated[int, Field(ge=0, le=15)] = 0
    signed: bool = False
    words: dict[str, str] = {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for noun in self.noun or ():
            _places(noun, {"n"})
        return self

    def check(self, value: Plain) -> None:
        """Raise ``ValueError`` for a value that is none of this unit."""
        if value is None or self.unit in {"label", "text", "flag"}:
            return
        if self.unit in {"date", "month"}:
            date.fromisoformat(str(value))
        elif isinstance(value, str) or abs(value) > LARGEST:
            raise ValueError(value)

    @classmethod
    def of(cls, column: Column) -> Heading:
        return cls(
            unit=column.unit,
            title=column.title,
            key=column.adds.how == "key",
            noun=column.noun,
            digits=column.digits,
            signed=column.signed,
            words={str(key): words for key, words in column.values.items()},
        )

    def show(self, value: Any, reader: Reader, *, prose: bool = False) -> str:
        """The value as the reader sees it."""
        column = Column(self.unit, self.title, "", noun=self.noun, values=self.words, digits=self.digits, signed=self.signed)
        if self.unit in {"date", "month"} and isinstance(value, str):
            value = date.fromisoformat(value)
        return column.show(value, reader, prose=prose)

    def named(self, key: Any, reader: Reader) -> str:
        """A key as the name of a row: words by themselves, a bare number after the title of its column."""
        shown = self.show(key, reader)
        return f"{reader.say(self.title)} {shown}" if isinstance(key, int) and str(key) not in self.words else shown


class Quoted(Kept):
    """A number in a sentence, with the address of the cell it is."""

    heading: Heading
    value: Plain
    address: str

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self.heading.check(self.value)
        return self

    @property
    def place(self) -> tuple[str, int, str] | None:
        """Table, row and column, where the address is one of the record's tables."""
        found = _ADDRESS.match(self.address)
        return (found[1], int(found[2]), found[3]) if found else None


class Saying(Kept):
    """A finding: the sentence, the numbers in it, the money behind it."""

    template: str
    cells: dict[str, Quoted]
    weight: float = 0.0
    warning: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _places(self.template, self.cells.keys())
        return self

    def text(self, reader: Reader) -> str:
        return reader.say(self.template, **{name: cell.heading.show(cell.value, reader, prose=True) for name, cell in self.cells.items()})


class Figures(Kept):
    """A table of an answer."""

    title: str
    headings: dict[str, Heading]
    rows: tuple[tuple[Plain, ...], ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for row in self.rows:
            for heading, value in zip(self.headings.values(), row, strict=True):
                heading.check(value)
        return self

    def lines(self) -> Iterator[dict[str, Any]]:
        """The rows by column name."""
        for row in self.rows:
            yield dict(zip(self.headings, row, strict=True))


class Answered(Kept):
    """What one analysis said; ``definition`` changes when its method, its columns or its SQL do."""

    title: str
    definition: str
    parameters: dict[str, Any]
    tables: dict[str, Figures]
    sayings: tuple[Saying, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for place in (cell.place for saying in self.sayings for cell in saying.cells.values()):
            if place and place[0] in self.tables and place[1] >= len(self.tables[place[0]].rows):
                raise ValueError(place)
        return self


class Record(Kept):
    """A brief as data: where it comes from, and what every analysis said, by key. Amounts are in the currency of ``book``."""

    format: int = FORMAT
    version: str
    name: str
    book: str
    snapshot: str
    engine: str
    as_of: date
    first_on: date
    last_on: date
    day_starts_at: int
    answers: dict[str, Answered]

    def text(self) -> str:
        """The record as JSON that may stand inside an HTML element."""
        compact = json.dumps(self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format}, ensure_ascii=False, separators=(",", ":"))
        return compact.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _places(template: str, known: Collection[str]) -> None:
    """Raise ``ValueError`` for a template with anything but plain places for what is known: a page from elsewhere may ask for more."""
    for _, name, form, conversion in Formatter().parse(template):
        if name is not None and (name not in known or form or conversion):
            raise ValueError(template)


def record_of(brief: Brief) -> Record:
    """The record of a brief."""
    return Record(
        version=version("regulars"),
        name=brief.name,
        book=brief.book.name,
        snapshot=brief.snapshot.id,
        engine=brief.results[0].provenance.engine if brief.results else "",
        as_of=brief.as_of,
        first_on=brief.book.first_on,
        last_on=brief.book.last_on,
        day_starts_at=brief.snapshot.day_starts_at,
        answers={result.analysis.key: _answered(result) for result in brief.results},
    )


def _answered(result: Result) -> Answered:
    analysis = result.analysis
    tables = {"summary": _figures(analysis.title, result.columns, result.answer.summary)}
    tables |= {name: _figures(detail.title, detail.gives, result.answer.details[name]) for name, detail in analysis.details.items()}
    parameters = {name: value for name, value in analysis.model_dump(mode="json").items() if name != "as_of"}
    sayings = tuple(_saying(finding) for finding in result.findings)
    return Answered(title=analysis.title, definition=_definition(analysis), parameters=parameters, tables=tables, sayings=sayings)


def _definition(analysis: Analysis) -> str:
    texts = [analysis.method, analysis.table, analysis.summary, *(column.meaning for column in analysis.columns.values())]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]


def _figures(title: str, columns: Mapping[str, Column], rows: Rows) -> Figures:
    known = {name: column for name, column in columns.items() if not column.personal}
    return Figures(
        title=title,
        headings={name: Heading.of(column) for name, column in known.items()},
        rows=tuple(tuple(line[name].plain for name in known) for line in rows),
    )


def _saying(finding: Finding) -> Saying:
    """The finding with the cells its sentence names; a person's name is not among the numbers that are kept."""
    named = dict.fromkeys(name for _, name, _, _ in Formatter().parse(finding.template) if name)
    cells = {
        name: Quoted(heading=Heading.of(cell.column), value=None if cell.column.personal else cell.plain, address=cell.address)
        for name, cell in ((name, finding.cells[name]) for name in named)
    }
    return Saying(template=finding.template, cells=cells, weight=finding.weight, warning=finding.warning)


def read_record(path: Path) -> Record:
    """The record in the page of a brief.

    Raises:
        RegularsError: ``file_missing``, ``brief_unreadable``.
    """
    try:
        page = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = sorted(one.name for one in path.parent.glob("*.html"))[:5] if path.parent.is_dir() else []
        raise error("file_missing", path=str(path), near=", ".join(near) or "-") from None
    except (OSError, UnicodeDecodeError):
        raise error("brief_unreadable", path=str(path), reason=Words(_STRANGE)) from None
    if (found := _ELEMENT.search(page)) is None:
        raise error("brief_unreadable", path=str(path), reason=Words(_STRANGE))
    try:
        told = json.loads(found[1])
        if told["format"] > FORMAT:
            raise error("brief_unreadable", path=str(path), reason=Words(N_("it was written by a newer version")))
        return Record.model_validate(told)
    except (ValueError, TypeError, KeyError, ValidationError, RecursionError):
        raise error("brief_unreadable", path=str(path), reason=Words(N_("its figures are damaged"))) from None


_STRANGE: Final = N_("it is not the page (.html) of a brief, or was written before briefs kept their figures")


def exact(value: Any) -> Decimal | None:
    """A number of the record as it was written, without the noise of binary fractions; None for what is not a number."""
    return Decimal(repr(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value else None
