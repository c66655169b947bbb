"""An empty workbook to fill in: orders, returns, customers, products and payments, with headers that are recognised with certainty."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from regulars.errors import N_, error
from regulars.i18n import Reader
from regulars.ingest.fields import DATES, FIELDS, NUMBERS
from regulars.ingest.synonyms import ROLES

_MADE_AT: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""Written into the file instead of the present moment, so that the same template is the same bytes."""
_WIDTH: Final = 18

_HOW: Final = (
    N_("How to fill in this workbook"),
    N_("One row is one product in one order. The dark columns are needed; leave out any other, or add columns of your own."),
    N_("A customer needs a number, or else a phone, an e-mail address or a name: always the same one."),
    N_("Give quantity and price, or the amount; the amount is what was paid for the goods, after the discount, without delivery."),
    N_("Write dates as 2024-03-05 or 2024-03-05 14:30."),
    N_("A return goes into the sheet for returns, with the day it came back; quantity and amount may be written without a minus."),
    N_("The sheets for customers, products and payments are optional, and so is every row above this one that you do not need."),
    N_("Then load the file: regulars load FILE.xlsx"),
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet of the template: its name, its fields, and those that must be filled in."""

    name: str
    fields: tuple[str, ...]
    needed: frozenset[str]


_LINE: Final = ("order_id", "ordered_at", "customer_id", "customer_name", "customer_phone", "product_id", "product_name", "category", "quantity", "unit_price")
_SHEETS: Final = (
    _Sheet(
        N_("Order lines"), (*_LINE, "discount", "amount", "payment_method", "store", "status"), frozenset({"order_id", "ordered_at", "customer_id", "amount"})
    ),
    _Sheet(N_("Returned goods"), (*_LINE, "amount"), frozenset({"order_id", "ordered_at", "customer_id", "amount"})),
    _Sheet(
        N_("Customer list"),
        ("customer_id", "customer_name", "customer_phone", "customer_email", "gender", "birth_on", "city", "address", "customer_group", "joined_on"),
        frozenset({"customer_id"}),
    ),
    _Sheet(N_("Product list"), ("product_id", "product_name", "category", "brand", "unit_cost"), frozenset({"product_id"})),
    _Sheet(N_("Payment list"), ("payment_id", "paid_at", "order_id", "payment_method", "paid_amount"), frozenset({"order_id", "paid_amount"})),
)


def write_template(path: Path, reader: Reader) -> None:
    """Write the empty workbook in the reader's language. A sheet left empty is skipped when the file is loaded.

    Errors: ``not_writable``, ``disk_full``.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with xlsxwriter.Workbook(str(unfinished)) as workbook:
            workbook.set_properties({"created": _MADE_AT})
            for sheet in _SHEETS:
                _write_sheet(workbook, sheet, reader)
            guide = workbook.add_worksheet(reader.say(N_("How to"))[:31])
            guide.set_column(0, 0, 120)
            for row, text in enumerate(_HOW):
                guide.write_string(row, 0, reader.say(text))
        os.replace(unfinished, path)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as reason:
        unfinished.unlink(missing_ok=True)
        if getattr(reason, "errno", None) == errno.ENOSPC:
            raise error("disk_full", path=str(path)) from reason
        raise error("not_writable", path=str(path), reason=str(reason)) from reason


def _write_sheet(workbook: Workbook, sheet: _Sheet, reader: Reader) -> None:
    """The header with a note on every column, and the cells below ready for texts, dates and numbers."""
    page = workbook.add_worksheet(reader.say(sheet.name)[:31])
    page.freeze_panes(1, 0)
    for column, field in enumerate(sheet.fields):
        page.set_column(column, column, _WIDTH, _format_of(workbook, field))
        header = workbook.add_format(
            {"bold": True, "bg_color": "#1D3557" if field in sheet.needed else "#DCE3EC", "font_color": "#FFFFFF" if field in sheet.needed else "#000000"}
        )
        page.write_string(0, column, ROLES[field].first(reader.language), header)
        page.write_comment(0, column, reader.say(FIELDS.get(field, FIELDS["amount"])))


def _format_of(workbook: Workbook, field: str) -> Format:
    """Numbers of orders and phones as text, so that zeros in front stay; days as ISO dates."""
    if field in DATES:
        return workbook.add_format({"num_format": "yyyy-mm-dd hh:mm" if field == "ordered_at" else "yyyy-mm-dd"})
    return workbook.add_format(
        {"num_format": "0.00" if field in NUMBERS | {"paid_amount"} and field != "quantity" else "General" if field == "quantity" else "@"}
    )
