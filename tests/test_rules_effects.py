"""Switches: what each changes is what it says, turning it back brings the former snapshot back, and no row is lost."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.errors import RegularsError
from regulars.ingest.rules import RULES, SWITCHES
from regulars.intake.effects import RuleEffect
from regulars.surfaces.cli import run

D = Decimal
HEAD = ("订单号", "下单时间", "会员号", "商品名称", "数量", "单价", "金额", "交易类型", "状态", "备注", "收银员")
ORDERS: tuple[tuple[object, ...], ...] = (
    (1, "2024-03-01 10:00", "m1", "龙井茶", 1, 100, 100, "销售", "已完成", "", "小王"),
    (2, "2024-03-02 10:00", "m1", "会员充值", 1, 500, 500, "充值", "已完成", "", "小王"),
    (3, "2024-03-03 10:00", "m2", "龙井茶", 1, 100, 100, "销售", "已完成", "刷单勿发", "小李"),
    (4, "2024-03-03 11:00", "m3", "龙井茶", 2, 100, 200, "销售", "未核销", "", "小李"),
    (5, "2024-03-03 12:00", "m4", "补差价链接", 1, 5, 5, "销售", "已完成", "", "小李"),
    (6, "2024-03-04 12:00", "m5", "龙井茶", 1, 100, 100, "销售", "拒收", "", "小李"),
    (7, "2024-03-04 13:00", "m6", "龙井茶", 1, 60, 60, "销售", "已完成", "员工内购", "小李"),
    (8, "2024-03-04 13:30", "m6", "龙井茶", 1, 100, 100, "销售", "已完成", "", "小李"),
    (9, "2024-03-04 14:00", "m7", "运费", 1, 10, 10, "销售", "已完成", "员工内购", "小李"),
)


def write(path: Path, rows: Iterable[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def opened(folder: Path) -> rg.Workspace:
    return rg.open(folder / "shop", currency="CNY", time_zone="Asia/Shanghai", language="en")


@pytest.fixture
def shop(tmp_path: Path) -> rg.Workspace:
    ws = opened(tmp_path)
    ws.load(write(tmp_path / "orders.csv", ORDERS))
    return ws


def revenue(ws: rg.Workspace) -> Decimal:
    return sum((D(book.net_revenue) for book in ws.snapshot.books), D(0))


def of(ws: rg.Workspace, rule: str) -> RuleEffect:
    return next(effect for effect in ws.rules if effect.rule.key == rule)


def buyers(ws: rg.Workspace) -> int:
    return ws.engine.query("select count(*) as n from customer_rollup")["n"][0].as_py()


def test_what_is_no_purchase_is_loaded_listed_and_not_counted(shop: rg.Workspace) -> None:
    assert shop.imports[0].rows_loaded == len(ORDERS)
    assert revenue(shop) == 375
    problems = shop.table("problems").to_pylist()
    assert {row["rule"]: row["set_aside"] for row in problems if row["record_id"] in {"2", "3", "4"}} == {"top_up": True, "fake_order": False, "voucher": True}
    for effect in shop.rules:
        assert effect.rows == sum(row["rule"] == effect.rule.key for row in problems), effect.rule.key


def test_a_parcel_that_was_not_collected_is_a_cancelled_order(shop: rg.Workspace) -> None:
    (order,) = (row for row in shop.table("orders").to_pylist() if row["order_id"] == "6")
    assert (order["net_revenue"], str(order["cancelled_on"])) == (0, "2024-03-04")
    assert (of(shop, "unclaimed_parcel").rows, of(shop, "unclaimed_parcel").switched_on) == (1, None)


@pytest.mark.parametrize(
    "rule", [rule for rule in SWITCHES if rule in {"top_up", "fake_order", "voucher", "price_difference", "staff_purchase", "non_product"}]
)
def test_a_switch_changes_what_it_says(shop: rg.Workspace, rule: str) -> None:
    """Revenue, orders and customers, exactly; and turned back the snapshot is the same one."""
    effect = of(shop, rule)
    change = effect.books["CNY"]
    before = (shop.snapshot.id, revenue(shop), shop.snapshot.books[0].orders, buyers(shop))
    shop.switch(rule, not effect.switched_on)
    sign = 1 if effect.switched_on else -1
    after = (revenue(shop), shop.snapshot.books[0].orders, buyers(shop))
    assert after == (before[1] + sign * change.revenue, before[2] + sign * change.orders, before[3] + sign * change.customers)
    assert of(shop, rule).books["CNY"] == change, "seen from the other side it is the same"
    shop.switch(rule, bool(effect.switched_on))
    assert (shop.snapshot.id, revenue(shop), shop.snapshot.books[0].orders, buyers(shop)) == before


def test_a_row_that_two_rules_take_out_is_no_switch_of_either(shop: rg.Workspace) -> None:
    shop.switch("non_product", True)
    shop.switch("staff_purchase", True)
    staff, postage = of(shop, "staff_purchase").books["CNY"], of(shop, "non_product").books["CNY"]
    assert (staff.rows, staff.revenue, postage.rows, postage.revenue) == (2, 60, 1, 0)


def test_all_effects_together_are_the_difference(tmp_path: Path) -> None:
    """On many random rows: with every switch off, minus what each switch takes out in turn, is what is left with all of them on."""
    chance = random.Random(5)
    texts = [("龙井茶", "销售", "", "已完成"), ("会员充值", "充值", "", "已完成"), ("龙井茶", "销售", "刷单", "未核销"), ("运费", "销售", "员工内购", "已完成")]
    rows = []
    for i in range(200):
        goods, kind, note, status = chance.choice(texts)
        pieces, price = chance.choice([1, 2, -1]), chance.choice([0, 10, 25])
        rows.append((i // 2, f"2024-03-{1 + i // 10:02} 10:00", f"m{i // 2 % 30}", goods, pieces, price, pieces * price, kind, status, note, "小王"))
    ws = opened(tmp_path)
    loaded = ws.load(write(tmp_path / "orders.csv", rows))
    assert loaded.rows_in == loaded.rows_loaded + loaded.rows_rejected == len(rows)
    for rule in SWITCHES:
        ws.switch(rule, False)
    everything = left = revenue(ws)
    for rule in SWITCHES:
        left -= sum((change.revenue for change in of(ws, rule).books.values()), D(0))
        ws.switch(rule, True)
        assert revenue(ws) == left, rule
    assert left < everything


def test_a_switch_is_written_down_and_read_by_the_next_who_opens(tmp_path: Path, shop: rg.Workspace) -> None:
    other = opened(tmp_path)
    assert revenue(other) == 375
    shop.switch("top_up", False)
    assert "top_up = false" in (tmp_path / "shop" / "regulars.toml").read_text(encoding="utf-8")
    assert (revenue(other), revenue(opened(tmp_path))) == (875, 875), "one that was open already sees it as well"
    shop.switch("top_up", True)
    assert "top_up" not in (tmp_path / "shop" / "regulars.toml").read_text(encoding="utf-8"), "what is as by default needs no line"


def test_a_rule_that_is_none_or_has_no_switch_is_a_named_error(tmp_path: Path, shop: rg.Workspace) -> None:
    for rule, code in (("topup", "rule_unknown"), ("cancelled", "rule_only_flags")):
        with pytest.raises(RegularsError) as refused:
            shop.switch(rule, True)
        assert refused.value.code == code
    with pytest.raises(RegularsError, match="no data yet"):
        rg.open(tmp_path / "empty").switch("top_up", False)
    file = tmp_path / "shop" / "regulars.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[rules]\ntopup = true\n", encoding="utf-8")
    with pytest.raises(RegularsError, match="top_up = true"):
        opened(tmp_path)


def test_a_voucher_counts_when_it_is_redeemed(tmp_path: Path, shop: rg.Workspace) -> None:
    shop.load(write(tmp_path / "later.csv", [row if row[0] != 4 else (*row[:8], "已核销", *row[9:]) for row in ORDERS]))
    assert revenue(shop) == 575
    assert of(shop, "voucher").rows == 0


# ---- what another file shows


def till(path: Path, seed: int = 1) -> list[tuple[Any, ...]]:
    """Sixty receipts of a till, and what was sold."""
    chance, moment, rows = random.Random(seed), datetime(2024, 3, 1, 9, 0), []
    for i in range(60):
        moment += timedelta(minutes=chance.randrange(5, 37))
        rows.append((f"LS{2024000 + i}", moment, f"m{i % 9}", f"茶{i % 3}", chance.choice([10, 25, 18.5, 66, 128, 39.9, 77])))
    write(path, rows, ("小票号", "收银时间", "会员号", "商品名称", "金额"))
    return rows


def bill(path: Path, rows: Sequence[tuple[Any, ...]], number: str) -> Path:
    """The bill of a payment service: half a minute later, payers by a number of its own; ``number``: the order's, or its own."""
    lines = [(row[0] if number == "商户订单号" else f"42{i:09}", row[1] + timedelta(seconds=20 + i % 9), f"wx{row[2]}", row[4]) for i, row in enumerate(rows)]
    return write(path, lines, (number, "交易时间", "会员号", "交易金额"))


