"""Tables and columns: every name is resolved against the schema before anything runs, and blamed by place if it is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, ScopeType, traverse_scope
from sqlglot.schema import MappingSchema

from regulars.errors import RegularsError, did_you_mean, error
from regulars.sql.grammar import DUCKDB, line_of, refused, shown

Schema = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Tables as a value that can be a key: (table, ((column, SQL type), …)), …"""

Tables = Mapping[str, tuple[tuple[str, str], ...]]

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
    tables = dict(schema)
    try:
        tree = qualify(tree, dialect=DUCKDB, schema=_mapping(schema), validate_qualify_columns=False, identify=False)
    except OptimizeError as cause:
        raise next(_misplaced(tree, tables), refused(str(cause), "columns of the tables read")) from None
    for fault in (*_misplaced(tree, tables), *_unplaced(tree, tables)):
        raise fault
    return tree


def _misplaced(tree: exp.Expr, tables: Tables) -> Iterator[RegularsError]:
    """Columns written under a table that is not there or does not have them, and columns of USING that one side lacks."""
    for scope in traverse_scope(tree):
        known = {name: _columns(source, tables) for name, source in _visible(scope).items()}
        here = {name: known[name] for name in scope.selected_sources}
        for identifier in (i for join in scope.expression.args.get("joins") or () for i in join.args.get("using") or ()):
            if sum(identifier.name in columns for columns in here.values()) < 2:
                yield _missing(identifier, here)
        for column in (c for c in (*scope.columns, *scope.stars) if isinstance(c, exp.Column) and c.table):
            if column.table not in known:
                yield error("sql_no_such_table", table=column.table, near=did_you_mean(column.table, here))
            elif not column.is_star and column.name not in known[column.table]:
                yield _missing(column.this, {column.table: known[column.table]})


def _unplaced(tree: exp.Expr, tables: Tables) -> Iterator[RegularsError]:
    """Columns that were found under no table, or under several."""
    for row in tree.find_all(exp.TableColumn):
        yield refused(f"a whole row as a value: {shown(row)}", "columns of the tables read")
    for union in tree.find_all(exp.Union):
        if len(union.left.selects) != len(union.right.selects):
            yield refused(f"a UNION ALL of {len(union.left.selects)} with {len(union.right.selects)} columns", "SELECTs with as many columns")
    for scope in traverse_scope(tree):
        here = {name: _columns(source, tables) for name, source in scope.sources.items() if name in scope.selected_sources}
        for column in scope.unqualified_columns if isinstance(scope.expression, exp.Select) else ():
            holders = [name for name, columns in here.items() if column.name in columns]
            if len(holders) > 1:
                yield refused(f"{shown(column)} without its table", ", ".join(f"{name}.{column.name}" for name in holders))
            else:
                yield _missing(column.this, here)


def _missing(identifier: exp.Expr, sources: Mapping[str, list[str]]) -> RegularsError:
    near = did_you_mean(identifier.name, {name for columns in sources.values() for name in columns})
    return error("sql_no_such_column", column=identifier.name, table=", ".join(sources) or "-", line=line_of(identifier), near=near)


def _visible(scope: Scope) -> dict[str, exp.Expr | Scope]:
    """What a SELECT can name: its own sources and, in a subquery, those of the SELECTs around it."""
    around = _visible(scope.parent) if scope.parent and scope.scope_type in (ScopeType.SUBQUERY, ScopeType.SET_OPERATION) else {}
    return {**around, **scope.sources}


def _columns(source: exp.Expr | Scope, tables: Tables) -> list[str]:
    """What a source of a SELECT offers."""
    if isinstance(source, Scope):
        inner = source.expression
        return inner.named_selects if isinstance(inner, exp.Query) else inner.alias_column_names
    return [name for name, _ in tables.get(source.name, ())]


def lineage_of(tree: exp.Query) -> dict[str, tuple[str, ...]]:
    """Output column → what it is computed from, of a qualified tree: ``table.column``, ``table.*`` where rows are counted, ``:parameter``."""
    scopes = {id(scope.expression): scope for scope in traverse_scope(tree)}
    origins: dict[int, list[set[str]]] = {}
    for key, scope in scopes.items():
        origins[key] = _origins(scope, scopes, origins)
    return {name: tuple(sorted(found)) for name, found in zip(tree.named_selects, origins[id(tree)], strict=True)}


def _origins(scope: Scope, scopes: Mapping[int, Scope], before: Mapping[int, list[set[str]]]) -> list[set[str]]:
    """The base columns behind each output of one scope, those of the scopes inside it being known."""
    tree = scope.expression
    if isinstance(tree, exp.Union):
        return [left | right for left, right in zip(before[id(tree.left.unnest())], before[id(tree.right.unnest())], strict=True)]
    if not isinstance(tree, exp.Select):
        return [set() for _ in tree.alias_column_names]
    found = []
    for output in tree.selects:
        origin: set[str] = set()
        origin |= {f":{mark.name}" for mark in output.find_all(exp.Placeholder)}
        for count in output.find_all(exp.Count):
            if isinstance(count.this, exp.Star):
                origin |= {f"{table}.*" for table in _tables_under(scopes[id(count.find_ancestor(exp.Select))])}
        for column in output.find_all(exp.Column):
            source = _visible(scopes[id(column.find_ancestor(exp.Select))]).get(column.table)
            if isinstance(source, Scope):
                names = _columns(source, {})
                origin |= before[id(source.expression)][names.index(column.name)]
            elif source is not None:
                origin.add(f"{source.name}.{column.name}")
        found.append(origin)
    return found


def _tables_under(scope: Scope) -> set[str]:
    """The base tables whose rows a SELECT goes through."""
    sources = [source for _, source in scope.selected_sources.values()]
    branches = list(scope.set_operation_scopes) or [source for source in sources if isinstance(source, Scope)]
    return {source.name for source in sources if isinstance(source, exp.Table)}.union(*map(_tables_under, branches))
