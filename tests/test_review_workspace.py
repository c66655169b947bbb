"""What a review found around loading and running, each with the fewest files that show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest

import regulars as rg
from regulars import workspace as halls
from regulars.engines import serve
from regulars.engines.duckdb import DuckDB
from regulars.snapshots import Book, Shelf, Snapshot
from regulars.surfaces import cli

AMOUNTS = "customer,date,amount,note\na,2024-01-05,50,x\nb,2024-01-06,20,y\nc,2024-02-01,5,z\n"
LATER = "customer,date,amount,note\na,2024-03-05,7,x\n"


def opened(folder: Path, *texts: str) -> rg.Workspace:
    """A workspace with these files loaded."""
    workspace = rg.open(folder / "shop", currency="EUR")
    for number, text in enumerate(texts):
        (folder / f"{number}.csv").write_text(text)
        workspace.load(folder / f"{number}.csv")
    return workspace


def revenue(workspace: rg.Workspace) -> float:
    return float(sum(workspace.run(rg.KPIs()).summary["revenue"].to_pylist()))


def test_a_file_loaded_again_with_corrected_columns_takes_the_place_of_its_delivery(tmp_path: Path) -> None:
    workspace = opened(tmp_path, AMOUNTS, LATER)
    for _ in range(2):
        again = workspace.load(tmp_path / "0.csv", mapping={"channel": "note"})
        assert (again.rows_in, again.rows_loaded, again.already_loaded) == (3, 3, False)
        assert revenue(workspace) == 82
    assert sorted(workspace.table("orders")["channel"].drop_null().to_pylist()) == ["x", "y", "z"]
    assert [Path(one.path).name for one in workspace.imports] == ["0.csv", "1.csv"]
    assert len({one.id for one in workspace.imports}) == 2
    assert workspace.load(tmp_path / "1.csv").already_loaded


def test_a_snapshot_left_by_a_killed_load_is_not_taken_for_the_corrected_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened(tmp_path, AMOUNTS)
    (tmp_path / "1.csv").write_text(LATER)
    monkeypatch.setattr(Shelf, "_sweep", lambda *_, **__: None)
    before = (tmp_path / "shop" / "current").read_text()
    workspace.load(tmp_path / "1.csv")
    (tmp_path / "shop" / "current").write_text(before)
    workspace.load(tmp_path / "1.csv", mapping={"channel": "note"})
    assert "x" in [row["channel"] for row in workspace.table("orders").to_pylist() if row["ordered_on"] == date(2024, 3, 5)]


def test_a_run_answers_from_one_snapshot_while_another_process_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened(tmp_path, AMOUNTS)
    (tmp_path / "1.csv").write_text(LATER)
    other = rg.open(tmp_path / "shop")
    waiting = [lambda: other.load(tmp_path / "1.csv")]

    class Slow(halls.Run):
        def _as_known(self) -> None:
            super()._as_known()
            if waiting:
                waiting.pop()()

    monkeypatch.setattr(halls, "Run", Slow)
    answer = workspace.run(rg.KPIs(by=("rfm_segment",)))
    assert sum(answer.summary["revenue"].to_pylist()) == 75
    assert revenue(workspace) == 82


def test_threads_that_ask_first_share_one_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, made, together = rg.open(opened(tmp_path, AMOUNTS).folder), [], Barrier(4)
    monkeypatch.setattr(halls, "serve", lambda *served: made.append(served) or serve(*served))

    def ask() -> None:
        together.wait()
        workspace.run(rg.KPIs(by=("cpm_group",)))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_value_that_does_not_fit_is_a_named_error(tmp_path: Path) -> None:
    workspace = opened(tmp_path, AMOUNTS)
    questions: tuple[Callable[[], object], ...] = (
        lambda: workspace.sql("select cast('x' as int) as a"),
        lambda: workspace.run(rg.RFM()).rows(recency_days="abc").to_arrow(),
        lambda: workspace.run(rg.CPM(money=10**17)),
    )
    for ask in questions:
        with pytest.raises(rg.RegularsError) as caught:
            ask()
        assert caught.value.code == "sql_failed"


def test_customers_without_orders_are_not_called_no_data_and_a_brief_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = opened(tmp_path, "customer_id,name,phone\n1,Ann Lee,+447911123456\n2,Bob Ray,+447911123457\n3,Cy Young,+447911123458\n")
    with pytest.raises(rg.RegularsError) as caught:
        workspace.run(rg.RFM())
    assert caught.value.code == "orders_missing"
    workspace.close()
    assert cli.run(["brief", "--workspace", str(tmp_path / "shop")]) == 2
    assert "no orders yet" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.html"))


def test_a_file_loaded_again_once_its_currency_is_known_takes_the_place_of_its_delivery(tmp_path: Path) -> None:
    (tmp_path / "0.csv").write_text(AMOUNTS)
    first = rg.open(tmp_path / "shop").load(tmp_path / "0.csv")
    assert first.currencies == ("XXX",)
    assert rg.open(tmp_path / "shop").load(tmp_path / "0.csv").already_loaded
    workspace = rg.open(tmp_path / "shop", currency="EUR")
    again = workspace.load(tmp_path / "0.csv")
    assert (again.currencies, again.already_loaded) == (("EUR",), False)
    assert [book.name for book in workspace.snapshot.books] == ["EUR"]
    assert revenue(workspace) == 75
    assert [one.id for one in workspace.imports] == [again.id]
    assert workspace.load(tmp_path / "0.csv").already_loaded


def test_a_file_that_names_no_customer_at_all_is_refused(tmp_path: Path) -> None:
    workspace = opened(tmp_path, AMOUNTS)
    before = workspace.snapshot
    (tmp_path / "nobody.csv").write_text("customer,date,amount\n,2024-01-05,50\n,2024-01-06,20\n,2024-02-01,5\n")
    with pytest.raises(rg.RegularsError) as caught:
        workspace.load(tmp_path / "nobody.csv")
    assert caught.value.code in {"column_missing", "mapping_unsure", "mapping_wrong"}
    assert workspace.snapshot == before
    assert len(workspace.imports) == 1


def test_what_was_not_read_before_closing_is_refused_by_name(tmp_path: Path) -> None:
    with opened(tmp_path, AMOUNTS) as workspace:
        result = workspace.run(rg.RFM())
        totals = result.details["totals"]
    assert result.details["totals"] is totals
    for read in (lambda: result.details["grid"], lambda: len(result.rows())):
        with pytest.raises(rg.RegularsError) as caught:
            read()
        assert caught.value.code == "engine_closed"
    assert workspace.run(rg.RFM()).rows()
    workspace.close()


@pytest.mark.parametrize(("language", "said"), [("en", "has been closed"), ("uk", "уже закрито"), ("zh_CN", "已经关闭")])
def test_an_answer_whose_workspace_is_closed_still_shows_itself(language: str, said: str, tmp_path: Path) -> None:
    with opened(tmp_path, AMOUNTS) as workspace:
        result = workspace.run(rg.RFM()).in_language(language)
        rows = result.rows()
    shown, html = repr(result), result._repr_html_()
    assert shown.splitlines()[0].startswith(result.reader.say(result.analysis.title))
    assert said in shown.splitlines()[1]
    assert shown.splitlines()[2:] == [f"summary: {result.summary.num_rows} × {len(result.columns)}"]
    assert said in html
    assert html.count("<tr>") == 1 + result.summary.num_rows
    assert said in rows._repr_html_()
    for read in (lambda: result.findings, lambda: result.charts, lambda: result.details["grid"], lambda: rows[0]):
        with pytest.raises(rg.RegularsError) as caught:
            read()
        assert caught.value.code == "engine_closed"


def test_an_answer_that_was_read_shows_itself_whole_after_closing(tmp_path: Path) -> None:
    with opened(tmp_path, AMOUNTS) as workspace:
        result = workspace.run(rg.RFM())
        before = repr(result), result._repr_html_()
    assert (repr(result), result._repr_html_()) == before


def test_an_answer_that_cannot_be_kept_is_refused_alike_each_time(tmp_path: Path) -> None:
    with opened(tmp_path, AMOUNTS) as workspace:
        engine = DuckDB(workspace.snapshot.file)
    engine.foresee("rows_0", "SELECT CAST(customer_id AS INTEGER) AS n FROM customers")
    for _ in range(4):
        with pytest.raises(rg.RegularsError) as caught:
            engine.query('SELECT * FROM "rows_0"')
        assert caught.value.code == "sql_failed"
    engine.close()


def test_a_population_asked_about_while_another_snapshot_comes_does_not_keep_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened(tmp_path, AMOUNTS)
    known = workspace.where("customer_id <> 'b'")
    (tmp_path / "1.csv").write_text(LATER)
    chosen, loaded = rg.Workspace._chosen, []

    def slowly(asked: rg.Workspace, snapshot: Snapshot) -> Book:
        if not loaded:
            loaded.append(workspace.load(tmp_path / "1.csv"))
            workspace.run(rg.RFM())  # another thread, quicker, to whom the new snapshot is served
        return chosen(asked, snapshot)

    monkeypatch.setattr(rg.Workspace, "_chosen", slowly)
    assert revenue(known) == 55
    assert revenue(known) == 62
    workspace.close()


def test_a_folder_that_a_compaction_removes_itself_does_not_stop_a_load(tmp_path: Path) -> None:
    workspace = opened(tmp_path, AMOUNTS)
    (tmp_path / "shop" / "snapshots" / "x.anew.unfinished").symlink_to(tmp_path / "gone")  # listed, and not there when it is looked at
    (tmp_path / "1.csv").write_text(LATER)
    assert workspace.load(tmp_path / "1.csv").rows_loaded == 1
    assert revenue(workspace) == 82
    workspace.close()
