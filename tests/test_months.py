"""A column for every month: proved to be months, and made rows of."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regulars as rg
from ingest_files import write_book
from regulars.errors import RegularsError
from regulars.ingest.month_names import month_of
from regulars.ingest.months import PLACE
from regulars.ingest.read import Sheet, open_source


def opened(path: Path, text: str) -> Sheet:
    path.write_text(text, encoding="utf-8")
    (sheet,) = open_source(path).sheets
    return sheet


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("2024-01", (2024, 1)),
        ("2024/1", (2024, 1)),
        ("01.2024", (2024, 1)),
        ("202412", (2024, 12)),
        ("2024年3月", (2024, 3)),
        ("2024-05-01 00:00:00", (2024, 5)),
        ("3月", (None, 3)),
        ("十二月", (None, 12)),
        ("Січень", (None, 1)),
        ("липень 2024", (2024, 7)),
        ("Sept 2024", (2024, 9)),
        ("2024 May", (2024, 5)),
        ("Dec-23", (2023, 12)),
        ("Марка", None),
        ("Market", None),
        ("202413", None),
        ("2024", None),
        ("13月", None),
        ("Total", None),
    ],
)
def test_the_names_of_months(name: str, month: tuple[int | None, int] | None) -> None:
    assert month_of(name) == month


def test_each_filled_cell_is_a_row(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "sales-2024.csv", "客户,门店,1月,2月,3月,合计\n张伟,人民路,100,,50.5,150.5\n王芳,人民路,0,20,30,50\n")
    assert sheet.columns == ("客户", "门店", "下单时间", "金额")
    assert sorted(sheet.rows()) == [
        (2, ("张伟", "人民路", "2024-01-01", "100")),
        (PLACE + 3, ("王芳", "人民路", "2024-02-01", "20")),
        (2 * PLACE + 2, ("张伟", "人民路", "2024-03-01", "50.5")),
        (2 * PLACE + 3, ("王芳", "人民路", "2024-03-01", "30")),
    ]


def test_the_import_says_so(tmp_path: Path) -> None:
    path = write_book(tmp_path / "rik.xlsx", {"Продажі": [["Клієнт", "Січень 2024", "Лютий 2024", "Березень 2024"], ["К1", 10, 20, None], ["К2", 1.5, 0, 3]]})
    shop = rg.open(tmp_path / "shop", currency="UAH", time_zone="Europe/Kyiv", language="en")
    one = shop.load(path)
    assert (one.rows_in, one.rows_loaded) == (4, 4)
    assert "The 3 columns from Січень 2024 to Березень 2024 are months" in repr(one)
    assert "100,000,002 is row 2 of Лютий 2024" in repr(one) or "100000002 is row 2 of Лютий 2024" in repr(one)
    assert shop.sql("SELECT sum(amount) AS revenue, count(DISTINCT customer_id) AS n FROM order_lines").to_pylist() == [{"revenue": Decimal("34.50"), "n": 2}]


@pytest.mark.parametrize(
    "text",
    [
        "customer,Jan 2024,Feb 2024\nA,1,2\n",
        "customer,Mar 2024,Jan 2024,Feb 2024\nA,1,2,3\n",
        "customer,Jan 2024,Feb 2024,Mar 2024\nK-1,1 red,2 blue,3 red\nK-2,4 red,5 blue,6 red\n",
        "customer,Order date,Jan 2024,Feb 2024,Mar 2024\nA,2024-01-05,1,2,3\n",
    ],
    ids=["too few", "not in order", "no numbers", "has a date"],
)
def test_what_does_not_prove_to_be_months_stays(tmp_path: Path, text: str) -> None:
    assert opened(tmp_path / "a.csv", text).columns == tuple(text.split("\n", maxsplit=1)[0].split(","))


def test_months_without_a_year_need_one_in_the_name(tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as problem:
        opened(tmp_path / "a.csv", "customer,Jan,Feb,Mar\nA,1,2,3\n")
    assert (problem.value.code, problem.value.values["example"]) == ("year_missing", "a-2024.csv")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 999), min_size=12, max_size=12), min_size=1, max_size=8))
def test_no_money_is_lost(tmp_path_factory: pytest.TempPathFactory, table: list[list[int]]) -> None:
    head = ",".join(f"2024-{month:02}" for month in range(1, 13))
    body = "\n".join(f"C{i}," + ",".join(map(str, row)) for i, row in enumerate(table))
    sheet = opened(tmp_path_factory.mktemp("m") / "a.csv", f"customer,{head}\n{body}\n")
    found = list(sheet.rows())
    assert sum(int(str(cells[-1])) for _, cells in found) == sum(map(sum, table))
    assert len({number for number, _ in found}) == len(found) == sum(value > 0 for row in table for value in row)
