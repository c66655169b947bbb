"""The texts of an analysis: as it is written, and as any engine would get it. Nothing runs, and no engine is needed."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final

from regulars import sql
from regulars.analysis import Analysis
from regulars.errors import did_you_mean, error
from regulars.views import SCHEMA, of_book

_KIND: Final = "VARCHAR"
"""Of which type the columns of ``rows`` are makes no difference to a text."""


def as_written(analysis: Analysis) -> dict[str, str]:
    """``table``, ``summary`` and each detail in the analysis' own dialect, with ``:name`` for parameters."""
    return {name: inspect.cleandoc(text) for name, text in analysis.texts.items()}


def for_engine(analysis: Analysis, engine: str) -> dict[str, str]:
    """The same texts in the dialect of an engine: checked, every name resolved, of one book.

    Raises:
        RegularsError: ``value_wrong`` for an engine there is not.
    """
    if engine not in sql.DIALECTS:
        raise error("value_wrong", name="engine", value=engine, allowed=did_you_mean(engine, sql.DIALECTS))
    labels = {"customer_id": _KIND} | dict.fromkeys(analysis.labels, _KIND)
    tables: dict[str, Mapping[str, str]] = {**SCHEMA, "labels": labels}
    parameters = analysis.parameters | dict.fromkeys(("data_from", "data_to", "_book"))
    found = {}
    for name, text in as_written(analysis).items():
        prepared = sql.prepare(text, tables=tables, parameters=parameters, filters=of_book(tables), dialect=engine)
        found[name] = prepared.sql
        if name == "table":
            tables["rows"] = dict.fromkeys(prepared.columns, _KIND)
    return found
