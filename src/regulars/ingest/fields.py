"""What an import can take from a file: the fields of the four tables, their words, and what a table cannot do without."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_

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
}
"""Field → what it is, for people."""

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
TABLE_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "sales": (*_SALE, *ORDER_PLACE, *PERSON, *PRODUCT),
    "customers": PERSON,
    "products": PRODUCT,
    "payments": (*_PAYMENT, *CUSTOMER_KEYS),
}
"""Table → the fields one can map for it."""

ORDER_LEVEL: Final = ("ordered_at", "order_time", *PERSON, *ORDER_PLACE, "currency")
"""Fields that belong to the order as a whole; on its further lines they are often left blank."""

DATES: Final = frozenset({"ordered_at", "birth_on", "joined_on", "paid_at"})
NUMBERS: Final = frozenset({"quantity", "unit_price", "amount", "discount", "discount_rate", "refunded", "cost", "unit_cost"})
