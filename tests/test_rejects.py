"""Rows that were not loaded come back as a file; mended they are loaded, and none twice."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

import regulars as rg
from regulars.errors import RegularsError

ROWS = (
    "Order;Customer;Date;Product;Qty;Price",
    "1;ann;05.01.2024;tea;1;10,00",
    "2;bob;yesterday;tea;2;10,00",
    "3;cid;07.01.2024;=1+1;three;10,00",
    ";dan;;cup;1;7,00",
    "5;eve;09.01.2024;cup;1;7,00;extra",
    "Total;;;;;34,00",
)
MENDED = {"2": ("Date", "06.01.2024"), "3": ("Qty", "3"), "5": ("+1", "")}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[rg.Workspace]:
    file = tmp_path / "sales.csv"
    file.write_text("\n".join(ROWS), encoding="utf-8")
    with rg.open(tmp_path / "shop", currency="EUR", language="uk") as opened:
        opened.load(file)
        yield opened


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mend(path: Path, into: Path, orders: tuple[str, ...]) -> Path:
    rows = read(path)
    for row in rows:
        if row["Order"] in orders:
            column, value = MENDED[row["Order"]]
            row[column] = value
    with into.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return into


def test_rejects_come_back_in_their_shape_with_the_reason(shop: rg.Workspace, tmp_path: Path) -> None:
    assert shop.imports[0].rows_rejected == 5
    path = tmp_path / "mend.csv"
    shop.write_rejects(path)
    rows = read(path)
    assert list(rows[0]) == ["Order", "Customer", "Date", "Product", "Qty", "Price", "+1", "Чому не завантажено", "regulars_row"]
    assert [row["Order"] for row in rows] == ["2", "3", "", "5"]  # the totals row needs no mending
    assert "yesterday" in rows[0]["Чому не завантажено"] and rows[1]["Product"] == "'=1+1"
    assert rows[3]["+1"] == "extra" and rows[3]["regulars_row"].endswith(":6:")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_mended_rows_are_loaded_and_none_twice(shop: rg.Workspace, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mend.csv"
    shop.write_rejects(path)
    first = mend(path, tmp_path / "first.csv", ("2", "3"))
    loaded = shop.load(first)
    assert (loaded.rows_in, loaded.rows_loaded) == (4, 2) and loaded.rows_rejected == 2
    assert shop.sql("select order_id, product_id, quantity from order_lines where order_id = '3'").to_pylist()[0]["product_id"] == "=1+1"
    open_rows = [row[0] for one in shop.rejects() for row in one.rows]
    assert sorted(open_rows) == ["", "5"]
    second = mend(first, tmp_path / "second.csv", ("5",))
    again = shop.load(second)
    assert again.rows_loaded == 1 and again.rejected_by_reason["already_loaded"] == 2
    assert shop.sql("select count(*) as n from order_lines")["n"].to_pylist() == [4]
    workbook = tmp_path / f"open.{kind}"
    if kind == "xlsx":
        shop.write_rejects(workbook)
        from python_calamine import CalamineWorkbook

        sheet = CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).to_python()
        assert sheet[0][-1] == "regulars_row" and all(isinstance(cell, str) for cell in sheet[1])


def test_another_ending_and_another_delivery_are_named(shop: rg.Workspace, tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as refused:
        shop.write_rejects(tmp_path / "mend.pdf")
    assert refused.value.code == "value_wrong"
    with pytest.raises(RegularsError) as refused:
        shop.rejects("9")
    assert refused.value.code == "import_unknown"
    assert [one.title for one in shop.rejects("1")] == ["sales"]
