"""Deliveries that overlap: nothing counts twice, and an order that changed counts as the later file shows it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import regulars as rg

HEADER = "order_id,customer_id,date,amount,status\n"
JANUARY = ["1,a,2024-01-05,100,completed", "2,b,2024-01-06,40,completed", "3,a,2024-01-09,10,completed"]


def shop(folder: Path, *deliveries: list[str]) -> tuple[rg.Workspace, rg.Import]:
    folder.mkdir(exist_ok=True)
    ws = rg.open(folder / "shop", currency="EUR")
    for number, rows in enumerate(deliveries):
        path = folder / f"{number}.csv"
        path.write_text(HEADER + "\n".join(rows) + "\n")
        loaded = ws.load(path)
        assert loaded.rows_in == loaded.rows_loaded + loaded.rows_rejected == len(rows)
    return ws, loaded


def total(ws: rg.Workspace) -> Decimal:
    return sum(ws.table("order_lines")["amount"].to_pylist(), Decimal(0))


def test_repeated_rows_are_set_aside(tmp_path: Path) -> None:
    ws, second = shop(tmp_path, JANUARY, [*JANUARY, "4,c,2024-02-01,5,completed"])
    assert total(ws) == 155
    assert second.rejected_by_reason == {"already_loaded": 3}
    assert not second.notes


@pytest.mark.parametrize(
    ("now", "left"),
    [("1,a,2024-01-05,100,refunded", 50), ("1,a,2024-01-05,90,completed", 140), ("1,a,2024-01-05,110,completed", 160)],
    ids=["refunded", "lowered", "raised"],
)
def test_a_changed_order_counts_as_it_is_now(tmp_path: Path, now: str, left: int) -> None:
    ws, second = shop(tmp_path, JANUARY, [now, *JANUARY[1:]])
    assert total(ws) == left
    assert second.rejected_by_reason == {"already_loaded": 2}
    assert "1" in second.notes[0].read(rg.reader("en"))
    again, _ = shop(tmp_path / "thrice", JANUARY, [now, *JANUARY[1:]], [now, *JANUARY[1:], "4,c,2024-02-01,5,completed"])
    assert total(again) == left + 5


def test_a_refund_of_the_same_day_does_not_replace_its_sale(tmp_path: Path) -> None:
    ws, second = shop(tmp_path, JANUARY, ["1,a,2024-01-05,-30,completed"])
    assert total(ws) == 120
    assert not second.notes


def test_rows_without_an_order_number_are_never_copies(tmp_path: Path) -> None:
    ws = rg.open(tmp_path / "shop", currency="EUR")
    for number in range(2):
        path = tmp_path / f"{number}.csv"
        path.write_text("customer_id,date,amount\n" + "a,2024-01-05,100\n" * (number + 1))
        ws.load(path)
    assert total(ws) == 300


def test_a_deposit_and_its_balance_are_one_order(tmp_path: Path) -> None:
    ws, _ = shop(tmp_path, ["7,a,2024-01-05,100,deposit", "7,a,2024-01-25,900,balance", "8,b,2024-01-06,40,completed"])
    assert ws.table("orders").num_rows == 2
    rows = {row["customer_id"]: row for row in ws.run(rg.RFM(frequency="orders")).rows().to_pylist()}
    assert (rows["a"]["frequency"], rows["a"]["monetary"]) == (1, 1000)


def test_numbers_that_start_over_are_other_orders(tmp_path: Path) -> None:
    days = [f"{number},{customer},2024-01-0{day},10,completed" for day, customer in enumerate("abca", 1) for number in (1, 2, 3)]
    ws, _ = shop(tmp_path, days)
    assert ws.table("orders").num_rows == 12
