"""The same answer on every engine: each analysis with its details, rows and labels, and each function of the SQL, on data that are not empty.

PostgreSQL is asked everything of both shops. Spark, which takes seconds to plan what others answer in milliseconds, is asked
every analysis with its defaults of both shops, and the rest, every parameter's branches, of the shop of ties and blanks, which knows no city.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pytest

import regulars as rg
from regulars import sql
from regulars.analysis import Analysis
from regulars.workspace import Workspace

QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "kpis": [
        {"by": ("store",), "basis": "cash"},
        {"by": ("city", "rfm_segment")},
        {"by": ("cpm_group",), "grain": "week", "periods": 60},
        {"by": ("decile", "category")},
        {"by": ("weekday",), "grain": "day", "periods": 40},
        {"by": ("hour",), "repurchase_days": 30},
    ],
    "cpm": [{"preset": "article", "money": 90, "loyal_money": 300}, {"tenure_days": (30, 60), "lapse_days": 45, "horizon_days": 60, "warn_days": 20}],
    "rfm": [
        {"bins": 3, "preset": "eight", "split": "median"},
        {"bins": 4, "preset": "eight", "frequency": "orders"},
        {"preset": "four"},
        {"breaks": ((20, 60, 120, 240), (2, 3, 5, 8), (50, 100, 200, 400))},
    ],
    "concentration": [{"by": "orders"}, {"by": "margin"}],
    "retention": [{"grain": "week"}, {"cohorts": 5}],
    "data_quality": [{"lapse_days": 60, "least": 1}],
    "reconcile": [{"right": "payments"}, {"left": "invoices", "right": "payments"}, {"left": "deals", "days": 0}],
    "receivables": [{"base": "orders", "terms_days": 14}],
}
"""What is asked besides the defaults."""
EARLIER = {"days_before": 100}
"""Not a parameter of the analysis: asked as of so many days before the snapshot's own day."""
CASES = [(analysis, given) for analysis in rg.ANALYSES for given in ({}, EARLIER, *QUESTIONS[analysis.key])]


def shops(analysis: type[Analysis]) -> tuple[str, ...]:
    """Where it has something to say: what needs more than orders is asked of the shop that has the most tables."""
    return ("small_shop",) if analysis().needs else ("tea_shop_loaded", "tied_shop")


ASKED = [
    pytest.param(shop, engine, analysis, given, id=f"{shop}-{engine}-{analysis.key}-{'-'.join(f'{n}={v}' for n, v in given.items()) or 'defaults'}")
    for engine in ("postgresql", "spark")
    for analysis, given in CASES
    for shop in shops(analysis)
    if engine == "postgresql" or shop != "tea_shop_loaded" or not given or "city" in given.get("by", ())
]
each_question = pytest.mark.parametrize(("shop", "other_engine", "analysis", "given"), ASKED, indirect=["shop", "other_engine"])


class Gap(NamedTuple):
    """A question that an engine does not answer as the others do: what it raises instead, and whether that shall stay so."""

    engine: str
    analysis: str
    kind: Literal["notimpl", "notyet", "never"]
    raises: str


GAPS: tuple[Gap, ...] = ()
"""None."""

EMPTY: dict[tuple[str, str], str] = {}
"""(analysis, detail) that is empty on both shops, and why."""


@pytest.fixture(scope="session")
def shop(request: pytest.FixtureRequest) -> Workspace:
    """Each shop, answered by DuckDB."""
    found: Workspace = request.getfixturevalue(request.param)
    return found


_SERVED: dict[tuple[Path, str], Workspace] = {}


@pytest.fixture
def served(shop: Workspace, other_engine: str) -> Workspace:
    """The same shop, answered by another engine."""
    key = (shop.folder, other_engine)
    if key not in _SERVED:
        _SERVED[key] = rg.open(shop.folder, engine=other_engine)
    return _SERVED[key]