@pytest.mark.parametrize("number", ["商户订单号", "交易单号"])
@pytest.mark.parametrize("bill_first", [False, True])
def test_an_order_of_till_and_payment_bill_counts_once(tmp_path: Path, number: str, bill_first: bool) -> None:
    rows = till(tmp_path / "till.csv")
    files = [tmp_path / "till.csv", bill(tmp_path / "bill.csv", rows, number)]
    ws = opened(tmp_path)
    for file in reversed(files) if bill_first else files:
        ws.load(file)
    assert revenue(ws) == sum(D(str(row[4])) for row in rows)
    effect = of(ws, "same_payment")
    assert (effect.rows, effect.books["CNY"].revenue) == (60, revenue(ws))
    told = [row for row in ws.table("problems").to_pylist() if row["rule"] == "same_payment"]
    assert {(row["import_id"], row["because_of"]) for row in told} == {tuple(one.id for one in ws.imports)[:: 1 if bill_first else -1]}
    assert {row["product_id"] for row in ws.table("order_lines").to_pylist()} == {"茶0", "茶1", "茶2"}, "the till's rows stay: they name the goods"


def test_a_bill_of_another_shop_counts(tmp_path: Path) -> None:
    rows, others = till(tmp_path / "till.csv"), till(tmp_path / "other.csv", seed=2)
    ws = opened(tmp_path)
    ws.load(tmp_path / "till.csv")
    ws.load(bill(tmp_path / "bill.csv", others, "交易单号"))
    assert revenue(ws) == sum(D(str(row[4])) for row in (*rows, *others))
    assert of(ws, "same_payment").rows == 0


