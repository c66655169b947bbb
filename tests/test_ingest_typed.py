"""Parquet and JSON: types kept, what is nested laid out flat, an order's goods one row each, numbers as written, broken files named."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest_files import load, only_sheet
from regulars.errors import RegularsError
from regulars.ingest import objects
from regulars.ingest.mapping import propose
from regulars.ingest.read import open_source

ORDERS = [
    {
        "order_id": 10**19 + i,
        "customer": {"id": f"00{i % 7}", "email": f"c{i % 7}@example.com"},
        "created_at": f"2024-03-{i % 28 + 1:02d}T10:00:00Z",
        "total": 10.125 + i,
    }
    for i in range(1, 50)
]
CARTS = [
    {
        "id": 500 + i,
        "customer": f"c{i % 7}",
        "date": f"2024-03-{i % 28 + 1:02d}",
        "line_items": [{"sku": "A1", "name": "Mug", "quantity": 2, "price": "4.50"}, {"sku": "B2", "name": "Tee", "quantity": 1, "price": "20"}],
    }
    for i in range(40)
]


def write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def code(path: Path) -> str:
    with pytest.raises(RegularsError) as problem:
        [list(sheet.rows()) for sheet in open_source(path).sheets]
    return problem.value.code


def test_parquet_keeps_days_money_and_zones(tmp_path: Path) -> None:
    moments = [datetime(2024, 3, i % 28 + 1, 22, 30, tzinfo=UTC) for i in range(50)]
    table = {
        "order_id": [str(i) for i in range(50)],
        "customer_id": [f"c{i % 9}" for i in range(50)],
        "ordered_at": pa.array(moments, pa.timestamp("us", "America/New_York")),
        "quantity": [1] * 50,
        "amount": pa.array([Decimal("1.250")] * 50, pa.decimal128(18, 3)),
    }
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    mapping = propose(only_sheet(tmp_path / "a.parquet"))
    assert (mapping.doubts, mapping.decimal) == ((), ".")
    _, parts = load(tmp_path / "a.parquet", tmp_path / "out", zone="Asia/Shanghai")
    assert {row["amount"] for row in parts["sales"]} == {Decimal("1.2500")}
    assert parts["sales"][0]["ordered_at"] == datetime(2024, 3, 2, 6, 30)


def test_parquet_of_days_and_nothing(tmp_path: Path) -> None:
    table = {"date": pa.array([date(2024, 3, 5), None], pa.date32()), "x": pa.array([1.5, None]), "flag": [True, None], "empty": pa.nulls(2)}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    assert list(only_sheet(tmp_path / "a.parquet").rows()) == [(1, ("2024-03-05", "1.5", "true", None))]


def test_parquet_with_nested_columns(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(CARTS), tmp_path / "a.parquet")
    sheet = only_sheet(tmp_path / "a.parquet")
    assert sheet.columns == ("id", "customer", "date", "line_items.sku", "line_items.name", "line_items.quantity", "line_items.price")
    assert sum(1 for _ in sheet.rows()) == 80


@pytest.mark.parametrize("cut", [4, 100, -1, -8])
def test_parquet_that_was_cut_off(cut: int, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": list(range(1000)), "b": list(range(1000))}), tmp_path / "a.parquet")
    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:cut])
    assert code(tmp_path / "a.parquet") == "file_damaged"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ORDERS),
        json.dumps(ORDERS, indent=2),
        "\n".join(map(json.dumps, ORDERS)),
        "\n".join(json.dumps(order, indent=1) for order in ORDERS),
        json.dumps({"orders": ORDERS, "page": 1, "next": None}),
        json.dumps({"status": "ok", "data": {"orders": ORDERS}}),
        "\ufeff" + json.dumps(ORDERS),
    ],
)
def test_json_in_every_shape(text: str, tmp_path: Path) -> None:
    sheet = only_sheet(write(tmp_path / "a.json", text))
    assert sheet.columns == ("order_id", "customer.id", "customer.email", "created_at", "total")
    rows = list(sheet.rows())
    assert len(rows) == 49
    assert rows[0][1] == (str(10**19 + 1), "001", "c1@example.com", "2024-03-02T10:00:00Z", "11.1250")
    mapping = propose(sheet)
    assert {field: mapping.fields[field] for field in ("order_id", "customer_id", "ordered_at", "amount")} == {
        "order_id": "order_id",
        "customer_id": "customer.id",
        "ordered_at": "created_at",
        "amount": "total",
    }
    assert mapping.sure


def test_json_in_other_letters(tmp_path: Path) -> None:
    text = json.dumps([{"订单号": "1", "客户": "张伟", "日期": "2024-01-01", "金额": 5.5}] * 3, ensure_ascii=False)
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        (tmp_path / "a.json").write_bytes(text.encode(encoding))
        assert next(only_sheet(tmp_path / "a.json").rows())[1] == ("1", "张伟", "2024-01-01", "5.5")


def test_the_goods_of_an_order_are_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", {"orders": CARTS})
    assert {"product_id": "line_items.sku", "unit_price": "line_items.price", "order_id": "id"}.items() <= propose(only_sheet(path)).fields.items()
    staged, parts = load(path, tmp_path / "out")
    assert (staged.rows_in, staged.rows_loaded) == (80, 80)
    assert sum(row["amount"] for row in parts["sales"]) == 40 * 29


def test_one_order_alone_and_several_lists(tmp_path: Path) -> None:
    assert sum(1 for _ in only_sheet(write(tmp_path / "a.json", CARTS[0])).rows()) == 2
    source = open_source(write(tmp_path / "b.json", {"orders": ORDERS, "customers": [{"id": 1, "name": "Ann", "phones": ["1", None, "2"], "tags": []}]}))
    assert [sheet.name for sheet in source.sheets] == ["orders", "customers"]
    assert next(source.sheets[1].rows())[1] == ("1", "Ann", "1, 2", None)


def test_objects_that_differ(tmp_path: Path) -> None:
    sheet = only_sheet(write(tmp_path / "a.jsonl", '{"a": 1}\n\n{"b": true, "a": null}\n{"c": {"d": {"e": 1.5e3}}}\n'))
    assert sheet.columns == ("a", "b", "c.d.e")
    assert [cells for _, cells in sheet.rows()] == [("1", None, None), (None, "true", None), (None, None, "1.5e3")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[\n{"a": 1},\n{"a": 2},\n{"a', 4),
        ('{"a": 1}\n{"a": 2}\n{"a', 3),
        ('{"a": 1}\nhello\n{"a": 2}', 2),
        ('{"orders": [\n{"a": 1},\n{"a": 2', 3),
        ('[{"a": 1}', 1),
    ],
)
def test_json_that_is_broken_says_where(text: str, line: int, tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as problem:
        open_source(write(tmp_path / "a.json", text))
    assert (problem.value.code, problem.value.values["line"]) == ("json_broken", line)


def test_json_that_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(write(tmp_path / "a.json", "[]")) == "file_empty"
    assert code(write(tmp_path / "b.json", "{}")) == "file_empty"
    assert code(write(tmp_path / "c.json", "[" * 5000 + "]" * 5000)) in {"json_broken", "file_kind_unknown"}
    assert code(write(tmp_path / "d.json", [{f"c{i}": 1 for i in range(10_000)}])) == "columns_too_many"
    monkeypatch.setattr(objects, "LARGEST_OBJECT", 2 * 1024**2)
    assert code(write(tmp_path / "e.json", {"orders": [{"a": "x" * 10_000}] * 4000})) == "file_too_large"
    assert sum(1 for _ in only_sheet(write(tmp_path / "f.json", [{"a": "x" * 1000, "b": 1}] * 4000)).rows()) == 4000


def test_a_large_list_streams(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    duckdb.sql(
        f"COPY (SELECT range AS id, 'c' || range % 100 AS customer, DATE '2024-01-01' + (range % 300)::INT AS date, 5.5 AS amount FROM range(50000)) TO '{path}' (ARRAY true)"
    )
    assert sum(1 for _ in only_sheet(path).rows()) == 50_000
