"""Key figures: every figure of a small shop by hand, and what must hold for any shop."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.analyses.kpis import DIMENSIONS, KPIs
from regulars.errors import RegularsError
from regulars.i18n import Reader
from regulars.result import Result
from regulars.sql import lint
from regulars.units import Column
from small_book import Sale, SmallBook, day

D = Decimal
SHOP = [
    Sale("1", "ann", day("2024-01-01", 9), 1, D(10), "tea", D(4), "north"),
    Sale("2", "bob", day("2024-01-20", 18), 2, D(10), "tea", D(4), "south"),
    Sale("3", "ann", day("2024-02-05", 9), 1, D(30), "cup", D(10), "north"),
    Sale("4", None, day("2024-02-10", 9), 3, D(10), "tea", D(4), "north"),
    Sale("5", "cat", day("2024-02-15", 9), 1, D(30), "cup", D(10), "south"),
    Sale("R2", "bob", day("2024-02-12", 9), -1, D(10), "tea", None, "south"),
    Sale("R5", "cat", day("2024-05-02", 9), -1, D(30), "cup", None, "south"),
    Sale("6", "ann", day("2024-05-03", 9), 1, D(10), "tea", D(4), "north"),
    Sale("6", "ann", day("2024-05-03", 9), 1, D(30), "cup", D(10), "north"),
]
"""January to 3 May 2024; nothing in March and April; order 5 is cancelled in full, order 2 in part."""


@pytest.fixture(scope="module")
def shop() -> SmallBook:
    return SmallBook(SHOP)


def by_period(result: Result) -> dict[date, dict[str, Any]]:
    return {row["period"]: row for row in result.summary.to_pylist()}


JANUARY, FEBRUARY, MARCH, APRIL, MAY = (date(2024, month, 1) for month in range(1, 6))


def test_every_figure_of_a_month(shop: SmallBook) -> None:
    january = by_period(shop.run(KPIs()))[JANUARY]
    wanted = {
        "partial": False, "days": 31, "revenue": D(20), "gross_revenue": D(30), "refunds": D(10), "refund_rate": 1 / 3, "orders": 2, "customers": 2,
        "new_customers": 2, "returning_customers": 0, "new_revenue": D(20), "new_revenue_share": 1.0, "aov": 10.0, "revenue_per_customer": 10.0,
        "orders_per_customer": 1.0, "items": D(2), "items_per_order": 1.0, "margin": D(12), "identified_revenue": D(20), "identified_share": 1.0,
        "identified_orders": 2, "bought_again": 1, "repurchase_rate": 0.5, "revenue_previous": None, "revenue_change": None, "revenue_last_year": None,
    }  # fmt: skip
    assert {name: january[name] for name in wanted} == pytest.approx(wanted)
    assert january["repurchase_low"] < 0.5 < january["repurchase_high"]


def test_walk_in_sales_are_revenue_but_no_customers(shop: SmallBook) -> None:
    february = by_period(shop.run(KPIs()))[FEBRUARY]
    assert (february["revenue"], february["identified_revenue"], february["identified_share"]) == (D(60), D(30), 0.5)
    assert (february["orders"], february["identified_orders"], february["customers"]) == (2, 1, 1)
    assert (february["new_customers"], february["returning_customers"]) == (0, 1)
    assert february["revenue_change"] == pytest.approx(2.0)


def test_a_closed_month_is_there_with_zeros_and_nulls(shop: SmallBook) -> None:
    months = by_period(shop.run(KPIs()))
    assert list(months) == [JANUARY, FEBRUARY, MARCH, APRIL, MAY]
    march = months[MARCH]
    assert (march["revenue"], march["orders"], march["customers"], march["days"], march["partial"]) == (0, 0, 0, 31, False)
    assert (march["aov"], march["repurchase_rate"], march["repurchase_low"], march["refund_rate"]) == (None, None, None, None)
    assert (march["revenue_previous"], march["revenue_change"]) == (D(60), -1.0)
    assert (months[APRIL]["revenue_previous"], months[APRIL]["revenue_change"]) == (0, None), "there is no change from nothing"


def test_a_running_period_is_marked_and_compared_with_as_many_days(shop: SmallBook) -> None:
    as_of = by_period(shop.run(KPIs(as_of=date(2024, 2, 10))))[FEBRUARY]
    assert (as_of["partial"], as_of["days"], as_of["revenue"]) == (True, 10, D(60))
    assert (as_of["revenue_previous"], as_of["orders_previous"], as_of["customers_previous"]) == (D(10), 1, 1), "the first ten days of January"


def test_a_period_that_began_before_the_data_is_partial_and_no_base() -> None:
    book = SmallBook([Sale(str(n), "ann", day(text)) for n, text in enumerate(["2024-01-10", "2024-02-10", "2024-03-31"])])
    january, february, march = by_period(book.run(KPIs())).values()
    assert (january["partial"], january["days"], february["partial"], march["partial"]) == (True, 22, False, False)
    assert (february["revenue_previous"], march["revenue_previous"]) == (None, D(10))


def test_the_rate_waits_for_the_last_day_of_exposure(shop: SmallBook) -> None:
    """January's last newcomer could have come on the 31st; 90 days later it is 30 April."""
    assert by_period(shop.run(KPIs(as_of=date(2024, 4, 29))))[JANUARY]["repurchase_rate"] is None
    assert by_period(shop.run(KPIs(as_of=date(2024, 4, 30))))[JANUARY]["repurchase_rate"] == 0.5
    assert by_period(shop.run(KPIs(repurchase_days=35)))[JANUARY]["repurchase_rate"] == 0.5, "35 days after 1 January: the 35th counts"
    assert by_period(shop.run(KPIs(repurchase_days=34)))[JANUARY]["repurchase_rate"] == 0.0


