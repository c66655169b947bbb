"""Order files as companies really export them, written for the tests of intake: made up, but with the true headers and habits."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter

from regulars.ingest.mapping import Mapping, propose
from regulars.ingest.read import Sheet, open_source
from regulars.ingest.stage import Staged, stage
from regulars.schema import FACTS

TODAY = date(2026, 1, 1)
MOMENTS = [datetime(2024, 1, 3, 9, 5, tzinfo=UTC).replace(tzinfo=None) + timedelta(hours=7 * i) for i in range(120)]
CHINESE = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨磊")
UKRAINIAN = ("Іван Петренко", "Олена Шевченко", "Марія Коваль", "Ґалина Їжак", "Юлія Ткаченко")
GOODS = (("6901", "可口可乐500ml", 3.5), ("6902", "方便面", 4.8), ("6903", "纯牛奶250ml*12", 55.0))

Rows = Sequence[Sequence[object]]


def write_text(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", before: str = "") -> Path:
    text = io.StringIO()
    text.write(before)
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_book(path: Path, sheets: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(i, j, cell, moment)
                    elif cell is not None:
                        page.write(i, j, cell)
    return path


def only_sheet(path: Path) -> Sheet:
    (sheet,) = open_source(path).sheets
    return sheet


def load(
    path: Path, folder: Path, *, mapping: Mapping | None = None, currency: str | None = None, zone: str = "Europe/Kyiv"
) -> tuple[Staged, dict[str, list[dict[str, Any]]]]:
    """Stage every sheet of a file; what was counted, and the rows of all parts."""
    staged = []
    for sheet in open_source(path).sheets:
        staged.append(stage(sheet, mapping or propose(sheet), folder=folder, import_id="i1", currency=currency, time_zone=zone, today=TODAY))
        assert staged[-1].rows_in == staged[-1].rows_loaded + staged[-1].rows_rejected
    return staged[-1], {table: parts(folder, table) for table in ("sales", "customers", "products", "payments", "rejected", *FACTS)}


def parts(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows of every part of a table, in the order in which they were staged."""
    files = sorted(folder.glob(f"{table}*.parquet"), key=lambda file: (len(file.name), file.name))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def till(path: Path) -> Path:
    """A till in a Chinese supermarket: a title, a remark, a blank row, lines of receipts, a total."""
    chance = random.Random(4)
    head = ["小票号", "收银时间", "商品编码", "商品名称", "数量", "单价", "金额", "会员卡号", "收银员", "门店", "支付方式"]
    rows: list[list[object]] = [["某某超市销售流水"], ["导出时间：2024-05-01"], [], head]
    for i, moment in enumerate(MOMENTS):
        for code, name, price in chance.sample(GOODS, chance.randrange(1, 4)):
            pieces = chance.randrange(1, 4)
            card = chance.choice(["散客", f"00{chance.randrange(100, 120)}", None])
            rows.append([f"LS{20240000 + i}", moment, code, name, pieces, price, round(pieces * price, 2), card, "王芳", "人民路店", "微信"])
    rows.append(["合计", None, None, None, None, None, round(sum(float(str(row[6])) for row in rows[4:]), 2)])
    return write_book(path, {"销售明细": rows, "Sheet2": []})


def ukrainian_crm(path: Path) -> Path:
    """A Ukrainian shop's CRM: 23 columns, three dates, five amounts, phones as people type them, CP1251."""
    chance = random.Random(7)
    head = (
        "Номер замовлення|Дата створення|Дата оплати|Дата відправки|ПІБ|Телефон|E-mail|Назва товару|Артикул|Кількість|Ціна|Знижка|Сума зі знижкою|"
        "Вартість доставки|Загальна сума|Оплачено|Спосіб оплати|Статус|Менеджер|Джерело|Місто|ТТН|Коментар"
    )
    rows: list[list[object]] = [head.split("|")]
    for i, moment in enumerate(MOMENTS):
        who, pieces, price = i % 40, chance.randrange(1, 4), chance.choice([420.5, 89.9, 1150.0])
        off = round(pieces * price * 0.05, 2) if chance.random() < 0.3 else 0.0
        net = round(pieces * price - off, 2)
        status = ("Скасовано", "Повернення")[i % 2] if i % 15 == 0 else "Виконано"
        dates = [f"{moment:%d.%m.%Y %H:%M}", f"{moment + timedelta(days=1):%d.%m.%Y}", f"{moment + timedelta(days=2):%d.%m.%Y}"]
        money = [comma(price), comma(off), comma(net), "70,00", comma(net + 70), comma(net + 70)]
        person = [UKRAINIAN[who % 5], f"067{1000000 + who}", f"k{who}@ukr.net"]
        rows.append([5001 + i, *dates, *person, "Кава", "A1", pieces, *money, "Карта", status, "Оля", "Instagram", "Львів", "2045", "Подзвонити; терміново"])
    return write_text(path, rows, encoding="cp1251", delimiter=";")


