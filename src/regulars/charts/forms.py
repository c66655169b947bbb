"""The neutral chart forms: which columns of a result stand where, and nothing about colours, sizes or libraries.

A form is data. The page, the report, the workbook and the slide each draw it in their own way; whatever a form does not
say (order of the categories, their words, units, currency) follows from the rows and from the column declarations.
The order of the categories is the order of the rows. Every form has a ``title``, a text of the catalogue, and may name a
``detail`` of the analysis to stand over; without one it stands over the summary.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Bars:
    """How large is each? One bar per ``x``; with ``by`` one per pair, side by side or stacked."""

    title: str
    x: str
    y: str
    by: str | None = None
    horizontal: bool = False
    stacked: bool = False
    _: KW_ONLY
    detail: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.x, self.y, *((self.by,) if self.by else ()))


@dataclass(frozen=True, slots=True)
class Lines:
    """How does it change? One line per column of ``y`` over the ordered ``x``; the columns of ``y`` share a unit.

    ``band`` is a pair of columns, a lower and an upper bound, drawn as an area behind the lines. ``partial`` is a flag
    column: points where it is true (a month not yet over) are drawn hollow, and the line to them dashed.
    """

    title: str
    x: str
    y: tuple[str, ...]
    band: tuple[str, str] | None = None
    partial: str | None = None
    _: KW_ONLY
    detail: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.x, *self.y, *(self.band or ()), *((self.partial,) if self.partial else ()))


@dataclass(frozen=True, slots=True)
class Grid:
    """Where is it much and where little? One coloured cell per pair of ``x`` (across) and ``y`` (down).

    ``note`` is a second column, such as the number of customers behind a rate, shown under the value where there is room.
    """

    title: str
    x: str
    y: str
    value: str
    note: str | None = None
    _: KW_ONLY
    detail: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.x, self.y, self.value, *((self.note,) if self.note else ()))


@dataclass(frozen=True, slots=True)
class Curve:
    """How does one number follow from another? A line over two measured axes; ``diagonal`` adds the line of equality."""

    title: str
    x: str
    y: str
    diagonal: bool = True
    _: KW_ONLY
    detail: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.x, self.y)


@dataclass(frozen=True, slots=True)
class Spark:
    """Which way is it going? A line the size of a word, without axes; the last point is marked."""

    title: str
    y: str
    _: KW_ONLY
    detail: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.y,)


Chart = Bars | Lines | Grid | Curve | Spark