def kind(of: pa.DataType) -> object:
    """A type as far as it must agree: how many digits a decimal has room for is no part of the answer, how many places it has is."""
    return ("decimal", of.scale) if pa.types.is_decimal(of) else of


def equal(cell: Any, other: Any) -> bool:
    if isinstance(cell, float) and isinstance(other, float):
        return math.isclose(cell, other, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(cell) and math.isnan(other))
    return bool(cell == other)


def assert_equal(there: pa.Table, here: pa.Table, where: str) -> None:
    """Same columns, types, rows and order; doubles within rounding."""
    assert {f.name: kind(f.type) for f in there.schema} == {f.name: kind(f.type) for f in here.schema}, where
    assert there.num_rows == here.num_rows, where
    for at, (line, wanted) in enumerate(zip(there.to_pylist(), here.to_pylist(), strict=True)):
        wrong = {name: (line[name], wanted[name]) for name in wanted if not equal(line[name], wanted[name])}
        assert not wrong, f"{where}, row {at}: {wrong}"


def asked(shop: Workspace, analysis: type[Analysis], given: Mapping[str, Any]) -> Analysis:
    parameters = dict(given)
    as_of = shop.snapshot.as_of - timedelta(parameters.pop("days_before", 0))
    return analysis(**parameters, as_of=as_of)


@each_question
def test_every_analysis_answers_alike(shop: Workspace, served: Workspace, analysis: type[Analysis], given: dict[str, Any]) -> None:
    question = asked(shop, analysis, given)
    gaps = [gap for gap in GAPS if served.settings.engine.startswith(gap.engine) and gap.analysis == analysis.key]
    if gaps:
        with pytest.raises(rg.RegularsError) as caught:
            served.run(question)
        assert caught.value.code == gaps[0].raises
        return
    there, here = served.run(question), shop.run(question)
    assert there.provenance.engine != here.provenance.engine == "duckdb"
    assert_equal(there.summary, here.summary, "summary")
    assert there.details.keys() == here.details.keys() == analysis.details.keys()
    for name, detail in here.details.items():
        assert_equal(there.details[name], detail, name)
    assert_equal(there.source({}, True, None), here.source({}, True, None), "rows")
    assert [str(f) for f in there.findings] == [str(f) for f in here.findings]


@pytest.mark.parametrize("engine", ["postgresql", "spark"])
@pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
def test_what_is_compared_is_not_empty(request: pytest.FixtureRequest, analysis: type[Analysis], engine: str) -> None:
    of_this = [case.values for case in ASKED if case.values[1:3] == (engine, analysis)]
    results = [one.run(asked(one, analysis, given)) for name, _, _, given in of_this if (one := request.getfixturevalue(name))]
    assert all(result.summary.num_rows for result in results if result.analysis.key != "concentration")
    empty = {name for name in analysis.details if not any(result.details[name].num_rows for result in results)}
    assert empty == {name for key, name in EMPTY if key == analysis.key}
    blank = {name for result in results for name in result.summary.column_names} - {
        name for result in results for name in result.summary.column_names if result.summary[name].null_count < result.summary.num_rows
    }
    assert not blank, "columns that are null wherever they were compared"


VALUES = """
    with given as (
        select k, cast(n as bigint) as n, cast(m as decimal(18,4)) as m, cast(m as double) as x, cast(t as varchar) as t, d, at
        from (values (1, 7, 2.5, 'Beta', cast('2024-02-29' as date), cast('2024-02-29 23:59:59' as timestamp)),
            (2, 0, -2.5, 'alpha', cast('2023-12-31' as date), cast('2023-12-31 00:00:00' as timestamp)),
            (3, 7, 0.0, '中山路', cast('2024-01-01' as date), cast('2024-01-01 12:30:00' as timestamp)),
            (4, -3, 2.5, '', cast('2025-06-15' as date), cast('2025-06-15 06:07:08' as timestamp)),
            (5, 7, 1234567.1255, '100% Ünï', cast('2024-02-29' as date), cast('2024-02-29 01:00:00' as timestamp)),
            (6, null, null, null, null, null)) as v(k, n, m, t, d, at))"""
