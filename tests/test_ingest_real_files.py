"""Real files from the shared folder: what they are mapped to, and the published figures that loading must reproduce."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest_files import load, only_sheet
from regulars.errors import RegularsError
from regulars.ingest.asking import settled
from regulars.ingest.fields import FIELDS
from regulars.ingest.mapping import corrected, propose
from regulars.ingest.read import open_source

pytestmark = pytest.mark.shared
D = Decimal


def amount(rows: Iterable[dict[str, Any]]) -> Decimal:
    return sum((row["amount"] for row in rows), D(0))


def test_online_retail_with_day_first(shared_data: Path, tmp_path: Path) -> None:
    """5,000 lines of two days, easily read as January and February."""
    path = shared_data / "online_retail" / "online_retail_sample5000_dmy_dates.csv"
    mapping = propose(only_sheet(path))
    assert (mapping.date_order, mapping.sure) == ("dmy", True)
    staged, parts = load(path, tmp_path)
    assert (staged.rows_loaded, staged.walk_in_rows) == (5000, 1205)
    assert min(row["ordered_at"] for row in parts["sales"]) == datetime(2010, 12, 1, 8, 26)
    assert max(row["ordered_at"] for row in parts["sales"]) == datetime(2010, 12, 2, 18, 8)


def test_online_retail_of_one_day(shared_data: Path, tmp_path: Path) -> None:
    staged, parts = load(shared_data / "online_retail" / "by_day_2010-12" / "2010-12-01.csv", tmp_path)
    assert staged.rows_rejected == 0
    assert all(row["cancelled"] == row["order_id"].startswith("C") for row in parts["sales"])
    assert all(".0" not in (row["customer_id"] or "") for row in parts["sales"])


def test_cdnow_without_a_header(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "cdnow_sample" / "CDNOW_sample.txt"
    sheet = only_sheet(path)
    mapping = propose(sheet)
    assert set(mapping.doubts) == {"amount", "customer_id"}
    assert mapping.fields == {"customer_id": "column 1", "ordered_at": "column 3", "quantity": "column 4", "amount": "column 5"}
    staged, parts = load(path, tmp_path, mapping=corrected(mapping, sheet, settled(mapping)), currency="USD")
    assert (staged.rows_loaded, len(parts["customers"])) == (6919, 2357)
    assert (amount(parts["sales"]), sum(row["quantity"] for row in parts["sales"])) == (D("244091.94"), 16479)
    assert parts["sales"][0]["customer_id"] == "00004"


def test_clicks_of_which_some_are_purchases(shared_data: Path, tmp_path: Path) -> None:
    staged, _ = load(shared_data / "taobao_like_events" / "UserBehavior.csv.gz", tmp_path, zone="Asia/Shanghai")
    assert (staged.rows_loaded, staged.rejected_by_reason) == (32_000, {"not_a_sale": 8_000})


def test_a_sales_pipeline(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "maven_crm" / "sales_pipeline.csv"
    sheet = only_sheet(path)
    mapping = propose(sheet)
    assert (mapping.table, mapping.doubts) == ("deals", ())
    staged, parts = load(path, tmp_path / "deals")
    assert (staged.rows_loaded, staged.rejected_by_reason) == (8800, {})
    won = [row for row in parts["deals"] if row["won"]]
    assert (len(won), amount(won)) == (4238, 10_005_534)
    assert sum(row["won"] is None for row in parts["deals"]) == 2089


def test_a_sales_pipeline_counted_as_sales_where_a_person_says_so(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "maven_crm" / "sales_pipeline.csv"
    mapping = corrected(None, only_sheet(path), {"table": "sales"})
    staged, parts = load(path, tmp_path, mapping=mapping)
    assert staged.rejected_by_reason == {"date_missing": 2089}
    won = [row for row in parts["sales"] if not row["cancelled"]]
    assert (len(won), amount(won)) == (4238, 10_005_534)


def test_wholesale_payments_without_a_header(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "classicmodels_b2b" / "Payments.txt"
    sheet = only_sheet(path)
    mapping = propose(sheet)
    staged, parts = load(path, tmp_path, mapping=corrected(mapping, sheet, settled(mapping)))
    assert (staged.rows_loaded, amount(parts["sales"])) == (273, D("8853839.23"))
    assert open_source(shared_data / "classicmodels_b2b" / "Customers.txt").encoding == "cp1252"


def test_marketplace_tables(shared_data: Path, tmp_path: Path) -> None:
    olist = shared_data / "olist"
    for file, table, rows in [("customers", "customers", 22_870), ("order_payments", "payments", 23_849), ("products", "products", 32_951)]:
        staged, parts = load(olist / f"olist_{file}_dataset.csv.gz", tmp_path / file)
        assert (staged.rows_loaded, len(parts[table])) == (rows, rows)
    for file, field in [("orders", "amount"), ("order_items", "customer_id")]:
        with pytest.raises(RegularsError) as problem:
            propose(only_sheet(olist / f"olist_{file}_dataset.csv.gz"))
        assert problem.value.values["wanted"] == FIELDS[field]


@pytest.mark.parametrize(
    ("name", "field"), [("catering_sale", "amount"), ("sales_data", "ordered_at"), ("consumption_data", "ordered_at"), ("menu_orders", "ordered_at")]
)
def test_old_chinese_workbooks_that_hold_no_orders_say_what_is_missing(name: str, field: str, shared_data: Path) -> None:
    source = open_source(shared_data / "chinese_retail_xls" / f"{name}.xls")
    assert source.kind == "xlsx"
    with pytest.raises(RegularsError) as problem:
        propose(source.sheets[0])
    assert (problem.value.code, problem.value.values["wanted"]) == ("column_missing", FIELDS[field])


def test_reviews_in_gb18030(shared_data: Path) -> None:
    assert open_source(shared_data / "jd_reviews_gbk" / "meidi_jd_comments_gb18030.csv").encoding == "gb18030"
