"""How numbers, money and errors read in the three languages: the currency never follows the language."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from regulars.errors import KINDS, did_you_mean, error
from regulars.i18n import LANGUAGES, Reader, language_of, reader
from regulars.units import CUSTOMERS, count, days, money, rate

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "currency", "value", "short"),
    [
        ("zh_CN", "CNY", 123_456, "12.3万元"),
        ("zh_CN", "CNY", 9_876, "9,876元"),
        ("zh_CN", "GBP", 123_456, "£12.3万"),
        ("zh_CN", "CNY", 312_000_000, "3.1亿元"),
        ("uk", "UAH", 12_345, f"12,3{NBSP}тис.{NBSP}грн"),
        ("uk", "GBP", 2_500_000, f"2,5{NBSP}млн{NBSP}£"),
        ("en", "GBP", 12_345, "£12.3k"),
        ("en", "GBP", -1_234_567, "−£1.2m"),
        ("en", "UAH", 12_345, "₴12.3k"),
        ("en", "XXX", 512, "512"),
    ],
)
def test_money_in_a_sentence(language: str, currency: str, value: int, short: str) -> None:
    assert reader(language, currency).money(value, short=True) == short


def test_money_in_a_table_keeps_the_pence() -> None:
    assert Reader("en", "GBP").money(Decimal("1234.50")) == "£1,234.50"
    assert Reader("uk", "UAH").money(Decimal("1234.50")) == f"1{NBSP}234,50{NBSP}грн"


def test_a_change_of_a_rate_is_in_percentage_points() -> None:
    assert Reader("en").points(0.0123) == f"+1.2{NBSP}pp"
    assert Reader("zh_CN").points(-0.05) == "−5.0个百分点"
    assert Reader("uk").points(0.05) == f"+5,0{NBSP}в.{NBSP}п."


@pytest.mark.parametrize(("number", "words"), [(1, "1 клієнт"), (3, "3 клієнти"), (5, "5 клієнтів"), (21, "21 клієнт"), (112, "112 клієнтів")])
def test_ukrainian_counts_take_the_right_form(number: int, words: str) -> None:
    assert Reader("uk").counted(*CUSTOMERS, number) == words


def test_columns_print_missing_values_as_a_dash() -> None:
    for column in (count("n", "n"), money("n", "n"), rate("n", "n"), days("n", "n")):
        assert column.show(None, Reader("en")) == "–"
        assert column.show(float("nan"), Reader("en")) == "–"


@pytest.mark.parametrize(("tag", "language"), [("uk_UA.UTF-8", "uk"), ("zh-Hans", "zh_CN"), ("zh_TW", "zh_CN"), ("en-GB", "en"), ("de", None), (None, None)])
def test_language_of_a_tag(tag: str | None, language: str | None) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_explains_itself(code: str, language: str) -> None:
    kind = KINDS[code]
    problem = error(code, **{name: f"<{name}>" for name in kind.fields})
    said = reader(language).explain(problem)
    assert all(f"<{name}>" in said for name in kind.fields)
    assert problem.code == code
    assert str(pickle.loads(pickle.dumps(problem))) == str(problem)


def test_an_error_wants_exactly_its_values() -> None:
    with pytest.raises(TypeError, match="takes"):
        error("book_unknown", name="EUR")


def test_did_you_mean_names_the_nearest_or_all() -> None:
    assert did_you_mean("revenu", ["revenue", "orders"]) == "'revenue'"
    assert did_you_mean("zzz", ["b", "a"]) == "'a', 'b'"
