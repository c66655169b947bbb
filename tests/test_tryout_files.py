"""Order files as new users have them: what each export says in money, people and rows is what the workspace holds after one load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

import regulars as rg
from ingest_files import write_book, write_text

D = Decimal
OPENED = datetime(2023, 1, 7, 9, 5, 31, tzinfo=UTC).replace(tzinfo=None)
GOODS = (("T01", "Green tea", D("268.00")), ("T02", "Teapot", D("1234.50")), ("T03", "Cup", D("58.80")))
LAST = 59


class Sale(NamedTuple):
    """One line of the book behind every file: who bought what, when, how many pieces at which price."""

    order: int
    when: datetime
    who: int
    code: str
    what: str
    pieces: int
    price: D

    @property
    def money(self) -> D:
        return self.pieces * self.price


class Truth(NamedTuple):
    """What a file truly holds: net revenue, customers, rows that are no sales (totals, headings, top-ups)."""

    revenue: D
    customers: int = 12
    rejected: int = 0


SALES = tuple(
    Sale(n + 1001, OPENED + timedelta(days=n * 8, minutes=n * 11), n * n % 23, *GOODS[(n + k) % 3][:2], n % 3 + 1, GOODS[(n + k) % 3][2])
    for n in range(LAST + 1)
    for k in range(n % 2 + 1)
)
ORDERS = tuple((order, tuple(lines)) for order, lines in groupby(SALES, lambda sale: sale.order))
REVENUE = sum((sale.money for sale in SALES), D(0))


def comma(amount: D, sign: str = "") -> str:
    """1234.5 as 1 234,50, with a no-break space, as Ukrainian programs write it."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",") + sign


