"""What must hold for any shop: nothing lost at intake, groups that partition, parts that sum, and answers equal to the reference."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import reference as ref
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reference import Line
from shops import write_csv

import regulars as rg

D = Decimal
HEADER = ("order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price")
MAPPING = {name: name for name in HEADER}
OPENED = datetime(2023, 1, 1, 8)
PRICES = (D("1.00"), D("2.50"), D("99.99"), D("0.3333"))

few = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

order = st.tuples(
    st.sampled_from(["007", "7", "ann", "ян", "李", None]),
    st.integers(0, 450),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from(PRICES)), min_size=1, max_size=3),
)
refund = st.tuples(st.integers(0, 99), st.integers(0, 9), st.integers(1, 6), st.integers(0, 60))


@st.composite
def files(draw: st.DrawFn, *, refunds: bool = True) -> list[Line]:
    """The lines of an order file; every order and every refund has a moment of its own."""
    lines: list[Line] = []
    for n, (customer, day, items) in enumerate(draw(st.lists(order, min_size=1, max_size=25))):
        at = OPENED + timedelta(day, n)
        lines += [Line(len(lines) + k, f"{n + 1}", customer, at, p, D(q), price) for k, (p, q, price) in enumerate(items)]
    sales = list(lines)
    for n, (which, item, pieces, later) in enumerate(draw(st.lists(refund, max_size=8)) if refunds else ()):
        sold = [x for x in sales if x.order == str(which % int(sales[-1].order or 1) + 1)]
        back = sold[item % len(sold)]
        at = back.at.replace(hour=20) + timedelta(later, 60 + n)
        lines.append(Line(len(lines), f"C{n + 1}", back.customer, at, back.product, D(-pieces), back.price))
    return lines


def as_rows(lines: list[Line]) -> list[tuple[object, ...]]:
    return [(x.order, x.customer or "", x.at, x.product, x.quantity, x.price) for x in lines]


def loaded(folder: str, rows: list[tuple[object, ...]]) -> tuple[Any, Any]:
    """(workspace, import) of a file of these rows."""
    shop = rg.open(Path(folder) / "shop", currency="EUR", time_zone="Europe/Kyiv")
    return shop, shop.load(write_csv(Path(folder) / "orders.csv", HEADER, rows), mapping=MAPPING)


def told(shop: Any, analysis: Any) -> Any:
    """The summary of an analysis, or the code of the error it ends in."""
    try:
        return shop.run(analysis).summary.to_pylist()
    except rg.RegularsError as problem:
        return problem.code


def last_day(lines: list[Line]) -> date:
    return max(x.day for x in lines)


@few
@given(files(), st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["date", "blank date", "quantity", "price"])), max_size=6))
def test_rows_in_are_rows_loaded_or_rejected(lines: list[Line], spoilt: list[tuple[int, str]]) -> None:
    rows = as_rows(lines)
    damage = {which % len(rows): how for which, how in spoilt}
    assume(len(damage) * 3 <= len(rows))
    place = {"date": (2, "the day before"), "blank date": (2, ""), "quantity": (4, "many"), "price": (5, "cheap")}
    written = [tuple(place[damage[n]][1] if n in damage and k == place[damage[n]][0] else v for k, v in enumerate(row)) for n, row in enumerate(rows)]
    with TemporaryDirectory() as folder:
        shop, delivery = loaded(folder, written)
        assert delivery.rows_in == len(rows)
        assert delivery.rows_loaded + delivery.rows_rejected == len(rows)
        assert delivery.rows_rejected == len(damage)
        rejected = shop.table("rejected").to_pylist()
        assert {r["source_row"] for r in rejected} == {n + 2 for n in damage}, "each rejected row has its place"
        assert all(r["reason"] for r in rejected)


@few
@given(files())
def test_ledger_and_customers_equal_the_reference(lines: list[Line]) -> None:
    entries = ref.settle(lines)
    customers = ref.facts(entries, last_day(lines))
    assume(customers)
    with TemporaryDirectory() as folder:
        shop, _ = loaded(folder, as_rows(lines))
        rows = shop.run(rg.RFM(frequency="orders")).rows().to_pylist()
        assert {r["customer_id"]: (r["recency_days"], r["frequency"], r["monetary"]) for r in rows} == {
            c: ((last_day(lines) - f.last_on).days, f.orders, f.revenue) for c, f in customers.items()
        }
        ledger = shop.table("order_lines").to_pylist()
        assert sum(e["amount"] for e in ledger) == sum(x.amount for x in lines)
        for kind in ("sale", "refund", "unmatched"):
            told = sum(e["quantity"] for e in ledger if e["kind"] == kind)
            assert told == sum(e.quantity for e in entries if e.kind == kind), kind


@few
@given(files(), st.sampled_from([D(5), D(100), D("199.98")]))
def test_cpm_groups_partition_the_customers(lines: list[Line], money: Decimal) -> None:
    as_of = last_day(lines)
    customers = ref.facts(ref.settle(lines), as_of)
    assume(customers)
    with TemporaryDirectory() as folder:
        shop, _ = loaded(folder, as_rows(lines))
        answer = shop.run(rg.CPM(money=money))
        summary = {(row["type"], row["state"]): row["customers"] for row in answer.summary.to_pylist()}
        assert set(summary) == {(kind, state) for kind in ref.TYPES for state in ref.STATES}
        assert sum(summary.values()) == len(customers)
        placed = {row["customer_id"]: (row["type"], row["state"]) for row in answer.rows().to_pylist()}
        assert placed == {c: ref.cpm_group(f, as_of, money) for c, f in customers.items()}
        assert summary == {key: list(placed.values()).count(key) for key in summary}


@few
@given(files(refunds=False))
def test_deciles_sum_to_the_total(lines: list[Line]) -> None:
    revenue = [f.revenue for f in ref.facts(ref.settle(lines), last_day(lines)).values()]
    assume(revenue)
    with TemporaryDirectory() as folder:
        shop, _ = loaded(folder, as_rows(lines))
        answer = shop.run(rg.Concentration())
        rows = answer.summary.to_pylist()
        assert sum(row["customers"] for row in rows) == len(revenue)
        assert sum(row["revenue"] for row in rows) == sum(revenue)
        assert sum(float(row["share"]) for row in rows) == pytest.approx(1)
        [whole] = answer.details["totals"].to_pylist()
        assert whole["customers"] == len(revenue)
        assert whole["customers_for_80"] == ref.smallest_number_holding(revenue, D("0.8"))
        if len(revenue) > 1:
            assert float(whole["gini"]) == pytest.approx(ref.gini(revenue), abs=1e-6)


@few
@given(files())
def test_monthly_revenue_sums_to_the_total_on_both_bases(lines: list[Line]) -> None:
    entries = ref.settle(lines)
    newcomers = Counter(f.first_on.replace(day=1) for f in ref.facts(entries, last_day(lines)).values())
    with TemporaryDirectory() as folder:
        shop, _ = loaded(folder, as_rows(lines))
        for basis in ("order", "cash"):
            rows = shop.run(rg.KPIs(grain="month", basis=basis)).summary.to_pylist()
            wanted = ref.revenue_by_month(entries, cash=basis == "cash")
            told = {row["period"]: D(row["revenue"]) for row in rows if row["revenue"]}
            assert told == {month: total for month, total in wanted.items() if total}
            assert sum(told.values()) == sum(x.amount for x in lines)
            if basis == "order":
                assert {row["period"]: row["new_customers"] for row in rows if row["new_customers"]} == newcomers


@few
@given(files(), st.integers(0, 10_000))
def test_shuffling_rows_changes_nothing(lines: list[Line], seed: int) -> None:
    assume(any(x.customer for x in lines))
    shuffled = as_rows(lines)
    random.Random(seed).shuffle(shuffled)
    with TemporaryDirectory() as folder, TemporaryDirectory() as other:
        one, _ = loaded(folder, as_rows(lines))
        two, _ = loaded(other, shuffled)
        for analysis in (rg.RFM(), rg.CPM(), rg.Concentration(), rg.Retention(), rg.KPIs(grain="week")):
            assert told(one, analysis) == told(two, analysis)


def test_a_business_day_ends_at_the_cut_off_hour(tmp_path: Path) -> None:
    """With a day that starts at 4, an order of 01:30 belongs to the evening before: one occasion, not two."""
    moments = ("2024-05-10 23:10:00", "2024-05-11 01:30:00", "2024-05-11 04:00:00")
    rows = [(str(n), "ann", at, "a", 1, 5 + n) for n, at in enumerate(moments)]
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv", day_starts_at=4)
    shop.load(write_csv(tmp_path / "orders.csv", HEADER, rows), mapping=MAPPING)
    daily = {row["period"]: D(row["revenue"]) for row in shop.run(rg.KPIs(grain="day")).summary.to_pylist() if row["revenue"]}
    assert daily == {date(2024, 5, 10): D(11), date(2024, 5, 11): D(7)}
    assert shop.run(rg.RFM(frequency="order_days")).rows().to_arrow().column("frequency").to_pylist() == [2]
    assert shop.run(rg.RFM(frequency="orders")).rows().to_arrow().column("frequency").to_pylist() == [3]
