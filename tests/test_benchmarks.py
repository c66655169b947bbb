"""The benchmarks time the same work: on data without refunds every contestant gives our answers."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks import contestants, delivery, exports, intake, steps
from benchmarks.__main__ import MARK, main, write
from benchmarks.agreement import common, ours
from benchmarks.data import prepare, sales_file, write_sales
from benchmarks.running import measured

from regulars.engines import duckdb

LINES = 20_000


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write_sales(sales_file(folder), LINES, refunds=False)
    contestants.publish(folder)
    return folder


@pytest.fixture(scope="module")
def our_answers(workspace: Path) -> dict[str, list[Any]]:
    return common(ours(contestants.summaries(workspace)))


def test_our_answers_hold_something(our_answers):
    assert {name: len(found) for name, found in our_answers.items() if name != "retention"} == {
        "kpis": 24, "rfm": 2, "cpm": 8, "deciles": 10, "concentration": 2
    }  # fmt: skip
    assert len(our_answers["retention"]) > 200


def test_straightforward_sql_answers_the_same(workspace, our_answers):
    assert common(contestants.straightforward(workspace)) == our_answers


def test_the_floor_answers_the_same(workspace, our_answers):
    assert common(contestants.floor(workspace), ranked=False) == our_answers | {"deciles": []}


def test_polars_answers_the_same(workspace, our_answers):
    pytest.importorskip("polars")
    from benchmarks.peer_polars import answers

    assert common(answers(sales_file(workspace))) == our_answers


def test_pandas_answers_the_same(workspace, our_answers):
    pytest.importorskip("pandas")
    from benchmarks.peer_pandas import answers

    assert common(answers(sales_file(workspace))) == our_answers


def test_spark_answers_the_same(workspace, our_answers, spark_session):
    from benchmarks.peer_spark import statements

    assert common(statements(spark_session, sales_file(workspace))) == our_answers


def test_the_harness_measures_and_writes_the_page(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"# Performance\n\n{MARK}\n\n### Older\n\nkept\n", encoding="utf-8")
    main(["5000", "--rounds", "1", "--only", "summaries", "sql", "--page", str(page)])
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Performance\n") and "### Older\n\nkept" in text
    assert "`python -m benchmarks 5000 --rounds 1 --only summaries sql`" in text
    assert "| DuckDB SQL, straightforward | 1.00 | 1.00 |" in text and "| regulars, stored: summaries |" in text


def test_a_section_takes_the_place_of_the_one_with_its_heading(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"head\n{MARK}\n", encoding="utf-8")
    for heading, text in (("### A", "old"), ("### B", "b"), ("### A", "new")):
        write(page, heading, text)
    assert page.read_text(encoding="utf-8") == f"head\n{MARK}\n\n### A\n\nnew\n\n### B\n\nb\n"


def test_a_day_is_delivered_into_a_year():
    year, day = delivery.deliver(5_000, rounds=1)
    assert day.cpu > 0 and year.cpu > 0
    assert "the day ÷ the year" in delivery.table(year, day, 1)


def test_an_export_is_loaded_as_a_whole():
    found = intake.contest(megabytes=1, rounds=1, encodings=["gb18030"])
    assert all(run.cpu > 0 for run in found["gb18030"].values())
    assert "(= 1) | 1.00 | 1.00 |" in intake.table(found, 1)


@pytest.mark.parametrize("encoding", exports.EXPORTS)
def test_an_export_can_be_written_in_its_letters(encoding, tmp_path):
    exports.write_export(tmp_path / "a.csv", encoding, encoding, megabytes=1)
    text = (tmp_path / "a.csv").read_bytes().decode(encoding)
    assert len(text.splitlines()) > 5_000
    assert '"-' in text and ',"1 000 000,00",' in text and "\ufffd" not in text


def test_a_workbook_is_loaded_as_a_whole():
    found = intake.book_contest(300, rounds=1)
    assert "| python-calamine alone, every row (= 1) | 1.00 | 1.00 |" in intake.book_table(found, 1)


def test_the_steps_say_where_the_time_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(duckdb, "scratch", duckdb.scratch)  # measuring replaces it, and this puts it back
    prepare("sales", tmp_path, 5_000)
    assert {"`heads`", "`orders`", "`customer_days`", "the rest"} <= steps.publishing(tmp_path).keys()
    told = steps.table(5_000)
    assert "| Publishing: " in told and re.search(r"\| `\w+` \| \d+% \|", told), told
    assert "| Stored answers: " in told and "| cpm: summary | " in told


def test_a_process_that_holds_too_much_is_stopped(monkeypatch):
    monkeypatch.setattr("benchmarks.running.MOST_MEMORY", 100)
    hungry = [sys.executable, "-c", "import time; held = bytearray(300_000_000); held[::4096] = b'1' * len(held[::4096]); time.sleep(20)"]
    assert measured(hungry).stopped.startswith("stopped at")
