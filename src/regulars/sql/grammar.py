"""The analysis dialect: which statements, clauses and functions of DuckDB's SQL an analysis may use.

It is an allow-list. What is not named here is refused, so a new version of the parser can only refuse more, never let more
through. The three engines answer alike on all of it; where they do not, ``macros.py`` has a call of our own instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from textwrap import shorten
from typing import Any, ClassVar, Final

from sqlglot import Token, TokenType, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.parsers.duckdb import DuckDBParser

from regulars.errors import RegularsError, error

FUNCTIONS: Final = frozenset(
    {
        # over rows of a group
        "sum", "count", "min", "max",
        # over rows of a window
        "row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value",
        # of values
        "abs", "sqrt", "floor", "ceil", "coalesce", "nullif", "greatest", "least", "lower", "upper", "length", "concat",
    }
)  # fmt: skip
"""Functions that every engine computes alike, called by their own names. ``cast`` and ``case`` are syntax; calls whose
answer differs by engine (``avg``, ``round``, everything about dates) are macros under the same or a house name."""

TYPES: Final = frozenset({"INT", "BIGINT", "DOUBLE", "DECIMAL", "VARCHAR", "TEXT", "DATE", "TIMESTAMP", "BOOLEAN"})
"""What may be cast to."""

DUCKDB: Final = DuckDB()

_ONE: Final = (
    *(exp.From, exp.Where, exp.Having, exp.Paren, exp.Neg, exp.Not, exp.Exists, exp.Boolean, exp.Placeholder, exp.DataTypeParam),
    *(exp.Sum, exp.Min, exp.Max, exp.FirstValue, exp.LastValue, exp.Abs, exp.Sqrt, exp.Floor, exp.Ceil, exp.Lower, exp.Upper, exp.Length),
)
_TWO: Final = (
    *(exp.And, exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is),
    *(exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Nullif, exp.Filter),
)
_ORDERED: Final = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)
_SHAPES: Final[dict[type[exp.Expr], str]] = {
    **dict.fromkeys(_ONE, "this"),
    **dict.fromkeys(_TWO, "this expression"),
    exp.Like: "this expression negate",
    # statements and their clauses
    exp.Select: "with_ distinct expressions from_ joins where group having order limit",
    exp.Union: "this expression with_ order limit",
    exp.With: "expressions",
    exp.CTE: "this alias",
    exp.Join: "this side kind on using",
    exp.Table: "this alias",
    exp.Subquery: "this alias",
    exp.Values: "expressions alias",
    exp.Tuple: "expressions",
    exp.TableAlias: "this columns",
    exp.Group: "expressions",
    exp.Order: "expressions",
    exp.Ordered: "this desc nulls_first",
    exp.Limit: "expression",
    exp.Distinct: "expressions",
    # names and values
    exp.Alias: "this alias",
    exp.Column: "this table",
    exp.Identifier: "this quoted",
    exp.Star: "except_",
    exp.Literal: "this is_string",
    exp.Null: "",
    # operators and calls
    exp.Div: "this expression typed safe",
    exp.DPipe: "this expression safe",
    exp.Between: "this low high",
    exp.In: "this expressions field query",
    exp.Case: "this ifs default",
    exp.If: "this true",
    exp.Cast: "this to _type",
    exp.DataType: "this expressions nested",
    exp.Anonymous: "this expressions",
    exp.Window: "this partition_by order spec over",
    exp.WindowSpec: "kind start start_side end end_side",
    exp.Count: "this big_int",
    exp.RowNumber: "",
    exp.Rank: "",
    exp.DenseRank: "",
    exp.Lag: "this offset default",
    exp.Lead: "this offset default",
    exp.Coalesce: "this expressions",
    exp.Greatest: "this expressions ignore_nulls",
    exp.Least: "this expressions ignore_nulls",
    exp.Concat: "expressions safe coalesce",
}
"""Every kind of node the tree may hold → the parts it may have."""

_CLAUSES: Final = "WITH, JOIN … ON or USING, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, UNION ALL, subqueries"
_CALLS: Final = frozenset({"each", "score", "score_desc"})


class _Parser(DuckDBParser):
    """DuckDB's parser, knowing no functions but the allowed ones: every other call stays a bare name."""

    FUNCTIONS: ClassVar = {name: DuckDBParser.FUNCTIONS[name] for name in map(str.upper, FUNCTIONS)}


