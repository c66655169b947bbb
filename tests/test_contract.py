"""What every analysis promises, checked once over the whole tuple: parameters and answers. A new analysis is under test once it is in the menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

import regulars as rg
from contract import check_adds, each_analysis, each_question, parts, schema
from regulars import runs, sql
from regulars.analysis import Analysis
from regulars.i18n import LANGUAGES, Reader
from regulars.surfaces.parameters import RESERVED, asked, options, written
from regulars.units import Column


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
def test_columns_are_those_declared(analysis: type[Analysis], given: dict[str, Any], small_shop: Any) -> None:
    result = small_shop.run(analysis(**given))
    assert result.summary.num_rows
    check_columns(result.summary, result.columns)
    check_columns(result.rows().to_arrow(), result.analysis.row_columns)
    assert result.details.keys() == analysis.details.keys()
    for name, table in result.details.items():
        check_columns(table, analysis.details[name].gives)


@each_question
def test_cells_follow_from_the_rows_behind_them(analysis: type[Analysis], given: dict[str, Any], small_shop: Any) -> None:
    result = small_shop.run(analysis(**given))
    check_adds(result, result.summary, result.columns)
    for name, table in result.details.items():
        check_adds(result, table, analysis.details[name].gives)


@each_analysis
def test_a_promise_is_made_for_some_column(analysis: type[Analysis]) -> None:
    """Else the test above would check nothing."""
    assert {"key", "sum"} <= {column.adds.how for column in analysis.gives.values()}


@each_analysis
def test_an_answer_has_its_bound(analysis: type[Analysis], small_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SUMMARY_LIMIT", 1)
    with pytest.raises(rg.RegularsError) as refused:
        small_shop.run(analysis(as_of=date(2025, 3, 1)))
    assert refused.value.code == "summary_too_large"


@each_analysis
def test_labels_say_one_thing_of_each_customer(analysis: type[Analysis], small_shop: Any) -> None:
    label = analysis.label
    if label is None:
        return
    assert label.column in analysis.row_gives
    assert [a.label.dimension for a in rg.ANALYSES if a.label].count(label.dimension) == 1
    customers = small_shop.run(analysis()).rows().to_arrow()["customer_id"].to_pylist()
    assert customers
    assert len(customers) == len({*customers})
    total = sum(small_shop.run(rg.KPIs()).summary["revenue"].to_pylist())
    assert sum(small_shop.run(rg.KPIs(by=(label.dimension,))).summary["revenue"].to_pylist()) == total, "a split loses and doubles nothing"


@each_question
def test_the_sql_keeps_the_rules_of_the_house(analysis: type[Analysis], given: dict[str, Any]) -> None:
    asked_for = analysis(**given)
    for text in (asked_for.table, asked_for.summary, *(detail.sql for detail in analysis.details.values())):
        assert sql.lint(text) == []
