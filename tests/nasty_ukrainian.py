"""Nasty files from Ukraine: shops, accounting, CRM and advertising, in Windows letters, with decimal commas and months by name."""

from __future__ import annotations

import json
from typing import Any

from nasty_files import (
    SALES,
    Column,
    Nasty,
    Sale,
    as_sales,
    as_table,
    cells,
    database,
    delimited,
    objects,
    ods,
    packed,
    page,
    rendered,
    sold,
    xls,
    xlsx,
    zipped,
)  # fmt: skip

NAMES = ("Олена Шевченко", "Іван Петренко", "Марія Коваль", "Ґалина Їжак", "Юлія Ткаченко", "Андрій Мельник", "Софія Бойко", "Пилип Кравець", "Дар'я Лисенко")
GOODS = ("Кава мелена", "Кавоварка", "Цукор", "Чайник", "Турка мідна")
MONTHS = ("січня", "лютого", "березня", "квітня", "травня", "червня")


def _name(sale: Sale) -> str:
    return NAMES[sale.who] if sale.who is not None else "Роздрібний покупець"


HARD = "\xa0"


def comma(value: Any, *, thousands: str = "") -> str:
    """1 234,50"""
    return f"{value:,.2f}".replace(",", thousands).replace(".", ",")


ORDER: Column = ("Номер замовлення=order_id", lambda s: s.number)
DAY: Column = ("Дата=ordered_at", lambda s: f"{s.at:%d.%m.%Y %H:%M}")
NAME: Column = ("Клієнт=customer_name", _name)
PHONE: Column = ("Телефон=customer_phone", lambda s: f"067 111 22 0{s.who}" if s.who is not None else "")
CODE: Column = ("Артикул=product_id", lambda s: f"A-{s.goods}")
PRODUCT: Column = ("Товар=product_name", lambda s: GOODS[s.goods])
PIECES: Column = ("Кількість=quantity", lambda s: s.pieces)
PRICE: Column = ("Ціна=unit_price", lambda s: comma(s.price))
AMOUNT: Column = ("Сума=amount", lambda s: comma(s.amount))
FULL = (ORDER, DAY, NAME, PHONE, CODE, PRODUCT, PIECES, PRICE, AMOUNT)
TOTAL = sum(sale.amount for sale in SALES)


def _uk(name: str, data: bytes, *tables: object, currency: str = "UAH") -> Nasty:
    return Nasty(name, data, "uk", tables, currency)  # type: ignore[arg-type]


def texts() -> tuple[Nasty, ...]:
    """Texts in Windows letters, UTF-16 and a mixture, with commas, hard spaces and hryvnia signs in the money."""
    signed = (
        ORDER,
        DAY,
        NAME,
        PHONE,
        PRODUCT,
        ("Кількість, шт=quantity", lambda s: f"{s.pieces},000"),
        ("Сума, грн=amount", lambda s: f"{comma(s.amount, thousands=HARD)}{HARD}грн."),
    )
    named = (
        ("№ чека=order_id", lambda s: f"ЧК-{s.number}"), ("Дата продажу=ordered_at", lambda s: f"{s.at.day} {MONTHS[s.at.month - 1]} {s.at.year} р."), ("Код клієнта=customer_id", lambda s: f"'00{s.who}"),
        PRODUCT, PIECES, ("Сума до сплати=amount", lambda s: f"{comma(s.amount, thousands=' ')} ₴"),
    )  # fmt: skip
    two = (("Чек №=order_id", lambda s: s.number), ("Дата=ordered_at", lambda s: f"{s.at:%d.%m.%y}"), ("Час=order_time", lambda s: f"{s.at:%H:%M}"), ("Картка клієнта=customer_id", lambda s: f"K{s.who}" if s.who is not None else ""), PRODUCT, PIECES, PRICE, AMOUNT, ("Касир=staff", lambda s: "Оля"))  # fmt: skip
    strangers = sold(stranger=5)
    half = delimited(rendered(FULL), by=";").split(b"\r\n")
    mixed = b"\r\n".join(line if i < 20 else line.decode().encode("cp1251") for i, line in enumerate(half))
    return (
        _uk("замовлення.csv", delimited(rendered(FULL), by=";", encoding="cp1251"), as_sales(FULL)),
        _uk(
            "продажі з гривнею.csv",
            delimited(
                rendered(signed),
                by=";",
                encoding="cp1251",
                before="Звіт про продажі\r\nПеріод: 01.01.2024 - 30.04.2024\r\n",
                after=f";;;;;Разом:;{comma(TOTAL)}\r\n",
            ),
            as_sales(signed, total_row=1),
        ),
        _uk("чеки.txt", delimited(rendered(named), by="\t", encoding="utf-16-be", before="\ufeff"), as_sales(named)),
        _uk("каса.txt", delimited(rendered(two, strangers), by="|", end="\n"), as_sales(two, strangers)),
        _uk("зшитий з двох.csv", mixed, as_sales(FULL)),
        _uk("без потреби в лапках.csv", delimited(rendered(FULL), quoting=1, encoding="utf-8-sig"), as_sales(FULL)),
    )


