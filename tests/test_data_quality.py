"""Data quality: money counted once, defaults that are no values, fields nobody uses, debt that mending pays off, drift, people with few rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import regulars as rg
from regulars.analyses.data_quality_words import DIMENSIONS, KINDS, NO_MISTAKES, PLACEHOLDERS, REASON_KINDS, RULE_WORDS, TABLE_WORDS, UNUSABLE
from regulars.i18n import LANGUAGES, Language, Reader
from regulars.ingest.reasons import REASONS
from regulars.ingest.rules import RULES
from regulars.models.drift import false_discovery, homogeneity, population_stability
from regulars.reports.brief import make_brief
from regulars.reports.page import render
from regulars.reports.workbook import write_workbook
from regulars.result import Result
from regulars.schema import FACTS
from regulars.workspace import Workspace

SALES = ("order_id", "customer_id", "order date", "product", "quantity", "unit_price", "amount", "payment method", "staff")
PEOPLE = ("customer_id", "customer name", "phone", "email", "city")
DAY = date(2024, 1, 2)


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    path.write_text("\n".join(",".join(map(str, row)) for row in (header, *rows)) + "\n", encoding="utf-8")
    return path


def sales(buyers: int, days: int, first: int = 0, paid: str = "card", start: date = DAY) -> list[tuple[object, ...]]:
    """An order of ten pounds of every buyer every ten days; Ann enters all but the first buyer's, whom Bob serves."""
    return [
        (f"{start:%m}{first}{buyer:03d}{day:03d}", f"K{buyer:03d}", start + timedelta(day), "tea", 2, 5, 10, paid, "Bob" if buyer == 0 else "Ann")
        for buyer in range(first, first + buyers)
        for day in range(0, days, 10)
    ]


def person(number: int, phone: str = "", email: str = "") -> tuple[str, ...]:
    return (f"K{number:03d}", f"Buyer {'ABCDEFGHIJKLMNOPQRST'[number]}", phone, email, "")


def valid(number: int) -> str:
    return f"+4474001234{number:02d}"


LISTED = [
    *(person(number, valid(number), f"buyer{number}@mailbox.org") for number in range(10)),
    person(10, "0000000000"),
    person(11, "12345"),
    person(12, "", "nobody at all"),
    *(person(number) for number in range(13, 16)),
]
"""Ten who can be reached; six who cannot: a default, a short number, an address that is none, and three blanks."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop with a file of sales and a list of customers."""
    folder = tmp_path_factory.mktemp("quality")
    with rg.open(folder / "shop", currency="GBP", time_zone="Europe/London", language="en") as made:
        made.load(write(folder / "sales.csv", SALES, sales(16, 200)))
        made.load(write(folder / "people.csv", PEOPLE, LISTED))
    return folder / "shop"


