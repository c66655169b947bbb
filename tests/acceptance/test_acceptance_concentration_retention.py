"""A7 and A13: who holds the revenue, and who came back by cohort."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import expected
import pytest
import reference as ref
from reference import Entry
from shops import write_csv

import regulars as rg

D = Decimal


def by_decile(answer: Any) -> list[dict[str, Any]]:
    return sorted(answer.summary.to_pylist(), key=lambda row: row["decile"])


def totals(answer: Any) -> dict[str, Any]:
    [row] = answer.details["totals"].to_pylist()
    return dict(row)


@pytest.mark.shared
def test_A7_decile_gini_cdnow(cdnow_rows: Any) -> None:
    answer = cdnow_rows.run(rg.Concentration())
    rows, whole = by_decile(answer), totals(answer)
    assert [row["decile"] for row in rows] == list(range(1, 11))
    assert [row["customers"] for row in rows] == [236] * 7 + [235] * 3
    assert [100 * float(row["share"]) for row in rows] == pytest.approx(expected.CDNOW_DECILE_PERCENT, abs=0.01)
    assert round(sum(row["revenue"] for row in rows), 2) == D("244091.94")
    assert float(whole["gini"]) == pytest.approx(0.6309, abs=0.0001)
    assert float(whole["top_20_share"]) == pytest.approx(0.674, abs=0.0005)
    assert (whole["customers"], whole["customers_for_80"]) == (2_357, 777)
    assert whole["gini_low"] < whole["gini"] < whole["gini_high"]


@pytest.mark.shared
def test_A7_decile_gini_online_retail(retail_positive: tuple[Any, Any]) -> None:
    answer = retail_positive[0].run(rg.Concentration())
    rows, whole = by_decile(answer), totals(answer)
    assert [row["customers"] for row in rows] == [434] * 8 + [433] * 2
    assert float(whole["gini"]) == pytest.approx(0.71514, abs=0.0001)
    assert 100 * float(rows[0]["share"]) == pytest.approx(61.375, abs=0.01)
    assert 100 * float(rows[0]["share"] + rows[1]["share"]) == pytest.approx(74.617, abs=0.01)
    assert 100 * float(whole["top_20_share"]) == pytest.approx(74.617, abs=0.01)
    assert whole["customers"] == 4_338


@pytest.mark.shared
def test_A7_deciles_by_orders(cdnow_rows: Any, cdnow_entries: list[Entry]) -> None:
    orders = [D(f.orders) for f in ref.facts(cdnow_entries, date(1998, 6, 30)).values()]
    answer = cdnow_rows.run(rg.Concentration(by="orders"))
    assert [float(row["share"]) for row in by_decile(answer)] == pytest.approx([float(total / sum(orders)) for _, total in ref.deciles(orders)], abs=1e-9)
    assert float(totals(answer)["gini"]) == pytest.approx(ref.gini(orders), abs=1e-9)


@pytest.mark.parametrize(("amounts", "gini", "needed"), [([5] * 20, 0.0, 16), ([0.01] * 19 + [10_000], 1 - 1 / 20, 1)])
def test_A7_closed_forms(amounts: list[float], gini: float, needed: int, tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv")
    rows = [(f"c{n:02d}", "2024-05-01", amount, f"o{n}") for n, amount in enumerate(amounts)]
    shop.load(write_csv(tmp_path / "orders.csv", ("customer_id", "date", "amount", "order_id"), rows))
    whole = totals(shop.run(rg.Concentration()))
    assert float(whole["gini"]) == pytest.approx(gini, abs=0.0001)
    assert whole["customers_for_80"] == needed, "exactly 80 % is held by 16 equal customers of 20"


def cells(shop: Any, **parameters: Any) -> dict[tuple[date, int], dict[str, Any]]:
    return {(row["cohort"], row["age"]): row for row in shop.run(rg.Retention(**parameters)).summary.to_pylist()}


@pytest.mark.shared
def test_A13_cohorts(cdnow_rows: Any, cdnow_entries: list[Entry]) -> None:
    table = cells(cdnow_rows, as_of=date(1998, 6, 30), grain="month")
    assert {key: table[key]["active"] for key in expected.CDNOW_COHORTS} == expected.CDNOW_COHORTS
    counted = ref.cohorts(cdnow_entries, date(1998, 6, 30))
    sizes = {cohort: n for (cohort, age), n in counted.items() if age == 0}
    assert {cohort for cohort, _ in table} == set(sizes)
    for (cohort, age), row in table.items():
        assert row["customers"] == sizes[cohort]
        if age <= ref.months_between(cohort, date(1998, 6, 1)):
            assert row["active"] == counted.get((cohort, age), 0)
            assert float(row["rate"]) == pytest.approx(row["active"] / sizes[cohort])
        else:
            assert (row["active"], row["rate"]) == (None, None), "a cell that has not had time to happen is null"


@pytest.mark.shared
def test_A13_future_cells_are_null_not_zero(cdnow_rows: Any) -> None:
    table = cells(cdnow_rows, as_of=date(1998, 6, 30), grain="month")
    assert table[date(1997, 1, 1), 17]["active"] == 33
    for cohort, age in ((date(1997, 2, 1), 17), (date(1997, 3, 1), 16), (date(1997, 3, 1), 17)):
        assert table[cohort, age]["active"] is None
        assert table[cohort, age]["rate"] is None


@pytest.mark.shared
def test_A13_cohorts_online_retail(retail_positive: tuple[Any, Any]) -> None:
    """As stored, without a shift of the clock. Age 12 of the first cohort is nine days long: counted, or masked as incomplete."""
    table = cells(retail_positive[0], as_of=date(2011, 12, 9), grain="month")
    complete = {key: n for key, n in expected.RETAIL_COHORTS.items() if key != (date(2010, 12, 1), 12)}
    assert {key: table[key]["customers"] if key[1] == 0 else table[key]["active"] for key in complete} == complete
    assert table[date(2010, 12, 1), 12]["active"] in {235, None}


def test_A13_weeks_start_on_monday_and_zero_differs_from_null(tmp_path: Path) -> None:
    """One customer of the week of 2024-01-01 returns in week 2 only; one of the week of 2024-01-15 has no week 1 yet."""
    rows = [("a", "2024-01-03", 5, "1"), ("a", "2024-01-21", 5, "2"), ("b", "2024-01-15", 5, "3")]
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv")
    shop.load(write_csv(tmp_path / "orders.csv", ("customer_id", "date", "amount", "order_id"), rows))
    table = cells(shop, as_of="2024-01-21", grain="week")
    first, later = date(2024, 1, 1), date(2024, 1, 15)
    assert [table[first, age]["active"] for age in range(3)] == [1, 0, 1]
    assert table[later, 0]["active"] == 1
    assert [table[later, age]["active"] for age in (1, 2)] == [None, None]