def test_a_past_day_knows_nothing_of_later_refunds(shop: SmallBook) -> None:
    then = by_period(shop.run(KPIs(as_of=date(2024, 3, 31))))[FEBRUARY]
    assert (then["revenue"], then["orders"], then["new_customers"]) == (D(90), 3, 1)


def test_the_two_bases(shop: SmallBook) -> None:
    order, cash = by_period(shop.run(KPIs())), by_period(shop.run(KPIs(basis="cash")))
    assert [row["revenue"] for row in order.values()] == [D(20), D(60), 0, 0, D(40)]
    assert [row["revenue"] for row in cash.values()] == [D(30), D(80), 0, 0, D(10)]
    for name in ("orders", "customers", "new_customers", "bought_again"):
        assert [row[name] for row in order.values()] == [row[name] for row in cash.values()], f"{name}: an order has one day"
    told = {row["basis"]: row["revenue"] for row in shop.run(KPIs(as_of=date(2024, 2, 29), periods=2)).details["basis"].to_pylist()}
    assert told == {"order": D(110), "cash": D(110)}


def test_a_year_before_by_month_and_by_week() -> None:
    texts = ["2023-02-01", "2023-02-06", "2024-02-05", "2024-02-29"]
    book = SmallBook([Sale(str(n), "ann", day(text), 1, D(10 * (n + 1))) for n, text in enumerate(texts)])
    february = by_period(book.run(KPIs()))[date(2024, 2, 1)]
    assert (february["revenue"], february["revenue_last_year"], february["revenue_change_last_year"]) == (D(70), D(30), pytest.approx(4 / 3))
    week = by_period(book.run(KPIs(grain="week")))[date(2024, 2, 5)]
    assert (week["revenue"], week["revenue_last_year"]) == (D(30), D(20)), "52 weeks before the week of 5 February 2024 is that of 6 February 2023"


def test_split_by_store_product_weekday_and_label(shop: SmallBook) -> None:
    def split(*by: str, **labels: Any) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        rows = shop.run(KPIs(by=by), **labels).summary.to_pylist()
        return {(row["period"].month, *(row[name] for name in by)): (row["revenue"], row["orders"], row["customers"]) for row in rows}

    assert split("store") == {(1, "north"): (10, 1, 1), (1, "south"): (10, 1, 1), (2, "north"): (60, 2, 1), (2, "south"): (0, 0, 0), (5, "north"): (40, 1, 1)}
    assert split("product_id")[5, "tea"] == (10, 1, 1)
    assert split("product_id")[5, "cup"] == (30, 1, 1), "an order of two products counts for both"
    assert split("weekday", "hour")[1, "1", 9] == (10, 1, 1), "1 January 2024 was a Monday"
    labels = {"ann": {"rfm_segment": "loyal"}, "bob": {"rfm_segment": "new"}}
    assert split("rfm_segment", labels=labels)[2, "loyal"] == (30, 1, 1)
    assert split("rfm_segment", labels=labels)[2, None] == (30, 1, 0), "walk-in sales have no segment"
    assert split("store", "rfm_segment", labels=labels)[2, "north", "loyal"] == (30, 1, 1)


def test_customer_attributes_come_from_customers() -> None:
    people = [
        {"customer_id": name, "city": city, "import_id": "first", "source_sheet": "", "source_row": n} for n, (name, city) in enumerate([("ann", "Lviv")])
    ]
    rows = SmallBook(SHOP, customers=people).run(KPIs(by=("city",))).summary.to_pylist()
    assert {row["city"] for row in rows} == {"Lviv", None}
    assert next(row for row in rows if row["city"] == "Lviv" and row["period"] == MAY)["revenue"] == D(40)


