"""A file that is nearly as the last one: what is unchanged is not asked again, and what has changed is said."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.errors import RegularsError
from regulars.ingest.changed import Shape, compare

HEAD = ("Order No", "Order date", "Customer ID", "Product code", "Quantity", "Price")
Row = Sequence[object]


def export(path: Path, prefix: str, head: Sequence[str], *, extra: str = "x") -> Path:
    """An export of forty lines whose columns are called and placed as ``head`` says; a name that is none of ``HEAD``'s may stand for one: ``new=old``."""
    rows = [(f"{prefix}{i}", f"2024-0{1 + i % 9}-1{i % 9}", f"C{i % 5}", f"P{i % 7}", 1 + i % 3, f"{i + 1}.50") for i in range(40)]
    sources = [name.partition("=")[2] or name for name in head]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([name.partition("=")[0] for name in head])
        writer.writerows([[row[HEAD.index(source)] if source in HEAD else extra for source in sources] for row in rows])
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="UTC", language="en")
    shop.load(export(tmp_path / "orders-01.csv", "A", HEAD))
    return shop


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ((*HEAD, "Coupon"), "New columns since the last such file: Coupon."),
        (("Order No", "Order date", "Customer ID", "Product code", "Price"), "Columns that are gone since the last such file: Quantity."),
        (("Order No", "Order date", "Customer number=Customer ID", *HEAD[3:]), "The column Customer ID is now called Customer number."),
        ((HEAD[1], HEAD[0], *HEAD[2:]), "The columns stand in another order than in the last such file."),
    ],
)
def test_what_has_changed_is_said(shop: Any, tmp_path: Path, head: tuple[str, ...], said: str) -> None:
    path = export(tmp_path / "orders-02.csv", "B", head)
    assert said in [note.read(rg.reader("en")) for note in shop.map_files([path]).notes]
    one = shop.load(path)
    assert said in repr(one) and one.rows_loaded == 40
    assert shop.sql("SELECT count(DISTINCT customer_id) AS n FROM order_lines").to_pylist() == [{"n": 5}]


def test_what_a_person_decided_is_not_asked_again(tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="UTC", language="en")
    head = ("a=Order No", "b=Order date", "c=Customer ID", "d=Product code", "e=Quantity", "f=Price")
    told = {"order_id": "a", "ordered_at": "b", "customer_id": "c", "product_id": "d", "quantity": "e", "unit_price": "f"}
    shop.load(export(tmp_path / "x1.csv", "A", head), mapping=told)
    one = shop.load(export(tmp_path / "x2.csv", "B", (*head, "g")))
    assert {match["field"]: match["column"] for match in one.mappings[0]["matches"]} == told
    assert "New columns since the last such file: g." in repr(one)


def test_a_needed_column_that_is_gone_is_named(shop: Any, tmp_path: Path) -> None:
    with pytest.raises(RegularsError, match="no longer has the column Order date, which was date of the order") as problem:
        shop.load(export(tmp_path / "orders-03.csv", "D", (HEAD[0], *HEAD[2:], "Coupon")))
    assert problem.value.code == "column_gone" and "Coupon" in str(problem.value)


def test_the_same_columns_say_nothing(shop: Any, tmp_path: Path) -> None:
    assert not any("column" in note.says for note in shop.load(export(tmp_path / "orders-02.csv", "B", HEAD)).notes)


def test_another_file_is_no_changed_one(shop: Any, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Customer ID,Name,City\n" + "".join(f"C{i},Person {i},Lviv\n" for i in range(5)), encoding="utf-8")
    assert not shop.load(path).notes


def test_no_value_of_a_file_is_kept(shop: Any, tmp_path: Path) -> None:
    kept = (tmp_path / "shop" / "regulars.toml").read_text(encoding="utf-8")
    assert "Order date" in kept and "2024-01" not in kept and "C1" not in kept


def test_a_name_like_the_old_one_needs_values_like_the_old_ones() -> None:
    old = Shape(("No", "Sum"), ("code", "number"), "")
    assert compare(old, Shape(("No", "Sum total"), ("code", "number"), "")).renamed
    other = compare(old, Shape(("No", "Sum total"), ("code", "words"), ""))
    assert (other.renamed, other.added, other.gone) == ((), ("Sum total",), ("Sum",))
