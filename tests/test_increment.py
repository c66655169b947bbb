"""A delivery that is added to a snapshot gives what deriving everything anew gives, whatever the deliveries hold."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

import regulars as rg
from nursery import Nursery
from order_files import HEADER, as_csv, orders, revenue, write
from regulars import snapshots
from regulars.engines.duckdb import Connection, scratch, serving
from regulars.errors import RegularsError
from regulars.schema import PART_TABLES, TABLES
from regulars.snapshots import FORMAT, MANIFEST, Shelf, compaction, increment
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.derived import derive
from regulars.snapshots.increment import UnextendableError, extend
from regulars.snapshots.parts import PLACE
from regulars.snapshots.sources import keep_superseded, place_sheets, view_parts

DERIVED: Final = tuple(name for name in TABLES if name not in ("customer_rollup", "customer_months", "order_lines", "deliveries"))
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
        keep_superseded(building, deliveries, parts, Arrangement(day_starts_at))
        view_parts(building, deliveries, parts)
        place_sheets(building, parts, "sales")
        derive(building, Arrangement(day_starts_at))


def kept(connection: Connection) -> dict[str, list[Any]]:
    """Every row of every relation that is kept; ``order_lines`` follows from them and the delivered rows."""
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in (*DERIVED, *BESIDE)}


PRICES: Final = st.sampled_from([Decimal(2), Decimal(3)])
TIMES: Final = [datetime(2024, 1, day, hour) for day in (1, 2, 3) for hour in (2, 12)]


@st.composite
def sale(draw: st.DrawFn) -> Row:
    """A row of one of twenty orders. Most rows of an order agree, so that many orders are plain; the others differ in anything."""
    number, price = draw(st.integers(0, 19)), draw(PRICES)
    quantity = draw(st.sampled_from([1, 1, 1, 1, 1, 2, 3, 0, -1, -1, -2]))
    row: Row = {
        "source_sheet": "",
        "order_id": str(number),
        "customer_id": "abc"[number % 3],
        "ordered_at": TIMES[number % 6],
        "product_id": draw(st.sampled_from([None, "tea", "tea", "jam"])),
        "quantity": quantity,
        "unit_price": price,
        "amount": quantity * price,
        "cost": draw(st.sampled_from([None, None, Decimal(1)])),
        "currency": "EUR",
        "cancelled": quantity < 0,
        "store": None,
        "channel": None,
    }
    if draw(st.integers(0, 3)) == 0:
        row |= {
            "source_sheet": draw(st.sampled_from(["", "more"])),
            "order_id": draw(st.sampled_from([None, str(number)])),
            "customer_id": draw(st.sampled_from([None, "a", "b", "c"])),
            "ordered_at": draw(st.sampled_from(TIMES)),
            "amount": draw(st.sampled_from([quantity * price, -quantity * price, Decimal(-1), Decimal("0.5")])),
            "currency": draw(st.sampled_from(["EUR", "USD", None])),
            "cancelled": draw(st.sampled_from([None, False, True])),
            "store": draw(st.sampled_from([None, "north"])),
            "channel": draw(st.sampled_from([None, "web"])),
        }
    return row


CUSTOMERS: Final = st.fixed_dictionaries({"customer_id": st.sampled_from([None, "a", "d"]), "name": st.sampled_from([None, "Ann", "Anna"])})
PRODUCTS: Final = st.fixed_dictionaries(
    {
        "product_id": st.sampled_from(["tea", "jam", "rye"]),
        "category": st.sampled_from([None, "x", "y"]),
        "unit_cost": st.sampled_from([None, None, Decimal(1)]),
    }
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


def _row(number: int, customer: str | None, time: datetime, quantity: int = 1) -> Row:
    same = {"source_sheet": "", "product_id": "tea", "unit_price": Decimal(2), "currency": "EUR"}
    return same | {"order_id": str(number), "customer_id": customer, "ordered_at": time, "quantity": quantity, "amount": 2 * quantity}


@example(  # numbers are seen to start over, so order 1 of two days becomes two orders
    first=([_row(1, "a", TIMES[0]), _row(1, "a", TIMES[3]), _row(2, "a", TIMES[0])], [], [], [], []),
    later=[([_row(2, "b", TIMES[0])], [], [], [], [])],
    day_starts_at=0,
)
@example(  # refund 3 of one customer touches number 1, of which refund 2 of another takes goods back
    first=([_row(1, "a", TIMES[0]), _row(1, "b", TIMES[0]), _row(2, "b", TIMES[2], -1)], [], [], [], []),
    later=[([_row(3, "a", TIMES[4], -1)], [], [], [], [])],
    day_starts_at=0,
)
@example(  # the refund names no customer, and takes its order's
    first=([_row(2, "a", TIMES[0])], [], [], [], []),
    later=[([_row(1, "a", TIMES[2]), _row(1, None, TIMES[2], -1)], [], [], [], [])],
    day_starts_at=0,
)
@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.target], suppress_health_check=[*HealthCheck], derandomize=True)
@given(first=deliveries(20), later=st.lists(deliveries(3), min_size=1, max_size=3), day_starts_at=st.sampled_from([0, 4]))
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
            try:
                with grown.cursor() as building:
                    extend(building, here, before, parts, Arrangement(day_starts_at))  # type: ignore[arg-type]
                event("extended")
            except UnextendableError:
                event("derived anew")
                anew(grown, here, parts, day_starts_at)
            anew(fresh, there, parts, day_starts_at)
            assert kept(grown) == kept(fresh)


# --- on disk --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A year's file and three days': new orders, refunds of earlier ones, and an earlier order as it is now."""
    folder, rows = tmp_path_factory.mktemp("deliveries"), orders(120)
    back = [(f"r{number}", *row[1:5], -1, row[6]) for number, row in enumerate(rows) if number % 8 == 0]
    changed = [(*rows[40][:-1], "6.00")]
    days = [rows[:90], [*rows[90:100], *back[:6]], [*rows[100:110], *changed], [*rows[110:], *back[6:11]]]
    return [write(folder / f"{n}.csv", as_csv(HEADER, day)) for n, day in enumerate(days)]


