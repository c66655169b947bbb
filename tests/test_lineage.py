"""Lineage and texts: every column of every analysis says what it comes from, and every text can be written for every engine."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlglot

import regulars as rg
from regulars import sql
from regulars.lineage import lineage
from regulars.schema import TABLES
from regulars.surfaces import cli
from regulars.texts import as_written, for_engine

RUNS: dict[str, Any] = {
    **{analysis.key: analysis() for analysis in rg.ANALYSES},
    "kpis by": rg.KPIs(by=("rfm_segment", "store"), basis="cash"),
    "rfm eight": rg.RFM(preset="eight", split="median", bins=4),
    "rfm breaks": rg.RFM(bins=2, breaks=((30,), (2,), (100,))),
    "cpm article": rg.CPM(preset="article"),
    "retention weeks": rg.Retention(grain="week"),
}

CONSTANTS = {
    "kpis": {("best_hours", "weekday"), ("best_hours", "hour"), ("basis", "basis")},
    "cpm": {("summary", "type"), ("summary", "state"), ("summary", "place"), ("sensitivity", "bound"), ("sensitivity", "moved_by")},
    "rfm": {("cuts", "axis")},
    "concentration": {("dependency", "largest")},
    "retention": {("summary", "age"), ("curve", "age"), ("cumulative", "within_days")},
    "reconcile": {("table", "found_by")},
    "receivables": {("payments", "went")},
    "data_quality": {(place, name) for place in ("table", "summary", "scores") for name in ("dimension", "weight")},
}
"""Columns that the analysis itself spells out: they say which line it is."""


@pytest.mark.parametrize("run", RUNS)
def test_every_column_comes_from_somewhere(run: str) -> None:
    analysis = RUNS[run]
    traced = lineage(analysis)
    assert set(traced["table"]) >= set(analysis.row_columns)
    assert set(traced["summary"]) >= set(analysis.columns)
    for place, columns in traced.items():
        gives = analysis.details[place].gives if place in analysis.details else columns
        for name in gives:
            origins = columns[name]
            assert origins or (place, name) in CONSTANTS[analysis.key], f"{place}.{name} comes from nowhere"
            for origin in origins:
                table, _, column = origin.rpartition(".")
                assert origin.startswith(":") or column == "*" or column in TABLES[table].columns, origin


@pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
def test_money_and_counts_come_from_base_columns(analysis: Any) -> None:
    """A number that neither a parameter nor a constant explains names at least one table."""
    for place, columns in lineage(analysis()).items():
        declared = analysis.details[place].gives if place in analysis.details else {"table": analysis().row_columns}.get(place, analysis().columns)
        for name, column in declared.items():
            if (place, name) in CONSTANTS[analysis.key]:
                continue
            if column.unit in ("money", "rate", "share") or column.adds.how in ("sum", "count"):
                assert any(not origin.startswith(":") for origin in columns[name]), f"{place}.{name}"


def test_lineage_is_traced_through_rows_labels_and_parameters() -> None:
    found = lineage(rg.RFM())
    assert found["table"]["m"] == (":bins", "customer_rollup.net_revenue")
    assert found["summary"]["revenue"] == ("customer_rollup.net_revenue",)
    assert found["summary"]["customers"] == ("customer_rollup.*",)
    assert found["summary"]["segment"] == (":bins", "customer_rollup.order_days", "customer_rollup.recency_days")
    assert lineage(rg.KPIs(by=("rfm_segment",)))["summary"]["rfm_segment"] == found["table"]["segment"]
    assert lineage(rg.KPIs(by=("city",)))["summary"]["city"] == ("customers.city",)
    assert lineage(rg.KPIs())["summary"]["revenue"] == ("customer_months.net_revenue",)
    assert "customer_days.net_revenue" in lineage(rg.KPIs(grain="week"))["summary"]["revenue"]


def test_lineage_changes_with_what_it_depends_on() -> None:
    assert lineage(rg.RFM(frequency="orders"))["summary"]["segment"] == (":bins", "customer_rollup.orders", "customer_rollup.recency_days")
    assert lineage(rg.Concentration(by="orders"))["summary"]["total"] == ("customer_rollup.orders",)
    assert lineage(rg.Concentration(by="margin"))["totals"]["gini"] == ("customer_rollup.margin",)
    assert "order_lines.amount" in lineage(rg.KPIs(by=("store",)))["summary"]["revenue"]


def test_rows_that_are_counted_are_named() -> None:
    tables = {"a": {"x": "BIGINT"}, "b": {"x": "BIGINT"}}
    text = "with u as (select x from a union all select x from b) select count(*) as n, count(x) as m, :day as day, 1 as one from u"
    assert sql.lineage(text, tables) == {"n": ("a.*", "b.*"), "m": ("a.x", "b.x"), "day": (":day",), "one": ()}


# texts


@pytest.mark.parametrize("dialect", sql.DIALECTS)
@pytest.mark.parametrize("run", RUNS)
def test_every_text_is_written_for_every_engine(run: str, dialect: str) -> None:
    analysis = RUNS[run]
    texts = for_engine(analysis, dialect)
    assert set(texts) == {"table", "summary", *analysis.details}
    for text in texts.values():
        assert sqlglot.parse_one(text.replace("%%", "%") if dialect == "postgres" else text, read=dialect)
        assert any(
            read in text
            for read in ("customer_rollup", "customer_days", "customer_months", "rows", "orders", "order_lines", "invoices", "field_counts", "value_counts")
        )


@pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
def test_provenance_has_the_lineage_and_the_texts_of_its_engine(small_shop: rg.Workspace, analysis: Any) -> None:
    result = small_shop.run(analysis())
    assert result.provenance.lineage == lineage(analysis())
    texts = for_engine(analysis(), "duckdb")
    stored = f"rows_{result.provenance.key} AS"
    assert {name: text.replace(stored, "rows AS").replace("rows AS rows", "rows") for name, text in result.provenance.sql.items()} == texts


@pytest.mark.parametrize("engine", [*sql.DIALECTS, "postgresql"])
def test_the_command_line_writes_for_any_engine(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["sql", "rfm", "--engine", engine]) == 0
    told = capsys.readouterr().out
    mark = {"duckdb": "$_book", "postgres": "%(_book)s", "postgresql": "%(_book)s", "spark": ":_book"}[engine]
    assert "-- table" in told
    assert mark in told


def test_the_command_line_shows_lineage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["sql", "rfm", "--lineage"]) == 0
    told = capsys.readouterr().out
    assert "revenue: customer_rollup.net_revenue" in told
    assert "axis: a constant of the analysis" in told
    assert cli.run(["sql", "rfm", "--lineage", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["lineage"]["summary"]["revenue"] == ["customer_rollup.net_revenue"]


def test_an_engine_there_is_not_is_answered_with_one_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["sql", "rfm", "--engine", "postgre"]) == 2
    assert "postgres" in capsys.readouterr().err


def test_as_written_keeps_the_dialect() -> None:
    assert ":bins" in as_written(rg.RFM())["table"]
