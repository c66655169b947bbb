"""A chart with the rows it stands over and the reader it is for: what ``result.chart`` gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from regulars import inline
from regulars.charts import echarts
from regulars.charts.forms import Chart
from regulars.charts.sheet import Row
from regulars.charts.theme import DARK, LIGHT, Theme
from regulars.charts.tones import by_scheme, two_toned
from regulars.i18n import Reader
from regulars.units import Column

WIDTH: Final = 680
"""Pixels; the drawing scales with whatever it stands in."""


@dataclass(frozen=True, repr=False)
class Picture:
    """One chart of a result, ready to be drawn: as SVG, or as an Apache ECharts option for a page of one's own."""

    form: Chart
    rows: Sequence[Row]
    columns: Mapping[str, Column]
    reader: Reader

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.reader.say(self.form.title)

    def option(self, theme: Theme = LIGHT) -> dict[str, Any]:
        """The ECharts option: plain JSON, no functions, texts in the reader's language."""
        return echarts.option(self.form, self.rows, self.columns, self.reader, theme)

    def svg(self, width: int = WIDTH, theme: Theme = LIGHT) -> str:
        """The chart as an SVG that stands alone, so many pixels wide. Drawn without a browser; the same chart gives the same bytes."""
        from regulars.charts import draw  # fonts and a JavaScript engine: only for who draws

        return draw.svg(self.option(theme), width, echarts.height(self.form, self.rows))

    def in_both_tones(self, width: int = WIDTH) -> str:
        """The SVG for a page that may be light or dark: its colours follow the ``color-scheme`` it stands in."""
        return two_toned(self.svg(width), self.svg(width, DARK), by_scheme)

    def _repr_html_(self) -> str:
        return inline.block(self.reader, inline.figure(self.title, self.in_both_tones()))

    def __repr__(self) -> str:
        return f"<{type(self.form).__name__}: {self.title}>"
