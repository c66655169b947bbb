"""A delivery that is added to a snapshot gives what deriving everything anew gives, whatever the deliveries hold."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import regulars as rg
from order_files import HEADER, as_csv, orders, write
from regulars import snapshots
from regulars.engines.duckdb import Connection, scratch, serving
from regulars.errors import RegularsError
from regulars.schema import PART_TABLES, TABLES
from regulars.snapshots import FORMAT, MANIFEST, Shelf, increment
from regulars.snapshots.derived import derive
from regulars.snapshots.increment import extend
from regulars.snapshots.parts import PLACE
from regulars.snapshots.sources import keep_superseded, place_sheets, view_parts

DERIVED: Final = tuple(name for name in TABLES if name not in ("customer_rollup", "customer_months", "order_lines"))
BESIDE: Final = ("entangled", "entangled_lines", "used_numbers", "habits", "unit_costs", "superseded")
"""What a snapshot keeps beside the relations of the schema."""

Row = dict[str, Any]
Delivery = tuple[list[Row], list[Row], list[Row], list[Row], list[int]]
"""Sales, customers, products and payments, and which of the earlier sales are replaced."""


class Delivered:
    """Deliveries in memory, read as ``Parts`` reads those on disk."""

    def __init__(self, connection: Connection) -> None:
        connection.execute("CREATE SCHEMA given")
        for table in PART_TABLES.values():
            connection.execute(f"CREATE TABLE given.{table.name} ({', '.join(f'{name} {kind}' for name, kind in table.columns.items())})")
        connection.execute("CREATE TABLE given.superseded (import_id VARCHAR, source_sheet VARCHAR, source_row BIGINT, superseded_by VARCHAR)")
        self._connection = connection

    def add(self, part: str, delivery: Delivery) -> None:
        sales, customers, products, payments, replaced = delivery
        earlier = self._connection.execute(f"SELECT {', '.join(PLACE)} FROM given.sales ANTI JOIN given.superseded USING (import_id, source_row)").fetchall()
        for place in sorted({earlier[n % len(earlier)] for n in replaced} if earlier else ()):
            self._connection.execute("INSERT INTO given.superseded VALUES (?, ?, ?, ?)", [*place, part])
        for table, rows in (("sales", sales), ("customers", customers), ("products", products), ("payments", payments)):
            for number, row in enumerate(rows, start=2):
                told = row | {"import_id": part, "source_sheet": row.get("source_sheet", ""), "source_row": number}
                self._connection.execute(f"INSERT INTO given.{table} ({', '.join(told)}) VALUES ({', '.join('?' * len(told))})", [*told.values()])

    def rows(self, table: str, parts: Sequence[str]) -> str:
        return f"SELECT * FROM given.{table} WHERE {_among('import_id', parts)}"

    def superseded(self, parts: Sequence[str]) -> str:
        return f"SELECT * FROM given.superseded WHERE {_among('superseded_by', parts)}"


def _among(column: str, parts: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(part) for part in (*parts, ''))})"


def anew(connection: Connection, deliveries: Any, parts: tuple[str, ...], day_starts_at: int) -> None:
    """Derive everything from these deliveries."""
    for name in (*DERIVED, *BESIDE):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    with connection.cursor() as building:
        keep_superseded(building, deliveries, parts)
        view_parts(building, deliveries, parts)
        place_sheets(building, parts, "sales")
        derive(building, day_starts_at)


def kept(connection: Connection) -> dict[str, list[Any]]:
    """Every row of every relation that is kept; ``order_lines`` follows from them and the delivered rows."""
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in (*DERIVED, *BESIDE)}


PRICES: Final = st.sampled_from([Decimal(2), Decimal(3)])


@st.composite
def sale(draw: st.DrawFn) -> Row:
    quantity, price = draw(st.sampled_from([1, 1, 1, 2, 3, 0, -1, -1, -2])), draw(PRICES)
    amount = quantity * price
    if draw(st.integers(0, 9)) == 0:
        amount = draw(st.sampled_from([Decimal(-1), Decimal(0), Decimal("0.5"), -amount]))
    return {
        "source_sheet": draw(st.sampled_from(["", "", "", "more"])),
        "order_id": draw(st.sampled_from([None, "1", "2", "3", "4", "5", "6", "7", "8", "9"])),
        "customer_id": draw(st.sampled_from([None, "a", "b", "c"])),
        "ordered_at": draw(st.sampled_from([datetime(2024, 1, day, hour) for day in (1, 2, 3) for hour in (2, 12)])),
        "product_id": draw(st.sampled_from([None, "tea", "tea", "jam"])),
        "quantity": quantity,
        "unit_price": price,
        "amount": amount,
        "cost": draw(st.sampled_from([None, None, Decimal(1)])),
        "currency": draw(st.sampled_from(["EUR", "EUR", "EUR", "USD", None])),
        "cancelled": draw(st.sampled_from([None, False, False, False, True])),
        "store": draw(st.sampled_from([None, "north"])),
        "channel": draw(st.sampled_from([None, None, None, "web"])),
    }


CUSTOMERS: Final = st.fixed_dictionaries({"customer_id": st.sampled_from([None, "a", "d"]), "name": st.sampled_from([None, "Ann", "Anna"])})
PRODUCTS: Final = st.fixed_dictionaries(
    {"product_id": st.sampled_from(["tea", "jam", "rye"]), "category": st.sampled_from([None, "x", "y"]), "unit_cost": st.sampled_from([None, None, Decimal(1)])}
)
PAYMENTS: Final = st.fixed_dictionaries({"payment_id": st.just("p"), "paid_at": st.just(datetime(2024, 1, 2, 2)), "amount": PRICES})


def deliveries(most: int) -> st.SearchStrategy[Delivery]:
    return st.tuples(
        st.lists(sale(), min_size=1, max_size=most),
        st.lists(CUSTOMERS, max_size=1),
        st.lists(PRODUCTS, max_size=1),
        st.lists(PAYMENTS, max_size=1),
        st.one_of(st.just([]), st.lists(st.integers(0, 99), max_size=2)),
    )


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.target], suppress_health_check=[*HealthCheck], derandomize=True)
@given(first=deliveries(14), later=st.lists(deliveries(3), min_size=1, max_size=4), day_starts_at=st.sampled_from([0, 4]))
def test_each_delivery_gives_what_deriving_anew_gives(first: Delivery, later: list[Delivery], day_starts_at: int) -> None:
    with pytest.MonkeyPatch.context() as patch, scratch() as grown, scratch() as fresh:
        patch.setattr(increment, "MOST", 99)
        for connection in (grown, fresh):
            connection.execute("SET threads = 1")
        here, there = Delivered(grown), Delivered(fresh)
        parts: tuple[str, ...] = ()
        for number, delivery in enumerate((first, *later), start=1):
            before, parts = parts, (*parts, f"{number:05d}-x")
            for delivered in (here, there):
                delivered.add(parts[-1], delivery)
            if not before:
                anew(grown, here, parts, day_starts_at)
                continue
            with grown.cursor() as building:
                done = extend(building, here, before, parts, day_starts_at)  # type: ignore[arg-type]
            event(f"extended: {done}")
            if not done:
                anew(grown, here, parts, day_starts_at)
            anew(fresh, there, parts, day_starts_at)
            assert kept(grown) == kept(fresh)
