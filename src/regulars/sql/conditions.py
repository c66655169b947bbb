"""Conditions that come from outside: a filter that somebody typed, a right that somebody was given.

Such a text is parsed under the same rules as an analysis, may hold neither a SELECT nor an aggregate, and is written anew
from its tree. What goes on is that writing; the text itself never becomes part of a statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlglot import exp

from regulars.errors import did_you_mean, error
from regulars.sql.grammar import DUCKDB, line_of, parse_condition, refused, shown
from regulars.sql.macros import MACROS

_CALLS: Final = frozenset(MACROS)
_OVER_ROWS: Final = frozenset({"avg", "percentile"})
_VALUES: Final = (str, bool, int, float, Decimal, date)

Tables = Mapping[str, Mapping[str, str]]


def placed(text: str, tables: Tables, values: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Table → what the text asks of it, every column written under its table.

    The parts of the text that AND joins are each about one table: the first in ``tables`` that has all the columns named.
    ``values`` are for the ``:name`` of the text; they are written as literals.

    Raises:
        RegularsError: ``sql_syntax``, ``sql_not_allowed``, ``sql_no_such_column``, ``sql_parameter``.
    """
    condition = parse_condition(text, _CALLS).copy()
    for node in condition.walk():
        if isinstance(node, (exp.Query, exp.AggFunc, exp.Window, exp.Star)) or (isinstance(node, exp.Anonymous) and node.name.lower() in _OVER_ROWS):
            raise refused(f"{shown(node)} in a condition", "comparisons of one row's columns with values, joined by AND, OR, NOT")
    _fill(condition, values or {})
    found: dict[str, list[exp.Expr]] = {}
    for part in _parts(condition):
        table = _table_of(part, tables)
        for column in part.find_all(exp.Column):
            column.set("table", exp.to_identifier(table))
        found.setdefault(table, []).append(part)
    return {table: exp.and_(*parts).sql(DUCKDB, comments=False) for table, parts in found.items()}


def reworded(condition: str, columns: Mapping[str, str], types: Mapping[str, str]) -> str:
    """A placed condition with its columns read elsewhere: column → where it stands now; one that stands nowhere is null of its type."""
    tree = exp.Where(this=parse_condition(condition, _CALLS).copy())
    for column in list(tree.find_all(exp.Column)):
        name = column.name
        column.replace(exp.maybe_parse(columns[name] if name in columns else f"cast(null as {types[name]})", dialect=DUCKDB))
    return str(tree.this.sql(DUCKDB, comments=False))


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """What AND joins, however it is bracketed."""
    inner = condition.unnest()
    if isinstance(inner, exp.And):
        yield from _parts(inner.left)
        yield from _parts(inner.right)
    else:
        yield inner


def _table_of(part: exp.Expr, tables: Tables) -> str:
    """The table that a part of a condition is about."""
    columns = list(part.find_all(exp.Column))
    for column in columns:
        holders = [table for table, known in tables.items() if column.name in known and column.table in ("", table)]
        if column.table and column.table not in tables:
            raise error("sql_no_such_table", table=column.table, near=did_you_mean(column.table, tables))
        if not holders:
            near = did_you_mean(column.name, {name for known in tables.values() for name in known})
            raise error("sql_no_such_column", column=column.name, table=column.table or ", ".join(tables), line=line_of(column), near=near)
    for table, known in tables.items():
        if all(column.name in known and column.table in ("", table) for column in columns):
            return table
    raise refused(f"columns of several tables at once: {shown(part)}", "conditions that are each about one table, joined by AND")


def _fill(condition: exp.Expr, values: Mapping[str, Any]) -> None:
    """Write the values of ``:name`` as literals."""
    for mark in list(condition.find_all(exp.Placeholder)):
        if mark.name not in values or not isinstance(values[mark.name], _VALUES):
            raise error("sql_parameter", what=f"no single value for :{mark.name}")
        if mark is condition or (isinstance(mark.parent, exp.In) and mark.arg_key == "field"):
            raise error("sql_parameter", what=f":{mark.name} stands where a single value cannot")
        mark.replace(exp.convert(values[mark.name]))
