"""Populations: whatever is asked of some customers or orders is what a workspace with only those would answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.schema import ABOUT_LOADING, TABLES
from regulars.surfaces import cli
from two_stores import opened


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rg.Workspace]:
    with opened(tmp_path_factory.mktemp("all")) as workspace:
        yield workspace


def everything(shop: rg.Workspace, analysis: rg.analysis.Analysis) -> Any:
    """All that an analysis answers, rows included."""
    result = shop.run(analysis)
    rows = result.rows().to_arrow().to_pylist()
    return result.summary.to_pylist(), {name: table.to_pylist() for name, table in result.details.items()}, rows


def content(shop: rg.Workspace, table: str) -> list[str]:
    return sorted(map(repr, shop.sql(f"select * from {table}").to_pylist()))


# nothing is lost on the way


@pytest.mark.parametrize("table", sorted(TABLES.keys() - ABOUT_LOADING))
def test_all_orders_are_everything(shop: rg.Workspace, table: str) -> None:
    every = shop.seen_by(rg.Rights(orders="1 = 1"))
    kinds = set(shop.sql("select distinct kind from order_lines")["kind"].to_pylist())
    assert {"sale", "refund", "unmatched"} <= kinds
    assert shop.sql("select count(*) as n from orders where cancelled_on is not null")["n"].to_pylist() > [0]
    assert shop.sql("select count(*) as n from order_lines where customer_id is null")["n"].to_pylist() > [0]
    assert content(every, table) == content(shop, table)


# the answers are those of a workspace with only these customers or orders

POPULATIONS: dict[str, Callable[[Mapping[str, str]], bool]] = {
    "city = 'Leeds'": lambda line: line["city"] == "Leeds",
    "city <> 'Lviv' and customers.city is not null": lambda line: line["city"] in ("Leeds", "Hangzhou"),
    "store = 'North'": lambda line: line["store"] == "North" and not _alone(line),
    "store = 'North' and city = 'Leeds'": lambda line: line["store"] == "North" and line["city"] == "Leeds" and not _alone(line),
}


def _alone(line: Mapping[str, str]) -> bool:
    """Whether it is a refund without a sale: it belongs to no order, so nothing is known of its store."""
    return line["order_id"].startswith("u") or (line["order_id"].startswith("r") and not line["customer_id"])


@pytest.mark.parametrize("condition", POPULATIONS)
def test_a_population_is_computed_anew(shop: rg.Workspace, tmp_path: Path, condition: str) -> None:
    with opened(tmp_path, POPULATIONS[condition]) as alone:
        some = shop.where(condition)
        for table in ("customers", "orders", "returns", "customer_days"):
            here, there = (workspace.sql(f"select * from {table}") for workspace in (some, alone))
            kept = [name for name in here.column_names if name not in ("import_id", "source_row")]
            assert sorted(map(repr, here.select(kept).to_pylist())) == sorted(map(repr, there.select(kept).to_pylist())), table
        assert some.sql("select count(*) as n from orders")["n"].to_pylist() > [20]
        for analysis in (rg.RFM, rg.CPM, rg.Concentration):
            assert everything(some, analysis(as_of=date(2024, 6, 30))) == everything(alone, analysis(as_of=date(2024, 6, 30))), analysis


def test_an_order_is_kept_for_one_of_its_lines(shop: rg.Workspace) -> None:
    having = shop.sql("select distinct order_id from order_lines where product_id = 'p1' and kind <> 'unmatched'")["order_id"].to_pylist()
    some = shop.where("product_id = 'p1'")
    assert sorted(some.sql("select order_id from orders")["order_id"].to_pylist()) == sorted(having)
    assert "p2" in some.sql("select distinct product_id from order_lines")["product_id"].to_pylist()


def test_an_earlier_day_and_labels_follow_the_population(shop: rg.Workspace) -> None:
    some = shop.where("city = 'Leeds'")
    early = some.run(rg.RFM(as_of=date(2023, 9, 1)))
    assert early.answer.only("totals").value("customers") < some.run(rg.RFM()).answer.only("totals").value("customers") + 1
    split = some.run(rg.KPIs(by=("rfm_segment",))).rows().to_arrow().to_pylist()
    segments = {row["customer_id"]: row["segment"] for row in some.run(rg.RFM()).rows().to_arrow().to_pylist()}
    assert split
    assert all(row["rfm_segment"] == segments.get(row["customer_id"]) for row in split)


# asking


def test_where_may_be_said_in_three_ways(shop: rg.Workspace) -> None:
    said = shop.run(rg.RFM(), where="city = 'Leeds'")
    assert shop.where("city = :city", city="Leeds").run(rg.RFM()).summary == said.summary
    assert said.provenance.key != shop.run(rg.RFM()).provenance.key
    assert said.provenance.where == "customers.city = 'Leeds'"
    twice = shop.where("store = 'North'").where("city = 'Leeds'").run(rg.RFM())
    assert twice.summary == shop.where("store = 'North' and city = 'Leeds'").run(rg.RFM()).summary


def test_nobody_is_an_answer_too(shop: rg.Workspace) -> None:
    nobody = shop.where("city = 'Nowhere'")
    assert nobody.run(rg.RFM()).summary.num_rows == 0
    for analysis in rg.ANALYSES:
        assert list(nobody.run(analysis()).findings) is not None


REFUSED = {
    "cty = 'Lviv'": "sql_no_such_column",
    "customer.city = 'Lviv'": "sql_no_such_table",
    "city = 'Lviv' or store = 'North'": "sql_not_allowed",
    "city = 'Lviv'); drop table orders; --": "sql_syntax",
    "1 = 1) or (1 = 1": "sql_syntax",
    "city = 'Lviv'; select 1": "sql_syntax",
    "city = (select min(city) from customers)": "sql_not_allowed",
    "exists (select 1 from orders)": "sql_not_allowed",
    "customer_id in (select customer_id from orders)": "sql_not_allowed",
    "count(*) > 1": "sql_not_allowed",
    "avg(net_revenue) > 1": "sql_not_allowed",
    "row_number() over (order by city) = 1": "sql_not_allowed",
    "hash(city) = 1": "sql_not_allowed",
    "read_csv('x.csv') is null": "sql_not_allowed",
    "city = :city": "sql_parameter",
    "city in :city": "sql_parameter",
    "city = 'Lviv": "sql_syntax",
    "": "sql_not_allowed",
    "name = current_user": "sql_not_allowed",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_condition_is_read_not_pasted(shop: rg.Workspace, text: str) -> None:
    with pytest.raises(rg.RegularsError) as raised:
        shop.where(text)
    assert raised.value.code == REFUSED[text]


def test_a_mistyped_column_is_answered_with_the_right_one(shop: rg.Workspace) -> None:
    with pytest.raises(rg.RegularsError, match="'city'"):
        shop.where("cty = 'Lviv'")


@pytest.mark.parametrize("value", ["Leeds' or 1 = 1 --", "') or ('1' = '1", "Leeds'; drop table orders"])
def test_a_value_is_never_sql(shop: rg.Workspace, value: str) -> None:
    assert shop.where("city = :city", city=value).sql("select count(*) as n from customers")["n"].to_pylist() == [0]


def test_a_condition_that_does_not_fit_is_a_named_error(shop: rg.Workspace) -> None:
    with pytest.raises(rg.RegularsError) as raised:
        shop.where("cast(city as int) = 3").run(rg.RFM())
    assert raised.value.code == "condition_failed"


# the command line


def test_the_command_line_asks_about_some(shop: rg.Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--workspace", str(shop.folder), "--population", "city = 'Leeds'", "--json"]
    assert cli.run(["run", "rfm", *words]) == 0
    told = json.loads(capsys.readouterr().out)["data"]
    assert told["provenance"]["where"] == "customers.city = 'Leeds'"
    assert sum(row["customers"] for row in told["summary"]) == shop.where("city = 'Leeds'").run(rg.RFM()).answer.only("totals").value("customers")
    assert cli.run(["rows", "rfm", *words]) == 0
    assert len(json.loads(capsys.readouterr().out)["data"]["rows"]) == sum(row["customers"] for row in told["summary"])
    assert cli.run(["sql", "select count(*) as n from customers", *words]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["rows"] == [{"n": 15}]
    assert cli.run(["run", "rfm", *words[:-1]]) == 0
    assert "Only where city = 'Leeds'." in capsys.readouterr().out
