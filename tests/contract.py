"""What is asked of every analysis: each choice and a few parameters more; and how a cell is recomputed from the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import regulars as rg
from regulars.analysis import Analysis
from regulars.lineage import lineage
from regulars.schema import ABOUT_LOADING
from regulars.units import Column

OTHERS: dict[str, list[dict[str, Any]]] = {
    "cpm": [{"money": Decimal("900.50"), "loyal_money": 2000, "preset": "article"}, {"tenure_days": (30, 60), "lapse_days": 45}],
    "kpis": [{"by": ("store",)}, {"by": ("category", "cpm_group"), "basis": "cash"}, {"by": ("rfm_segment",)}, {"by": ("decile",), "grain": "week"}],
    "rfm": [{"breaks": ((20, 60, 120, 240), (2, 3, 5, 8), (100, 400, 900, 2000))}, {"bins": 3, "preset": "eight", "split": "median"}],
}
"""Parameters worth a run that no bound or choice leads to."""


def schema(analysis: type[Analysis]) -> dict[str, Mapping[str, Any]]:
    return dict(analysis.model_json_schema()["properties"])


def parts(of: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A parameter's schema and what it may be instead."""
    return [of, *of.get("anyOf", ())]


def variants(analysis: type[Analysis]) -> Iterator[dict[str, Any]]:
    """The defaults, every choice, and the parameters above."""
    yield {}
    for name, of in schema(analysis).items():
        yield from ({name: value} for part in parts(of) for value in part.get("enum", ()) if value != of.get("default"))
    yield from OTHERS.get(analysis.key, ())


each_analysis = pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
ASKED = [(analysis, given) for analysis in rg.ANALYSES for given in variants(analysis)]
each_question = pytest.mark.parametrize(("analysis", "given"), ASKED, ids=[f"{a.key}-{','.join(g) or 'defaults'}-{i}" for i, (a, g) in enumerate(ASKED)])


def tells_of_deliveries(analysis: type[Analysis]) -> bool:
    """Whether an analysis is about the deliveries themselves: they are judged whole, whatever the day asked for."""
    return any(column.partition(".")[0] in ABOUT_LOADING for columns in lineage(analysis())["table"].values() for column in columns)


def agree(cell: Any, again: Any) -> bool:
    """Equal; as doubles within rounding; a sum of nothing is nought or null."""
    if cell is None or again is None:
        return not cell and not again
    return bool(cell == again) or (isinstance(cell, float) and cell == pytest.approx(float(again), rel=1e-9, abs=1e-9))


def recomputed(name: str, column: Column, line: Mapping[str, Any], rows: pa.Table | None, whole: pa.Table) -> Any:
    """A cell anew, as its declaration says it follows from the rows, the line or the whole answer."""
    of = column.adds.of
    match column.adds.how:
        case "count" if rows is not None:
            return rows.num_rows
        case "sum" if rows is not None:
            return sum(value for value in rows[of[0]].to_pylist() if value is not None)
        case "distinct" if rows is not None:
            return len({*rows[of[0]].to_pylist()} - {None})
        case "ratio":
            over, under = (line[part] for part in of)
            return None if over is None or not under else float(over) / float(under)
        case "part":
            total = sum(value for value in whole[of[0]].to_pylist() if value is not None)
            return None if line[of[0]] is None or not total else float(line[of[0]]) / float(total)
    return line[name]


def check_adds(result: Any, table: pa.Table, declared: Mapping[str, Column]) -> None:
    """Recompute a dozen lines spread over an answer, the last ones included."""
    keys = [name for name, column in declared.items() if column.adds.how == "key"]
    from_rows = any(column.adds.how in {"count", "sum", "distinct"} for column in declared.values()) and not {*keys} - result.analysis.row_columns.keys()
    for line in table.to_pylist()[:: -max(1, table.num_rows // 12)]:
        rows = result.rows(**{key: line[key] for key in keys}).to_arrow() if from_rows else None
        for name, column in declared.items():
            again = recomputed(name, column, line, rows, table)
            assert agree(line[name], again), f"{name} = {line[name]}, recomputed {again}, in {line}"
