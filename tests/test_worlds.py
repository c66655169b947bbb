"""Worlds: the files are what a shop would have, the answer sheet is right, and every planted truth can be left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import RegularsError
from regulars.i18n import LANGUAGES, Language
from regulars.worlds import WORLDS, Made, TeaShop, world
from regulars.worlds.chance import choose, dice, spread
from world_files import GROUPS, Book, Line, Window, cells, deciles, digits, excellent_lapsed, families, moment, read, students

PLANTS = frozenset({"hours", "deciles", "ghosts", "lapsing_loyal"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="module")
def worlds(folder: Path) -> dict[Language, Made]:
    return {language: TeaShop(language=language).write(folder / language) for language in LANGUAGES}


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, worlds: dict[Language, Made]) -> Made:
    return worlds[request.param]


@pytest.fixture(scope="module")
def book(made: Made) -> Book:
    return read(made)


def without(truth: str, folder: Path) -> Book:
    return read(TeaShop(plant=PLANTS - {truth}).write(folder / f"without_{truth}"))


def test_same_parameters_same_bytes(made: Made, tmp_path: Path) -> None:
    again = TeaShop(language=made.language).write(tmp_path)
    assert [p.name for p in again.files] == [p.name for p in made.files]
    for old, new in zip((*made.files, made.answers), (*again.files, again.answers), strict=True):
        assert old.read_bytes() == new.read_bytes(), new.name
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".tmp")]


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    assert len({TeaShop(seed=seed, customers=200).write(tmp_path / str(seed)).files[0].read_bytes() for seed in (1, 2)}) == 2


def test_one_seed_tells_one_story_in_every_language(worlds: dict[Language, Made]) -> None:
    stories = set()
    for made in worlds.values():
        lines = read(made).lines
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


def test_the_workbook_has_a_title_and_totals(worlds: dict[Language, Made]) -> None:
    rows = cells(worlds["zh_CN"].files[0], "zh_CN")
    assert rows[0][0] == "南风茶铺 销售明细 2024-07-01 至 2025-11-30"
    assert rows[0][1:] == [""] * 15
    assert rows[1][:3] == ["单号", "会员号", "姓名"]
    assert rows[-1][0] == "合计"
    for column in (9, 11, 12, 13):
        assert Decimal(rows[-1][column]) == sum(Decimal(row[column]) for row in rows[2:-1])
    phones = {row[3] for row in rows[2:-1] if row[14] == "美团外卖" and row[1]}
    assert phones
    assert all(phone[3:7] == "****" for phone in phones)


def test_the_text_export_is_cp1251_with_decimal_commas(worlds: dict[Language, Made]) -> None:
    path = worlds["uk"].files[0]
    assert path.read_bytes().startswith("№ чека;Код клієнта;".encode("cp1251"))
    assert all("," in row[12] and "." not in row[12] for row in cells(path, "uk")[1:])


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
    def hot_share(months: set[int]) -> float:
        sold = [line.code.startswith("HD") for line in book.lines if line.at.month in months]
        return sum(sold) / len(sold)

    assert hot_share({12, 1, 2}) > 2 * hot_share({6, 7, 8})


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


@pytest.mark.parametrize(("who", "find"), [("students", students), ("families", families)])
def test_hours(book: Book, who: str, find: Callable[[Book], Window]) -> None:
    answer, found = book.answers["planted"]["hours"][who], find(book)
    assert (answer["orders"], answer["all_orders"]) == (found.orders, found.all_orders)
    assert answer["order_share"] == pytest.approx(found.orders / found.all_orders, abs=1e-6)
    assert answer["busy_factor"] == pytest.approx(found.busy_factor, abs=1e-4)
    assert answer["category_line_share"] == pytest.approx(found.line_share, abs=1e-6)
    assert answer["category_line_share_elsewhere"] == pytest.approx(found.line_share_elsewhere, abs=1e-6)
    assert found.busy_factor > 4
    assert found.line_share > found.line_share_elsewhere + 0.25


def test_the_students_busiest_hours_are_wednesday_15_and_16(book: Book) -> None:
    groups = book.groups
    mine = [line for line in book.lines if line.standing and groups.get(line.customer) == GROUPS[book.language][0]]
    heat = Counter((weekday, hour) for _, weekday, hour in {(line.order, line.at.isoweekday(), line.at.hour) for line in mine})
    assert {cell for cell, _ in heat.most_common(2)} == {(3, 15), (3, 16)}


def test_deciles(book: Book) -> None:
    answer, revenue, groups = book.answers["planted"]["deciles"], book.revenue, deciles(book)
    total = sum(revenue.values())
    assert answer["group_sizes"] == [100] * 10
    assert answer["tied_borders"] == 0
    assert answer["groups"] == [sorted(group) for group in groups]
    assert answer["group_revenue"] == [digits(revenue[c] for c in group) for group in groups]
    assert answer["group_share"] == pytest.approx([float(sum(revenue[c] for c in group) / total) for group in groups], abs=1e-6)
    assert answer["top_share"] == answer["group_share"][0] > 0.4
    assert min(revenue.values()) > 0


def test_ghosts(book: Book) -> None:
    answer, revenue = book.answers["planted"]["ghosts"], book.revenue
    listed = {m[0]: m for m in book.members}
    crowded = {address: {c for c, m in listed.items() if m[9] == address} for address, n in Counter(m[9] for m in book.members).items() if n > 2}
    assert {p["address"]: set(p["customer_ids"]) for p in answer["persons"]} == crowded
    assert sorted(len(ids) for ids in crowded.values()) == [7, 7, 8]
    for person in answer["persons"]:
        records = [listed[c] for c in person["customer_ids"]]
        assert len({m[1] for m in records}) == len({m[2] for m in records}) == len(records)
        assert person["orders"] == sum(customer in person["customer_ids"] for customer, _ in book.orders)
        assert person["net_revenue"] == digits(revenue[c] for c in person["customer_ids"])
    assert answer["customers_after_merging"] == 1000 - 22 + 3


def test_households_share_an_address_and_are_two_persons(book: Book) -> None:
    listed = {m[0]: m for m in book.members}
    pairs = book.answers["totals"]["households"]
    shared = Counter(m[9] for m in book.members)
    assert len(pairs) == sum(count == 2 for count in shared.values()) == 12
    for one, other in pairs:
        assert listed[one][9] == listed[other][9]
        assert listed[one][1] != listed[other][1]


def test_lapsing_loyal(book: Book, made: Made) -> None:
    answer, revenue, days = book.answers["planted"]["lapsing_loyal"], book.revenue, book.order_days
    ids = set(answer["customer_ids"])
    assert len(ids) == 40
    assert ids <= excellent_lapsed(book) == set(answer["excellent_lapsed"])
    assert {line.shop for line in book.lines if line.customer in ids} == {answer["store"]}
    last = [days[c][-1] for c in ids]
    assert (answer["last_order_from"], answer["last_order_to"]) == (min(last).isoformat(), max(last).isoformat())
    assert all(245 <= (made.as_of - day).days <= 300 for day in last)
    assert answer["least_tenure_days"] == min((days[c][-1] - days[c][0]).days for c in ids) > 210
    assert answer["net_revenue"] == digits(revenue[c] for c in ids)
    year = made.as_of - timedelta(days=364)
    assert answer["year_revenue"] == digits(line.amount for line in book.lines if line.customer in ids and line.sold_at.date() >= year)
    assert Decimal(answer["money_bar"]) == pytest.approx(7 * Decimal(answer["average_order_value"]), abs=Decimal("0.05"))


def test_without_hours_no_group_has_an_hour_of_its_own(folder: Path) -> None:
    book = without("hours", folder)
    assert book.answers["planted"].keys() == PLANTS - {"hours"}
    for found in (students(book), families(book)):
        assert found.busy_factor < 1.6
        assert abs(found.line_share - found.line_share_elsewhere) < 0.12


def test_without_deciles_spend_is_even(folder: Path) -> None:
    book = without("deciles", folder)
    revenue = book.revenue
    assert sum(revenue[c] for c in deciles(book)[0]) / sum(revenue.values()) < Decimal("0.32")


def test_without_ghosts_no_address_has_more_than_a_pair(folder: Path) -> None:
    book = without("ghosts", folder)
    assert max(Counter(m[9] for m in book.members).values()) == 2
    assert len(book.order_days) == 1000


def test_without_lapsing_loyal_no_shop_loses_its_regulars(folder: Path, worlds: dict[Language, Made]) -> None:
    def lost(book: Book) -> int:
        home = {line.customer: line.shop for line in book.lines}
        return sum(home[c] == book.answers["shops"][1] for c in excellent_lapsed(book))

    assert lost(read(worlds["en"])) >= 40
    assert lost(without("lapsing_loyal", folder)) < 20


def test_a_world_is_found_by_name() -> None:
    assert world("tea-shop") is TeaShop
    assert TeaShop in WORLDS
    assert TeaShop.truths.keys() == PLANTS
    with pytest.raises(RegularsError, match="tea-shop") as caught:
        world("tea-shpo")
    assert caught.value.code == "setting_wrong"


@pytest.mark.parametrize(
    "wrong",
    [{"language": "fr"}, {"seed": -1}, {"customers": 199}, {"customers": 10_001}, {"months": 17}, {"months": 37}, {"plant": frozenset({"gold"})}],
)
def test_bounds_refuse_their_neighbour(wrong: dict[str, Any]) -> None:
    with pytest.raises(RegularsError, match=next(iter(wrong))) as caught:
        TeaShop(**wrong)
    assert caught.value.code == "setting_wrong"


def test_a_folder_that_cannot_be_made_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(RegularsError) as caught:
        TeaShop(customers=200).write(tmp_path / "taken")
    assert caught.value.code == "not_writable"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), customers=st.integers(200, 400), months=st.integers(18, 24), plant=st.frozensets(st.sampled_from(sorted(PLANTS))))
def test_every_world_keeps_its_promises(tmp_path_factory: pytest.TempPathFactory, seed: int, customers: int, months: int, plant: frozenset[str]) -> None:
    made = TeaShop(seed=seed, customers=customers, months=months, plant=plant).write(tmp_path_factory.mktemp("any"))
    book = read(made)
    assert book.answers["planted"].keys() == plant
    assert len(book.order_days) == len(book.members) == customers
    assert max(line.at for line in book.lines).date() == made.as_of
    assert book.answers["totals"]["net_revenue"] == digits(line.amount for line in book.lines)
    if "lapsing_loyal" in plant:
        assert set(book.answers["planted"]["lapsing_loyal"]["customer_ids"]) <= excellent_lapsed(book)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any), st.integers(0, 99))
def test_a_choice_never_falls_on_weight_zero(weights: list[int], seed: int) -> None:
    assert all(weights[i] > 0 for i in choose(dice(seed, "test").random(200), weights))


@given(st.integers(1, 500), st.integers(500, 100_000), st.integers(0, 10**6))
def test_spread_numbers_are_different_and_fit(count: int, space: int, offset: int) -> None:
    numbers = spread(count, space, offset)
    assert len(set(numbers.tolist())) == count
    assert 0 <= numbers.min() <= numbers.max() < space
