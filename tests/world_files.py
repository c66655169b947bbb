"""The files of a world as an independent reader understands them: no code is shared with what wrote them."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from regulars.i18n import Language
from regulars.worlds import Made

REFUND_STATUS = {"zh_CN": "已退款", "uk": "Повернення", "en": "Refund"}
GROUPS = {
    "zh_CN": ("学生会员", "家庭会员"),
    "uk": ("Студентська картка", "Сімейна картка"),
    "en": ("Student", "Family"),
}
HOT_AND_SETS = {"zh_CN": {"热饮", "小食套餐"}, "uk": {"Гарячі напої", "Снек-набори"}, "en": {"Hot drinks", "Snack sets"}}
MILK_TEA = {"zh_CN": "奶茶", "uk": "Молочний чай", "en": "Milk tea"}


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
    def groups(self) -> dict[str, str]:
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


def digits(values: Iterable[Decimal]) -> str:
    return f"{sum(values, Decimal()):.2f}"


@dataclass
class Window:
    """One group's standing orders in some hours of the week, beside its orders at all times."""

    orders: int
    all_orders: int
    busy_factor: float
    line_share: float
    line_share_elsewhere: float


def window(book: Book, group: str, weekdays: set[int], hours: range, categories: set[str]) -> Window:
    groups = book.groups
    mine = [line for line in book.lines if line.standing and line.customer and groups[line.customer] == group]
    inside: list[Line] = []
    outside: list[Line] = []
    for line in mine:
        (inside if line.at.isoweekday() in weekdays and line.at.hour in hours else outside).append(line)
    orders, all_orders = len({line.order for line in inside}), len({line.order for line in mine})
    shares = [sum(line.category in categories for line in part) / len(part) for part in (inside, outside)]
    return Window(orders, all_orders, orders / (len(weekdays) * len(hours)) * 7 * 13 / all_orders, *shares)


def students(book: Book) -> Window:
    return window(book, GROUPS[book.language][0], {3}, range(15, 17), {MILK_TEA[book.language]})


def families(book: Book) -> Window:
    return window(book, GROUPS[book.language][1], {6, 7}, range(18, 21), HOT_AND_SETS[book.language])


def deciles(book: Book) -> list[list[str]]:
    """Customers in ten groups of equal size, the biggest spenders first."""
    revenue = book.revenue
    ranked = sorted(book.order_days, key=lambda c: (-revenue[c], c))
    return [ranked[i : i + 100] for i in range(0, 1000, 100)]


def excellent_lapsed(book: Book) -> set[str]:
    """CPM by its published bounds: lapsed 240 days, tenure 210 days, money bar 7 times the average order."""
    revenue, days, last_day = book.revenue, book.order_days, max(line.at for line in book.lines).date()
    bar = 7 * sum(revenue.values()) / sum(bool(customer) for customer, _ in book.orders)
    return {c for c, d in days.items() if (last_day - d[-1]).days >= 240 and (d[-1] - d[0]).days >= 210 and revenue[c] >= bar}