def opened(folder: Path) -> rg.Workspace:
    return rg.open(folder, currency="EUR", time_zone="Europe/Kyiv")


def answers(shop: rg.Workspace) -> dict[str, list[str]]:
    return {name: sorted(map(str, shop.table(name).to_pylist())) for name in TABLES if name != "deliveries"}


def test_loads_extend_the_snapshot_and_reclustering_changes_nothing(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(increment, "MOST", 99)
    shop, shelf, anew = opened(tmp_path / "shop"), Shelf(tmp_path / "shop"), opened(tmp_path / "anew")
    for number, file in enumerate(files):
        shop.load(file)
        assert shop.snapshot.increments == number
        with monkeypatch.context() as patch:
            patch.setattr(Shelf, "_before", lambda *_: None)
            anew.load(file)
        assert anew.snapshot.increments == 0
        assert shop.snapshot.id == anew.snapshot.id
        assert shop.snapshot.books == anew.snapshot.books
        assert answers(shop) == answers(anew)
    assert not shelf.recluster()
    monkeypatch.setattr(snapshots, "LAYERS", 3)
    assert compaction.due(shelf)
    known = answers(shop)
    with serving(shop.snapshot.file) as reader:
        lines = reader.execute("SELECT * FROM order_lines ORDER BY ALL").fetchall()
        shop.compact()
        assert reader.execute("SELECT * FROM order_lines ORDER BY ALL").fetchall() == lines, "who reads the old file goes on reading it"
    assert shop.snapshot.increments == 0
    assert not compaction.due(shelf)
    assert answers(shop) == known == answers(opened(tmp_path / "shop"))
    assert not list((tmp_path / "shop").rglob("*.unfinished"))


def test_other_processes_read_while_the_snapshot_grows_and_is_reclustered(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(increment, "MOST", 99)
    monkeypatch.setattr(snapshots, "LAYERS", 1)
    whole = opened(tmp_path / "whole")
    totals = {}
    for file in files:
        whole.load(file)
        totals[whole.snapshot.id] = str(revenue(whole))
    shop = opened(tmp_path / "shop")
    shop.load(files[0])
    with Nursery() as nursery:
        nursery.order("read", tmp_path / "shop", whole.snapshot.id)
        told = nursery.told()
        next(value for _, word, value in told if word == "answer")
        for file in files[1:]:
            shop.load(file)
            assert Shelf(tmp_path / "shop").recluster()
        for _, word, value in told:
            assert word not in {"refused", "crashed"}, value
            if word == "ended":
                break
            if word == "answer":
                assert value[1] == totals[value[0]]


def test_a_delivery_that_touches_much_is_derived_anew(files: list[Path], tmp_path: Path) -> None:
    shop = opened(tmp_path / "shop")
    shop.load(files[1])
    shop.load(files[0])
    assert shop.snapshot.increments == 0


def test_a_snapshot_in_force_that_cannot_be_read_is_derived_anew(files: list[Path], tmp_path: Path) -> None:
    shop = opened(tmp_path / "shop")
    shop.load(files[0])
    shop.snapshot.file.unlink()
    shop.load(files[1])
    assert len(shop.imports) == 2
    assert answers(shop)["orders"]


def _rewritten(folder: Path, **values: Any) -> None:
    """The snapshot in force as another version of Regulars left it: under another id, its file of a layout of its own."""
    place = folder / "snapshots" / (folder / "current").read_text()
    told = json.loads((place / MANIFEST).read_text()) | {"id": "other"} | values
    (place / MANIFEST).write_text(json.dumps(told))
    (place / "regulars.duckdb").write_bytes(b"another layout")
    place.rename(place.with_name("other"))
    (folder / "current").write_text("other")


def test_a_workspace_of_an_older_format_is_derived_anew(files: list[Path], tmp_path: Path) -> None:
    shop = opened(tmp_path / "shop")
    for file in files[:2]:
        shop.load(file)
    known, id_ = answers(shop), shop.snapshot.id
    shop.close()
    shutil.copytree(tmp_path / "shop", tmp_path / "loaded")
    for folder in (tmp_path / "shop", tmp_path / "loaded"):
        _rewritten(folder, format=FORMAT - 1)
    old = opened(tmp_path / "shop")
    assert answers(old) == known
    assert old.snapshot.id == id_
    loaded = opened(tmp_path / "loaded")
    loaded.load(files[2])
    assert len(loaded.imports) == 3
    assert loaded.snapshot.format == FORMAT


def test_a_workspace_of_a_newer_version_says_which_one_it_needs(files: list[Path], tmp_path: Path) -> None:
    opened(tmp_path / "shop").load(files[0])
    _rewritten(tmp_path / "shop", format=FORMAT + 1, version="9.1.0")
    for ask in ("snapshot", "imports"):
        with pytest.raises(RegularsError, match=r"9\.1\.0") as found:
            getattr(opened(tmp_path / "shop"), ask)
        assert found.value.code == "workspace_newer"
    with pytest.raises(RegularsError, match=r"9\.1\.0"):
        opened(tmp_path / "shop").load(files[1])
