"""Charts of the brief: drawn once for a phone and once for a wide page, each good in light, in dark and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import htpy as h
from markupsafe import Markup

from regulars.charts import draw, echarts
from regulars.charts.forms import Chart, Spark
from regulars.charts.sheet import Row
from regulars.charts.theme import DARK, LIGHT
from regulars.charts.tones import Palette, two_toned
from regulars.i18n import Reader
from regulars.result import Result

WIDE: Final = 680
"""Width of a chart, in pixels, in the column of a page and on a sheet of A4."""
PHONE: Final = 312
"""What a phone of 360 pixels leaves."""
SPARK: Final = 150


def svg(form: Chart, rows: Sequence[Row], result: Result, reader: Reader, palette: Palette, width: int) -> Markup:
    """A chart of a result at one width."""
    columns = result.analysis.details[form.detail].gives if form.detail else result.columns
    light, dark = (draw.svg(echarts.option(form, rows, columns, reader, theme), width, echarts.height(form, rows)) for theme in (LIGHT, DARK))
    return Markup(two_toned(light, dark, palette.variable))  # noqa: S704 - drawn by the chart library, which escapes every text it is given


def rows_of(form: Chart, result: Result) -> list[Row]:
    """The rows a chart stands over."""
    table = result.details[form.detail] if form.detail else result.summary
    return list(table.to_pylist())


def figure(form: Chart, result: Result, reader: Reader, palette: Palette) -> h.Element:
    """A chart with its title, laid out for both widths; the page's style shows the one that fits."""
    rows = rows_of(form, result)
    drawn = [h.div(class_=name)[svg(form, rows, result, reader, palette, width)] for name, width in (("wide", WIDE), ("phone", PHONE))]
    return h.figure(".chart")[h.figcaption[reader.say(form.title)], *drawn]


def spark(form: Spark, rows: Sequence[Row], result: Result, reader: Reader, palette: Palette) -> h.Node:
    """A line the size of a word; nothing where there is no line to draw."""
    if sum(row[form.y] is not None for row in rows) < 2:
        return None
    return h.div(".spark", aria_hidden="true")[svg(form, rows, result, reader, palette, SPARK)]
