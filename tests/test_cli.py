"""The command line: what it prints, what it leaves behind, how it fails, and that a machine can read it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, SOURCE, as_csv, command, environment, orders, write
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.surfaces import cli
from regulars.surfaces.console import Console
from regulars.surfaces.export import Sheet, export, guarded
from regulars.surfaces.parameters import conditions
from regulars.surfaces.watching import watched
from regulars.units import count, flag, label, money, on, text

ANSI = "\x1b["


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with an order file: 120 orders of 30 people."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    write(tmp_path / "orders.csv", as_csv(HEADER, orders(120)))
    return tmp_path


@pytest.fixture
def loaded(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The same with the file loaded into ./regulars."""
    assert cli.run(["load", "orders.csv", "--currency", "EUR"]) == 0
    capsys.readouterr()
    return folder


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


def test_the_unexpected_is_short_unless_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli.REGULARS, "get_command", lambda *_: 1 / 0)
    assert cli.run(["doctor"]) == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "Traceback" not in told
    assert cli.run(["doctor", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_stopping_has_a_status_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.REGULARS, "get_command", stopped)
    assert cli.run(["doctor"]) == 130
    assert "nothing was changed" in capsys.readouterr().err


def test_the_first_ctrl_c_waits_for_a_good_moment() -> None:
    before = signal.getsignal(signal.SIGINT)
    with watched(Console(Reader("en"), quiet=True)) as progress:
        progress("reading", 1, 3)
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(rg.RegularsError) as caught:
            progress("reading", 2, 3)
    assert caught.value.code == "cancelled"
    assert signal.getsignal(signal.SIGINT) == before


def test_progress_without_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with watched(Console(Reader("en"))) as progress:
        for done in range(3):
            progress(N_("Reading"), done, 3)
        progress(N_("Writing"), 0, 0)
    out, err = capsys.readouterr()
    assert err.splitlines() == ["Reading …", "Writing …"]
    assert not out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert re.fullmatch(r"regulars \d+\.\d+\.\d+\n", capsys.readouterr().out)


# --- exports --------------------------------------------------------------------------------------------------------

COLUMNS = {
    "name": text("Name", "Name"),
    "group": label("=Group", "Group", {"a": N_("Champions")}),
    "orders": count("Orders", "Orders"),
    "revenue": money("Revenue", "Revenue"),
    "seen_on": on("Seen", "Seen"),
    "kept": flag("Kept", "Kept"),
}
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1", "\r=1")


def rows_of(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": n, "group": "a", "orders": -3, "revenue": Decimal("-12.5"), "seen_on": date(2024, 2, 29), "kept": True} for n in names]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_would_run_as_a_formula_is_guarded(value: str) -> None:
    assert guarded(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Ann", "", None, -3, Decimal(-3), "-3", "+380501234567", "-3.50", "a=b"])
def test_what_is_harmless_is_left_alone(value: Any) -> None:
    assert guarded(value) == value


def test_a_csv_opens_in_excel_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    export(path, [Sheet("People", COLUMNS, rows_of(HOSTILE))], Reader("en"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["Name", "'=Group", "Orders", "Revenue", "Seen", "Kept"]
    assert [line[0] for line in lines] == [f"'{value}" for value in HOSTILE]
    assert lines[0][1:] == ["Champions", "-3", "-12.5", "2024-02-29", "yes"]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    from python_calamine import load_workbook

    path = tmp_path / "out.xlsx"
    export(path, [Sheet("People: a/b", COLUMNS, rows_of(HOSTILE)), Sheet("People: a/b", COLUMNS, [])], Reader("en"))
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "/worksheets/" in name and re.search(rb"<f[ >]", archive.read(name))]
    book = load_workbook(str(path))
    _, *lines = book.get_sheet_by_index(0).to_python()
    assert len(book.sheet_names) == 2
    assert [line[0] for line in lines] == [*HOSTILE]
    assert lines[0][2:5] == [-3, -12.5, date(2024, 2, 29)]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write(tmp_path / "out.csv", b"before")
    with pytest.raises(KeyError):
        export(path, [Sheet("People", COLUMNS, [*rows_of(("Ann",)), {"name": "half a row"}])], Reader("en"))
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


def test_conditions_take_the_type_of_their_column() -> None:
    given = ("group=Champions", "orders=3", "revenue=2.50", "seen_on=2024-02-29", "kept=yes", "name=Ann=B", "name=Bob")
    assert conditions(COLUMNS, given, Reader("en")) == {
        "group": "a",
        "orders": 3,
        "revenue": Decimal("2.50"),
        "seen_on": date(2024, 2, 29),
        "kept": True,
        "name": ["Ann=B", "Bob"],
    }
    assert conditions(COLUMNS, ("name=",), Reader("en")) == {"name": None}
    for wrong in ("group=champion", "orders=few", "seen_on=today", "kept=perhaps"):
        with pytest.raises(rg.RegularsError) as caught:
            conditions(COLUMNS, (wrong,), Reader("en"))
        assert caught.value.code == "value_wrong"


# --- the whole way --------------------------------------------------------------------------------------------------


def test_load_says_what_became_of_every_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = [*orders(40), ("X1", "00001", "Person 1", "not a day", "P1", 1, "5.00"), ("X2", "", "", "2024-05-05", "P1", 1, "5.00")]
    write(folder / "bad.csv", as_csv(HEADER, bad))
    assert cli.run(["load", "bad.csv", "--currency", "EUR"]) == 0
    out = capsys.readouterr().out
    assert "42 rows, of them loaded 41 rows, not loaded 1 row" in out
    assert "walk-in sales: 1 row" in out
    assert "regulars rows rejected" in out
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
    assert len(rows["rows"]) == result.rows().num_rows
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
    assert len((loaded / "people.csv").read_text("utf-8-sig").splitlines()) == 31
    told = machine(capsys, "rows", "rfm", "--where", "segmnt=champions", status=2)
    assert told["error"]["code"] == "cell_unknown"


def test_a_file_that_was_loaded_is_never_written_over(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (loaded / "orders.csv").read_bytes()
    for line in (["rows", "rfm"], ["run", "rfm"], ["sql", "select 1 as one"]):
        assert machine(capsys, *line, "--output", "orders.csv", status=2)["error"]["code"] == "file_in_the_way"
    assert (loaded / "orders.csv").read_bytes() == before


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


def test_answers_are_in_the_language_of_the_workspace(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["load", "orders.csv", "--language", "uk", "--currency", "UAH"]) == 0
    assert cli.run(["run", "rfm"]) == 0
    assert Reader("uk").say(rg.RFM.title) in capsys.readouterr().out
    assert cli.run(["run", "rfm", "--language", "zh"]) == 0
    assert Reader("zh_CN").say(rg.RFM.title) in capsys.readouterr().out


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
    assert machine(capsys, *line[1:])["data"]["sheets"][0]["doubts"] == []
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


# --- as a person runs it --------------------------------------------------------------------------------------------


def test_the_command_on_a_bare_terminal(folder: Path) -> None:
    """A process of its own, into a pipe, on a terminal that knows only ASCII."""
    run = subprocess.run(
        [sys.executable, "-m", "regulars", "brief", "orders.csv", "--language", "uk", "--currency", "UAH"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCE, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="ascii",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "orders.brief.html" in run.stdout
    assert ANSI not in run.stdout + run.stderr


def test_a_reader_that_goes_away_is_no_error(loaded: Path) -> None:
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
