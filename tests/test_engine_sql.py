"""SQL that an engine does not accept: the same named error from each of them, in its words and without a hidden value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.engines.refusals import complaint
from regulars.rights import Rights
from two_stores import opened

MISTAKES = {
    "not grouped": "select customer_id, sum(net_revenue) as s from orders",
    "a sum of texts": "select sum(customer_id) as s from orders",
    "a text and a number": "select order_id from orders where customer_id > 5",
    "a day and a number": "select order_id from orders where ordered_on = 5",
    "fewer than none": "select order_id from orders order by order_id limit -1",
    "a sum of sums": "select sum(sum(net_revenue)) as s from orders",
    "a sum as a condition": "select order_id from orders where sum(net_revenue) > 1",
    "two rows for one": "select (select order_id from orders) as x from customers",
}


@pytest.fixture(scope="module", params=["duckdb", "other"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, other_engine: str) -> Iterator[rg.Workspace]:
    """A company with two shops on each of the engines."""
    with opened(tmp_path_factory.mktemp("mistakes")) as workspace:
        if request.param == "other":
            workspace.move(other_engine)
        yield workspace


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("restricted", [False, True], ids=["everybody", "restricted"])
def test_a_mistake_has_one_name_and_tells_nothing_hidden(shop: rg.Workspace, mistake: str, restricted: bool) -> None:
    reader = shop.seen_by(Rights(customers="city = 'Leeds'")) if restricted else shop
    with pytest.raises(rg.RegularsError) as raised:
        reader.sql(MISTAKES[mistake])
    assert raised.value.code == "sql_failed"
    assert raised.value.kind.exit_status == 2
    reason = str(raised.value.values["reason"])
    assert 10 < len(reason) < 250
    assert not re.search(r"\n|Error:|SQLSTATE|Candidate|#\d|Use |Add |_[0-9a-f]{16}", reason), reason
    if restricted:
        seen = set(reader.sql("select customer_id from customers")["customer_id"].to_pylist())
        assert not (set(re.findall(r"\bc\d\d\b", reason)) - seen)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "Binder Error: No function matches 'sum(VARCHAR)'. You might need to add explicit type casts.\n\tCandidate functions:",
            "No function matches 'sum(VARCHAR)'",
        ),
        ("Binder Error: WHERE clause cannot contain aggregates!\n\nLINE 1: select", "WHERE clause cannot contain aggregates"),
        ("Division by zero. Use `try_divide` to tolerate divisor being 0", "Division by zero"),
        ("function sum(text) does not exist", "function sum(text) does not exist"),
    ],
)
def test_a_reason_is_without_kind_and_advice(said: str, reason: str) -> None:
    assert complaint(said) == reason


@pytest.mark.parametrize("ask", [lambda result: result.rows(limit=-1), lambda result: result.rows().limit(-1), lambda result: result.rows(limit=2).limit(-3)])
def test_fewer_rows_than_none_are_refused_when_they_are_asked_for(tmp_path: Path, ask: Any) -> None:
    with opened(tmp_path) as workspace, pytest.raises(rg.RegularsError, match="limit = -") as raised:
        ask(workspace.run(rg.RFM()))
    assert raised.value.code == "value_wrong"
