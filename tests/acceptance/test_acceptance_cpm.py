"""A4, A5 and A6: the ten groups of customer portfolio management, their borders, and who bought again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import expected
import pytest
import reference as ref
from shops import write_csv

import regulars as rg

D = Decimal
AS_OF, MONEY = date(2024, 12, 31), D(700)
LINE_HEADER = ("order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price")


def groups(answer: Any, column: str = "customers") -> dict[tuple[str, str], Any]:
    return {(row["type"], row["state"]): row[column] for row in answer.summary.to_pylist()}


@pytest.mark.shared
@pytest.mark.parametrize(("as_of", "money", "counts"), expected.CDNOW_CPM)
def test_A4_cpm_cdnow(as_of: date, money: Decimal, counts: dict[str, tuple[int, int]], cdnow_rows: Any) -> None:
    answer = cdnow_rows.run(rg.CPM(as_of=as_of, money=money))
    assert len(answer.summary.to_pylist()) == 10
    assert groups(answer) == expected.by_group(counts)
    for (kind, state), customers in expected.by_group(counts).items():
        assert answer.rows(type=kind, state=state).to_arrow().num_rows == customers


@pytest.mark.shared
def test_A4_the_default_bar_is_seven_mean_orders(cdnow_rows: Any) -> None:
    as_of, _, counts = expected.CDNOW_CPM[1]
    assert groups(cdnow_rows.run(rg.CPM(as_of=as_of))) == expected.by_group(counts)


@pytest.mark.shared
def test_A4_groups_that_cannot_exist_yet_are_marked(cdnow_rows: Any) -> None:
    early = groups(cdnow_rows.run(rg.CPM(as_of=date(1997, 9, 30), money=244)), "observable")
    late = groups(cdnow_rows.run(rg.CPM(as_of=date(1998, 6, 30), money=244)), "observable")
    assert [key for key, seen in early.items() if not seen] == [("steady", "lapsed"), ("trend", "lapsed"), ("excellent", "lapsed")]
    assert all(late.values()), "the whole rule table fits into 18 months"


HISTORY_NEEDED = {
    ("first_time", "active"): 0,
    ("toddler", "active"): 0,
    ("steady", "active"): 90,
    ("trend", "active"): 90,
    ("excellent", "active"): 210,
    ("first_time", "lapsed"): 240,
    ("toddler", "lapsed"): 240,
    ("steady", "lapsed"): 330,
    ("trend", "lapsed"): 330,
    ("excellent", "lapsed"): 450,
}


@pytest.mark.parametrize("history", [0, 89, 90, 209, 210, 239, 240, 329, 330, 449, 450])
def test_A4_observable_follows_the_days_of_history(history: int, tmp_path: Path) -> None:
    rows = [("a", AS_OF - timedelta(history), 5, "1"), ("b", AS_OF, 5, "2")]
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv")
    shop.load(write_csv(tmp_path / "orders.csv", ("customer_id", "date", "amount", "order_id"), rows))
    seen = groups(shop.run(rg.CPM(money=MONEY)), "observable")
    assert seen == {key: history >= needed for key, needed in HISTORY_NEEDED.items()}


EDGES: dict[str, tuple[list[tuple[int, str]], tuple[str, str]]] = {
    # name: (purchases as (days before as_of, amount), wanted group)
    "tenure-0": ([(10, "900")], ("first_time", "active")),
    "tenure-0-two-orders-one-day": ([(10, "300"), (10, "600")], ("first_time", "active")),
    "tenure-1": ([(10, "5"), (11, "5")], ("toddler", "active")),
    "tenure-89-poor": ([(10, "5"), (99, "5")], ("toddler", "active")),
    "tenure-89-rich": ([(10, "5000"), (99, "5")], ("toddler", "active")),
    "tenure-90-poor": ([(10, "5"), (100, "5")], ("steady", "active")),
    "tenure-90-rich": ([(10, "695"), (100, "5")], ("trend", "active")),
    "tenure-209-rich": ([(10, "695"), (219, "5")], ("trend", "active")),
    "tenure-209-poor": ([(10, "5"), (219, "5")], ("steady", "active")),
    "tenure-210-poor": ([(10, "5"), (220, "5")], ("steady", "active")),
    "tenure-210-money-below": ([(10, "694.99"), (220, "5")], ("steady", "active")),
    "tenure-210-money-at": ([(10, "695.00"), (220, "5")], ("excellent", "active")),
    "tenure-210-money-above": ([(10, "695.01"), (220, "5")], ("excellent", "active")),
    "tenure-90-money-below": ([(10, "694.99"), (100, "5")], ("steady", "active")),
    "tenure-90-money-above": ([(10, "695.01"), (100, "5")], ("trend", "active")),
    "lapse-0": ([(0, "5")], ("first_time", "active")),
    "lapse-239-first": ([(239, "5")], ("first_time", "active")),
    "lapse-240-first": ([(240, "5")], ("first_time", "lapsed")),
    "lapse-239-toddler": ([(239, "5"), (328, "5")], ("toddler", "active")),
    "lapse-240-toddler": ([(240, "5"), (329, "5")], ("toddler", "lapsed")),
    "lapse-240-steady": ([(240, "5"), (330, "5")], ("steady", "lapsed")),
    "lapse-240-trend": ([(240, "900"), (330, "5")], ("trend", "lapsed")),
    "lapse-239-excellent": ([(239, "900"), (449, "5")], ("excellent", "active")),
    "lapse-240-excellent": ([(240, "900"), (450, "5")], ("excellent", "lapsed")),
}

REFUNDED: dict[str, tuple[list[tuple[int, str, int]], tuple[str, str]]] = {
    # name: (rows as (days before as_of, unit price, quantity), wanted group)
    "refund-crosses-the-bar": ([(220, "5", 1), (30, "50", 1), (10, "650", 1), (5, "50", -1)], ("steady", "active")),
    "refund-to-exactly-the-bar": ([(220, "5", 1), (30, "50", 1), (10, "695", 1), (5, "50", -1)], ("excellent", "active")),
    "refund-known-only-later": ([(220, "5", 1), (30, "50", 1), (10, "650", 1), (-1, "50", -1)], ("excellent", "active")),
    "second-order-cancelled": ([(220, "5", 1), (10, "900", 1), (5, "900", -1)], ("first_time", "active")),
    "last-order-cancelled-lapses": ([(450, "5", 1), (240, "900", 1), (10, "3", 1), (9, "3", -1)], ("excellent", "lapsed")),
    "part-of-an-order-returned": ([(220, "5", 1), (10, "450", 2), (5, "450", -1)], ("steady", "active")),
}


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """customer → (type, state) of one run over all border cases together."""
    folder = tmp_path_factory.mktemp("edges")
    rows: list[tuple[object, ...]] = []
    for name, (purchases, _) in EDGES.items():
        rows += [(f"{name}#{n}", name, AS_OF - timedelta(back), f"p{n}", 1, amount) for n, (back, amount) in enumerate(purchases)]
    for name, (entries, _) in REFUNDED.items():
        rows += [(f"{'C' if q < 0 else ''}{name}#{n}", name, AS_OF - timedelta(back), "p", q, price) for n, (back, price, q) in enumerate(entries)]
    shop = rg.open(folder / "shop", currency="EUR", time_zone="Europe/Kyiv")
    shop.load(write_csv(folder / "orders.csv", LINE_HEADER, rows))
    table = shop.run(rg.CPM(as_of=AS_OF, money=MONEY)).rows().to_pylist()
    return {row["customer_id"]: (row["type"], row["state"]) for row in table}


@pytest.mark.parametrize("name", [*EDGES, *REFUNDED])
def test_A5_cpm_edges(name: str, edges: dict[str, tuple[str, str]]) -> None:
    _, wanted = EDGES.get(name) or REFUNDED[name]
    assert edges[name] == wanted


@pytest.mark.shared
def test_A6_cpm_outcome(cdnow_rows: Any, cdnow_entries: list[ref.Entry]) -> None:
    money = expected.CDNOW_CPM[0][1]
    answer = cdnow_rows.run(rg.CPM(as_of=date(1998, 6, 30), money=money, horizon_days=273))
    outcome = {(row["type"], row["state"]): row for row in answer.details["outcome"].to_pylist()}
    assert {key: outcome[key]["rate"] for key in expected.CDNOW_OUTCOME} == pytest.approx(expected.CDNOW_OUTCOME, abs=0.0005)
    counted = ref.cpm_outcome(cdnow_entries, date(1997, 9, 30), 273, money)
    assert {key: (outcome[key]["customers"], outcome[key]["returned"]) for key in counted} == counted
    for key in outcome.keys() - counted.keys():
        assert (outcome[key]["customers"], outcome[key]["rate"]) == (0, None), "a group without customers has no rate"


@pytest.mark.shared
def test_A6_outcome_counts_customers_who_return_after_the_horizon_opens(cdnow_rows: Any, cdnow_entries: list[ref.Entry]) -> None:
    """Another horizon and as-of: the groups are those of as_of − horizon on what was known then."""
    money, as_of, horizon = D(200), date(1998, 3, 31), 90
    answer = cdnow_rows.run(rg.CPM(as_of=as_of, money=money, horizon_days=horizon))
    counted = ref.cpm_outcome(cdnow_entries, as_of - timedelta(horizon), horizon, money)
    outcome = {(row["type"], row["state"]): (row["customers"], row["returned"]) for row in answer.details["outcome"].to_pylist()}
    assert {key: outcome[key] for key in counted} == counted
