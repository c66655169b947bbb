"""What every analysis promises of its words: numbers with an address, people who are the people listed, texts in every language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalogues import texts
from contract import each_analysis, each_question
from regulars.analysis import Action, Analysis, AtStake, Finding, Rows
from regulars.i18n import LANGUAGES, Reader
from regulars.units import CUSTOMERS

MARKED = set(texts())
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
def test_every_number_of_a_sentence_has_an_address(analysis: type[Analysis], given: dict[str, Any], small_shop: Any) -> None:
    result = small_shop.run(analysis(**given))
    for template, said, cells in sentences(result):
        named = re.findall(r"\{(\w+)\}", template)
        assert not re.search(r"\d", re.sub(r"\{\w+\}", "", template)), template
        for cell in [*(cells[name] for name in named), *money_of(said)]:
            assert resolves(result, cell.address, cell.value), f"{cell.address} in {template}"


@each_question
def test_the_people_named_are_the_people_listed(analysis: type[Analysis], given: dict[str, Any], small_shop: Any) -> None:
    result = small_shop.run(analysis(**given))
    for template, said, cells in sentences(result):
        if not said.where:
            continue
        rows = result.rows(**said.where).to_arrow()
        people = len({*rows["customer_id"].to_pylist()})
        told = [cells[name] for name in re.findall(r"\{(\w+)\}", template)]
        if any(cell.column.noun == CUSTOMERS for cell in told):
            assert people in [cell.value for cell in told], template
        paid = said.order_by if isinstance(said, Action) else next(name for name in ("year_revenue", "net_revenue", "open", "gap") if name in rows.column_names)
        stake = said.at_stake if isinstance(said, Action) else said.money
        if isinstance(stake, AtStake):
            assert stake.amount.value == sum(value for value in rows[paid].to_pylist() if value is not None), template
        if isinstance(said, Action):
            assert {"name", "phone"} <= {*result.rows(people=True, limit=1, **said.where).to_arrow().column_names}


@each_question
def test_words_are_marked_and_said_in_every_language(analysis: type[Analysis], given: dict[str, Any], small_shop: Any) -> None:
    result = small_shop.run(analysis(**given))
    for template, _, _ in sentences(result):
        assert template in MARKED
    for action in result.actions:
        assert {action.title, action.play, action.watch} <= MARKED
        assert action.within_days > 0
    for chart in (picture.form for picture in result.charts):
        declared = analysis.details[chart.detail].gives if chart.detail else result.columns
        assert chart.title in MARKED
        assert {*chart.columns} <= declared.keys(), chart
    for language in LANGUAGES:
        said = json.dumps(result.to_dict(Reader(language)), allow_nan=False, ensure_ascii=False)
        assert not re.search(r"\{\w+\}|\bnan\b|\bNone\b", said)


@each_analysis
def test_there_is_something_to_say(analysis: type[Analysis], small_shop: Any) -> None:
    result = small_shop.run(analysis())
    assert result.findings
    assert result.charts
    assert small_shop.run(analysis()) is result, "the same question is answered once"
