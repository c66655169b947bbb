"""The past of a workspace: deliveries taken back and put back, the data as they were known, what changed since."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import regulars as rg
from regulars.errors import RegularsError
from regulars.schema import TABLES

HEADER = "Order,Customer,Date,Product,Qty,Price"
JANUARY = ("1,ann,2024-01-05,tea,1,10", "2,bob,2024-01-09,tea,2,10", "3,cid,2024-01-20,cup,1,7")
AGAIN = ("2,bob,2024-01-09,tea,2,10", "3,cid,2024-01-20,cup,1,7", "4,ann,2024-02-03,cup,1,7")
LATE = ("5,dan,2024-01-11,tea,1,10", "C1,bob,2024-02-10,tea,-2,10", "6,ann,2024-02-12,tea,3,10")


def written(place: Path, name: str, rows: tuple[str, ...]) -> Path:
    file = place / name
    file.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return file


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[rg.Workspace]:
    with rg.open(tmp_path / "shop", currency="EUR", language="en") as opened:
        yield opened


def tables(shop: rg.Workspace) -> dict[str, list[str]]:
    return {name: sorted(map(str, shop.table(name).to_pylist())) for name in TABLES}


def revenue(shop: rg.Workspace) -> Decimal:
    return Decimal(shop.sql("select cast(sum(net_revenue) as decimal(18,2)) as n from orders")["n"][0].as_py())


def test_undo_takes_the_last_delivery_back_and_redo_puts_it_back(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "january.csv", JANUARY))
    one, first = shop.snapshot.id, tables(shop)
    shop.load(written(tmp_path, "late.csv", LATE))
    two, both = shop.snapshot.id, tables(shop)
    undone = shop.undo()
    assert [Path(gone.path).name for gone in undone.removed] == ["late.csv"] and not undone.added
    assert shop.snapshot.id == one and tables(shop) == first
    back = shop.redo()
    assert [Path(came.path).name for came in back.added] == ["late.csv"]
    assert shop.snapshot.id == two and tables(shop) == both
    assert [event.action for event in shop.history] == ["load", "load", "undo", "redo"]


def test_rows_left_out_because_of_a_delivery_come_in_when_it_goes(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "january.csv", JANUARY))
    again = shop.load(written(tmp_path, "again.csv", AGAIN))
    assert again.rejected_by_reason == {"already_loaded": 2} and revenue(shop) == 44
    shop.undo("1")
    (left,) = shop.imports
    assert (left.rows_in, left.rows_loaded, left.rows_rejected) == (3, 3, 0)
    assert revenue(shop) == 34
    assert shop.table("rejected").num_rows == 0
    shop.redo()
    assert revenue(shop) == 44 and shop.imports[1].rows_rejected == 2


def test_an_undone_delivery_can_be_loaded_again(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "january.csv", JANUARY))
    late = written(tmp_path, "late.csv", LATE)
    shop.load(late)
    before = tables(shop)["orders"]
    shop.undo()
    assert not shop.load(late).already_loaded
    assert tables(shop)["orders"] == before
    assert [one.id.partition("-")[0] for one in shop.imports] == ["00001", "00003"]


def test_a_correction_taken_back_brings_back_what_it_replaced(shop: rg.Workspace, tmp_path: Path) -> None:
    file = tmp_path / "sums.csv"
    file.write_text("Customer,Date,Total,Paid\nann,2024-01-05,10,9\nbob,2024-01-06,20,18\n", encoding="utf-8")
    shop.load(file, mapping={"amount": "Total"})
    assert revenue(shop) == 30
    shop.load(file, mapping={"amount": "Paid"})
    assert revenue(shop) == 27
    shop.undo()
    assert revenue(shop) == 30
    assert [event.action for event in shop.history] == ["load", "correct", "undo"]


def test_the_workspace_as_it_was_known(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "january.csv", JANUARY))
    known, then = tables(shop), datetime.now(UTC)
    time.sleep(0.01)
    shop.load(written(tmp_path, "late.csv", LATE))
    shop.undo("1")
    assert [Path(one.path).name for one in shop.imports] == ["late.csv"]
    with shop.as_known_at(then) as past:
        assert tables(past) == known
        assert past.run(rg.RFM()).summary.num_rows
        with pytest.raises(RegularsError) as refused:
            past.load(written(tmp_path, "more.csv", AGAIN))
        assert refused.value.code == "past_is_read_only"
    assert shop.as_known_at(datetime.now(UTC)).snapshot.id == shop.snapshot.id
    with pytest.raises(RegularsError) as refused:
        shop.as_known_at("2001-01-01")
    assert refused.value.code == "nothing_known_yet"
    with pytest.raises(RegularsError) as refused:
        shop.as_known_at("yesterday")
    assert refused.value.code == "value_wrong"


def test_the_steps_of_a_bridge_add_up(shop: rg.Workspace, tmp_path: Path) -> None:
    shop.load(written(tmp_path, "january.csv", JANUARY))
    then = datetime.now(UTC)
    time.sleep(0.01)
    shop.load(written(tmp_path, "late.csv", LATE))
    changed = shop.changes_since(then)
    steps = {step["cause"]: step for step in changed.steps.to_pylist()}
    assert {cause: (step["revenue"], step["orders"], step["customers"]) for cause, step in steps.items()} == {
        "new_days": (30, 1, 0),
        "late": (10, 1, 1),
        "refunded": (-20, -1, -1),
    }
    for measure in ("revenue", "orders", "customers"):
        assert sum(step[measure] for step in steps.values()) == changed.after[measure] - changed.before[measure]
    assert sum(line["revenue"] for line in changed.months.to_pylist()) == 20
    assert "orders of days gone by that came in later" in repr(changed)


def test_nothing_to_undo_and_unknown_deliveries_are_named(shop: rg.Workspace, tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as refused:
        shop.undo()
    assert refused.value.code == "nothing_to_undo"
    shop.load(written(tmp_path, "january.csv", JANUARY))
    with pytest.raises(RegularsError) as refused:
        shop.undo("7")
    assert refused.value.code == "import_unknown"
    with pytest.raises(RegularsError) as refused:
        shop.redo()
    assert refused.value.code == "nothing_to_redo"


def test_a_watched_folder_is_loaded_when_its_files_have_stopped_growing(shop: rg.Workspace, tmp_path: Path) -> None:
    place = tmp_path / "inbox"
    place.mkdir()
    january = written(place, "1.csv", JANUARY[:1])
    looks = iter(range(7))

    def meanwhile(_seconds: float) -> bool:
        match next(looks):
            case 0:
                written(place, "1.csv", JANUARY)  # it has grown since the first look
            case 2:
                (place / "2.csv").write_text("nothing of use\n", encoding="utf-8")
            case 4:
                written(place, "2.csv", LATE)
            case 6:
                return True
        return False

    came = list(shop.watch(place, wait=meanwhile))
    assert [(Path(one.path).name, getattr(one, "rows_loaded", None)) for one in came] == [("1.csv", 3), ("2.csv", None), ("2.csv", 3)]
    assert len(shop.imports) == 2 and january.exists()
