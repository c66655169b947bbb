"""A workspace: one company's data in one folder, loaded, snapshotted, and asked."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa

from regulars import sql
from regulars.analyses import ANALYSES
from regulars.analysis import SUMMARY_LIMIT, Analysis, Detail
from regulars.engines.duckdb import DuckDB
from regulars.errors import did_you_mean, error
from regulars.i18n import Reader
from regulars.imports import Confirm, Import, Mapped, history, load_file, map_file, rejected
from regulars.progress import Progress, silent
from regulars.result import PEOPLE, Provenance, Result
from regulars.schema import TABLES
from regulars.snapshots import Book, Shelf, Snapshot
from regulars.snapshots.ledger import ROLLUP
from regulars.state import Settings
from regulars.units import Column

SCHEMA: Final[dict[str, dict[str, str]]] = {name: table.columns for name, table in TABLES.items()}


class Workspace:
    """Load files into it, run analyses on it. ``rg.open(path)`` makes one."""

    def __init__(self, folder: Path, settings: Settings, book: str | None = None) -> None:
        self.folder, self.settings, self._book = folder, settings, book
        self._shelf = Shelf(folder)
        self._engine: DuckDB | None = None
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
        return found

    def book(self, name: str) -> Workspace:
        """The same workspace, reading one book (currency) only."""
        known = [b.name for b in self.snapshot.books]
        if name not in known:
            raise error("book_unknown", name=name, known=", ".join(known))
        return type(self)(self.folder, self.settings, name)

    @property
    def chosen_book(self) -> Book:
        """The book that is read: the one chosen, or the only one there is."""
        books = {b.name: b for b in self.snapshot.books}
        if self._book in books:
            return books[self._book]
        if len(books) > 1:
            raise error("currency_mixed", currencies=", ".join(books), first=next(iter(books)))
        return next(iter(books.values()))

    @property
    def reader(self) -> Reader:
        """The owner as reader of the chosen book."""
        return Reader(self.settings.language, self.chosen_book.name)

    @property
    def engine(self) -> DuckDB:
        """The engine that serves the snapshot in force."""
        snapshot = self.snapshot
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
        engine, snapshot, chosen = self.engine, self.snapshot, self.chosen_book
        as_of = analysis.as_of or snapshot.as_of
        if as_of < chosen.first_on:
            raise error("as_of_before_data", as_of=as_of, first=chosen.first_on, last=chosen.last_on)
        analysis = analysis.model_copy(update={"as_of": as_of})
        key = _hash(analysis.key, analysis.model_dump_json(), snapshot.id, chosen.name)
        if key not in self._results:
            self._results[key] = _Run(self, engine, snapshot, chosen, analysis, key).result()
        return self._results[key]

    def sql(self, text: str, **parameters: Any) -> pa.Table:
        """An own SELECT over the canonical tables of the chosen book, checked by the same pipeline as every analysis."""
        return _Query(self.engine, self.chosen_book.name, {}, {}).ask(text, parameters)

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Query:
    """The pipeline bound to one book: text and parameters in, Arrow out. ``sources`` names what was stored for this run."""

    def __init__(self, engine: DuckDB, book: str, sources: Mapping[str, str], more_tables: Mapping[str, Mapping[str, str]]) -> None:
        self._engine, self._book, self._sources, self._tables = engine, book, dict(sources), SCHEMA | dict(more_tables)

    def prepare(self, text: str, parameters: Mapping[str, Any]) -> sql.Prepared:
        filters = {name: "book = :_book" for name, columns in self._tables.items() if "book" in columns}
        return sql.prepare(
            text, tables=self._tables, parameters={**parameters, "_book": self._book}, filters=filters, sources=self._sources, dialect=self._engine.dialect
        )

    def ask(self, text: str, parameters: Mapping[str, Any]) -> pa.Table:
        prepared = self.prepare(text, parameters)
        return self._engine.query(prepared.sql, prepared.parameters)

    def store(self, logical: str, physical: str, text: str, parameters: Mapping[str, Any]) -> sql.Prepared:
        """Keep an answer under a name, and let later texts read it as ``logical``."""
        prepared = self.prepare(text, parameters)
        self._engine.store(physical, prepared.sql, prepared.parameters)
        self.name(logical, physical)
        return prepared

    def name(self, logical: str, physical: str) -> None:
        """Let later texts read a stored relation under a name of their own."""
        self._tables[logical] = self._engine.columns(physical)
        self._sources[logical] = physical

    def columns(self, logical: str) -> tuple[str, ...]:
        return tuple(self._tables[logical])


class _Run:
    """One analysis on one snapshot and book."""

    def __init__(self, workspace: Workspace, engine: DuckDB, snapshot: Snapshot, book: Book, analysis: Analysis, key: str) -> None:
        self.workspace, self.engine, self.snapshot, self.book, self.analysis, self.key = workspace, engine, snapshot, book, analysis, key
        self.query = _Query(engine, book.name, {}, {})
        self.shown: dict[str, Column] = {}
        self.parameters = analysis.parameters | {"data_from": book.first_on, "data_to": book.last_on}

    def result(self) -> Result:
        analysis = self.analysis
        self._rollup()
        self._labels()
        texts = {"table": self.query.store("rows", f"rows_{self.key}", analysis.table, self.parameters).sql}
        summary, texts["summary"] = self._bounded(analysis.summary, list(analysis.columns))
        details = {}
        for name, detail in analysis.details.items():
            details[name], texts[name] = self._bounded(detail.sql, list(detail.gives)) if detail.fit is None else self._fitted(detail)
        shown = analysis.model_dump(mode="json")
        provenance = Provenance(self.key, analysis.key, shown, self.snapshot.id, self.book.name, self.engine.dialect, texts, version("regulars"))
        return Result(analysis, summary, details, provenance, self._rows, self.shown)

    def _rollup(self) -> None:
        """Customers as of the day asked for; the snapshot's own day is stored with it."""
        if self.analysis.as_of != self.snapshot.as_of:
            physical = f"rollup_{_hash(self.snapshot.id, str(self.analysis.as_of), self.book.name)}"
            self.query.store("customer_rollup", physical, ROLLUP, {"as_of": self.analysis.as_of})

    def _labels(self) -> None:
        """What other analyses say of each customer, where this one splits by it."""
        known = {a.label.dimension: (a, a.label) for a in ANALYSES if a.label}
        wanted = self.analysis.labels
        if strangers := [name for name in wanted if name not in known]:
            raise error("dimension_unknown", name=strangers[0], near=did_you_mean(strangers[0], [*known, *self.analysis.known_dimensions]))
        if not wanted:
            return
        picked, joins = [], []
        for i, name in enumerate(wanted):
            analysis, label = known[name]
            result = self.workspace.run(analysis(as_of=self.analysis.as_of))
            self.query.name(f"label_{i}", f"rows_{result.provenance.key}")
            self.shown[name] = label.shown
            picked.append(f"label_{i}.{label.column} as {name}")
            joins.append(f"left join label_{i} on label_{i}.customer_id = c.customer_id")
        text = f"select c.customer_id, {', '.join(picked)} from customers as c {' '.join(joins)}"
        self.query.store("labels", f"labels_{self.key}", text, {})

    def _bounded(self, text: str, columns: list[str]) -> tuple[pa.Table, str]:
        """An answer that crosses into Python: at most 10,000 rows, exactly the declared columns in their order."""
        prepared = self.query.prepare(text, self.parameters)
        table = self.engine.query(f"{prepared.sql}\nLIMIT {SUMMARY_LIMIT + 1}", prepared.parameters)
        if table.num_rows > SUMMARY_LIMIT:
            raise error("summary_too_large", analysis=self.analysis.key, limit=SUMMARY_LIMIT, hint=self.analysis.hint)
        return table.select(columns), prepared.sql

    def _fitted(self, detail: Detail) -> tuple[pa.Table, str]:
        """Reduce in the engine, fit in Python."""
        assert detail.fit is not None
        prepared = self.query.prepare(detail.sql, self.parameters)
        lines = detail.fit(self.parameters, self.engine.query(prepared.sql, prepared.parameters))
        columns = {name: [line[name] for line in lines] for name in detail.gives}
        return pa.table(columns), prepared.sql

    def _rows(self, where: Mapping[str, Any], people: bool, limit: int | None) -> pa.Table:
        """The rows behind cells, in an order that depends on nothing but their content."""
        conditions, parameters = [], {}
        for i, (name, value) in enumerate(where.items()):
            many = isinstance(value, (list, tuple, set, frozenset))
            conditions.append(f"r.{name} is null" if value is None else f"r.{name} in :v{i}" if many else f"r.{name} = :v{i}")
            if value is not None:
                parameters[f"v{i}"] = tuple(value) if many else value
        columns = self.query.columns("rows")
        picked, source = "r.*", "rows as r"
        if people and "customer_id" in columns:
            picked += "".join(f", c.{name}" for name in PEOPLE)
            source += " left join customers as c on c.customer_id = r.customer_id"
        chosen = f" where {' and '.join(conditions)}" if conditions else ""
        bounded = f" limit {int(limit)}" if limit is not None else ""
        order = ", ".join(f"r.{name} nulls first" for name in columns)
        return self.query.ask(f"select {picked} from {source}{chosen} order by {order}{bounded}", parameters)


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


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
