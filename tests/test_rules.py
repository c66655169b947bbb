"""Rules: each finds what it is for, in Chinese, Ukrainian and English, and leaves alone what only looks like it."""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from pathlib import Path

import pytest

from ingest_files import load, parts
from regulars.ingest.rules import DIMENSIONS, RULE, RULES, SWITCHES, set_aside
from regulars.ingest.rules.records import variants
from regulars.ingest.rules.words import rough_pattern, says, word_lists
from regulars.schema import PART_TABLES

HEADER = (
    "order id",
    "date",
    "customer id",
    "customer name",
    "product code",
    "product",
    "quantity",
    "price",
    "amount",
    "type",
    "status",
    "customer group",
    "note",
    "shop",
    "cashier",
)
PLAIN = {
    "quantity": "1",
    "price": "10.00",
    "amount": "10.00",
    "type": "sale",
    "status": "completed",
    "product": "Green tea 100 g",
    "product code": "A1",
    "shop": "High Street",
    "cashier": "Olha",
}


def found(folder: Path, *rows: dict[str, object], header: tuple[str, ...] = HEADER) -> dict[str, list[int]]:
    """Rule → the rows (by place in ``rows``) that it finds among these and thirty plain ones."""
    path = folder / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        writer.writeheader()
        plain = [PLAIN | {"order id": 1000 + i, "date": f"2024-03-{1 + i % 28:02} {9 + i % 9}:15:00", "customer id": f"c{i % 7}"} for i in range(30)]
        for i, row in enumerate([*rows, *plain]):
            writer.writerow(PLAIN | {"order id": 5000 + i, "date": f"2024-03-05 {10 + i // 60}:{i % 60:02}:00", "customer id": f"d{i}"} | row)
    load(path, folder / "out", currency="GBP")
    told: dict[str, list[int]] = defaultdict(list)
    for problem in parts(folder / "out", "problems"):
        told[problem["rule"]].append(problem["source_row"] - 2)
    return told


WORDS: list[tuple[str, str, str, str]] = [
    # rule, column, a text that says so, a text that only looks like it
    ("top_up", "product", "会员卡充值500元", "手机充值线 1米"),
    ("top_up", "product", "储值卡 1000元", "手机话费充值 50元"),
    ("top_up", "type", "储值", "储值消费"),
    ("top_up", "product", "Поповнення балансу картки", "Поповнення асортименту: чай"),
    ("top_up", "product", "Top-up 50", "Topcoat 50 ml"),
    ("deposit_balance", "note", "付定金", "固定金额优惠"),
    ("deposit_balance", "product", "尾款 红木茶桌", "末尾特价茶"),
    ("deposit_balance", "note", "передоплата 50 %", "без передоплати"),
    ("deposit_balance", "product", "Deposit for tea table", "Bottle deposit"),
    ("refund_without_return", "note", "仅退款", "退货退款"),
    ("refund_without_return", "note", "без повернення товару", "повернення товару"),
    ("refund_without_return", "note", "Refund only, keep the item", "refund and return"),
    ("fake_order", "note", "刷单 勿发货", "客户问为何不刷单"),
    ("fake_order", "note", "Тестове замовлення", "Тест на вагітність — у подарунок"),
    ("fake_order", "note", "test order, do not ship", "hair brushing gift set"),
    ("staff_purchase", "customer group", "员工内购", "非员工"),
    ("staff_purchase", "customer group", "Співробітники", "Персональна знижка"),
    ("staff_purchase", "customer group", "Staff", "Walking staff club"),
    ("voucher", "status", "待核销", "已核销"),
    ("voucher", "status", "Не використано", "Використано"),
    ("voucher", "status", "Not yet redeemed", "Redeemed"),
    ("price_difference", "product", "补差价专用链接", "无差价保证茶"),
    ("price_difference", "product", "Доплата за доставку", "Чай без доплат"),
    ("price_difference", "product", "Pay the difference", "Different teas"),
    ("unclaimed_parcel", "status", "拒收", "已签收"),
    ("unclaimed_parcel", "status", "Відмова від отримання", "Отримано"),
    ("unclaimed_parcel", "status", "Returned to sender", "Collected"),
    ("non_product", "product", "运费", "免运费绿茶"),
    ("non_product", "product", "Доставка Новою поштою", "Чай з доставкою"),
    ("non_product", "product", "Gift voucher £20", "Gift voucher holder"),
    ("non_product", "product code", "POST", "POSTER1"),
]


