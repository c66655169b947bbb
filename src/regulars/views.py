"""The tables as one population has them, or as one reader may see them: kept in the engine under a hash, made when first read.

A view holds the visible rows and nothing else. So whatever a text does with them (a clever join, a cast that fails, a count
beside an outer join), it cannot tell of rows that are not there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import astuple
from typing import Final, NamedTuple

from regulars import sql
from regulars.engines import Engine
from regulars.errors import RegularsError, error
from regulars.rights import Kept, Sight
from regulars.schema import ABOUT_LOADING, TABLES
from regulars.snapshots import Book, Snapshot
from regulars.snapshots.rollup import AS_KNOWN
from regulars.sql.conditions import reworded

SCHEMA: Final[dict[str, Mapping[str, str]]] = {name: table.columns for name, table in TABLES.items()}

CUSTOMER_DAYS: Final = """
    with moved as (
        select customer_id, book, ordered_on, booked_on, 0 as orders, quantity as items, case when kind = 'sale' then amount end as gross_revenue,
            amount, cost, amount - cost as margin
        from order_lines
        union all
        select customer_id, book, ordered_on, ordered_on, 1, 0, 0, 0, null, null from orders
        union all
        select customer_id, book, ordered_on, cancelled_on, -1, 0, 0, 0, null, null from orders where cancelled_on is not null)
    select customer_id, book, ordered_on, booked_on, cast(sum(orders) as bigint) as orders, cast(sum(items) as decimal(18,4)) as items,
        cast(coalesce(sum(gross_revenue), 0) as decimal(18,4)) as gross_revenue, cast(sum(amount) as decimal(18,4)) as net_revenue,
        cast(sum(cost) as decimal(18,4)) as cost, cast(sum(margin) as decimal(18,4)) as margin
    from moved group by customer_id, book, ordered_on, booked_on"""
"""``customer_days`` from the orders and lines that are kept, in the analysis dialect; on all of them it is what the snapshot stores."""

_ALONE: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "order_lines": ("order_lines.kind = 'unmatched'", {name: name for name in ("order_id", "customer_id", "book", "ordered_at", "ordered_on")}),
    "returns": (
        "not returns.matched",
        {"order_id": "return_id", "customer_id": "customer_id", "book": "book", "ordered_at": "returned_at", "ordered_on": "returned_on"},
    ),
    "payments": ("payments.order_id is null", {"order_id": "order_id", "customer_id": "customer_id", "book": "book"}),
}
"""Table → when a row of it belongs to no order, and what it knows of the order that it would belong to."""


def of_book(tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Table → the condition of its rows that belong to the book that is read. What is wrong with a record without money belongs to every book."""
    conditions = {name: "book = :_book" for name, columns in tables.items() if "book" in columns}
    return conditions | {"problems": "(book = :_book or book is null)"} if "problems" in conditions else conditions