"""Ties, nulls, zeros, negative numbers, a leap day, the last and the first day of a year, letters of several alphabets."""

EXPRESSIONS: dict[str, Sequence[str]] = {
    # over the rows of a group
    "sum": ("sum(n)", "sum(m)", "sum(x)", "sum(distinct n)", "sum(case when n > 100 then m end)", "sum(m) filter (where n = 7)"),
    "count": ("count(*)", "count(n)", "count(distinct t)", "count(*) filter (where n > 0)"),
    "min": ("min(n)", "min(m)", "min(t)", "min(d)", "min(at)"),
    "max": ("max(n)", "max(x)", "max(t)", "max(d)", "max(at)", "max(case when n > 6 then 'b' else 'B' end)"),
    "avg": ("avg(n)", "avg(m)", "avg(x)"),
    "percentile": (
        "percentile(n, 0.5)",
        "percentile(m, 0.25)",
        "percentile(x, 0.9)",
        "percentile(d, 0.5)",
        "percentile(n, 0)",
        "percentile(n, 1)",
        "percentile(n, 0.5) filter (where n > 0)",
    ),
    # over the rows of a window
    "row_number": ("row_number() over (order by t nulls first, k)", "row_number() over (partition by n order by m desc nulls last, k)"),
    "rank": ("rank() over (order by n nulls last)", "rank() over (order by m desc nulls first)"),
    "dense_rank": ("dense_rank() over (order by n desc nulls last)",),
    "lag": ("lag(m, 1, 0) over (order by k)", "lag(t) over (order by k)"),
    "lead": ("lead(d) over (order by k)", "lead(n, 2, 0) over (order by k)"),
    "first_value": ("first_value(t) over (partition by n order by k)",),
    "last_value": ("last_value(m) over (order by k rows between unbounded preceding and unbounded following)",),
    # of values
    "abs": ("abs(n)", "abs(m)", "abs(x)"),
    "sqrt": ("sqrt(abs(x))", "sqrt(cast(n * n as double))"),
    "floor": ("floor(x)", "cast(floor(x) as bigint)", "cast(floor(cast(n as double) / 2) as int)"),
    "ceil": ("ceil(x)", "cast(ceil(x) as bigint)"),
    "coalesce": ("coalesce(n, 0)", "coalesce(m, 0)", "coalesce(t, '-')", "coalesce(d, cast('2000-01-01' as date))"),
    "nullif": ("nullif(n, 7)", "nullif(t, '')", "nullif(m, 0)"),
    "greatest": ("greatest(n, 1)", "greatest(m, 0.5)", "greatest(d, cast('2024-01-01' as date))"),
    "least": ("least(n, 1)", "least(m, x)", "least(t, 'a')"),
    "lower": ("lower(t)", "lower(t || 'Ї')"),
    "upper": ("upper(t)",),
    "length": ("length(t)",),
    "concat": ("concat(t, '-', 'x')", "t || '%'", "concat('a', null, t)"),
    "ratio": ("ratio(m, n)", "ratio(n, m)", "ratio(1, 3)", "ratio(n, 0)"),
    "fell": ("fell(0.5, 0.4, 0.3, 0.35)", "fell(0.5, 0.4, 0.45, 0.6)", "fell(cast(n as double), 0.1, 0.2, 0.3)"),
    "wilson_low": ("wilson_low(abs(n), 10)", "wilson_low(n, n)", "wilson_low(abs(n), 0)", "wilson_low(0, 5)"),
    "wilson_high": ("wilson_high(abs(n), 10)", "wilson_high(n, n)", "wilson_high(5, 5)"),
    "round": ("round(x, 2)", "round(m, 2)", "round(m, 0)", "round(x, 0)"),
    "days_between": ("days_between(d, cast('2024-03-01' as date))", "days_between(at, d)"),
    "months_between": ("months_between(d, cast('2024-03-01' as date))", "months_between(cast('2024-03-31' as date), d)"),
    "add_days": ("add_days(d, 1)", "add_days(d, -n)", "add_days(d, n)"),
    "add_months": ("add_months(d, 12)", "add_months(d, -1)", "add_months(d, n)"),
    "weekday": ("weekday(d)",),
    "year": ("year(d)",),
    "quarter": ("quarter(d)",),
    "month": ("month(d)",),
    "day": ("day(d)",),
    "hour_of": ("hour_of(at)",),
    "minutes_between": ("minutes_between(at, cast(d as timestamp))", "minutes_between(cast(d as timestamp), at)", "minutes_between(at, at)"),
    "digits_of": ("digits_of(t)", "digits_of('SO-0017/2')", "digits_of('000')"),
    "number_key": ("number_key(t)", "number_key('№ 00-17/А')", "number_key('000')", "number_key('订单-0042')"),
    "month_start": ("month_start(d)",),
    "week_start": ("week_start(d)",),
    "date_trunc": tuple(f"date_trunc('{grain}', d)" for grain in ("day", "week", "month", "quarter", "year")),
    "score": ("score(n, 5)", "score(m, 3)"),
    "score_desc": ("score_desc(n, 4)", "score_desc(m, 10)"),
    # syntax whose meaning engines might see otherwise
    "operators": (
        "n / 2",
        "n % 2",
        "m * n",
        "m + 1",
        "-n",
        "n = 7 and t is not null",
        "t like '%a%'",
        "t like '100\\%%'",
        "t || '\\' like '%\\'",
        "t like t",
        "not t like '_lph_'",
        "t not like '%a%'",
        "t < 'b'",
        "d > '2024-01-15'",
        "n between 0 and 7",
    ),
    "cast": ("cast(n as double)", "cast(m as decimal(18,2))", "cast(n as varchar)", "cast(d as timestamp)", "cast(at as date)", "cast(null as date)"),
    "case": ("case when n = 7 then 'seven' when n is null then 'none' end", "case n when 7 then 1 else 0 end", "n in (0, 7)", "n is not distinct from null"),
}
GROUPED = ("sum", "count", "min", "max", "avg", "percentile")


