"""``regulars check``: what would become of a file, without a trace; the health of what is loaded, each problem with the line that lists it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import as_csv, write
from regulars.surfaces import cli

HEADER = ("order_id", "customer_id", "ordered_at", "product", "quantity", "unit_price", "amount")
CLEAN = [(n, f"K{n % 9}", f"2024-03-{1 + n % 28:02d} 1{n % 9}:00:00", f"tea {n % 3}", 2, "4.50", "9.00") for n in range(60)]
DIRTY = [*CLEAN, (61, "K1", "no day", "tea 1", 2, "4.50", "9.00"), (62, "", "2024-03-09 12:00:00", "tea 1", 2, "4.50", "9.00"), (63, *CLEAN[7][1:6], "7.77")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a file in order and one that is not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    write(tmp_path / "clean.csv", as_csv(HEADER, CLEAN))
    write(tmp_path / "dirty.csv", as_csv(HEADER, DIRTY))
    return tmp_path


def asked(capsys: pytest.CaptureFixture[str], *words: str, status: int) -> Any:
    """What ``--json`` prints."""
    assert cli.run(["--json", *words]) == status
    return json.loads(capsys.readouterr().out)["data"]


def test_a_file_in_order_has_nothing_to_say(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = asked(capsys, "check", "clean.csv", "--currency", "GBP", status=0)["files"]
    assert (told["clean"], told["rows_in"], told["rows_loaded"], told["found"], told["doubts"]) == (True, 60, 60, [], [])


def test_a_file_is_judged_and_nothing_is_loaded(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = asked(capsys, "check", "dirty.csv", "--currency", "GBP", status=1)["files"]
    assert (told["rows_in"], told["rows_loaded"], told["rejected_by_reason"]) == (63, 62, {"date_unreadable": 1})
    assert {(hit["rule"], hit["rows"], hit["first_row"]) for hit in told["found"]} == {("customer_missing", 1, 63), ("amount_mismatch", 1, 64)}
    assert not list(folder.rglob("*.parquet"))
    with rg.open("regulars", currency="GBP") as shop, pytest.raises(rg.RegularsError, match="no data yet"):
        _ = shop.snapshot


def test_a_file_that_cannot_be_read_keeps_no_other_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    broken, clean = asked(capsys, "check", "broken.xlsx", "clean.csv", "--currency", "GBP", status=1)["files"]
    assert broken["code"].startswith("file_")
    assert clean["clean"]


def test_a_person_reads_what_would_become_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", "dirty.csv", "--currency", "GBP"]) == 1
    said = capsys.readouterr().out
    assert "dirty.csv: 63 rows; would load: 62 rows, would not: 1 row." in said
    assert "the date cannot be read: 1" in said
    assert "Amount does not fit" in said
    assert "regulars load dirty.csv" in said


def test_the_same_from_python(folder: Path) -> None:
    with rg.open("shop", currency="GBP", language="en") as shop:
        found = shop.check("dirty.csv")
        assert not found.clean
        assert {line["rule"]: line["rows"] for line in found.mistakes} == {"customer_missing": 1, "amount_mismatch": 1}
        assert "would load: 62 rows" in repr(found)
        shop.load("dirty.csv")
        assert shop.check("dirty.csv").known
        with pytest.raises(rg.RegularsError, match="rights do not include"):
            shop.seen_by(rg.Rights(customers="customer_id = 'K1'")).check("dirty.csv")


def test_every_problem_of_the_data_has_the_line_that_lists_its_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked(capsys, "load", "dirty.csv", "--currency", "GBP", status=0)
    told = asked(capsys, "check", status=1)
    assert {problem["rule"] for problem in told["problems"]} == {"customer_missing", "amount_mismatch", "date_unreadable"}
    for problem in told["problems"]:
        rows = asked(capsys, *shlex.split(problem["line"])[1:], status=0)["rows"]
        assert len(rows) == problem["failing"] == 1
    assert told["scores"]["uniqueness"] == 1


def test_data_in_order_end_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked(capsys, "load", "clean.csv", "--currency", "GBP", status=0)
    assert asked(capsys, "check", status=0)["problems"] == []
