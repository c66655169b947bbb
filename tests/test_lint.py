"""The dialect rules of the three engines: each is a lint, or is refused, or is seen to by the pipeline; and a text that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

import regulars as rg
from regulars import sql
from regulars.errors import RegularsError
from regulars.snapshots.rollup import AS_KNOWN
from regulars.sql.lint import lint
from regulars.texts import as_written
from regulars.views import CUSTOMER_DAYS
from test_lineage import RUNS

TABLES = {"orders": {"order_id": "VARCHAR", "customer_id": "VARCHAR", "ordered_on": "DATE", "ordered_at": "TIMESTAMP", "net_revenue": "DECIMAL(18,4)"}}

LINTED = {
    "a ratio by * 1.0": ("select net_revenue * 1.0 as x from orders", "multiplying by 1.0"),
    "a ratio without double": ("select net_revenue / nullif(cast(2 as int), 0) as x from orders", "cast to double first"),
    "a divisor that may be 0": ("select cast(net_revenue as double) / net_revenue as x from orders", "nullif"),
    "a remainder by what may be 0": ("select 7 % net_revenue as x from orders", "nullif"),
    "a fraction cast to a whole number": ("select cast(ratio(net_revenue, 2) as int) as x from orders", "floor, ceil or round"),
    "a mean cast to a whole number": ("select cast(avg(net_revenue) as bigint) as x from orders", "floor, ceil or round"),
    "cut points of doubles": ("select score(cast(net_revenue as double), :bins) as x from orders", "cut points of decimals"),
    "cut points of a ratio": ("select score_desc(ratio(net_revenue, 2), :bins) as x from orders", "cut points of decimals"),
    "a ranking that ties": ("select order_id, row_number() over (order by net_revenue desc) as x from orders", "no two rows tie"),
    "a lag that ties": ("select lag(net_revenue) over (partition by customer_id order by ordered_on) as x from orders", "no two rows tie"),
    "a frame of rows that ties": ("select sum(net_revenue) over (order by ordered_on rows unbounded preceding) as x from orders", "no two rows tie"),
    "ties below a join": (
        "with d as (select distinct ordered_on from orders) select o.order_id, row_number() over (order by d.ordered_on) as x from d join orders as o on o.ordered_on = d.ordered_on",
        "no two rows tie",
    ),
    "a limit without order": ("select order_id from orders limit 3", "LIMIT without ORDER BY"),
}


@pytest.mark.parametrize("rule", LINTED)
def test_a_text_that_breaks_a_rule_is_told(rule: str) -> None:
    text, says = LINTED[rule]
    assert [line for line in lint(text) if says in line]


IN_ORDER = (
    "select row_number() over (order by net_revenue desc, order_id) as x from orders",
    "with d as (select ordered_on, sum(net_revenue) as x from orders group by ordered_on) select row_number() over (order by ordered_on) as n from d",
    "select ordered_on, row_number() over (order by ordered_on) as n from orders group by ordered_on",
    """with d as (select distinct customer_id as who, ordered_on from orders), n as (select count(*) as n from d)
    select lag(d.ordered_on) over (partition by d.who order by d.ordered_on) as x from d cross join n""",
    "select days_between(lag(ordered_on) over (partition by customer_id order by ordered_on), ordered_on) as x from orders",
    "select rank() over (order by net_revenue) as x, sum(net_revenue) over (order by ordered_on) as y from orders",
    "select score(net_revenue, :bins) as x from orders",
    "select cast(floor(ratio(sum(net_revenue), 2)) as int) as x, cast(1 as double) / :bins as y, 7 % 2 as z from orders order by x limit 3",
)


@pytest.mark.parametrize("text", IN_ORDER)
def test_a_text_in_order_is_left_alone(text: str) -> None:
    assert lint(text) == []


REFUSED = {
    "group by all": "select customer_id, count(*) as n from orders group by all",
    "arg_max": "select arg_max(order_id, ordered_on) as x from orders",
    "make_date": "select make_date(2024, 1, 1) as x",
    "hash": "select hash(order_id) as x from orders",
    "epoch": "select epoch(ordered_at) as x from orders",
    "interval comparison": "select order_id from orders where ordered_at - ordered_at > interval 3 day",
    "date_diff on timestamps": "select date_diff('day', ordered_at, ordered_at) as x from orders",
    "datediff": "select datediff('day', ordered_at, ordered_at) as x from orders",
    "quantile_cont": "select quantile_cont(net_revenue, 0.5) as x from orders",
    "dayofweek": "select dayofweek(ordered_on) as x from orders",
    "a bit mask": "select 1 << 3 as x",
    "a frame without order": "select sum(net_revenue) over (partition by customer_id rows unbounded preceding) as x from orders",
    "a ranking without order": "select row_number() over () as x from orders",
    "a total by a window": "select sum(net_revenue) over () as x from orders",
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_the_grammar_refuses_needs_no_lint(rule: str) -> None:
    with pytest.raises(RegularsError) as raised:
        sql.prepare(REFUSED[rule], tables=TABLES)
    assert raised.value.code in ("sql_not_allowed", "sql_syntax")


@pytest.mark.parametrize(("dialect", "written"), [("postgres", "DESC NULLS LAST"), ("spark", "customer_id NULLS LAST")])
def test_the_pipeline_says_where_nulls_stand(dialect: str, written: str) -> None:
    """The engines differ in where nulls stand, so an order without NULLS FIRST or LAST is written with DuckDB's."""
    text = "select row_number() over (order by net_revenue desc, customer_id, order_id) as x from orders"
    assert written in sql.prepare(text, tables=TABLES, dialect=dialect).sql


def test_the_pipeline_doubles_per_cents_and_counts_days_of_dates() -> None:
    assert "'%%x'" in sql.prepare("select order_id from orders where order_id like '%x'", tables=TABLES, dialect="postgres").sql
    for dialect in sql.DIALECTS:
        written = sql.prepare("select days_between(ordered_at, ordered_at) as x from orders", tables=TABLES, dialect=dialect).sql
        assert written.count("AS DATE)") == 2


@pytest.mark.parametrize("run", RUNS)
def test_every_analysis_follows_the_rules(run: str) -> None:
    for name, text in as_written(RUNS[run]).items():
        assert lint(text) == [], name


def test_the_derived_tables_follow_the_rules() -> None:
    for text in (*AS_KNOWN.values(), CUSTOMER_DAYS):
        assert lint(text) == []


GUARDED = {"wilson_low", "wilson_high", "minutes_between"}
"""Their divisors are n and n + 3.84, inside a CASE for n above 0; and sixty."""


@pytest.mark.parametrize("name", sorted(set(sql.MACROS) - GUARDED))
def test_every_macro_divides_safely(name: str) -> None:
    macro: Any = sql.MACROS[name]
    for text in {macro.text, *macro.engines.values()}:
        assert " / " not in text or ("as double" in text and "nullif(" in text)


def test_a_menu_without_lint_is_a_whole_menu() -> None:
    assert {analysis.key for analysis in rg.ANALYSES} <= set(RUNS)
