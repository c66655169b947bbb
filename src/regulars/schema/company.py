"""What the company itself did, had and saw: stock, rivals' prices, shop events, other departments' books."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.schema.model import F, Fact

COMPANY: Final = (
    Fact(
        "stock",
        N_("What lay in one shop or store of one product on one day"),
        (
            F("counted_on", "date", N_("Day of the count"), key=True),
            F("product_id", "text", N_("Product code, else its name"), key=True),
            F("store", "text", N_("Shop, branch or warehouse"), key=True),
            F("on_hand", "quantity", N_("Pieces there")),
            F("reserved", "quantity", N_("Pieces promised to somebody")),
            F("on_order", "quantity", N_("Pieces ordered from the supplier")),
            F("lead_days", "integer", N_("Days from order to delivery")),
            F("supplier", "text", N_("Supplier")),
        ),
        happened="counted_on",
        needs=(("product_id",), ("on_hand",)),
    ),
    Fact(
        "competitor_prices",
        N_("One price seen at one rival on one day"),
        (
            F("observed_on", "date", N_("Day on which it was seen"), key=True),
            F("competitor", "text", N_("The rival"), key=True),
            F("product_id", "text", N_("Own product code, else the name"), key=True),
            F("price", "money", N_("Price seen")),
            F("currency", "text", N_("ISO 4217 code")),
            F("promotion", "text", N_("Offer that was on")),
            F("store", "text", N_("Where it was seen")),
        ),
        happened="observed_on",
        needs=(("competitor",), ("product_id",), ("price",)),
    ),
    Fact(
        "calendar",
        N_("One day or stretch of days that matters: a holiday, a promotion, an opening, a move, weather, a blackout"),
        (
            F("day_on", "date", N_("First day"), key=True),
            F("name", "text", N_("What it is called"), key=True),
            F("store", "text", N_("Shop or branch; null for all"), key=True),
            F("until_on", "date", N_("Last day; null for one day")),
            F("kind", "text", N_("Holiday, promotion, opening, move, renovation, weather, closure …, as written")),
            F("region", "text", N_("Region; null for all")),
            F("hours_lost", "quantity", N_("Opening hours lost")),
            F("value", "quantity", N_("A figure of that day, such as the temperature")),
        ),
        happened="day_on",
        needs=(("day_on",), ("name", "kind", "value")),
    ),
    Fact(
        "statements",
        N_("One entry of another system's books (accounting, bank, marketplace): to compare with, never counted as a sale"),
        (
            F("statement_id", "text", N_("Number of the entry"), key=True),
            F("source", "text", N_("Whose books: the system or the account")),
            F("order_id", "text", N_("Order, invoice or receipt number it names")),
            F("customer_id", "text", N_("The customer's key; null if unknown")),
            F("booked_at", "timestamp", N_("When it was booked, local to the shop")),
            F("amount", "money", N_("Money booked; negative when paid back")),
            F("tax", "money", N_("Tax in it")),
            F("fee", "money", N_("Fee or commission taken off it")),
            F("currency", "text", N_("ISO 4217 code")),
            F("kind", "text", N_("Kind of entry as written")),
            F("party", "text", N_("Name on the other side"), personal=True),
            F("note", "text", N_("Purpose of the payment or remark"), personal=True),
        ),
        happened="booked_at",
        needs=(("booked_at",), ("amount",)),
        compared=True,
    ),
)
"""Tables without which every answer works, and which make some better."""
