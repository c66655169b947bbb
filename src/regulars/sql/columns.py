"""Tables and columns: every name is resolved against the schema before anything runs, and blamed by place if it is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.schema import MappingSchema

from regulars.errors import RegularsError, did_you_mean, error
from regulars.sql.grammar import DUCKDB, line_of, refused, shown

Schema = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Tables as a value that can be a key: (table, ((column, SQL type), …)), …"""

Tree = TypeVar("Tree", bound=exp.Expr)


def frozen(tables: Mapping[str, Mapping[str, str]]) -> Schema:
    """The tables as a value that can be a key."""
    return tuple((name, tuple(columns.items())) for name, columns in tables.items())


@lru_cache(64)
def _mapping(schema: Schema) -> MappingSchema:
    return MappingSchema({name: dict(columns) for name, columns in schema}, dialect=DUCKDB)


def base_tables(tree: exp.Expr, schema: Schema) -> list[exp.Table]:
    """The base-table sources of every scope of the tree.

    A CTE may not be named like a table and is read only below the place where it stands, so a name says at once which it is:
    nothing that reads a table can be overlooked, whatever alias, join, EXISTS, IN or UNION it stands in.
    """
    tables = dict(schema)
    ctes = [cte.alias for cte in tree.ctes] if isinstance(tree, exp.Query) else []
    for name in ctes:
        if name in tables:
            raise refused(f"a CTE named like the table {name}", "a name of its own for every CTE")
    found = []
    for table in tree.find_all(exp.Table):
        owner = table.find_ancestor(exp.CTE)
        if table.name in tables:
            found.append(table)
        elif table.name not in (ctes[: ctes.index(owner.alias)] if owner else ctes):
            raise error("sql_no_such_table", table=table.name, near=did_you_mean(table.name, [*tables, *ctes]))
    return found


def qualified(tree: Tree, schema: Schema) -> Tree:
    """The tree with every column under its table and every star spelled out. The tree given is used up."""
    try:
        tree = qualify(tree, dialect=DUCKDB, schema=_mapping(schema), validate_qualify_columns=False, identify=False)
    except OptimizeError as cause:
        raise next(_faults(tree, dict(schema)), refused(str(cause), "columns of the tables read")) from None
    for fault in _faults(tree, dict(schema)):
        raise fault
    return tree


def _faults(tree: exp.Expr, tables: Mapping[str, tuple[tuple[str, str], ...]]) -> Iterator[RegularsError]:
    """One error for every column that stands for nothing, or for two things."""
    for scope in traverse_scope(tree):
        known = {name: _columns(source, tables) for name, source in scope.sources.items()}
        here = {name: known[name] for name in scope.selected_sources}
        for identifier in (i for join in scope.expression.args.get("joins") or () for i in join.args.get("using") or ()):
            if sum(identifier.name in columns for columns in here.values()) < 2:  # noqa: PLR2004 - both sides of the join
                yield _missing(identifier, here)
        if not isinstance(scope.expression, exp.Select):
            continue
        for node in scope.expression.find_all(exp.TableColumn):
            yield refused(f"a whole row as a value: {shown(node)}", "columns of the tables read")
        for column in scope.columns:
            if column.table:
                if column.table not in known:
                    yield error("sql_no_such_table", table=column.table, near=did_you_mean(column.table, here))
                elif column.name not in known[column.table] and not column.is_star:
                    yield _missing(column.this, {column.table: known[column.table]})
            elif not (holders := [name for name, columns in here.items() if column.name in columns]):
                if column.name not in scope.expression.named_selects or column in scope.unqualified_columns:
                    yield _missing(column.this, here)
            elif len(holders) > 1:
                yield refused(f"{shown(column)} without its table, which is in {', '.join(holders)}", ", ".join(f"{name}.{column.name}" for name in holders))


def _missing(identifier: exp.Expr, sources: Mapping[str, list[str]]) -> RegularsError:
    near = did_you_mean(identifier.name, {name for columns in sources.values() for name in columns})
    return error("sql_no_such_column", column=identifier.name, table=", ".join(sources) or "-", line=line_of(identifier), near=near)


def _columns(source: exp.Expr | Scope, tables: Mapping[str, tuple[tuple[str, str], ...]]) -> list[str]:
    """What a source of a SELECT offers."""
    if isinstance(source, Scope):
        inner = source.expression
        return inner.named_selects if isinstance(inner, exp.Query) else inner.alias_column_names
    return [name for name, _ in tables.get(source.name, ())]


def lineage_of(tree: exp.Query, schema: Schema) -> dict[str, tuple[str, ...]]:
    """Output column → the ``table.column`` of every base column it is computed from, of a qualified tree."""
    found: dict[int, dict[str, set[str]]] = {}
    for scope in traverse_scope(tree):
        found[id(scope)] = _origins(scope, found)
    last = found[id(scope)]
    return {name: tuple(sorted(last[name])) for name in tree.named_selects}


def _origins(scope: Scope, found: Mapping[int, Mapping[str, set[str]]]) -> dict[str, set[str]]:
    """Output column → base columns of one scope, those before it being known."""
    if scope.union_scopes:
        first, *others = (list(found[id(part)].values()) for part in scope.union_scopes)
        return {name: set().union(*columns) for name, *columns in zip(scope.expression.named_selects, first, *others, strict=True)}
    origins: dict[str, set[str]] = {}
    if not isinstance(scope.expression, exp.Select):
        return {name: set() for name in scope.expression.alias_column_names}
    for output in scope.expression.selects:
        columns = origins.setdefault(output.alias_or_name, set())
        for column in output.find_all(exp.Column):
            source: exp.Expr | Scope | None = scope.sources.get(column.table)
            if isinstance(source, Scope):
                columns |= found[id(source)].get(column.name, set())
            elif source is not None:
                columns.add(f"{source.name}.{column.name}")
    return origins
