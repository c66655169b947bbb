"""What every analysis promises, checked once over the whole tuple: a new analysis is under test as soon as it is in the menu."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import regulars as rg
from catalogues import texts
from contract_shops import EDGES, open_shop, shop_rows
from regulars import sql, workspace
from regulars.analysis import Action, Analysis, AtStake, Finding, Rows
from regulars.i18n import LANGUAGES, Reader
from regulars.surfaces.parameters import RESERVED, asked, options, written
from regulars.units import CUSTOMERS, Column

OTHERS: dict[str, list[dict[str, Any]]] = {
    "cpm": [{"money": Decimal("900.50"), "loyal_money": 2000, "preset": "article"}, {"tenure_days": (30, 60), "lapse_days": 45}],
    "kpis": [{"by": ("store",)}, {"by": ("category", "cpm_group"), "basis": "cash"}, {"by": ("rfm_segment",)}, {"by": ("decile",), "grain": "week"}],
    "rfm": [{"breaks": ((20, 60, 120, 240), (2, 3, 5, 8), (100, 400, 900, 2000))}, {"bins": 3, "preset": "eight", "split": "median"}],
}
"""Parameters worth a run that no bound or choice leads to."""

MARKED = set(texts())


def schema(analysis: type[Analysis]) -> dict[str, Mapping[str, Any]]:
    return dict(analysis.model_json_schema()["properties"])


def parts(of: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A parameter's schema and what it may be instead."""
    return [of, *of.get("anyOf", ())]


def variants(analysis: type[Analysis]) -> Iterator[dict[str, Any]]:
    """The defaults, every choice, and the parameters above."""
    yield {}
    for name, of in schema(analysis).items():
        yield from ({name: value} for part in parts(of) for value in part.get("enum", ()) if value != of.get("default"))
    yield from OTHERS.get(analysis.key, ())


each_analysis = pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
ASKED = [(analysis, given) for analysis in rg.ANALYSES for given in variants(analysis)]
each_question = pytest.mark.parametrize(("analysis", "given"), ASKED, ids=[f"{a.key}-{','.join(g) or 'defaults'}-{i}" for i, (a, g) in enumerate(ASKED)])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return open_shop(tmp_path_factory.mktemp("contract"), shop_rows())


# Parameters


@each_analysis
def test_defaults_construct(analysis: type[Analysis]) -> None:
    asked_for = analysis()
    assert analysis.key == analysis.__module__.rpartition(".")[2]
    assert str(analysis.__doc__).splitlines()[0].endswith("?"), "the docstring begins with the question"
    assert analysis.question.endswith("?")
    assert asked_for == analysis()
    with pytest.raises(ValueError, match="frozen"):
        asked_for.as_of = date(2024, 1, 1)  # type: ignore[misc]


def neighbours(part: Mapping[str, Any]) -> Iterator[Any]:
    """Values just outside what a schema allows."""
    step = 1 if part.get("type") == "integer" else 0.5
    if "minimum" in part:
        yield part["minimum"] - step
    if "maximum" in part:
        yield part["maximum"] + step
    yield from (part[bound] for bound in ("exclusiveMinimum", "exclusiveMaximum") if bound in part)
    if "enum" in part:
        yield "no such choice"
    if part.get("type") in {"integer", "number", "boolean"}:
        yield "no number"
    if part.get("format") == "date":
        yield "2024-02-30"
    if part.get("type") == "array":
        yield 7
        yield ["one", "two", "three", "four"][: part.get("maxItems", 0) + 1]


@each_analysis
def test_each_bound_refuses_its_neighbour(analysis: type[Analysis]) -> None:
    for name, of in schema(analysis).items():
        for value in (value for part in parts(of) for value in neighbours(part)):
            with pytest.raises(rg.RegularsError) as refused:
                analysis(**{name: value})
            assert refused.value.code == "parameter_wrong", (name, value)
            assert refused.value.values["name"] == name
            assert refused.value.values["allowed"] not in ("", "-"), (name, value)
            assert all(name in Reader(language).explain(refused.value) for language in LANGUAGES)


