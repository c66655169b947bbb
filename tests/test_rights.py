"""Rights: a reader sees what they may see, by whatever road they try; scores are still those among everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar

import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

import regulars as rg
from regulars.engines.duckdb import DuckDB, scratch
from regulars.rights import Kept, Rights
from regulars.runs import Query
from regulars.schema import ABOUT_LOADING, TABLES
from regulars.snapshots import Book, Snapshot
from regulars.snapshots.arrangement import Arrangement
from regulars.sql import DIALECTS
from regulars.views import View
from two_stores import opened

LEEDS = Rights(customers="city = 'Leeds'")
NORTH = Rights(orders="store = 'North'")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rg.Workspace]:
    with opened(tmp_path_factory.mktemp("rights")) as workspace:
        yield workspace


def rows(workspace: rg.Workspace, analysis: Any, **how: Any) -> dict[str, dict[str, Any]]:
    return {row["customer_id"]: row for row in workspace.run(analysis).rows(**how).to_arrow().to_pylist()}


# what a restricted reader gets


def test_the_overview_counts_what_is_seen(shop: rg.Workspace) -> None:
    orders = shop.seen_by(NORTH).sql("select count(*) as n from orders where cancelled_on is null")["n"][0].as_py()
    seen = shop.seen_by(NORTH)
    for shown in (repr(seen), seen._repr_html_()):
        assert f"{orders} orders" in shown or f">{orders}<" in shown
        assert "csv" not in shown
    assert repr(seen).splitlines()[1] != repr(shop).splitlines()[1]


def test_books_tell_what_is_seen_and_deliveries_nothing(shop: rg.Workspace) -> None:
    seen, whole = shop.seen_by(NORTH), shop.chosen_book
    counted = seen.sql("select sum(orders) as orders, sum(net_revenue) as net_revenue from customer_days").to_pylist()[0]
    for book in (seen.chosen_book, seen.snapshot.books[0], seen.book(whole.name).chosen_book):
        assert (book.name, book.first_on, book.last_on) == (whole.name, whole.first_on, whole.last_on)
        assert (book.orders, Decimal(book.net_revenue)) == (counted["orders"], counted["net_revenue"])
        assert 0 < book.orders < whole.orders
    assert seen.snapshot.id == shop.snapshot.id
    assert shop.seen_by(Rights(customers="city = 'Nowhere'")).chosen_book.orders == 0
    for reader in (seen, seen.where("city = 'Leeds'"), seen.book(whole.name)):
        with pytest.raises(rg.RegularsError) as raised:
            _ = reader.imports
        assert raised.value.code == "not_allowed"
    assert len(shop.imports) == len(shop.where("city = 'Leeds'").imports)


def test_the_overview_of_a_population_is_of_it_and_says_so(shop: rg.Workspace) -> None:
    some = shop.where("city = 'Leeds'")
    orders = some.sql("select sum(orders) as n from customer_days")["n"][0].as_py()
    assert 0 < orders < shop.chosen_book.orders
    assert repr(some).splitlines()[1] == "Only where customers.city = 'Leeds'."
    assert f" {orders} orders, " in repr(some).splitlines()[2]
    assert "Only where customers.city = &#39;Leeds&#39;." in some._repr_html_()
    assert f">{orders}<" in some._repr_html_()
    assert "csv" not in repr(some) + some._repr_html_(), "the deliveries are of all"
    assert "Only where" not in repr(shop) + shop._repr_html_()
    assert " 0 orders, " in repr(shop.where("city = 'Nowhere'"))


@pytest.mark.parametrize("analysis", [rg.RFM(), rg.CPM(), rg.Concentration(), rg.Retention(), rg.KPIs()], ids=lambda a: a.key)
def test_rights_to_customers_show_their_rows_as_everybody_has_them(shop: rg.Workspace, analysis: Any) -> None:
    mine = set(shop.sql("select customer_id from customers where city = 'Leeds'")["customer_id"].to_pylist())
    everybody = shop.run(analysis).rows().to_arrow().to_pylist()
    seen = shop.seen_by(LEEDS).run(analysis)
    kept = [row for row in everybody if row["customer_id"] in mine]
    got = seen.rows().to_arrow().to_pylist()
    if analysis.key == "retention":  # a cohort's place counts the cohorts that are seen
        kept, got = ([{**row, "cohort_place": None} for row in found] for found in (kept, got))
    assert kept
    assert sorted(map(repr, got)) == sorted(map(repr, kept))


def test_sums_are_over_what_is_seen_and_scores_among_all(shop: rg.Workspace) -> None:
    everybody, seen = rows(shop, rg.RFM()), rows(shop.seen_by(NORTH), rg.RFM())
    north = shop.where("store = 'North'")
    assert 0 < len(seen) <= len(everybody)
    alone = rows(north, rg.RFM())
    assert {k: (r["monetary"], r["frequency"], r["recency_days"]) for k, r in seen.items()} == {
        k: (r["monetary"], r["frequency"], r["recency_days"]) for k, r in alone.items()
    }
    for name in ("r", "f", "m", "segment"):
        assert {k: r[name] for k, r in seen.items()} == {k: everybody[k][name] for k in seen}
    assert any(seen[k]["m"] != alone[k]["m"] for k in seen)
    assert sum(seen[k]["monetary"] for k in seen) == shop.seen_by(NORTH).run(rg.RFM()).answer.only("totals").value("revenue")


def test_labels_of_others_are_those_among_all(shop: rg.Workspace) -> None:
    segments = {k: r["segment"] for k, r in rows(shop, rg.RFM()).items()}
    split = shop.seen_by(NORTH).run(rg.KPIs(by=("rfm_segment",))).rows().to_arrow().to_pylist()
    assert any(row["rfm_segment"] for row in split)
    assert all(row["rfm_segment"] in (None, segments.get(row["customer_id"])) for row in split)


def test_rights_and_filters_go_together(shop: rg.Workspace) -> None:
    chosen = shop.where("store = 'North'").seen_by(LEEDS)
    within = rows(shop.where("store = 'North'"), rg.RFM())
    assert {k: r["m"] for k, r in rows(chosen, rg.RFM()).items()} == {k: r["m"] for k, r in within.items() if k in rows(chosen, rg.RFM())}
    narrowed = shop.seen_by(LEEDS).where("store = 'North'")
    both = shop.where("store = 'North' and city = 'Leeds'")
    assert narrowed.run(rg.RFM()).summary == both.run(rg.RFM()).summary
    twice = shop.seen_by(LEEDS).seen_by(NORTH)
    assert set(rows(twice, rg.RFM())) == set(rows(both, rg.RFM()))


def test_no_filter_of_a_reader_compares_with_the_hidden(shop: rg.Workspace) -> None:
    """A population of one's own choice is chosen among what one may see; else deciles would tell who is above whom."""
    hidden, mine = "c01", "c00"
    reader = shop.seen_by(Rights(customers=f"customer_id <> '{hidden}'"))
    assert set(rows(reader.where("customer_id in ('c00', 'c01')"), rg.Concentration())) == {mine}
    assert rows(reader.where("customer_id in ('c00', 'c01')"), rg.Concentration())[mine]["place"] == 1


