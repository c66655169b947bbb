"""Loading: nothing is lost, every amount arrives, refunds and cancellations are what they are, customers keep one key."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_files import CHINESE, GOODS, MOMENTS, TODAY, UKRAINIAN, load, only_sheet, shopify, taobao, till, ukrainian_crm, write_book, write_text
from regulars.errors import RegularsError, error
from regulars.i18n import Reader
from regulars.ingest.mapping import corrected, propose
from regulars.ingest.reasons import REASONS
from regulars.ingest.stage import stage
from regulars.schema import PART_TABLES

D = Decimal
HEADER = ["order_id", "date", "customer_id", "amount"]


def total(rows: list[dict[str, Any]]) -> Decimal:
    return sum((row["amount"] for row in rows), D(0))


def test_every_kind_of_bad_row_is_kept_with_its_place_and_reason(tmp_path: Path) -> None:
    bad = {
        3: (["2", "2024-01-02", "c1", "x5"], "number_unreadable", "amount", "x5"),
        4: (["3", "", "c1", "5"], "date_missing", "date", None),
        5: (["4", "2024-13-02", "c3", "7"], "date_unreadable", "date", "2024-13-02"),
        6: (["5", "2099-01-02", "c3", "7"], "date_impossible", "date", "2099-01-02"),
        7: (["5", "1899-01-02", "c3", "7"], "date_impossible", "date", "1899-01-02"),
        8: (["6", "2024-01-02", "c3"], "cells_too_few", None, None),
        9: (["8", "2024-01-02", "c3", "8", "extra"], "cells_too_many", None, None),
        10: (["Total", "", "", "99"], "total_row", None, None),
        11: (HEADER, "header_repeated", None, None),
        12: (["9", "2024-01-05", "c1", ""], "amount_missing", "amount", None),
    }
    good = ["1", "2024-01-01", "c1", "5"]
    rows = [HEADER, good, *(cells for cells, *_ in bad.values()), ["10", "2024-01-06", "c2", "8", "", ""], [], ["11", "2024-01-07", "c2", "9"]]
    staged, parts = load(write_text(tmp_path / "a.csv", rows), tmp_path / "out")
    assert (staged.rows_in, staged.rows_loaded, staged.rows_rejected) == (13, 3, 10)
    assert staged.rejected_by_reason == dict(Counter(reason for _, reason, *_ in bad.values()))
    assert [row["source_row"] for row in parts["sales"]] == [2, 13, 15]
    for row in parts["rejected"]:
        cells, reason, field, value = bad[row["source_row"]]
        assert (row["reason"], row["field"], row["value"]) == (reason, field, value)
        kept = json.loads(row["row"])
        assert [kept[column] or "" for column in HEADER[: len(cells)]] == cells[:4]
        assert kept.get("+", []) == cells[4:]
    assert {row["reason"] for row in parts["rejected"]} <= REASONS.keys()


@pytest.mark.parametrize("word", ["合计", "合 计：", "总计", "本页小计", "Всього", "Разом:", "Итого", "Grand Total", "Subtotal", "TOTAL"])
def test_totals_rows_are_no_sales(word: str, tmp_path: Path) -> None:
    rows = [["订单号", "日期", "客户", "金额"], *([f"D{i}", m.date(), CHINESE[i % 6], 10] for i, m in enumerate(MOMENTS)), [word, "", "", 1200]]
    staged, _ = load(write_text(tmp_path / "a.csv", rows), tmp_path / "out")
    assert staged.rejected_by_reason == {"total_row": 1}


def test_subtotals_with_a_date_are_no_sales(tmp_path: Path) -> None:
    rows = [["日期", "会员", "商品", "金额"]]
    for i, moment in enumerate(MOMENTS):
        rows += [[str(moment.date()), f"m{i % 9}", "茶", "5"], [str(moment.date()), "", "小计", "5"]]
    staged, _ = load(write_text(tmp_path / "a.csv", rows), tmp_path / "out")
    assert (staged.rows_loaded, staged.rejected_by_reason) == (len(MOMENTS), {"total_row": len(MOMENTS)})


def test_a_till(tmp_path: Path) -> None:
    staged, parts = load(till(tmp_path / "a.xlsx"), tmp_path / "out", zone="Asia/Shanghai")
    assert staged.rejected_by_reason == {"total_row": 1}
    printed = json.loads(parts["rejected"][0]["row"])
    assert total(parts["sales"]) == D(printed["金额"]), "the total the till itself printed"
    assert staged.walk_in_rows == sum(row["customer_id"] is None for row in parts["sales"]) > 0
    assert all(row["customer_id"].startswith("00") for row in parts["sales"] if row["customer_id"])
    assert parts["sales"][0]["ordered_at"] == MOMENTS[0]
    assert {(row["product_id"], row["product_name"]) for row in parts["products"]} == {(code, name) for code, name, _ in GOODS}
    assert parts["sales"][0]["source_row"] == 5
    assert parts["sales"][0]["source_sheet"] == "销售明细"


def test_a_ukrainian_crm(tmp_path: Path) -> None:
    staged, parts = load(ukrainian_crm(tmp_path / "a.csv"), tmp_path / "out")
    assert staged.rows_rejected == 0
    assert len({row["customer_id"] for row in parts["sales"]}) == 40, "phones tell them apart"
    assert all(row["customer_id"].startswith("+38067") for row in parts["sales"])
    assert sum(row["cancelled"] for row in parts["sales"]) == 8
    assert all(row["amount"] > 0 for row in parts["sales"]), "an order that was cancelled keeps its amount"
    who = {row["customer_id"]: row for row in parts["customers"]}
    assert who["+380671000003"]["name"] in UKRAINIAN
    assert who["+380671000003"]["email"] == "k3@ukr.net"
    assert who["+380671000003"]["city"] == "Львів"


def test_a_marketplace(tmp_path: Path) -> None:
    _, parts = load(taobao(tmp_path / "a.csv"), tmp_path / "out", currency="CNY")
    rows = {row["order_id"]: row for row in parts["sales"]}
    assert len(rows) == len(MOMENTS), "numbers of nineteen digits stay apart"
    assert rows["2100000000000000000"]["cancelled"]
    assert rows["2100000000000000001"]["cancelled"]
    assert not rows["2100000000000000002"]["cancelled"]
    assert rows["2100000000000000007"]["cancelled"], "money given back in full"
    assert parts["customers"][0]["phone"].startswith("+86138")


def test_order_figures_on_first_lines_are_shared_out_exactly(tmp_path: Path) -> None:
    path, standing = shopify(tmp_path / "a.csv")
    staged, parts = load(path, tmp_path / "out", zone="America/New_York")
    assert round(total([row for row in parts["sales"] if not row["cancelled"]]), 2) == D(str(standing))
    assert all(row["amount"] > 0 for row in parts["sales"])
    assert staged.currencies == ("USD",)
    by_order = Counter(row["order_id"] for row in parts["sales"])
    assert len(by_order) == len(MOMENTS)
    assert {row["cancelled"] for row in parts["sales"] if row["order_id"] == "#1008"} == {True}, "every line of a refunded order"
    assert parts["sales"][0]["ordered_at"] == MOMENTS[0], "its -0500 is the shop's own time in winter"


def test_merged_cells_carry_the_order_down(tmp_path: Path) -> None:
    rows: list[list[object]] = [["订单号", "客户", "日期", "商品", "数量", "单价", "金额"]]
    for i, moment in enumerate(MOMENTS):
        for k, (_, name, price) in enumerate(GOODS[: i % 3 + 1]):
            rows.append([*((f"D{i}", CHINESE[i % 6], moment) if k == 0 else (None, None, None)), name, 2, price, 2 * price])
    rows.append([None, None, None, "总计", None, None, 1])
    staged, parts = load(write_book(tmp_path / "a.xlsx", {"订单": rows}), tmp_path / "out")
    assert staged.rejected_by_reason == {"total_row": 1}
    lines = Counter(row["order_id"] for row in parts["sales"])
    assert [lines[f"D{i}"] for i in range(len(MOMENTS))] == [i % 3 + 1 for i in range(len(MOMENTS))]
    assert all(row["customer_id"] == CHINESE[int(row["order_id"][1:]) % 6] for row in parts["sales"])


def test_refund_entries_become_negative_and_orders_refunded_stay(tmp_path: Path) -> None:
    header = ["单据类型", "单号", "日期", "客户", "数量", "金额"]
    kinds = ["销售退货" if i % 10 == 0 else "销售" for i in range(len(MOMENTS))]
    rows = [
        [kind, f"X{i}", f"{m.year}年{m.month}月{m.day}日", f"k{i % 9}", 2, f"￥{i + 1},000.50"] for i, (kind, m) in enumerate(zip(kinds, MOMENTS, strict=True))
    ]
    staged, parts = load(write_text(tmp_path / "a.csv", [header, *rows]), tmp_path / "out")
    for i, row in enumerate(parts["sales"]):
        sign = -1 if i % 10 == 0 else 1
        assert (row["amount"], row["quantity"], row["cancelled"]) == (sign * D(f"{i + 1}000.50"), sign * 2, sign < 0)
        assert row["unit_price"] == D(f"{i + 1}000.50") / 2
    assert staged.currencies == ("CNY",)


@pytest.mark.parametrize(("mark", "form"), [("C", "C{}"), ("ПВ-", "ПВ-{}"), ("R", "{}R")])
def test_a_cancellation_mark_is_learnt_from_the_file(mark: str, form: str, tmp_path: Path) -> None:
    rows = [
        [form.format(100 + i) if i % 9 == 0 else 100 + i, m.date(), f"c{i % 7}", -1 if i % 9 == 0 or i == 50 else 2, "12.50"] for i, m in enumerate(MOMENTS)
    ]
    _, parts = load(write_text(tmp_path / "a.csv", [["Invoice", "Date", "Client ID", "Qty", "Price"], *rows]), tmp_path / "out")
    assert [row["cancelled"] for row in parts["sales"]] == [i % 9 == 0 for i in range(len(MOMENTS))]
    assert parts["sales"][50]["amount"] == D("-12.5"), "a minus without the mark is a refund all the same"
    assert all(row["unit_price"] == D("12.5") for row in parts["sales"])


def test_a_letter_on_sales_too_is_no_mark(tmp_path: Path) -> None:
    rows = [[f"C{100 + i}", m.date(), f"c{i % 7}", -1 if i % 9 == 0 else 2, "12.50"] for i, m in enumerate(MOMENTS)]
    _, parts = load(write_text(tmp_path / "a.csv", [["Invoice", "Date", "Client ID", "Qty", "Price"], *rows]), tmp_path / "out")
    assert not any(row["cancelled"] for row in parts["sales"])


def test_events_that_are_no_sales_are_set_aside(tmp_path: Path) -> None:
    kinds = ["buy", "pv", "cart", "fav"]
    rows = [[f"u{i % 9}", "p1", kinds[i % 4], int(m.timestamp()), 5.5] for i, m in enumerate(MOMENTS)]
    staged, _ = load(write_text(tmp_path / "a.csv", [["用户ID", "商品ID", "行为类型", "时间戳", "售价"], *rows]), tmp_path / "out")
    assert staged.rejected_by_reason == {"not_a_sale": 90}


def test_several_currencies(tmp_path: Path) -> None:
    money = ["грн", "USD", "€"]
    rows = [[i, m.date(), f"c{i % 9}", i + 1.5, money[i % 3]] for i, m in enumerate(MOMENTS)]
    staged, parts = load(write_text(tmp_path / "a.csv", [["id", "date", "client", "sum", "валюта"], *rows]), tmp_path / "a")
    assert sorted(staged.currencies) == ["EUR", "UAH", "USD"]
    assert [row["currency"] for row in parts["sales"][:3]] == ["UAH", "USD", "EUR"]
    signs = [[i, m.date(), f"c{i % 9}", f"{'$€'[i % 2]}{i + 1.5}"] for i, m in enumerate(MOMENTS)]
    staged, _ = load(write_text(tmp_path / "b.csv", [["id", "date", "client", "total"], *signs]), tmp_path / "b")
    assert sorted(staged.currencies) == ["EUR", "USD"]


@pytest.mark.parametrize(("stated", "found"), [("CAD", "CAD"), ("UAH", "USD"), (None, "USD")])
def test_a_shared_sign_means_the_shops_own_money(stated: str | None, found: str, tmp_path: Path) -> None:
    rows = [[i, m.date(), f"c{i % 9}", f"${i + 1.5}"] for i, m in enumerate(MOMENTS)]
    staged, _ = load(write_text(tmp_path / "a.csv", [["id", "date", "client", "total"], *rows]), tmp_path / "out", currency=stated)
    assert staged.currencies == (found,)


def test_nobody_in_particular(tmp_path: Path) -> None:
    who = ["散客", "guest", "Гість", "Роздрібний покупець", "-", "NULL", "nan", "", "walk-in", "c1"]
    rows = [[i, m.date(), who[i % 10], 5] for i, m in enumerate(MOMENTS)]
    staged, parts = load(write_text(tmp_path / "a.csv", [["order", "date", "customer", "amount"], *rows]), tmp_path / "out")
    assert staged.walk_in_rows == 108
    assert [row["customer_id"] for row in parts["customers"]] == ["c1"]


@pytest.mark.parametrize(("zeros", "known"), [(90, False), (4, True)])
def test_customer_zero_is_nobody_only_if_it_is_everybody(zeros: int, known: bool, tmp_path: Path) -> None:
    rows = [[i, m.date(), 0 if i < zeros else i % 30 + 1, 5] for i, m in enumerate(MOMENTS)]
    staged, _ = load(write_text(tmp_path / "a.csv", [["order", "date", "customer id", "amount"], *rows]), tmp_path / "out")
    assert staged.walk_in_rows == (0 if known else zeros)


def test_the_customer_key_falls_back_row_by_row(tmp_path: Path) -> None:
    header = ["Order", "Date", "Customer ID", "Phone", "Email", "Customer name", "Amount"]
    people = [
        ["17", "067 111 22 33", "a@x.ua", "Іван"],
        ["", "067 111 22 33", "A@x.ua", "Іван"],
        ["", "138****1", "A@X.ua", "Іван"],
        ["", "", "", " Іван   Коваль "],
        ["", "", "", "张**"],
    ]
    rows = [[i, m.date(), *people[i % 5], 5] for i, m in enumerate(MOMENTS)]
    _, parts = load(write_text(tmp_path / "a.csv", [header, *rows]), tmp_path / "out", currency="UAH")
    assert [row["customer_id"] for row in parts["sales"][:5]] == ["17", "+380671112233", "a@x.ua", "Іван Коваль", "张**"]


def test_ids_lose_a_false_point_and_keep_their_zeros(tmp_path: Path) -> None:
    rows = [[f"{500 + i}.0", m.date(), f"{i % 9}7850.0" if i % 3 else "", f"00{i % 4}", 5] for i, m in enumerate(MOMENTS)]
    _, parts = load(write_text(tmp_path / "a.csv", [["invoice", "date", "customer id", "sku", "amount"], *rows]), tmp_path / "out")
    assert parts["sales"][1] | {"order_id": "501", "customer_id": "17850", "product_id": "001"} == parts["sales"][1]
    assert parts["sales"][0]["customer_id"] is None


def test_numbers_shortened_by_excel_are_not_taken_for_one_order(tmp_path: Path) -> None:
    rows = [["5.21E+17", m.date(), f"c{i % 9}", 5] for i, m in enumerate(MOMENTS)]
    staged, parts = load(write_text(tmp_path / "a.csv", [["订单号", "日期", "客户", "金额"], *rows]), tmp_path / "out")
    assert {row["order_id"] for row in parts["sales"]} == {None}
    assert any(note.values == (("rows", len(MOMENTS)),) and "Excel" in note.read(Reader()) for note in staged.notes)


def test_missing_figures_follow_from_the_others(tmp_path: Path) -> None:
    rows = [["a", "", "", "10"], ["b", "4", "", "10"], ["c", "3", "2.50", ""], ["d", "", "", "-10"], ["e", "-2", "2.50", ""], ["f", "1", "-7", ""]]
    rows += [[f"x{i}", "2", "2.50", "5"] for i in range(40)]
    path = write_text(tmp_path / "a.csv", [["order", "qty", "price", "amount", "date", "customer id"], *([*row, "2024-01-02", "c1"] for row in rows)])
    _, parts = load(path, tmp_path / "out")
    found = {row["order_id"]: (row["quantity"], row["unit_price"], row["amount"]) for row in parts["sales"]}
    assert found["a"] == (1, 10, 10)
    assert found["b"] == (4, D("2.5"), 10)
    assert found["c"] == (3, D("2.5"), D("7.5"))
    assert found["d"] == (-1, 10, -10)
    assert found["e"] == (-2, D("2.5"), -5)
    assert found["f"] == (1, 7, -7), "a negative price of goods that did not move is money only"


def test_discounts_in_percent_and_gross_amounts(tmp_path: Path) -> None:
    rows = [[i, m.date(), f"c{i % 9}", 2, 50, "10%"] for i, m in enumerate(MOMENTS)]
    _, parts = load(write_text(tmp_path / "a.csv", [["order", "date", "client", "qty", "price", "discount %"], *rows]), tmp_path / "a")
    assert {row["amount"] for row in parts["sales"]} == {90}
    rows = [[i, m.date(), f"c{i % 9}", 2, 50, 100, i % 3] for i, m in enumerate(MOMENTS)]
    _, parts = load(write_text(tmp_path / "b.csv", [["order", "date", "client", "qty", "price", "amount", "discount"], *rows]), tmp_path / "b")
    assert [row["amount"] for row in parts["sales"][:3]] == [100, 99, 98]


def test_date_and_time_in_two_columns(tmp_path: Path) -> None:
    rows = [[i, f"{m:%m/%d/%Y}", f"{m:%I:%M %p}", f"c{i % 9}", 5] for i, m in enumerate(MOMENTS)]
    _, parts = load(write_text(tmp_path / "a.csv", [["order", "date", "time", "client", "amount"], *rows]), tmp_path / "out")
    assert [row["ordered_at"] for row in parts["sales"]] == MOMENTS


def test_the_amount_wins_over_the_product_and_it_is_said(tmp_path: Path) -> None:
    rows = [[i, m.date(), f"c{i % 9}", 2, 50, 113] for i, m in enumerate(MOMENTS)]
    staged, parts = load(write_text(tmp_path / "a.csv", [["order", "date", "client", "qty", "price", "amount"], *rows]), tmp_path / "out")
    assert {row["amount"] for row in parts["sales"]} == {113}
    assert any("quantity × price" in note.read(Reader()) for note in staged.notes)


def test_sheets_of_one_book_in_one_folder(tmp_path: Path) -> None:
    sheets = {
        "Замовлення": [["№ замовлення", "Дата", "Код клієнта", "Сума"], *([i, m, f"K{i % 9}", i + 1.5] for i, m in enumerate(MOMENTS))],
        "Клієнти": [
            ["Код клієнта", "ПІБ", "Телефон", "Дата народження"],
            *([f"K{i}", UKRAINIAN[i % 5], f"067111220{i}", "15.07.1980"] for i in range(9)),
            ["", "", "", ""],
            ["", "", "1", ""],
        ],
        "Оплати": [["Дата оплати", "Номер замовлення", "Сума оплати"], *([m, i, i + 1.5] for i, m in enumerate(MOMENTS))],
        "Повернення": [["№ замовлення", "Дата", "Код клієнта", "Сума"], [1, MOMENTS[9], "K1", 2.5]],
    }
    _, parts = load(write_book(tmp_path / "a.xlsx", sheets), tmp_path / "out")
    assert total(parts["sales"]) == total(parts["payments"]) - D("2.5")
    assert parts["sales"][-1] | {"quantity": D(-1), "cancelled": True, "source_sheet": "Повернення"} == parts["sales"][-1]
    assert sum(row["phone"] is not None and row["birth_on"] == date(1980, 7, 15) for row in parts["customers"]) == 9
    assert [row["reason"] for row in parts["rejected"]] == ["customer_missing"]
    assert len({row["payment_id"] for row in parts["payments"]}) == len(MOMENTS)
    told_of = {"problems", "field_counts", "value_counts"}
    assert sorted(file.stem for file in (tmp_path / "out").glob("*.parquet") if file.stem.partition("-")[0] not in told_of) == [
        *("customers", "customers-2", "customers-4", "payments-3", "products", "products-4"),
        *("rejected", "rejected-2", "rejected-3", "rejected-4", "sales", "sales-4"),
    ]


def test_parts_have_the_canonical_columns(tmp_path: Path) -> None:
    load(write_text(tmp_path / "a.csv", [HEADER, ["1", "2024-01-01", "c1", "5"]]), tmp_path / "out")
    types = {
        "VARCHAR": "string",
        "BIGINT": "int64",
        "DECIMAL(18,4)": "decimal128(18, 4)",
        "TIMESTAMP": "timestamp[us]",
        "DATE": "date32[day]",
        "BOOLEAN": "bool",
    }
    written = sorted((tmp_path / "out").glob("*.parquet"))
    assert [file.stem for file in written] == ["customers", "field_counts", "problems", "products", "rejected", "sales", "value_counts"]
    for file in written:
        assert {field.name: str(field.type) for field in pq.read_schema(file)} == {name: types[kind] for name, kind in PART_TABLES[file.stem].columns.items()}


def test_headers_that_differ_only_in_case(tmp_path: Path) -> None:
    rows = [["Order", "Date", "Customer", "Amount", "amount", 'say "x"'], ["1", "", "c1", "5", "6", "y"], ["2", "2024-01-01", "c1", "5", "6", "y"]]
    _, parts = load(write_text(tmp_path / "a.csv", rows), tmp_path / "out")
    assert json.loads(parts["rejected"][0]["row"]) == dict(zip(rows[0], ["1", "", "c1", "5", "6", "y"], strict=True))


def test_a_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int) -> None:
        raise error("cancelled")

    sheet = only_sheet(write_text(tmp_path / "a.csv", [HEADER, ["1", "2024-01-01", "c1", "5"]]))
    with pytest.raises(RegularsError):
        stage(sheet, propose(sheet), folder=tmp_path / "out", import_id="i", currency=None, time_zone="UTC", today=TODAY, progress=stop)
    assert list((tmp_path / "out").iterdir()) == []


AMOUNTS = st.decimals(-(10**6), 10**6, places=2).map(str) | st.sampled_from(["", "x", "1,5", "(3)", "￥7", "12 грн", "--"])
DAYS = st.dates(date(1960, 1, 1), date(2030, 1, 1)).map(str) | st.sampled_from(["", "2024-02-30", "never", "05.03.2024", "2024年3月5日"])
ROWS = st.tuples(st.integers(0, 50).map(str), DAYS, st.sampled_from(["c1", "c2", "散客", "", "Total"]), AMOUNTS, st.integers(3, 6))


@given(st.lists(ROWS, min_size=1, max_size=60), st.sampled_from([("utf-8", ","), ("gb18030", ";"), ("utf-16", "\t")]))
def test_no_row_and_no_cent_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str, int]], how: tuple[str, str]) -> None:
    folder = tmp_path_factory.mktemp("random")
    first = ["1", "2024-03-05", "c1", "5.25"]
    table = [HEADER, first, *((*row[:4], "extra", "more")[: row[4]] for row in rows)]
    sheet = only_sheet(write_text(folder / "a.csv", table, encoding=how[0], delimiter=how[1]))
    mapping = corrected(None, sheet, {"order_id": "order_id", "ordered_at": "date", "customer_id": "customer_id", "amount": "amount", "date_order": "dmy"})
    staged, parts = load(folder / "a.csv", folder / "out", mapping=mapping)
    written = {number: cells for number, cells in enumerate(table[1:], start=2) if any(cells)}
    assert staged.rows_in == len(written)
    assert {row["source_row"] for row in parts["sales"]} | {row["source_row"] for row in parts["rejected"]} == written.keys()
    assert len(parts["sales"]) + len(parts["rejected"]) == len(written)
    for row in parts["sales"]:
        text = written[row["source_row"]][3]
        known = {"1,5": D("1.5"), "(3)": D(-3), "￥7": D(7), "12 грн": D(12)}
        assert row["amount"] == known.get(text, None if text in {"", "x", "--"} else D(text) if text not in known else None)
        assert datetime(1970, 1, 1) <= row["ordered_at"] and row["ordered_at"].date() <= TODAY
