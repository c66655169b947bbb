"""Chart forms as a workbook's own charts: the small table each one stands on, and the chart that reads its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import xlsxwriter
from xlsxwriter.chart import Chart as NativeChart

from regulars.charts.axes import currency_sign
from regulars.charts.forms import Bars, Chart, Curve, Grid, Lines, Spark
from regulars.charts.sheet import Sheet
from regulars.errors import N_
from regulars.units import Column

WIDTH: Final = 720
"""Pixels."""
MANY: Final = 24
"""With more points than this a line carries no dots."""
DASHES: Final = ("solid", "dash", "round_dot", "long_dash")
"""Lines are told apart without colour too."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a chart stands on: titles, the declaration of each column, and the rows."""

    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the figures were written: the sheet's name and the cell of their first title."""

    sheet: str
    row: int
    column: int

    def cells(self, column: int, rows: int) -> list[Any]:
        """The values of a column of the figures, as the library names them."""
        return [self.sheet, self.row + 1, self.column + column, self.row + rows, self.column + column]

    def title(self, column: int) -> list[Any]:
        return [self.sheet, self.row, self.column + column]


def figures(form: Chart, sheet: Sheet) -> Figures:
    """The figures of a form: its columns as they are, or crossed where it has two keys."""
    match form:
        case Grid():
            return _crossed(form.y, form.x, form.value, sheet)
        case Bars(by=str(by)):
            return _crossed(form.x, by, form.y, sheet)
    names = form.columns
    rows = tuple(tuple(row[name] for name in names) for row in sheet.rows)
    return Figures(tuple(map(sheet.title, names)), tuple(sheet.columns[name] for name in names), rows)


def _crossed(down: str, across: str, value: str, sheet: Sheet) -> Figures:
    """One row per value of ``down``, one column per value of ``across``; a pair without a row is an empty cell."""
    keys = list(sheet.keys(across))
    found = {(row[down], row[across]): row[value] for row in sheet.rows}
    rows = tuple((key, *(found.get((key, other)) for other in keys)) for key in sheet.keys(down))
    return Figures((sheet.title(down), *sheet.labels(across)), (sheet.columns[down], *(sheet.columns[value] for _ in keys)), rows)


def notes(form: Grid, sheet: Sheet) -> Figures | None:
    """The second number of each cell of a grid, crossed the same way."""
    return figures(replace(form, value=form.note, note=None), sheet) if form.note else None