def test_personal_fields_are_left_empty(shop: rg.Workspace) -> None:
    reader = shop.seen_by(Rights(personal=False))
    personal = [field.name for field in TABLES["customers"].fields if field.personal]
    customers = reader.table("customers").to_pylist()
    assert len(customers) == shop.table("customers").num_rows
    assert all(row[name] is None for row in customers for name in personal)
    assert {row["city"] for row in customers} == {"Lviv", "Leeds", "Hangzhou"}
    people = reader.run(rg.RFM()).rows(people=True).to_arrow().to_pylist()
    assert people
    assert all(row["name"] is row["phone"] is row["email"] is None for row in people)
    assert reader.sql("select count(*) as n from customers where name like 'Person%'")["n"].to_pylist() == [0]
    assert rows(reader.seen_by(LEEDS), rg.RFM(), people=True)["c01"]["name"] is None


def test_people_tables_and_rejected_rows_obey(shop: rg.Workspace) -> None:
    reader = shop.seen_by(LEEDS)
    assert set(reader.table("customers")["city"].to_pylist()) == {"Leeds"}
    assert set(rows(reader, rg.RFM(), people=True)) < set(rows(shop, rg.RFM(), people=True))
    for forbidden in (lambda: reader.table("rejected"), lambda: reader.engine, lambda: reader.where("store = 'North'").table("rejected")):
        with pytest.raises(rg.RegularsError) as raised:
            forbidden()
        assert raised.value.code == "not_allowed"


def test_answers_of_two_readers_are_never_mixed_up(shop: rg.Workspace) -> None:
    keys = {w.run(rg.RFM()).provenance.key for w in (shop, shop.seen_by(LEEDS), shop.seen_by(NORTH), shop.where("city = 'Leeds'"))}
    assert len(keys) == 4
    assert shop.seen_by(LEEDS).run(rg.RFM()) is shop.seen_by(Rights(customers="city = 'Leeds'")).run(rg.RFM())


