"""A1: loading. Every published number of Online Retail that intake can see, and how cancellations find their sale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import expected
import pytest
import reference as ref
from shops import write_csv, write_retail

import regulars as rg

D = Decimal
LAST_DAY = date(2011, 12, 9)
LINE_HEADER = ("order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price")


def monthly(shop: Any, **parameters: Any) -> dict[date, Decimal]:
    rows = shop.run(rg.KPIs(grain="month", **parameters)).summary.to_pylist()
    return {row["period"]: D(row["revenue"]) for row in rows if row["revenue"]}


def to_the_cent(months: dict[date, Decimal]) -> dict[date, Decimal]:
    return {month: round(D(total), 2) for month, total in months.items() if total}


@pytest.mark.shared
def test_A1_load_online_retail(retail: list[dict[str, str]], retail_loaded: tuple[Any, Any]) -> None:
    shop, delivery = retail_loaded
    assert delivery.rows_in == expected.RETAIL["rows"]
    assert delivery.rows_loaded + delivery.rows_rejected == delivery.rows_in
    assert delivery.rows_rejected == 0

    lines, returns = shop.table("order_lines"), shop.table("returns")
    entries = lines.select(["order_id", "customer_id", "kind", "quantity", "unit_price", "amount", "ordered_at", "source_row"]).to_pylist()
    taken_back = returns.select(["return_id", "source_row"]).to_pylist()

    assert len({e["source_row"] for e in entries}) == expected.RETAIL["rows"]
    assert len({e["source_row"] for e in entries if e["customer_id"] is None}) == expected.RETAIL["rows_without_customer"]
    assert shop.table("customers").num_rows == expected.RETAIL["customers"]
    assert {e["customer_id"] for e in entries} - {None} == {r["CustomerID"].removesuffix(".0") for r in retail if r["CustomerID"]}
    assert shop.table("products").num_rows == expected.RETAIL["stock_codes"]

    invoices = {e["order_id"] for e in entries if e["kind"] != "refund"} | {r["return_id"] for r in taken_back}
    assert len(invoices) == expected.RETAIL["invoices"]
    assert sum(i.startswith("C") for i in invoices) == expected.RETAIL["cancellation_invoices"]
    assert sum(i.startswith("A") for i in invoices) == expected.RETAIL["adjustment_invoices"]
    cancelled_rows = {r["source_row"] for r in taken_back if r["return_id"].startswith("C")}
    negative_rows = {e["source_row"] for e in entries if e["quantity"] is not None and e["quantity"] < 0}
    assert len(cancelled_rows) == expected.RETAIL["cancellation_rows"]
    assert len(negative_rows - cancelled_rows) == expected.RETAIL["negative_without_c"]
    free_rows = {e["source_row"] for e in entries if e["unit_price"] == 0}
    below_zero = {e["source_row"] for e in entries if e["kind"] == "adjustment" and e["amount"] < 0}
    assert len(free_rows | below_zero) == expected.RETAIL["prices_not_positive"]

    assert round(sum(e["amount"] for e in entries), 2) == expected.RETAIL_NET
    assert round(sum(e["amount"] for e in entries if e["customer_id"] is not None), 2) == expected.RETAIL_NET_KNOWN
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for e in entries:
        if e["customer_id"] is not None:
            spent[e["customer_id"]] += e["amount"]
    assert sum(total <= 0 for total in spent.values()) == expected.RETAIL["customers_not_positive"]
    assert min(e["ordered_at"] for e in entries) == datetime(2010, 12, 1, 8, 26)
    assert max(e["ordered_at"] for e in entries) == datetime(2011, 12, 9, 12, 50)


@pytest.mark.shared
def test_A1_every_row_keeps_its_amount(retail: list[dict[str, str]], retail_loaded: tuple[Any, Any]) -> None:
    shop, _ = retail_loaded
    booked: defaultdict[int, Decimal] = defaultdict(Decimal)
    for row, amount in zip(*(shop.table("order_lines").column(name).to_pylist() for name in ("source_row", "amount")), strict=True):
        booked[row] += amount
    for row, written in enumerate(retail, start=2):
        assert booked[row] == D(written["Quantity"]) * D(written["UnitPrice"]), f"row {row} of the file"


@pytest.mark.shared
def test_A1_cancellations_leave_the_orders_that_stand(retail: list[dict[str, str]], retail_loaded: tuple[Any, Any]) -> None:
    shop, _ = retail_loaded
    entries = ref.settle(ref.retail_lines(retail))
    customers = ref.facts(entries, LAST_DAY)
    rows = shop.run(rg.RFM(frequency="orders")).rows().to_pylist()
    assert {r["customer_id"]: (r["recency_days"], r["frequency"], r["monetary"]) for r in rows} == {
        c: ((LAST_DAY - f.last_on).days, f.orders, f.revenue) for c, f in customers.items()
    }
    assert (len(rows), sum(r["frequency"] for r in rows)) == expected.RETAIL_STANDING
    orders = {o["order_id"]: o for o in shop.table("orders").to_pylist()}
    assert (orders["581483"]["net_revenue"], orders["581483"]["cancelled_on"]) == (0, LAST_DAY), "80,995 pieces, cancelled the same morning"


@pytest.mark.shared
@pytest.mark.parametrize("basis", ["order", "cash"])
def test_A1_monthly_net_revenue_on_both_bases(basis: str, retail: list[dict[str, str]], retail_loaded: tuple[Any, Any]) -> None:
    shop, _ = retail_loaded
    months = monthly(shop, basis=basis)
    assert to_the_cent(months) == to_the_cent(ref.revenue_by_month(ref.settle(ref.retail_lines(retail)), cash=basis == "cash"))
    assert round(sum(months.values()), 2) == expected.RETAIL_NET


@pytest.mark.shared
def test_A1_positive_subset(retail_positive: tuple[Any, Any]) -> None:
    shop, delivery = retail_positive
    months = shop.run(rg.KPIs(grain="month")).summary.to_pylist()
    customers = shop.run(rg.RFM(frequency="orders")).rows().to_arrow().column("frequency").to_pylist()
    days = shop.run(rg.RFM(frequency="order_days")).rows().to_arrow().column("frequency").to_pylist()
    countries = shop.run(rg.KPIs(grain="month", by=("country",))).summary.to_pylist()
    assert (delivery.rows_in, delivery.rows_loaded) == (397_884, 397_884)
    assert round(sum(D(m["revenue"]) for m in months), 2) == D("8911407.90")
    assert sum(m["orders"] for m in months) == 18_532
    assert (len(customers), customers.count(1), days.count(1)) == (4_338, 1_493, 1_548)
    assert [m["partial"] for m in sorted(months, key=lambda m: m["period"])][-1], "December 2011 stops on the 9th"
    home = sum(D(r["revenue"]) for r in countries if r["country"] == "United Kingdom" and r["revenue"])
    assert float(home) / 8_911_407.90 == pytest.approx(0.820, abs=0.001)


@pytest.mark.shared
def test_A1_workbook_with_float_ids_and_real_dates(retail: list[dict[str, str]], shared_data: Path, tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London")
    delivery = shop.load(shared_data / "online_retail" / "online_retail_first51k_no_country.xlsx")
    entries = ref.settle(ref.retail_lines(retail[:50_999]))
    assert (delivery.rows_in, delivery.rows_rejected) == (50_999, 0)
    assert to_the_cent(monthly(shop)) == to_the_cent(ref.revenue_by_month(entries, cash=False))
    rows = shop.run(rg.RFM(frequency="orders")).rows().to_pylist()
    known = ref.facts(entries, max(e.booked_on for e in entries))
    assert {r["customer_id"]: r["frequency"] for r in rows} == {c: f.orders for c, f in known.items()}


@pytest.mark.shared
def test_A1_day_first_dates_are_never_read_as_january(retail: list[dict[str, str]], shared_data: Path, tmp_path: Path) -> None:
    """Right from the evidence (shop hours, neighbouring days), or else asked; never silently another month."""
    shop = rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London")
    try:
        delivery = shop.load(shared_data / "online_retail" / "online_retail_sample5000_dmy_dates.csv")
    except rg.RegularsError as problem:
        if problem.code == "mapping_unsure":
            return
        raise
    assert (delivery.rows_in, delivery.rows_rejected) == (5_000, 0)
    assert to_the_cent(monthly(shop)) == to_the_cent(ref.revenue_by_month(ref.settle(ref.retail_lines(retail[:5_000])), cash=False))


@pytest.mark.shared
def test_A1_deliveries_day_by_day_equal_one_file(retail: list[dict[str, str]], shared_data: Path, tmp_path: Path) -> None:
    days = sorted((shared_data / "online_retail" / "by_day_2010-12").glob("*.csv"))[:5]
    stems = {d.stem for d in days}
    rows = [r for r in retail if r["InvoiceDate"][:10] in stems]
    daily = rg.open(tmp_path / "daily", currency="GBP", time_zone="Europe/London")
    assert sum(daily.load(day).rows_loaded for day in days) == len(rows)
    at_once = rg.open(tmp_path / "at_once", currency="GBP", time_zone="Europe/London")
    at_once.load(write_retail(tmp_path / "week.csv", rows))
    for analysis in (rg.KPIs(grain="day"), rg.RFM(), rg.CPM(), rg.Retention(grain="week")):
        assert daily.run(analysis).summary.to_pylist() == at_once.run(analysis).summary.to_pylist()


SALES: list[tuple[object, ...]] = [
    ("1", "ann", "2024-03-01 10:00:00", "tea", 2, "5.00"),
    ("2", "ann", "2024-03-05 10:00:00", "tea", 3, "5.00"),
    ("3", "ann", "2024-03-05 10:00:00", "tea", 4, "6.00"),
    ("4", "bob", "2024-03-05 11:00:00", "tea", 9, "5.00"),
    ("5", "ann", "2024-03-20 10:00:00", "tea", 7, "5.00"),
    ("6", None, "2024-03-06 10:00:00", "tea", 1, "5.00"),
]

CASES: dict[str, tuple[Sequence[tuple[object, ...]], list[tuple[str | None, str, int, bool]]]] = {
    "nearest earlier, not later": ([("C1", "ann", "2024-03-10 09:00:00", "tea", -1, "5.00")], [("2", "C1", -1, True)]),
    "quantity splits over sales": ([("C1", "ann", "2024-03-10 09:00:00", "tea", -4, "5.00")], [("1", "C1", -1, True), ("2", "C1", -3, True)]),
    "the rest of a split is unmatched": (
        [("C1", "ann", "2024-03-10 09:00:00", "tea", -6, "5.00")],
        [("1", "C1", -2, True), ("2", "C1", -3, True), (None, "C1", -1, False)],
    ),
    "a piece comes back once": (
        [("C1", "ann", "2024-03-10 09:00:00", "tea", -3, "5.00"), ("C2", "ann", "2024-03-11 09:00:00", "tea", -1, "5.00")],
        [("2", "C1", -3, True), ("1", "C2", -1, True)],
    ),
    "another price": ([("C1", "ann", "2024-03-10 09:00:00", "tea", -1, "6.00")], [("3", "C1", -1, True)]),
    "unknown price": ([("C1", "ann", "2024-03-10 09:00:00", "tea", -1, "7.00")], [(None, "C1", -1, False)]),
    "another product": ([("C1", "ann", "2024-03-10 09:00:00", "cup", -1, "5.00")], [(None, "C1", -1, False)]),
    "another customer": ([("C1", "bob", "2024-03-10 09:00:00", "tea", -9, "5.00")], [("4", "C1", -9, True)]),
    "before every sale": ([("C1", "ann", "2024-02-01 09:00:00", "tea", -1, "5.00")], [(None, "C1", -1, False)]),
    "without a customer": ([("C1", None, "2024-03-10 09:00:00", "tea", -1, "5.00")], [(None, "C1", -1, False)]),
}


@pytest.mark.parametrize("case", CASES)
def test_cancellations_find_the_nearest_earlier_sale(case: str, tmp_path: Path) -> None:
    refunds, wanted = CASES[case]
    shop = rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London")
    shop.load(write_csv(tmp_path / "orders.csv", LINE_HEADER, [*SALES, *refunds]))
    found = [(r["order_id"], r["return_id"], int(r["quantity"]), r["matched"]) for r in shop.table("returns").to_pylist()]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    for row in shop.table("returns").to_pylist():
        own = next(r for r in refunds if r[0] == row["return_id"])
        assert row["returned_on"] == date.fromisoformat(str(own[2])[:10]), "a refund keeps its own date"


def test_equal_times_are_settled_by_line(tmp_path: Path) -> None:
    """A file with dates only: the sale and its refund fall on one day, and of two equal sales exactly one is taken back."""
    sales = [("1", "ann", "2024-03-01", "tea", 1, "5.00"), ("2", "ann", "2024-03-01", "tea", 1, "5.00")]
    shop = rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London")
    shop.load(write_csv(tmp_path / "orders.csv", LINE_HEADER, [*sales, ("C1", "ann", "2024-03-01", "tea", -1, "5.00")]))
    assert [r["matched"] for r in shop.table("returns").to_pylist()] == [True]
    assert shop.run(rg.RFM(frequency="orders")).rows().to_arrow().column("frequency").to_pylist() == [1]


def test_a_refund_in_a_later_delivery_finds_its_sale(tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London")
    shop.load(write_csv(tmp_path / "march.csv", LINE_HEADER, SALES))
    shop.load(write_csv(tmp_path / "april.csv", LINE_HEADER, [("C1", "ann", "2024-04-02 09:00:00", "tea", -7, "5.00")]))
    assert to_the_cent(monthly(shop, basis="order")) == {date(2024, 3, 1): D(10 + 15 + 24 + 45 + 5)}
    assert to_the_cent(monthly(shop, basis="cash")) == {date(2024, 3, 1): D(10 + 15 + 24 + 45 + 35 + 5), date(2024, 4, 1): D(-35)}
    march = shop.run(rg.RFM(as_of="2024-03-31", frequency="orders")).rows().to_pylist()
    april = shop.run(rg.RFM(as_of="2024-04-02", frequency="orders")).rows().to_pylist()
    assert {r["customer_id"]: r["frequency"] for r in march} == {"ann": 4, "bob": 1}, "what was known at the end of March"
    assert {r["customer_id"]: r["frequency"] for r in april} == {"ann": 3, "bob": 1}
