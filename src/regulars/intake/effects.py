"""What each rule finds in the deliveries in force, and what turning its switch would change: revenue, orders, customers, exactly.

A row counts for a rule if no other rule that is switched on takes it out too: only then does this rule's switch decide about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from regulars.engines.duckdb import Connection, literal, scratch
from regulars.ingest.rules import RULES, Rule
from regulars.snapshots import Shelf
from regulars.snapshots.entries import entries_sql
from regulars.snapshots.parts import PLACE
from regulars.state import Settings

_PLACE: Final = ", ".join(PLACE)


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule's rows amount to in one book: net revenue, standing orders, and customers who have no other standing order."""

    rows: int = 0
    revenue: Decimal = Decimal(0)
    orders: int = 0
    customers: int = 0


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What one rule finds. ``books``: what its switch decides about, by book; for a rule that only flags, what its rows amount to.

    ``switched_on`` is None for a rule that only flags. ``rows`` are all rows it found, those included that another rule takes out as well.
    """

    rule: Rule
    switched_on: bool | None
    rows: int
    books: Mapping[str, Change] = field(default_factory=dict)

    @property
    def customers(self) -> int:
        """Customers whose only standing orders are of this rule, over all books."""
        return sum(change.customers for change in self.books.values())

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        books = {book: {"rows": c.rows, "revenue": c.revenue, "orders": c.orders, "customers": c.customers} for book, c in self.books.items()}
        told = {"rule": self.rule.key, "about": self.rule.about[0], "dimension": self.rule.dimension, "takes_out": self.rule.takes_out}
        return told | {"switched_on": self.switched_on, "rows": self.rows, "books": books}


def effects(shelf: Shelf, settings: Settings) -> tuple[RuleEffect, ...]:
    """Every rule of the menu with what it finds in the deliveries in force."""
    active = settings.arrangement.set_aside
    rows: dict[str, int] = {}
    books: dict[str, dict[str, Change]] = {}
    if shelf.parts():
        with scratch() as connection:
            _relate(connection, shelf, settings)
            rows = {str(rule): int(count) for rule, count in connection.execute("SELECT rule, count(*) FROM found GROUP BY 1").fetchall()}
            for rule, book, *change in connection.execute(_CHANGES).fetchall():
                books.setdefault(rule, {})[book] = Change(*change)
    return tuple(RuleEffect(rule, rule.key in active if rule.takes_out else None, rows.get(rule.key, 0), books.get(rule.key, {})) for rule in RULES)


def _relate(connection: Connection, shelf: Shelf, settings: Settings) -> None:
    """``entry``: the sales rows in force; ``found``: the rows that rules found and that are in force, whatever they are of.

    ``marks``: the sales rows among them, and whether the rule's switch decides about each; ``free``: standing rows that no switch takes out.
    """
    parts = shelf.parts()
    sales = f"(FROM ({shelf.deliveries.rows('sales', parts)}) ANTI JOIN ({shelf.deliveries.superseded(parts)}) USING ({_PLACE}))"
    on = ", ".join(literal(rule) for rule in settings.arrangement.set_aside) or "''"
    connection.execute(
        f"CREATE TEMP VIEW entry AS SELECT *, {_NET} AS net, {_STANDS} AS stands FROM ({entries_sql(sales, settings.day_starts_at, costs=False)})"
    )
    connection.execute(
        f"""CREATE TEMP TABLE found AS SELECT DISTINCT rule, about, {_PLACE} FROM ({shelf.deliveries.problems(parts)})
        WHERE about <> 'sales' OR ({_PLACE}) IN (SELECT {_PLACE} FROM entry)"""
    )
    connection.execute("CREATE TEMP VIEW hits AS FROM found WHERE about = 'sales'")
    connection.execute(f"CREATE TEMP TABLE taken AS SELECT {_PLACE}, count(*) AS takers FROM hits WHERE rule IN ({on}) GROUP BY {_PLACE}")
    connection.execute(
        f"""CREATE TEMP TABLE marks AS
        SELECT rule, book, number, customer_id, net, stands, coalesce(takers, 0) = CAST(rule IN ({on}) AS INTEGER) AS decides
        FROM hits JOIN entry USING ({_PLACE}) LEFT JOIN taken USING ({_PLACE})"""
    )
    connection.execute(f"CREATE TEMP VIEW free AS SELECT {_PLACE}, book, number, customer_id FROM entry ANTI JOIN taken USING ({_PLACE}) WHERE stands")


_NET: Final = "CASE WHEN cancelled AND amount >= 0 AND quantity >= 0 THEN 0 ELSE amount END"
"""What a row adds to net revenue: a sale that the file itself marks as cancelled is taken back at once."""
_STANDS: Final = "(quantity >= 0 AND amount >= 0 AND NOT coalesce(cancelled, false))"


def _left_without(key: str) -> str:
    """Per rule and book: how many orders or customers have standing rows that the rule's switch decides about, and no others."""
    return f"""
        SELECT rule, book, count(*) AS gone FROM (
            SELECT DISTINCT rule, book, {key} FROM marks WHERE decides AND stands AND {key} IS NOT NULL
            EXCEPT
            SELECT m.rule, m.book, m.{key} FROM (SELECT DISTINCT rule, book, {key} FROM marks WHERE decides AND stands AND {key} IS NOT NULL) AS m
            JOIN free AS f ON f.book = m.book AND f.{key} = m.{key}
            WHERE NOT EXISTS (SELECT 1 FROM hits AS h WHERE h.rule = m.rule AND {" AND ".join(f"h.{name} = f.{name}" for name in PLACE)}))
        GROUP BY rule, book"""


_CHANGES: Final = f"""
    WITH sums AS (SELECT rule, book, count(*) AS rows, coalesce(sum(net) FILTER (WHERE decides), 0) AS revenue FROM marks GROUP BY rule, book),
    orders AS ({_left_without("number")}), customers AS ({_left_without("customer_id")})
    SELECT rule, book, rows, revenue, coalesce(orders.gone, 0), coalesce(customers.gone, 0)
    FROM sums LEFT JOIN orders USING (rule, book) LEFT JOIN customers USING (rule, book) ORDER BY rule, book"""