@each_analysis
def test_each_bound_itself_is_allowed(analysis: type[Analysis]) -> None:
    for name, of in schema(analysis).items():
        for part in parts(of):
            for value in [part[bound] for bound in ("minimum", "maximum") if bound in part] + list(part.get("enum", ())):
                assert getattr(analysis(**{name: value}), name) == value


@each_analysis
def test_a_mistyped_parameter_is_named_and_mended(analysis: type[Analysis]) -> None:
    for name in analysis.model_fields:
        with pytest.raises(rg.RegularsError) as refused:
            analysis(**{name + "x": 1})
        assert refused.value.code == "parameter_unknown"
        assert f"'{name}'" in str(refused.value.values["near"])


@each_question
def test_parameters_survive_json_and_the_command_line(analysis: type[Analysis], given: dict[str, Any]) -> None:
    asked_for = analysis(**given)
    assert analysis.model_validate_json(asked_for.model_dump_json()) == asked_for
    typed = {name: written(getattr(asked_for, name)) or None for name in analysis.model_fields}
    assert asked(analysis, typed) == asked_for


@each_analysis
def test_the_command_line_has_every_parameter(analysis: type[Analysis]) -> None:
    assert [option.name for option in options(analysis)] == [*analysis.model_fields]
    assert not RESERVED & analysis.model_fields.keys()
    assert all(field.description for field in analysis.model_fields.values())


# Answers


ARROW: dict[str, Any] = {
    "count": pa.types.is_integer,
    "share": pa.types.is_floating,
    "rate": pa.types.is_floating,
    "date": pa.types.is_date,
    "month": pa.types.is_date,
    "flag": lambda t: pa.types.is_boolean(t) or pa.types.is_integer(t),  # nought and one add up
    "text": pa.types.is_string,
    "money": lambda t: pa.types.is_decimal(t) or pa.types.is_floating(t),
    "number": lambda t: pa.types.is_decimal(t) or pa.types.is_floating(t) or pa.types.is_integer(t),
    "days": lambda t: pa.types.is_floating(t) or pa.types.is_integer(t),
    "label": lambda t: pa.types.is_string(t) or pa.types.is_integer(t),
}


def check_columns(table: pa.Table, declared: Mapping[str, Column]) -> None:
    assert table.column_names == [*declared]
    for name, column in declared.items():
        kind = table.schema.field(name).type
        assert pa.types.is_null(kind) or ARROW[column.unit](kind), f"{name}: {column.unit} as {kind}"


@each_question
def test_columns_are_those_declared(analysis: type[Analysis], given: dict[str, Any], shop: Any) -> None:
    result = shop.run(analysis(**given))
    assert result.summary.num_rows
    check_columns(result.summary, result.columns)
    check_columns(result.rows(), result.analysis.row_columns)
    assert result.details.keys() == analysis.details.keys()
    for name, table in result.details.items():
        check_columns(table, analysis.details[name].gives)


def agree(cell: Any, again: Any) -> bool:
    """Equal; as doubles within rounding; a sum of nothing is nought or null."""
    if cell is None or again is None:
        return not cell and not again
    return bool(cell == again) or (isinstance(cell, float) and cell == pytest.approx(float(again), rel=1e-9, abs=1e-9))


def recomputed(name: str, column: Column, line: Mapping[str, Any], rows: pa.Table | None, whole: pa.Table) -> Any:
    """A cell anew, as its declaration says it follows from the rows, the line or the whole answer."""
    of = column.adds.of
    match column.adds.how:
        case "count" if rows is not None:
            return rows.num_rows
        case "sum" if rows is not None:
            return sum(value for value in rows[of[0]].to_pylist() if value is not None)
        case "distinct" if rows is not None:
            return len({*rows[of[0]].to_pylist()} - {None})
        case "ratio":
            over, under = (line[part] for part in of)
            return None if over is None or not under else float(over) / float(under)
        case "part":
            total = sum(value for value in whole[of[0]].to_pylist() if value is not None)
            return None if line[of[0]] is None or not total else float(line[of[0]]) / float(total)
    return line[name]


