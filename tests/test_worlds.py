"""Worlds: the answer sheet is right, seen by a reader of the files that shares no code with the writer; every truth can be left out."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from regulars.errors import RegularsError
from regulars.i18n import LANGUAGES, Language
from regulars.worlds import WORLDS, Made, TeaShop, world
from regulars.worlds.chance import choose, dice, spread

REFUND_STATUS = {"zh_CN": "已退款", "uk": "Повернення", "en": "Refund"}
GROUPS = {
    "zh_CN": ("学生会员", "家庭会员"),
    "uk": ("Студентська картка", "Сімейна картка"),
    "en": ("Student", "Family"),
}
HOT_AND_SETS = {"zh_CN": {"热饮", "小食套餐"}, "uk": {"Гарячі напої", "Снек-набори"}, "en": {"Hot drinks", "Snack sets"}}
MILK_TEA = {"zh_CN": "奶茶", "uk": "Молочний чай", "en": "Milk tea"}
PLANTS = frozenset({"hours", "deciles", "ghosts", "lapsing_loyal"})


@dataclass
class Line:
    """One line of a till as an independent reader understands it; a refund is tied to the latest earlier sale of the same to the same."""

    order: str
    customer: str
    shop: str
    at: datetime
    code: str
    category: str
    quantity: int
    price: Decimal
    discount: Decimal
    amount: Decimal
    refund: bool
    sold_at: datetime
    standing: bool


@dataclass
class Book:
    """All files of a world, read back."""

    lines: list[Line]
    members: list[list[str]]
    answers: dict[str, Any]
    language: Language

    @property
    def group(self) -> dict[str, str]:
        return {m[0]: m[6] for m in self.members}

    @property
    def revenue(self) -> dict[str, Decimal]:
        total: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            if line.customer:
                total[line.customer] += line.amount
        return total

    @property
    def order_days(self) -> dict[str, list[date]]:
        days = defaultdict(set)
        for line in self.lines:
            if line.customer and line.standing:
                days[line.customer].add(line.at.date())
        return {customer: sorted(found) for customer, found in days.items()}

    @property
    def orders(self) -> set[tuple[str, str]]:
        """(customer, order number) of the standing orders."""
        return {(line.customer, line.order) for line in self.lines if line.standing}


def cells(path: Path, language: Language) -> list[list[str]]:
    """The rows of a file as text."""
    if path.suffix == ".csv":
        with path.open(encoding={"uk": "cp1251", "en": "utf-8"}[language], newline="") as file:
            return list(csv.reader(file, delimiter={"uk": ";", "en": ","}[language]))
    return [[str(value) for value in row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def moment(text: str, language: Language) -> datetime:
    if language == "zh_CN":
        return datetime.fromisoformat(text)
    return datetime.fromisoformat(f"{text[6:10]}-{text[3:5]}-{text[:2]} {text[11:]}")


def read(made: Made) -> Book:
    lines: list[Line] = []
    for path in (made.files[0], made.files[2]):
        rows = cells(path, made.language)
        for row in rows[2:-1] if made.language == "zh_CN" else rows[1:]:
            quantity, price, discount, amount = (Decimal(value.replace(",", ".")) for value in row[9:13])
            at, refund = moment(row[5], made.language), row[15] == REFUND_STATUS[made.language]
            lines.append(Line(row[0], row[1], row[4], at, row[6], row[8], int(quantity), price, discount, amount, refund, at, standing=not refund))
    latest: dict[tuple[str, str], Line] = {}
    for line in lines:
        if line.refund:
            sale = latest[line.customer, line.code]
            assert sale.standing
            assert (sale.amount, sale.quantity) == (-line.amount, -line.quantity)
            sale.standing, line.sold_at = False, sale.at
        else:
            latest[line.customer, line.code] = line
    return Book(lines, cells(made.files[1], made.language)[1:], json.loads(made.answers.read_text(encoding="utf-8")), made.language)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, folder: Path) -> Made:
    return TeaShop(language=request.param).write(folder / request.param)


@pytest.fixture(scope="module")
def book(made: Made) -> Book:
    return read(made)


def without(truth: str, folder: Path) -> Book:
    return read(TeaShop(plant=PLANTS - {truth}).write(folder / f"without_{truth}"))


def digits(values: Iterable[Decimal]) -> str:
    return f"{sum(values, Decimal()):.2f}"


# --- the files ----------------------------------------------------------------------------------------------------------


def test_same_parameters_same_bytes(made: Made, tmp_path: Path) -> None:
    again = TeaShop(language=made.language).write(tmp_path)
    assert [p.name for p in again.files] == [p.name for p in made.files]
    for old, new in zip((*made.files, made.answers), (*again.files, again.answers), strict=True):
        assert old.read_bytes() == new.read_bytes(), new.name
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".tmp")]


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    one, other = (TeaShop(seed=seed, customers=200).write(tmp_path / str(seed)) for seed in (1, 2))
    assert one.files[0].read_bytes() != other.files[0].read_bytes()


def test_one_seed_tells_one_story_in_every_language(folder: Path) -> None:
    stories = set()
    for language in LANGUAGES:
        lines = read(TeaShop(language=language).write(folder / language)).lines
        stories.add(tuple((line.at.replace(second=0), line.customer[-5:], line.code, line.quantity) for line in lines))
    assert len(stories) == 1


def test_the_size_is_a_small_chains(book: Book) -> None:
    assert 15_000 <= len(book.lines) <= 25_000
    assert len({line.shop for line in book.lines}) == 3
    assert len({line.code for line in book.lines}) == 24
    assert len({line.category for line in book.lines}) == 5
    assert 0.1 < sum(not line.customer for line in book.lines) / len(book.lines) < 0.3


def test_the_second_delivery_is_the_last_month(made: Made) -> None:
    for path, wanted in ((made.files[0], {f"{y}-{m:02d}" for y in (2024, 2025) for m in range(1, 13)}), (made.files[2], {"2025-12"})):
        rows = cells(path, made.language)
        months = {f"{moment(row[5], made.language):%Y-%m}" for row in rows[2:] if row[5]}
        assert months <= wanted
        assert ("2025-12" in months) == (wanted == {"2025-12"})
    assert made.as_of == date(2025, 12, 31)


def test_the_workbook_has_a_title_and_totals(folder: Path) -> None:
    made = TeaShop(language="zh_CN").write(folder / "zh_CN")
    rows = cells(made.files[0], "zh_CN")
    assert rows[0][0] == "南风茶铺 销售明细 2024-07-01 至 2025-11-30"
    assert rows[0][1:] == [""] * 15
    assert rows[1][:3] == ["单号", "会员号", "姓名"]
    assert rows[-1][0] == "合计"
    for column in (9, 11, 12, 13):
        assert Decimal(rows[-1][column]) == sum(Decimal(row[column]) for row in rows[2:-1])
    phones = {row[3] for row in rows[2:-1] if row[14] == "美团外卖" and row[1]}
    assert phones
    assert all(phone[3:7] == "****" for phone in phones)


def test_the_text_export_is_cp1251_with_decimal_commas(folder: Path) -> None:
    made = TeaShop(language="uk").write(folder / "uk")
    assert made.files[0].read_bytes().startswith("№ чека;Код клієнта;".encode("cp1251"))
    assert all("," in row[12] and "." not in row[12] for row in cells(made.files[0], "uk")[1:])


def test_amounts_follow_from_price_quantity_and_discount(book: Book) -> None:
    for line in book.lines:
        assert line.amount == line.price * line.quantity - line.discount
        assert (line.amount > 0, line.quantity > 0) == (not line.refund,) * 2


def test_phones_are_valid_and_different(made: Made, book: Book) -> None:
    region = {"zh_CN": "CN", "uk": "UA", "en": "GB"}[made.language]
    numbers = [phonenumbers.parse(m[2], region) for m in book.members]
    assert all(phonenumbers.is_valid_number(n) for n in numbers)
    assert len({n.national_number for n in numbers}) == len(book.members)
    assert all(not m[3] or m[3].endswith("@example.com") for m in book.members)


def test_hot_drinks_sell_in_winter(book: Book) -> None:
    hot = min(HOT_AND_SETS[book.language], key=lambda name: "set" in name.lower() or "набор" in name or "套餐" in name)
    sold = Counter(line.at.month for line in book.lines if line.category == hot)
    assert sold[1] + sold[12] > 2 * (sold[7] + sold[8]) * 3 / 4  # July and August are in the data twice, like December; January once


# --- the answers --------------------------------------------------------------------------------------------------------


def test_totals(book: Book) -> None:
    totals = book.answers["totals"]
    assert totals["rows"] == len(book.lines)
    assert totals["walk_in_rows"] == sum(not line.customer for line in book.lines)
    assert totals["refund_rows"] == sum(line.refund for line in book.lines)
    assert totals["refund_rows_of_another_day"] == sum(line.at.date() != line.sold_at.date() for line in book.lines)
    across = [line for line in book.lines if line.at >= datetime.fromisoformat("2025-12-01") > line.sold_at]
    assert totals["refund_rows_of_another_delivery"] == len(across) >= 1
    assert totals["orders"] == len({line.order for line in book.lines if not line.refund})
    assert totals["standing_orders"] == len(book.orders)
    assert totals["standing_customer_orders"] == sum(bool(customer) for customer, _ in book.orders)
    assert totals["members"] == totals["customers"] == len(book.order_days) == len(book.members) == 1000
    assert totals["gross_revenue"] == digits(line.amount for line in book.lines if not line.refund)
    assert totals["net_revenue"] == digits(line.amount for line in book.lines)
    assert totals["customer_net_revenue"] == digits(book.revenue.values())


@pytest.mark.parametrize(("basis", "when"), [("order_basis", lambda line: line.sold_at), ("cash_basis", lambda line: line.at)])
def test_revenue_by_month(book: Book, basis: str, when: Callable[[Line], datetime]) -> None:
    months: dict[str, Decimal] = defaultdict(Decimal)
    for line in book.lines:
        months[f"{when(line):%Y-%m}"] += line.amount
    assert book.answers["totals"]["net_revenue_by_month"][basis] == {month: f"{total:.2f}" for month, total in sorted(months.items())}
    assert len(months) == 18


def visits(book: Book, group: str, weekdays: set[int], hours: range) -> tuple[list[Line], list[Line]]:
    """The standing lines of a group inside and outside some hours of the week."""
    mine = [line for line in book.lines if line.standing and line.customer and book_group(book)[line.customer] == group]
    inside = [line for line in mine if line.at.isoweekday() in weekdays and line.at.hour in hours]
    return inside, [line for line in mine if line not in _identity(inside)]


def book_group(book: Book) -> dict[str, str]:
    return book.group