def workbooks() -> tuple[Nasty, ...]:
    """Workbooks: double headers, totals of every day, hidden sheets, LibreOffice, the old format, pages called .xls."""
    typed = (ORDER, ("Дата замовлення=ordered_at", lambda s: s.at), NAME, PHONE, PRODUCT, PIECES, ("Ціна, грн=unit_price", lambda s: float(s.price)), ("Сума, грн=amount", lambda s: float(s.amount)))  # fmt: skip
    head, *rows = rendered(typed)
    book = {"Звіт": [["Звіт за півріччя", *[None] * 7], ["Замовлення", None, "Покупець", None, "Товар", None, None, None], head, *rows, ["Всього", *[None] * 6, float(TOTAL)]], "Чернетка": [["x"], [1]]}  # fmt: skip
    by_day: list[list[object]] = [head]
    for i, row in enumerate(rows, 1):
        by_day += [row] if i % 9 else [row, ["Разом за день", *[None] * 6, 10.0], []]
    kind = (*typed[:6], ("Сума=amount", lambda s: float(s.amount)), ("Тип операції=kind", lambda s: "Повернення" if s.number % 9 == 0 else "Продаж"))
    back = [sale for sale in SALES if sale.number % 9 == 0]
    taken = 2 * sum(sale.amount for sale in back)
    old = (ORDER, ("Дата=ordered_at", lambda s: s.at), ("ПІБ=customer_name", _name), PRODUCT, ("К-сть=quantity", lambda s: s.pieces), ("Сума=amount", lambda s: float(s.amount)), ("Спосіб оплати=payment_method", lambda s: "Картка"))  # fmt: skip
    web = (ORDER, DAY, NAME, PHONE, PRODUCT, PIECES, ("Сума=amount", lambda s: comma(s.amount, thousands=HARD)))
    return (
        _uk("Звіт за півріччя.xlsx", xlsx(book, merged=["A1:H1", "A2:B2", "C2:D2", "E2:H2"], hidden=["Чернетка"]), as_sales(typed, sheet="Звіт", total_row=1)),
        _uk("по днях.xlsx", xlsx({"Продажі": by_day}), as_sales(typed, sheet="Продажі", total_row=4)),
        _uk("продаж і повернення.xlsx", xlsx({"Операції": rendered(kind)}), as_sales(kind, sheet="Операції", back=taken)),  # type: ignore[arg-type]
        _uk("стара програма.xls", xls({"Лист1": rendered(old)}), as_sales(old, sheet="Лист1")),
        _uk("вільний офіс.ods", ods({"Аркуш1": [["Продажі магазину"], [], *rendered(typed)]}), as_sales(typed, sheet="Аркуш1")),
        _uk("з сайту.xls", page(rendered(web), encoding="windows-1251"), as_sales(web)),
    )


