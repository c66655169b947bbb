"""Amounts as large as a wholesaler's: nothing overflows, nothing is rounded away."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import regulars as rg


def test_customers_worth_millions(tmp_path: Path) -> None:
    rows = "".join(f"c{i % 7},2024-0{1 + i % 9}-11,{90_000_000 + i}.25\n" for i in range(60))
    (tmp_path / "orders.csv").write_text(f"customer_id,date,amount\n{rows}")
    ws = rg.open(tmp_path / "shop", currency="UAH")
    ws.load(tmp_path / "orders.csv")
    total = sum(Decimal(row.rsplit(",", 1)[1]) for row in rows.split())
    for analysis in rg.ANALYSES:
        if not analysis().needs:
            assert ws.run(analysis()).summary.num_rows
    assert sum(row["revenue"] for row in ws.run(rg.CPM()).summary.to_pylist()) == total