def check_adds(result: Any, table: pa.Table, declared: Mapping[str, Column]) -> None:
    """Recompute a dozen lines spread over an answer, the last ones included."""
    keys = [name for name, column in declared.items() if column.adds.how == "key"]
    from_rows = any(column.adds.how in {"count", "sum", "distinct"} for column in declared.values()) and not {*keys} - result.analysis.row_columns.keys()
    for line in table.to_pylist()[:: -max(1, table.num_rows // 12)]:
        rows = result.rows(**{key: line[key] for key in keys}) if from_rows else None
        for name, column in declared.items():
            again = recomputed(name, column, line, rows, table)
            assert agree(line[name], again), f"{name} = {line[name]}, recomputed {again}, in {line}"


@each_question
def test_cells_follow_from_the_rows_behind_them(analysis: type[Analysis], given: dict[str, Any], shop: Any) -> None:
    result = shop.run(analysis(**given))
    check_adds(result, result.summary, result.columns)
    for name, table in result.details.items():
        check_adds(result, table, analysis.details[name].gives)


@each_analysis
def test_a_promise_is_made_for_some_column(analysis: type[Analysis]) -> None:
    """Else the test above would check nothing."""
    assert {"key", "sum"} <= {column.adds.how for column in analysis.gives.values()}


@each_analysis
def test_an_answer_has_its_bound(analysis: type[Analysis], shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "SUMMARY_LIMIT", 1)
    with pytest.raises(rg.RegularsError) as refused:
        shop.run(analysis(as_of=date(2025, 3, 1)))
    assert refused.value.code == "summary_too_large"


@each_analysis
def test_labels_say_one_thing_of_each_customer(analysis: type[Analysis], shop: Any) -> None:
    label = analysis.label
    if label is None:
        return
    assert label.column in analysis.row_gives
    assert [a.label.dimension for a in rg.ANALYSES if a.label].count(label.dimension) == 1
    customers = shop.run(analysis()).rows()["customer_id"].to_pylist()
    assert customers
    assert len(customers) == len({*customers})
    total = sum(shop.run(rg.KPIs()).summary["revenue"].to_pylist())
    assert sum(shop.run(rg.KPIs(by=(label.dimension,))).summary["revenue"].to_pylist()) == total, "a split loses and doubles nothing"


@each_question
def test_the_sql_keeps_the_rules_of_the_house(analysis: type[Analysis], given: dict[str, Any]) -> None:
    asked_for = analysis(**given)
    for text in (asked_for.table, asked_for.summary, *(detail.sql for detail in analysis.details.values())):
        assert sql.lint(text) == []


# Words


ADDRESS = re.compile(r"(\w+)\[(\d+)\]\.(\w+)")


def resolves(result: Any, address: str, value: Any) -> bool:
    """Whether an address leads to a cell; if it is nothing but an address, to that value."""
    found = ADDRESS.findall(address)
    for table, row, column in found:
        lines: Rows = result.answer.summary if table == "summary" else result.answer.details[table]
        if column in lines[int(row)]:
            if address == f"{table}[{row}].{column}" and lines[int(row)].value(column) != value:
                return False
        elif column not in result.analysis.row_columns:
            return False
    return bool(found)


def sentences(result: Any) -> Iterator[tuple[str, Finding | Action, Mapping[str, Any]]]:
    """(template, what it belongs to, its cells) of everything an answer says."""
    yield from ((finding.template, finding, finding.cells) for finding in result.findings)
    yield from ((action.why, action, action.cells) for action in result.actions)


def money_of(said: Finding | Action) -> Iterator[Any]:
    for money in (said.money,) if isinstance(said, Finding) else (said.at_stake, said.test):
        yield from (getattr(money, name) for name in ("amount", "low", "high", "n_per_arm") if hasattr(money, name))


@each_question
def test_every_number_of_a_sentence_has_an_address(analysis: type[Analysis], given: dict[str, Any], shop: Any) -> None:
    result = shop.run(analysis(**given))
    for template, said, cells in sentences(result):
        named = re.findall(r"\{(\w+)\}", template)
        assert not re.search(r"\d", re.sub(r"\{\w+\}", "", template)), template
        for cell in [*(cells[name] for name in named), *money_of(said)]:
            assert resolves(result, cell.address, cell.value), f"{cell.address} in {template}"


@each_question
def test_the_people_named_are_the_people_listed(analysis: type[Analysis], given: dict[str, Any], shop: Any) -> None:
    result = shop.run(analysis(**given))
    for template, said, cells in sentences(result):
        if not said.where:
            continue
        rows = result.rows(**said.where)
        people = len({*rows["customer_id"].to_pylist()})
        told = [cells[name] for name in re.findall(r"\{(\w+)\}", template)]
        if any(cell.column.noun == CUSTOMERS for cell in told):
            assert people in [cell.value for cell in told], template
        paid = said.order_by if isinstance(said, Action) else next(name for name in ("year_revenue", "net_revenue") if name in rows.column_names)
        stake = said.at_stake if isinstance(said, Action) else said.money
        if isinstance(stake, AtStake):
            assert stake.amount.value == sum(rows[paid].to_pylist()), template
        if isinstance(said, Action):
            assert {"name", "phone"} <= {*result.rows(people=True, limit=1, **said.where).column_names}


@each_question
def test_words_are_marked_and_said_in_every_language(analysis: type[Analysis], given: dict[str, Any], shop: Any) -> None:
    result = shop.run(analysis(**given))
    for template, _, _ in sentences(result):
        assert template in MARKED
    for action in result.actions:
        assert {action.title, action.play, action.watch} <= MARKED
        assert action.within_days > 0
    for chart in result.charts:
        declared = analysis.details[chart.detail].gives if chart.detail else result.columns
        assert chart.title in MARKED
        assert {*chart.columns} <= declared.keys(), chart
    for language in LANGUAGES:
        said = json.dumps(result.to_dict(Reader(language)), allow_nan=False, ensure_ascii=False)
        assert not re.search(r"\{\w+\}|\bnan\b|\bNone\b", said)


@each_analysis
def test_there_is_something_to_say(analysis: type[Analysis], shop: Any) -> None:
    result = shop.run(analysis())
    assert result.findings
    assert result.charts
    assert shop.run(analysis()) is result, "the same question is answered once"


# Data of every kind


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
    """All that every analysis gives, words included."""
    said: dict[str, Any] = {}
    for analysis in rg.ANALYSES:
        result = shop.run(analysis())
        tables = {"summary": result.summary, "rows": result.rows(), **result.details}
        said |= {f"{analysis.key}.{name}": table.to_pylist() for name, table in tables.items()}
        said[f"{analysis.key}.words"] = [finding.text(Reader("uk", "GBP")) for finding in result.findings]
    return said


@pytest.mark.parametrize(("zone", "locale", "threads"), [("Pacific/Kiritimati", "uk_UA.UTF-8", 1), ("America/Los_Angeles", "zh_CN.UTF-8", 4)])
def test_the_answer_does_not_depend_on_place_or_order(zone: str, locale: str, threads: int, shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = shop_rows()
    random.Random(zone).shuffle(rows)
    assert os.environ.get("TZ") != zone
    with elsewhere(zone, locale, threads, monkeypatch):
        there = everything(open_shop(tmp_path, rows))
    here = everything(shop)
    assert there.keys() == here.keys()
    for name, said in here.items():
        assert there[name] == said, name


@each_analysis
def test_a_past_day_does_not_know_what_came_after(analysis: type[Analysis], shop: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Asked as of a day, all data answer as the data of that day did."""
    day = date(2025, 1, 10)
    then = _then(tmp_path_factory, day)
    now, before = shop.run(analysis(as_of=day)), then.run(analysis(as_of=day))
    assert now.summary.to_pylist() == before.summary.to_pylist()
    assert {name: table.to_pylist() for name, table in now.details.items()} == {name: table.to_pylist() for name, table in before.details.items()}


THEN: dict[date, Any] = {}


def _then(tmp_path_factory: pytest.TempPathFactory, day: date) -> Any:
    """The shop as it was at the end of a day."""
    if day not in THEN:
        known = [row for row in shop_rows() if row[4].date() <= day]
        assert len(known) < len(shop_rows())
        assert max(row[4].date() for row in known) >= day - timedelta(3)
        THEN[day] = open_shop(tmp_path_factory.mktemp("then"), known)
    return THEN[day]
