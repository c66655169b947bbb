"""The files of the shop: the till's lines and the member list in the words and habits of the town."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from regulars.worlds.chance import Flags
from regulars.worlds.tables import Export, Value, write_text, write_workbook
from regulars.worlds.tea_shop.ledger import Ledger
from regulars.worlds.tea_shop.members import Member, dial, mask
from regulars.worlds.tea_shop.people import Span
from regulars.worlds.tea_shop.town import Paper, Town


def sales_lines(town: Town, ledger: Ledger, members: tuple[Member, ...], span: Span) -> list[list[Value]]:
    """The till's lines, one list of values per line in the order of ``Paper.sales_header``."""
    midnight, products, paper = datetime.combine(span.first, time()), town.products, town.paper
    delivery, names = len(town.payments) - 1, [name for name, _ in town.menu]
    nobody = ("", "", "")
    cards = [(m.customer_id, m.name, dial(town.phones.forms[0], m.phone)) for m in members]
    hidden = [(m.customer_id, m.name, mask(town.phones.masked or "#" * len(m.phone), m.phone)) for m in members]

    def amount(hundredths: int) -> Value:
        return _decimal(hundredths, paper) if paper.encoding else hundredths / 100

    columns = zip(
        *(column.tolist() for column in (ledger.serial, ledger.member, ledger.shop, ledger.at, ledger.product, ledger.quantity)),
        *(column.tolist() for column in (ledger.price, ledger.discount, ledger.amount, ledger.cost, ledger.payment, ledger.refund)),
        strict=True,
    )
    lines: list[list[Value]] = []
    for serial, member, shop, at, code, quantity, price, discount, paid, cost, payment, refund in columns:
        product, moment = products[code], midnight + timedelta(seconds=at)
        known = nobody if member < 0 else (hidden if payment == delivery and town.phones.masked else cards)[member]
        number = f"{paper.refund_prefix if refund else ''}{town.shops[shop].code}{moment:%y%m%d}{serial:03d}"
        lines.append(
            [
                *(number, *known, town.shops[shop].name, moment.strftime(paper.moment)),
                *(product.code, product.name, names[product.category], quantity),
                *(amount(price), amount(discount), amount(paid), amount(cost), town.payments[payment], paper.refunded if refund else paper.paid),
            ]
        )
    return lines


def _decimal(hundredths: int, paper: Paper) -> str:
    """Money as the text export prints it: two decimals, no thousands sign."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}{paper.decimal_mark}{rest:02d}"


def write_sales(folder: Path, town: Town, ledger: Ledger, members: tuple[Member, ...], span: Span) -> tuple[Path, Path]:
    """Two deliveries of the till's lines: everything before the last month, and the last month."""
    lines, last_month = sales_lines(town, ledger, members, span), span.last.replace(day=1)
    early = ledger.day < (last_month - span.first).days

    def deliver(inside: Flags, first: date, last: date) -> Path:
        totals: list[Value] = []
        if town.paper.total:
            sums = [int(money[inside].sum()) / 100 for money in (ledger.discount, ledger.amount, ledger.cost)]
            totals = [town.paper.total, *([None] * 8), int(ledger.quantity[inside].sum()), None, *sums]
        title = town.paper.sales_title.format(brand=town.brand, first=first, last=last)
        months = sorted({f"{first:%Y-%m}", f"{last:%Y-%m}"})
        export = Export(town.paper.sales_file, town.paper.sales_header, [lines[i] for i in inside.nonzero()[0]], title, totals)
        return _write(folder, "_".join((town.paper.sales_file, *months)), town, export, last)

    return deliver(early, span.first, last_month - timedelta(days=1)), deliver(~early, last_month, span.last)


def write_members(folder: Path, town: Town, members: tuple[Member, ...], span: Span) -> Path:
    """The member list, in the order of the cards."""
    paper = town.paper
    rows: list[list[Value]] = [
        [
            *(m.customer_id, m.name, m.phone_written, m.email, m.gender, m.birth_on.strftime(paper.day) if m.birth_on else ""),
            *(m.group, m.joined_on.strftime(paper.day), m.city, m.address),
        ]
        for m in sorted(members, key=lambda m: m.customer_id)
    ]
    return _write(folder, paper.members_file, town, Export(paper.members_title, paper.members_header, rows), span.last)


def _write(folder: Path, name: str, town: Town, export: Export, created_on: date) -> Path:
    """The export in the town's kind of file."""
    if town.paper.encoding:
        path = folder / f"{name}.csv"
        write_text(path, export, town.paper.encoding, town.paper.delimiter)
    else:
        path = folder / f"{name}.xlsx"
        write_workbook(path, export, created_on)
    return path
