"""Bars: one per category, or one per category and group."""

from __future__ import annotations

from typing import Final

from regulars.charts.axes import width, wrap
from regulars.charts.forms import Bars
from regulars.charts.sheet import ROOM, SHOWN, Option, Point, Row, Sheet

NAMED: Final = ("label", "text")
"""Units whose categories are words: every one must be read, none may be skipped for want of room."""
EVERY: Final[Option] = {"interval": 0, "hideOverlap": False}


def draw(form: Bars, sheet: Sheet) -> Option:
    """Bars standing, or lying where asked for or where the words under them would not fit on a phone.

    A single row of bars carries its values; lying, that spares the measured axis.
    """
    lying = form.horizontal or _crowded(form, sheet)
    labels = sheet.labels(form.x) if lying else sheet.labels_below(form.x)
    names, groups = _groups(form, sheet)
    widest = 0.0 if form.by else max(width(brief) for *_, brief in groups[0])
    spared = lying and widest > 0
    measured = sheet.value_axes(form.y, _reach(groups, stacked=form.stacked), "bottom" if lying else "left", zero=True, hidden=spared)
    words = sheet.category_axis(labels, **({"inverse": True} if lying else sheet.named_below(form.x)))

    def fit(room: int) -> Option:
        if lying:
            beside = round(room * 0.36)
            return {"yAxis": {"data": [wrap(label, beside) for label in labels], "axisLabel": EVERY}}
        below = {"data": [wrap(label, (room - 40) / len(labels)) for label in labels], "axisLabel": EVERY} if _named(form, sheet) else {}
        said = widest > 0 and widest + 6 <= room / len(labels)
        return {"xAxis": below, "series": [{"label": {"show": said}} for _ in groups]}

    return {
        **sheet.layout(sheet.caption([form.y]), names, fit, **({"right": round(widest) + 8} if spared else {})),
        "tooltip": sheet.tooltip("axis", "shadow"),
        "xAxis": measured if lying else words,
        "yAxis": words if lying else measured,
        "series": [_series(form, sheet, n, name, points, lying=lying) for n, (name, points) in enumerate(zip(names, groups, strict=True))],
    }


def _groups(form: Bars, sheet: Sheet) -> tuple[list[str], list[list[Point]]]:
    """The names of the groups, and for each its points, one for every category; a pair without a row is a gap."""
    places = sheet.keys(form.x)
    if form.by is None:
        rows = {row[form.x]: row for row in sheet.rows}
        return [sheet.title(form.y)], [[_point(sheet, place, rows[key], form.y) for key, place in places.items()]]
    pairs = {(row[form.by], row[form.x]): row for row in sheet.rows}
    groups = sheet.keys(form.by)
    points = [[_point(sheet, place, pairs.get((group, key)), form.y) for key, place in places.items()] for group in groups]
    return [sheet.columns[form.by].show(group, sheet.reader) for group in groups], points


def _point(sheet: Sheet, place: int, row: Row | None, name: str) -> Point:
    """The place of a bar, its length or None, and that in words, at length and in brief."""
    if row is None:
        return [place, None, "\N{EN DASH}", ""]
    return [place, sheet.number(row, name), sheet.shown(row, name), sheet.brief(row, name)]


def _named(form: Bars, sheet: Sheet) -> bool:
    return sheet.columns[form.x].unit in NAMED


def _crowded(form: Bars, sheet: Sheet) -> bool:
    """Whether some name would not fit into two lines under its bar on a phone."""
    labels = sheet.labels(form.x)
    return _named(form, sheet) and any("…" in wrap(label, (ROOM["phone"] - 40) / len(labels)) for label in labels)


def _reach(groups: list[list[Point]], *, stacked: bool) -> list[float]:
    """The values the axis must hold: of every bar, or of every stack upwards and downwards."""
    values = [[value or 0.0 for _, value, *_ in points] for points in groups]
    if not stacked:
        return [value for points in values for value in points]
    stacks = list(zip(*values, strict=True))
    return [sum(v for v in stack if (v > 0) is up) for stack in stacks for up in (True, False)]


def _series(form: Bars, sheet: Sheet, n: int, name: str, points: list[Point], *, lying: bool) -> Option:
    place_at, value_at = ("y", "x") if lying else ("x", "y")
    label = {"show": lying and not form.by, "position": "right" if lying else "top", "formatter": "{@brief}", "color": sheet.theme.text, "fontSize": 12}
    return {
        "type": "bar",
        "name": name,
        "dimensions": ["place", "value", SHOWN, {"name": "brief", "type": "ordinal"}],
        "encode": {place_at: "place", value_at: "value", "tooltip": "shown"},
        "data": points,
        "barMaxWidth": 44,
        "barGap": "12%",
        "itemStyle": {"color": sheet.colour(n), "borderRadius": 0 if form.stacked else 2},
        "label": label,
        **({"stack": "all"} if form.stacked else {}),
    }
