"""Clean order and customer files in three languages, and twelve kinds of mistakes planted into them at a rate, with the rows that bear them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

Cells = dict[str, str]
OPENED = datetime(2024, 1, 8, 9)
DAYS = 500


@dataclass(frozen=True)
class Tongue:
    """How a till of one country writes: its headers, signs, goods, and telephone numbers."""

    language: str
    currency: str
    zone: str
    sales: Mapping[str, str]
    people: Mapping[str, str]
    delimiter: str
    comma: str
    day: str
    categories: tuple[str, ...]
    stores: tuple[str, ...]
    staff: tuple[str, ...]
    names: tuple[tuple[str, ...], tuple[str, ...]]
    phone: str
    mails: str


def _headers(written: str) -> Mapping[str, str]:
    fields = {
        10: ("order_id", "customer_id", "ordered_at", "product", "category", "quantity", "unit_price", "amount", "store", "staff"),
        5: ("customer_id", "name", "phone", "email", "birth_on"),
    }
    titles = written.split("|")
    return dict(zip(fields[len(titles)], titles, strict=True))


TONGUES = (
    Tongue(
        "en",
        "GBP",
        "Europe/London",
        _headers("Order No|Customer No|Order date|Product|Category|Quantity|Unit price|Amount|Store|Sold by"),
        _headers("Customer No|Customer name|Phone|E-mail|Date of birth"),
        ",",
        ".",
        "%Y-%m-%d %H:%M",
        ("Ceramics", "Lighting", "Textiles", "Stationery"),
        ("Leeds", "York"),
        ("Harriet", "Oliver", "Priya"),
        (("Anna", "Ben", "Clara", "Daniel", "Emily", "Frank"), ("Marsh", "Okafor", "Whitfield", "Turner", "Singh", "Hughes")),
        "+4474{:08d}",
        "{}{}@mailbox.org",
    ),
    Tongue(
        "uk",
        "UAH",
        "Europe/Kyiv",
        _headers("Номер замовлення|Код клієнта|Дата замовлення|Товар|Категорія|Кількість|Ціна|Сума|Магазин|Продавець"),
        _headers("Код клієнта|Ім'я клієнта|Телефон|Електронна пошта|Дата народження"),
        ";",
        ",",
        "%d.%m.%Y %H:%M",
        ("Кераміка", "Світильники", "Текстиль", "Канцелярія"),
        ("Львів", "Харків"),
        ("Оксана", "Тарас", "Марічка"),
        (("Ірина", "Богдан", "Олена", "Андрій", "Соломія", "Петро"), ("Шевчук", "Коваленко", "Мельник", "Бондар", "Лисенко", "Гнатюк")),
        "+38067{:07d}",
        "{}{}@ukr.net",
    ),
    Tongue(
        "zh_CN",
        "CNY",
        "Asia/Shanghai",
        _headers("订单号|会员号|下单时间|商品名称|商品类目|数量|单价|金额|门店|导购"),
        _headers("会员号|姓名|手机号|邮箱|生日"),
        ",",
        ".",
        "%Y年%m月%d日 %H:%M",
        ("陶瓷茶具", "灯具照明", "家纺布艺", "文具用品"),
        ("西湖店", "滨江店"),
        ("小林", "阿芳", "老周"),
        (("王", "李", "张", "刘", "陈", "杨"), ("晓明", "文静", "建国", "雨桐", "思远", "丽华")),
        "139{:08d}",
        "{}{}@163.com",
    ),
)


def clean_sales(tongue: Tongue, rows: int, dice: random.Random) -> list[Cells]:
    """Order lines of one file: 24 products whose prices hardly move, customers, shops and sellers, no two lines alike."""
    prices = {f"{category} {letter}{number}": dice.randrange(20, 400) for category in tongue.categories for number, letter in enumerate("ABCDEF", 1)}
    found = []
    for number in range(rows):
        product = dice.choice(sorted(prices))
        price, pieces = round(prices[product] * dice.uniform(0.95, 1.05), 2), dice.randint(1, 4)
        at = OPENED + timedelta(days=number * DAYS // rows, minutes=dice.randrange(600))
        found.append(
            {
                "order_id": f"{50_000 + number}",
                "customer_id": f"K{dice.randrange(rows // 5):05d}",
                "ordered_at": at.strftime(tongue.day),
                "product": product,
                "category": product.rpartition(" ")[0],
                "quantity": str(pieces),
                "unit_price": money(price, tongue),
                "amount": money(round(price * pieces, 2), tongue),
                "store": dice.choice(tongue.stores),
                "staff": dice.choice(tongue.staff),
            }
        )
    return found


def clean_people(tongue: Tongue, rows: int, dice: random.Random) -> list[Cells]:
    """A list of customers, each with a name, a phone, an address to write to and a date of birth."""
    used = dice.sample(range(10_000_000 if "7d" in tongue.phone else 100_000_000), rows)
    found = []
    for number in range(rows):
        name = (" " if tongue.language != "zh_CN" else "").join(dice.choice(part) for part in tongue.names)
        born = date(1955, 1, 1) + timedelta(dice.randrange(17_000))
        told = (f"K{number:05d}", name, tongue.phone.format(used[number]), tongue.mails.format("buyer", number), born.strftime(tongue.day.split(" ")[0]))
        found.append(dict(zip(tongue.people, told, strict=True)))
    return found


def money(amount: float, tongue: Tongue) -> str:
    return f"{amount:.2f}".replace(".", tongue.comma)


def _amount(cells: Cells, tongue: Tongue) -> float:
    return float(cells["amount"].replace(tongue.comma, "."))


def _priced(cells: Cells, tongue: Tongue, factor: float) -> Cells:
    price = float(cells["unit_price"].replace(tongue.comma, "."))
    return cells | {"unit_price": money(price * factor, tongue), "amount": money(_amount(cells, tongue) * factor, tongue)}


def _misspelt(cells: Cells, tongue: Tongue, dice: random.Random) -> Cells:
    """A wrong letter in the word; between Chinese characters a blank."""
    word = cells["category"]
    at = dice.randrange(1, len(word))
    if tongue.language == "zh_CN":
        return cells | {"category": f"{word[:at]} {word[at:]}"}
    letters = "бвгджзклмнпрст" if tongue.language == "uk" else "bcdfghklmnprst"
    return cells | {"category": word[:at] + dice.choice([letter for letter in letters if letter != word[at]]) + word[at + 1 :]}


Plant = Callable[[Cells, Tongue, random.Random], Cells]

SALES: tuple[Mapping[str, Plant], ...] = (
    {
        "customer_missing": lambda cells, tongue, dice: cells | {"customer_id": ""},
        "date_unreadable": lambda cells, tongue, dice: cells | {"ordered_at": dice.choice(["??", "later", "32.13.2024", "2024-02-31"])},
        "date_impossible": lambda cells, tongue, dice: cells | {"ordered_at": datetime(2204, 5, 6, 9).strftime(tongue.day)},
        "number_unreadable": lambda cells, tongue, dice: cells | {"amount": dice.choice(["abc", "1.2.3.4", "?"])},
    },
    {
        "amount_outlier": lambda cells, tongue, dice: _priced(cells, tongue, dice.choice([0.1, 0.1, 10])),
        "negative_price": lambda cells, tongue, dice: _priced(cells, tongue, -1),
        "amount_mismatch": lambda cells, tongue, dice: cells | {"amount": money(_amount(cells, tongue) * dice.choice([0.6, 1.7]), tongue)},
        "label_variant": _misspelt,
    },
)
"""Rule or reason → how a row is made to deserve it; a group is planted into one file."""

PEOPLE: Mapping[str, Plant] = {
    "phone_default": lambda cells, tongue, dice: cells | {"phone": dice.choice(["13800138000", "00000000000"]) if tongue.language == "zh_CN" else "0000000000"},
    "phone_invalid": lambda cells, tongue, dice: cells | {"phone": cells["phone"][:-4]},
    "email_invalid": lambda cells, tongue, dice: cells | {"email": cells["email"].replace("@", dice.choice([" at ", ""]))},
    "birth_default": lambda cells, tongue, dice: cells | {"birth_on": date(1900, 1, 1).strftime(tongue.day.split(" ")[0])},
}


def planted(rows: list[Cells], kinds: Mapping[str, Plant], rate: float, tongue: Tongue, dice: random.Random) -> tuple[list[Cells], dict[int, str]]:
    """The rows with each kind of mistake in so many of them, no row with two, and where: place in the list → kind."""
    each = round(rate * len(rows))
    chosen = dice.sample(range(len(rows)), each * len(kinds))
    truth = {place: kind for kind, start in zip(kinds, range(0, len(chosen), each), strict=True) for place in chosen[start : start + each]}
    return [kinds[truth[place]](row, tongue, dice) if place in truth else row for place, row in enumerate(rows)], truth


def doubled(rows: list[Cells], rate: float, dice: random.Random) -> tuple[list[Cells], dict[int, str]]:
    """The rows with some of them written once more, anywhere below, and where."""
    copies = dice.sample(rows, round(rate * len(rows)))
    return [*rows, *copies], {len(rows) + place: "duplicate_row" for place in range(len(copies))}


def write(path: Path, headers: Mapping[str, str], rows: list[Cells], tongue: Tongue) -> Path:
    """A file as the till of that country writes it."""
    lines = [tongue.delimiter.join(headers.values()), *(tongue.delimiter.join(row[name] for name in headers) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path
