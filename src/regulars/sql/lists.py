"""Parameters that hold lists: ``each(:by)`` spells out columns, ``x in :values`` spells out values.

Column names come in as names and are resolved against the schema like any other; no parameter is ever SQL text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp

from regulars.errors import error
from regulars.sql.grammar import refused, shown

_LISTS: Final[dict[type[exp.Expr], str]] = {
    exp.Select: "expressions",
    exp.Group: "expressions",
    exp.Order: "expressions",
    exp.Window: "partition_by",
    exp.Join: "using",
}
"""Where ``each`` may stand: node → its list."""


def each_calls(tree: exp.Expr) -> Iterator[exp.Anonymous]:
    """The calls of ``each`` in the tree."""
    return (call for call in tree.find_all(exp.Anonymous) if call.name.lower() == "each")


def list_name(call: exp.Anonymous) -> str:
    """The parameter that ``each(:by)`` or ``each(:by, alias)`` names."""
    first, *rest = call.expressions or [None]
    if not isinstance(first, exp.Placeholder) or len(rest) > 1 or any(not isinstance(r, exp.Column) or r.table for r in rest):
        raise refused(shown(call), "each(:columns) or each(:columns, alias)")
    return first.name


def expand_each(tree: exp.Expr, columns: Mapping[str, Sequence[str]]) -> None:
    """Spell out every ``each``; an empty list leaves nothing behind, neither a comma nor an empty clause."""
    for call in list(each_calls(tree)):
        item = call.parent if isinstance(call.parent, exp.Ordered) else call
        owner = item.parent
        part = _LISTS.get(type(owner)) if owner else None
        if not owner or not part or item.arg_key != part:
            raise refused(shown(call), "each(:columns) in a list of SELECT, GROUP BY, ORDER BY, PARTITION BY or USING")
        new = [_item(item, call, name) for name in columns[list_name(call)]]
        owner.set(part, [n for old in owner.args[part] for n in (new if old is item else [old])])
        if not owner.args[part]:
            _close(owner, call)


def _item(item: exp.Expr, call: exp.Anonymous, name: str) -> exp.Expr:
    """One column in the place of ``each``: a bare name in USING, ordered as ``each`` was in ORDER BY."""
    identifier = exp.to_identifier(name)
    identifier.update_positions(call)
    if isinstance(item.parent, exp.Join):
        return identifier
    table = call.expressions[1].name if len(call.expressions) > 1 else None
    column = exp.column(identifier, table, copy=False)
    return exp.Ordered(this=column, desc=item.args.get("desc"), nulls_first=item.args.get("nulls_first")) if isinstance(item, exp.Ordered) else column


def _close(owner: exp.Expr, call: exp.Anonymous) -> None:
    """Take away a clause that an empty list has left with nothing in it."""
    if isinstance(owner, exp.Select):
        raise refused(f"{shown(call)} alone with an empty list", "a SELECT with at least one column of its own")
    if isinstance(owner, (exp.Group, exp.Order)):
        owner.pop()
    elif isinstance(owner, exp.Join):
        owner.set("using", None)
        owner.set("on", exp.true())


def expand_values(tree: exp.Expr, lengths: Mapping[str, int]) -> None:
    """Write ``x in :values`` with one parameter for each value: ``values_0``, ``values_1`` … No value at all is never met."""
    for node in list(tree.find_all(exp.In)):
        given = [node.args["field"]] if node.args.get("field") else node.expressions
        if not any(isinstance(g, exp.Placeholder) and g.name in lengths for g in given):
            if node.args.get("field"):
                raise error("sql_parameter", what=f"{node.args['field'].name} stands after IN and must be a list")
            continue
        spelled = [part for g in given for part in (_placeholders(g.name, lengths[g.name]) if isinstance(g, exp.Placeholder) and g.name in lengths else [g])]
        node.set("field", None)
        node.set("expressions", spelled)
        if not spelled:
            node.replace(exp.false())
    for left in tree.find_all(exp.Placeholder):
        if left.name in lengths:
            raise error("sql_parameter", what=f"{left.name} is a list and can only stand in each(:{left.name}) or after IN")


def _placeholders(name: str, length: int) -> list[exp.Placeholder]:
    return [exp.Placeholder(this=f"{name}_{i}") for i in range(length)]