def test_every_rule_with_words_is_tried_in_every_language() -> None:
    tried = {rule for rule, *_ in WORDS}
    assert tried == {rule.key for rule in RULES if rule.words}
    for rule in (RULE[key] for key in tried):
        assert {"zh", "uk", "en"} <= word_lists()[rule.words].keys()


def test_no_word_is_lost_on_the_way() -> None:
    """The pattern that finds the texts worth a look lets every word through, and each word is recognised."""
    for rule in RULES:
        for language, words in word_lists()[rule.words].items() if rule.words else ():
            for word in words:
                text = word.strip("=*")
                assert re.search(rough_pattern(rule.words), text.lower()) or language == "not"
                assert language == "not" or says(rule.words, text), f"{rule.key}: {word}"


ROWS: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("cancelled", {"status": "cancelled"}, {"status": "not cancelled"}),
    ("refund_without_return", {"quantity": "0", "amount": "-10.00"}, {"quantity": "-1", "amount": "-10.00"}),
    ("zero_price", {"price": "0", "amount": "0"}, {"price": "0.01", "amount": "0.01"}),
    ("negative_price", {"price": "-10", "amount": "-10"}, {"quantity": "-1", "amount": "-10"}),
    ("amount_outlier", {"price": "100.00", "amount": "100.00"}, {"quantity": "10", "price": "10.00", "amount": "100.00"}),
    ("amount_outlier", {"price": "1.00", "amount": "1.00"}, {"price": "5.00", "amount": "5.00"}),
    ("amount_outlier", {"quantity": "2", "price": "10000", "amount": "20000"}, {"quantity": "1000", "price": "9.00", "amount": "9000"}),
    ("amount_mismatch", {"quantity": "2", "price": "10.00", "amount": "30.00"}, {"quantity": "3", "price": "10.00", "amount": "30.00"}),
    ("impossible_date", {"date": "1988-03-05 10:00:00"}, {"date": "2021-03-05 10:00:00"}),
    ("impossible_date", {"date": "2005-03-05 10:00:00"}, {"date": "2020-01-05 10:00:00"}),
    ("customer_missing", {"customer id": ""}, {"customer id": "x1"}),
    ("label_variant", {"shop": "high  street"}, {"shop": "Low Street"}),
    ("label_variant", {"shop": "High-Street"}, {"shop": "High Street 2"}),
]


def worded(column: str, text: str) -> dict[str, object]:
    """A row whose column says something; a product is known by what is said of it."""
    return {column: text} | ({"product code": ""} if column == "product" else {})


CASES = [*((rule, worded(column, yes), worded(column, no)) for rule, column, yes, no in WORDS), *ROWS]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """Every case in one file, the row that is meant before the row that only looks like it."""
    return found(tmp_path_factory.mktemp("cases"), *(row for _, yes, no in CASES for row in (yes, no)))


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda case: f"{CASES[case][0]}-{case}")
def test_a_rule_knows_its_rows(case: int, judged: dict[str, list[int]]) -> None:
    assert (2 * case in judged[CASES[case][0]], 2 * case + 1 in judged[CASES[case][0]]) == (True, False), CASES[case]


def test_copies_are_flagged_from_the_second_on(tmp_path: Path) -> None:
    same = {"order id": 7, "date": "2024-03-05 10:00:00", "customer id": "c1"}
    assert found(tmp_path, same, same, same, same | {"note": "second cup"})["duplicate_row"] == [1, 2]


def test_a_line_number_tells_two_equal_lines_apart(tmp_path: Path) -> None:
    same = {"order id": 7, "date": "2024-03-05 10:00:00", "customer id": "c1"}
    assert not found(tmp_path, same | {"line": 1}, same | {"line": 2}, header=(*HEADER, "line"))["duplicate_row"]


def test_a_number_used_again_and_numbers_that_start_over(tmp_path: Path) -> None:
    two = (
        {"order id": 7, "customer id": "c1"},
        {"order id": 7, "customer id": "c2"},
        {"order id": 8, "customer id": "c1"},
        {"order id": 8, "customer id": "c1"},
    )
    assert found(tmp_path, *two)["id_reused"] == [0, 1]
    daily = [{"order id": i % 10, "customer id": f"c{i}"} for i in range(50)]
    (tmp_path / "daily").mkdir()
    assert not found(tmp_path / "daily", *daily)["id_reused"], "a till that counts from one every day"


