"""House rules of the analysis dialect that are no errors: what is allowed, but not the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sqlglot import exp

from regulars.sql.grammar import parse, shown
from regulars.sql.macros import MACROS

_ROUNDED: Final = ("floor", "ceil", "round")
_DOUBLES: Final = frozenset({"ratio", "avg"})
_ROW_BY_ROW: Final = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)


def lint(text: str) -> list[str]:
    """What an analysis text would better say otherwise, each with its line; empty for a text that follows the house."""
    return [found for node in parse(text, frozenset(MACROS)).walk() for rule in _RULES for found in rule(node)]


Rule = Callable[[exp.Expr], Iterator[str]]


def _times_one(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Mul) and any(isinstance(side, exp.Literal) and side.name in {"1.0", "1."} for side in (node.left, node.right)):
        yield f"{shown(node)}: cast to double instead of multiplying by 1.0"


def _division(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node, (exp.Div, exp.Mod)):
        return
    over, under = node.left.unnest(), node.right.unnest()
    if isinstance(node, exp.Div) and not _is_double(over) and not _is_double(under):
        yield f"{shown(node)}: cast to double first, or use ratio(a, b)"
    if not isinstance(under, (exp.Nullif, exp.Literal, exp.Placeholder)) or under.name == "0":
        yield f"{shown(node)}: divide by nullif(…, 0), or use ratio(a, b)"


def _is_double(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Nullif) else node
    return isinstance(inner, exp.Cast) and inner.to.this.name == "DOUBLE"


def _whole_number(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Cast) and node.to.this.name in {"INT", "BIGINT"}:
        inner = node.this.unnest()
        fraction = inner.find(exp.Div) or next((call for call in inner.find_all(exp.Anonymous) if call.name.lower() in {"ratio", "avg"}), None)
        if fraction and not isinstance(inner, (exp.Floor, exp.Ceil)) and inner.name.lower() not in _ROUNDED:
            yield f"{shown(node)}: floor, ceil or round before a cast to a whole number"


def _cut_points(node: exp.Expr) -> Iterator[str]:
    scored = node.expressions[0] if isinstance(node, exp.Anonymous) and node.name.lower() in {"score", "score_desc"} else exp.null()
    if any(_is_double(call) or call.name.lower() in _DOUBLES for call in scored.find_all(exp.Cast, exp.Anonymous)):
        yield f"{shown(node)}: cut points of decimals, not of doubles; score the sums themselves"


def _ties(node: exp.Expr) -> Iterator[str]:
    """Calls that tell rows of a window apart need an order without ties; others give tied rows one answer."""
    if not isinstance(node, exp.Window):
        return
    spec = node.args.get("spec")
    if not isinstance(node.this, _ROW_BY_ROW) and (spec is None or str(spec.args.get("kind")).upper() != "ROWS"):
        return
    order = node.args.get("order")
    ordered = [item.this.name for item in order.expressions] if order else []
    named = {*ordered, *(part.name for part in node.args.get("partition_by") or ())}
    select = node.find_ancestor(exp.Select)
    if select is None or {column.name for output in select.selects for column in output.find_all(exp.Column)} <= named:
        return  # rows that tie are alike in all that is read of them
    key = _given(select) if select.args.get("group") else _key(select)
    if not any(name.endswith("_id") for name in ordered) and (key is None or not key <= named):
        yield f"{shown(node)}: end the order of a window with a key, so that no two rows tie"


def _key(tree: exp.Expr | None) -> frozenset[str] | None:
    """Columns whose values no two rows share among what a SELECT reads; none where it reads one row; None where it is not to be seen."""
    if not isinstance(tree, exp.Select) or not tree.args.get("from_"):
        return None
    root = tree.root()
    ctes = {cte.alias: cte.this for cte in root.ctes} if isinstance(root, exp.Query) else {}
    found: frozenset[str] = frozenset()
    for source in (tree.args["from_"].this, *(join.this for join in tree.args.get("joins") or ())):
        inner = source.this if isinstance(source, exp.Subquery) else ctes.get(source.name)
        given = _given(inner)
        if given is None:
            return None
        found |= given
    return found


def _given(tree: exp.Expr | None) -> frozenset[str] | None:
    """Columns whose values no two rows share among what a SELECT gives."""
    if not isinstance(tree, exp.Select):
        return None
    if tree.args.get("distinct"):
        return frozenset(tree.named_selects)
    if group := tree.args.get("group"):
        return frozenset(part.name for part in group.expressions)
    if any(output.find(exp.AggFunc) and not output.find(exp.Window) for output in tree.selects):
        return frozenset()
    key = _key(tree)
    return key if key is not None and (tree.is_star or key <= set(tree.named_selects)) else None


def _limit(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Query) and node.args.get("limit") and not node.args.get("order"):
        yield f"{shown(node)}: LIMIT without ORDER BY keeps arbitrary rows"


_RULES: Final[tuple[Rule, ...]] = (_times_one, _division, _whole_number, _cut_points, _ties, _limit)
