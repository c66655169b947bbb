"""The rows of a result as a chart reads them, and the parts of an ECharts option that all charts share."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from regulars.charts.axes import currency_sign, rows_of_legend, tick_labels, ticks, two_lines
from regulars.charts.theme import FONT_FAMILY, Theme
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.units import Column

Option = dict[str, Any]
Row = Mapping[str, Any]
Point = list[Any]
"""A place on the axis, the value or None, and the value in words."""

DATED: Final = ("month", "date")
PHONE: Final = 480
"""At most this wide (pixels) a chart is laid out for a phone."""
ROOM: Final = {"phone": 310, "wide": 640}
"""Pixels that are surely there for the content on a phone of 360 and on a page of 720."""

CONTAINED: Final[Option] = {"outerBoundsMode": "same", "outerBoundsContain": "all", "outerBoundsClampWidth": "40%", "outerBoundsClampHeight": "40%"}
"""Labels and names of the axes stay inside the chart; the plot keeps at least 40 % of it."""
QUIET: Final[Option] = {"axisLine": {"show": False}, "axisTick": {"show": False}}
SHOWN: Final[Option] = {"name": "shown", "type": "ordinal"}
"""The dimension of a series that holds each value as the reader sees it; tooltips and labels print this one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with their declarations, for one reader and one theme."""

    rows: Sequence[Row]
    columns: Mapping[str, Column]
    reader: Reader
    theme: Theme

    def number(self, row: Row, name: str) -> float | None:
        """A value as a plain number; missing and not-a-number are both None, which is drawn as a gap."""
        value = row[name]
        return float(value) if value is not None and math.isfinite(value) else None

    def shown(self, row: Row, name: str) -> str:
        return self.columns[name].show(row[name], self.reader)

    def brief(self, row: Row, name: str) -> str:
        """The same, short enough to stand beside a mark: money is scaled."""
        column = self.columns[name]
        return column.show(row[name], self.reader, prose=column.unit == "money")

    def title(self, name: str) -> str:
        return self.reader.say(self.columns[name].title)

    def keys(self, name: str) -> dict[Hashable, int]:
        """The different values of a column and their places, in the order of the rows."""
        return {value: place for place, value in enumerate(dict.fromkeys(row[name] for row in self.rows))}

    def labels(self, name: str) -> list[str]:
        """The same values in words."""
        return [self.columns[name].show(value, self.reader) for value in self.keys(name)]

    def labels_below(self, name: str) -> list[str]:
        """The same values in words, narrow enough for a horizontal axis: the year of a month or a date on a second line."""
        return [two_lines(label) if self.columns[name].unit in DATED else label for label in self.labels(name)]

    def text(self, size: int = 12, *, strong: bool = False) -> Option:
        return {"color": self.theme.text if strong else self.theme.muted, "fontSize": size, "lineHeight": round(size * 1.25)}

    def colour(self, n: int) -> str:
        return self.theme.colours[n % len(self.theme.colours)]

    def caption(self, names: Sequence[str]) -> str:
        """What is measured and in which currency; with several columns the legend says what, and this only the currency."""
        sign = currency_sign(self.reader) if self.columns[names[0]].unit == "money" else ""
        if len(names) > 1:
            return self.reader.say(N_("Amounts in {currency}"), currency=sign) if sign else ""
        return self.reader.say(N_("{measure}, {unit}"), measure=self.title(names[0]), unit=sign) if sign else self.title(names[0])

    def frame(self, title: str) -> Option:
        """What every chart begins with: no animation, fonts and colours set, its name for those who do not see it."""
        return {
            "animation": False,
            "backgroundColor": "transparent",
            "color": list(self.theme.colours),
            "textStyle": {"fontFamily": FONT_FAMILY, "color": self.theme.text},
            "aria": {"enabled": True, "label": {"enabled": True, "description": self.reader.say(title)}},
        }

    def tooltip(self, trigger: str, pointer: str = "line") -> Option:
        """What appears at the pointer: the library's own list of names and values, in the colours of the theme."""
        shade = {"type": pointer, "lineStyle": {"color": self.theme.muted}, "shadowStyle": {"color": self.theme.muted, "opacity": 0.12}}
        look = {"backgroundColor": self.theme.surface, "borderColor": self.theme.rule, "textStyle": self.text(13, strong=True)}
        return {"trigger": trigger, "confine": True, "axisPointer": shade, **look}

    def nothing(self) -> Option:
        """An empty chart says so."""
        return {"title": {"text": self.reader.say(N_("No data")), "left": "center", "top": "middle", "textStyle": self.text(14) | {"fontWeight": 400}}}

    def category_axis(self, labels: Sequence[str], **more: Any) -> Option:
        """An axis of words or months."""
        axis = {"type": "category", "data": list(labels), "axisLine": {"lineStyle": {"color": self.theme.muted}}, "axisTick": {"show": False}}
        inside = {"alignMinLabel": "left", "alignMaxLabel": "right", "showMinLabel": True, "showMaxLabel": True} if more.get("boundaryGap") is False else {}
        return axis | {"axisLabel": self.text() | {"hideOverlap": True} | inside, **more}

    def named_below(self, name: str) -> Option:
        """The name of a horizontal axis, under it; months and dates need none."""
        if self.columns[name].unit in DATED:
            return {}
        return {"name": self.title(name), "nameLocation": "middle", "nameGap": 8, "nameTextStyle": self.text()}

    def value_axes(self, name: str, values: Sequence[float], side: str, *, zero: bool = False, hidden: bool = False) -> list[Option]:
        """A measured axis, and the labels of its ticks as a second axis of evenly spaced words.

        The library would write numbers its own way, and can only be told otherwise by a function; words it leaves alone.
        Zero belongs to the axis if asked for, or if the values come near it.
        """
        low, high = min(values), max(values)
        low, high = (min(low, 0.0) if zero or low < high / 2 else low), (max(high, 0.0) if zero else high)
        at = ticks(low, high)
        measured = QUIET | {
            "type": "value",
            "min": at[0],
            "max": high if hidden and high > at[0] else at[-1],
            "interval": round(at[1] - at[0], 12),
            "axisLabel": {"show": False},
        }
        words = {"type": "category", "position": side, "boundaryGap": False, "axisPointer": {"show": False}, "splitLine": {"show": False}}
        label = {"axisLabel": self.text() | {"interval": 0, "show": not hidden}}
        return [
            measured | {"splitLine": {"show": not hidden, "lineStyle": {"color": self.theme.rule}}},
            QUIET | words | {"data": tick_labels(self.columns[name], at, self.reader)} | label,
        ]

    def layout(self, caption: str, names: Sequence[str] = (), fit: Callable[[int], Option] = lambda _: {}, **grid: float) -> Option:
        """Caption, legend and plot under one another; ``fit`` gives what else depends on the room, once for each width."""
        top = 22 if caption else 0

        def fitted(room: int) -> Option:
            more = fit(room)
            return more | {"grid": {"top": 12 + top + 20 * rows_of_legend(names, room), **more.get("grid", {})}}

        return {
            "title": {"text": caption, "left": 0, "top": 0, "padding": 0, "textStyle": self.text() | {"fontWeight": 400}},
            "legend": {
                "show": len(names) > 1,
                "data": list(names),
                "left": 0,
                "top": top,
                "padding": 0,
                "itemWidth": 16,
                "itemHeight": 10,
                "itemGap": 14,
                "textStyle": self.text(),
            },
            "grid": {"left": 2, "right": 10, "bottom": 4, **CONTAINED, **grid},
            "media": [{"query": {"maxWidth": PHONE}, "option": fitted(ROOM["phone"])}, {"option": fitted(ROOM["wide"])}],
        }