def hashed(*parts: object) -> str:
    """All that something depends on, as one word."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


class View:
    """The canonical tables of one book, reduced to what is ``kept`` of the view ``below`` (or of the snapshot).

    ``restricted``: for a reader who may see a part only, and so nothing of the tables that tell of all the data.
    """

    def __init__(self, engine: Engine, snapshot: Snapshot, book: Book, kept: Kept, below: View | None = None, *, restricted: bool = False) -> None:
        self._engine, self._as_of, self._book, self._kept, self._below = engine, snapshot.as_of, book.name, kept, below
        self._restricted = restricted
        self.key: str = hashed(snapshot.id, book.name, below.key if below else "", astuple(kept), restricted)
        self._made: set[str] = set()
        self._mine = {name: f"{name}_{self.key}" for name in SCHEMA if self._changes(name)}

    @property
    def sources(self) -> dict[str, str]:
        """Table → the name under which the engine keeps it."""
        return (self._below.sources if self._below else {}) | self._mine

    @property
    def condition(self) -> str:
        """What holds for all that is left, as a text."""
        found = (self._below.condition if self._below else "", self._kept.customers, self._kept.orders, self._kept.order_lines)
        several = [one for one in found if one]
        return several[0] if len(several) == 1 else " and ".join(f"({one})" for one in several)

    def _changes(self, name: str) -> bool:
        """Whether a table of this view is not as it is below."""
        chosen = bool(self._kept.customers or self._kept.by_order) and "customer_id" in SCHEMA[name]
        return chosen or bool(self._hidden(name)) or (self._restricted and name in ABOUT_LOADING)

    def _hidden(self, name: str) -> set[str]:
        """The columns of a table that this view leaves empty."""
        return set() if self._kept.personal else {field.name for field in TABLES[name].fields if field.personal}

    def ready(self, tables: Collection[str]) -> None:
        """Make the tables that are about to be read, where they have not been made."""
        for name in sorted(tables):
            if name in self._mine and name not in self._made:
                self._make(name)
                self._made.add(name)
        if self._below:
            self._below.ready([name for name in tables if name not in self._mine])

    def _make(self, name: str) -> None:
        """Store one table of this view, what it is derived from first."""
        text, own = self._text(name)
        below = self._below.sources if self._below else {}
        self.ready(own)
        if self._below:
            self._below.ready({name, "customers", "orders", "order_lines"} - set(own))
        kept = self._condition(name)
        filters = of_book(SCHEMA)
        if kept:
            filters[name] = f"{filters[name]} and ({kept})" if name in filters else kept
        prepared = sql.prepare(
            text,
            tables=SCHEMA,
            parameters={"_book": self._book, "as_of": self._as_of},
            filters=filters,
            sources=below | {table: self._mine[table] for table in own},
            dialect=self._engine.dialect,
        )
        try:
            self._engine.store(self._mine[name], prepared.sql, prepared.parameters)
        except RegularsError as cause:
            if cause.code != "sql_failed":
                raise
            raise error("condition_failed") from None

    def _text(self, name: str) -> tuple[str, tuple[str, ...]]:
        """The text of a table, and which tables of this view it reads instead of those below."""
        if self._kept.by_order and name in _DERIVED:
            return _DERIVED[name]
        hidden = self._hidden(name)
        picked = ", ".join(f"cast(null as {kind}) as {column}" if column in hidden else column for column, kind in SCHEMA[name].items())
        return f"select {picked} from {name}", ("order_lines",) if self._kept.by_order and name not in {"orders", *_ALONE} else ()

    def _condition(self, name: str) -> str:
        """Which rows of a table are kept."""
        kept = self._kept
        if self._restricted and name in ABOUT_LOADING:
            return "1 = 0"
        if "customer_id" not in SCHEMA[name]:
            return ""
        if kept.by_order and name in _DERIVED:
            return ""
        found = []
        if kept.customers:
            among = f"{name}.customer_id in (select customers.customer_id from customers where {kept.customers})"
            found.append(kept.customers if name == "customers" else among)
        if kept.by_order:
            found.append(_ordered(kept) if name == "orders" else _of_order(name, kept) if name in _ALONE else _IN_LINES.format(name))
        return " and ".join(f"({one})" for one in found)


_DERIVED: Final = {"customer_days": (CUSTOMER_DAYS, ("orders", "order_lines")), **{name: (text, ("customer_days",)) for name, text in AS_KNOWN.items()}}
"""Table → its text, and what it follows from, where orders are chosen one by one."""

_IN_LINES: Final = "{}.customer_id in (select order_lines.customer_id from order_lines)"


def _ordered(kept: Kept) -> str:
    """The condition of an order that is kept, over ``orders``."""
    conditions = [kept.orders] if kept.orders else []
    if kept.order_lines:
        line = reworded(kept.order_lines, {name: f"one_line.{name}" for name in SCHEMA["order_lines"]}, {})
        conditions.append(
            f"exists (select 1 from order_lines as one_line where one_line.order_id = orders.order_id and one_line.book = orders.book and ({line}))"
        )
    return " and ".join(f"({one})" for one in conditions)


def _of_order(name: str, kept: Kept) -> str:
    """The condition of a row that belongs to an order: its order is kept. A row without an order is judged by what it knows itself."""
    alone, knows = _ALONE[name]
    same = f"orders.order_id = {name}.order_id and orders.book = {name}.book"
    known = {column: f"{name}.{own}" for column, own in knows.items()}
    itself = [reworded(kept.orders, known, SCHEMA["orders"])] if kept.orders else []
    if kept.order_lines:
        line = {column: f"{name}.{column}" for column in SCHEMA["order_lines"] if column in SCHEMA[name]} | known
        itself.append(reworded(kept.order_lines, line, SCHEMA["order_lines"]))
    lonely = f"{alone} or not exists (select 1 from orders where {same})"
    judged = " and ".join(f"({one})" for one in itself)
    return f"not ({alone}) and exists (select 1 from orders where {same} and ({_ordered(kept)})) or ({lonely}) and {judged}"


class Views(NamedTuple):
    """What an analysis is about, and what of it is shown; None is everything."""

    population: View | None = None
    rights: View | None = None

    @property
    def shown(self) -> View | None:
        """The tables that answers are over."""
        return self.rights or self.population


EVERYBODY: Final = Views()


def views_of(sight: Sight, engine: Engine, snapshot: Snapshot, book: Book) -> Views:
    """The layers of a sight, each over the one below."""

    def layered(layers: tuple[Kept, ...], below: View | None) -> View | None:
        for kept in layers:
            below = View(engine, snapshot, book, kept, below, restricted=sight.restricted)
        return below

    population = layered(sight.population, None)
    return Views(population, layered(sight.rights, population) if sight.rights else None)
