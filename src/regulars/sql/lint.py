"""House rules of the analysis dialect that are no errors: what is allowed, but not the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sqlglot import exp

from regulars.sql.grammar import parse, shown
from regulars.sql.macros import MACROS

_ROUNDED: Final = ("floor", "ceil", "round")


def lint(text: str) -> list[str]:
    """What an analysis text would better say otherwise, each with its line; empty for a text that follows the house."""
    return [found for node in parse(text, frozenset(MACROS)).walk() for rule in _RULES for found in rule(node)]


def _times_one(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Mul) and any(isinstance(side, exp.Literal) and side.name in {"1.0", "1."} for side in (node.left, node.right)):
        yield f"{shown(node)}: cast to double instead of multiplying by 1.0"


def _division(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node, exp.Div):
        return
    over, under = node.left.unnest(), node.right.unnest()
    if not _is_double(over) and not _is_double(under):
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


def _limit(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Query) and node.args.get("limit") and not node.args.get("order"):
        yield f"{shown(node)}: LIMIT without ORDER BY keeps arbitrary rows"


_RULES: Final[tuple[Callable[[exp.Expr], Iterator[str]], ...]] = (_times_one, _division, _whole_number, _limit)
