"""Why a row was not loaded, and what a person should know about the rows that were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from regulars.errors import N_
from regulars.i18n import Reader

REASONS: Final[dict[str, str]] = {
    "date_missing": N_("there is no date"),
    "date_unreadable": N_("the date cannot be read"),
    "date_impossible": N_("the date is in the future or before 1970"),
    "number_unreadable": N_("the number cannot be read"),
    "amount_missing": N_("there is neither an amount nor a price"),
    "total_row": N_("it is a totals row"),
    "header_repeated": N_("it repeats the header"),
    "cells_too_many": N_("it has more cells than there are columns"),
    "cells_too_few": N_("it has fewer cells than there are columns"),
    "other_entry": N_("it is an entry of another kind: an expense, a transfer, a gift, an order that is not paid yet"),
    "not_a_sale": N_("it is no sale: a view, a cart, an expense"),
    "customer_missing": N_("it does not say which customer"),
    "product_missing": N_("it does not say which product"),
    "order_unknown": N_("its order is in no file"),
    "order_repeated": N_("the order stands there a second time"),
    "order_without_lines": N_("the order has neither lines nor an amount"),
    "needed_missing": N_("a cell that the row cannot do without is empty"),
    "answer_unreadable": N_("it says neither yes nor no"),
    "already_loaded": N_("an earlier file brought the same row"),
}
"""Reason key → words."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the loaded rows that a person should know: a text of the catalogue and its values."""

    says: str
    values: tuple[tuple[str, int | str], ...] = ()

    def read(self, reader: Reader) -> str:
        return reader.say(self.says, **{name: reader.number(value) if isinstance(value, int) else reader.say(value) for name, value in self.values})


DISAGREES: Final = N_("On {rows} rows the amount is not quantity × price; the amount was taken.")
SHORTENED: Final = N_("On {rows} rows a number was shortened by Excel (such as 5.21E+17) and cannot be told apart; it was left out.")
UNREADABLE_LETTERS: Final = N_("On {rows} rows some letters could not be read.")
KEYED_BY: Final = N_("There is no customer number, so customers are told apart by: {key}.")
NO_PHONE: Final = N_("On {rows} rows the phone is masked or stands for none (such as 138****8000 or 0000000); it was kept, but no customer is known by it.")
NO_EMAIL: Final = N_("On {rows} rows the e-mail address is masked or stands for none (such as test@test.com); it was kept, but no customer is known by it.")
TAKEN_OFF: Final = N_("Money given back on {rows} rows was taken off the amount.")
CANCELLED_ORDERS: Final = N_("{rows} rows are orders that were cancelled, refunded in full or never paid; they are listed, not counted.")
SHARED_OUT: Final = N_("A figure of the whole order (discount or refund) was shared out over its lines.")
CARRIED: Final = N_("Blank cells on the further lines of an order were taken from its first line.")
LEFT_EMPTY: Final = N_("Cells of {column} that could not be read and were left empty: {rows}.")
WRONG_ENDING: Final = N_("{file} is not what its ending says: it was read as {kind}.")
LEFT_OUT: Final = N_("Left out, because they hold no table: {names}.")
HIDDEN: Final = N_("Left out, because they are hidden in the workbook: {names}. To load them, unhide them in Excel and save.")
YEAR_FROM_NAME: Final = N_("The dates in {column} have no year; {year} was taken from the name.")
YEAR_FROM_ROW: Final = N_("The dates in {column} have no year; it was taken from {other} in the same row.")
DAY_FIRST: Final = N_("Nothing proves whether dates such as {example} begin with the day or the month; they were read with the day first.")
MONTH_FIRST: Final = N_("Nothing proves whether dates such as {example} begin with the day or the month; they were read with the month first.")
