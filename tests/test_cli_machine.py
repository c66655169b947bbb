"""What machines and patient people get: one JSON document whatever is asked, silence with --quiet, reasons with --verbose."""

from __future__ import annotations

import json
import math
import re
import shutil
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, as_csv, orders, write
from regulars.surfaces import cli
from regulars.surfaces.cli import COMMANDS
from regulars.surfaces.console import plain

ROOT = Path(__file__).resolve().parent.parent
LINES = (
    "brief --as-of 2024-10-31",
    "load more.csv",
    "map more.csv",
    "run rfm",
    "run cpm --as-of 2024-06-30",
    "rows kpis --limit 2",
    "rows rejected",
    "rejects --output mend.csv",
    "rules",
    "rules fake_order on",
    "history",
    "diff --known 2099-01-01",
    "undo",
    "undo --redo",
    "undo 77",
    "sql rfm",
    "sql select_count",
    "template empty.xlsx",
    "doctor",
    "diff --from 2024-06-30",
    "completion bash",
    "--version",
    *("--help", "run --help", "run rfm --help", "diff --help"),
    *(
        "breif",
        "run rmf",
        "run rfm --bins 99",
        "rows rfm --where segmnt=a",
        "load nothing.csv",
        "diff one.html",
        "brief --as-of 1999-01-01",
        "run rfm --as-of 1999-01-01",
    ),
)
"""A line of every command that needs no network and no long work, and the ways to be wrong."""


@pytest.fixture
def loaded(small_shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a workspace and a file that is not loaded yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    shutil.copytree(small_shop.folder, tmp_path / "regulars")
    write(tmp_path / "more.csv", as_csv(HEADER, orders(20, prefix="more")))
    return tmp_path


def strict(text: str) -> Any:
    """One JSON document as every language reads it: no NaN, no Infinity, nothing after it."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("line", LINES)
def test_one_document_and_nothing_else(line: str, loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sql", "select count(*) as n, max(ordered_at) as last, sum(net_revenue) as revenue from orders"] if line == "sql select_count" else line.split()
    status = cli.run([*words, "--json"])
    out, err = capsys.readouterr()
    assert not err
    told = strict(out)
    assert told["ok"] is (status == 0)
    assert told.keys() == {"ok", "data" if status == 0 else "error"}
    if status:
        assert told["error"].keys() == {"code", "message", "next_step", "exit_status", "values"}
        assert told["error"]["exit_status"] == status == 2


def test_no_command_is_forgotten() -> None:
    """``demo`` has a test of its own; those that need a server or background work, or whose status tells of the data, are tested where they are written."""
    assert COMMANDS.keys() - {line.split()[0] for line in LINES} <= {"demo", "engine", "compact", "check"}


def test_the_help_of_every_command_is_a_document(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        assert cli.run([name, "--help", "--json"]) == 0
        told = strict(capsys.readouterr().out)["data"]
        assert told["usage"]
        assert {option["name"].split(",")[0] for option in told["everywhere"]} >= {"--json", "--quiet", "--help"}


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (math.nan, None),
        (-math.inf, None),
        (Decimal("NaN"), None),
        (Decimal("12.3400"), 12.34),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 12, 30), "2024-02-29T12:30:00"),
        (time(9, 5), "09:05:00"),
        (b"\x00\xff", "00ff"),
        ({1: (Decimal(2), {"x"})}, {"1": [2.0, ["x"]]}),
        (Path("a/b"), "a/b"),
    ],
)
def test_every_value_is_plain_json(value: Any, meant: Any) -> None:
    assert plain(value) == meant


def test_quiet_leaves_the_answer_and_the_errors(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["load", "more.csv", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert "20 rows" in out
    assert not err
    assert "regulars brief" not in out, "a hint"
    assert cli.run(["run", "rmf", "-q"]) == 2
    assert "rfm" in capsys.readouterr().err


def test_verbose_says_how_on_the_other_stream(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["run", "rfm"]) == 0
    plainly = capsys.readouterr()
    assert cli.run(["run", "rfm", "--verbose"]) == 0
    out, err = capsys.readouterr()
    assert not plainly.err
    snapshot = rg.open("regulars").snapshot.id
    assert snapshot in err
    assert "duckdb" in err
    assert re.search(r"\d\.\d\d s", err)
    assert snapshot not in out
    assert cli.run(["load", "more.csv", "-v"]) == 0
    err = capsys.readouterr().err
    assert re.search(r"# order_id is taken for: .*%", err)
    assert re.search(r"# .*: \d+\.\d\d s", err), "how long each step took"


def test_the_page_on_the_command_line_shows_what_is_true(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line of the page that asks for JSON runs here, and its document has the parts the page shows."""
    page = (ROOT / "docs" / "how-to" / "command-line.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ regulars ([^\n]* --json)\n(\{\n.*?^\})", page, re.MULTILINE | re.DOTALL)
    assert len(shown) >= 4
    for line, body in shown:
        words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line)]
        cli.run(words)
        told, meant = strict(capsys.readouterr().out), strict(body)
        assert told.keys() == meant.keys()
        for part in told.keys() - {"ok"}:
            assert told[part].keys() == meant[part].keys(), line
