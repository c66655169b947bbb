"""A2 and A3: RFM scores under ties, and named segments that cover every cell once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import expected
import pytest
import reference as ref
from reference import Entry, Line
from shops import write_cdnow, write_csv

import regulars as rg


def scored(shop: Any, **parameters: Any) -> dict[str, tuple[int, int, int]]:
    rows = shop.run(rg.RFM(as_of=expected.RFM_AS_OF, **parameters)).rows().to_pylist()
    return {row["customer_id"]: (row["r"], row["f"], row["m"]) for row in rows}


@pytest.mark.shared
def test_A2_rfm_ties_cdnow(cdnow_rows: Any, cdnow_entries: list[Entry]) -> None:
    by_rows = scored(cdnow_rows, frequency="orders")
    by_days = scored(cdnow_rows, frequency="order_days")
    assert Counter(r for r, _, _ in by_rows.values()) == expected.CDNOW_R
    assert Counter(f for _, f, _ in by_rows.values()) == expected.CDNOW_F_ROWS
    assert Counter(f for _, f, _ in by_days.values()) == expected.CDNOW_F_DAYS
    assert Counter(m for _, _, m in by_rows.values()) == expected.CDNOW_M
    customers = ref.facts(cdnow_entries, expected.RFM_AS_OF)
    assert by_rows == ref.rfm_scores(customers, expected.RFM_AS_OF, by_orders=True)
    assert by_days == ref.rfm_scores(customers, expected.RFM_AS_OF, by_orders=False)


@pytest.mark.shared
def test_A2_without_order_numbers_an_order_is_a_day(cdnow_days: Any) -> None:
    assert Counter(f for _, f, _ in scored(cdnow_days, frequency="orders").values()) == expected.CDNOW_F_DAYS


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(20))
def test_A2_rfm_ties_cdnow_shuffled(seed: int, cdnow: list[Line], tmp_path: Path) -> None:
    """Rows in twenty orders: every fourth time the whole file, else a tenth of its customers."""
    customers = sorted({str(x.customer) for x in cdnow})
    kept = set(customers) if seed % 4 == 0 else set(customers[seed::10])
    rows = [x for x in cdnow if x.customer in kept]
    random.Random(seed).shuffle(rows)
    shop = rg.open(tmp_path / "shop", currency="USD", time_zone="America/New_York")
    shop.load(write_cdnow(tmp_path / "cdnow.csv", rows, order_numbers=True))
    known = ref.facts(ref.settle([x for x in cdnow if x.customer in kept]), expected.RFM_AS_OF)
    assert scored(shop, frequency="orders") == ref.rfm_scores(known, expected.RFM_AS_OF, by_orders=True)


def test_A3_rfm_partition(tmp_path: Path) -> None:
    """Four customers in each of the 25 cells: last bought on five days, on one to five days each."""
    as_of, rows = date(2024, 12, 31), []
    for r, silent in enumerate((300, 150, 80, 40, 10), start=1):
        for f in range(1, 6):
            for twin in range(4):
                last = as_of - timedelta(silent)
                rows += [(f"{r}{f}{twin}", last - timedelta(7 * back), 10 + back, f"{r}{f}{twin}-{back}") for back in range(f)]
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv")
    shop.load(write_csv(tmp_path / "orders.csv", ("customer_id", "date", "amount", "order_id"), rows))
    answer = shop.run(rg.RFM(as_of=as_of))
    cells: dict[tuple[int, int], set[str]] = {}
    for row in answer.rows().to_pylist():
        assert f"{row['r']}{row['f']}" == row["customer_id"][:2]
        cells.setdefault((row["r"], row["f"]), set()).add(row["segment"])
    assert set(cells) == set(ref.SEGMENT_OF_CELL), "25 of 25 cells"
    assert all(len(names) == 1 for names in cells.values()), "each cell has one name"
    assert {cell: next(iter(names)) for cell, names in cells.items()} == ref.SEGMENT_OF_CELL
    summary = {row["segment"]: row["customers"] for row in answer.summary.to_pylist()}
    assert summary == {name: 4 * n for name, n in Counter(ref.SEGMENT_OF_CELL.values()).items()}
    for name, customers in summary.items():
        assert answer.rows(segment=name).to_arrow().num_rows == customers, "the rows behind a number are as many as the number"


@pytest.mark.shared
def test_A3_one_purchase_is_named_as_frequency_one(cdnow_rows: Any) -> None:
    rows = cdnow_rows.run(rg.RFM(as_of=expected.RFM_AS_OF)).rows().to_pylist()
    named = {row["customer_id"]: row["segment"] for row in rows}
    assert named == {row["customer_id"]: ref.SEGMENT_OF_CELL[row["r"], 1 if row["frequency"] == 1 else row["f"]] for row in rows}


@pytest.mark.shared
@pytest.mark.parametrize(("preset", "most"), [("named", 10), ("eight", 8), ("four", 4)])
def test_A3_every_preset_is_a_partition(preset: str, most: int, cdnow_rows: Any) -> None:
    answer = cdnow_rows.run(rg.RFM(as_of=expected.RFM_AS_OF, preset=preset))
    summary = answer.summary.to_pylist()
    assert len({row["segment"] for row in summary}) == len(summary) <= most
    assert sum(row["customers"] for row in summary) == answer.rows().to_arrow().num_rows == 2_357
    assert sum(float(row["revenue_share"]) for row in summary) == pytest.approx(1)
    assert round(sum(row["revenue"] for row in summary), 2) == Decimal("244091.94")
