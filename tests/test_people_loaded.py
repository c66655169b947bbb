"""How a delivery tells people apart: columns beside the originals, and no customer known by a phone or an address that is nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest_files import load, write_book, write_text
from regulars.ingest import reasons

ORDERS = ["Номер замовлення", "Дата", "Телефон", "E-mail", "ПІБ", "Сума"]
MEMBERS = ["会员卡号", "姓名", "手机号", "邮箱", "地址"]


def _said(notes: tuple[reasons.Note, ...]) -> dict[str, int]:
    return {note.says: int(dict(note.values)["rows"]) for note in notes if note.says in {reasons.NO_PHONE, reasons.NO_EMAIL}}


def test_a_masked_or_default_phone_is_nobodys_key(tmp_path: Path) -> None:
    people = [
        ["067 123 45 89", "o@shop.ua", "Олена Шевченко"],
        ["067***4589", "o@shop.ua", "Олена Шевченко"],
        ["0670000000", "test@test.com", "Іван Петренко"],
        ["000", "", "Іван Петренко"],
        ["067***4589", "noreply@shop.ua", ""],
        ["13800000000", "", ""],
        ["279-5316", "", ""],
    ]
    rows = [[f"N{i}", f"{i + 1:02d}.02.2024", *person, "100,00"] for i, person in enumerate(people)]
    staged, parts = load(write_text(tmp_path / "orders.csv", [ORDERS, *rows]), tmp_path / "parts", currency="UAH")
    assert staged.rows_loaded == len(rows)
    assert [row["customer_id"] for row in parts["sales"]] == [
        "+380671234589", "o@shop.ua", "Іван Петренко", "Іван Петренко", None, None, "279-5316",
    ]  # fmt: skip
    assert staged.walk_in_rows == 2
    assert _said(staged.notes) == {reasons.NO_PHONE: 5, reasons.NO_EMAIL: 2}
    told = {row["customer_id"]: row for row in parts["customers"]}
    assert told["Іван Петренко"]["name_normal"] == "петренко іван"
    assert (told["+380671234589"]["phone"], told["+380671234589"]["phone_written"]) == ("+380671234589", "067 123 45 89")
    assert told["o@shop.ua"]["phone"] == told["o@shop.ua"]["phone_written"] == "067***4589"


@pytest.mark.parametrize("book", [False, True])
def test_a_list_of_customers_has_the_forms_beside_the_originals(tmp_path: Path, book: bool) -> None:
    rows: list[list[Any]] = [
        ["001", "歐陽 娜娜小姐", "139 5710 2468", "A@QQ.com", "杭州市西湖區文三路478號3幢2單元501室"],
        ["002", "王总", "138****8000", "test@test.com", ""],
        ["003", "", "13605718642", "", "上海浦东新区张江路1号"],
    ]
    path = write_book(tmp_path / "会员.xlsx", {"会员": [MEMBERS, *rows]}) if book else write_text(tmp_path / "会员.csv", [MEMBERS, *rows])
    staged, parts = load(path, tmp_path / "parts", currency="CNY")
    told = {row["customer_id"]: row for row in parts["customers"]}
    assert staged.rows_loaded == 3
    assert {key: (row["name"], row["name_normal"]) for key, row in told.items()} == {
        "001": ("歐陽 娜娜小姐", "欧阳娜娜"), "002": ("王总", "王"), "003": (None, None),
    }  # fmt: skip
    assert {key: (row["phone"], row["phone_written"]) for key, row in told.items()} == {
        "001": ("+8613957102468", "139 5710 2468"), "002": ("138****8000", "138****8000"), "003": ("+8613605718642", "13605718642"),
    }  # fmt: skip
    assert {key: row["address_normal"] for key, row in told.items()} == {
        "001": "浙江省 杭州市 西湖区 文三路478号3栋2单元501", "002": None, "003": "上海市 浦东新区 张江路1号",
    }  # fmt: skip
    assert (told["001"]["email"], told["001"]["address"]) == ("a@qq.com", "杭州市西湖區文三路478號3幢2單元501室")
    assert _said(staged.notes) == {reasons.NO_PHONE: 1, reasons.NO_EMAIL: 1}


def test_a_phone_that_excel_made_a_number_is_looked_up_as_a_number(tmp_path: Path) -> None:
    rows = [[f"N{i}", f"2024-02-{i + 1:02d}", f"1395710{2468 + i % 3}.0", 10.5] for i in range(9)]
    _, parts = load(write_text(tmp_path / "orders.csv", [["订单号", "下单时间", "手机号", "金额"], *rows]), tmp_path / "parts", currency="CNY")
    assert {row["customer_id"] for row in parts["sales"]} == {f"+861395710{2468 + i}" for i in range(3)}