def others() -> tuple[Nasty, ...]:
    """What a shop system hands out to programs: orders with their goods inside, packed lines, a packed month, a database."""
    keys = {
        "order_id": "order_id",
        "ordered_at": "created_at",
        "customer_name": "client.name",
        "customer_phone": "client.phone",
        "quantity": "items.quantity",
        "unit_price": "items.price",
    }
    nested = [
        {
            "order_id": s.number,
            "created_at": s.at.isoformat(),
            "client": {"name": _name(s), "phone": f"+38067111220{s.who}"},
            "items": [{"sku": f"A-{s.goods}", "title": GOODS[s.goods], "quantity": s.pieces, "price": float(s.price)}],
        }
        for s in SALES
    ]
    columns = (*((f"{column}={field}", str) for field, column in keys.items()), ("items.sku=product_id", str), ("items.title=product_name", str))
    english = (("order_id=order_id", lambda s: s.number), ("date=ordered_at", lambda s: s.at.isoformat()), ("customer_id=customer_id", lambda s: s.who), ("total=amount", lambda s: float(s.amount)))  # fmt: skip
    months = {f"2024/{month:02}.csv": delimited(rendered(FULL, [s for s in SALES if s.at.month == month]), by=";", encoding="cp1251") for month in (1, 2, 3, 4)}
    parts = tuple(as_sales(FULL, [s for s in SALES if s.at.month == int(name[5:7])], sheet=name) for name in months)
    return (
        _uk("api.json", json.dumps({"orders": nested, "page": 1}, ensure_ascii=False).encode(), as_sales(columns, sheet="orders")),
        _uk("замовлення.jsonl.gz", packed(objects(rendered(english), lines=True)), as_sales(english)),
        _uk("архів.zip", zipped(months), *parts),
        _uk("магазин.sqlite", database({"замовлення": rendered(FULL)}), as_sales(FULL, sheet="замовлення")),
    )