@pytest.mark.parametrize("given", [{"customers": "store = 'North'"}, {"orders": "city = 'Leeds'"}, {"customers": "1 = 1) or (1 = 1"}, {"orders": ""}])
def test_wrong_rights_are_refused_when_they_are_written(given: dict[str, Any]) -> None:
    with pytest.raises(rg.RegularsError) as raised:
        Rights(**given)
    assert raised.value.code in ("sql_no_such_column", "sql_syntax", "sql_not_allowed")


# roads around

HIDDEN = "c02"
ROADS = {
    "a CTE named like the table": "with orders as (select * from orders) select customer_id from orders",
    "a CTE shadowing another": "with a as (select customer_id from orders), b as (select customer_id from a) select customer_id from b",
    "a CTE in another case": "with ORDERS as (select * from Orders) select customer_id from oRdErS",
    "exists": "select o.customer_id from order_lines as o where exists (select 1 from orders as x where x.order_id = o.order_id)",
    "in": "select customer_id from payments where customer_id in (select customer_id from customers) union all select customer_id from orders",
    "not in": "select customer_id from orders where customer_id not in (select customer_id from customers)",
    "lateral": "select t.customer_id from customers cross join lateral (select customer_id from orders) as t",
    "self join": "select b.customer_id from orders as a join orders as b on 1 = 1",
    "outer join": "select o.customer_id from customers as c full join orders as o on o.customer_id = c.customer_id",
    "union": "select customer_id from customers union all select customer_id from customer_days union all select customer_id from returns",
    "an alias of another name": "select customers.customer_id from orders as customers",
    "two aliases swapped": "select customers.customer_id from orders as customers join customers as orders on orders.customer_id = customers.customer_id",
    "quoted": 'select "customer_id" from "orders"',
    "quoted upper case": 'select customer_id from "ORDERS"',
    "main": "select customer_id from main.orders",
    "memory": "select customer_id from memory.main.orders",
    "snapshot": "select customer_id from snapshot.orders",
    "snapshot.main": "select customer_id from snapshot.main.orders",
    "a schema in quotes": 'select customer_id from "snap_x".orders',
    "read_csv": "select * from read_csv('/etc/passwd')",
    "read_parquet": "select * from read_parquet('parts/*/sales.parquet')",
    "duckdb_tables": "select * from duckdb_tables()",
    "a file": "select * from 'orders.csv'",
    "information_schema": "select table_name as customer_id from information_schema.tables",
    "pg_catalog": "select relname as customer_id from pg_catalog.pg_class",
    "comments": "select customer_id from /* visible */ orders -- where\n",
    "semicolon": "select customer_id from orders; select customer_id from orders",
    "rollup": "select customer_id from customer_rollup",
    "subquery in select": "select (select max(customer_id) from orders) as customer_id",
    "having": "select customer_id from orders group by customer_id having count(*) >= 0",
    "values": "select o.customer_id from (values (1)) as v(n) cross join orders as o",
    "a stored relation": "select customer_id from rows",
}

CLOSED = {
    *("a CTE named like the table", "a CTE in another case", "lateral", "main", "memory", "snapshot", "snapshot.main", "a schema in quotes"),
    *("read_csv", "read_parquet", "duckdb_tables", "a file", "information_schema", "pg_catalog", "semicolon", "a stored relation"),
}
"""Roads that are refused; the others lead to what may be seen."""


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("rights", [LEEDS, NORTH], ids=["customers", "orders"])
def test_every_road_is_closed_or_leads_to_what_may_be_seen(shop: rg.Workspace, rights: Rights, road: str) -> None:
    reader = shop.seen_by(rights)
    may = set(reader.sql("select customer_id from customers")["customer_id"].to_pylist()) | {None}
    lines = reader.sql("select count(*) as n from order_lines")["n"][0].as_py()
    assert HIDDEN in shop.sql("select customer_id from orders")["customer_id"].to_pylist()
    if road in CLOSED:
        with pytest.raises(rg.RegularsError) as raised:
            reader.sql(ROADS[road])
        assert raised.value.code in ("sql_not_allowed", "sql_no_such_table", "sql_syntax")
        return
    found = reader.sql(ROADS[road])
    assert set(found["customer_id"].to_pylist()) <= may
    assert road == "self join" or found.num_rows <= lines * 3


def test_physical_names_cannot_be_read(shop: rg.Workspace) -> None:
    everybody = shop.run(rg.RFM())
    reader = shop.seen_by(LEEDS)
    reader.run(rg.RFM())
    stored = [name for (name,) in shop.engine._connection.execute("select table_name from duckdb_tables()").fetchall()]  # type: ignore[attr-defined]
    assert f"rows_{everybody.provenance.key}" in stored
    for name in stored:
        if name not in TABLES:
            for text in (f"select * from {name}", f'select * from "{name}"', f'select * from memory.main."{name}"'):
                with pytest.raises(rg.RegularsError):
                    reader.sql(text)