def _tokens(text: str) -> list[Token]:
    """The words of the text, with ``:name`` turned into the parameter it is: ``$name`` to the parser, whatever the name."""
    tokens = DUCKDB.tokenize(text)
    for i, (mark, name) in enumerate(pairwise(tokens)):
        if mark.token_type is TokenType.COLON and name.start == mark.end + 1 and name.text.isidentifier():
            tokens[i] = Token(TokenType.PARAMETER, "$", mark.line, mark.col, mark.start, mark.end)
            tokens[i + 1] = Token(TokenType.VAR, name.text, name.line, name.col, name.start, name.end)
        elif mark.token_type is TokenType.PARAMETER:
            raise refused(f"{mark.text}{name.text} (line {mark.line})", "parameters written as :name")
    return tokens


@lru_cache(256)
def parse(text: str, calls: frozenset[str]) -> exp.Query:
    """The one SELECT of the text, in lower case and free of what is not allowed. ``calls`` names the macros. Copy before changing."""
    (tree, *more) = _parsed(text, None)
    if more or not isinstance(tree, (exp.Select, exp.Union)):
        raise refused("something other than one SELECT", "a single SELECT statement")
    tree = normalize_identifiers(tree, dialect=DUCKDB)
    _check(tree, calls | _CALLS)
    return tree


@lru_cache(256)
def parse_condition(text: str, calls: frozenset[str]) -> exp.Expr:
    """A condition as it stands after WHERE, under the same rules. Copy before changing."""
    (condition, *more) = _parsed(text, exp.Condition)
    if more or condition is None:
        raise refused("something other than one condition", "a single condition, as after WHERE")
    tree = normalize_identifiers(exp.Where(this=condition), dialect=DUCKDB)
    _check(tree, calls)
    return condition.pop()


def _parsed(text: str, into: type[exp.Expr] | None) -> list[exp.Expr | None]:
    try:
        tokens = _tokens(text)
        if not into and (not tokens or tokens[0].token_type not in {TokenType.SELECT, TokenType.WITH}):
            raise refused("something other than one SELECT", "a single SELECT statement")
        parser = _Parser(dialect=DUCKDB)
        return parser.parse_into(into, tokens, text) if into else parser.parse(tokens, text)
    except TokenError:
        last = text.rstrip().splitlines() or [""]
        raise error("sql_syntax", line=len(last), column=len(last[-1]), reason="a quotation mark is never closed") from None
    except ParseError as cause:
        place = _place(cause)
        reason = re.sub(r"<class '[\w.]*?(\w+)'>", r"\1", f"{place['description']}: {place['highlight']}")
        raise error("sql_syntax", line=place["line"], column=max(1, place["col"] - len(place["highlight"]) + 1), reason=reason) from None


def _place(cause: ParseError) -> dict[str, Any]:
    """Where the parser stopped: it wraps its error in another when it was looking for one kind of text."""
    while isinstance(cause.__cause__, ParseError):
        cause = cause.__cause__
    found: dict[str, Any] = cause.errors[0] if cause.errors else {}
    return {"line": 1, "col": 1, "highlight": "", "description": str(cause)} | {key: value for key, value in found.items() if value is not None}


def refused(what: str, allowed: str) -> RegularsError:
    """The error for SQL outside the dialect: what was found, and what may stand there."""
    return error("sql_not_allowed", what=what, allowed=allowed)


def line_of(node: exp.Expr) -> int:
    """The line of the text on which a node begins; 1 where the parser kept none."""
    lines = [int(line) for part in node.walk() if (line := part.meta_get("line"))]
    return min(lines, default=1)


def shown(node: exp.Expr) -> str:
    """A piece of the text for an error, with its line."""
    text = node.sql(DUCKDB, comments=False, unsupported_level=ErrorLevel.IGNORE)
    return f"{shorten(text, 60, placeholder=' …')} (line {line_of(node)})"


def _check(tree: exp.Expr, calls: frozenset[str]) -> None:
    """Raise for the first thing in the tree that is not allowed."""
    for node in tree.walk():
        if isinstance(node, exp.Interval):
            raise refused(shown(node), "add_days(date, n), add_months(date, n), days_between(a, b)")
        if isinstance(node, exp.Anonymous) and node.name.lower() not in calls:
            raise refused(f"the function {shown(node)}", ", ".join(sorted(FUNCTIONS | calls)))
        parts = _SHAPES.get(type(node))
        if parts is None:
            allowed = ", ".join(sorted(FUNCTIONS | calls)) if isinstance(node, exp.Func) else _CLAUSES
            raise refused(shown(node), allowed)
        extra = next((part for part, value in node.args.items() if value and part not in parts.split()), None)
        if extra:
            raise refused(f"{extra.strip('_').upper().replace('_', ' ')} in {shown(node)}", _CLAUSES)
        rule = _RULES.get(type(node))
        for what, allowed in rule(node) if rule else ():
            raise refused(f"{what}: {shown(node)}", allowed)


