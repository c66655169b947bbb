"""One book in memory: a few sales, the ledger derived from them, and analyses run on it without files or folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from regulars import sql
from regulars.analysis import Analysis, Detail
from regulars.engines.duckdb import scratch
from regulars.result import Provenance, Result
from regulars.schema import PART_TABLES, TABLES
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.derived import derive
from regulars.snapshots.rollup import AS_KNOWN

ARROW = {"text": pa.string(), "integer": pa.int64(), "timestamp": pa.timestamp("us"), "date": pa.date32(), "flag": pa.bool_()}


class Sale(NamedTuple):
    """One row of an order file; a refund has a negative quantity."""

    order: str | None
    customer: str | None
    at: datetime
    quantity: int = 1
    price: Decimal = Decimal("10.00")
    product: str | None = "tea"
    cost: Decimal | None = None
    store: str | None = None
    channel: str | None = None
    currency: str = "EUR"


def day(text: str, hour: int = 12) -> datetime:
    """Noon of a day, or another full hour."""
    return datetime.fromisoformat(f"{text}T{hour:02d}:00:00")


class SmallBook:
    """The relations of a snapshot over the given sales, customers and products."""

    def __init__(
        self,
        sales: Iterable[Sale],
        customers: Iterable[Mapping[str, Any]] = (),
        products: Iterable[Mapping[str, Any]] = (),
        **further: Iterable[Mapping[str, Any]],
    ) -> None:
        self._engine = scratch()
        rows: list[Mapping[str, Any]] = [_row(n, sale) for n, sale in enumerate(sales, start=2)]
        given_parts: dict[str, list[Mapping[str, Any]]] = {"sales": rows, "customers": list(customers), "products": list(products)}
        given_parts |= {name: [_placed(name, n, row) for n, row in enumerate(rows, start=2)] for name, rows in further.items()}
        parts = {name if name == "sales" else f"part_{name}": given_parts.get(name, []) for name in PART_TABLES}
        for name, given in parts.items():
            table = PART_TABLES[name.removeprefix("part_")]
            columns = {f.name: [row.get(f.name) for row in given] for f in table.fields}
            self._engine.register(f"given_{name}", pa.table({f.name: pa.array(columns[f.name], ARROW.get(f.type, pa.decimal128(18, 4))) for f in table.fields}))
            self._engine.execute(f"create view {name} as select * from given_{name}")
        self._engine.execute("create temp table places as select distinct import_id, source_sheet, 1 as place from sales")
        derive(self._engine, Arrangement())
        first, last = self._engine.execute("select min(ordered_on), max(booked_on) from customer_days").fetchall()[0]
        self.first_on, self.last_on = first, last

    def relation(self, name: str) -> list[dict[str, Any]]:
        """All rows of a canonical table."""
        return list(self._engine.execute(f"select * from {name}").to_arrow_table().to_pylist())

    def run(self, analysis: Analysis, labels: Mapping[str, Mapping[str, str]] | None = None) -> Result:
        """The answer, by the same texts and the same pipeline as in a workspace. ``labels``: customer → {dimension: value}."""
        analysis = analysis.model_copy(update={"as_of": analysis.as_of or self.last_on})
        tables = {name: dict(table.columns) for name, table in TABLES.items()}
        parameters = analysis.parameters | {"data_from": self.first_on, "data_to": self.last_on}

        def ask(text: str, **more: Any) -> pa.Table:
            prepared = sql.prepare(text, tables=tables, parameters=parameters | more)
            return self._engine.execute(prepared.sql, prepared.parameters or None).to_arrow_table()

        def keep(name: str, table: pa.Table) -> None:
            self._engine.register(name, table)
            described = self._engine.execute(f'describe "{name}"').fetchall()
            tables[name] = {column: kind for column, kind, *_ in described}

        for known, text in AS_KNOWN.items():
            keep(known, ask(text))
        if labels:
            dimensions = sorted({d for said in labels.values() for d in said})
            keep("labels", pa.table({"customer_id": list(labels), **{d: [said.get(d) for said in labels.values()] for d in dimensions}}))
        keep("rows", ask(analysis.table))
        summary = ask(analysis.summary).select(list(analysis.columns))
        details = {name: _answered(detail, ask(detail.sql), parameters) for name, detail in analysis.details.items()}

        def rows(where: Mapping[str, Any], people: bool, limit: int | None) -> pa.Table:
            met = " and ".join(f"{name} is not distinct from :w_{name}" for name in where) or "true"
            return ask(f"select * from rows where {met}", **{f"w_{name}": value for name, value in where.items()})

        provenance = Provenance("-", analysis.key, {}, "-", "EUR", "duckdb", {}, "-")
        return Result(analysis, summary, details, provenance, rows)


def _placed(name: str, number: int, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row of a further table, with its place."""
    return {"import_id": "i", "source_sheet": name, "source_row": number} | row


def _row(number: int, sale: Sale) -> dict[str, Any]:
    return {
        "import_id": "first",
        "source_sheet": "",
        "source_row": number,
        "order_id": sale.order,
        "customer_id": sale.customer,
        "ordered_at": sale.at,
        "product_id": sale.product,
        "quantity": Decimal(sale.quantity),
        "unit_price": sale.price,
        "amount": sale.quantity * sale.price,
        "cost": None if sale.cost is None else sale.quantity * sale.cost,
        "currency": sale.currency,
        "cancelled": sale.quantity < 0,
        "store": sale.store,
        "channel": sale.channel,
    }


def _answered(detail: Detail, found: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """A detail's rows: as asked, or as fitted to what was asked."""
    if detail.fit is None:
        return found.select(list(detail.gives))
    lines = detail.fit(parameters, found)
    return pa.table({name: [line[name] for line in lines] for name in detail.gives})
