"""A workspace: one company's data in one folder, loaded, snapshotted, and asked."""

from __future__ import annotations

import threading
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from regulars import overview
from regulars.analyses import asked
from regulars.analysis import Analysis
from regulars.engines import Engine, serve
from regulars.errors import N_, Words, did_you_mean, error
from regulars.i18n import Reader
from regulars.intake.loading import Loading
from regulars.intake.ruling import Ruling
from regulars.past.remembering import Remembering
from regulars.progress import Progress, silent
from regulars.result import Result
from regulars.rights import Kept, Rights, Sight
from regulars.runs import Run, compare, run_key
from regulars.schema import TABLES
from regulars.service import Service
from regulars.snapshots import Book, Shelf, Snapshot, compaction
from regulars.snapshots.compaction import Compacted
from regulars.state import Settings
from regulars.views import SCHEMA


class Workspace(Loading, Ruling, Remembering):
    """Load files into it, run analyses on it. ``rg.open(path)`` makes one."""

    def __init__(self, folder: Path, settings: Settings, book: str | None = None, shelf: Shelf | None = None, sight: Sight | None = None) -> None:
        self.folder, self.settings, self._book = folder, settings, book
        self._shelf = shelf or Shelf(folder)
        self._opening = threading.Lock()
        self._service: Service | None = None
        self._root, self._sight = self, sight or Sight()

    def compact(self, progress: Progress = silent) -> Compacted:
        """Merge the small files of many deliveries. Loading and reading go on meanwhile, and no answer changes.

        A load starts this by itself, in a process of its own, when many deliveries have come since the last time.
        """
        return compaction.compact(self._shelf, progress)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in force; a named error before the first load. Its books tell a restricted reader what they see of them."""
        return self._served().seen(self._sight) if self._sight.restricted else self._snapshot

    @property
    def _snapshot(self) -> Snapshot:
        """The snapshot in force as it is, whoever looks."""
        if (found := self._shelf.current()) is None:
            raise error("workspace_empty", path=str(self.folder))
        if self._shelf.serves(found, self.settings.arrangement):
            return found
        self.settings = Settings.read(self.folder, **self.settings.given)  # another process may have turned a switch
        if self._shelf.serves(found, self.settings.arrangement):
            return found
        from regulars.intake.imports import arranged_anew

        return arranged_anew(self._shelf, self.settings)

    def book(self, name: str) -> Workspace:
        """The same workspace, reading one book (currency) only."""
        known = [b.name for b in self._snapshot.books]
        if name not in known:
            raise error("book_unknown", name=name, known=", ".join(known))
        return self._as(name, self._sight)

    def where(self, condition: str, **values: Any) -> Workspace:
        """The same workspace, asking about some customers or orders only: everything is computed anew for them.

        The condition is over columns of ``customers``, ``orders`` or ``order_lines`` (orders that have such a line), as in
        ``"country = 'Germany'"`` or ``"channel = :channel and city is not null"``; ``values`` are what its ``:name`` stand for.

        Raises:
            RegularsError: ``sql_syntax``, ``sql_not_allowed``, ``sql_no_such_column``, ``sql_parameter``.
        """
        return self._as(self._book, self._sight.where(Kept.where(condition, values)))

    def seen_by(self, rights: Rights) -> Workspace:
        """The same workspace as a reader with these rights has it.

        Scores and labels place a customer among everybody; every row, sum and count is over what the reader may see.
        """
        return self._as(self._book, self._sight.under(rights))

    def _as(self, book: str | None, sight: Sight) -> Workspace:
        """Another way to look at the same data, through the same engine."""
        other = copy(self)
        other._book, other._sight = book, sight
        return other

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
        return Reader(self.settings.language, self._chosen(self._snapshot).name)

    @property
    def engine(self) -> Engine:
        """The engine that serves the snapshot in force."""
        self._sight.allow(Words(N_("the engine itself")))
        return self._served().engine

    def _served(self) -> Service:
        """The snapshot in force and its engine."""
        return self._shelf.steadily(lambda: self._serving(self._snapshot))

    def _serving(self, snapshot: Snapshot) -> Service:
        """The service of a snapshot: begun once, whichever thread asks first, and left behind when another comes into force."""
        if self._root is not self:
            return self._root._serving(snapshot)
        with self._opening:
            if self._service is None or self._service.engine.closed or self._service.snapshot.id != snapshot.id:
                self._service = Service(snapshot, serve(self.settings.engine, snapshot.id, snapshot.file))
            return self._service

    def move(self, engine: str, *, progress: Progress = silent) -> None:
        """Have another engine answer from now on: ``duckdb``, ``postgresql://user@host/database``, ``spark`` …

        The snapshot in force is copied there and compared with the workspace's own file; only then ``regulars.toml`` names the
        engine. The data stay in the folder, so that moving back, or on, is always possible.

        Raises:
            RegularsError: ``workspace_empty``, ``setting_wrong``, ``part_missing``, ``engine_*``; then nothing was changed.
        """
        self._sight.allow(Words(N_("the engine itself")))
        snapshot = self._snapshot
        settings = Settings.read(self.folder, **(self.settings.given | {"engine": engine}))
        there = serve(engine, snapshot.id, snapshot.file, progress)
        try:
            compare(engine, there, snapshot)
        finally:
            there.close()
        settings.write_engine(self.folder)
        self.settings = self._root.settings = settings
        self._root.close()

    def table(self, name: str) -> pa.Table:
        """A canonical table of every book, or ``rejected``: the rows of the files that were not loaded, with place and reason.

        Where a population was chosen or rights were given, what is left of the table in the chosen book.
        """
        if name == "rejected":
            self._sight.allow(Words(N_("the rows that were not loaded")))
        if name not in SCHEMA:
            raise error("sql_no_such_table", table=name, near=did_you_mean(name, SCHEMA))
        text = f"select * from {name} order by {TABLES[name].order}"
        return self.engine.query(text) if self._sight == Sight() else self.sql(text)

    def run(self, analysis: Analysis, *, book: str | None = None, where: str | None = None) -> Result:
        """Ask one question of the snapshot in force, or only of those ``where`` a condition holds. The same question is answered once."""
        analysis = asked(analysis)
        if book is not None and book != self._book:
            return self.book(book).run(analysis, where=where)
        if where is not None:
            return self.where(where).run(analysis)
        service = self._served()
        return self._answer(analysis, service, self._chosen(service.snapshot))

    def _answer(self, analysis: Analysis, service: Service, chosen: Book) -> Result:
        """The answer from this snapshot, with the labels it needs, whatever another process loads meanwhile."""
        snapshot, results = service.snapshot, service.results
        as_of = analysis.as_of or snapshot.as_of
        if as_of < chosen.first_on:
            raise error("as_of_before_data", as_of=as_of, first=chosen.first_on, last=chosen.last_on)
        analysis = analysis.model_copy(update={"as_of": as_of})
        views = service.views(self._sight, chosen)
        key = run_key(analysis, snapshot, chosen, views)
        if key not in results:
            found = Run(service.engine, snapshot, chosen, analysis, views).result(lambda one: self._answer(one, service, chosen))
            results[key] = replace(found, reader=Reader(self.settings.language, chosen.name))
        return results[key]

    def sql(self, text: str, **parameters: Any) -> pa.Table:
        """An own SELECT over the canonical tables of the chosen book, checked by the same pipeline as every analysis."""
        service = self._served()
        return service.query(self._sight, self._chosen(service.snapshot)).ask_alone(text, parameters)

    def __repr__(self) -> str:
        return "\n".join(overview.lines(self._overseen(), Reader(self.settings.language)))

    def _repr_html_(self) -> str:
        return overview.page(self._overseen(), Reader(self.settings.language))

    def _overseen(self) -> overview.Overview:
        """What is here at a glance: all of it, or what is left of the books and no deliveries, which are not of a part."""
        if self._shelf.current() is None or self._sight == Sight():
            return overview.Overview(self.folder.name, self._shelf.current(), self.imports)
        return overview.Overview(self.folder.name, self._served().seen(self._sight), (), self._sight.condition)

    def close(self) -> None:
        """Let go of the engine."""
        root = self._root
        if root._service is not None:
            root._service.engine.close()
            root._service = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
