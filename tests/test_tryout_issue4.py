"""What three new users met when they loaded a till, payment bills, a bank statement, customers, complaints and invoices: each mended, each held here."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.i18n import Reader
from regulars.reports.brief import make_brief
from regulars.reports.page import render
from regulars.surfaces import cli

TILL = ["流水号", "交易时间", "会员号", "商品名称", "数量", "单价", "金额", "支付方式", "备注"]


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def opened(folder: Path, currency: str = "CNY") -> rg.Workspace:
    return rg.open(folder / "shop.regulars", currency=currency, time_zone="UTC", language="en")


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The exit status of a command, and all that it says."""

    def run(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        status = cli.run([*(str(word) for word in words), "--workspace", str(tmp_path / "shop.regulars"), "--language", "en"])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


def page_of(shop: rg.Workspace) -> str:
    return render(make_brief(shop), Reader("en", "CNY"))


def found(shop: rg.Workspace, rule: str) -> int:
    return sum(row["rule"] == rule for row in shop.table("problems").to_pylist())


def till(path: Path, months: int = 3) -> Path:
    """One sale every second day for some months, receipts numbered, customers named; on the first day a zero too many was typed."""
    days = [(2024, 6 + i // 15, 1 + 2 * (i % 15)) for i in range(15 * months)]
    rows = [
        [f"XS{i:05}", f"{y}/{m:02}/{d:02} 10:{i % 60:02}:00", f"HY{i % 9}", "珍珠奶茶", 1, 1500 if i == 0 else 15, 1500 if i == 0 else 15, "微信", ""]
        for i, (y, m, d) in enumerate(days)
    ]
    return write(path, TILL, [*rows, ["YG1", "2024/06/05 13:00:00", "", "珍珠奶茶", 1, 7.5, 7.5, "现金", "员工餐"]], "gbk")


def bill(path: Path, months: int = 3, late: int = 20) -> Path:
    """The payment service's bill of the same receipts: what was really paid, ``late`` seconds after."""
    days = [(2024, 6 + i // 15, 1 + 2 * (i % 15)) for i in range(15 * months)]
    rows = [[f"{y}-{m:02}-{d:02} 10:{i % 60:02}:{late:02}", f"XS{i:05}", f"oTea{i % 9}", 15] for i, (y, m, d) in enumerate(days)]
    return write(path, ["交易时间", "商户订单号", "用户标识", "交易金额"], rows)


def test_a_payment_with_the_number_and_the_minute_of_an_order_is_the_same_order_whatever_the_money(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    before = shop.snapshot.books[0].net_revenue
    shop.load(bill(tmp_path / "bill.csv"), mapping={"customer_id": "用户标识"})
    assert found(shop, "same_payment") == 45, "the one whose amount differs as well"
    assert shop.snapshot.books[0].net_revenue == before


def test_the_first_bill_of_the_same_months_did_not_come_late(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    shop.load(bill(tmp_path / "bill.csv"), mapping={"customer_id": "用户标识"})
    assert found(shop, "late_row") == 0


def test_what_the_staff_ate_is_a_purchase_of_staff(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    assert found(shop, "staff_purchase") == 1


def test_data_quality_names_its_tables_and_fields_in_words(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    quality = shop.run(rg.DataQuality())
    shown = {(row["about"].show(quality.reader), row["field"].show(quality.reader)) for row in quality.answer.summary}
    assert ("Rows of sales", "remarks") in shown
    assert {"Customer records", "Order records", "Product records"} >= {about for about, _ in shown} - {"Rows of sales", "Refunds"}


def test_a_masked_phone_reaches_nobody_on_either_side_of_the_brief(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    members = [[f"HY{i}", f"王{i}", "138****1234" if i % 3 else f"1391234567{i}"] for i in range(9)]
    shop.load(write(tmp_path / "members.csv", ["会员号", "姓名", "手机号"], members))
    facts = make_brief(shop).health.facts
    unreachable = shop.run(rg.DataQuality()).rows(about="customers", rule="unreachable")
    assert (facts.value("customers"), facts.value("reachable"), len(unreachable)) == (9, 3, 6)


def test_the_brief_asks_for_no_file_that_is_loaded(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    assert "advertising spend by day" in page_of(shop)
    shop.load(write(tmp_path / "spend.csv", ["Day", "Campaign", "Channel", "Cost"], [[f"2024-06-{d:02}", "Summer", "Douyin", 20 + d] for d in range(1, 20)]))
    assert "advertising spend by day" not in page_of(shop)


def test_payments_are_known_by_the_day_they_were_received(tmp_path: Path) -> None:
    shop = opened(tmp_path, "GBP")
    rows = [[f"{1 + i % 28:02}/03/2024", f"Harbour {i % 4}", f"INV-{i:04}", f"{100 + i}.50", "BACS"] for i in range(40)]
    file = write(tmp_path / "payments received.csv", ["Date received", "Customer", "Invoice", "Amount (GBP)", "Method"], rows)
    (sheet,) = shop.map(file)
    assert (sheet[1].table, sheet[1].fields["paid_at"]) == ("payments", "Date received")


def test_a_ukrainian_till_says_how_it_was_paid(tmp_path: Path) -> None:
    shop = opened(tmp_path, "UAH")
    rows = [[f"Ч{i}", f"{1 + i % 28:02}.03.2024", f"067123450{i % 5}", "Кава", f"{20 + i},50", "Готівка" if i % 2 else "Картка"] for i in range(30)]
    shop.load(write(tmp_path / "till.csv", ["№ чека", "Дата", "Телефон", "Товар", "Сума", "Оплата"], rows))
    assert {row["payment_method"] for row in shop.table("orders").to_pylist()} == {"Готівка", "Картка"}


def test_a_folder_of_which_nothing_loads_says_why_and_what_next(tmp_path: Path, asked: Callable[..., tuple[int, str]]) -> None:
    for name in ("people.txt", "places.txt"):
        write(tmp_path / "exports" / name, ["Ann", "Kyiv"], [["Bob", "Lviv"], ["Cid", "Odesa"]])
    status, said = asked("load", tmp_path / "exports", "--currency", "UAH", "--time-zone", "UTC")
    assert status == 2
    assert "holds 2" in said
    assert "people.txt" in said
    assert "regulars map" in said
    told = json.loads(asked("load", tmp_path / "exports", "--json")[1])["error"]
    assert told["code"] == "folder_unread"
    assert "people.txt" in told["values"]["reason"]


def test_without_orders_no_currency_is_told_and_orders_are_asked_for(tmp_path: Path, asked: Callable[..., tuple[int, str]]) -> None:
    rows = [
        [f"D{i}", "Moses", "GTX", f"Firm {i % 5}", "Won" if i % 2 else "Lost", f"2024-01-{1 + i % 28:02}", f"2024-02-{1 + i % 28:02}", 100 + i]
        for i in range(40)
    ]
    file = write(
        tmp_path / "deals.csv", ["opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"], rows
    )
    status, said = asked("load", file, "--currency", "USD", "--time-zone", "UTC")
    assert status == 0
    assert "currency ," not in said
    assert "regulars load orders.xlsx" in said
    assert "regulars brief" not in said


def test_history_names_a_delivery_that_can_be_taken_back(tmp_path: Path, asked: Callable[..., tuple[int, str]]) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    assert "regulars undo 1" in asked("history")[1]


def test_a_correction_for_a_sheet_that_does_not_fit_is_refused_not_forgotten(tmp_path: Path) -> None:
    xlsx = pytest.importorskip("xlsxwriter")
    book = xlsx.Workbook(str(tmp_path / "two.xlsx"))
    orders, refunds = book.add_worksheet("Orders"), book.add_worksheet("Refunds")
    for number, row in enumerate([["Order ID", "Date", "Customer ID", "Amount"], *([f"A{i}", f"2024-03-{1 + i:02}", f"C{i % 7}", 10 + i] for i in range(20))]):
        orders.write_row(number, 0, row)
    for number, row in enumerate([["Receipt", "Day of refund", "Reason"], *([f"A{i}", f"2024-03-{2 + i:02}", "Broken"] for i in range(20))]):
        refunds.write_row(number, 0, row)
    book.close()
    with pytest.raises(rg.RegularsError) as problem:
        opened(tmp_path, "EUR").map(tmp_path / "two.xlsx", {"table": "sales"}, sheet="Refunds")
    assert problem.value.code == "column_missing"


def test_a_delivery_that_is_not_there_is_asked_for_by_number(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    with pytest.raises(rg.RegularsError) as problem:
        shop.undo("99")
    assert (problem.value.code, problem.value.values["near"]) == ("import_unknown", "'1'")


def test_a_file_of_another_system_is_no_drift(tmp_path: Path) -> None:
    """A bill has other payers and other amounts than the till; the till's next month with another way of payment is what drift means."""
    shop = opened(tmp_path)
    shop.load(till(tmp_path / "till.csv"))
    shop.load(bill(tmp_path / "bill.csv"), mapping={"customer_id": "用户标识"})
    assert not shop.run(rg.DataQuality()).answer.details["drift"]
    rows = [[f"XT{i}", f"2024/09/{1 + i % 28:02} 11:00:00", f"HY{i % 9}", "珍珠奶茶", 1, 15, 15, "现金", ""] for i in range(60)]
    shop.load(write(tmp_path / "september.csv", TILL, rows, "gbk"))
    drift = shop.run(rg.DataQuality()).answer.details["drift"]
    assert {(line.value("delivery"), line.value("field")) for line in drift if line.value("verdict") == "shifted"} >= {(3, "payment_method")}


def test_a_file_that_was_loaded_before_is_told_in_one_line(tmp_path: Path, asked: Callable[..., tuple[int, str]]) -> None:
    opened(tmp_path).load(till(tmp_path / "till.csv"))
    status, said = asked("load", tmp_path / "till.csv")
    assert status == 0
    assert "was loaded before" in said
    assert "流水号" not in said
