"""Grids: one coloured cell per pair, laid out as a table is read: columns named on top, rows from the top down."""

from __future__ import annotations

from typing import Any

from regulars.charts.axes import cut, width
from regulars.charts.forms import Grid
from regulars.charts.sheet import QUIET, Option, Row, Sheet
from regulars.errors import N_


def draw(form: Grid, sheet: Sheet) -> Option:
    """The cells with their values in them, or, where those have no room, with a scale of the colours below.

    A missing value is an empty place, never the colour of zero.
    """
    across, down = sheet.labels_below(form.x), sheet.labels(form.y)
    cells = _cells(form, sheet)
    widest, widest_note = max(width(cell[3], 11) for cell in cells), max(width(cell[4], 10) for cell in cells)

    def fit(room: int) -> Option:
        cell = (room - min(max(map(width, down)), room * 0.3)) / len(across) - 6
        said = widest <= cell
        return {
            "grid": {"bottom": 4 if said else 34},
            "series": [{"label": {"show": said, "formatter": "{@brief}\n{note|{@note}}" if 0 < widest_note <= cell else "{@brief}"}}],
            "visualMap": [{"show": not said}],
            "yAxis": {"data": [cut(label, room * 0.3) for label in down]},
        }

    return {
        **sheet.layout(sheet.reader.say(N_("{rows} ↓   {columns} →"), rows=sheet.title(form.y), columns=sheet.title(form.x)), (), fit),
        "tooltip": sheet.tooltip("item"),
        "xAxis": QUIET | sheet.category_axis(across, position="top"),
        "yAxis": QUIET | sheet.category_axis(down, inverse=True),
        "visualMap": [_scale(form, sheet, [cell[2] for cell in cells])],
        "series": [_series(form, sheet, cells)],
    }


def _cells(form: Grid, sheet: Sheet) -> list[list[Any]]:
    """For every measured pair: column, row, value; the two lines in the cell; and the four words of its tooltip."""
    across, down = sheet.keys(form.x), sheet.keys(form.y)
    return [
        [
            across[row[form.x]],
            down[row[form.y]],
            value,
            _short(sheet, row, form.value),
            note,
            sheet.shown(row, form.y),
            sheet.shown(row, form.x),
            sheet.shown(row, form.value),
        ]
        for row in sheet.rows
        for note in [_short(sheet, row, form.note) if form.note else ""]
        if (value := sheet.number(row, form.value)) is not None
    ]


def _short(sheet: Sheet, row: Row, name: str) -> str:
    """A value as it fits into a cell: proportions without decimals."""
    value = sheet.number(row, name)
    return sheet.reader.percent(value, 0) if value is not None and sheet.columns[name].unit in ("share", "rate") else sheet.brief(row, name)


def _series(form: Grid, sheet: Sheet, cells: list[list[Any]]) -> Option:
    titles = {"brief": form.value, "note": form.note or form.value, "rows": form.y, "columns": form.x, "shown": form.value}
    words = [{"name": name, "type": "ordinal", "displayName": sheet.title(column)} for name, column in titles.items()]
    return {
        "type": "heatmap",
        "dimensions": ["across", "down", "value", *words],
        "encode": {"x": "across", "y": "down", "value": "value", "tooltip": ["rows", "columns", "shown", *(["note"] if form.note else [])]},
        "data": cells,
        "label": {
            "show": True,
            "color": sheet.theme.cell_text,
            "fontSize": 11,
            "lineHeight": 14,
            "formatter": "{@brief}",
            "rich": {"note": {"fontSize": 10, "lineHeight": 13, "color": sheet.theme.cell_text}},
        },
        "itemStyle": {"borderColor": sheet.theme.surface, "borderWidth": 2, "borderRadius": 4},
        "emphasis": {"itemStyle": {"borderColor": sheet.theme.text, "borderWidth": 1}},
    }


def _scale(form: Grid, sheet: Sheet, values: list[float]) -> Option:
    """From value to colour: from zero, or from the least value if that is below zero, to the greatest."""
    low, high = min(0.0, *values), max(values)
    ends = [_short(sheet, {form.value: value}, form.value) if value else "0" for value in (low, high)]
    return {
        "type": "continuous",
        "dimension": 2,
        "min": low,
        "max": high if high > low else low + 1,
        "text": ends[::-1],
        "inRange": {"color": list(sheet.theme.ramp)},
        "orient": "horizontal",
        "left": "center",
        "bottom": 0,
        "itemWidth": 10,
        "itemHeight": 110,
        "textStyle": sheet.text(),
    }
