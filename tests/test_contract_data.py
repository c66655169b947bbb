"""What every analysis promises of any data: odd files end in a result or a named error; place, order and later events change nothing."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

import regulars as rg
from contract import OTHERS, check_adds, each_analysis, tells_of_deliveries
from contract_shops import EDGES, open_shop, shop_rows
from regulars.analysis import Analysis
from regulars.i18n import LANGUAGES, Reader


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A workspace for each shop that hardly is one, or the error with which its file was refused."""
    found: dict[str, Any] = {}
    for name, rows in EDGES.items():
        try:
            found[name] = open_shop(tmp_path_factory.mktemp("edge"), rows)
        except rg.RegularsError as refused:
            found[name] = refused
    return found


def test_most_odd_files_load(edges: dict[str, Any]) -> None:
    assert {name for name, found in edges.items() if isinstance(found, rg.RegularsError)} <= {"header only", "all null", "walk-ins only", "refunds only"}


def answered(shop: Any, asked_for: Analysis) -> Any:
    """The result, or the named error."""
    try:
        return shop.run(asked_for)
    except rg.RegularsError as refused:
        return refused


@pytest.mark.parametrize("edge", EDGES)
@each_analysis
def test_odd_data_end_in_a_result_or_a_named_error(analysis: type[Analysis], edge: str, edges: dict[str, Any]) -> None:
    if isinstance(edges[edge], rg.RegularsError):
        return
    for given in ({}, *OTHERS.get(analysis.key, ())):
        result = answered(edges[edge], analysis(**given))
        if isinstance(result, rg.RegularsError):
            assert all(Reader(language).explain(result) for language in LANGUAGES)
            continue
        check_adds(result, result.summary, result.columns)
        assert isinstance(result.charts, tuple)
        said = json.dumps(result.to_dict(Reader("en", "GBP")), allow_nan=False)
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b", said)


@contextmanager
def elsewhere(zone: str, locale: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another clock, another locale, another number of threads."""
    with monkeypatch.context() as place:
        place.setenv("TZ", zone)
        place.setenv("LC_ALL", locale)
        place.setenv("LANG", locale)
        place.setattr(duckdb, "connect", partial(duckdb.connect, config={"threads": threads}))
        time.tzset()
        yield
    time.tzset()


def everything(shop: Any) -> dict[str, Any]:
    """All that every analysis gives, words included; but not in which row of its file something stood."""
    said: dict[str, Any] = {}
    for analysis in rg.ANALYSES:
        result = shop.run(analysis())
        rows = result.rows().to_arrow()
        tables = {"summary": result.summary, "rows": rows.drop_columns([name for name in rows.column_names if name == "source_row"]), **result.details}
        said |= {f"{analysis.key}.{name}": table.to_pylist() for name, table in tables.items()}
        said[f"{analysis.key}.words"] = [finding.text(Reader("uk", "GBP")) for finding in result.findings]
    return said


@pytest.mark.parametrize(("zone", "locale", "threads"), [("Pacific/Kiritimati", "uk_UA.UTF-8", 1), ("America/Los_Angeles", "zh_CN.UTF-8", 4)])
def test_the_answer_does_not_depend_on_place_or_order(
    zone: str, locale: str, threads: int, small_shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = shop_rows()
    random.Random(zone).shuffle(rows)
    assert os.environ.get("TZ") != zone
    with elsewhere(zone, locale, threads, monkeypatch):
        there = everything(open_shop(tmp_path, rows))
    here = everything(small_shop)
    assert there.keys() == here.keys()
    for name, said in here.items():
        assert there[name] == said, name


PAST = date(2025, 1, 10)


@pytest.fixture(scope="module")
def shop_then(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The shop as it was at the end of a past day."""
    rows = shop_rows()
    known = [row for row in rows if row[4].date() <= PAST]
    assert len(known) < len(rows)
    assert max(row[4].date() for row in known) >= PAST - timedelta(3)
    return open_shop(tmp_path_factory.mktemp("then"), known)


@each_analysis
def test_a_past_day_does_not_know_what_came_after(analysis: type[Analysis], small_shop: Any, shop_then: Any) -> None:
    """Asked as of a day, all data answer as the data of that day did."""
    if tells_of_deliveries(analysis):
        return
    now, then = small_shop.run(analysis(as_of=PAST)), shop_then.run(analysis(as_of=PAST))
    assert now.summary.to_pylist() == then.summary.to_pylist()
    for name, table in now.details.items():
        assert table.to_pylist() == then.details[name].to_pylist(), name
