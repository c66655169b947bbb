"""What people really hand in: empty, broken or strange files. Each ends in a named error that teaches, or in an answer; nothing is
lost, and the files given are never touched. The machine they do it on: ``test_bad_machine.py``."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, as_csv, as_xlsx, command, good_shop, orders, revenue, teaches, write
from regulars.i18n import LANGUAGES, Reader


def answers(shop: Any) -> dict[str, Any]:
    """The result of every analysis that has one, each said in three languages; the others must end in a named error that teaches."""
    results = {}
    for analysis in rg.ANALYSES:
        try:
            result = shop.run(analysis())
        except rg.RegularsError as problem:
            teaches(problem)
            continue
        results[analysis.__name__] = result
        result.rows().to_arrow()
        for finding in result.findings:
            for language in LANGUAGES:
                assert not re.search(r"\{|\bnan\b|\bNone\b|\binf\b|∞", finding.text(Reader(language, "EUR")))
    return results


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """A workspace with 60 good orders: 600.00."""
    return good_shop(tmp_path)


def fresh(tmp_path: Path, name: str, content: bytes, **settings: Any) -> tuple[Any, Any]:
    """(workspace, import) of one file."""
    workspace = rg.open(tmp_path / "fresh", **{"currency": "EUR", "time_zone": "Europe/Kyiv", **settings})
    return workspace, workspace.load(write(tmp_path / name, content))


# --- files that cannot be loaded ------------------------------------------------------------------------------------

NOISE = random.Random(1).randbytes(6_000)
NOT_A_DATE = [(*row[:3], "?", *row[4:]) for row in orders(20)]
UNLOADABLE: dict[str, tuple[str, bytes, set[str]]] = {
    "empty file": ("orders.csv", b"", {"file_empty"}),
    "empty workbook file": ("orders.xlsx", b"", {"file_empty", "file_damaged"}),
    "only line breaks": ("orders.csv", b"\r\n\r\n\r\n", {"file_empty"}),
    "header only": ("orders.csv", as_csv(HEADER, []), {"file_empty"}),
    "header only, workbook": ("orders.xlsx", as_xlsx(HEADER, []), {"file_empty"}),
    "binary garbage": ("orders.csv", NOISE, {"file_kind_unknown", "file_damaged"}),
    "binary garbage, workbook": ("orders.xlsx", NOISE, {"file_kind_unknown", "file_damaged"}),
    "a picture": ("orders.csv", b"\x89PNG\r\n\x1a\n" + NOISE, {"file_kind_unknown", "file_damaged"}),
    "half a workbook": ("orders.xlsx", as_xlsx(HEADER, orders(50))[:3_000], {"file_kind_unknown", "file_damaged"}),
    "no customer column": ("orders.csv", as_csv(HEADER[:1] + HEADER[3:], [(r[0], *r[3:]) for r in orders(50)]), {"column_missing", "column_gone"}),
    "no date column": ("orders.csv", as_csv(HEADER[:3] + HEADER[4:], [(*r[:3], *r[4:]) for r in orders(50)]), {"column_missing", "column_gone"}),
    "no readable date": ("orders.csv", as_csv(HEADER, NOT_A_DATE), {"nothing_loaded", "column_missing", "mapping_unsure"}),
}


@pytest.mark.parametrize("case", UNLOADABLE)
def test_a_file_that_cannot_be_loaded_is_a_named_error_and_nothing_is_lost(case: str, shop: Any, tmp_path: Path) -> None:
    name, content, codes = UNLOADABLE[case]
    path = write(tmp_path / name, content)
    with pytest.raises(rg.RegularsError) as caught:
        shop.load(path)
    assert caught.value.code in codes
    teaches(caught.value, name)
    assert path.read_bytes() == content, "a file given is never modified"
    assert revenue(rg.open(tmp_path / "shop")) == 600


def test_a_missing_column_is_named_with_the_columns_there_are(tmp_path: Path) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        fresh(tmp_path, *UNLOADABLE["no date column"][:2])
    teaches(caught.value, "unit_price", "customer_id")


def test_a_missing_file_is_named_with_its_neighbours(shop: Any, tmp_path: Path) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        shop.load(tmp_path / "god.csv")
    assert caught.value.code == "file_missing"
    teaches(caught.value, "god.csv", "good.csv")


@pytest.mark.parametrize("case", ["empty file", "binary garbage", "no date column"])
def test_the_command_line_says_it_in_one_breath(case: str, tmp_path: Path) -> None:
    name, content, _ = UNLOADABLE[case]
    write(tmp_path / name, content)
    run = command(tmp_path, "load", name, "--workspace", "shop")
    assert run.returncode == 2
    assert name in run.stderr
    assert "Traceback" not in run.stderr


# --- files that load, but are strange -------------------------------------------------------------------------------


def test_all_dates_equal(tmp_path: Path) -> None:
    rows = [(*r[:3], "2024-05-05 12:00:00", *r[4:]) for r in orders(90)]
    shop, delivery = fresh(tmp_path, "orders.csv", as_csv(HEADER, rows))
    results = answers(shop)
    assert delivery.rows_loaded == 90
    table = results["RFM"].rows().to_pylist()
    assert {row["recency_days"] for row in table} == {0}
    assert len({(row["r"], row["f"], row["m"], row["segment"]) for row in table}) == 1, "equal customers are treated alike"
    counts = {(row["type"], row["state"]): row["customers"] for row in results["CPM"].summary.to_pylist()}
    assert counts.pop(("first_time", "active")) == 30
    assert set(counts.values()) == {0}


def test_a_date_far_in_the_future_is_rejected_with_its_place(tmp_path: Path) -> None:
    """A typing error of a year must not make every customer look lost."""
    rows = orders(60)
    rows[40] = (*rows[40][:3], "2204-05-05 12:00:00", *rows[40][4:])
    shop, delivery = fresh(tmp_path, "orders.csv", as_csv(HEADER, rows))
    assert (delivery.rows_in, delivery.rows_loaded, delivery.rows_rejected) == (60, 59, 1)
    [rejected] = shop.table("rejected").to_pylist()
    assert (rejected["source_row"], rejected["value"][:4]) == (42, "2204")
    assert max(shop.run(rg.RFM()).rows().to_arrow().column("recency_days").to_pylist()) < 400


def test_a_file_of_future_dates_only_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        fresh(tmp_path, "orders.csv", as_csv(HEADER, orders(30, opened=date(2204, 1, 1))))
    assert caught.value.code == "nothing_loaded"
    teaches(caught.value, "orders.csv")


@pytest.mark.parametrize(("customers", "number"), [(1, 1), (1, 5), (30, 30), (30, 90)])
def test_very_few_customers(customers: int, number: int, tmp_path: Path) -> None:
    shop, _ = fresh(tmp_path, "orders.csv", as_csv(HEADER, orders(number, customers=customers)))
    results = answers(shop)
    assert sum(row["customers"] for row in results["CPM"].summary.to_pylist()) == customers
    assert results["RFM"].rows().to_arrow().num_rows == customers
    assert revenue(shop) == 10 * number


def test_negative_totals(tmp_path: Path) -> None:
    """A file of refunds without their sales: listed, in revenue with their own date, and nobody's purchase."""
    rows = [(f"C{r[0]}", *r[1:5], -2, "5.00") for r in orders(60)]
    shop, delivery = fresh(tmp_path, "orders.csv", as_csv(HEADER, rows))
    assert delivery.rows_loaded == 60
    assert revenue(shop) == -600
    for name, result in answers(shop).items():
        if name in {"RFM", "CPM", "Concentration", "Retention"}:
            assert sum(row["customers"] for row in result.summary.to_pylist()) == 0
    assert [r["matched"] for r in shop.table("returns").to_pylist()] == [False] * 60