@pytest.fixture
def shop(loaded: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A shop of one's own, to load more into."""
    with rg.open(shutil.copytree(loaded, tmp_path / "shop")) as made:
        yield made


def lines(result: Result, detail: str | None = None, **keys: Any) -> list[dict[str, Any]]:
    return [line for line in result.to_arrow(detail).to_pylist() if all(line[name] == value for name, value in keys.items())]


def test_a_value_that_stands_for_none_reaches_nobody(shop: Workspace) -> None:
    result = shop.run(rg.DataQuality())
    unreachable = {row["customer_id"] for row in result.rows(rule="unreachable").to_arrow().to_pylist()}
    assert unreachable == {f"K{number:03d}" for number in range(10, 16)}
    (check,) = lines(result, rule="unreachable")
    assert (check["checked"], check["failing"], check["pass_rate"]) == (16, 6, 10 / 16)


def test_the_money_of_a_customer_is_counted_once_per_problem(shop: Workspace, tmp_path: Path) -> None:
    again = [person(11, "12345"), person(10, "0000000000")]
    shop.load(write(tmp_path / "more.csv", PEOPLE, [*again, person(0, valid(0))]))
    result = shop.run(rg.DataQuality())
    (short,) = lines(result, rule="phone_invalid", failing=2)
    assert (short["customers"], short["at_stake"], short["year_revenue"]) == (1, Decimal(200), Decimal(200))
    for line in result.summary.to_pylist():
        behind = result.rows(**{name: line[name] for name in ("dimension", "about", "field", "rule")}).to_arrow()
        assert line["failing"] == behind.num_rows
        assert line["at_stake"] == sum(behind["at_stake"].to_pylist())


def test_a_field_that_nobody_fills_is_unused_and_not_missing(shop: Workspace) -> None:
    result = shop.run(rg.DataQuality())
    assert not lines(result, field="city")
    (city,) = lines(result, "fields", about="customers", field="city")
    assert city["unused"]
    assert lines(result, rule="empty", field="phone")[0]["failing"] == 4


def test_mending_the_list_moves_the_money_that_was_named(shop: Workspace, tmp_path: Path) -> None:
    """M15: the debt says what mending brings, and mending brings it."""
    before = lines(shop.run(rg.DataQuality()), "debt", rule="unreachable")
    assert [(line["standing"], line["customers"], line["year_revenue"]) for line in before] == [("regular_active", 6, Decimal(1200))]
    assert before[0]["covered_rate"] == 10 / 16
    mended = [person(number, valid(number)) for number in range(10, 14)]
    shop.load(write(tmp_path / "mended.csv", PEOPLE, mended))
    after = lines(shop.run(rg.DataQuality()), "debt", rule="unreachable")
    assert [(line["customers"], line["year_revenue"]) for line in after] == [(2, Decimal(400))]
    assert after[0]["covered_rate"] - before[0]["covered_rate"] == float(before[0]["year_revenue"] - after[0]["year_revenue"]) / 3200
    junk = [person(14, "0000000000"), person(15, "13800138000")]
    shop.load(write(tmp_path / "junk.csv", PEOPLE, junk))
    assert lines(shop.run(rg.DataQuality()), "debt", rule="unreachable")[0]["customers"] == 2, "junk pays nothing off"


def test_money_is_as_of_the_day_asked_for(shop: Workspace) -> None:
    early = shop.run(rg.DataQuality(as_of=DAY + timedelta(9)))
    assert lines(early, "debt", rule="unreachable")[0]["year_revenue"] == Decimal(60)


def test_who_entered_few_rows_gets_no_rate(shop: Workspace) -> None:
    found = {line["staff"]: line for line in lines(shop.run(rg.DataQuality()), "people")}
    assert (found["Ann"]["entered"], found["Bob"]["entered"]) == (300, 20)
    assert found["Ann"]["wrong_rate"] == 0
    assert found["Ann"]["wrong_low"] <= 0 <= found["Ann"]["wrong_high"]
    assert (found["Bob"]["wrong_rate"], found["Bob"]["filled_rate"]) == (None, None)


def test_values_that_are_not_what_they_were_are_told(shop: Workspace, tmp_path: Path) -> None:
    shop.load(write(tmp_path / "later.csv", SALES, sales(16, 60, paid="cash", start=DAY + timedelta(210))))
    shop.load(write(tmp_path / "few.csv", SALES, sales(1, 20, paid="cash", start=DAY + timedelta(300))))
    result = shop.run(rg.DataQuality())
    found = {(line["delivery"], line["field"]): line for line in lines(result, "drift", about="sales")}
    assert found[3, "payment_method"]["verdict"] == "shifted"
    assert found[3, "amount"]["verdict"] == "steady"
    assert found[4, "payment_method"]["verdict"] == "too_few"
    assert (3, "ordered_at") not in found, "time moves on"
    assert any("payment" in finding.text() for finding in result.findings)


def test_each_delivery_is_judged_by_itself(shop: Workspace, tmp_path: Path) -> None:
    broken = [*sales(10, 100, start=DAY + timedelta(230)), *((f"X{n}", "K001", "no day", "tea", 1, 5, 5, "card", "Ann") for n in range(100))]
    shop.load(write(tmp_path / "broken.csv", SALES, broken))
    result = shop.run(rg.DataQuality())
    assert [round(line["validity"], 2) for line in lines(result, "trend")] == [1.0, 0.81, 0.5]
    assert [(line["file"], line["rows_rejected"]) for line in lines(result, "sources")] == [("sales.csv", 0), ("people.csv", 0), ("broken.csv", 100)]
    assert len(result.rows(rule="date_unreadable", delivery=3)) == 100


def test_people_stand_in_every_book(shop: Workspace, tmp_path: Path) -> None:
    rows = [(*row, "EUR") for row in sales(16, 40, start=DAY + timedelta(400))]
    shop.load(write(tmp_path / "euro.csv", (*SALES, "currency"), rows))
    for book in ("GBP", "EUR"):
        result = shop.run(rg.DataQuality(), book=book)
        assert len(result.rows(rule="phone_invalid")) == 1
        assert lines(result, rule="unreachable")[0]["failing"] == 6
        assert all(0 <= line["pass_rate"] <= 1 for line in result.summary.to_pylist() if line["pass_rate"] is not None)


def test_whatever_intake_finds_has_its_place_and_its_words() -> None:
    """A new table, rule or reason is placed here, or it would be missing from the answer."""
    assert REASON_KINDS.keys() | NO_MISTAKES == REASONS.keys()
    assert {rule.key for rule in RULES} <= RULE_WORDS.keys()
    assert {*FACTS, "sales", "customers", "products", "payments"} <= TABLE_WORDS.keys()
    assert {*UNUSABLE, *PLACEHOLDERS} <= KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_shows_the_health_of_the_data_and_what_to_mend(shop: Workspace, tmp_path: Path, language: Language) -> None:
    brief = make_brief(shop)
    reader = Reader(language, "GBP")
    page = render(brief, reader)
    assert page.count('id="data_quality"') == 1
    assert page.index('id="health"') < page.index('id="data_quality"') < page.index('id="questions"')
    assert all(reader.say(words) in page for words in DIMENSIONS.values() if words != DIMENSIONS["reality"])
    assert {one.action.where["rule"] for one in brief.mending} >= {"unreachable", "phone_invalid", "phone_default"}
    sheets = CalamineWorkbook.from_path(write_workbook(brief, tmp_path / "brief.xlsx", reader))
    for one in brief.mending:
        assert one.of == len(one.records) == len(one.result.rows(**one.action.where))
        assert any(_holds(sheets, name, one.action.reason(reader)) for name in sheets.sheet_names)
    assert not any(found.action.records for found in brief.lists)


def _holds(sheets: CalamineWorkbook, name: str, words: str) -> bool:
    return any(words in map(str, row) for row in sheets.get_sheet_by_name(name).to_python())


def test_the_stability_index_is_the_one_of_the_books() -> None:
    """Siddiqi 2006, with the smoothing taken out by size: two classes of 50 and 50 against 80 and 20 make 0.4159."""
    assert population_stability({"a": 50_000_000, "b": 50_000_000}, {"a": 80_000_000, "b": 20_000_000}) == pytest.approx(0.415888, abs=1e-6)
    with pytest.raises(ValueError, match="rows"):
        population_stability({}, {"a": 1})


def test_the_test_of_homogeneity_is_pearsons() -> None:
    """R: chisq.test(rbind(c(30, 20, 50), c(45, 25, 30)))$p.value is 0.01387; good to two digits."""
    assert homogeneity({"a": 30, "b": 20, "c": 50}, {"a": 45, "b": 25, "c": 30}) == pytest.approx(0.01387, rel=0.02)
    assert homogeneity({"a": 5}, {"a": 9}) == 1.0


def test_many_tests_are_adjusted() -> None:
    """R: p.adjust(c(0.005, 0.009, 0.05, 0.1, 0.2), "BH")."""
    assert false_discovery([0.005, 0.009, 0.05, 0.1, 0.2]) == pytest.approx([0.0225, 0.0225, 0.0833333, 0.125, 0.2], rel=1e-5)
    assert false_discovery([]) == []
