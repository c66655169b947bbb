"""Where every column comes from: an analysis' outputs traced through its rows down to the columns of the canonical tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from regulars import sql
from regulars.analyses import ANALYSES
from regulars.analysis import Analysis
from regulars.views import SCHEMA

Origins = Mapping[str, tuple[str, ...]]
"""Column → what it is computed from: ``table.column``, ``table.*`` where rows are counted, ``:parameter``; nothing where it is a constant."""

_KIND: Final = "VARCHAR"
"""Of which type the columns of ``rows`` are makes no difference here."""


@lru_cache(64)
def lineage(analysis: Analysis) -> Mapping[str, Origins]:
    """``table``, ``summary`` and each detail → its columns with their origins."""
    known = {f"labels.{a.label.dimension}": a for a in ANALYSES if a.label and a.label.dimension in analysis.labels}
    below = {place: lineage(a())["table"][a.label.column] for place, a in known.items() if a.label}
    labels = {"customer_id": _KIND} | {place.partition(".")[2]: _KIND for place in known}
    tables = {**SCHEMA, "labels": labels}
    below["labels.customer_id"] = ("customers.customer_id",)
    parameters = analysis.parameters
    rows = _traced(sql.lineage(analysis.table, tables, parameters), below)
    below |= {f"rows.{name}": origins for name, origins in rows.items()}
    below["rows.*"] = tuple(sorted({f"{origin.partition('.')[0]}.*" for origins in rows.values() for origin in origins if "." in origin}))
    tables["rows"] = dict.fromkeys(rows, _KIND)
    found = {"table": rows, "summary": _traced(sql.lineage(analysis.summary, tables, parameters), below)}
    for name, detail in analysis.details.items():
        origins = _traced(sql.lineage(detail.sql, tables, parameters), below)
        found[name] = origins if detail.fit is None else dict.fromkeys(detail.gives, _together(origins.values()))
    return found


def _traced(origins: Origins, below: Origins) -> Origins:
    """The origins with everything that is itself derived replaced by what it is derived from."""
    return {name: _together(below.get(origin, (origin,)) for origin in found) for name, found in origins.items()}


def _together(many: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({origin for origins in many for origin in origins}))
