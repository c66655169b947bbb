"""Chart forms as Apache ECharts options: plain JSON, the same for the page, the report and the notebook.

Nothing in an option is a function: each value travels with its own words, and the ticks of an axis are words too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.charts import bars, grid, lines
from regulars.charts.forms import Bars, Chart, Curve, Grid, Lines, Spark
from regulars.charts.sheet import Option, Row, Sheet
from regulars.charts.theme import Theme
from regulars.i18n import Reader
from regulars.units import Column


def option(form: Chart, rows: Sequence[Row], columns: Mapping[str, Column], reader: Reader, theme: Theme) -> dict[str, Any]:
    """The ECharts option of a form over the rows of a result. No rows, or nothing but missing values, give a chart that says so."""
    sheet = Sheet(rows, columns, reader, theme)
    return sheet.frame(form.title) | (_draw(form, sheet) if _measures_something(form, sheet) else sheet.nothing())


def height(form: Chart, rows: Sequence[Row]) -> int:
    """A height in pixels at which every row of words of the chart can stand, at any width."""
    match form:
        case Grid():
            return max(220, 64 + (44 if form.note else 30) * len({row[form.y] for row in rows}))
        case Bars(horizontal=True):
            side_by_side = len({row[form.by] for row in rows}) if form.by and not form.stacked else 1
            return max(180, 60 + (18 + 14 * side_by_side) * len({row[form.x] for row in rows}))
        case Spark():
            return 40
    return 320


def _measures_something(form: Chart, sheet: Sheet) -> bool:
    wanted: list[tuple[str, ...]]
    match form:
        case Lines():
            wanted = [(name,) for name in form.y]
        case Grid():
            wanted = [(form.value,)]
        case Curve():
            wanted = [(form.x, form.y)]
        case _:
            wanted = [(form.y,)]
    return any(all(sheet.number(row, name) is not None for name in names) for row in sheet.rows for names in wanted)


def _draw(form: Chart, sheet: Sheet) -> Option:
    match form:
        case Bars():
            return bars.draw(form, sheet)
        case Lines():
            return lines.draw(form, sheet)
        case Grid():
            return grid.draw(form, sheet)
        case Curve():
            return lines.curve(form, sheet)
        case Spark():
            return lines.spark(form, sheet)
