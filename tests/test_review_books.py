"""What a review found in the ledger and the analyses, each as the shortest book that shows it."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt

import pytest

import regulars as rg
from small_book import Sale, SmallBook, day


def test_the_article_preset_needs_no_tenure_for_its_steady_and_trend_customers() -> None:
    book = SmallBook(
        [Sale(f"{who}{n}", who, day(f"2024-01-{4 * n:02d}"), price=price) for who, price in (("a", Decimal(1)), ("b", Decimal(900))) for n in (1, 2, 3)]
    )
    summary = book.run(rg.CPM(preset="article", money=100)).summary.to_pylist()
    seen = {line["type"]: line for line in summary if line["customers"]}
    assert set(seen) == {"steady", "trend"}
    assert all(line["observable"] and line["missing_days"] == 0 for line in seen.values())
    assert {line["type"]: line["missing_days"] for line in summary if line["state"] == "active"}["excellent"] == 210 - 8
    general = {(line["type"], line["state"]): line["missing_days"] for line in book.run(rg.CPM(money=100)).summary.to_pylist()}
    assert general["steady", "active"] == 90 - 8
    assert general["trend", "lapsed"] == 330 - 8


def test_a_product_list_gives_the_cost_of_lines_that_state_none() -> None:
    product = {"import_id": "1", "source_sheet": "", "source_row": 2, "product_id": "tea", "unit_cost": Decimal(4)}
    sales = [Sale("1", "a", day("2024-01-05"), 3), Sale("2", "b", day("2024-01-06"), 1, cost=Decimal(7)), Sale("3", "a", day("2024-01-08"), -1)]
    book = SmallBook(sales, products=[product])
    assert {line["order_id"]: line["cost"] for line in book.relation("orders")} == {"1": Decimal(8), "2": Decimal(7)}
    assert book.run(rg.Concentration(by="margin")).rows().to_arrow()["value"].to_pylist() == [Decimal(12), Decimal(3)]


def test_margin_without_costs_says_so() -> None:
    result = SmallBook([Sale("1", "a", day("2024-01-05"))]).run(rg.Concentration(by="margin"))
    assert result.summary.num_rows == 0
    assert [finding.template[:24] for finding in result.findings] == ["The files give no costs,"]


def test_the_error_of_the_mean_order_value_is_that_of_a_ratio_of_sums() -> None:
    spent = {"a": [10], "b": [20, 30], "c": [200, 200, 200, 200], "d": [40]}
    sales = [Sale(f"{who}{n}", who, day(f"2024-01-{5 + n:02d}"), price=Decimal(price)) for who, prices in spent.items() for n, price in enumerate(prices)]
    (totals,) = SmallBook(sales).run(rg.CPM()).details["totals"].to_pylist()
    orders = sum(map(len, spent.values()))
    mean = sum(map(sum, spent.values())) / orders
    assert totals["order_value"] == pytest.approx(mean)
    assert totals["order_value_error"] == pytest.approx(sqrt(sum((sum(prices) - mean * len(prices)) ** 2 for prices in spent.values())) / orders)


def test_margin_counts_only_the_lines_whose_cost_is_known() -> None:
    sales = [
        Sale("1", "a", day("2024-01-05"), price=Decimal(100), cost=Decimal(60)),
        Sale("2", "a", day("2024-01-06"), price=Decimal(1000), product="cup"),
        Sale("3", "b", day("2024-01-07"), 2, price=Decimal(100), cost=Decimal(60)),
        Sale("4", "b", day("2024-01-08"), -1, price=Decimal(100)),
        Sale("5", "c", day("2024-01-08"), product="cup"),
    ]
    book = SmallBook(sales)
    for analysis in (rg.KPIs(), rg.KPIs(basis="cash"), rg.KPIs(by=("store",))):
        assert book.run(analysis).summary["margin"].to_pylist() == [Decimal(80)]
    assert book.run(rg.KPIs(by=("product_id",))).summary.select(["product_id", "margin"]).to_pylist() == [
        {"product_id": "cup", "margin": None},
        {"product_id": "tea", "margin": Decimal(80)},
    ]
    assert book.run(rg.Concentration(by="margin")).rows().to_arrow().select(["customer_id", "value"]).to_pylist() == [
        {"customer_id": "a", "value": Decimal(40)},
        {"customer_id": "b", "value": Decimal(40)},
    ]
