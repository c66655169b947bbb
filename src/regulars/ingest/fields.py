"""What an import can take from a file: the fields of every table and their words. Of the fact tables the schema says it."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.schema import FACTS, Fact

FIELDS: Final[dict[str, str]] = {
    "order_id": N_("order, invoice or receipt number"),
    "customer_id": N_("customer number"),
    "customer_name": N_("customer's name"),
    "given_name": N_("customer's first name"),
    "family_name": N_("customer's last name"),
    "customer_phone": N_("customer's phone"),
    "customer_email": N_("customer's e-mail"),
    "ordered_at": N_("date of the order"),
    "order_time": N_("time of the order, in a column of its own"),
    "product_id": N_("product code"),
    "product_name": N_("product name"),
    "category": N_("product category"),
    "brand": N_("brand"),
    "quantity": N_("quantity"),
    "unit_price": N_("price of one piece"),
    "amount": N_("amount of money, net of discount"),
    "discount": N_("discount, in money"),
    "discount_rate": N_("discount, in percent"),
    "refunded": N_("money given back"),
    "cost": N_("cost of the goods"),
    "unit_cost": N_("cost of one piece"),
    "currency": N_("currency"),
    "channel": N_("sales channel"),
    "store": N_("shop or branch"),
    "staff": N_("who sold"),
    "payment_method": N_("way of payment"),
    "status": N_("order status"),
    "kind": N_("kind of entry: sale or refund"),
    "gender": N_("gender"),
    "birth_on": N_("date of birth"),
    "address": N_("address"),
    "city": N_("city"),
    "region": N_("region"),
    "country": N_("country"),
    "customer_group": N_("customer level or group"),
    "joined_on": N_("date of registration"),
    "payment_id": N_("payment number"),
    "paid_at": N_("date of payment"),
    "happened_time": N_("time of day, in a column of its own"),
    "campaign_name": N_("name of the campaign"),
    "money_in": N_("money that came in, in a column of its own"),
    "money_out": N_("money that went out, in a column of its own"),
    "won_at": N_("when the deal was won"),
    "lost_at": N_("when the deal was lost"),
}
"""Field → what it is, for people; what a fact table holds itself stands in its schema."""

CUSTOMER_KEYS: Final = ("customer_id", "customer_phone", "customer_email", "customer_name")
"""What can name a customer, best first."""
PERSON: Final = (
    *("customer_id", "customer_name", "given_name", "family_name", "customer_phone", "customer_email", "gender", "birth_on"),
    *("address", "city", "region", "country", "customer_group", "joined_on"),
)
PRODUCT: Final = ("product_id", "product_name", "category", "brand", "unit_cost")
ORDER_PLACE: Final = ("channel", "store", "staff", "payment_method", "status")

_SALE: Final = ("order_id", "ordered_at", "order_time", "quantity", "unit_price", "amount", "discount", "discount_rate", "refunded", "cost", "currency", "kind")
_PAYMENT: Final = ("payment_id", "order_id", "paid_at", "payment_method", "amount", "currency")
CONTACTS: Final = ("customer_name", "given_name", "family_name", "customer_phone", "customer_email")
"""Columns that say who a customer of a fact table is where there is no number, and how to reach them."""
LEDGER: Final[dict[str, tuple[str, ...]]] = {
    "sales": (*_SALE, *ORDER_PLACE, *PERSON, *PRODUCT),
    "customers": PERSON,
    "products": PRODUCT,
    "payments": (*_PAYMENT, *CUSTOMER_KEYS),
}
"""Table of the sales ledger → the fields one can map for it."""


def _fact_fields(fact: Fact) -> tuple[str, ...]:
    """The fields one can map for a fact table: its own, and those that go into one of its own."""
    own = tuple(f.name for f in fact.fields)
    also: list[str] = []
    if fact.name == "leads":
        also += ["given_name", "family_name"]
    elif "customer_id" in own:
        also += PERSON[1:] if fact.name == "subscriptions" else CONTACTS
    if fact.happened.endswith("_at"):
        also.append("happened_time")
    also += [field for key, field in (("product_id", "product_name"), ("campaign_id", "campaign_name")) if key in own and field not in own]
    also += {"statements": ("money_in", "money_out"), "stored_value": ("money_in", "money_out"), "deals": ("won_at", "lost_at")}.get(fact.name, ())
    return (*own, *also)


TABLE_FIELDS: Final[dict[str, tuple[str, ...]]] = {**LEDGER, **{name: _fact_fields(fact) for name, fact in FACTS.items()}}
"""Table → the fields one can map for it."""
ANY_FIELD: Final = tuple(dict.fromkeys((*FIELDS, *(field for fields in TABLE_FIELDS.values() for field in fields))))
"""Every field of every table."""


_WORDS: Final = {f.name: f.meaning for fact in FACTS.values() for f in fact.fields} | FIELDS


def words_of(table: str, field: str) -> str:
    """What a field of a table is, for people."""
    own = {f.name: f.meaning for f in FACTS[table].fields} if table in FACTS else {}
    return own.get(field) or _WORDS.get(field, field)


ORDER_LEVEL: Final = ("ordered_at", "order_time", *PERSON, *ORDER_PLACE, "currency")
"""Fields that belong to the order as a whole; on its further lines they are often left blank."""

DATES: Final = frozenset({"ordered_at", "birth_on", "joined_on", "paid_at"})
NUMBERS: Final = frozenset({"quantity", "unit_price", "amount", "discount", "discount_rate", "refunded", "cost", "unit_cost"})


def moments_of(table: str) -> tuple[str, ...]:
    """The fields of a table that hold days or moments, the one that says when first."""
    if table not in FACTS:
        return ("ordered_at", "paid_at", "joined_on", "birth_on")
    fact = FACTS[table]
    dated = [f.name for f in fact.fields if f.type in {"timestamp", "date"}]
    return (*sorted(dated, key=lambda name: name != fact.happened), *(f for f in ("won_at", "lost_at") if f in TABLE_FIELDS[table]))


def money_fields(table: str) -> tuple[str, ...]:
    """The fields of a table that hold money."""
    if table not in FACTS:
        return ("amount", "unit_price")
    return (*(f.name for f in FACTS[table].fields if f.type == "money"), *(f for f in ("money_in", "money_out") if f in TABLE_FIELDS[table]))