def chinese_till(path: Path) -> Truth:
    """GB18030; two title rows; number, time and member on an order's first row only; a subtotal per ten orders and a total."""
    rows: list[list[object]] = [["龙泉茶庄 销售明细表"], ["导出时间：2024-06-01"], ["单据号", "销售时间", "会员卡号", "商品名称", "数量", "单价", "金额"]]
    for n, (order, lines) in enumerate(ORDERS, 1):
        for k, sale in enumerate(lines):
            head = ["", "", ""] if k else [f"XS{order}", sale.when, f"{sale.who:06}"]
            rows.append([*head, sale.what, sale.pieces, sale.price, sale.money])
        if n % 10 == 0:
            rows.append(["小计", "", "", "", "", "", "99.00"])
    write_text(path, [*rows, ["合计", "", "", "", "", "", REVENUE]], encoding="gb18030")
    return Truth(REVENUE, rejected=len(ORDERS) // 10 + 1)


def chinese_member_card(path: Path) -> Truth:
    """A member card's ledger: top-ups are loaded and set aside, balances before and after are no amounts."""
    rows: list[list[object]] = [["会员卡号", "交易时间", "交易类型", "消费前余额", "交易金额", "消费后余额", "获得积分"]]
    rows += [[f"{s.who:06}", s.when, "消费", "9000.00", s.money, 9000 - s.money, int(s.money)] for s in SALES]
    rows += [[f"{n:06}", OPENED, "充值", "0.00", "2000.00", "2000.00", "0"] for n in (0, 1, 4)]
    write_text(path, rows, encoding="gb18030")
    return Truth(REVENUE)


def chinese_noon(path: Path) -> Truth:
    """Twelve-hour times in Chinese, and a yuan sign on every amount."""
    rows = [[s.when.strftime(f"%Y/%m/%d {'上午' if s.when.hour < 12 else '下午'} %I:%M:%S"), f"1380571{s.who:04}", f"￥{s.money}"] for s in SALES]
    write_text(path, [["消费时间", "会员手机号", "实付"], *rows])
    return Truth(REVENUE)


def chinese_two_row_header(path: Path) -> Truth:
    """A workbook whose header has two rows, after a sheet of remarks."""
    rows: list[list[object]] = [
        ["订单信息", None, "客户信息", "商品信息", None, None, "金额"],
        ["订单号", "下单时间", "会员编号", "商品", "数量", "单价", "实付"],
    ]
    rows += [[float(s.order), s.when, float(s.who + 100), s.what, s.pieces, float(s.price), float(s.money)] for s in SALES]
    write_book(path, {"说明": [["本表由系统导出"]], "订单": rows})
    return Truth(REVENUE)


def ukrainian_ledger(path: Path) -> Truth:
    """CP1251, title rows, 1 234,50 with no-break spaces, pieces as 1,000, a totals row."""
    rows: list[list[object]] = [["ТОВ «Чай»"], ["Реалізація за період"], ["Дата", "Номер", "Код клієнта", "Номенклатура", "Кількість", "Ціна", "Сума"]]
    rows += [[f"{s.when:%d.%m.%Y %H:%M:%S}", f"КР-{s.order}", f"К{s.who:03}", s.what, f"{s.pieces},000", comma(s.price), comma(s.money)] for s in SALES]
    write_text(path, [*rows, ["Разом", "", "", "", "", "", comma(REVENUE)]], encoding="cp1251", delimiter=";")
    return Truth(REVENUE, rejected=1)


def ukrainian_returns(path: Path) -> Truth:
    """Refunds with a true minus sign or in brackets, days after the sale."""
    rows = [[s.order, f"{s.when:%d.%m.%Y}", f"К{s.who}", s.what, s.pieces, comma(s.price), comma(s.money)] for s in SALES]
    back = [SALES[4], SALES[20]]
    for form, s in zip(("\u2212{}", "({})"), back, strict=True):
        rows.append(
            [f"{s.order}-П", f"{s.when + timedelta(3):%d.%m.%Y}", f"К{s.who}", s.what, f"\u2212{s.pieces}", comma(s.price), form.format(comma(s.money))]
        )
    write_text(path, [["Чек", "Дата", "Картка клієнта", "Товар", "К-ть", "Ціна, грн", "Сума, грн"], *rows], delimiter=";")
    return Truth(REVENUE - back[0].money - back[1].money)


def ukrainian_waiter(path: Path) -> Truth:
    """A café's register: the sum of the check, the discount and what was to be paid stand side by side."""
    rows = [
        [s.order * 10 + k, f"{s.when:%d.%m.%Y %H:%M}", f"К{s.who}", comma(s.money + 10, " ₴"), comma(D(10), " ₴"), comma(s.money, " ₴")]
        for k, s in enumerate(SALES)
    ]
    write_text(path, [["Чек №", "Дата відкриття", "Клієнт", "Сума чека", "Знижка", "До оплати"], *rows], delimiter=";")
    return Truth(REVENUE)


def english_square(path: Path) -> Truth:
    """US dates with the time in a column of its own, dollars, negative discounts, refunds, gross beside net."""
    header = ["Date", "Time", "Item", "Qty", "Gross Sales", "Discounts", "Net Sales", "Tax", "Transaction ID", "Event Type", "Customer ID"]
    rows = [
        [
            f"{s.when:%m/%d/%Y}",
            f"{s.when:%H:%M:%S}",
            s.what,
            s.pieces,
            f"${s.money + 1:,.2f}",
            "-$1.00",
            f"${s.money:,.2f}",
            "$0.50",
            f"t{s.order}",
            "Payment",
            f"C{s.who}",
        ]
        for s in SALES
    ]
    s = SALES[7]
    rows.append(
        [
            f"{s.when:%m/%d/%Y}",
            f"{s.when:%H:%M:%S}",
            s.what,
            -s.pieces,
            f"-${s.money:,.2f}",
            "$0.00",
            f"-${s.money:,.2f}",
            "$0.00",
            f"r{s.order}",
            "Refund",
            f"C{s.who}",
        ]
    )
    write_text(path, [header, *rows])
    return Truth(REVENUE - s.money)


def english_stripe(path: Path) -> Truth:
    """Payments: one failed, one refunded in full, the currency in small letters, fees beside amounts."""
    header = ["id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Fee", "Status", "Customer ID"]
    fate = {3: ("Failed", D(0)), 11: ("Refunded", SALES[11].money)}
    rows = [
        [f"ch_{k}", f"{s.when:%Y-%m-%d %H:%M}", s.money, fate.get(k, ("", D(0)))[1], "gbp", "0.20", fate.get(k, ("Paid",))[0], f"cus_{s.who}"]
        for k, s in enumerate(SALES)
    ]
    write_text(path, [header, *rows])
    return Truth(REVENUE - SALES[3].money - SALES[11].money)


def english_percent(path: Path) -> Truth:
    """No amount: pieces, price, and a discount in per cent."""
    rows = [[s.order, f"{s.when:%Y-%m-%d}", f"C{s.who}", s.what, s.pieces, s.price, "10%" if k % 4 == 0 else "0%"] for k, s in enumerate(SALES)]
    write_text(path, [["Order", "Date", "Customer ID", "Item", "Qty", "Unit price", "Discount %"], *rows])
    return Truth(REVENUE - sum((s.money for s in SALES[::4]), D(0)) / 10)


def english_repeated_total(path: Path) -> Truth:
    """The order's total repeated on each of its lines, beside pieces and price."""
    rows = [[order, f"{s.when:%Y-%m-%d}", f"C{s.who}", sum(s.money for s in lines), s.what, s.pieces, s.price] for order, lines in ORDERS for s in lines]
    write_text(path, [["Order ID", "Order Date", "Customer ID", "Order Total", "Product", "Quantity", "Price"], *rows])
    return Truth(REVENUE)


def english_months(path: Path) -> Truth:
    """A sheet per quarter, each with its total, after a sheet that sums up customers."""
    sheets: dict[str, list[list[object]]] = {"Summary": [["Customer", "Revenue"], ["C1", 100], ["Grand Total", 100]]}
    for s in SALES:
        sheets.setdefault(f"Q{(s.when.month + 2) // 3} {s.when.year}", [["Order", "Date", "Customer ID", "Amount"]]).append(
            [s.order, s.when, f"C{s.who}", float(s.money)]
        )
    for page in list(sheets.values())[1:]:
        page.append(["Total", None, None, sum(float(str(row[3])) for row in page[1:])])
    write_book(path, dict(sheets))
    return Truth(REVENUE, rejected=len(sheets) - 1)


def english_quarrelsome(path: Path) -> Truth:
    """Tabs and UTF-16, the header repeated inside, blank rows, a customer called TOTAL, brackets for money back."""
    rows: list[list[object]] = [[f"{s.when:%d/%m/%Y}", "TOTAL" if s.who == 0 else f"Client {s.who}", f"{s.money:,.2f}"] for s in SALES]
    header: list[object] = ["Date", "Customer name", "Amount (£)"]
    back = SALES[5]
    rows[30:30] = [header, ["", "", ""], [f"{back.when:%d/%m/%Y}", f"Client {back.who}", f"({back.money:,.2f})"]]
    write_text(path, [header, *rows], encoding="utf-16", delimiter="\t")
    return Truth(REVENUE - back.money, rejected=1)


FILES: dict[str, tuple[Callable[[Path], Truth], str]] = {
    "till.csv": (chinese_till, "CNY"),
    "card.csv": (chinese_member_card, "CNY"),
    "noon.csv": (chinese_noon, "CNY"),
    "two_rows.xlsx": (chinese_two_row_header, "CNY"),
    "ledger.csv": (ukrainian_ledger, "UAH"),
    "returns.csv": (ukrainian_returns, "UAH"),
    "waiter.csv": (ukrainian_waiter, "UAH"),
    "square.csv": (english_square, "USD"),
    "stripe.csv": (english_stripe, "GBP"),
    "percent.csv": (english_percent, "GBP"),
    "repeated.csv": (english_repeated_total, "GBP"),
    "quarters.xlsx": (english_months, "GBP"),
    "quarrelsome.txt": (english_quarrelsome, "GBP"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_load_says_what_the_file_says(name: str, tmp_path: Path) -> None:
    write, currency = FILES[name]
    truth = write(tmp_path / name)
    with rg.open(tmp_path / "shop", currency=currency) as shop:
        loaded = shop.load(tmp_path / name)
        entries = shop.table("order_lines").to_pylist()
        people = {entry["customer_id"] for entry in entries}
    assert loaded.rows_in == loaded.rows_loaded + loaded.rows_rejected
    assert loaded.rows_rejected == truth.rejected
    assert sum(entry["amount"] for entry in entries) == truth.revenue
    assert len(people) == truth.customers
    assert None not in people
    assert min(entry["ordered_on"] for entry in entries) == OPENED.date()
    assert max(entry["ordered_on"] for entry in entries) == SALES[-1].when.date()


@pytest.mark.parametrize("form", ["%m/%d/%Y", "%d/%m/%Y"])
@pytest.mark.parametrize("newest_first", [False, True])
def test_rows_in_order_of_time_tell_day_from_month(form: str, newest_first: bool, tmp_path: Path) -> None:
    """No day is above the twelfth; the rows stand in order of time, so only one reading keeps them in order."""
    days = [when for n in range(480) if (when := OPENED + timedelta(n)).day <= 12]
    rows = [[f"C{n % 9}", f"{when:{form}}", f"{n + 10}.50"] for n, when in enumerate(days)]
    write_text(tmp_path / "low.csv", [["Customer ID", "Order Date", "Total"], *(rows[::-1] if newest_first else rows)])
    with rg.open(tmp_path / "shop", currency="GBP") as shop:
        shop.load(tmp_path / "low.csv")
        assert {row["ordered_on"] for row in shop.table("orders").to_pylist()} == {day.date() for day in days}


def test_the_same_order_out_of_order_is_asked(tmp_path: Path) -> None:
    days = [OPENED + timedelta(n * 37 % 480) for n in range(480)]
    rows = [[f"C{n % 9}", f"{when:%m/%d/%Y}", f"{n + 10}.50"] for n, when in enumerate(days) if when.day <= 12]
    write_text(tmp_path / "low.csv", [["Customer ID", "Order Date", "Total"], *rows])
    with rg.open(tmp_path / "shop", currency="USD") as shop, pytest.raises(rg.RegularsError) as refused:
        shop.load(tmp_path / "low.csv")
    assert refused.value.code == "mapping_unsure"