def test_what_came_late_is_flagged_and_counts(tmp_path: Path, shop: rg.Workspace) -> None:
    day = "2024-04-{:02} 10:00"
    fresh = [(100 + i, day.format(1 + i), "m1", "龙井茶", 1, 100, 100, "销售", "已完成", "", "小王") for i in range(20)]
    shop.load(write(tmp_path / "april.csv", [*fresh, (99, "2024-01-10 10:00", "m1", "龙井茶", 1, 100, 100, "销售", "已完成", "", "小王")]))
    (late,) = (row for row in shop.table("problems").to_pylist() if row["rule"] == "late_row")
    assert (late["record_id"], late["because_of"], late["set_aside"]) == ("99", shop.imports[0].id, False)
    shop.load(write(tmp_path / "old.csv", [(i, f"2023-05-{1 + i:02} 10:00", "m1", "龙井茶", 1, 100, 100, "销售", "已完成", "", "小王") for i in range(9)]))
    assert of(shop, "late_row").rows == 1, "a file that fills in the past is not late"


# ---- the command line


def test_rules_are_listed_and_switched_from_the_command_line(tmp_path: Path, shop: rg.Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--workspace", str(tmp_path / "shop")]
    assert run(["rules", *place]) == 0
    assert "¥500.00" in capsys.readouterr().out
    before = shop.snapshot.id
    assert run(["rules", "top_up", "off", *place]) == 0
    assert "regulars rules top_up on" in capsys.readouterr().out
    assert run(["rules", "--json", *place]) == 0
    listed = {one["rule"]: one for one in json.loads(capsys.readouterr().out)["data"]["rules"]}
    assert listed.keys() == {rule.key for rule in RULES}
    assert (listed["top_up"]["switched_on"], listed["top_up"]["books"]["CNY"]["revenue"], listed["cancelled"]["switched_on"]) == (False, 500.0, None)
    assert run(["rules", "top_up", "on", "--json", *place]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["snapshot"] == before
    for words in (["rules", "top_up"], ["rules", "top_up", "maybe"], ["rules", "topup", "on"]):
        assert run([*words, *place]) == 2


@pytest.mark.parametrize("language", ["zh_CN", "uk"])
def test_every_rule_is_shown_in_every_language(shop: rg.Workspace, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--all", "--language", language, "--workspace", str(tmp_path / "shop")]) == 0
    shown = capsys.readouterr().out
    assert all(rule.key in shown for rule in RULES)


def test_what_another_file_showed_ends_with_that_file(tmp_path: Path) -> None:
    """Without the till's export the bill's rows count again; with it they do not."""
    rows = till(tmp_path / "till.csv")
    ws = opened(tmp_path)
    ws.load(tmp_path / "till.csv")
    ws.load(bill(tmp_path / "bill.csv", rows[:40], "商户订单号"))
    whole, billed = revenue(ws), sum((D(str(row[4])) for row in rows[:40]), D(0))
    ws.undo(ws.imports[0].id)
    told = [row["rule"] for row in ws.table("problems").to_pylist()]
    assert (revenue(ws), of(ws, "same_payment").rows, told.count("same_payment")) == (billed, 0, 0)
    ws.redo()
    assert (revenue(ws), of(ws, "same_payment").rows) == (whole, 40)


def test_a_reader_with_limited_rights_sees_no_rules(shop: rg.Workspace) -> None:
    with pytest.raises(RegularsError, match="rules"):
        _ = shop.seen_by(rg.Rights(customers="customer_id = 'm1'")).rules
