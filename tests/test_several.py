"""Several files at once: keys between them by inclusion, lines joined to their orders, numbers to their people, nothing lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import regulars as rg
from ingest_files import TODAY, parts, write_book
from regulars.errors import RegularsError
from regulars.ingest.content import Room
from regulars.ingest.mapping import propose
from regulars.ingest.read import open_source
from regulars.ingest.several.bundles import Bundle, gather
from regulars.ingest.several.keys import Links, find_links
from regulars.ingest.several.looked_at import parts_of
from regulars.ingest.stage import stage
from regulars.surfaces import cli

HEADER = ["Order ID", "Customer ID", "Order date", "Status"]
LINES = ["Order ID", "Product code", "Quantity", "Price"]
Table = Sequence[Sequence[object]]


def write(path: Path, *rows: Sequence[object]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def orders(count: int, first: int = 1) -> tuple[list[list[object]], list[list[object]]]:
    """Orders, and their lines: one to three each."""
    heads: list[list[object]] = []
    lines: list[list[object]] = []
    for i in range(first, first + count):
        heads.append([f"R-{1000 + i}", f"C{i % 7}", date(2024, 1 + i % 9, 1 + i % 28), "paid"])
        lines += [[f"R-{1000 + i}", f"P{(i + k) % 5}", 1 + k, f"{10 + i % 4}.50"] for k in range(1 + i % 3)]
    return heads, lines


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    heads, lines = orders(30)
    return write(tmp_path / "orders.csv", HEADER, *heads), write(tmp_path / "lines.csv", LINES, *lines)


def opened(folder: Path, currency: str = "EUR") -> Any:
    return rg.open(folder / "shop", currency=currency, time_zone="UTC", language="en")


def linked(*paths: Path) -> Links:
    room = Room()
    return find_links(parts_of([sheet for path in paths for sheet in open_source(path).sheets], room), room)


def said(links: Links) -> set[tuple[str, str]]:
    return {(f"{link.from_sheet}.{link.from_column}", f"{link.to_sheet}.{link.to_column}") for link in links}


def staged(bundle: Bundle, folder: Path) -> list[dict[str, Any]]:
    """The sales of a bundle, loaded."""
    for sheet in bundle.source.sheets:
        mapping = bundle.proven.get(sheet) or propose(sheet)
        made = stage(sheet, mapping, folder=folder, import_id="i1", currency="EUR", time_zone="UTC", today=TODAY)
        assert made.rows_in == made.rows_loaded + made.rows_rejected
    return parts(folder, "sales")


# keys ----------------------------------------------------------------------------------------------------------------


def test_a_key_is_found_by_the_share_of_its_values(pair: tuple[Path, Path], tmp_path: Path) -> None:
    people = write(tmp_path / "people.csv", ["Customer ID", "Name", "City"], *([f"C{i}", f"Person {i}", "Lviv"] for i in range(6)))
    links = linked(*pair, people)
    assert said(links) == {("lines.Order ID", "orders.Order ID"), ("orders.Customer ID", "people.Customer ID")}
    found = {link.from_column: link for link in links}
    assert (found["Order ID"].inclusion, found["Order ID"].support, found["Order ID"].unique) == (1.0, 30, True)
    assert found["Customer ID"].inclusion == pytest.approx(6 / 7, abs=1e-3)
    assert all(0.5 <= link.confidence <= 1 and link.reason for link in links)


@pytest.mark.parametrize(
    ("one", "other", "zeros"),
    [
        (["17850.0", "17851.0", "17852.0"], ["17850", "17851", "17852"], False),
        (["ab-1", "ab-2", "ab-3"], ["AB-1", "AB-2", "AB-3"], False),
        (["004711", "004712", "004713"], ["4711", "4712", "4713"], True),
    ],
)
def test_values_are_compared_as_keys(tmp_path: Path, one: list[str], other: list[str], zeros: bool) -> None:
    a = write(tmp_path / "sales.csv", ["Client no", "Note"], *([key, f"word {i}"] for i, key in enumerate(one * 4)))
    b = write(tmp_path / "clients.csv", ["Client no", "Name"], *([key, f"Person {key}"] for key in other))
    (link,) = linked(a, b)
    assert (link.from_sheet, link.to_sheet, link.inclusion, link.zeros) == ("sales", "clients", 1.0, zeros)


def test_leading_zeros_count_where_they_tell_values_apart(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", ["Client no", "Note"], *([key, "x"] for key in ("007", "7", "08", "8") * 3))
    b = write(tmp_path / "b.csv", ["Client no", "Name"], *([key, "y"] for key in ("0007", "0008", "0009", "0010")))
    assert not linked(a, b).found


def test_plain_numbers_prove_nothing_by_themselves(tmp_path: Path) -> None:
    a = write(tmp_path / "visits.csv", ["Floor", "Who"], *([1 + i % 9, f"w{i}"] for i in range(40)))
    b = write(tmp_path / "staff.csv", ["Staff ID", "Name"], *([i, f"Person {i}"] for i in range(1, 30)))
    assert not linked(a, b).found


def test_very_many_values_are_compared_by_a_share_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heads, lines = orders(600)
    pair = write(tmp_path / "orders.csv", HEADER, *heads), write(tmp_path / "lines.csv", LINES, *lines)
    whole = linked(*pair)
    monkeypatch.setattr("regulars.ingest.several.keys.SAMPLED", 300)
    assert linked(*pair) == whole and len(whole) == 1


# header and lines ----------------------------------------------------------------------------------------------------


@st.composite
def books(draw: st.DrawFn) -> tuple[Table, Table]:
    """Any orders with their lines."""
    ids = draw(st.lists(st.integers(1, 10**6), min_size=5, max_size=12, unique=True))
    form = draw(st.sampled_from(["{}", "{}.0", "No-{:07}", "{:08}"]))
    heads: list[list[object]] = []
    lines: list[list[object]] = []
    for number in ids:
        day = draw(st.dates(date(2022, 1, 1), date(2024, 12, 31)))
        heads.append([form.format(number), f"K{draw(st.integers(100, 120))}", day, draw(st.sampled_from(["paid", "shipped", "cancelled"]))])
        for _ in range(draw(st.integers(1, 3))):
            price = Decimal(draw(st.integers(1, 99_999))) / 100
            lines.append([form.format(number), f"P{draw(st.integers(1, 9))}", draw(st.integers(1, 9)), price])
    return heads, draw(st.permutations(lines))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(books())
def test_a_split_book_is_the_joined_one(tmp_path_factory: pytest.TempPathFactory, book: tuple[Table, Table]) -> None:
    folder = tmp_path_factory.mktemp("split")
    heads, lines = book
    by_id = {head[0]: head for head in heads}
    whole = write(folder / "whole.csv", [*LINES, *HEADER[1:]], *([*line, *by_id[line[0]][1:]] for line in lines))
    split = [write(folder / "orders.csv", HEADER, *heads), write(folder / "lines.csv", LINES, *lines)]
    (joined,), _ = gather([open_source(path) for path in split], {}, "en")
    (alone,), _ = gather([open_source(whole)], {}, "en")
    wanted = ("source_row", "order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price", "amount", "cancelled", "status")
    one, other = ([tuple(row[name] for name in wanted) for row in staged(bundle, folder / name)] for name, bundle in (("joined", joined), ("alone", alone)))
    assert one == other and len(one) == len(lines)


def test_lines_and_orders_are_one_delivery(pair: tuple[Path, Path], tmp_path: Path) -> None:
    shop = opened(tmp_path)
    made = shop.load_files(pair)
    (one,) = made.imports
    assert one.named == "orders.csv + lines.csv"
    assert (one.rows_in, one.rows_loaded, one.rows_rejected) == (60, 60, 0)
    assert "lines and orders were read as one table of sales: Order ID of the one is Order ID of the other." in repr(one)
    assert "2 files: 2 loaded, 0 known already, 0 not loaded; 60 rows in all." in repr(made)
    told = shop.sql("SELECT count(DISTINCT order_id) AS orders, count(DISTINCT customer_id) AS customers, sum(amount) AS revenue FROM order_lines")
    expected = sum(Decimal(str(line[2])) * Decimal(str(line[3])) for line in orders(30)[1])
    assert told.to_pylist() == [{"orders": 30, "customers": 7, "revenue": expected}]
    for again in (pair, pair[::-1]):
        (known,) = shop.load_files(again).imports
        assert known.already_loaded and known.id == one.id
    assert len(shop.imports) == 1


def test_what_has_no_other_half_is_told(tmp_path: Path) -> None:
    heads, lines = orders(30)
    alone = [["R-9999", "C1", date(2024, 5, 5), "paid"], ["R-1001", "C2", date(2024, 5, 6), "paid"]]
    paths = [
        write(tmp_path / "orders.csv", HEADER, *heads, *alone),
        write(tmp_path / "lines.csv", LINES, *lines, ["R-8888", "P1", 1, "9.50"], [None, "P1", 2, "1.50"]),
    ]
    shop = opened(tmp_path)
    (one,) = shop.load_files(paths).imports
    assert one.rejected_by_reason == {"order_unknown": 2, "order_without_lines": 1, "order_repeated": 1}
    assert one.rows_in == one.rows_loaded + one.rows_rejected == 64
    rejected = {(row["source_sheet"], row["source_row"]): json.loads(row["row"]) for row in shop.table("rejected").to_pylist()}
    assert rejected["lines", 62]["Order ID"] == "R-8888" and rejected["orders", 32]["Order ID"] == "R-9999"


def test_orders_without_lines_load_by_their_own_amount_and_once(tmp_path: Path) -> None:
    heads, lines = orders(30)
    totals = {head[0]: sum(Decimal(str(line[2])) * Decimal(str(line[3])) for line in lines if line[0] == head[0]) for head in heads}
    whole = [[*head, "5.00", totals[head[0]] + 5] for head in heads] + [["R-9999", "C1", date(2024, 5, 5), "paid", "5.00", "47.00"]]
    paths = [write(tmp_path / "orders.csv", [*HEADER, "Shipping", "Total"], *whole), write(tmp_path / "lines.csv", LINES, *lines)]
    shop = opened(tmp_path)
    (one,) = shop.load_files(paths).imports
    assert one.rows_rejected == 0 and one.rows_in == 61
    revenue = shop.sql("SELECT sum(amount) AS revenue, count(DISTINCT order_id) AS orders FROM order_lines").to_pylist()
    assert revenue == [{"revenue": sum(totals.values()) + 47, "orders": 31}]
    assert "Orders of orders to which lines has no line were loaded by the amount of the order." in repr(one)


@pytest.mark.parametrize(("taken_off", "share"), [(True, Decimal("0.9")), (False, Decimal(1))])
def test_a_discount_of_the_order_is_taken_off_where_its_total_says_so(tmp_path: Path, taken_off: bool, share: Decimal) -> None:
    heads, lines = orders(30)
    sums = {head[0]: sum(Decimal(str(line[2])) * Decimal(str(line[3])) for line in lines if line[0] == head[0]) for head in heads}
    off = {order: round(total / 10, 2) for order, total in sums.items()}
    whole = [[*head, off[head[0]], sums[head[0]] - (off[head[0]] if taken_off else 0)] for head in heads]
    paths = [write(tmp_path / "orders.csv", [*HEADER, "Discount", "Total"], *whole), write(tmp_path / "lines.csv", LINES, *lines)]
    shop = opened(tmp_path)
    shop.load_files(paths)
    found = shop.sql("SELECT sum(amount) AS revenue FROM order_lines").to_pylist()[0]["revenue"]
    assert found == sum(sums.values()) - (sum(off.values()) if taken_off else 0)
    assert abs(found - share * sum(sums.values())) < 1


def test_lines_without_money_get_the_amount_of_the_order_once(tmp_path: Path) -> None:
    heads, lines = orders(30)
    whole = [[*head, f"{i}.25"] for i, head in enumerate(heads, start=1)]
    paths = [write(tmp_path / "orders.csv", [*HEADER, "Total"], *whole), write(tmp_path / "lines.csv", LINES[:3], *(line[:3] for line in lines))]
    shop = opened(tmp_path)
    shop.load_files(paths)
    assert shop.sql("SELECT sum(amount) AS revenue FROM order_lines").to_pylist() == [{"revenue": Decimal(30 * 31) / 2 + Decimal("7.50")}]


def test_sheets_of_a_workbook_are_joined_too(tmp_path: Path) -> None:
    heads, lines = orders(30)
    book = write_book(tmp_path / "book.xlsx", {"Orders": [HEADER, *heads], "Lines": [LINES, *lines]})
    one = opened(tmp_path).load(book)
    assert (one.rows_in, one.rows_loaded) == (60, 60)
    assert [mapping["table"] for mapping in one.mappings] == ["sales"]


def test_a_folder_of_months_finds_each_its_own_half(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for month, first in ((1, 1), (2, 101)):
        heads, lines = orders(30, first)
        write(folder / f"orders-{month}.csv", HEADER, *heads)
        write(folder / f"lines-{month}.csv", LINES, *lines)
    write(folder / "people.csv", ["Customer ID", "Name", "City"], *([f"C{i}", f"Person {i}", "Lviv"] for i in range(7)))
    shop = opened(tmp_path)
    made = shop.load_folder(folder)
    assert sorted(one.named for one in made.imports) == ["lines-1.csv + orders-1.csv", "lines-2.csv + orders-2.csv", "people.csv"]
    assert shop.sql("SELECT count(DISTINCT order_id) AS n FROM order_lines").to_pylist() == [{"n": 60}]
    assert {row["name"] for row in shop.table("customers").to_pylist()} == {f"Person {i}" for i in range(7)}


def test_a_wrong_column_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as problem:
        opened(tmp_path).load_files(pair, mapping={"amount": "lines.Prize"})
    assert problem.value.code == "mapping_wrong"


def test_lines_alone_say_what_they_lack(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as problem:
        opened(tmp_path).load(pair[1])
    assert problem.value.code == "column_missing"


# surfaces ------------------------------------------------------------------------------------------------------------


def test_on_the_command_line(pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["--json", "map", "orders.csv", "lines.csv", "--workspace", "shop"]) == 0
    data = json.loads(capsys.readouterr().out)["data"]
    assert [(link["from_column"], link["to_sheet"]) for link in data["links"]] == [("Order ID", "orders")]
    assert [sheet["sheet"] for sheet in data["sheets"]] == ["lines"]
    assert cli.run(["--json", "load", "orders.csv", "lines.csv", "--workspace", "shop", "--currency", "EUR", "--time-zone", "UTC"]) == 0
    data = json.loads(capsys.readouterr().out)["data"]
    assert [one["rows_loaded"] for one in data["imports"]] == [60]
    assert cli.run(["map", "orders.csv", "lines.csv", "--workspace", "shop"]) == 0
    assert "lines.Order ID" in capsys.readouterr().out


def test_a_named_file_that_cannot_be_loaded_is_an_error_in_the_end(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert cli.run(["load", "logo.png", "orders.csv", "lines.csv", "--workspace", "shop", "--currency", "EUR", "--time-zone", "UTC"]) != 0
    assert len(rg.open(tmp_path / "shop").imports) == 1


# real data -----------------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_olist(shared_data: Path, tmp_path: Path) -> None:
    names = ("orders", "order_items", "customers", "products", "order_payments")
    shop = opened(tmp_path, "BRL")
    made = shop.load_files([shared_data / "olist" / f"olist_{name}_dataset.csv.gz" for name in names])
    assert not made.unread
    sales = made.imports[0]
    assert len(sales.files) == 3 and sales.rejected_by_reason == {"order_without_lines": 110}
    items = shop.sql("SELECT sum(CASE WHEN amount > 0 THEN amount END) AS items, count(DISTINCT order_id) AS orders FROM order_lines").to_pylist()
    assert items == [{"items": Decimal("3135351.20"), "orders": 22_870 - 110}]
    assert shop.sql("SELECT count(*) AS n FROM customers").to_pylist() == [{"n": 22_684}]
    assert shop.sql("SELECT count(*) AS n FROM products WHERE category IS NOT NULL").to_pylist()[0]["n"] > 12_000


@pytest.mark.shared
def test_chinook(shared_data: Path, tmp_path: Path) -> None:
    shop = opened(tmp_path, "USD")
    one = shop.load(shared_data / "chinook_sqlite" / "chinook.db")
    told = shop.sql(
        "SELECT count(DISTINCT order_id) AS orders, count(DISTINCT customer_id) AS customers, sum(amount) AS revenue, count(*) AS lines FROM order_lines"
    )
    assert told.to_pylist() == [{"orders": 412, "customers": 59, "revenue": Decimal("2328.60"), "lines": 2240}]
    assert shop.sql("SELECT count(*) AS n FROM products WHERE product_name IS NOT NULL").to_pylist()[0]["n"] == 3503
    assert "playlists" in repr(one)


@pytest.mark.shared
def test_files_without_headers_by_the_names_of_their_tables(shared_data: Path, tmp_path: Path) -> None:
    shop = opened(tmp_path, "USD")
    told = {
        "order_id": "OrderDetails.column 1",
        "product_id": "OrderDetails.column 2",
        "quantity": "OrderDetails.column 3",
        "unit_price": "OrderDetails.column 4",
        "ordered_at": "Orders.column 2",
        "status": "Orders.column 5",
        "customer_id": "Orders.column 7",
        "customer_name": "Customers.column 2",
        "product_name": "Products.column 2",
        "category": "Products.column 3",
    }
    made = shop.load_files([shared_data / "classicmodels_b2b" / f"{name}.txt" for name in ("Orders", "OrderDetails", "Customers", "Products")], mapping=told)
    assert not made.unread and made.imports[0].rows_loaded == 2996
    told_of = shop.sql("SELECT sum(CASE WHEN amount > 0 THEN amount END) AS value, count(DISTINCT order_id) AS orders FROM order_lines").to_pylist()
    assert told_of == [{"value": Decimal("9604190.61"), "orders": 326}]
    assert shop.sql("SELECT count(*) AS n FROM customers WHERE name IS NOT NULL").to_pylist() == [{"n": 122}]
    assert shop.sql("SELECT count(*) AS n FROM products WHERE category IS NOT NULL").to_pylist() == [{"n": 110}]
