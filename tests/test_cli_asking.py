"""Files that are not certain: the line that settles them, the page that shows them, and the person who is asked."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, as_csv, orders, write
from regulars.surfaces import cli
from regulars.surfaces.console import Console


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with an order file that is certain."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    write(tmp_path / "orders.csv", as_csv(HEADER, orders(120)))
    return tmp_path


def machine(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    """What ``--json`` prints."""
    assert cli.run(["--json", *words]) == status
    return json.loads(capsys.readouterr().out)


UNCLEAR = [(r[0], r[1], f"0{1 + n % 9}/0{1 + n % 5}/2024", r[6]) for n, r in enumerate(orders(60))]


@pytest.fixture
def unclear(folder: Path) -> Path:
    """A file in which nothing proves whether the day or the month comes first."""
    return write(folder / "unclear.csv", as_csv(("order_id", "customer_id", "ordered_at", "amount"), UNCLEAR))


def person(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Somebody at the terminal who types these lines."""
    monkeypatch.setattr(Console, "asks", True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))


def test_the_line_that_an_unsure_file_asks_for_settles_it(unclear: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = machine(capsys, "load", unclear.name, status=2)["error"]
    assert told["code"] == "mapping_unsure"
    line = shlex.split(told["values"]["line"])
    assert line[:2] == ["regulars", "map"]
    refused = machine(capsys, *line[1:], status=2)["error"]
    assert refused["code"] == "mapping_wrong", "the choice is left to the person: a line typed as it stands decides nothing"
    decided = [word.replace("DMY-OR-MDY", "dmy") for word in line[1:]]
    assert machine(capsys, *decided)["data"]["sheets"][0]["doubts"] == []
    assert machine(capsys, "load", unclear.name)["data"]["imports"][0]["rows_loaded"] == 60


def test_map_shows_every_column_with_what_it_is_taken_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["map", "orders.csv"]) == 0
    out = capsys.readouterr().out
    assert all(re.search(rf"^\W*{name} ", out, re.MULTILINE) for name in HEADER)
    assert "Person 0, Person 1" in out
    told = machine(capsys, "map", "orders.csv", "--set", "unit_price=-", "--set", "amount=unit_price")["data"]["sheets"][0]
    assert {column["column"]: column["field"] for column in told["columns"]}["unit_price"] == "amount"
    again = machine(capsys, "map", "orders.csv")["data"]["sheets"][0]
    assert again == told, "what was said once is remembered"


def test_a_person_is_asked_what_the_file_does_not_say(unclear: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    person(monkeypatch, "gbp", "date_order=mdy", "")
    assert cli.run(["load", unclear.name]) == 0
    told = capsys.readouterr()
    assert "In which currency" in told.err
    assert "60 rows" in told.out
    assert rg.open("regulars").snapshot.books[0].name == "GBP"
    assert rg.open("regulars").snapshot.as_of == date(2024, 9, 5)


def test_a_person_may_be_wrong_once_and_may_leave(unclear: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    person(monkeypatch, "date_order=abc", "nonsense")
    assert cli.run(["load", unclear.name, "--currency", "GBP"]) == 130
    told = capsys.readouterr().err
    assert "dmy" in told
    assert machine(capsys, "run", "rfm", status=2)["error"]["code"] == "workspace_empty"