Faults = Iterator[tuple[str, str]]
"""(what is wrong, what is allowed) of one node; none if it is in order."""


def _with(node: exp.Expr) -> Faults:
    if node.parent is not None and node.parent.parent is not None:
        yield "WITH inside a subquery", "WITH at the beginning of the text"
    names = [cte.alias for cte in node.expressions]
    if len(set(names)) < len(names):
        yield "two CTEs of one name", "a name of its own for every CTE"


def _union(node: exp.Expr) -> Faults:
    if node.args.get("distinct"):
        yield "UNION", "UNION ALL, and SELECT DISTINCT around it"


def _join(node: exp.Expr) -> Faults:
    kind = f"{node.text('side')} {node.text('kind')}".strip()
    if kind not in {"", "INNER", "LEFT", "LEFT OUTER", "FULL", "FULL OUTER", "CROSS"}:
        yield f"{kind} JOIN", "JOIN, LEFT JOIN, FULL JOIN, CROSS JOIN"
    if kind != "CROSS" and not node.args.get("on") and not node.args.get("using"):
        yield "a join without a condition", "JOIN … ON, JOIN … USING, CROSS JOIN"


def _table(node: exp.Expr) -> Faults:
    if not isinstance(node.this, exp.Identifier):
        yield "a table function", "tables of the schema and CTEs"
    elif not node.name.isidentifier():
        yield "a file", "tables of the schema and CTEs"
    elif node.alias_column_names:
        yield "new column names behind a table", "column AS name in a SELECT"


def _subquery(node: exp.Expr) -> Faults:
    if not isinstance(node.this, (exp.Select, exp.Union)):
        yield "parentheses in FROM", "a SELECT in parentheses"


def _order(node: exp.Expr) -> Faults:
    if not isinstance(node.parent, (exp.Select, exp.Union, exp.Window)):
        yield "ORDER BY inside a call", "ORDER BY at the end of a SELECT or in OVER (…)"


def _distinct(node: exp.Expr) -> Faults:
    if not isinstance(node.parent, exp.Select) and (not isinstance(node.parent, (exp.Count, exp.Sum)) or len(node.expressions) != 1):
        yield "DISTINCT", "SELECT DISTINCT, count(distinct x), sum(distinct x)"


def _alias(node: exp.Expr) -> Faults:
    if not isinstance(node.args["alias"], exp.Identifier):
        yield "a parameter as a name", "expression AS name"


def _window(node: exp.Expr) -> Faults:
    if isinstance(node.this, exp.Filter) or (isinstance(node.this, exp.Anonymous) and node.this.name.lower() != "avg") or node.this.find(exp.Distinct):
        yield "a window over more than a plain call", "sum, count, min, max, avg or a ranking call before OVER, with CASE inside where it takes a condition"
    if node.args.get("order"):
        return
    if isinstance(node.this, _ORDERED) or node.args.get("spec"):
        yield "a window without ORDER BY", "OVER (… ORDER BY columns that leave no ties)"
    elif not node.args.get("partition_by"):
        yield "a total by OVER ()", "CROSS JOIN to a CTE of one row that holds the total"


def _type(node: exp.Expr) -> Faults:
    if node.sql(DUCKDB).partition("(")[0] not in TYPES:
        yield "the type", ", ".join(sorted(TYPES))


def _placeholder(node: exp.Expr) -> Faults:
    if not str(node.this or "").isidentifier():
        yield "a parameter without a name", "parameters written as :name"


_RULES: Final[dict[type[exp.Expr], Callable[[exp.Expr], Faults]]] = {
    exp.With: _with,
    exp.Union: _union,
    exp.Join: _join,
    exp.Table: _table,
    exp.Subquery: _subquery,
    exp.Order: _order,
    exp.Distinct: _distinct,
    exp.Alias: _alias,
    exp.Window: _window,
    exp.DataType: _type,
    exp.Placeholder: _placeholder,
}
