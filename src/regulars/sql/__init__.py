"""The SQL pipeline: one analysis text in, one engine's text out. Pure: it opens no file and knows no engine.

    parse, refusing what is not in the dialect (grammar) → lists of columns (lists) → every name resolved (columns)
    → scores (scores) → filters and physical names at the base tables → macros (macros) → lists of values → the engine's text

Each step takes a tree and gives or changes a tree; the whole takes milliseconds and is remembered by its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlglot import exp

from regulars.errors import error
from regulars.sql.columns import Schema, base_tables, frozen, lineage_of, qualified
from regulars.sql.grammar import FUNCTIONS, TYPES, parse, parse_condition, refused
from regulars.sql.lint import lint
from regulars.sql.lists import each_calls, expand_each, expand_values, list_name
from regulars.sql.macros import MACROS, expand_macros
from regulars.sql.scores import bins_name, expand_scores, score_calls, whole_bins

__all__ = ["DIALECTS", "FUNCTIONS", "MACROS", "TYPES", "Prepared", "lineage", "lint", "prepare"]

DIALECTS: Final = ("duckdb", "postgres", "spark")
_CALLS: Final = frozenset(MACROS)
_BECOMES_A_COLUMN: Final = {(exp.If, "true"), (exp.Case, "default"), (exp.Alias, "this"), (exp.Select, "expressions"), (exp.Tuple, "expressions")}
"""Where a text stands that somebody may sort by."""
_NOTHING: Final[Mapping[str, Any]] = {}

Pairs = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready for one engine.

    ``parameters`` holds a value for every placeholder of ``sql`` and nothing else. For PostgreSQL a literal ``%`` is doubled,
    so its driver must always be given the parameters, even when there are none. ``tables`` are the base tables read, by
    the names of the analysis; ``columns`` the output columns in order.
    """

    sql: str
    parameters: dict[str, Any]
    tables: frozenset[str]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Request:
    """All that an engine's text depends on: the arguments of ``prepare`` without the values that are only bound."""

    text: str
    schema: Schema
    shape: Pairs
    lengths: Pairs
    filters: Pairs
    sources: Pairs
    dialect: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What does not depend on the values of the parameters. ``binds``: placeholder → parameter and place in its list."""

    sql: str
    tables: frozenset[str]
    columns: tuple[str, ...]
    binds: tuple[tuple[str, str, int | None], ...]


def prepare(
    text: str,
    *,
    tables: Mapping[str, Mapping[str, str]],
    parameters: Mapping[str, Any] = _NOTHING,
    filters: Mapping[str, str] = _NOTHING,
    sources: Mapping[str, str] = _NOTHING,
    dialect: str = "duckdb",
) -> Prepared:
    """Check an analysis text against the schema and write it for an engine.

    Args:
        text: one SELECT of the analysis dialect, its parameters written ``:name``.
        tables: table → {column: SQL type}; nothing else can be read.
        parameters: values by name; a tuple or list is for ``each(:name)`` or ``in :name``. Those that the text does not
            use are left aside, so that an analysis can hand over all its fields.
        filters: table → condition over its columns; the table is read only through it, wherever it stands. The
            tables inside a condition are read whole.
        sources: table → the name under which the engine keeps it, where that differs.
        dialect: one of ``DIALECTS``.

    Raises:
        RegularsError: ``sql_syntax``, ``sql_not_allowed``, ``sql_no_such_table``, ``sql_no_such_column``, ``sql_parameter``.
    """
    lists, bins = _shaping(text)
    shape = (*((n, _columns(n, parameters)) for n in lists), *((n, whole_bins(n, parameters.get(n))) for n in bins))
    lengths = tuple((n, len(v)) for n, v in parameters.items() if isinstance(v, (tuple, list)) and n not in lists)
    plan = _plan(_Request(text, frozen(tables), shape, lengths, tuple(filters.items()), tuple(sources.items()), dialect))
    missing = sorted({name for _, name, _ in plan.binds} - parameters.keys())
    if missing:
        raise error("sql_parameter", what=f"no value for {', '.join(':' + name for name in missing)}")
    values = {mark: parameters[name] if i is None else parameters[name][i] for mark, name, i in plan.binds}
    return Prepared(plan.sql, values, plan.tables, plan.columns)


def lineage(text: str, tables: Mapping[str, Mapping[str, str]], parameters: Mapping[str, Any] = _NOTHING) -> dict[str, tuple[str, ...]]:
    """Output column → the base columns it is computed from, ``table.column``; lists not given in ``parameters`` are empty."""
    tree = parse(text, _CALLS).copy()
    schema = frozen(tables)
    expand_each(tree, {name: parameters.get(name, ()) for name in _shaping(text)[0]})
    base_tables(tree, schema)
    return lineage_of(qualified(tree, schema))


def named(text: str) -> frozenset[str]:
    """The parameters that a text names."""
    return frozenset(mark.name for mark in parse(text, _CALLS).find_all(exp.Placeholder, exp.Parameter))


@lru_cache(512)
def _shaping(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parameters on whose values the engine's text depends: lists of columns, and into how many scores."""
    tree = parse(text, _CALLS)
    return tuple(sorted({list_name(call) for call in each_calls(tree)})), tuple(sorted({name for call in score_calls(tree) if (name := bins_name(call))}))


