"""The command line: what it prints, what it leaves behind, how it fails, and that a machine can read it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, SOURCE, as_csv, command, environment, orders, write
from regulars.i18n import Reader
from regulars.surfaces import cli
from regulars.surfaces.commands.run import people_line

ANSI = "\x1b["


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with an order file: 120 orders of 30 people."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    write(tmp_path / "orders.csv", as_csv(HEADER, orders(120)))
    return tmp_path


@pytest.fixture(scope="session")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the file, to be copied."""
    place = tmp_path_factory.mktemp("loaded")
    file = write(place / "orders.csv", as_csv(HEADER, orders(120)))
    rg.open(place / "regulars", currency="EUR", time_zone="Europe/Kyiv", language="en").load(file)
    return place


@pytest.fixture
def loaded(loaded_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in whose ./regulars holds orders.csv."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    shutil.copytree(loaded_once, tmp_path, dirs_exist_ok=True)
    return tmp_path


def machine(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    """What ``--json`` prints: one document, and nothing on the other stream."""
    assert cli.run(["--json", *words]) == status
    out, err = capsys.readouterr()
    assert not err
    return json.loads(out)


# --- the line itself ------------------------------------------------------------------------------------------------


def test_help_is_quick() -> None:
    """The first page needs no engine, no Arrow and no SQL parser."""
    script = (
        "import sys; from regulars.surfaces.cli import run; run(['--help']); print(sorted({'duckdb','pyarrow','sqlglot','pydantic','numpy'} & {*sys.modules}))"
    )
    told = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, encoding="utf-8", check=True)
    assert told.stdout.splitlines()[-1] == "[]"
    assert "regulars brief" not in told.stderr


@pytest.mark.parametrize(
    ("line", "code", "near"),
    [
        ("breif orders.csv", "command_unknown", "brief"),
        ("run rmf", "analysis_unknown", "rfm"),
        ("run rfm --bin 3", "option_unknown", "--bins"),
        ("load --workspaec x a.csv", "option_unknown", "--workspace"),
        ("load", "argument_missing", "FILE"),
        ("template a.xlsx b.xlsx", "usage_wrong", "b.xlsx"),
        ("load a.csv --workspace", "usage_wrong", "--workspace"),
        ("run rfm --bins 99", "parameter_wrong", "10"),
        ("run rfm --as-of yesterday", "parameter_wrong", "as_of"),
        ("sql rfm --parameters bnis=4", "parameter_unknown", "bins"),
        ("sql rfm --parameters bins", "value_wrong", "NAME=VALUE"),
        ("rows rejected --limit many", "value_wrong", "--limit"),
        ("template orders.pdf", "value_wrong", ".xlsx"),
        ("load nothing.csv", "file_missing", "orders.csv"),
        ("run rfm", "workspace_empty", "regulars"),
        ("demo --world tee-shop", "setting_wrong", "tea-shop"),
        ("--language fr doctor", "setting_wrong", "zh_CN"),
        ("load orders.csv --currency EURO", "setting_wrong", "ISO"),
        ("load orders.csv --set amount", "value_wrong", "NAME=VALUE"),
    ],
)
def test_a_mistake_is_a_named_error_that_teaches(line: str, code: str, near: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(line.split()) == 2
    out, err = capsys.readouterr()
    assert not out
    assert near in err
    assert len(err.strip().splitlines()) >= 2, "the sentence, then the next step"
    told = machine(capsys, *line.split(), status=2)
    assert (told["ok"], told["error"]["code"]) == (False, code)
    assert told["error"]["next_step"]


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert re.fullmatch(r"regulars \d+\.\d+\.\d+\n", capsys.readouterr().out)


# --- the whole way --------------------------------------------------------------------------------------------------


def test_load_says_what_became_of_every_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = [*orders(40), ("X1", "00001", "Person 1", "not a day", "P1", 1, "5.00"), ("X2", "", "", "2024-05-05", "P1", 1, "5.00")]
    write(folder / "bad.csv", as_csv(HEADER, bad))
    assert cli.run(["load", "bad.csv", "--currency", "EUR"]) == 0
    out = capsys.readouterr().out
    assert "42 rows, of them loaded 41 rows, not loaded 1 row" in out
    assert "walk-in sales: 1 row" in out
    assert "regulars rejects" in out
    assert cli.run(["rows", "rejected"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"bad\.csv.*\b42\b.*not a day", out)
    assert cli.run(["load", "bad.csv"]) == 0
    assert "loaded before" in capsys.readouterr().out


def test_run_says_the_sentences_before_the_table(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["run", "rfm", "--bins", "4"]) == 0
    out = capsys.readouterr().out
    assert ANSI not in out
    assert out.index("Bought once") < out.index("Segment ")
    told = machine(capsys, "run", "rfm", "--bins", "4")["data"]
    assert told["parameters"]["bins"] == 4
    assert sum(row["customers"] for row in told["summary"]) == 30


@pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
def test_every_analysis_runs_and_lists_its_rows(analysis: Any, loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = rg.open("regulars").run(analysis())
    told = machine(capsys, "run", analysis.key)["data"]
    assert told["summary"] == result.to_dict(Reader("en"))["summary"]
    rows = machine(capsys, "rows", analysis.key)["data"]
    assert len(rows["rows"]) == result.rows().to_arrow().num_rows
    assert cli.run(["run", analysis.key, "--output", "out.xlsx", "--verbose"]) == 0
    assert cli.run(["rows", analysis.key]) == 0
    assert Path("out.xlsx").stat().st_size > 0


def test_rows_can_be_narrowed_and_kept(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = machine(capsys, "rows", "rfm", "--people")["data"]["rows"]
    segment = every[0]["segment"]
    some = machine(capsys, "rows", "rfm", "--where", f"segment={segment}")["data"]["rows"]
    assert len(some) == sum(row["segment"] == segment for row in every)
    assert {row["name"] for row in every} == {f"Person {n}" for n in range(30)}
    assert len(machine(capsys, "rows", "rfm", "--limit", "7")["data"]["rows"]) == 7
    assert cli.run(["rows", "rfm", "--people", "--output", "people.csv"]) == 0
    capsys.readouterr()
    assert len((loaded / "people.csv").read_text("utf-8-sig").splitlines()) == 31
    told = machine(capsys, "rows", "rfm", "--where", "segmnt=champions", status=2)
    assert told["error"]["code"] == "cell_unknown"


def test_the_line_of_an_action_lists_its_people(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever an analysis proposes, the line printed beside it can be typed and gives the people meant."""
    shop, lines = rg.open("regulars"), 0
    for analysis in rg.ANALYSES:
        result = shop.run(analysis())
        for action in result.actions:
            words = shlex.split(people_line(analysis.key, action, Path("regulars")))
            assert words[0] == "regulars"
            found = machine(capsys, *words[1:])["data"]["rows"]
            assert [row["customer_id"] for row in found] == result.rows(**action.where).to_arrow()["customer_id"].to_pylist()
            lines += 1
    assert lines


@pytest.mark.parametrize("condition", ["decile=1", "decile=1,2", "place=1"])
def test_keys_without_words_can_be_named(condition: str, loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert machine(capsys, "rows", "concentration", "--where", condition)["data"]["rows"]


def test_a_file_that_was_loaded_is_never_written_over(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(rg.open("regulars").imports[0].path)
    before = file.read_bytes()
    for line in (["rows", "rfm"], ["run", "rfm"], ["sql", "select count(*) as n from orders"]):
        assert machine(capsys, *line, "--output", str(file), status=2)["error"]["code"] == "file_in_the_way"
    assert file.read_bytes() == before


def test_sql_shows_texts_and_runs_selects(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = machine(capsys, "sql", "rfm")["data"]["sql"]
    assert ":bins" in told["table"]
    assert {"table", "summary", *rg.RFM.details} == told.keys()
    assert ":bins" not in machine(capsys, "sql", "rfm", "--prepared")["data"]["sql"]["table"]
    answer = machine(capsys, "sql", "select count(*) as n from orders where ordered_on >= :day", "--parameters", "day=2024-07-01")["data"]
    assert 0 < answer["rows"][0]["n"] < 120
    assert machine(capsys, "sql", "select nme from customers", status=2)["error"]["code"] == "sql_no_such_column"
    assert machine(capsys, "sql", "drop table customers", status=2)["ok"] is False


def test_brief_does_everything_in_one_step(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["brief", "orders.csv", "--currency", "EUR"]) == 0
    out = capsys.readouterr().out
    assert (folder / "orders.brief.html").exists()
    assert (folder / "orders.brief.xlsx").exists()
    assert (folder / "orders.regulars" / "regulars.toml").exists()
    assert "orders.brief.html" in out
    assert re.search(r"^1\. .", out, re.MULTILINE)
    told = machine(capsys, "brief", "--output", "again")["data"]
    assert told["imports"] == []
    assert (folder / "again" / "orders.brief.html").exists()


def test_two_currencies_make_two_briefs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(*row, "EUR" if n % 3 else "USD") for n, row in enumerate(orders(120))]
    write(folder / "two.csv", as_csv((*HEADER, "currency"), rows))
    told = machine(capsys, "brief", "two.csv")["data"]
    assert [brief["book"] for brief in told["briefs"]] == ["EUR", "USD"]
    assert all(Path(brief["page"]).exists() and brief["book"] in brief["page"] for brief in told["briefs"])
    assert machine(capsys, "run", "rfm", status=2)["error"]["code"] == "currency_mixed"
    assert machine(capsys, "run", "rfm", "--book", "usd")["data"]["currency"] == "USD"


def test_template_leaves_what_is_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert machine(capsys, "template", "empty.xlsx")["ok"]
    assert (folder / "empty.xlsx").exists()
    assert machine(capsys, "template", "empty.xlsx", status=2)["error"]["code"] == "file_in_the_way"


def test_doctor_finds_nothing_and_finds_something(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = machine(capsys, "doctor")["data"]
    assert told["broken"] == 0
    assert {"Engine", "Charts", "Fonts", "Workspace", "Data", "Last file"} <= {check["what"] for check in told["checks"]}
    pointer = loaded / "regulars" / "current"
    (loaded / "regulars" / "snapshots" / pointer.read_text() / "regulars.duckdb").write_bytes(b"broken")
    assert cli.run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "! Data" in out
    assert "Mend it" in out


def test_answers_are_in_the_language_of_the_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["load", "orders.csv", "--language", "uk", "--currency", "UAH"]) == 0
    monkeypatch.delenv("REGULARS_LANGUAGE")
    assert cli.run(["run", "rfm"]) == 0
    assert Reader("uk").say(rg.RFM.title) in capsys.readouterr().out
    assert cli.run(["run", "rfm", "--language", "zh"]) == 0
    assert Reader("zh_CN").say(rg.RFM.title) in capsys.readouterr().out


# --- as a person runs it --------------------------------------------------------------------------------------------


def test_the_command_on_a_bare_terminal(loaded: Path) -> None:
    """A process of its own, into a pipe, on a terminal that knows only ASCII."""
    run = subprocess.run(
        [sys.executable, "-m", "regulars", "run", "rfm", "--language", "uk"],
        cwd=loaded,
        env={**os.environ, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert Reader("uk").say(rg.RFM.title) in run.stdout
    assert ANSI not in run.stdout + run.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen([sys.executable, "-m", "regulars", "--help"], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in {0, cli.PIPE_CLOSED}


def test_demo_ends_with_the_line_for_ones_own_file(folder: Path) -> None:
    run = command(folder, "demo", "--world", "tea-shop", "--language", "en", "--output", "out")
    assert run.returncode == 0, run.stderr
    assert "regulars brief orders.xlsx" in run.stdout
    assert list((folder / "out").rglob("*.brief.html"))