CLIENTS = """
Код клієнта=customer_id|ПІБ=customer_name|Телефон=customer_phone|E-mail=customer_email|Дата народження=birth_on|Дата реєстрації=joined_on|Місто=city|Група=customer_group
0001|Олена Шевченко|'0671112203|OLENA@ukr.net|5 березня 1990 р.|15.01.2023|Львів|VIP
0002|Іван Петренко|+38 (067) 111-22-04|test@test.com|31.12.1985|16.01.2023|Київ|
0003|Дар'я Лисенко|067 111 22 05|||01.02.2023|м. Львів|Опт
"""
GOODS_LIST = """
Артикул=product_id|Назва товару=product_name|Категорія=category|Виробник=brand|Собівартість=unit_cost
A-0|Кава мелена|Кава|Галка|85,50
A-1|Кавоварка|Техніка||1 050,00
A-2|Цукор|Бакалія|Саркара|31,2
"""
PAID = """
№ платежу=payment_id|Номер замовлення=order_id|Дата оплати=paid_at|Спосіб оплати=payment_method|Сума оплати=amount
1|1001|03.01.2024|LiqPay|12,50
2|1002|16.01.2024|Готівка|199,80
3|1003|19.01.2024|LiqPay|4 140,00
"""
BANK = """
Дата операції=booked_at|Сума операції=amount|Валюта=currency|Контрагент=party|Призначення платежу=note|Номер документа=statement_id
05.03.2024|1 250,00|UAH|Шевченко О.|Оплата за замовлення 1001|7001
16.03.2024|-320,50|UAH|Нова Пошта|Послуги доставки|7002
18.03.2024|99,90|UAH|Петренко І.|Оплата за замовлення 1002|7003
"""
LEADS = """
ID ліда=lead_id|Дата створення=created_at|Ім'я=name/customer_name/given_name|Телефон=phone|Джерело=source|Статус ліда=status|Відповідальний=owner
1|05.03.2024 10:00|Олена|0671112203|Instagram|Новий|Марія
2|15.03.2024 11:30|Іван|0671112204|Сайт|Відмова|Марія
3|18.03.2024 09:10|Софія|0671112205|Instagram|В роботі|Петро
"""
DEALS = """
ID угоди=deal_id|Назва угоди=name|Стадія угоди=stage|Дата створення=created_at|Дата закриття=closed_at|Сума угоди=amount|Відповідальний менеджер=owner
1|Кава для офісу|Виграно|01.02.2024|15.03.2024|12 500,00|Марія
2|Кавоварки|Програно|03.02.2024|16.03.2024|48 000,00|Петро
3|Чайники|Переговори|18.02.2024||7 250,50|Марія
"""
REQUESTS = """
Номер звернення=ticket_id|Створено=opened_at|Телефон клієнта=customer_phone|Тема=subject|Категорія звернення=kind|Вирішено=closed_at|Виконавець=agent
Z1|05.03.2024 10:15|0671112203|Розбита чашка|Скарга|06.03.2024 12:00|Марія
Z2|15.03.2024 12:00|0671112204|Не доїхало|Доставка||Петро
Z3|18.03.2024 09:00|0671112205|"Чому так дорого?"|Питання|18.03.2024 10:00|Марія
"""
ADS = """
Дата=spent_on|Канал=channel|Кампанія=campaign_id/campaign_name|Витрати, ₴=amount|Покази=impressions|Кліки=clicks|CTR
1 березня 2024|Google|Бренд|1 250,40 ₴|20 100|310|1,54%
2 березня 2024|Meta|Весна|640,00 ₴|5 400|220|4,07%
13 березня 2024|Meta|Весна|705,10 ₴|6 100|240|3,93%
Разом|||2 595,50 ₴|31 600|770|
"""
LEFT = """
Дата залишку=counted_on|Склад=store|Артикул=product_id|Найменування=product_name|Залишок=on_hand|Резерв=reserved
31.03.2024|Основний|A-0|Кава мелена|120,000|5,000
31.03.2024|Основний|A-1|Кавоварка|8,000|0,000
31.03.2024|Львів|A-0|Кава мелена|15,500|0,000
"""
INVOICES = """
Номер рахунку=invoice_id|Дата рахунку=issued_on|Контрагент=customer_id/customer_name|Сума рахунку=amount|Термін оплати=due_on|Сплачено=paid
Р-1|05.03.2024|ТОВ Зоря|12 500,00|19.03.2024|12 500,00
Р-2|15.03.2024|ФОП Лан|8 000,50|29.03.2024|0,00
Р-3|18.03.2024|ТОВ Зоря|4 250,00|01.04.2024|1 000,00
"""


def lists() -> tuple[Nasty, ...]:
    """Lists of clients and goods, payments, and what happened beside the orders."""
    return (
        _uk("клієнти.csv", delimited(cells(CLIENTS), by=";", encoding="cp1251"), as_table("customers", CLIENTS)),
        _uk("номенклатура.xls", xls({"Товари": cells(GOODS_LIST)}), as_table("products", GOODS_LIST, sheet="Товари")),
        _uk("оплати.csv", delimited(cells(PAID), by="\t", encoding="cp1251"), as_table("payments", PAID)),
        _uk(
            "виписка банку.csv",
            delimited(cells(BANK), by=";", encoding="cp1251", before="Виписка по рахунку за березень 2024\r\n"),
            as_table("statements", BANK),
        ),
        _uk("ліди.csv", delimited(cells(LEADS), encoding="utf-16"), as_table("leads", LEADS)),
        _uk("угоди.ods", ods({"Угоди": cells(DEALS)}), as_table("deals", DEALS, sheet="Угоди")),
        _uk("звернення.json", objects(cells(REQUESTS)), as_table("tickets", REQUESTS)),
        _uk("реклама.csv", delimited(cells(ADS), by=";"), as_table("spend", ADS, total_row=1)),
        _uk("залишки.xlsx", xlsx({"Залишки": [["Відомість залишків"], *cells(LEFT)]}), as_table("stock", LEFT, sheet="Залишки")),
        _uk("рахунки.xls", page(cells(INVOICES), encoding="utf-8", title="Рахунки покупцям"), as_table("invoices", INVOICES)),
    )


UKRAINIAN = (*texts(), *workbooks(), *others(), *lists())