SHOPIFY = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Billing Name",
    "Billing City",
    "Shipping Name",
    "Refunded Amount",
    "Id",
    "Lineitem discount",
]


def shopify(path: Path) -> tuple[Path, float]:
    """A shop export in which order figures stand on the first line only; also the net revenue of the orders that stand."""
    chance = random.Random(6)
    rows: list[list[object]] = [list(SHOPIFY)]
    standing = 0.0
    for i, moment in enumerate(MOMENTS):
        lines = [
            (name, chance.randrange(1, 4), price) for name, price in chance.sample([("Mug", 12.5), ("Tee / M", 20.0), ("Poster", 8.99)], chance.randrange(1, 4))
        ]
        gross = round(sum(n * p for _, n, p in lines), 2)
        off = round(gross * 0.1, 2) if i % 3 == 0 else 0.0
        status = "refunded" if i % 20 == 7 else "partially_refunded" if i % 20 == 9 else "paid"
        standing += 0.0 if status == "refunded" else gross - off
        for k, (name, pieces, price) in enumerate(lines):
            cells: dict[str, object] = {"Name": f"#{1001 + i}", "Email": f"c{i % 30}@example.com", "Created at": f"{moment:%Y-%m-%d %H:%M:%S} -0500"}
            cells |= {
                "Lineitem quantity": pieces,
                "Lineitem name": name,
                "Lineitem price": f"{price:.2f}",
                "Lineitem sku": name[:3],
                "Lineitem discount": "0.00",
            }
            if k == 0:
                cells |= {"Financial Status": status, "Paid at": f"{moment:%Y-%m-%d %H:%M:%S} -0500", "Currency": "USD", "Subtotal": f"{gross - off:.2f}"}
                cells |= {
                    "Shipping": "5.00",
                    "Taxes": "1.00",
                    "Total": f"{gross - off + 6:.2f}",
                    "Discount Amount": f"{off:.2f}",
                    "Billing Name": "Ann Lee",
                    "Id": 55500 + i,
                }
                cells |= {"Refunded Amount": f"{gross - off:.2f}" if status == "refunded" else "0.00"}
            rows.append([cells.get(column, "") for column in SHOPIFY])
    return write_text(path, rows), round(standing, 2)


def taobao(path: Path) -> Path:
    """A marketplace export from China: GB18030, numbers guarded against Excel, texts where amounts belong."""
    chance = random.Random(5)
    head = (
        "订单编号|买家会员名|买家应付货款|买家应付邮费|总金额|买家实际支付金额|订单状态|收货人姓名|收货地址 |联系手机|订单创建时间|订单付款时间 |"
        "宝贝标题 |宝贝总数量|店铺名称|退款金额"
    )
    rows: list[list[object]] = [head.split("|")]
    for i, moment in enumerate(MOMENTS):
        goods = round(chance.random() * 300 + 10, 2)
        status = "交易关闭" if i % 10 == 0 else "等待买家付款" if i % 10 == 1 else "交易成功"
        paid = goods + 8 if status == "交易成功" else 0
        row: list[object] = [
            f'="{2100000000000000000 + i}"',
            f"tb{chance.randrange(40)}",
            goods,
            "8.00",
            goods + 8,
            round(paid, 2),
            status,
            "张伟",
            "浙江省 杭州市",
        ]
        row += [f"'138{12340000 + i}", f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%Y-%m-%d %H:%M:%S}" if paid else "", "女士连衣裙，夏季", "1", "某某店"]
        rows.append([*row, f"{paid:.2f}" if i % 25 == 7 else "无退款申请"])
    return write_text(path, rows, encoding="gb18030")