def test_a_return_without_its_mark(tmp_path: Path) -> None:
    marked, bare = {"quantity": "-1", "amount": "-10", "status": "returned"}, {"quantity": "-1", "amount": "-10"}
    assert found(tmp_path, marked, bare)["unmarked_return"] == [1]
    (tmp_path / "bare").mkdir()
    assert not found(tmp_path / "bare", bare, bare)["unmarked_return"], "no row bears a mark here"


PEOPLE: list[tuple[str, str, str, str]] = [
    ("phone_default", "phone", "13800138000", "13912345670"),
    ("phone_default", "phone", "000000000", "0671234589"),
    ("phone_masked", "phone", "138****1234", "13912345670"),
    ("phone_virtual", "phone", "17012345609", "13912345670"),
    ("phone_invalid", "phone", "12345", "13912345670"),
    ("email_test", "email", "test@test.com", "tester.jones@tea.co.uk"),
    ("email_invalid", "email", "ann.example.com", "ann@example.org"),
    ("name_test", "name", "测试", "测海涛"),
    ("name_test", "name", "Тест", "Тестенко Олена"),
    ("name_test", "name", "aaa", "Aaron Lee"),
    ("birth_default", "birthday", "1900-01-01", "1987-06-05"),
]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """Every case in one list of customers."""
    return people(tmp_path_factory.mktemp("people"), *({column: text} for _, column, *texts in PEOPLE for text in texts))


@pytest.mark.parametrize("case", range(len(PEOPLE)), ids=lambda case: f"{PEOPLE[case][0]}-{case}")
def test_a_rule_knows_values_that_stand_for_nobody(case: int, known: dict[str, list[int]]) -> None:
    assert (2 * case in known[PEOPLE[case][0]], 2 * case + 1 in known[PEOPLE[case][0]]) == (True, False), PEOPLE[case]


def people(folder: Path, *rows: dict[str, str]) -> dict[str, list[int]]:
    """Rule → the rows that it finds in a list of customers, among these and twenty plain ones."""
    head = ("customer id", "name", "phone", "email", "birthday")
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, restval="")
        writer.writeheader()
        plain = [
            {"name": f"Zhang {chr(65 + i)}wei", "phone": f"1391234{5600 + 7 * i}", "email": f"z{i}k@tea.cn", "birthday": f"19{70 + i}-04-{3 + i:02}"}
            for i in range(20)
        ]
        for i, row in enumerate([*({"phone": "13912345671"} | row for row in rows), *plain]):
            writer.writerow({"customer id": f"k{100 + i}"} | row)
    load(folder / "customers.csv", folder / "out", currency="CNY")
    told: dict[str, list[int]] = defaultdict(list)
    for problem in parts(folder / "out", "problems"):
        told[problem["rule"]].append(problem["source_row"] - 2)
    return told


def test_nobody_can_reach_them(tmp_path: Path) -> None:
    assert people(tmp_path, {"phone": ""}, {"phone": "", "email": "ann@tea.cn"})["contact_missing"] == [0]


def test_a_problem_says_where_who_and_how_much(tmp_path: Path) -> None:
    found(tmp_path, {"order id": 7, "customer id": "c1", "amount": "10", "note": "test order", "cashier": "Ann"})
    (told,) = (problem for problem in parts(tmp_path / "out", "problems") if problem["rule"] == "fake_order")
    assert (told["import_id"], told["source_row"], told["about"], told["field"]) == ("i1", 2, "sales", "remark")
    assert (told["record_id"], told["customer_id"], told["staff"], float(told["amount"]), told["currency"]) == ("7", "c1", "Ann", 10.0, "GBP")
    assert (told["value"], str(told["happened_on"]), told["because_of"]) == ("test order", "2024-03-05", None)


