"""The reference implementation reproduces the published numbers, so that a failing acceptance test points at the product."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import expected
import pytest
import reference as ref
from reference import Entry, Line
from test_acceptance_cpm import AS_OF, EDGES, MONEY, REFUNDED
from test_acceptance_intake import CASES, SALES

D = Decimal


@pytest.mark.shared
def test_cdnow_file(cdnow: list[Line]) -> None:
    assert len(cdnow) == 6_919
    assert len({x.customer for x in cdnow}) == 2_357
    assert len({(x.customer, x.day) for x in cdnow}) == 6_696
    assert sum(x.amount for x in cdnow) == D("244091.94")
    assert sum(x.amount == 0 for x in cdnow) == 8


@pytest.mark.shared
def test_cdnow_scores(cdnow_entries: list[Entry]) -> None:
    customers = ref.facts(cdnow_entries, expected.RFM_AS_OF)
    rows = ref.rfm_scores(customers, expected.RFM_AS_OF, by_orders=True).values()
    days = ref.rfm_scores(customers, expected.RFM_AS_OF, by_orders=False).values()
    assert Counter(r for r, _, _ in rows) == expected.CDNOW_R
    assert Counter(f for _, f, _ in rows) == expected.CDNOW_F_ROWS
    assert Counter(f for _, f, _ in days) == expected.CDNOW_F_DAYS
    assert Counter(m for _, _, m in rows) == expected.CDNOW_M


def test_scores_ignore_row_order() -> None:
    values = [1, 1, 1, 1, 1, 2, 2, 3, 9, 40]
    shuffled = random.Random(7).sample(range(10), 10)
    assert [ref.scores([values[i] for i in shuffled])[shuffled.index(i)] for i in range(10)] == ref.scores(values)
    assert ref.scores([1] * 7) == [3] * 7, "one tie group sits in the middle, whatever the file order"


def test_the_segment_table_covers_25_cells_once() -> None:
    assert set(ref.SEGMENT_OF_CELL) == {(r, f) for r in range(1, 6) for f in range(1, 6)}
    assert len(set(ref.SEGMENT_OF_CELL.values())) == 10


@pytest.mark.shared
@pytest.mark.parametrize(("as_of", "money", "counts"), expected.CDNOW_CPM)
def test_cdnow_cpm(cdnow: list[Line], cdnow_entries: list[Entry], as_of: date, money: Decimal, counts: dict[str, tuple[int, int]]) -> None:
    known = [x.amount for x in cdnow if x.day <= as_of]
    assert abs(7 * sum(known) / len(known) - money) < D("0.00005")
    assert ref.cpm_counts(cdnow_entries, as_of, money) == expected.by_group(counts)


@pytest.mark.shared
def test_cdnow_cpm_outcome(cdnow_entries: list[Entry]) -> None:
    outcome = ref.cpm_outcome(cdnow_entries, date(1997, 9, 30), 273, expected.CDNOW_CPM[0][1])
    assert {key: k / n for key, (n, k) in outcome.items()} == pytest.approx(expected.CDNOW_OUTCOME, abs=0.0001)


@pytest.mark.shared
def test_cdnow_concentration(cdnow_entries: list[Entry]) -> None:
    values = [f.revenue for f in ref.facts(cdnow_entries, date(1998, 6, 30)).values()]
    groups = ref.deciles(values)
    assert [n for n, _ in groups] == [236] * 7 + [235] * 3
    assert [float(100 * total / sum(values)) for _, total in groups] == pytest.approx(expected.CDNOW_DECILE_PERCENT, abs=0.01)
    assert ref.gini(values) == pytest.approx(0.6309, abs=0.0001)
    assert ref.smallest_number_holding(values, D("0.8")) == 777
    assert float(sum(sorted(values, reverse=True)[: len(values) // 5]) / sum(values)) == pytest.approx(0.674, abs=0.0005)


def test_gini_closed_forms() -> None:
    assert ref.gini([D(5)] * 8) == 0
    assert ref.gini([D(0)] * 7 + [D(3)]) == pytest.approx(1 - 1 / 8)


@pytest.mark.shared
def test_cdnow_cohorts(cdnow_entries: list[Entry]) -> None:
    table = ref.cohorts(cdnow_entries, date(1998, 6, 30))
    assert {key: table[key] for key in expected.CDNOW_COHORTS} == expected.CDNOW_COHORTS


@pytest.mark.shared
def test_online_retail_file(retail: list[dict[str, str]]) -> None:
    net = sum(D(r["Quantity"]) * D(r["UnitPrice"]) for r in retail)
    known = sum(D(r["Quantity"]) * D(r["UnitPrice"]) for r in retail if r["CustomerID"])
    invoices = {r["InvoiceNo"] for r in retail}
    assert len(retail) == expected.RETAIL["rows"]
    assert sum(not r["CustomerID"] for r in retail) == expected.RETAIL["rows_without_customer"]
    assert len({r["CustomerID"] for r in retail} - {""}) == expected.RETAIL["customers"]
    assert len(invoices) == expected.RETAIL["invoices"]
    assert sum(i.startswith("C") for i in invoices) == expected.RETAIL["cancellation_invoices"]
    assert sum(i.startswith("A") for i in invoices) == expected.RETAIL["adjustment_invoices"]
    assert sum(r["InvoiceNo"].startswith("C") for r in retail) == expected.RETAIL["cancellation_rows"]
    assert len(retail) - len({tuple(r.values()) for r in retail}) == expected.RETAIL["duplicates"]
    assert sum(int(r["Quantity"]) < 0 and not r["InvoiceNo"].startswith("C") for r in retail) == expected.RETAIL["negative_without_c"]
    assert sum(D(r["UnitPrice"]) <= 0 for r in retail) == expected.RETAIL["prices_not_positive"]
    assert len({r["Country"] for r in retail}) == expected.RETAIL["countries"]
    assert len({r["StockCode"] for r in retail}) == expected.RETAIL["stock_codes"]
    assert (round(net, 2), round(known, 2)) == (expected.RETAIL_NET, expected.RETAIL_NET_KNOWN)


@pytest.mark.shared
def test_online_retail_positive_subset(retail: list[dict[str, str]]) -> None:
    rows = [r for r in retail if ref.is_positive(r)]
    lines = ref.retail_lines(rows)
    entries = ref.settle(lines)
    customers = ref.facts(entries, date(2011, 12, 9))
    values = [f.revenue for f in customers.values()]
    top = sorted(values, reverse=True)
    table = ref.cohorts(entries, date(2011, 12, 9))
    unique = {tuple(r.values()): r for r in rows}.values()
    assert (len(rows), len(customers), len({x.order for x in lines})) == (397_884, 4_338, 18_532)
    assert round(sum(values), 2) == D("8911407.90")
    assert (len(unique), round(sum(D(r["Quantity"]) * D(r["UnitPrice"]) for r in unique), 2)) == (392_692, D("8887208.89"))
    assert sum(f.orders == 1 for f in customers.values()) == 1_493
    assert sum(f.order_days == 1 for f in customers.values()) == 1_548
    assert ref.gini(values) == pytest.approx(0.71514, abs=0.00005)
    assert float(100 * sum(top[:434]) / sum(values)) == pytest.approx(61.375, abs=0.001)
    assert float(100 * sum(top[:868]) / sum(values)) == pytest.approx(74.617, abs=0.001)
    assert {key: table[key] for key in expected.RETAIL_COHORTS} == expected.RETAIL_COHORTS


@pytest.mark.shared
def test_online_retail_ledger(retail: list[dict[str, str]]) -> None:
    lines = ref.retail_lines(retail)
    entries = ref.settle(lines)
    assert sum(e.amount for e in entries) == sum(x.amount for x in lines)
    assert sum(e.quantity for e in entries) == sum(x.quantity for x in lines)
    spent: Counter[str] = Counter()
    for x in lines:
        if x.customer:
            spent[x.customer] += x.amount
    assert sum(total <= 0 for total in spent.values()) == expected.RETAIL["customers_not_positive"]
    customers = ref.facts(entries, date(2011, 12, 9))
    assert (len(customers), sum(f.orders for f in customers.values())) == expected.RETAIL_STANDING
    standing = ref.standing_orders(entries, date(2011, 12, 9))
    assert "581483" not in standing, "the 80,995-unit order that cancels itself"
    assert "541431" not in standing, "the 74,215-unit order that cancels itself"


@pytest.mark.parametrize("name", [*EDGES, *REFUNDED])
def test_the_border_cases_follow_the_rule_table(name: str) -> None:
    purchases, wanted = EDGES[name] if name in EDGES else REFUNDED[name]
    rows = [(back, price, quantity) for back, price, quantity in (p if len(p) == 3 else (*p, 1) for p in purchases)]
    day = datetime(AS_OF.year, AS_OF.month, AS_OF.day)
    lines = [Line(n, str(n), "c", day - timedelta(back), "p", D(quantity), D(price)) for n, (back, price, quantity) in enumerate(rows)]
    assert ref.cpm_group(ref.facts(ref.settle(lines), AS_OF)["c"], AS_OF, MONEY) == wanted


@pytest.mark.parametrize("case", CASES)
def test_the_cancellation_cases_follow_the_rule(case: str) -> None:
    refunds, wanted = CASES[case]
    lines = [
        Line(n, str(order), customer and str(customer), datetime.fromisoformat(str(at)), str(product), D(str(pieces)), D(str(price)))
        for n, (order, customer, at, product, pieces, price) in enumerate([*SALES, *refunds])
    ]
    found = [(e.order if e.kind == "refund" else None, int(e.quantity)) for e in ref.settle(lines) if e.kind != "sale"]
    assert sorted(found, key=str) == sorted(((order, pieces) for order, _, pieces, _ in wanted), key=str)
