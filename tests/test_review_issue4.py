"""What must never happen to rows and money when deliveries overlap, are corrected, mended, taken back, merged, and told of by two processes."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import regulars as rg
from regulars.errors import RegularsError
from regulars.progress import silent
from regulars.snapshots.compaction import compact

HEADER = "Order,Customer,Date,Product,Qty,Price"


def written(place: Path, name: str, *rows: str, header: str = HEADER) -> Path:
    file = place / name
    file.write_text("\n".join((header, *rows)), encoding="utf-8")
    return file


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[rg.Workspace]:
    with rg.open(tmp_path / "shop", currency="EUR", language="en") as opened:
        yield opened


def revenue(shop: rg.Workspace) -> Decimal:
    return Decimal(shop.sql("select cast(sum(amount) as decimal(18,2)) as n from order_lines")["n"][0].as_py())


def test_an_order_told_three_times_counts_once_when_the_second_telling_goes(shop: rg.Workspace, tmp_path: Path) -> None:
    for number, price in enumerate((10, 8, 6), start=1):
        shop.load(written(tmp_path, f"{number}.csv", f"1,ann,2024-01-05,tea,1,{price}", f"{number}0,bob,2024-01-0{number},tea,1,1"))
    assert revenue(shop) == 6 + 3
    shop.undo("2")
    assert revenue(shop) == 6 + 2
    shop.redo()
    assert revenue(shop) == 6 + 3


def test_a_mended_line_leaves_the_other_lines_of_its_order(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "sales.csv", "1,ann,2024-01-05,tea,1,10", "1,ann,2024-01-05,cup,many,7", "2,bob,2024-01-06,cup,1,5"))
    assert revenue(shop) == 15
    shop.write_rejects(tmp_path / "mend.csv")
    mended = tmp_path / "mended.csv"
    mended.write_text((tmp_path / "mend.csv").read_text(encoding="utf-8-sig").replace("many", "1", 1), encoding="utf-8")
    shop.load(mended)
    assert revenue(shop) == 22


def _mended(shop: rg.Workspace, path: Path, places: int) -> Path:
    shop.write_rejects(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows[:places]:
        row[header.index("Qty")] = "1"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_rows_mended_twice_count_once_after_an_undo(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "first.csv", "ann,2024-02-05,tea,1,100", header=HEADER.removeprefix("Order,")))
    shop.load(
        written(
            tmp_path, "sales.csv", "bob,2024-01-05,tea,1,10", "bob,2024-01-05,cup,many,7", "cid,2024-01-06,cup,some,5", header=HEADER.removeprefix("Order,")
        )
    )
    one = _mended(shop, tmp_path / "one.csv", 1)
    two = tmp_path / "two.csv"
    two.write_text(one.read_text(encoding="utf-8").replace("some", "1", 1), encoding="utf-8")
    shop.load(one)
    shop.load(two)
    assert revenue(shop) == 122
    shop.undo("1")
    assert revenue(shop) == 22


def test_a_mended_row_stays_mended_when_its_delivery_is_judged_anew(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "first.csv", "1,ann,2024-01-05,tea,1,10", "2,bob,2024-01-05,tea,1,10"))
    shop.load(written(tmp_path, "second.csv", "2,bob,2024-01-05,tea,1,10", "3,cid,2024-01-06,cup,some,5", "4,cid,2024-01-06,cup,1,5"))
    shop.load(_mended(shop, tmp_path / "one.csv", 1))
    assert not shop.rejects()
    shop.undo("1")
    assert not shop.rejects()


def test_a_delivery_taken_back_survives_the_merging_of_files(shop: rg.Workspace, tmp_path: Path) -> None:
    def load(number: int, lines: int) -> None:
        shop.load(written(tmp_path, f"{number}.csv", *(f"{number}{line},c{line},2024-01-0{number},tea,1,10" for line in range(lines))))

    load(1, 2)
    load(2, 2)
    compact(shop._shelf, silent)
    load(3, 2)
    assert revenue(shop) == 60
    both = datetime.now(UTC)
    shop.undo("2")
    load(4, 2000)
    compact(shop._shelf, silent)
    load(5, 1)
    with shop.as_known_at(both) as past:
        shutil.rmtree(past.snapshot.folder)
    with shop.as_known_at(both) as past:
        assert revenue(past) == 60


def test_the_past_takes_nothing_in_and_gives_nothing_up(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "1.csv", "1,ann,2024-01-05,tea,1,10"))
    then = datetime.now(UTC)
    shop.load(written(tmp_path, "2.csv", "2,ann,2024-01-06,tea,1,10"))
    now = shop.snapshot.id
    with shop.as_known_at(then) as past:
        for change in (past.undo, lambda: past.switch("same_payment", False)):
            with pytest.raises(RegularsError) as refused:
                change()
            assert refused.value.code == "past_is_read_only"
    assert shop.snapshot.id == now


def test_each_past_state_keeps_its_own_judgement(shop: rg.Workspace, tmp_path: Path) -> None:
    one, two = "1,ann,2024-01-05,tea,1,10", "2,bob,2024-01-06,tea,1,5"
    shop.load(written(tmp_path, "1.csv", one))
    shop.load(written(tmp_path, "2.csv", two))
    shop.load(written(tmp_path, "3.csv", one, two, "3,cid,2024-01-07,tea,1,1"))
    shop.undo("1")
    assert revenue(shop) == 16
    without_first = datetime.now(UTC)
    shop.redo()
    shop.undo("2")
    assert revenue(shop) == 16
    with shop.as_known_at(without_first) as past:
        shutil.rmtree(past.snapshot.folder)
    with shop.as_known_at(without_first) as past:
        assert revenue(past) == 16


def test_what_is_mended_counts_once_when_its_file_is_corrected(shop: rg.Workspace, tmp_path: Path) -> None:
    header = "Customer,Ordered,Paid on,Product,Qty,Price"
    file = written(tmp_path, "sales.csv", "ann,2024-01-05,2024-01-06,tea,1,10", "bob,2024-01-05,never,tea,1,7", header=header)
    shop.load(file, mapping={"ordered_at": "Paid on"})
    shop.write_rejects(tmp_path / "mend.csv")
    mended = tmp_path / "mended.csv"
    mended.write_text((tmp_path / "mend.csv").read_text(encoding="utf-8-sig").replace("never", "2024-01-09", 1), encoding="utf-8")
    shop.load(mended)
    assert revenue(shop) == 17
    shop.load(file, mapping={"ordered_at": "Ordered"})
    assert revenue(shop) == 17
    shop.undo()
    assert revenue(shop) == 17


def test_a_correction_counts_in_the_place_of_what_it_replaces(shop: rg.Workspace, tmp_path: Path) -> None:
    header = f"{HEADER},Town"
    january = written(tmp_path, "january.csv", "1,ann,2024-01-05,tea,1,10,Ulm", "2,bob,2024-01-31,tea,1,20,Ulm", header=header)
    shop.load(january)
    shop.load(written(tmp_path, "february.csv", "2,bob,2024-01-31,tea,1,15,Ulm", "3,bob,2024-02-01,tea,1,1,Ulm", header=header))
    assert revenue(shop) == 10 + 15 + 1
    shop.load(january, mapping={"city": "Town"})
    assert revenue(shop) == 10 + 15 + 1
    assert [one.id[:5] for one in shop.imports] == ["00001", "00002"]
    assert Path(shop.undo().removed[0].path).name == "january.csv"
    assert revenue(shop) == 10 + 15 + 1 and len(shop.imports) == 2


def test_a_phone_guarded_in_a_file_to_mend_comes_back_as_it_was(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "sales.csv", "1,+380 67 111,2024-01-05,tea,1,10", "2,+380 67 111,2024-01-05,cup,many,7"))
    shop.load(_mended(shop, tmp_path / "mend.csv", 1))
    assert shop.sql("select count(*) as n from customers")["n"].to_pylist() == [1]


def test_a_payment_in_two_exports_counts_once(shop: rg.Workspace, tmp_path: Path) -> None:
    header = "Payment ID,Order,Customer,Paid at,Amount"
    orders = [f"{n},c{n},2024-01-0{n % 9 + 1},tea,1,10" for n in range(1, 40)]
    shop.load(written(tmp_path, "orders.csv", *orders))
    shop.load(written(tmp_path, "january.csv", "P1,1,c1,2024-01-05,10", "P2,2,c2,2024-01-06,10", "P2,3,c3,2024-01-06,4", ",4,c4,2024-01-07,3", header=header))
    shop.load(written(tmp_path, "february.csv", "P2,2,c2,2024-01-06,9", ",4,c4,2024-01-07,3", ",4,c4,2024-01-07,3", "P1,5,c5,2025-01-05,1", header=header))
    told = sorted((one["payment_id"][:2], one["order_id"], one["amount"]) for one in shop.table("payments").to_pylist())
    assert told == [("00", "4", 3), ("00", "4", 3), ("P1", "1", 10), ("P1", "5", 1), ("P2", "2", 9), ("P2", "3", 4)]
    shop.undo()
    assert shop.table("payments").num_rows == 4


def test_two_readers_derive_the_same_past_side_by_side(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "1.csv", *(f"{n},c{n},2024-01-05,tea,1,10" for n in range(50))))
    then = datetime.now(UTC)
    for name in ("2", "3"):
        shop.load(written(tmp_path, f"{name}.csv", f"{name}00,ann,2024-01-06,tea,1,10"))

    def known(_: int) -> Decimal:
        with rg.open(tmp_path / "shop") as other, other.as_known_at(then) as past:
            return revenue(past)

    with ThreadPoolExecutor(4) as readers:
        assert list(readers.map(known, range(4))) == [500] * 4


def test_a_bill_and_the_goods_it_pays_count_once_after_any_undo(shop: rg.Workspace, tmp_path: Path) -> None:
    goods = [f"{n},c{n},2024-01-{n:02d} 10:{n:02d}:00,tea,1,{n + 10}" for n in range(1, 28)]
    bill = [f"{n},c{n},2024-01-{n:02d} 10:{n:02d}:30,{n + 10}" for n in range(1, 28)]
    for name, rows in (("first", bill[:10]), ("all", bill)):
        shop.load(written(tmp_path, f"{name}.csv", *rows, header="Order,Customer,Date,Amount"))
    shop.load(written(tmp_path, "goods.csv", *goods))
    once = sum(range(11, 38))
    assert revenue(shop) == once
    shop.undo("1")
    assert revenue(shop) == once
    assert [[Path(gone.path).name for gone in happened.removed] for happened in shop.told_history][-1] == ["first.csv"]
    shop.undo("3")
    assert revenue(shop) == once