def test_a_new_customer_of_a_part_is_new_to_the_company(shop: SmallBook) -> None:
    rows = shop.run(KPIs(by=("product_id",))).summary.to_pylist()
    assert {(row["period"], row["product_id"]): row["new_customers"] for row in rows if row["new_customers"]} == {(JANUARY, "tea"): 2}


def test_latest_and_totals_stay_whole_when_split(shop: SmallBook) -> None:
    whole = shop.run(KPIs(as_of=date(2024, 2, 29)))
    for by in (("store",), ("product_id",), ("weekday", "product_id")):
        parts = shop.run(KPIs(as_of=date(2024, 2, 29), by=by))
        for name in ("latest", "totals"):
            assert parts.details[name].to_pylist() == whole.details[name].to_pylist()
    [latest] = whole.details["latest"].to_pylist()
    assert (latest["period"], latest["revenue"], latest["revenue_previous"], latest["customers"]) == (FEBRUARY, D(90), D(20), 2)
    [totals] = whole.details["totals"].to_pylist()
    assert (totals["revenue"], totals["orders"], totals["customers"], totals["aov"]) == (D(110), 5, 3, 22.0)


def test_without_a_complete_period_there_is_no_latest() -> None:
    result = SmallBook([Sale("1", "ann", day("2024-01-05"))]).run(KPIs())
    assert result.details["latest"].num_rows == 0
    assert [f.text(Reader("en", "EUR")) for f in result.findings] == ["Jan 2024 is incomplete. In the data so far: 1 day; revenue: €10.00."]


def test_hours_make_a_whole_grid_or_nothing(shop: SmallBook) -> None:
    cells = shop.run(KPIs()).details["best_hours"].to_pylist()
    assert [(c["weekday"], c["hour"]) for c in cells] == [(str(w), h) for w in range(1, 8) for h in range(9, 19)]
    assert {(c["weekday"], c["hour"]): c["orders"] for c in cells if c["orders"]} == {("1", 9): 2, ("6", 9): 1, ("6", 18): 1, ("5", 9): 1}
    assert SmallBook([Sale("1", "ann", datetime(2024, 1, 5)), Sale("2", "ann", datetime(2024, 1, 6))]).run(KPIs()).details["best_hours"].num_rows == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"periods": 1},
        {"periods": 1001},
        {"by": ("store", "store")},
        {"by": ("a", "b", "c")},
        {"by": ("store; drop",)},
        {"grain": "year"},
        {"repurchase_days": 0},
    ],
)
def test_bounds_refuse_their_neighbours(wrong: dict[str, Any]) -> None:
    with pytest.raises(RegularsError) as caught:
        KPIs(**wrong)
    assert caught.value.code == "parameter_wrong"


def test_every_dimension_of_the_data_runs_and_its_texts_follow_the_house(shop: SmallBook) -> None:
    for name, dimension in DIMENSIONS.items():
        analysis = KPIs(by=(name,), basis="cash")
        assert dimension.shown.title
        assert [*shop.run(analysis).summary.column_names][:2] == ["period", name]
        assert [fault for text in (analysis.table, analysis.summary, *(d.sql for d in analysis.details.values())) for fault in lint(text)] == []


def newcomers(shares: list[float], *, growing: bool, seed: int = 1) -> Iterator[Sale]:
    """Months of 60 new customers of whom a share comes back a month later; ``growing``: a base of regulars that grows too."""
    dice, number = random.Random(seed), 0
    for month, share in enumerate(shares):
        start = datetime(2023, 1, 1, 12) + timedelta(31 * month)
        base = 40 * month if growing else 400 - 20 * month
        visits = [(f"r{n}", start) for n in range(base)]
        for n in range(60):
            visits.append((f"{month}-{n}", start + timedelta(n % 20)))
            if dice.random() < share:
                visits.append((f"{month}-{n}", start + timedelta(25 + n % 20)))
        for customer, at in visits:
            number += 1
            yield Sale(str(number), customer, at)


@pytest.mark.parametrize(
    ("shares", "growing", "vanity"),
    [
        ([0.6] * 6 + [0.2] * 8, True, True),
        ([0.6] * 6 + [0.2] * 8, False, False),
        ([0.4] * 14, True, False),
        ([0.2] * 6 + [0.6] * 8, True, False),
    ],
)
def test_the_vanity_warning_and_only_then(shares: list[float], growing: bool, vanity: bool) -> None:
    result = SmallBook(newcomers(shares, growing=growing)).run(KPIs(repurchase_days=60))
    assert [row["vanity"] for row in result.details["warning"].to_pylist()] == [vanity]
    assert any(finding.warning for finding in result.findings) == vanity


# --- for any shop ----------------------------------------------------------------------------------------------------

few = settings(max_examples=12)
AT = st.integers(0, 200).map(lambda n: datetime(2024, 1, 3, 8) + timedelta(n, 3600 * (n % 11)))


