"""What a cell says: numbers and moments in every way people write them, states, currencies, phones, headers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.engines.duckdb import Connection, scratch
from regulars.ingest.cells import define_cells
from regulars.ingest.currency import header_currency
from regulars.ingest.dates import date_order
from regulars.ingest.headers import header_fingerprint, roles_of
from regulars.ingest.profile import decimal_sign
from regulars.ingest.vocabulary import state_of


@pytest.fixture(scope="module")
def cells() -> Connection:
    connection = scratch()
    define_cells(connection)
    return connection


def number(cells: Connection, text: str, point: str = ".") -> Decimal | None:
    row = cells.execute("SELECT number(digits($t), $p)", {"t": text, "p": point}).fetchone()
    return row[0] if row else None


NUMBERS = [
    ("12", "12"), ("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("1 234,50", "1234.5"), ("1\u00a0234,5 грн", "1234.5"), ("￥1,234.00", "1234"), ("(12.50)", "-12.5"),
    ("12.5-", "-12.5"), ("-$5.00", "-5"), ("$-5", "-5"), ("１２３．５元", "123.5"), ("1'234.5", "1234.5"), ("0,125", "0.125"), ("1,234,567", "1234567"), ("1.234.567", "1234567"),
    ("5%", "5"), ("1.5e3", "1500"), ("USD 12", "12"), ("12 шт.", "12"), (".5", "0.5"), ("1,23,456", "123456"), ("100.-", "100"), ("R$ 10,50", "10.5"), ("−7", "-7"), ("+7", "7"),
    ("C536379", None), ("abc", None), ("1.2.3", None), ("--", None), ("12.5.2024", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [("`4200001", "4200001"), ("'1001", "1001"), ("`2024-01-01 10:00", "2024-01-01 10:00"), ("`so` it is", "`so` it is"), ('="00123"', "00123"), ("'", None)],
)
def test_marks_that_keep_excel_from_reading_a_number_are_not_the_value(written: str, meant: str | None, cells: Connection) -> None:
    row = cells.execute("SELECT nullif(tidy($t), '')", {"t": written}).fetchone()
    assert row is not None
    assert row[0] == meant


@pytest.mark.parametrize(("text", "value"), NUMBERS)
@pytest.mark.parametrize("point", [".", ","])
def test_numbers_that_say_themselves_which_sign_is_which(text: str, value: str | None, point: str, cells: Connection) -> None:
    assert number(cells, text, point) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(("text", "point", "value"), [("1,234", ".", 1234), ("1,234", ",", "1.234"), ("1.234", ",", 1234), ("1.234", ".", "1.234")])
def test_only_three_digits_behind_one_sign_need_the_file(text: str, point: str, value: str, cells: Connection) -> None:
    assert number(cells, text, point) == Decimal(value)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("\u00a0", "."), ("'", ".")]))
def test_every_amount_with_separators_is_read_back(cells: Connection, value: Decimal, signs: tuple[str, str]) -> None:
    thousands, point = signs
    text = f"{value:,.2f}".replace(",", "\0").replace(".", point).replace("\0", thousands)
    assert number(cells, text, point) == value


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ([["12,50", "3,99"]], (",", True)),
        ([["12.50"], ["3"]], (".", True)),
        ([["1.234,50", "12"]], (",", True)),
        ([["1,234", "999", "12,345"]], (".", True)),
        ([["1,250", "0,500"]], (",", True)),
        ([["1,250", "2,750"]], (",", False)),
        ([["5", "7"]], (".", True)),
    ],
)
def test_the_decimal_sign_of_a_file(columns: list[list[str]], found: tuple[str, bool]) -> None:
    assert decimal_sign(columns) == found


def moment(cells: Connection, text: str, order: str = "dmy", zone: str = "Europe/Kyiv") -> datetime | None:
    row = cells.execute(f"SELECT moment($t, '{order}', '{zone}')", {"t": text}).fetchone()
    return row[0] if row else None


NOON, HALF_PAST = datetime(2024, 3, 5, 12), datetime(2024, 3, 5, 14, 30)
MOMENTS = [
    ("2024-03-05", datetime(2024, 3, 5)), ("2024/3/5", datetime(2024, 3, 5)), ("2024.03.05", datetime(2024, 3, 5)), ("20240305", datetime(2024, 3, 5)),
    ("5.3.2024", datetime(2024, 3, 5)), ("05.03.24 14:30", HALF_PAST), ("2024年3月5日", datetime(2024, 3, 5)), ("2024年3月5日14时30分", HALF_PAST), ("2024年3月5日 下午2:30", HALF_PAST),
    ("2024-3-5 上午 9:05", datetime(2024, 3, 5, 9, 5)), ("2024-03-05 (星期二)", datetime(2024, 3, 5)), ("20240305143000", HALF_PAST), ("20240305 14:30", HALF_PAST),
    ("45356", datetime(2024, 3, 5)), ("45356.5", NOON), ("1709632800", NOON), ("1709632800000", NOON), ("2024-03-05T10:00:00Z", NOON), ("2024-03-05T12:00:00+02:00", NOON),
    ("2024-03-05 13:00:00 +0300", NOON), ("2024-03-05 12:00:00.000", NOON), ("Mar 5, 2024", datetime(2024, 3, 5)), ("5 Mar 2024 12:00", NOON), ("5-Mar-24", datetime(2024, 3, 5)),
    ("March 5th, 2024", datetime(2024, 3, 5)), ("Tue, 05 Mar 2024 10:00:00 +0000", NOON), ("Mar 5, 2024, 2:30 PM", HALF_PAST), ("5 березня 2024 р.", datetime(2024, 3, 5)),
    ("5 берез. 2024 р., 12:00", NOON), ("05.03.2024, 14:30", HALF_PAST), ("17 лип. 2024", datetime(2024, 7, 17)), ("5/3/2024 12:00:00 AM", datetime(2024, 3, 5)),
    ("31/02/2024", None), ("2024-13-01", None), ("hello", None), ("12:30", None), ("0671000012", None), ("380671000012", None), ("2024-03-05 25:00", None), ("Картка", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), MOMENTS)
def test_moments(text: str, value: datetime | None, cells: Connection) -> None:
    assert moment(cells, text) == value


def test_only_between_day_and_month_the_order_decides(cells: Connection) -> None:
    assert moment(cells, "1/12/2010 8:26", "dmy") == datetime(2010, 12, 1, 8, 26)
    assert moment(cells, "1/12/2010 8:26", "mdy") == datetime(2010, 1, 12, 8, 26)
    assert moment(cells, "13/12/2010", "mdy") is None
    assert moment(cells, "1.12.2010", "mdy") == datetime(2010, 12, 1), "with points the day is always first"


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%d %b %Y %I:%M:%S %p", "%Y%m%d%H%M%S"]),
)
def test_every_moment_is_read_back(cells: Connection, value: datetime, form: str) -> None:
    assert moment(cells, value.strftime(form)) == value.replace(microsecond=0)


def order_of(days: list[str], *, numbers: list[str] | None = None, language: str | None = "en", currency: str | None = None) -> tuple[str, bool]:
    found = date_order(zip(days, numbers or [None] * len(days), strict=True), language=language, currency=currency)
    return found.order, found.sure


def test_day_or_month_first_from_the_evidence() -> None:
    assert order_of(["2024-03-05", "2024-05-03"]) == ("ymd", True)
    assert order_of(["5.3.2024", "6.3.2024"]) == ("dmy", True)
    assert order_of(["5/3/2024", "13/3/2024"]) == ("dmy", True)
    assert order_of(["5/3/2024", "3/13/2024"]) == ("mdy", True)
    assert order_of(["13/3/2024", "3/13/2024"])[1] is False, "two ways of writing in one column must be asked"
    assert order_of([f"{d}/{m}/2024" for m in range(1, 5) for d in range(1, 13)]) == ("dmy", True), "rows in order of time"
    shuffled = [(f"{d}/{m}/2024", str(100 * m + d)) for d in range(1, 13) for m in (3, 1, 4, 2)]
    assert order_of([d for d, _ in shuffled], numbers=[n for _, n in shuffled]) == ("dmy", True), "order numbers in order of time"
    assert order_of(["1/12/2010", "2/12/2010"]) == ("dmy", True), "two days against two months"
    assert order_of(["1/1/2024", "2/1/2024", "3/1/2024"])[1] is False, "first days of January, or bills of the first of a month"
    assert order_of(["4/5/2024", "9/2/2023", "3/8/2024"], language="uk") == ("dmy", True)
    assert order_of(["4/5/2024", "9/2/2023", "3/8/2024"], currency="USD") == ("mdy", False)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("交易成功", "stands"), ("交易关闭", "cancelled"), ("待付款", "cancelled"), ("已退款", "refund"), ("退货", "refund"), ("无退款", "stands"), ("部分退款", "stands"),
        ("Виконано", "stands"), ("Скасовано", "cancelled"), ("Повернення", "refund"), ("Частково повернуто", "stands"), ("Не оплачено", "cancelled"), ("Оплачено", "stands"),
        ("Refunded", "refund"), ("partially_refunded", "stands"), ("Returning customer", "stands"), ("Canceled", "cancelled"), ("Pending payment", "cancelled"), ("paid", "stands"),
        ("Closed Won", "stands"), ("Closed Lost", "cancelled"), ("pv", "not_a_sale"), ("add_to_cart", "not_a_sale"), ("buy", "stands"), ("加购", "not_a_sale"),
    ],
)  # fmt: skip
def test_states(text: str, state: str) -> None:
    assert state_of(text) == state


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("金额(元)", "CNY"),
        ("Сума, грн", "UAH"),
        ("Amount (GBP)", "GBP"),
        ("Total USD", "USD"),
        ("price_uah", "UAH"),
        ("Betrag (€)", "EUR"),
        ("Amount", None),
        ("单元", None),
    ],
)
def test_the_currency_in_a_header(header: str, code: str | None) -> None:
    assert header_currency(header) == code


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("InvoiceNo", "order_id"), ("order_id", "order_id"), ("ORDER #", "order_id"), ("№ замовлення", "order_id"), ("订单编号", "order_id"), ("CustomerID", "customer_id"),
        ("Custmer ID", "customer_id"), ("cust", "customer_id"), ("会员卡号", "customer_id"), ("Код клієнта", "customer_id"), ("Дата оплати", "paid_at"), ("Дата", "ordered_at"),
        ("订单创建时间 ", "ordered_at"), ("order_purchase_timestamp", "ordered_at"), ("К-сть", "quantity"), ("Qty.", "quantity"), ("金额(元)", "amount"), ("Сума, грн", "amount"),
        ("买家实际支付金额", "net_amount"), ("訂單編號", "order_id"), ("Ім’я клієнта", "customer_name"), ("Lineitem price", "unit_price"), ("运费", "postage"), ("ПДВ", "tax"),
        ("Сума замовлення без знижки", "gross_amount"), ("Last order date", "other_at"), ("Discount, %", "discount_rate"),
    ],
)  # fmt: skip
def test_what_a_header_says(header: str, role: str) -> None:
    scores = roles_of(header)
    assert max(scores, key=lambda r: scores[r]) == role
    assert scores[role] >= 0.78


def test_a_header_row_is_remembered_whatever_its_case() -> None:
    assert header_fingerprint(("Order ID", "Date")) == header_fingerprint(("order_id", "DATE "))
    assert header_fingerprint(("Order ID", "Date")) != header_fingerprint(("Date", "Order ID"))