@pytest.mark.parametrize("value", ["Leeds' or 1 = 1 --", "x'; drop table orders --", "(select max(city) from customers)"])
def test_parameters_are_values(shop: rg.Workspace, value: str) -> None:
    assert shop.seen_by(LEEDS).sql("select customer_id from customers where city = :city", city=value).num_rows == 0


def test_outer_joins_do_not_feel_hidden_rows(shop: rg.Workspace) -> None:
    reader = shop.seen_by(Rights(orders="order_id = 'o1'"))
    text = "select c.customer_id, count(o.order_id) as n from customers as c left join orders as o on o.customer_id = c.customer_id group by c.customer_id"
    assert reader.sql(text)["n"].to_pylist() == [1]
    assert reader.sql("select count(*) as n from customer_days")["n"].to_pylist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "select cast(name as int) as x from customers",
        "select name from customers where cast(phone as int) > 0",
        "select max(cast(order_id as int)) as x from orders",
        "select 1 as x from customers as c join orders as o on cast(c.name as int) = cast(o.order_id as int)",
    ],
)
def test_errors_tell_nothing_of_hidden_rows(shop: rg.Workspace, text: str) -> None:
    """A cast that fails on a hidden row would print it, or tell by failing that it is there."""
    nobody = shop.seen_by(Rights(customers="city = 'Nowhere'"))
    assert all(value is None for row in nobody.sql(text).to_pylist() for value in row.values())
    with pytest.raises(rg.RegularsError) as raised:
        shop.seen_by(Rights(customers="customer_id = 'c04'")).sql(text)
    hidden = set(shop.sql("select name from customers where customer_id <> 'c04'")["name"].to_pylist())
    assert not any(name in str(raised.value) for name in hidden)


def test_a_right_that_does_not_fit_tells_no_value(shop: rg.Workspace) -> None:
    reader = shop.seen_by(Rights(customers="cast(name as int) = 1"))
    with pytest.raises(rg.RegularsError) as raised:
        reader.run(rg.RFM())
    assert raised.value.code == "condition_failed"
    assert "Person" not in str(raised.value)
    assert raised.value.__cause__ is None


# the same as if the hidden rows were not there at all


class Held(DuckDB):
    """The canonical tables, held in memory."""

    dialect: ClassVar[str] = "duckdb"

    def __init__(self, customers: list[tuple[str, str | None]], orders: list[tuple[str, str | None, str | None, int]]) -> None:
        self._connection, self._lock, self._foreseen, self._kept = scratch(), RLock(), {}, set()
        self._connection.execute("attach ':memory:' as snapshot")
        for name, table in TABLES.items():
            columns = ", ".join(f"{column} {kind}" for column, kind in table.columns.items())
            self._connection.execute(f"create table snapshot.main.{name} ({columns})")
        for customer, city in customers:
            self._connection.execute("insert into snapshot.main.customers (customer_id, city) values (?, ?)", [customer, city])
        for order, buyer, store, revenue in orders:
            day = date(2024, 1, 1 + revenue % 28)
            self._connection.execute(
                "insert into snapshot.main.orders (order_id, customer_id, store, book, ordered_on, net_revenue) values (?, ?, ?, 'EUR', ?, ?)",
                [order, buyer, store, day, Decimal(revenue)],
            )
            self._connection.execute(
                "insert into snapshot.main.order_lines (order_id, line_number, customer_id, book, ordered_on, booked_on, kind, quantity, amount) "
                "values (?, 1, ?, 'EUR', ?, ?, 'sale', 1, ?)",
                [order, buyer, day, day, Decimal(revenue)],
            )


QUESTIONS = (
    "select customer_id, city from customers",
    "select store, count(*) as n, sum(net_revenue) as x from orders group by store",
    "select c.city, count(o.order_id) as n, min(o.net_revenue) as x from customers as c full join orders as o on o.customer_id = c.customer_id group by c.city",
    "select order_id, rank() over (order by net_revenue nulls first) as place from orders",
    "select count(*) as n from orders as a cross join orders as b where a.net_revenue > b.net_revenue",
    "select customer_id from customers where customer_id not in (select customer_id from orders where customer_id is not null)",
    "with t as (select customer_id, score(net_revenue, 3) as s from orders) select customer_id, s from t",
    "select sum(amount) as x, count(distinct customer_id) as n from order_lines",
    "select case when exists (select 1 from orders where net_revenue > 20) then 1 else 0 end as any_large",
)
CUSTOMERS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["Leeds", "Lviv", None])), unique_by=lambda row: row[0], max_size=6)
ORDERS = st.lists(
    st.tuples(st.sampled_from("123456789"), st.sampled_from([*"abcdef", None]), st.sampled_from(["North", "South", None]), st.integers(0, 40)),
    unique_by=lambda row: row[0],
    max_size=9,
)