def _columns(name: str, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """The value of a list of columns."""
    value = parameters.get(name)
    if not isinstance(value, (tuple, list)) or not all(isinstance(v, str) and v.isidentifier() for v in value):
        raise error("sql_parameter", what=f"{name} must be a list of column names")
    return tuple(value)


@lru_cache(512)
def _plan(request: _Request) -> _Plan:
    """The whole pipeline, but for the values of the parameters."""
    if request.dialect not in DIALECTS:
        raise ValueError(f"dialect {request.dialect!r}, not one of {DIALECTS}")
    schema, shape, lengths = request.schema, dict(request.shape), dict(request.lengths)
    tree = parse(request.text, _CALLS).copy()
    expand_each(tree, shape)
    read = frozenset(table.name for table in base_tables(tree, schema))
    tree = qualified(tree, schema)
    columns = _output(tree)
    expand_scores(tree, shape, [*dict(schema), *(cte.alias for cte in tree.ctes)])
    for table in base_tables(tree, schema):
        _filter(table, dict(request.filters), schema)
    for table in base_tables(tree, schema):
        _rename(table, dict(request.sources))
    expand_macros(tree, request.dialect)
    _tidy(tree)
    binds = _binds(sorted({mark.name for mark in tree.find_all(exp.Placeholder)}), lengths)
    expand_values(tree, lengths)
    return _Plan(_written(tree, request.dialect), read, columns, binds)


def _output(tree: exp.Query) -> tuple[str, ...]:
    """The names of the columns that the text gives."""
    names = tuple(tree.named_selects)
    for twice in (name for name in names if names.count(name) > 1):
        raise refused(f"two columns named {twice}", "a name of its own for every column")
    return names


def _binds(names: list[str], lengths: Mapping[str, int]) -> tuple[tuple[str, str, int | None], ...]:
    """Placeholder → parameter and place in its list, for all that the text names."""
    single = [(name, name, None) for name in names if name not in lengths]
    spelled = [(f"{name}_{i}", name, i) for name in names if name in lengths for i in range(lengths[name])]
    twice = {mark for mark, _, _ in single} & {mark for mark, _, _ in spelled}
    if twice:
        raise error("sql_parameter", what=f"{min(twice)} is also the name of a place in a list")
    return (*single, *spelled)


def _filter(table: exp.Table, filters: Mapping[str, str], schema: Schema) -> None:
    """Let a base table be read only through its filter."""
    if table.name not in filters:
        return
    alias = table.alias_or_name
    condition = parse_condition(filters[table.name], _CALLS).copy()
    probe = exp.select(exp.Literal.number(1)).from_(exp.to_table(table.name)).where(condition, copy=False)
    base_tables(probe, schema)
    where = qualified(probe, schema).args["where"]
    inner = exp.select("*").from_(exp.to_table(table.name))
    inner.set("where", where)
    table.replace(inner.subquery(alias, copy=False))


def _rename(table: exp.Table, sources: Mapping[str, str]) -> None:
    """Read a base table under the engine's name for it."""
    physical = sources.get(table.name)
    if physical:
        table.replace(exp.alias_(exp.Table(this=exp.to_identifier(physical)), table.alias_or_name, table=True))


def _tidy(tree: exp.Expr) -> None:
    """Take away what the steps left behind: ``customers AS customers``, ``c.city AS city``, names inside EXISTS, casts of casts."""
    for cast in tree.find_all(exp.Cast):
        if isinstance(cast.this, exp.Cast) and cast.this.to == cast.to:
            cast.set("this", cast.this.this)
    for table in tree.find_all(exp.Table):
        if table.alias == table.name:
            table.set("alias", None)
    for alias in list(tree.find_all(exp.Alias)):
        select = alias.parent
        unread = isinstance(select, exp.Select) and isinstance(select.parent, exp.Exists)
        if unread or (isinstance(alias.this, exp.Column) and alias.this.name == alias.alias):
            alias.replace(alias.this)


def _written(tree: exp.Expr, dialect: str) -> str:
    """The engine's text. A driver of PostgreSQL reads ``%`` as the beginning of a parameter, so a literal one is doubled."""
    for node in list(tree.find_all(exp.Floor, exp.Ceil)):
        if not isinstance(node.parent, exp.Cast):
            node.replace(exp.cast(node.copy(), "double"))  # Spark's are whole numbers, DuckDB's of the type they were made from
    if dialect != "duckdb":
        for like in tree.find_all(exp.Like):
            like.set("expression", _unescaped(like.expression))
    if dialect == "postgres":
        _collate(tree)
        for literal in tree.find_all(exp.Literal, exp.Identifier):
            if isinstance(literal.this, str) and "%" in literal.this:
                literal.set("this", literal.this.replace("%", "%%"))
        for mod in list(tree.find_all(exp.Mod)):
            mod.replace(exp.Anonymous(this="mod", expressions=[mod.left.unnest(), mod.right.unnest()]))
    return tree.sql(dialect, pretty=True, comments=False)


def _unescaped(pattern: exp.Expr) -> exp.Expr:
    """A pattern of LIKE in which a backslash is a letter like others, as DuckDB has it."""
    if isinstance(pattern, exp.Literal):
        return exp.Literal.string(pattern.this.replace("\\", "\\\\"))
    return exp.Anonymous(this="replace", expressions=[pattern, exp.Literal.string("\\"), exp.Literal.string("\\\\")])


def _collate(tree: exp.Expr) -> None:
    """Let texts that become a column be compared letter by letter, as stored ones are, and not as the server's language sorts them."""
    for call in list(tree.find_all(exp.Lower, exp.Upper)):
        call.set("this", _by(call.this, "und-x-icu"))  # letter by letter only a to z have capitals
        call.replace(_by(call, "C"))
    for cast in list(tree.find_all(exp.Cast)):
        if cast.to.this.name in {"TEXT", "VARCHAR"}:
            cast.replace(_by(cast, "C"))
    for literal in list(tree.find_all(exp.Literal)):
        if literal.is_string and (type(literal.parent), literal.arg_key) in _BECOMES_A_COLUMN:
            literal.replace(_by(literal, "C"))


def _by(text: exp.Expr, collation: str) -> exp.Collate:
    operand = exp.paren(text) if isinstance(text, exp.Binary) else text.copy()
    return exp.Collate(this=operand, expression=exp.to_identifier(collation, quoted=True))
