"""A workspace: one company's data in one folder, loaded, snapshotted, and asked."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from regulars.analyses import ANALYSES
from regulars.analysis import Analysis
from regulars.engines import Engine
from regulars.engines.duckdb import DuckDB
from regulars.errors import did_you_mean, error
from regulars.i18n import Reader
from regulars.imports import Confirm, Import, Mapped, arranged_anew, history, load_file, map_file, rejected
from regulars.progress import Progress, silent
from regulars.result import Result
from regulars.runs import SCHEMA, Query, Run, run_key
from regulars.snapshots import Book, Shelf, Snapshot
from regulars.state import Settings


class Workspace:
    """Load files into it, run analyses on it. ``rg.open(path)`` makes one."""

    def __init__(self, folder: Path, settings: Settings, book: str | None = None) -> None:
        self.folder, self.settings, self._book = folder, settings, book
        self._shelf = Shelf(folder)
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._served: str | None = None
        self._results: dict[str, Result] = {}

    def load(
        self,
        path: str | os.PathLike[str],
        *,
        mapping: Mapping[str, str] | None = None,
        confirm: Confirm | None = None,
        progress: Progress = silent,
    ) -> Import:
        """Load a file of orders, customers, products or payments, and publish the new snapshot.

        ``mapping`` says which column is what (field → column, ``-`` for none) where the guess is wrong; ``confirm`` is asked
        when the guess is unsure. Without it an unsure file is a named error with the line to run. The same file twice
        changes nothing.

        Raises:
            RegularsError: ``file_*``, ``column_missing``, ``mapping_*``, ``nothing_loaded``, ``not_writable``, ``workspace_busy``.
        """
        loaded = load_file(self._shelf, self.settings, Path(path), dict(mapping or {}), confirm, progress)
        self.settings = Settings.read(self.folder, **self.settings.model_dump(exclude={"mappings"}))
        return loaded

    def map(
        self, path: str | os.PathLike[str], mapping: Mapping[str, str] | None = None, *, sheet: str | None = None, confirm: Confirm | None = None
    ) -> tuple[Mapped, ...]:
        """What each column of a file would be taken for, sheet by sheet. Nothing is loaded.

        What ``mapping`` corrects (in one ``sheet``) or ``confirm`` decides is kept in ``regulars.toml``, for every later file with that header.
        """
        return map_file(self._shelf, self.settings, Path(path), dict(mapping or {}), confirm, sheet)

    @property
    def imports(self) -> tuple[Import, ...]:
        """Every delivery in the snapshot in force, oldest first."""
        return history(self._shelf)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in force; a named error before the first load."""
        if (found := self._shelf.current()) is None:
            raise error("workspace_empty", path=str(self.folder))
        return found if found.day_starts_at == self.settings.day_starts_at else arranged_anew(self._shelf, self.settings)

    def book(self, name: str) -> Workspace:
        """The same workspace, reading one book (currency) only."""
        known = [b.name for b in self.snapshot.books]
        if name not in known:
            raise error("book_unknown", name=name, known=", ".join(known))
        return type(self)(self.folder, self.settings, name)

    @property
    def chosen_book(self) -> Book:
        """The book that is read: the one chosen, or the only one there is."""
        return self._chosen(self.snapshot)

    def _chosen(self, snapshot: Snapshot) -> Book:
        books = {b.name: b for b in snapshot.books}
        if self._book in books:
            return books[self._book]
        if not books:
            raise error("orders_missing", path=str(self.folder))
        if len(books) > 1:
            raise error("currency_mixed", currencies=", ".join(books), first=next(iter(books)))
        return next(iter(books.values()))

    @property
    def reader(self) -> Reader:
        """The owner as reader of the chosen book."""
        return Reader(self.settings.language, self.chosen_book.name)

    @property
    def engine(self) -> Engine:
        """The engine that serves the snapshot in force."""
        return self._serving(self.snapshot)

    def _serving(self, snapshot: Snapshot) -> Engine:
        """The engine of a snapshot: opened once, whichever thread asks first, and left behind when another comes into force."""
        with self._opening:
            if self._engine is None or self._served != snapshot.id:
                self._engine, self._served, self._results = DuckDB(snapshot.file), snapshot.id, {}
            return self._engine

    def table(self, name: str) -> pa.Table:
        """A canonical table of every book, or ``rejected``: the rows of the files that were not loaded, with place and reason."""
        if name == "rejected":
            return rejected(self._shelf)
        if name not in SCHEMA:
            raise error("sql_no_such_table", table=name, near=did_you_mean(name, [*SCHEMA, "rejected"]))
        return self.engine.query(f"SELECT * FROM {name}")

    def run(self, analysis: Analysis, *, book: str | None = None) -> Result:
        """Ask one question of the snapshot in force. The same question on the same data is answered once."""
        if book is not None and book != self._book:
            return self.book(book).run(analysis)
        snapshot = self.snapshot
        return self._answer(analysis, snapshot, self._serving(snapshot), self._chosen(snapshot))

    def _answer(self, analysis: Analysis, snapshot: Snapshot, engine: Engine, chosen: Book) -> Result:
        """The answer from this snapshot, with the labels it needs, whatever another process loads meanwhile."""
        as_of = analysis.as_of or snapshot.as_of
        if as_of < chosen.first_on:
            raise error("as_of_before_data", as_of=as_of, first=chosen.first_on, last=chosen.last_on)
        analysis = analysis.model_copy(update={"as_of": as_of})
        key = run_key(analysis, snapshot, chosen)
        if key not in self._results:
            self._results[key] = Run(engine, snapshot, chosen, analysis, lambda one: self._answer(one, snapshot, engine, chosen)).result()
        return self._results[key]

    def sql(self, text: str, **parameters: Any) -> pa.Table:
        """An own SELECT over the canonical tables of the chosen book, checked by the same pipeline as every analysis."""
        return Query(self.engine, self.chosen_book.name).ask(text, parameters)

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def analysis_named(name: str) -> type[Analysis]:
    """The analysis with that key; a mistyped one is a named error that says what was meant."""
    known: dict[str, type[Analysis]] = {a.key: a for a in ANALYSES}
    if name not in known:
        raise error("analysis_unknown", name=name, near=did_you_mean(name, known))
    return known[name]


def open_workspace(
    path: str | os.PathLike[str],
    *,
    currency: str | None = None,
    time_zone: str | None = None,
    language: str | None = None,
    day_starts_at: int | None = None,
    book: str | None = None,
) -> Workspace:
    """Open a workspace folder; a new one is made on the first load. Settings given here win over its ``regulars.toml``.

    Args:
        path: the folder.
        currency: ISO 4217 code for files that state none.
        time_zone: IANA zone of the shop, for timestamps that carry an offset.
        language: ``zh_CN``, ``uk`` or ``en``.
        day_starts_at: hour (0–12) at which the business day begins.
        book: the book (currency) to read where there are several.

    Raises:
        RegularsError: ``not_a_workspace``, ``setting_wrong``.
    """
    folder = Path(path).expanduser()
    if folder.is_file():
        raise error("not_a_workspace", path=str(folder))
    settings = Settings.read(folder, currency=currency, time_zone=time_zone, language=language, day_starts_at=day_starts_at)
    return Workspace(folder, settings, book)