def test_fields_and_values_are_counted(tmp_path: Path) -> None:
    found(tmp_path, {"cashier": "Ann", "shop": ""}, {"cashier": "Ann", "amount": "-3", "quantity": "-1"})
    fields = {(row["about"], row["field"], row["staff"]): row for row in parts(tmp_path / "out", "field_counts")}
    shop = fields["sales", "store", "Ann"]
    assert (shop["records"], shop["filled"], shop["distinct_values"]) == (2, 1, 1)
    assert fields["sales", "order_id", "Olha"]["distinct_values"] == 30
    place = {"import_id", "source_sheet", "source_row"}
    of_goods = {("sales", name) for name in PART_TABLES["products"].columns if name not in place}
    own = {(table, column) for table in ("sales", "customers", "products") for column in PART_TABLES[table].columns if column not in place}
    assert {(about, field) for about, field, _ in fields} == own | of_goods, "what a row of sales says of goods is counted by rows of sales as well"
    values = {(row["field"], row["bucket"]): row["records"] for row in parts(tmp_path / "out", "value_counts") if row["about"] == "sales"}
    assert (values["store", "High Street"], values["amount", "2^3"], values["amount", "-2^1"], values["ordered_at", "2024-03"]) == (31, 31, 1, 32)
    assert not any(field in {"order_id", "customer_id"} for field, _ in values), "what names a single record is counted, not listed"


def test_a_rare_slip_is_one_letter_away_from_a_long_word() -> None:
    staff = {"Oleksandr": 100, "Oleksandra": 90, "Oleksandt": 1, "Anna": 100, "Anne": 1, "龙井茶专卖店": 100, "龙井茶专买店": 1}
    assert variants(staff) == {"Oleksandt"}


def test_rules_are_told_apart_and_say_what_they_are() -> None:
    assert len(RULE) == len(RULES)
    for rule in RULES:
        assert rule.title and rule.meaning.endswith(".") and rule.dimension in DIMENSIONS
        assert rule.takes_out or not rule.on, f"{rule.key} has no switch"
        assert not rule.takes_out or rule.about[0] == "sales"
    assert set_aside({}) == tuple(key for key, on in SWITCHES.items() if on) == ("top_up", "voucher", "same_payment")
    assert set_aside({"top_up": False, "fake_order": True}) == ("fake_order", "voucher", "same_payment")


def test_the_document_lists_every_rule_as_it_is() -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "how-to" / "rules.md").read_text(encoding="utf-8")
    listed = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in text.splitlines() if line.startswith("| `")]
    does = {True: "takes out: on", False: "takes out: off"}
    assert listed == [(f"`{rule.key}`", rule.title, rule.meaning, does[rule.on] if rule.takes_out else "flags") for rule in RULES]


@pytest.mark.parametrize("rate", [0.01, 0.03, 0.05])
def test_misplaced_points_are_found_and_large_orders_are_not(rate: float, tmp_path: Path) -> None:
    """Of planted errors at least 95 in a hundred are found; of the other rows, bulk orders and rebates among them, at most one in a hundred is flagged."""
    chance = random.Random(8)
    usual = {f"P{i}": chance.choice([2.5, 9.9, 18, 45, 120, 480]) for i in range(20)}
    rows, planted = [], set()
    for i in range(2_000):
        product = chance.choice(list(usual))
        price = round(usual[product] * chance.choice([1, 1, 1, 0.9, 0.8, 1.05]), 2)
        pieces = chance.choice([1, 1, 2, 3, 10, 100, 1000])
        if wrong := chance.random() < rate:
            planted.add(i)
        amount = price * pieces * (chance.choice([10, 100, 0.1]) if wrong else 1)
        rows.append((i, f"2024-03-{1 + i % 28:02}", f"c{i % 90}", product, pieces, f"{amount:.2f}"))
    with (tmp_path / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("order id", "date", "customer id", "product", "quantity", "amount"), *rows])
    load(tmp_path / "orders.csv", tmp_path / "out", currency="GBP")
    flagged = {problem["source_row"] - 2 for problem in parts(tmp_path / "out", "problems") if problem["rule"] == "amount_outlier"}
    assert len(flagged & planted) >= 0.95 * len(planted)
    assert len(flagged - planted) <= 0.01 * len(rows)


def test_a_birthday_that_too_many_share_stands_for_none(tmp_path: Path) -> None:
    shared, cards = [{"birthday": "1985-02-03"}] * 10, [{"birthday": "1991-07-08"}] * 6
    assert people(tmp_path, *shared, *cards)["birth_default"] == list(range(10)), "six cards may well be one person"