def test_every_allowed_function_is_compared() -> None:
    assert EXPRESSIONS.keys() - {"operators", "cast", "case"} == {*sql.FUNCTIONS, *sql.MACROS, "score", "score_desc"}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_allowed_function_answers_alike(tied_shop: Workspace, other_engine: str, name: str) -> None:
    key = (tied_shop.folder, other_engine)
    there = _SERVED.setdefault(key, rg.open(tied_shop.folder, engine=other_engine))
    columns = ", ".join(f"{text} as c{i}" for i, text in enumerate(EXPRESSIONS[name]))
    if name in GROUPED:
        texts = [f"{VALUES} select {columns} from given", f"{VALUES} select n, {columns} from given group by n order by n nulls first"]
    else:
        texts = [f"{VALUES} select k, {columns} from given order by k"]
    for text in texts:
        here = tied_shop.sql(text)
        assert here.num_rows
        assert_equal(there.sql(text), here, ", ".join(EXPRESSIONS[name]))


@pytest.mark.parametrize("column", ["t", "t desc", "n", "n desc", "case when n = 7 then 'b' when n = 0 then 'B' else 'a' end"])
def test_rows_come_in_one_order(tied_shop: Workspace, other_engine: str, column: str) -> None:
    there = _SERVED.setdefault((tied_shop.folder, other_engine), rg.open(tied_shop.folder, engine=other_engine))
    for nulls in ("", " nulls first", " nulls last"):
        text = f"{VALUES} select k, n, t from given order by {column}{nulls}, k"
        assert_equal(there.sql(text), tied_shop.sql(text), text)