def test_a_customer_with_a_negative_total_keeps_the_sums_whole(tmp_path: Path) -> None:
    rows = [*orders(60), ("C1", "00000", "Person 0", "2024-12-31 12:00:00", "P9", -100, "5.00")]
    shop, _ = fresh(tmp_path, "orders.csv", as_csv(HEADER, rows))
    results = answers(shop)
    assert revenue(shop) == 100
    assert sum(row["revenue"] for row in results["RFM"].summary.to_pylist()) == 100
    [whole] = results["Concentration"].details["totals"].to_pylist()
    assert whole["gini"] is None or 0 <= whole["gini"] <= 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_leading_zeros_of_ids_are_kept(kind: str, tmp_path: Path) -> None:
    rows = [(f"000{n}", customer, "", f"2024-03-{n + 1:02d}", "007", 1, "5.00") for n, customer in enumerate(["00042", "42", "00042", "0042"])]
    make = {"csv": as_csv, "xlsx": as_xlsx}[kind]
    shop, _ = fresh(tmp_path, f"orders.{kind}", make(HEADER, rows))
    assert {r["customer_id"]: r["frequency"] for r in shop.run(rg.RFM()).rows().to_pylist()} == {"00042": 2, "42": 1, "0042": 1}
    assert sorted(shop.table("orders").column("order_id").to_pylist()) == ["0000", "0001", "0002", "0003"]
    assert shop.table("products").column("product_id").to_pylist() == ["007"]


def test_two_currencies_are_two_books(tmp_path: Path) -> None:
    rows = [(*r, "EUR" if n % 3 else "USD") for n, r in enumerate(orders(60))]
    shop, delivery = fresh(tmp_path, "orders.csv", as_csv((*HEADER, "currency"), rows), currency=None)
    assert delivery.rows_loaded == 60
    for analysis in (rg.KPIs(), rg.RFM(), rg.CPM(), rg.Concentration()):
        with pytest.raises(rg.RegularsError) as caught:
            shop.run(analysis)
        assert caught.value.code == "currency_mixed"
        teaches(caught.value, "EUR", "USD")
    assert revenue(shop, book="EUR") == 400
    assert revenue(shop, book="USD") == 200
    with pytest.raises(rg.RegularsError) as caught:
        shop.run(rg.KPIs(), book="GBP")
    assert caught.value.code == "book_unknown"