def chart(book: xlsxwriter.Workbook, form: Chart, sheet: Sheet, place: Place, font: str, patterns: Sequence[str | None]) -> NativeChart | None:
    """The chart over the figures at a place; ``patterns`` are the number formats of their columns.

    A grid is coloured cells and a spark a line in a cell: no chart.
    """
    drawn = _Drawn(book, sheet, figures(form, sheet), place, font, patterns)
    match form:
        case Bars():
            return drawn.bars(form)
        case Lines():
            return drawn.lines(form)
        case Curve():
            return drawn.curve(form)
        case Grid() | Spark():
            return None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Everything a chart is made from."""

    book: xlsxwriter.Workbook
    sheet: Sheet
    figures: Figures
    place: Place
    font: str
    patterns: Sequence[str | None]

    def bars(self, form: Bars) -> NativeChart:
        """Bars in the order of the rows, from the top where they lie; a single row of bars carries its values and spares the axis."""
        several = form.by is not None
        chart = self._new("bar" if form.horizontal else "column", form, **({"subtype": "stacked"} if form.stacked else {}))
        for n in range(1, len(self.figures.columns)):
            colour = self.sheet.colour(n - 1)
            label = {} if several else {"data_labels": {"value": True, "font": self._font(), "num_format": self._pattern(n)}}
            space = {} if several and not form.horizontal else {"gap": 60}
            overlap = {"overlap": 100} if form.stacked else {}
            chart.add_series(self._series(0, n) | {"fill": {"color": colour}, "border": {"none": True}} | label | space | overlap)
        words = self._axis(form.x, 0) | {"reverse": form.horizontal, "interval_unit": 1}
        measured = self._measured(form.y, 1) | ({"label_position": "high"} if form.horizontal and several else {})
        measured = measured if several else measured | {"visible": False, "major_gridlines": {"visible": False}}
        across, up = (measured, words) if form.horizontal else (words, measured)
        chart.set_x_axis(across)
        chart.set_y_axis(up)
        self._legend(chart, several=several)
        return chart

    def lines(self, form: Lines) -> NativeChart:
        """One line per measure, the bounds thin and broken; a point that is not over yet is hollow."""
        chart = self._new("line", form)
        count = len(form.y)
        for n in range(1, 1 + count + len(form.band or ())):
            bound = n > count
            colour = self.sheet.theme.muted if bound else self.sheet.colour(n - 1)
            dash = "round_dot" if bound else DASHES[(n - 1) % len(DASHES)]
            series = self._series(0, n) | {"line": {"color": colour, "width": 1.0 if bound else 2.25, "dash_type": dash}}
            if not bound and len(self.figures.rows) <= MANY:
                series["marker"] = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
                series |= self._hollow(form, colour)
            chart.add_series(series)
        chart.set_x_axis(self._axis(form.x, 0) | {"text_axis": True})
        chart.set_y_axis(self._measured(form.y[0], 1))
        chart.show_blanks_as("gap")
        self._legend(chart, several=count > 1 or form.band is not None)
        return chart

    def curve(self, form: Curve) -> NativeChart:
        """A line over two measured axes, with the line of equality behind it if wanted."""
        chart = self._new("scatter", form, subtype="straight")
        marker = {"marker": {"type": "none"}}
        chart.add_series(self._series(0, 1) | marker | {"line": {"color": self.sheet.colour(0), "width": 2.25}})
        if form.diagonal:
            equal = {"name": self.sheet.reader.say(N_("if all were equal")), "line": {"color": self.sheet.theme.muted, "width": 1.25, "dash_type": "dash"}}
            chart.add_series(self._series(0, 0) | marker | equal)
        ends = {"min": 0, "max": 1} if {column.unit for column in self.figures.columns} <= {"share", "rate"} else {}
        chart.set_x_axis(self._measured(form.x, 0) | ends)
        chart.set_y_axis(self._measured(form.y, 1) | ends)
        self._legend(chart, several=form.diagonal)
        return chart

    def _new(self, kind: str, form: Chart, **more: str) -> NativeChart:
        chart = self.book.add_chart({"type": kind, **more})
        chart.set_title({"name": self.sheet.reader.say(form.title), "overlay": False, "name_font": self._font(12, strong=True)})
        chart.set_chartarea({"border": {"color": self.sheet.theme.rule}})
        chart.set_plotarea({"fill": {"none": True}})
        return chart

    def _series(self, across: int, up: int) -> dict[str, Any]:
        rows = len(self.figures.rows)
        return {"name": self.place.title(up), "categories": self.place.cells(across, rows), "values": self.place.cells(up, rows)}

    def _hollow(self, form: Lines, colour: str) -> dict[str, Any]:
        if not form.partial:
            return {}
        hollow = {"fill": {"color": self.sheet.theme.surface}, "border": {"color": colour}}
        return {"points": [hollow if row[form.partial] else None for row in self.sheet.rows]}

    def _font(self, size: int = 9, *, strong: bool = False) -> dict[str, Any]:
        return {"name": self.font, "size": size, "bold": strong, "color": self.sheet.theme.text if strong else self.sheet.theme.muted}

    def _pattern(self, n: int) -> str:
        """A column's format, amounts without their pence."""
        pattern = self.patterns[n] or "General"
        return pattern.replace("#,##0.00", "#,##0") if self.figures.columns[n].unit == "money" else pattern

    def _axis(self, name: str, n: int) -> dict[str, Any]:
        line = {"line": {"color": self.sheet.theme.muted}, "major_tick_mark": "none", "minor_tick_mark": "none"}
        return line | self._named(name) | {"num_font": self._font(), **({"num_format": self._pattern(n)} if self.patterns[n] else {})}

    def _measured(self, name: str, n: int) -> dict[str, Any]:
        pattern = self._pattern(n).replace(".0\N{NO-BREAK SPACE}%", "\N{NO-BREAK SPACE}%").replace(".0%", "%")
        bare = {"line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": self.sheet.theme.rule, "width": 0.75}}}
        return self._axis(name, n) | bare | {"num_format": pattern}

    def _named(self, name: str) -> dict[str, Any]:
        """What an axis shows, and money's currency; months and dates need no name."""
        column = self.sheet.columns[name]
        if column.unit in ("month", "date"):
            return {}
        sign = currency_sign(self.sheet.reader) if column.unit == "money" else ""
        title = self.sheet.title(name)
        said = self.sheet.reader.say(N_("{measure}, {unit}"), measure=title, unit=sign) if sign else title
        return {"name": said, "name_font": self._font()}

    def _legend(self, chart: NativeChart, *, several: bool) -> None:
        chart.set_legend({"position": "bottom", "font": self._font()} if several else {"none": True})
