"""The charts of an analysis on a sheet: each beside the few figures it shows, in which it lives."""

from __future__ import annotations

import math
from typing import Any, Final

from regulars.charts.echarts import height
from regulars.charts.forms import Grid, Spark
from regulars.charts.native import WIDTH, Figures, Place, chart, figures, notes
from regulars.charts.picture import Picture
from regulars.charts.sheet import Sheet
from regulars.charts.theme import LIGHT
from regulars.reports.cells import FONTS, number_format
from regulars.reports.tables import Page

ROW: Final = 20
"""Pixels of a row."""
CAPTION: Final = 60
"""Pixels of a chart's title and legend."""
HIGHEST: Final = 620
"""Pixels; a chart is never higher than a screen."""


def draw(page: Page, picture: Picture) -> None:
    """A chart's figures, and right of them the chart; a grid is its figures, coloured."""
    form, sheet = picture.form, Sheet(picture.rows, picture.columns, page.cells.reader, LIGHT)
    page.caption(sheet.reader.say(form.title))
    if not sheet.rows:
        page.sentence(str(sheet.nothing()["title"]["text"]))
        return
    shown = figures(form, sheet)
    top = page.row
    _write(page, shown)
    place = Place(page.sheet.get_name(), top, 0)
    if isinstance(form, Grid):
        _colour(page, top, shown)
        if counted := notes(form, sheet):
            page.row += 1
            page.caption(sheet.title(form.note or form.value))
            _write(page, counted)
    elif isinstance(form, Spark):
        page.sheet.add_sparkline(top, 2, {"range": _range(place, len(shown.rows)), "last_point": True, "series_color": sheet.colour(0)})
    patterns = [number_format(column, page.cells.reader) for column in shown.columns]
    drawn = chart(page.cells.book, form, sheet, place, FONTS[page.cells.reader.language], patterns)
    if drawn is not None:
        high = min(HIGHEST, height(form, sheet.rows) + CAPTION)
        drawn.set_size({"width": WIDTH, "height": high})
        page.sheet.insert_chart(top, len(shown.columns) + 1, drawn, {"object_position": 2, "description": sheet.reader.say(form.title)})
        page.row = max(page.row, top + math.ceil(high / ROW) + 1)
    page.row += 1


def _write(page: Page, shown: Figures) -> None:
    """The figures as a small table, from where the page stands."""
    for place, (title, column) in enumerate(zip(shown.titles, shown.columns, strict=True)):
        page.cells.say(page.sheet, page.row, place, title, "head_right" if place and number_format(column, page.cells.reader) else "head")
        values: list[Any] = [row[place] for row in shown.rows if row[place] is not None]
        page.widen(place, [title[:14], *(column.show(value, page.cells.reader) for value in values)], 44)
        for at, row in enumerate(shown.rows, page.row + 1):
            page.cells.write(page.sheet, at, place, row[place], column)
    page.row += 1 + len(shown.rows)


def _colour(page: Page, top: int, shown: Figures) -> None:
    """From little to much, in the house's ramp."""
    low, middle, high = LIGHT.ramp
    scale = {"type": "3_color_scale", "min_color": low, "mid_color": middle, "max_color": high}
    page.sheet.conditional_format(top + 1, 1, top + len(shown.rows), len(shown.columns) - 1, scale)


def _range(place: Place, rows: int) -> str:
    name = place.sheet.replace("'", "''")
    return f"'{name}'!$A${place.row + 2}:$A${place.row + 1 + rows}"
