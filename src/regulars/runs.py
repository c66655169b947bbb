"""One run of one analysis: from its SQL to a Result, every text through the pipeline, every store under a hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from regulars import sql
from regulars.analyses import ANALYSES
from regulars.analysis import SUMMARY_LIMIT, Analysis, Detail
from regulars.deferred import Deferred
from regulars.engines import Engine
from regulars.engines.duckdb import DuckDB
from regulars.errors import did_you_mean, error
from regulars.lineage import lineage
from regulars.result import PEOPLE, Provenance, Result
from regulars.schema import TABLES
from regulars.snapshots import Book, Snapshot
from regulars.snapshots.rollup import AS_KNOWN
from regulars.units import Column
from regulars.views import EVERYBODY, SCHEMA, View, Views, hashed, of_book

Ask = Callable[[Analysis], Result]


def run_key(analysis: Analysis, snapshot: Snapshot, book: Book, views: Views = EVERYBODY) -> str:
    """What the answer depends on, as one word."""
    return hashed(analysis.key, analysis.model_dump_json(), snapshot.id, book.name, *(view.key if view else "" for view in views))


class Query:
    """The pipeline bound to one book, and to a view of it: text and parameters in, Arrow out. What is stored on the way can be read under its own name."""

    def __init__(self, engine: Engine, book: str, view: View | None = None) -> None:
        self._engine, self._book, self._view = engine, book, view
        self._tables: dict[str, Mapping[str, str]] = dict(SCHEMA)
        self._sources: dict[str, str] = view.sources if view else {}
        self._named: set[str] = set()

    def prepare(self, text: str, parameters: Mapping[str, Any]) -> sql.Prepared:
        parameters = {**parameters, "_book": self._book}
        prepared = sql.prepare(
            text, tables=self._tables, parameters=parameters, filters=of_book(self._tables), sources=self._sources, dialect=self._engine.dialect
        )
        if self._view:
            self._view.ready(prepared.tables - self._named)
        return prepared

    def ask(self, text: str, parameters: Mapping[str, Any]) -> pa.Table:
        prepared = self.prepare(text, parameters)
        return self._engine.query(prepared.sql, prepared.parameters)

    def ask_alone(self, text: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Ask what somebody wrote with values of its own: one that the text does not name is a slip of the pen.

        Raises:
            RegularsError: ``sql_parameter``, and whatever a text can be refused for.
        """
        if unmet := sorted(parameters.keys() - sql.named(text)):
            raise error("sql_parameter", what=f"no {', '.join(':' + name for name in unmet)} in the text")
        return self.ask(text, parameters)

    def store(self, logical: str, physical: str, text: str, parameters: Mapping[str, Any], *, once: bool = False) -> sql.Prepared:
        """Keep an answer under a name, and let later texts read it as ``logical``; ``once``: they may well be one only."""
        prepared = self.prepare(text, parameters)
        keep = self._engine.foresee if once else self._engine.store
        keep(physical, prepared.sql, prepared.parameters)
        self.name(logical, physical)
        return prepared

    def name(self, logical: str, physical: str) -> None:
        """Let later texts read a stored relation under a name of their own."""
        self._tables[logical] = self._engine.columns(physical)
        self._sources[logical] = physical
        self._named.add(logical)

    def columns(self, logical: str) -> tuple[str, ...]:
        return tuple(self._tables[logical])


def compare(name: str, engine: Engine, snapshot: Snapshot) -> None:
    """Whether an engine holds what the snapshot's own file holds: the rows of every table, and the net revenue to the last digit.

    Raises:
        RegularsError: ``engine_differs``.
    """
    own = DuckDB(snapshot.file)
    try:
        for table in TABLES:
            for what in ("count(*)", "sum(net_revenue)") if table == "customer_days" else ("count(*)",):
                here, there = (_one(one, f"select {what} as n from {table}") for one in (own, engine))
                if here != there:
                    raise error("engine_differs", engine=name, table=table, here=here, there=there)
    finally:
        own.close()


def _one(engine: Engine, text: str) -> Any:
    prepared = sql.prepare(text, tables=SCHEMA, dialect=engine.dialect)
    return engine.query(prepared.sql, prepared.parameters)["n"][0].as_py()


