"""Lines over categories in order, curves over two measures, and sparks."""

from __future__ import annotations

from typing import Final

from regulars.charts.forms import Curve, Lines, Spark
from regulars.charts.sheet import SHOWN, Option, Point, Sheet
from regulars.errors import N_

MANY: Final = 24
"""With more points than this a line carries no dots, except where a point stands alone between gaps."""
TOLD: Final[Option] = {"dimensions": ["place", "value", SHOWN], "encode": {"x": "place", "y": "value", "tooltip": "shown"}}
SILENT: Final[Option] = {"silent": True, "symbol": "none", "tooltip": {"show": False}}


def draw(form: Lines, sheet: Sheet) -> Option:
    """One line per measure; missing values are gaps, and what is not over yet is hollow and dashed."""
    names = [sheet.title(name) for name in form.y]
    partial = [bool(form.partial and row[form.partial]) for row in sheet.rows]
    columns = [*form.y, *(form.band or ())]
    values = [value for row in sheet.rows for name in columns if (value := sheet.number(row, name)) is not None]
    band = sheet.reader.say(N_("likely range"))
    lines = [series for n, name in enumerate(form.y) for series in _line(sheet, n, name, partial)]
    return {
        **sheet.layout(sheet.caption(form.y), [*names, band] if form.band else names),
        "tooltip": sheet.tooltip("axis"),
        "xAxis": sheet.category_axis(sheet.labels_below(form.x), boundaryGap=False, **sheet.named_below(form.x)),
        "yAxis": sheet.value_axes(form.y[0], values, "left"),
        "series": [*(_band(sheet, form.band, band) if form.band else ()), *lines],
    }


def _line(sheet: Sheet, n: int, name: str, partial: list[bool]) -> list[Option]:
    """The series of one measure: a single one, or, with unfinished points, the dots, the solid and the dashed strokes."""
    points: list[Point] = [[place, sheet.number(row, name), sheet.shown(row, name)] for place, row in enumerate(sheet.rows)]
    colour, dash = sheet.colour(n), sheet.theme.dashes[n % len(sheet.theme.dashes)]
    stroke = {"color": colour, "width": 2, "type": dash}
    line = {"type": "line", "name": sheet.title(name), "itemStyle": {"color": colour}, "lineStyle": stroke}
    unfinished = {"color": sheet.theme.surface, "borderColor": colour, "borderWidth": 2}
    dots = line | TOLD | {"symbol": "circle", "symbolSize": 6, "showAllSymbol": True, "data": _dots(points, partial, unfinished)}
    if not any(partial):
        return [dots]
    near = [any(partial[max(0, place - 1) : place + 2]) for place in range(len(points))]
    solid = [[place, None if partial[place] else value] for place, value, _ in points]
    dashed = [[place, value if near[place] else None] for place, value, _ in points]
    return [
        line | SILENT | {"data": solid},
        line | SILENT | {"data": dashed, "lineStyle": stroke | {"type": [3, 4]}},
        dots | {"lineStyle": stroke | {"opacity": 0}},
    ]


def _dots(points: list[Point], partial: list[bool], unfinished: Option) -> list[Option]:
    """The points with their marks: hollow while unfinished; on a long line only those that stand alone."""
    known = [value is not None for _, value, _ in points]
    alone = [known[n] and not any(known[max(0, n - 1) : n] + known[n + 1 : n + 2]) for n in range(len(points))]
    hollow = {"symbol": "circle", "symbolSize": 8, "itemStyle": unfinished}
    return [
        {"value": point, "symbol": "circle" if len(points) <= MANY or alone[place] else "none"} | (hollow if partial[place] else {})
        for place, point in enumerate(points)
    ]


def _band(sheet: Sheet, bounds: tuple[str, str], title: str) -> list[Option]:
    """The area between two columns: an unseen lower line, and stacked on it the distance, said as "from – to"."""
    low, high = bounds
    base: list[Point] = []
    distance: list[Point] = []
    for place, row in enumerate(sheet.rows):
        least, most = sheet.number(row, low), sheet.number(row, high)
        base.append([place, None if most is None else least])
        apart = None if least is None or most is None else most - least
        distance.append([place, apart, "\N{EN DASH}" if apart is None else f"{sheet.shown(row, low)} \N{EN DASH} {sheet.shown(row, high)}"])
    stacked = {"type": "line", "stack": "band", "stackStrategy": "all", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    return [
        stacked | {"data": base, "tooltip": {"show": False}},
        stacked
        | {
            "name": title,
            **TOLD,
            "data": distance,
            "itemStyle": {"color": sheet.colour(0), "opacity": 0.45},
            "areaStyle": {"color": sheet.colour(0), "opacity": 0.18},
        },
    ]


def curve(form: Curve, sheet: Sheet) -> Option:
    """A line over two measures, both written on their axes, with the line of equality behind it if wanted."""
    points = [(x, y, row) for row in sheet.rows if (x := sheet.number(row, form.x)) is not None and (y := sheet.number(row, form.y)) is not None]
    data = [[x, y, sheet.shown(row, form.x), sheet.shown(row, form.y)] for x, y, row in points]
    across = sheet.value_axes(form.x, [x for x, _, _ in points], "bottom", zero=True)
    across[1] |= sheet.named_below(form.x)
    words = [{"name": name, "type": "ordinal", "displayName": sheet.title(column)} for name, column in (("across", form.x), ("up", form.y))]
    line = {
        "type": "line",
        "name": sheet.title(form.y),
        "dimensions": ["x", "y", *words],
        "encode": {"x": "x", "y": "y", "tooltip": ["across", "up"]},
        "data": data,
        "symbol": "circle",
        "symbolSize": 6 if len(data) <= MANY else 3,
        "lineStyle": {"color": sheet.colour(0), "width": 2},
        "itemStyle": {"color": sheet.colour(0)},
    }
    names = [sheet.title(form.y)]
    series = [line]
    if form.diagonal:
        names.append(sheet.reader.say(N_("if all were equal")))
        ends = [[data[0][0], data[0][1]], [data[-1][0], data[-1][1]]]
        grey = {"color": sheet.theme.muted, "width": 1.5, "type": "dashed"}
        series.append({"type": "line", "name": names[1], **SILENT, "lineStyle": grey, "itemStyle": {"color": sheet.theme.muted}, "data": ends})
    return {
        **sheet.layout("" if form.diagonal else sheet.caption([form.y]), names),
        "tooltip": sheet.tooltip("item"),
        "xAxis": across,
        "yAxis": sheet.value_axes(form.y, [y for _, y, _ in points], "left", zero=True),
        "series": series,
    }


def spark(form: Spark, sheet: Sheet) -> Option:
    """A small line from the least to the greatest value, its last point marked."""
    values = [sheet.number(row, form.y) for row in sheet.rows]
    last = max(place for place, value in enumerate(values) if value is not None)
    data = [{"value": [place, value], "symbol": "circle" if place == last else "none"} for place, value in enumerate(values)]
    return {
        "grid": {"left": 2, "right": 5, "top": 5, "bottom": 5},
        "xAxis": {"type": "category", "show": False, "boundaryGap": False, "data": list(range(len(values)))},
        "yAxis": {"type": "value", "show": False, "scale": True},
        "series": [
            {
                "type": "line",
                "data": data,
                "symbolSize": 6,
                "showAllSymbol": True,
                "silent": True,
                "lineStyle": {"color": sheet.colour(0), "width": 1.5},
                "itemStyle": {"color": sheet.colour(0)},
                "areaStyle": {"color": sheet.colour(0), "opacity": 0.12, "origin": "start"},
            }
        ],
    }
