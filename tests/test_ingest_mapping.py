"""Which column is which: real kinds of exports in three languages, minimal and wide, with and without headers, and what is asked."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from ingest_files import CHINESE, GOODS, MOMENTS, UKRAINIAN, comma, only_sheet, shopify, taobao, till, ukrainian_crm, write_book, write_text
from regulars.errors import RegularsError
from regulars.ingest.asking import DOUBTS, confirm_line, settled, unsure
from regulars.ingest.currency import header_scale
from regulars.ingest.fields import FIELDS
from regulars.ingest.headers import header_fingerprint
from regulars.ingest.mapping import Mapping, corrected, propose
from regulars.ingest.read import open_source


def days(form: str) -> list[str]:
    return [moment.strftime(form) for moment in MOMENTS]


def minimal(tmp_path: Path, header: list[str], day: str = "%Y-%m-%d", **how: Any) -> Mapping:
    rows = [[f"{i % 25 + 10:04}", when, f"{i * 1.37 + 5:.2f}"] for i, when in enumerate(days(day))]
    return propose(only_sheet(write_text(tmp_path / "a.csv", [header, *rows], **how)))


@pytest.mark.parametrize(
    ("header", "how"),
    [
        (["cust", "day", "value"], {}),
        (["customer", "date", "amount"], {}),
        (["Customer_ID", "Purchase Date", "Total Spend (USD)"], {}),
        (["会员号", "消费日期", "实付金额"], {"encoding": "gb18030"}),
        (["客户", "日期", "金额(元)"], {"encoding": "utf-8-sig"}),
        (["用户ID", "下单时间", "支付金额"], {}),
        (["Клієнт", "Дата", "Сума"], {"encoding": "cp1251", "delimiter": ";"}),
        (["Код клієнта", "Дата покупки", "Сума, грн"], {}),
        (["Номер картки", "Дата чека", "Виручка"], {"encoding": "utf-16", "delimiter": "\t"}),
    ],
)
def test_three_columns_are_enough(header: list[str], how: dict[str, Any], tmp_path: Path) -> None:
    mapping = minimal(tmp_path, header, **how)
    assert mapping.fields == dict(zip(("customer_id", "ordered_at", "amount"), header, strict=True))
    assert (mapping.table, mapping.shape, mapping.sure) == ("sales", "amounts", True)


def test_a_wide_ukrainian_export(tmp_path: Path) -> None:
    mapping = propose(only_sheet(ukrainian_crm(tmp_path / "a.csv")))
    assert mapping.sure
    assert (mapping.date_order, mapping.decimal, mapping.shape) == ("dmy", ",", "lines")
    assert mapping.fields == {
        "order_id": "Номер замовлення", "ordered_at": "Дата створення", "customer_name": "ПІБ", "customer_phone": "Телефон", "customer_email": "E-mail", "product_name": "Назва товару",
        "product_id": "Артикул", "quantity": "Кількість", "unit_price": "Ціна", "discount": "Знижка", "amount": "Сума зі знижкою", "payment_method": "Спосіб оплати", "status": "Статус",
        "staff": "Менеджер", "channel": "Джерело", "city": "Місто",
    }  # fmt: skip


def test_a_till(tmp_path: Path) -> None:
    mapping = propose(only_sheet(till(tmp_path / "a.xlsx")))
    assert mapping.sure
    assert mapping.fields == {
        "order_id": "小票号", "ordered_at": "收银时间", "product_id": "商品编码", "product_name": "商品名称", "quantity": "数量", "unit_price": "单价", "amount": "金额",
        "customer_id": "会员卡号", "staff": "收银员", "store": "门店", "payment_method": "支付方式",
    }  # fmt: skip


def test_a_marketplace(tmp_path: Path) -> None:
    fields = propose(only_sheet(taobao(tmp_path / "a.csv"))).fields
    wanted = {
        "order_id": "订单编号",
        "customer_id": "买家会员名",
        "amount": "买家实际支付金额",
        "ordered_at": "订单创建时间",
        "status": "订单状态",
        "refunded": "退款金额",
    }
    assert {field: fields[field] for field in wanted} == wanted


def test_figures_of_the_order_on_its_first_line(tmp_path: Path) -> None:
    path, _ = shopify(tmp_path / "a.csv")
    mapping = propose(only_sheet(path))
    assert mapping.sure
    assert "amount" not in mapping.fields, "Total and Subtotal are the order's; the lines have quantity and price"
    assert mapping.fields["discount"] == "Discount Amount"
    assert set(mapping.once) == {"discount", "refunded"}
    assert {"status", "currency", "customer_name"} <= set(mapping.carried)
    assert mapping.currency == "USD"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (["客户ID", "订单号", "付款时间", "下单时间", "发货时间", "运费", "应收金额", "实付金额"], ("下单时间", "实付金额")),
        (["Customer ID", "Order ID", "Ship date", "Paid at", "Order date", "Shipping", "Total", "Net amount"], ("Order date", "Net amount")),
        (["Customer ID", "Order ID", "Ship date", "Paid at", "Delivery date", "Tax", "Shipping", "Total"], ("Paid at", "Total")),
        (
            ["Код клієнта", "№ замовлення", "Дата відправки", "Дата оплати", "Дата замовлення", "ПДВ", "Сума без знижки", "Сума зі знижкою"],
            ("Дата замовлення", "Сума зі знижкою"),
        ),
    ],
)
def test_order_date_before_payment_before_shipment_and_net_before_total(header: list[str], chosen: tuple[str, str], tmp_path: Path) -> None:
    rows = [[f"c{i % 30}", i + 1, *days("%Y-%m-%d")[i : i + 1] * 3, "5.00", f"{i * 1.5 + 9:.2f}", f"{i * 1.4 + 8:.2f}"] for i in range(100)]
    mapping = propose(only_sheet(write_text(tmp_path / "a.csv", [header, *rows])))
    assert (mapping.fields["ordered_at"], mapping.fields["amount"]) == chosen
    assert mapping.sure


def test_without_a_header_the_arithmetic_speaks(tmp_path: Path) -> None:
    rows = [[77000 + i, 1000 + i % 20, f"{m:%Y-%m-%d %H:%M}", i % 4 + 1, 2.5 + i % 3, (i % 4 + 1) * (2.5 + i % 3)] for i, m in enumerate(MOMENTS)]
    mapping = propose(only_sheet(write_text(tmp_path / "a.csv", rows)))
    wanted = {
        "order_id": "column 1",
        "customer_id": "column 2",
        "ordered_at": "column 3",
        "quantity": "column 4",
        "unit_price": "column 5",
        "amount": "column 6",
    }
    assert mapping.fields == wanted
    assert mapping.doubts == ("customer_id",)


def test_a_price_alone_is_the_amount(tmp_path: Path) -> None:
    mapping = minimal(tmp_path, ["用户ID", "下单时间", "售价"])
    assert mapping.fields["amount"] == "售价"


@pytest.mark.parametrize(
    ("header", "field"),
    [(["order", "date", "total"], "customer_id"), (["customer id", "date", "colour"], "amount"), (["customer id", "colour", "total"], "ordered_at")],
)
def test_what_cannot_be_loaded_says_which_column_is_missing(header: list[str], field: str, tmp_path: Path) -> None:
    cells = {"order": "7", "date": "2024-01-02", "total": "5.5", "customer id": "c1", "colour": "red"}
    sheet = only_sheet(write_text(tmp_path / "a.csv", [header, *([cells[name] for name in header] for _ in range(5))]))
    with pytest.raises(RegularsError, match=r"colour|total") as problem:
        propose(sheet)
    assert (problem.value.code, problem.value.values["wanted"]) == ("column_missing", FIELDS[field])


def test_day_or_month_that_cannot_be_known_is_asked(tmp_path: Path) -> None:
    rows = [[f"c{i % 9}", f"{i * 7 % 12 + 1}/{i * 5 % 12 + 1}/2024", i + 1] for i in range(60)]
    sheet = only_sheet(write_text(tmp_path / "a.csv", [["customer", "date", "amount"], *rows]))
    mapping = propose(sheet)
    assert mapping.doubts == ("date_order",)
    assert shlex.split(confirm_line(sheet, mapping)) == ["regulars", "map", str(sheet.path), "--set", "date_order=DMY-OR-MDY"]
    assert unsure(sheet, mapping).code == "mapping_unsure"
    assert corrected(mapping, sheet, {"date_order": "mdy"}).date_order == "mdy"
    assert corrected(mapping, sheet, settled(mapping)).sure
    assert propose(sheet, language_hint="uk").sure, "in Ukraine the day comes first"


def test_an_amount_repeated_on_every_line_is_asked(tmp_path: Path) -> None:
    rows = [[i, f"{m:%Y-%m-%d}", f"c{i % 9}", name, i + 20.5] for i, m in enumerate(MOMENTS) for name in ("tea", "milk", "bun")[: i % 3 + 1]]
    sheet = only_sheet(write_text(tmp_path / "a.csv", [["order", "date", "client", "product", "order total"], *rows]))
    mapping = propose(sheet)
    assert (mapping.doubts, mapping.once) == (("amount_once",), ("amount",))
    assert corrected(mapping, sheet, {"amount_once": "no"}).once == ()


def test_rivals_are_asked(tmp_path: Path) -> None:
    rows = [[f"a{i % 20}", f"b{i % 15}", day, i + 1] for i, day in enumerate(days("%Y-%m-%d"))]
    mapping = propose(only_sheet(write_text(tmp_path / "a.csv", [["Client ID", "Customer ID", "date", "amount"], *rows])))
    assert mapping.doubts == ("customer_id",)


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    sheets = {
        "Замовлення": [["№ замовлення", "Дата", "Код клієнта", "Сума, грн"], *([i, m, f"K{i % 30:03}", i + 1.5] for i, m in enumerate(MOMENTS))],
        "Клієнти": [
            ["Код клієнта", "ПІБ", "Телефон", "Дата реєстрації"],
            *([f"K{i:03}", UKRAINIAN[i % 5], f"+38067111220{i}", "01.02.2020"] for i in range(9)),
        ],
        "Оплати": [["Номер платежу", "Дата оплати", "Номер замовлення", "Сума оплати"], *([f"P{i}", m, i, i + 1.5] for i, m in enumerate(MOMENTS))],
        "Товари": [["Артикул", "Назва товару", "Закупівельна ціна"], ["A1", "Кава", 100], ["A2", "Чай", 50]],
        "Повернення": [["№ замовлення", "Дата", "Код клієнта", "Сума"], [1, MOMENTS[5], "K001", 2.5]],
        "Довідник": [["Регіон", "Примітка"], ["Київ", "x"]],
    }
    *found, remarks = open_source(write_book(tmp_path / "a.xlsx", sheets)).sheets
    with pytest.raises(RegularsError) as refused:
        propose(remarks)
    assert refused.value.code == "column_missing"
    mapped = [(sheet, propose(sheet)) for sheet in found]
    assert [(sheet.name, mapping.table, mapping.refunds) for sheet, mapping in mapped] == [
        ("Замовлення", "sales", False), ("Клієнти", "customers", False), ("Оплати", "payments", False), ("Товари", "products", False), ("Повернення", "sales", True),
    ]  # fmt: skip
    assert mapped[0][1].currency == "UAH"


def test_a_list_of_customers_is_no_list_of_orders(tmp_path: Path) -> None:
    header = ["Customer ID", "First Name", "Last Name", "Email", "City", "Total Spent", "Total Orders", "Last order date"]
    rows = [[i, "Ann", f"Lee{i}", f"a{i}@x.com", "Boston", i * 3.5, i, "2024-03-01"] for i in range(50)]
    mapping = propose(only_sheet(write_text(tmp_path / "a.csv", [header, *rows])))
    assert mapping.table == "customers"
    assert {"customer_id", "given_name", "family_name", "customer_email", "city"} == mapping.fields.keys()


def test_corrections(tmp_path: Path) -> None:
    rows = [[i, day, f"c{i % 9}", i + 1.5, i + 2.5] for i, day in enumerate(days("%Y-%m-%d"))]
    sheet = only_sheet(write_text(tmp_path / "a.csv", [["Order", "Date", "Client", "Net amount", "Total"], *rows]))
    mapping = propose(sheet)
    changed = corrected(mapping, sheet, {"amount": "total", "order_id": "-"})
    assert changed.fields == {"ordered_at": "Date", "customer_id": "Client", "amount": "Total"}
    assert changed.shape == "amounts"
    assert corrected(changed, sheet, {"store": "Order"}).fields["store"] == "Order"
    for settings, said in [({"amont": "Total"}, "amount"), ({"amount": "Totel"}, "Total"), ({"date_order": "ydm"}, "dmy"), ({"table": "orders"}, "sales")]:
        with pytest.raises(RegularsError, match=said) as problem:
            corrected(mapping, sheet, settings)
        assert problem.value.code == "mapping_wrong"


def test_corrections_help_where_nothing_could_be_proposed(tmp_path: Path) -> None:
    sheet = only_sheet(write_text(tmp_path / "a.csv", [["x1", "x2", "x3"], *([f"k{i % 5}", day, "red"] for i, day in enumerate(days("%Y-%m-%d")))]))
    with pytest.raises(RegularsError, match="x3"):
        propose(sheet)
    mapping = corrected(None, sheet, {"customer_id": "x1", "amount": "x3"})
    assert mapping.fields == {"customer_id": "x1", "ordered_at": "x2", "amount": "x3"}


def test_a_mapping_is_remembered_for_the_same_header(tmp_path: Path) -> None:
    path, _ = shopify(tmp_path / "a.csv")
    sheet = only_sheet(path)
    mapping = propose(sheet)
    written = tomlkit.dumps({"mapping": mapping.to_toml_dict()})
    assert Mapping.from_toml_dict(tomlkit.parse(written).unwrap()["mapping"]) == mapping
    assert mapping.fingerprint == header_fingerprint([column.upper() for column in sheet.columns])


def test_every_doubt_has_words(tmp_path: Path) -> None:
    sheet = only_sheet(write_text(tmp_path / "a.csv", [[f"k{i % 9}", f"{i * 7 % 12 + 1}/{i * 5 % 12 + 1}/2024", f"1,{200 + i}"] for i in range(40)]))
    mapping = propose(sheet)
    assert {"date_order", "decimal", "amount"} <= set(mapping.doubts) <= DOUBTS.keys()


def test_confidence_and_reasons(tmp_path: Path) -> None:
    mapping = propose(only_sheet(till(tmp_path / "a.xlsx")))
    assert all(0 < match.confidence <= 1 and match.reason for match in mapping.matches)


def test_gross_amounts_are_noticed(tmp_path: Path) -> None:
    rows = [[i, f"c{i % 9}", day, 2, GOODS[i % 3][2], 2 * GOODS[i % 3][2], i % 4] for i, day in enumerate(days("%Y-%m-%d"))]
    gross = [["订单号", "客户", "日期", "数量", "单价", "金额", "优惠金额"], *rows]
    net = [gross[0], *([*row[:5], row[5] - row[6], row[6]] for row in rows)]
    assert propose(only_sheet(write_text(tmp_path / "a.csv", gross))).amount_gross
    assert not propose(only_sheet(write_text(tmp_path / "b.csv", net))).amount_gross


def test_amounts_paid_in_cash_are_no_customer_cards(tmp_path: Path) -> None:
    header = ["Чек", "Дата", "Час", "Клієнт", "Сума", "До сплати", "Готівка", "Картка"]
    rows = [[i, f"{m:%d/%m/%Y}", f"{m:%H:%M}", UKRAINIAN[i % 5], comma(i + 9), comma(i + 8), comma(i + 8), "0,00"] for i, m in enumerate(MOMENTS)]
    mapping = propose(only_sheet(write_text(tmp_path / "a.csv", [header, *rows], delimiter=";")))
    assert mapping.fields == {"order_id": "Чек", "ordered_at": "Дата", "order_time": "Час", "customer_name": "Клієнт", "amount": "До сплати"}


def test_names_are_names_and_numbers_are_numbers(tmp_path: Path) -> None:
    for values, field in ((CHINESE, "customer_name"), (("8001", "8002", "8003"), "customer_id")):
        rows = [[values[i % len(values)], day, 5] for i, day in enumerate(days("%Y-%m-%d"))]
        assert propose(only_sheet(write_text(tmp_path / "a.csv", [["客户", "日期", "金额"], *rows]))).fields[field] == "客户"


def sold(tmp_path: Path, header: list[str], row: Any) -> Mapping:
    """Sixty sales of three goods at 2.5, 4.25 and 9 in one to four pieces; ``row`` makes the cells from number, day, product, pieces and price."""
    rows = [row(i, day, "abc"[i % 3], i // 3 % 4 + 1, (2.5, 4.25, 9.0)[i % 3]) for i, day in enumerate(days("%Y-%m-%d")[:60])]
    return propose(only_sheet(write_text(tmp_path / "a.csv", [header, *rows])))


def test_a_total_of_amount_and_price_makes_the_amount_the_pieces(tmp_path: Path) -> None:
    header = ["order", "date", "customer", "product", "amount", "price", "total"]
    fields = sold(tmp_path, header, lambda i, day, product, pieces, price: [i, day, f"c{i % 9}", product, pieces, price, pieces * price]).fields
    assert (fields["quantity"], fields["unit_price"], fields["amount"]) == ("amount", "price", "total")
    assert len({*fields.values()}) == len(fields)


def test_a_price_that_grows_with_the_quantity_is_the_amount(tmp_path: Path) -> None:
    header = ["order-id", "purchase-date", "buyer-email", "sku", "quantity", "item-price"]
    fields = sold(tmp_path, header, lambda i, day, product, pieces, price: [i, day, f"c{i % 9}@a.uk", product, pieces, pieces * price]).fields
    assert fields["amount"] == "item-price"
    assert "unit_price" not in fields


def test_a_total_that_leaves_the_discount_out_makes_the_subtotal_gross(tmp_path: Path) -> None:
    header = ["Order #", "Order date", "Customer name", "Subtotal", "Discount", "Shipping", "Grand total"]
    made = sold(tmp_path, header, lambda i, day, _, pieces, price: [i, day, f"Ann {i % 9}", pieces * price, i % 2, 4.5, pieces * price - i % 2 + 4.5])
    assert (made.fields["amount"], made.amount_gross) == ("Subtotal", True)


def test_an_order_called_by_its_name(tmp_path: Path) -> None:
    header = ["Id", "Name", "Created at", "Email", "Total"]
    made = sold(tmp_path, header, lambda i, day, _, pieces, price: [5000 + i, f"#{1000 + i}", day, f"c{i % 9}@a.uk", pieces * price])
    assert made.fields["order_id"] == "Name"


@pytest.mark.parametrize(
    ("header", "scale"), [("金额（万元）", 10_000), ("Сума, тис. грн", 1000), ("Revenue (£k)", 1000), ("Amount", 1), ("Check total", 1), ("金额(元)", 1)]
)
def test_headers_that_count_in_thousands(header: str, scale: int) -> None:
    assert header_scale(header) == scale