class Run:
    """One analysis on one snapshot and book, about one population, for one reader."""

    def __init__(self, engine: Engine, snapshot: Snapshot, book: Book, analysis: Analysis, views: Views = EVERYBODY) -> None:
        self.engine, self.snapshot, self.book, self.analysis, self.views = engine, snapshot, book, analysis, views
        self.key = run_key(analysis, snapshot, book, views)
        self.query = Query(engine, book.name, views.shown)
        self.shown: dict[str, Column] = {}
        self.parameters = analysis.parameters | {"data_from": book.first_on, "data_to": book.last_on}

    def result(self, ask: Ask) -> Result:
        """The answer; ``ask`` answers for the labels of other analyses. It is not kept, so that a result does not hold all that was answered beside it."""
        analysis = self.analysis
        table = self._table(ask)
        summary = self._bounded(analysis.summary, list(analysis.columns))
        details = Deferred({name: partial(self._detail, detail) for name, detail in analysis.details.items()})
        texts = Deferred({name: partial(self._text, text) for name, text in analysis.texts.items()} | {"table": lambda: table})
        shown = analysis.model_dump(mode="json")
        about = self.views.population.condition if self.views.population else ""
        provenance = Provenance(
            self.key, analysis.key, shown, self.snapshot.id, self.book.name, self.engine.dialect, texts, version("regulars"), about, partial(lineage, analysis)
        )
        return Result(analysis, summary, details, provenance, self._rows, self.shown, counted=self._count)

    def _table(self, ask: Ask) -> str:
        """Store the rows. A restricted reader's are over what they may see, with the scores that each customer has among all."""
        self._as_known()
        self._labels(ask)
        if not (self.views.rights and self.analysis.scores):
            return self.query.store("rows", f"rows_{self.key}", self.analysis.table, self.parameters, once=True).sql
        everybody = Run(self.engine, self.snapshot, self.book, self.analysis, Views(self.views.population))
        everybody._table(ask)
        text = self.query.store("rows_seen", f"seen_{self.key}", self.analysis.table, self.parameters).sql
        self.query.name("rows_of_all", f"rows_{everybody.key}")
        picked = ", ".join(f'{"a" if name in self.analysis.scores else "s"}."{name}"' for name in self.query.columns("rows_seen"))
        self.query.store("rows", f"rows_{self.key}", f"select {picked} from rows_seen as s left join rows_of_all as a on a.customer_id = s.customer_id", {})
        return text

    def _as_known(self) -> None:
        """What is known of customers on the day asked for; the snapshot's own day is stored with it."""
        if self.analysis.as_of != self.snapshot.as_of:
            view = self.views.shown
            key = hashed(self.snapshot.id, str(self.analysis.as_of), self.book.name, view.key if view else "")
            for name, text in AS_KNOWN.items():
                self.query.store(name, f"{name}_{key}", text, {"as_of": self.analysis.as_of})

    def _labels(self, ask: Ask) -> None:
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
            result = ask(analysis(as_of=self.analysis.as_of))
            self.query.name(f"label_{i}", f"rows_{result.provenance.key}")
            self.shown[name] = label.shown
            picked.append(f"label_{i}.{label.column} as {name}")
            joins.append(f"left join label_{i} on label_{i}.customer_id = c.customer_id")
        text = f"select c.customer_id, {', '.join(picked)} from customers as c {' '.join(joins)}"
        self.query.store("labels", f"labels_{self.key}", text, {})

    def _text(self, body: str) -> str:
        """A text as the engine gets it."""
        return self.query.prepare(body, self.parameters).sql

    def _bounded(self, text: str, columns: list[str]) -> pa.Table:
        """An answer that crosses into Python: at most 10,000 rows, exactly the declared columns in their order."""
        prepared = self.query.prepare(text, self.parameters)
        table = self.engine.query(f"{prepared.sql}\nLIMIT {SUMMARY_LIMIT + 1}", prepared.parameters)
        if table.num_rows > SUMMARY_LIMIT:
            raise error("summary_too_large", analysis=self.analysis.key, limit=SUMMARY_LIMIT, hint=self.analysis.hint)
        return table.select(columns)

    def _detail(self, detail: Detail) -> pa.Table:
        """One further answer; where it is not a query, reduced in the engine and fitted in Python."""
        if detail.fit is None:
            return self._bounded(detail.sql, list(detail.gives))
        lines = detail.fit(self.parameters, self.query.ask(detail.sql, self.parameters))
        return pa.table({name: [line[name] for line in lines] for name in detail.gives})

    def _chosen(self, where: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The WHERE of the rows ``r`` behind cells, if any, and its parameters."""
        conditions, parameters = [], {}
        for i, (name, value) in enumerate(where.items()):
            many = isinstance(value, (list, tuple, set, frozenset))
            conditions.append(f"r.{name} is null" if value is None else f"r.{name} in :v{i}" if many else f"r.{name} = :v{i}")
            if value is not None:
                parameters[f"v{i}"] = tuple(value) if many else value
        return f" where {' and '.join(conditions)}" if conditions else "", parameters

    def _count(self, where: Mapping[str, Any]) -> int:
        """How many rows there are behind cells, counted in the engine."""
        chosen, parameters = self._chosen(where)
        return int(self.query.ask(f"select count(*) as n from rows as r{chosen}", parameters)["n"][0].as_py())

    def _rows(self, where: Mapping[str, Any], people: bool, limit: int | None) -> pa.Table:
        """The rows behind cells, in an order that depends on nothing but their content."""
        chosen, parameters = self._chosen(where)
        columns = self.query.columns("rows")
        picked, source = "r.*", "rows as r"
        if people and "customer_id" in columns:
            picked += "".join(f", c.{name}" for name in PEOPLE)
            source += " left join customers as c on c.customer_id = r.customer_id"
        bounded = f" limit {int(limit)}" if limit is not None else ""
        order = ", ".join(f"r.{name} nulls first" for name in columns)
        return self.query.ask(f"select {picked} from {source}{chosen} order by {order}{bounded}", parameters)