@given(CUSTOMERS, ORDERS, st.sampled_from(["customers", "orders"]), st.sampled_from(QUESTIONS))
def test_an_answer_is_that_of_a_database_without_the_hidden_rows(customers: Any, orders: Any, kind: str, text: str) -> None:
    missing = {person for _, person, *_ in orders if person} - {person for person, _ in customers}
    customers = [*customers, *((person, None) for person in sorted(missing))]
    if kind == "customers":
        kept = Kept(customers="customers.city = 'Leeds'")
        people = [row for row in customers if row[1] == "Leeds"]
        sales = [row for row in orders if row[1] in {person for person, _ in people}]
    else:
        kept = Kept(orders="orders.store = 'North'")
        sales = [row for row in orders if row[2] == "North"]
        people = [row for row in customers if row[0] in {person for _, person, *_ in sales}]
    book = Book("EUR", date(2024, 1, 1), date(2024, 1, 31), len(orders), "0")
    snapshot = Snapshot("s", Path(), (), (book,), Arrangement())
    everything, visible = Held(customers, orders), Held(people, sales)
    seen = Query(everything, "EUR", View(everything, snapshot, book, kept)).ask(text, {})
    assert _content(seen) == _content(Query(visible, "EUR").ask(text, {}))


def _content(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


class Watched:
    """An engine that only remembers what it was asked to store."""

    def __init__(self, dialect: str = "duckdb") -> None:
        self.dialect = dialect
        self.stored: dict[str, str] = {}

    def store(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        self.stored[name.rpartition("_")[0]] = sql


def test_a_view_makes_only_what_is_read(shop: rg.Workspace) -> None:
    engine = Watched()
    view = View(engine, shop.snapshot, shop.chosen_book, Kept(customers="customers.city = 'Leeds'"))  # type: ignore[arg-type]
    view.ready({"orders", "products"})
    view.ready({"orders"})
    assert list(engine.stored) == ["orders"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("where", ["city = 'Leeds'", "store = 'North' and city = 'Leeds'", "product_id = 'p1' and days_between(ordered_on, '2024-01-01') > 3"])
def test_views_are_written_for_every_engine(shop: rg.Workspace, where: str, dialect: str) -> None:
    engine = Watched(dialect)
    view = View(engine, shop.snapshot, shop.chosen_book, Kept.where(where))  # type: ignore[arg-type]
    view.ready(set(TABLES))
    assert set(engine.stored) == {name for name, table in TABLES.items() if "customer_id" in table.columns}
    for text in engine.stored.values():
        assert sqlglot.parse_one(text, read=dialect)


@pytest.mark.parametrize("name", sorted(ABOUT_LOADING))
def test_tables_that_tell_of_all_the_data_are_empty_for_a_restricted_reader(shop: rg.Workspace, name: str) -> None:
    assert shop.seen_by(rg.Rights(orders="store = 'North'")).sql(f"select * from {name}").num_rows == 0
    assert shop.seen_by(rg.Rights(personal=False)).sql(f"select * from {name}").num_rows == 0
    assert shop.sql("select * from deliveries").num_rows == 1


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if any(field.personal for field in table.fields)])
def test_personal_fields_are_hidden_in_every_table(shop: rg.Workspace, name: str) -> None:
    engine = Watched()
    View(engine, shop.snapshot, shop.chosen_book, Kept(personal=False)).ready({name})  # type: ignore[arg-type]
    for field in TABLES[name].fields:
        if field.personal:
            assert f"CAST(NULL AS {field.sql_type}) AS {field.name}".lower() in engine.stored[name].lower().replace('"', "").replace(
                " as text)", " as varchar)"
            )


def test_other_engines_show_the_same(other_engine: str, tmp_path: Path) -> None:
    with opened(tmp_path) as moved:
        here = _shown(moved)
        moved.move(other_engine)
        assert _shown(moved) == here


def _shown(workspace: rg.Workspace) -> list[Any]:
    """What a restricted reader gets: scores and sums, and the customer days that are left."""
    reader = workspace.where("city <> 'Lviv'").seen_by(NORTH)
    return [reader.run(rg.RFM()).summary.to_pylist(), _content(reader.table("customer_days"))]