@st.composite
def sales(draw: st.DrawFn) -> list[Sale]:
    """Orders of one or two lines by few customers and walk-ins, and refunds of some of them; every order has a moment of its own."""
    found: list[Sale] = []
    for n in range(draw(st.integers(1, 15))):
        at, customer = draw(AT) + timedelta(seconds=n), draw(st.sampled_from(["ann", "bob", "cat", None]))
        store, channel = draw(st.sampled_from(["north", "south", None])), draw(st.sampled_from(["web", "shop"]))
        products = draw(st.lists(st.sampled_from(["tea", "cup"]), min_size=1, max_size=2, unique=True))
        found += [Sale(f"o{n}", customer, at, draw(st.integers(1, 3)), D(draw(st.sampled_from(["9.99", "20.00"]))), p, D(3), store, channel) for p in products]
    for n in range(draw(st.integers(0, 4))):
        back = draw(st.sampled_from(found))
        later = back.at + timedelta(draw(st.integers(-5, 60)), 7200 + n)
        found.append(back._replace(order=f"R{n}", at=later, quantity=-draw(st.integers(1, 4)), cost=None))
    return found


def total(result: Result, name: str) -> Decimal:
    return sum((D(row[name]) for row in result.summary.to_pylist()), D(0))


@few
@given(sales(), st.sampled_from(["day", "week", "month"]))
def test_revenue_sums_to_the_ledger_on_both_bases(given_sales: list[Sale], grain: Any) -> None:
    book = SmallBook(given_sales)
    ledger = sum((row["amount"] for row in book.relation("order_lines")), D(0))
    order, cash = (book.run(KPIs(grain=grain, basis=basis, periods=400)) for basis in ("order", "cash"))
    assert total(order, "revenue") == total(cash, "revenue") == ledger
    assert total(order, "orders") == total(cash, "orders") == sum(row["cancelled_on"] is None for row in book.relation("orders"))
    assert total(order, "new_customers") == order.details["totals"].to_pylist()[0]["customers"]


@few
@given(sales(), st.randoms(use_true_random=False))
def test_shuffling_changes_nothing(given_sales: list[Sale], dice: random.Random) -> None:
    shuffled = [*given_sales]
    dice.shuffle(shuffled)
    analysis = KPIs(grain="week", by=("store",))
    one, two = SmallBook(given_sales).run(analysis), SmallBook(shuffled).run(analysis)
    assert one.summary.to_pylist() == two.summary.to_pylist()
    assert {n: t.to_pylist() for n, t in one.details.items()} == {n: t.to_pylist() for n, t in two.details.items()}


ADDITIVE = ("revenue", "gross_revenue", "refunds", "items", "identified_revenue")
COUNTED = ("orders", "identified_orders")


@few
@given(
    sales(), st.sampled_from([("store",), ("channel", "store"), ("product_id",), ("weekday",), ("city",), ("rfm_segment",)]), st.sampled_from(["order", "cash"])
)
def test_parts_add_up_to_the_whole(given_sales: list[Sale], by: tuple[str, ...], basis: Any) -> None:
    book = SmallBook(given_sales)
    labels = {"ann": {"rfm_segment": "loyal"}, "bob": {"rfm_segment": "new"}}
    whole, parts = book.run(KPIs(basis=basis)), book.run(KPIs(basis=basis, by=by), labels=labels)
    for name in ADDITIVE if by == ("product_id",) else ADDITIVE + COUNTED:
        for period, row in by_period(whole).items():
            assert sum((D(r[name]) for r in parts.summary.to_pylist() if r["period"] == period), D(0)) == row[name], name


@few
@given(sales(), st.sampled_from([(), ("store",)]))
def test_cells_follow_from_the_rows_as_declared(given_sales: list[Sale], by: tuple[str, ...]) -> None:
    result = SmallBook(given_sales).run(KPIs(by=by, repurchase_days=20))
    assert result.summary.column_names == list(result.columns)
    assert set(result.rows().to_arrow().column_names) == set(result.analysis.row_columns)
    for line in result.summary.to_pylist():
        rows = result.rows(**{name: line[name] for name in ("period", *by)}).to_pylist()
        for name, column in result.columns.items():
            if column.adds.how in ("sum", "ratio"):
                assert line[name] == pytest.approx(_recomputed(column, line, rows)), name


def _recomputed(column: Column, line: dict[str, Any], rows: list[dict[str, Any]]) -> Any:
    """The cell as its declaration says: a ratio of two cells of the row, or a sum over the rows behind it; nought without rows."""
    if column.adds.how == "ratio":
        over, under = (line[name] for name in column.adds.of)
        return float(over) / float(under) if under and over is not None else None
    values = [row[column.adds.of[0]] for row in rows if row[column.adds.of[0]] is not None]
    return sum(values) if values or column.adds.of != ("bought_again",) else None
