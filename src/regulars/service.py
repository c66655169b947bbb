"""What serves one snapshot: the engine that has it, the tables as each reader sees them, and what was answered so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from regulars.engines import Engine
from regulars.result import Result
from regulars.rights import Sight
from regulars.runs import Query
from regulars.snapshots import Book, Snapshot
from regulars.views import Views, views_of

_LEFT: Final = """
    select cast(coalesce(sum(orders), 0) as bigint) as orders, cast(cast(coalesce(sum(net_revenue), 0) as decimal(18,4)) as varchar) as net_revenue
    from customer_days"""
"""What a ``Book`` counts and adds up, of the rows that are left of it."""


@dataclass(slots=True, eq=False)
class Service:
    """A snapshot, the engine that serves it, and what that has answered and made so far: all of it goes when another comes into force."""

    snapshot: Snapshot
    engine: Engine
    results: dict[str, Result] = field(default_factory=dict)
    _views: dict[tuple[Sight, str], Views] = field(default_factory=dict)

    def views(self, sight: Sight, book: Book) -> Views:
        """The tables of a book under a sight; what was made for one question serves the next."""
        if (sight, book.name) not in self._views:
            self._views[sight, book.name] = views_of(sight, self.engine, self.snapshot, book)
        return self._views[sight, book.name]

    def query(self, sight: Sight, book: Book) -> Query:
        """The pipeline over what a sight leaves of a book."""
        return Query(self.engine, book.name, self.views(sight, book).shown)

    def seen(self, sight: Sight) -> Snapshot:
        """The snapshot with the orders and the net revenue that a sight leaves; the names and the days of its books stay."""
        told = ((book, self.query(sight, book).ask(_LEFT, {}).to_pylist()[0]) for book in self.snapshot.books)
        return replace(self.snapshot, books=tuple(replace(book, **left) for book, left in told))
