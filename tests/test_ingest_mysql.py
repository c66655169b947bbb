"""A table and a query of a MySQL server: rows as they stand, nothing changed, every refusal named."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.errors import RegularsError
from regulars.ingest.read import open_source

ORDERS = (
    "create or replace table books.orders (order_id int, `customer name` varchar(20), ordered_at datetime, amount decimal(12,3), note text)",
    "insert into books.orders values (1, '王芳', '2024-03-05 21:00:00', 1.250, null)",
    "insert into books.orders values (2, 'Олена', '2024-03-06 09:30:00', 99.9, 'два'), (3, '王芳', '2024-03-07 10:00:00', 1200, '')",
)


@pytest.fixture
def address(mysql_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MYSQL_PWD", "open sesame")
    mysql_server.do(*ORDERS)
    return str(mysql_server.url())


def code(address: str) -> str:
    with pytest.raises(RegularsError) as refused:
        open_source(address)
    assert "sesame" not in str(refused.value)
    return refused.value.code


def test_a_table_is_loaded_and_only_what_is_new_is_added(address: str, mysql_server: Any, tmp_path: Path) -> None:
    source = open_source(f"{address}?table=orders")
    assert source.sheets[0].columns == ("order_id", "customer name", "ordered_at", "amount", "note")
    assert next(source.sheets[0].rows())[1] == ("1", "王芳", "2024-03-05 21:00:00", "1.2500", None)
    shop = rg.open(tmp_path / "shop", currency="CNY", language="zh_CN")
    assert shop.load(f"{address}?table=orders").rows_loaded == 3
    assert shop.load(f"{address}?table=orders").already_loaded
    mysql_server.do("insert into books.orders values (4, 'Олена', '2024-03-08 10:00:00', 5, null)")
    again = shop.load(f"{address}?table=orders")
    assert (again.rows_loaded, again.rejected_by_reason) == (1, {"already_loaded": 3})


def test_a_query(address: str) -> None:
    source = open_source(f"{address}?query=select order_id, amount from orders where amount > 50 order by order_id")
    assert [cells for _, cells in source.sheets[0].rows()] == [("2", "99.9000"), ("3", "1200.0000")]


def test_refusals_are_named_and_nothing_is_changed(address: str, mysql_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(f"{address}?table=order") == "table_missing"
    assert code(f"{address}?query=select * from nothing") == "query_failed"
    assert code(f"{address}?query=delete from orders") == "address_wrong"
    assert code(f"{address}?query=with x as (select 1) delete from orders") == "query_failed"
    assert code(f"{mysql_server.url(database='nowhere')}?table=orders") in {"engine_database_missing", "mysql_login"}
    assert code("mysql://shop@127.0.0.1:1/books?table=orders") == "engine_unreachable"
    assert code("mysql://shop:secret@127.0.0.1/books?table=orders") == "engine_secret"
    assert mysql_server.do("select count(*) from books.orders") == [(3,)]
    monkeypatch.setenv("MYSQL_PWD", "wrong")
    assert code(f"{address}?table=orders") == "mysql_login"
    monkeypatch.setenv("MYSQL_PWD", "")
    assert code(f"{mysql_server.url('guest', 'empty')}?query=select * from books.orders") == "engine_right_missing"


def test_a_connection_that_is_lost_half_way_leaves_nothing_behind(address: str, mysql_server: Any, tmp_path: Path) -> None:
    mysql_server.do(
        "use books", "create or replace table books.many as select seq as order_id, seq % 7 as customer, now() as ordered_at, 5 as amount from seq_1_to_300000"
    )
    shop = rg.open(tmp_path / "shop", currency="CNY")

    def cut() -> None:
        for _ in range(200):
            found = mysql_server.do("select id from information_schema.processlist where user = 'shop' and info like '%slow%'")
            if found:
                mysql_server.do(f"kill {found[0][0]}")
                return
            time.sleep(0.02)

    threading.Thread(target=cut).start()
    with pytest.raises(RegularsError) as refused:
        shop.load(f"{address}?query=select m.*, sleep(0.00005) as slow from many as m")
    assert refused.value.code in {"engine_lost", "query_failed"}
    with pytest.raises(RegularsError) as empty:
        _ = shop.snapshot
    assert empty.value.code == "workspace_empty"
