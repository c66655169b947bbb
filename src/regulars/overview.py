"""What is in a workspace, at a glance: books, days, orders, deliveries, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars import inline
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.snapshots import Book, Snapshot
from regulars.units import ORDERS, ROWS, Column, count, money, on, text

if TYPE_CHECKING:
    from regulars.intake.delivery import Import

BOOKS: Final[dict[str, Column]] = {
    "name": text(N_("Book"), N_("The currency of the amounts; sums never cross books")),
    "first_on": on(N_("From"), N_("First business day in the data")),
    "last_on": on(N_("To"), N_("Last business day in the data")),
    "orders": count(N_("Orders"), N_("Orders that stand: those cancelled in full do not count"), noun=ORDERS),
    "net_revenue": money(N_("Net revenue"), N_("Sales minus refunds, walk-in sales included")),
}
FILES: Final[dict[str, Column]] = {
    "file": text(N_("File"), N_("The file as it was given")),
    "rows_in": count(N_("Rows read"), N_("Rows with content in all files, header rows not counted"), noun=ROWS),
    "rows_loaded": count(N_("Rows loaded"), N_("Rows that were understood and are in the numbers of this brief"), noun=ROWS),
    "rows_rejected": count(N_("Rows refused"), N_("Rows that could not be understood; each is kept with its reason"), noun=ROWS),
}


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in a workspace, or what is left of it where a ``condition`` was chosen or rights were given."""

    name: str
    snapshot: Snapshot | None
    imports: Sequence[Import]
    condition: str = ""

    @property
    def books(self) -> Sequence[Book]:
        """The books, none before the first load."""
        return self.snapshot.books if self.snapshot else ()

    def about(self, reader: Reader) -> str:
        """Of whom it tells, where not of everybody."""
        return reader.say(ONLY, condition=self.condition) if self.condition else ""


ONLY: Final = N_("Only where {condition}.")
EMPTY: Final = N_("Nothing is loaded yet. Next: {line}")
NEXT: Final = N_("Next: {line}")


def _next(seen: Overview, reader: Reader) -> str:
    """The line to type now."""
    if not seen.books:
        return reader.say(EMPTY, line='ws.load("orders.xlsx")')
    several = f', book="{seen.books[0].name}"' if len(seen.books) > 1 else ""
    return reader.say(NEXT, line=f"ws.run(rg.RFM(){several})")


def lines(seen: Overview, reader: Reader) -> list[str]:
    """The overview as text."""
    told = [
        f"{book.name}: {reader.day(book.first_on)} – {reader.day(book.last_on)}, {reader.counted(*ORDERS, book.orders)}, {_net(book, reader)}"
        for book in seen.books
    ]
    about = [seen.about(reader)] if seen.condition else []
    return [seen.name, *about, *told, *(repr(one) for one in seen.imports), _next(seen, reader)]


def _net(book: Book, reader: Reader) -> str:
    return BOOKS["net_revenue"].show(float(book.net_revenue), reader.of(book.name))


def page(seen: Overview, reader: Reader) -> str:
    """The overview for a notebook."""
    columns = {**BOOKS, "net_revenue": text(BOOKS["net_revenue"].title, BOOKS["net_revenue"].meaning)}
    books = [{"name": b.name, "first_on": b.first_on, "last_on": b.last_on, "orders": b.orders, "net_revenue": _net(b, reader)} for b in seen.books]
    files: list[dict[str, Any]] = [{"file": Path(one.path).name, **{key: getattr(one, key) for key in FILES if key != "file"}} for one in seen.imports]
    shown = files[-inline.ROWS_SHOWN :]
    return inline.block(
        reader,
        inline.heading(seen.name, seen.about(reader)),
        inline.table(books, columns, reader) if books else None,
        inline.table(shown, FILES, reader, len(files) - len(shown)) if files else None,
        inline.said([inline.sentence(_next(seen, reader))]),
    )
