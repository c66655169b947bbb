"""Retention: published cohorts, a triangle by hand, what must hold for any shop, and the warning that must not cry wolf."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.analyses.retention import Retention
from regulars.errors import RegularsError
from regulars.i18n import Reader
from regulars.models.proportions import wilson
from regulars.result import Result
from regulars.sql import lint
from small_book import Sale, SmallBook, day

D = Decimal
JANUARY, FEBRUARY, MARCH = (date(1997, month, 1) for month in (1, 2, 3))


def cells(result: Result) -> dict[tuple[date, int], dict[str, Any]]:
    return {(row["cohort"], row["age"]): row for row in result.summary.to_pylist()}


def told(result: Result) -> list[str]:
    return [finding.text(Reader("en", "EUR")) for finding in result.findings]


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> SmallBook:
    """The CDNOW sample, every row an order."""
    rows = [line.split() for line in (shared_data / "cdnow_sample" / "CDNOW_sample.txt").read_text().splitlines() if line.strip()]
    return SmallBook(Sale(str(n), customer, datetime.strptime(on, "%Y%m%d"), 1, D(usd), "cd") for n, (customer, _, on, _, usd) in enumerate(rows))


@pytest.mark.shared
def test_cdnow_cohorts_as_published(cdnow: SmallBook) -> None:
    triangle = cells(cdnow.run(Retention()))
    published = {0: (781, 857, 719), 1: (124, 134, 87), 2: (95, 110, 84), 5: (77, 75, 64), 17: (33, None, None)}
    for age, active in published.items():
        assert tuple(triangle[cohort, age]["active"] for cohort in (JANUARY, FEBRUARY, MARCH)) == active
    assert triangle[MARCH, 16]["active"] is None
    assert {c: {row["customers"] for (cohort, _), row in triangle.items() if cohort == c} for c in (JANUARY, FEBRUARY, MARCH)} == {
        JANUARY: {781},
        FEBRUARY: {857},
        MARCH: {719},
    }
    assert len(triangle) == 3 * 18


@pytest.mark.shared
def test_cdnow_curve_weighs_customers_and_leaves_out_the_first_cohort(cdnow: SmallBook) -> None:
    result = cdnow.run(Retention())
    first = result.details["curve"].to_pylist()[0]
    assert (first["cohorts"], first["customers"], first["active"]) == (2, 857 + 719, 134 + 87)
    assert first["rate"] == pytest.approx(221 / 1576)
    assert (first["rate_low"], first["rate_high"]) == pytest.approx(tuple(wilson(221, 1576)))
    assert not any(finding.warning for finding in result.findings), "activity falls, so there is nothing vain about it"


@pytest.mark.shared
def test_cdnow_by_week_stays_bounded(cdnow: SmallBook) -> None:
    triangle = cells(cdnow.run(Retention(grain="week")))
    assert sum(row["customers"] for (_, age), row in triangle.items() if age == 0) == 2_357
    assert 1_000 < len(triangle) < 10_000


SHOP = [
    Sale("1", "ann", day("2024-01-01"), 1, D(10)),
    Sale("2", "bob", day("2024-02-05"), 1, D(20)),
    Sale("3", "cat", day("2024-02-29"), 1, D(30)),
    Sale("4", "bob", day("2024-03-06"), 1, D(5)),
    Sale("5", "ann", day("2024-04-08"), 1, D(10)),
    Sale("6", "dan", day("2024-03-09"), 1, D(50)),
    Sale("7", None, day("2024-04-10"), 1, D(99)),
]
"""January: ann, back in April. February: bob, back in March, and cat. March: dan. As of 10 April."""


def test_a_triangle_by_hand() -> None:
    triangle = cells(SmallBook(SHOP).run(Retention()))
    january, february, march = (date(2024, month, 1) for month in (1, 2, 3))
    assert [triangle[january, age]["active"] for age in range(4)] == [1, 0, 0, 1]
    assert [triangle[february, age]["active"] for age in range(4)] == [2, 1, 0, None]
    assert [triangle[march, age]["active"] for age in range(4)] == [1, 0, None, None]
    assert [triangle[february, age]["rate"] for age in range(4)] == [1.0, 0.5, None, None], "April is not over: a count so far, and no rate"
    assert [triangle[february, age]["exposure"] for age in range(4)] == pytest.approx([1, 1, 10 / 30, 0])
    assert [triangle[february, age]["revenue"] for age in range(4)] == [D(50), D(5), D(0), None]
    assert [triangle[february, age]["revenue_per_customer"] for age in range(4)] == [25.0, 27.5, None, None]
    assert (triangle[february, 1]["rate_low"], triangle[february, 1]["rate_high"]) == pytest.approx(tuple(wilson(1, 2)))
    assert {cohort for (cohort, _), row in triangle.items() if row["truncated"]} == {january}


def test_the_month_is_complete_on_its_last_day() -> None:
    book = SmallBook(SHOP)
    assert cells(book.run(Retention(as_of=date(2024, 3, 30))))[date(2024, 2, 1), 1]["rate"] is None
    assert cells(book.run(Retention(as_of=date(2024, 3, 31))))[date(2024, 2, 1), 1]["rate"] == 0.5


def test_second_purchase_only_of_those_who_have_had_the_days() -> None:
    result = SmallBook(SHOP).run(Retention(as_of=date(2024, 4, 10)))
    within = {row["within_days"]: (row["customers"], row["bought_again"]) for row in result.details["cumulative"].to_pylist()}
    assert within == {30: (3, 1), 60: (1, 1)}, "bob, cat and dan have had thirty days; bob sixty; ann belongs to the first cohort"


def test_a_cancelled_order_is_nobodys_first() -> None:
    sales = [
        Sale("0", "zoe", day("2024-01-01")),
        Sale("1", "ann", day("2024-01-10")),
        Sale("R1", "ann", day("2024-01-12"), -1),
        Sale("2", "ann", day("2024-02-10")),
    ]
    book = SmallBook([*sales, Sale("3", "zoe", day("2024-02-29"))])
    triangle = cells(book.run(Retention()))
    assert triangle[date(2024, 2, 1), 0]["customers"] == 1
    assert cells(book.run(Retention(as_of=date(2024, 1, 11))))[date(2024, 1, 1), 0]["customers"] == 2, "the refund was not known then"


def test_only_the_newest_cohorts_are_shown_and_rows_stay_whole() -> None:
    result = SmallBook(SHOP).run(Retention(cohorts=2))
    assert {cohort for cohort, _ in cells(result)} == {date(2024, 2, 1), date(2024, 3, 1)}
    assert set(result.rows().to_arrow().column("customer_id").to_pylist()) == {"ann", "bob", "cat", "dan"}


def test_whom_to_ask_for_the_second_purchase() -> None:
    sales = [Sale("0", "zoe", day("2024-01-01"))] + [Sale(str(n + 1), f"c{n}", day("2024-02-10"), 1, D(10 + n)) for n in range(5)]
    result = SmallBook([*sales, Sale("9", "c0", day("2024-03-05"))]).run(Retention())
    [action] = result.actions
    people = result.rows(**action.where).to_pylist()
    assert {row["customer_id"] for row in people} == {"c1", "c2", "c3", "c4"}
    assert action.at_stake.amount.value == sum(row["net_revenue"] for row in people) == D(11 + 12 + 13 + 14)
    assert "Not back yet: 4 customers; revenue from them so far: €50.00" in action.reason(Reader("en", "EUR"))


def cohorts(sizes: list[int], shares: list[float], *, seed: int = 2, regulars: int = 0) -> list[Sale]:
    """Monthly cohorts of a size of whom a share comes back in the month after; ``regulars`` more loyal customers join each month."""
    dice, visits = random.Random(seed), list[tuple[str, datetime]]()
    for month, (size, share) in enumerate(zip(sizes, shares, strict=True)):
        start, after = (datetime(2022 + n // 12, n % 12 + 1, 1, 12) for n in (month, month + 1))
        visits += [(f"{month}-{n}", start + timedelta(n % 28)) for n in range(size)]
        visits += [(f"{month}-{n}", after + timedelta(n % 28)) for n in range(size) if dice.random() < share]
        visits += [(f"r{n}", start) for n in range(regulars * month)]
    return [Sale(str(n), customer, at) for n, (customer, at) in enumerate(visits)]


def test_best_and_worst_cohort_are_large_complete_and_not_the_first() -> None:
    sizes, shares = [90, 60, 60, 10, 60, 60], [0.95, 0.6, 0.2, 1.0, 0.4, 0.9]
    result = SmallBook(cohorts(sizes, shares)).run(Retention(as_of=date(2022, 6, 30)))
    named = {name: [text for text in told(result) if text.startswith(name)] for name in ("Best cohort", "Worst cohort")}
    assert [text.split(":")[0] for text in named["Best cohort"]] == ["Best cohort (Feb 2022)"]
    assert [text.split(":")[0] for text in named["Worst cohort"]] == ["Worst cohort (Mar 2022)"]


@pytest.mark.parametrize(
    ("sizes", "shares", "regulars", "vanity"),
    [
        pytest.param([80] * 15, [0.6] * 7 + [0.2] * 8, 10, True, id="activity up, retention down"),
        pytest.param([80] * 15, [0.4] * 15, 10, False, id="activity up, retention as it was"),
        pytest.param([80] * 15, [0.2] * 7 + [0.6] * 8, 10, False, id="both up"),
        pytest.param([80] * 15, [0.6] * 7 + [0.2] * 8, 0, False, id="activity down"),
        pytest.param(
            [160] * 7 + [60] * 8, [0.6] * 7 + [0.2] * 8, 40, False, id="far fewer new ones: the early ones were old customers seen for the first time"
        ),
        pytest.param([8] * 15, [0.6] * 7 + [0.2] * 8, 10, False, id="too few to tell"),
    ],
)
def test_the_vanity_warning_and_only_then(sizes: list[int], shares: list[float], regulars: int, vanity: bool) -> None:
    result = SmallBook(cohorts(sizes, shares, regulars=regulars)).run(Retention())
    assert [row["vanity"] for row in result.details["warning"].to_pylist()] == [vanity], result.details["warning"].to_pylist()
    assert [finding.warning for finding in result.findings].count(True) == vanity


def test_no_history_is_said_and_nothing_breaks() -> None:
    result = SmallBook([Sale("1", "ann", day("2024-01-05"))]).run(Retention())
    assert told(result)[-1].startswith("No group of new customers has had a whole period")
    assert [(row["active"], row["rate"]) for row in result.summary.to_pylist()] == [(1, None)]
    nobody = SmallBook([Sale("1", None, day("2024-01-05"))]).run(Retention(grain="week"))
    assert nobody.summary.num_rows == 0
    assert nobody.actions == ()
    assert told(nobody)


@pytest.mark.parametrize("wrong", [{"cohorts": 0}, {"cohorts": 101}, {"grain": "day"}])
def test_bounds_refuse_their_neighbours(wrong: dict[str, Any]) -> None:
    with pytest.raises(RegularsError) as caught:
        Retention(**wrong)
    assert caught.value.code == "parameter_wrong"


@pytest.mark.parametrize("grain", ["month", "week"])
def test_texts_follow_the_house(grain: Any) -> None:
    analysis = Retention(grain=grain)
    assert [fault for text in (analysis.table, analysis.summary, *(d.sql for d in analysis.details.values())) for fault in lint(text)] == []


# --- for any shop ----------------------------------------------------------------------------------------------------

few = settings(max_examples=12)
AT = st.integers(0, 150).map(lambda n: datetime(2024, 1, 3, 12) + timedelta(n))
VISITS = st.lists(st.tuples(st.sampled_from(["ann", "bob", "cat", "dan", "eve"]), AT), min_size=1, max_size=25)


def start(grain: str, on: date) -> date:
    return on.replace(day=1) if grain == "month" else on - timedelta(on.weekday())


@few
@given(VISITS, st.sampled_from(["month", "week"]))
def test_the_triangle_equals_counting_by_hand(visits: list[tuple[str, datetime]], grain: Any) -> None:
    result = SmallBook(Sale(str(n), customer, at) for n, (customer, at) in enumerate(visits)).run(Retention(grain=grain, cohorts=100))
    first = {c: start(grain, min(at.date() for who, at in visits if who == c)) for c, _ in visits}
    met = {(c, start(grain, at.date())) for c, at in visits}

    def age(cohort: date, period: date) -> int:
        return 12 * (period.year - cohort.year) + period.month - cohort.month if grain == "month" else (period - cohort).days // 7

    counted = Counter((first[c], age(first[c], period)) for c, period in met)
    last = start(grain, max(at.date() for _, at in visits))
    oldest = min(first.values())
    triangle = cells(result)
    assert set(triangle) == {(cohort, k) for cohort in set(first.values()) for k in range(age(oldest, last) + 1)}
    for (cohort, k), row in triangle.items():
        assert row["active"] == (counted[cohort, k] if k <= age(cohort, last) else None)
        assert (row["exposure"] == 0) == (k > age(cohort, last))
        assert row["customers"] == list(first.values()).count(cohort)


@few
@given(VISITS, st.randoms(use_true_random=False))
def test_shuffling_changes_nothing_and_columns_are_those_declared(visits: list[tuple[str, datetime]], dice: random.Random) -> None:
    sales = [Sale(str(n), customer, at) for n, (customer, at) in enumerate(visits)]
    one = SmallBook(sales).run(Retention(grain="week"))
    two = SmallBook(dice.sample(sales, len(sales))).run(Retention(grain="week"))
    assert one.summary.to_pylist() == two.summary.to_pylist()
    assert {n: t.to_pylist() for n, t in one.details.items()} == {n: t.to_pylist() for n, t in two.details.items()}
    assert one.summary.column_names == list(one.columns)
    assert set(one.rows().to_arrow().column_names) == set(one.analysis.row_columns)
    for row in one.summary.to_pylist():
        behind = one.rows(cohort=row["cohort"], age=row["age"]).to_pylist()
        if row["exposure"]:
            assert (row["active"], row["revenue"]) == (sum(r["is_active"] for r in behind), sum((r["net_revenue"] for r in behind), D(0)))
        else:
            assert behind == []
