"""Customs of the trade that are no purchases, or not the purchases they look like: known by their words, where the file shows them."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.ingest.rules.rule import Rule

_KINDS: Final = ("kind", "status")

REALITIES: Final = (
    Rule(
        "top_up",
        N_("Top-up"),
        N_("Money paid in advance onto a card or balance: it is cash, not a purchase. What is later paid from the balance counts."),
        "reality",
        reads=("kind", "product_name", "category"),
        words="top_up",
        takes_out=True,
        on=True,
    ),
    Rule(
        "deposit_balance",
        N_("Deposit and balance"),
        N_("A deposit, or the balance that follows it: parts of one order. Rows of one number are one order already; others are listed."),
        "reality",
        reads=("kind", "product_name", "remark"),
        words="deposit_balance",
    ),
    Rule(
        "refund_without_return",
        N_("Refund without return"),
        N_("Money was given back and the goods were not sent back."),
        "reality",
        field="quantity",
        condition="amount < 0 AND quantity = 0",
        reads=(*_KINDS, "remark"),
        words="refund_without_return",
    ),
    Rule(
        "fake_order",
        N_("Fake order"),
        N_("The file says itself that nobody bought: a test, an order of one's own for the ranking."),
        "reality",
        reads=(*_KINDS, "remark", "name", "customer_group", "channel", "product_name"),
        words="fake_order",
        takes_out=True,
    ),
    Rule(
        "staff_purchase",
        N_("Purchase of staff"),
        N_("Somebody of the company bought, often at a price of their own."),
        "reality",
        reads=("kind", "remark", "name", "customer_group", "channel", "payment_method"),
        words="staff_purchase",
        takes_out=True,
    ),
    Rule(
        "voucher",
        N_("Voucher not redeemed"),
        N_("A voucher was bought and not used yet: it counts when it is redeemed."),
        "reality",
        reads=_KINDS,
        words="voucher",
        takes_out=True,
        on=True,
    ),
    Rule(
        "price_difference",
        N_("Price difference"),
        N_("A row by which a customer paid a difference or the postage later: money that belongs to another order."),
        "reality",
        reads=("kind", "product_name"),
        words="price_difference",
        takes_out=True,
    ),
    Rule(
        "unclaimed_parcel",
        N_("Parcel not collected"),
        N_("The customer did not take the parcel: counted as cancelled; delivery there and back was paid all the same."),
        "reality",
        reads=_KINDS,
        words="unclaimed_parcel",
    ),
    Rule(
        "same_payment",
        N_("Payment of a known order"),
        N_("A row of a payment bill whose order another file has: by its number, else by currency, amount and time within 10 minutes, one to one."),
        "reality",
        field="order_id",
        takes_out=True,
        on=True,
    ),
    Rule(
        "cancelled",
        N_("Cancelled"),
        N_("The file marks the row as cancelled, refunded or never paid; the ledger takes the sale back."),
        "reality",
        field="status",
        condition="cancelled",
    ),
)
