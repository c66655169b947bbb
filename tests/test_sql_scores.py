"""Scores: the cut points of the pipeline against the definition, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars import sql
from regulars.engines.duckdb import Connection, scratch
from regulars.errors import RegularsError

SEEN = {"seen": {"id": "BIGINT", "x": "DECIMAL(18,4)"}}
TEXT = "select id, score(x, :bins) as up, score_desc(x, :bins) as down from seen"


@pytest.fixture(scope="module")
def engine() -> Iterator[Connection]:
    connection = scratch()
    yield connection
    connection.close()


def by_definition(values: Sequence[Decimal | None], bins: int) -> list[int | None]:
    """ceil(k · average rank / n), in integers, null for null."""
    known = [v for v in values if v is not None]
    n = len(known)
    return [v if v is None else (bins * (2 * sum(w < v for w in known) + known.count(v) + 1) + 2 * n - 1) // (2 * n) for v in values]


def scored(engine: Connection, values: Sequence[Decimal | None], bins: int, text: str = TEXT) -> list[tuple[int | None, ...]]:
    engine.execute("create or replace table seen (id bigint, x decimal(18,4))")
    if values:
        engine.executemany("insert into seen values ($id, $x)", [{"id": i, "x": v} for i, v in enumerate(values)])
    prepared = sql.prepare(text, tables=SEEN, parameters={"bins": bins})
    return [row[1:] for row in sorted(engine.execute(prepared.sql, prepared.parameters or None).fetchall())]


few = st.integers(-3, 3).map(Decimal)
money = st.decimals(-1000, 1000, places=4, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.none() | few | money, max_size=30), bins=st.integers(2, 10))
def test_scores_follow_the_definition(engine: Connection, values: list[Decimal | None], bins: int) -> None:
    negated = [None if v is None else -v for v in values]
    assert scored(engine, values, bins) == list(zip(by_definition(values, bins), by_definition(negated, bins), strict=True))


def test_half_of_the_customers_with_one_order_share_one_score(engine: Connection) -> None:
    values = [Decimal(1)] * 5 + [Decimal(n) for n in range(2, 7)]
    assert [up for up, _ in scored(engine, values, 5)] == [2, 2, 2, 2, 2, 3, 4, 4, 5, 5]


def test_lower_is_better_is_the_score_of_the_negated_value(engine: Connection) -> None:
    """6 − s would be 4, 4, 1, not 3, 3, 1."""
    assert scored(engine, [Decimal(1), Decimal(1), Decimal(2)], 5) == [(3, 5), (3, 5), (5, 2)]


def test_a_score_of_an_expression_beside_another(engine: Connection) -> None:
    text = (
        "with s as (select id, x from seen where id >= 0), t as (select *, score(x * -1, 3) as a, 10 * score_desc(x, :bins) as b from s) select id, a, b from t"
    )
    assert scored(engine, [Decimal(n) for n in range(3)], 3, text) == [(3, 30), (2, 20), (1, 10)]


def test_the_text_of_a_score() -> None:
    prepared = sql.prepare("select id, score(x, :bins) as s from seen", tables=SEEN, parameters={"bins": 2})
    assert " ".join(prepared.sql.split()) == (
        "WITH x_cuts AS ( SELECT MAX(CASE WHEN 2 * ranks <= 2 * n THEN x END) AS cut_1"
        " FROM ( SELECT seen.x, 2 * SUM(COUNT(*)) OVER (ORDER BY seen.x) - COUNT(*) + 1 AS ranks FROM seen GROUP BY seen.x ) AS ranked"
        " CROSS JOIN ( SELECT COUNT(seen.x) AS n FROM seen ) AS counted )"
        " SELECT seen.id, CASE WHEN seen.x <= x_cuts.cut_1 THEN 1 WHEN NOT seen.x IS NULL THEN 2 END AS s FROM seen CROSS JOIN x_cuts"
    )
    assert prepared.parameters == {}


@pytest.mark.parametrize(
    "text",
    [
        "select score(x, :bins) as s from seen where id > 1",
        "select score(max(x), :bins) as s from seen group by id",
        "select score(a.x, :bins) as s from seen as a cross join seen as b",
        "select score(x, :bins) as s from (select x from seen) as t",
        "select score(1, 2, 3) as s from seen",
        "select id from seen as a where exists (select 1 from seen as b order by score(a.x, :bins))",
        "select score(sum(x) over (partition by id), :bins) as s from seen",
    ],
)
def test_a_score_is_taken_over_the_rows_of_one_relation(text: str) -> None:
    with pytest.raises(RegularsError) as raised:
        sql.prepare(text, tables=SEEN, parameters={"bins": 5})
    assert raised.value.code == "sql_not_allowed"


@pytest.mark.parametrize("bins", [None, 1, 101, 2.0, "5", True])
def test_bins_are_a_whole_number(bins: object) -> None:
    with pytest.raises(RegularsError) as raised:
        sql.prepare(TEXT, tables=SEEN, parameters={"bins": bins})
    assert raised.value.code == "sql_parameter"
