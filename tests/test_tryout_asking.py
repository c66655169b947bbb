"""What people ask in their first hour with a workspace, and are answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.errors import error
from regulars.reports.brief import make_brief
from regulars.surfaces import cli
from two_stores import opened


@pytest.mark.parametrize(("given", "near"), [("rfm", "rg.RFM()"), (rg.RFM, "rg.RFM()"), ("cohorts", "rg.KPIs(), rg.CPM(), rg.RFM(), ")])
def test_a_name_or_a_class_is_not_yet_a_question(given: Any, near: str, small_shop: rg.Workspace) -> None:
    with pytest.raises(rg.RegularsError) as raised:
        small_shop.run(given)
    assert raised.value.code == "analysis_unknown"
    assert str(raised.value.values["near"]).startswith(near)


def test_one_dimension_needs_no_list() -> None:
    assert rg.KPIs(by="country") == rg.KPIs(by=["country"])
    with pytest.raises(rg.RegularsError, match="by"):
        rg.KPIs(by=3)


def test_nobody_left_has_no_frequency_to_speak_of(small_shop: rg.Workspace) -> None:
    nobody = small_shop.where("customer_id = 'nobody at all'").run(rg.RFM())
    assert not any(finding.cells for finding in nobody.findings)


def test_doctor_speaks_one_language_and_names_the_engine_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(tmp_path).close()
    settings = tmp_path / "shop.regulars" / "regulars.toml"
    settings.write_text('engine = "postgresql://nobody@127.0.0.1:9/nowhere"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("REGULARS_LANGUAGE", "uk")
    assert cli.run(["doctor", "--workspace", str(tmp_path / "shop.regulars")]) == 1
    out = capsys.readouterr().out
    assert "+ Engine: " in out
    assert "! Engine of the workspace: postgresql://nobody@127.0.0.1:9/nowhere does not answer" in out
    assert "+ Data: " in out


def test_a_lost_engine_is_no_page_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened(tmp_path)
    ask = rg.Workspace.run

    def lost(self: rg.Workspace, analysis: Any, **how: Any) -> rg.Result:
        if isinstance(analysis, rg.RFM):
            raise error("engine_lost", engine="there", reason="gone")
        return ask(self, analysis, **how)

    monkeypatch.setattr(rg.Workspace, "run", lost)
    with pytest.raises(rg.RegularsError) as raised:
        make_brief(workspace)
    assert raised.value.code == "engine_lost"


def test_an_engine_is_named_as_it_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["sql", "rfm", "--engine", "postgresql"]) == 0
    assert cli.run(["sql", "rfm", "--engine", "oracle"]) == 2
    assert "duckdb, postgresql, spark" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["atrisk", ["champions", "atrisk"], 5])
def test_a_value_no_row_can_have_is_named(given: Any, small_shop: rg.Workspace) -> None:
    with pytest.raises(rg.RegularsError) as raised:
        small_shop.run(rg.RFM()).rows(segment=given)
    assert raised.value.code == "value_wrong"
    assert "at_risk" in str(raised.value.values["allowed"])


def test_a_value_may_be_given_as_the_reader_knows_it(small_shop: rg.Workspace) -> None:
    result = small_shop.run(rg.RFM()).in_language("uk")
    keys = result.summary["segment"].to_pylist()
    words = [result.columns["segment"].show(key, result.reader) for key in keys]
    assert words != keys
    assert result.rows(segment=words).to_pylist() == result.rows(segment=set(keys)).to_pylist() == result.rows().to_pylist()
    assert result.rows(segment=words[0]).to_pylist() == result.rows(segment=keys[0]).to_pylist() != []
    assert len(result.rows(segment=None)) == 0


def test_a_value_that_the_text_does_not_name_is_refused(small_shop: rg.Workspace) -> None:
    assert small_shop.sql("select :a as a, 2 in :many as b", a=1, many=[1, 2]).to_pylist() == [{"a": 1, "b": True}]
    assert small_shop.sql("select ':b' as a").num_rows == 1
    for text in ("select 1 as a", "select ':b' as a", "select 1 as a /* :b */"):
        with pytest.raises(rg.RegularsError) as raised:
            small_shop.sql(text, b=2)
        assert raised.value.code == "sql_parameter"
        assert ":b" in str(raised.value)


def test_where_an_answer_comes_from_shows_no_machinery(small_shop: rg.Workspace) -> None:
    of = small_shop.run(rg.RFM()).provenance
    assert " at 0x" not in repr(of)
    assert of.lineage["summary"]
