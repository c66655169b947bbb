"""A table or query of a database by its address: read-only, typed, and named where the address is wrong."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, orders
from regulars.errors import RegularsError
from regulars.ingest.database import parse_address
from regulars.ingest.read import open_source
from regulars.surfaces import cli


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """A till's database: 40 orders, a table of customers, an empty one."""
    path = tmp_path / "till.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f'CREATE TABLE "sales log" ({", ".join(HEADER)})')
        connection.executemany(f'INSERT INTO "sales log" VALUES ({", ".join("?" * len(HEADER))})', orders(40))
        connection.execute("CREATE TABLE customers (id INTEGER, name TEXT, weight REAL, photo BLOB)")
        connection.execute("INSERT INTO customers VALUES (1, 'Ann', 1.25, x'FFFE'), (2, NULL, 1.125, NULL)")
        connection.execute("CREATE TABLE hollow (a, b)")
        connection.commit()
    return path


def address(path: Path, asked: str) -> str:
    return f"sqlite:///{path}?{asked}"


def code(given: str | Path) -> str:
    with pytest.raises(RegularsError) as problem:
        open_source(given)
    return problem.value.code


def test_a_table_by_its_address(till: Path, tmp_path: Path) -> None:
    before = till.read_bytes()
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv")
    made = shop.load(address(till, "table=sales%20log"))
    assert (made.rows_in, made.rows_loaded) == (40, 40)
    assert made.path == address(till, "table=sales%20log")
    assert shop.load(address(till, "table=sales%20log")).already_loaded
    with closing(sqlite3.connect(till)) as connection:
        connection.execute(f'INSERT INTO "sales log" VALUES ({", ".join("?" * len(HEADER))})', orders(41)[-1])
        connection.commit()
    grown = shop.load(address(till, "table=sales log"))
    assert (before != till.read_bytes(), grown.rows_in, grown.rows_loaded) == (True, 41, 1)


def test_a_query(till: Path) -> None:
    source = open_source(address(till, "query=select order_id, name from 'sales log' where name like '%Person 1%' limit 3;"))
    assert source.sheets[0].columns == ("order_id", "name")
    assert [cells for _, cells in source.sheets[0].rows()] == [("1", "Person 1"), ("10", "Person 10"), ("11", "Person 11")]


def test_values_as_text(till: Path) -> None:
    (sheet,) = open_source(address(till, "table=customers")).sheets
    assert [cells for _, cells in sheet.rows()] == [("1", "Ann", "1.25", "\ufffd\ufffd"), ("2", None, "1.1250", None)]


def test_every_table_of_the_file_itself(till: Path) -> None:
    assert [sheet.name for sheet in open_source(till).sheets] == ["sales log", "customers"]
    assert [sheet.name for sheet in open_source(f"sqlite:///{till}").sheets] == ["sales log", "customers"]


def test_beside_where_one_is(till: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(till.parent)
    assert open_source("sqlite:///till.db?table=customers").size > 0


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("table=sale log", "table_missing"), ("query=select nothing from nowhere", "query_failed"), ("query=delete from customers", "address_wrong"),
        ("query=with x as (select 1) delete from customers", "query_failed"), ("query=select 1; delete from customers", "query_failed"), ("table=", "address_wrong"),
        ("tabel=orders", "address_wrong"), ("table=hollow", "file_empty"), ("query=select * from customers where 0", "file_empty"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly(asked: str, expected: str, till: Path) -> None:
    before = till.read_bytes()
    assert code(address(till, asked)) == expected
    assert till.read_bytes() == before


def test_a_mistyped_table_names_the_nearest(till: Path) -> None:
    with pytest.raises(RegularsError, match="'customers'"):
        open_source(address(till, "table=customer"))


def test_where_there_is_no_database(till: Path, tmp_path: Path) -> None:
    assert code(address(tmp_path / "til.db", "table=x")) == "file_missing"
    assert code("oracle://host/x?table=y") == "address_wrong"
    assert code("oracle://host/x?table=y") == "address_wrong"
    assert code("postgresql://u:secret@host/x?table=y") == "engine_secret"
    (tmp_path / "x.db").write_bytes(till.read_bytes()[:100] + b"\1" * 5000)
    assert code(tmp_path / "x.db") == "file_damaged"
    (tmp_path / "y.db").write_bytes(b"not a database at all" * 100)
    assert code(address(tmp_path / "y.db", "table=x")) == "file_damaged"


def test_addresses() -> None:
    assert parse_address("sqlite:////data/a.db?table=x").place == "/data/a.db"
    assert parse_address("sqlite:///a.db?query=select%201").query == "select 1"
    assert parse_address("postgresql://me@host/db?table=x").place == "postgresql://me@host/db"


def test_on_the_command_line(till: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["--json", "load", "sqlite:///till.db?table=sales log", "--workspace", "shop", "--currency", "EUR", "--time-zone", "Europe/Kyiv"]) == 0


def test_a_table_and_a_query_of_a_server(postgresql_server: Any, tmp_path: Path) -> None:
    postgresql_server.do(
        "create schema books authorization shop",
        "create table books.orders as select i as order_id, 'c' || i % 9 as customer, timestamptz '2024-03-05 00:00+08' + i * interval '1 day' as ordered_at,"
        " 1.250::numeric(12,3) as amount from generate_series(1, 30) i",
        "alter table books.orders owner to shop",
        "create table books.secret as select 1 as a",
    )
    base = postgresql_server.url()
    source = open_source(f"{base}?table=books.orders")
    assert next(source.sheets[0].rows())[1] == ("1", "c1", "2024-03-05 16:00:00+00:00", "1.2500")
    staged = rg.open(tmp_path / "shop", currency="CNY", time_zone="Asia/Shanghai").load(f"{base}?table=books.orders")
    assert (staged.rows_in, staged.rows_loaded) == (30, 30)
    assert open_source(f"{base}?query=select order_id, amount from books.orders where order_id < 4").sheets[0].columns == ("order_id", "amount")
    for asked, expected in [
        ("table=books.order", "table_missing"), ("query=select * from books.nothing", "query_failed"), ("query=select 1/0", "query_failed"),
        ("table=books.secret", "engine_right_missing"), ("query=with x as (delete from books.orders returning 1) select * from x", "query_failed"),
        ("table=books.orders&x=1", "table_missing"), ("", "address_wrong"),
    ]:  # fmt: skip
        assert code(f"{base}?{asked}") == expected, asked
    assert code("postgresql://shop@127.0.0.1:1/regulars?table=x") == "engine_unreachable"
    assert open_source(f"{base}?query=select count(*) as n, 1 as one from books.orders").sheets[0].sample(9)[0][1] == ("30", "1")
