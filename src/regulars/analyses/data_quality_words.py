"""The words of data quality: dimensions, tables, fields, what can be wrong, and how much each field weighs."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.ingest.fields import ANY_FIELD, FIELDS, words_of
from regulars.ingest.reasons import REASONS
from regulars.ingest.rules import DIMENSIONS as SIDES
from regulars.ingest.rules import RULES, Rule
from regulars.schema import PART_TABLES

DIMENSIONS: Final[dict[str, str]] = {str(side): words for side, words in SIDES.items()}
"""ISO/IEC 25012 as far as a file shows it; customs of the trade are listed beside it, and not scored."""
SCORED: Final = ("completeness", "validity", "uniqueness", "consistency", "timeliness")

KINDS: Final[dict[str, str]] = {rule.key: rule.dimension for rule in RULES}
"""Rule of intake → its dimension."""


def _looked_at(rule: Rule, about: str) -> tuple[str, ...]:
    """The fields of a table that a rule looks at; of several names for one thing the first that the table has."""
    columns = PART_TABLES[about].columns
    named = (rule.field,) if rule.condition or not rule.reads else rule.reads
    found = (next((name for name in one.split("|") if name in columns), None) for one in named)
    return tuple(field for field in found if field)


RULE_FIELDS: Final = tuple(
    (rule.key, about, field) for rule in RULES if rule.dimension != "reality" for about in rule.about for field in _looked_at(rule, about)
)
"""(rule, table, field): what each rule looks at, to say how many records it has looked at."""

REASON_KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(("date_missing", "amount_missing", "customer_missing", "product_missing", "needed_missing", "order_without_lines"), "completeness"),
    **dict.fromkeys(("date_unreadable", "date_impossible", "number_unreadable", "answer_unreadable", "cells_too_many", "cells_too_few"), "validity"),
    **dict.fromkeys(("already_loaded", "order_repeated"), "uniqueness"),
    "order_unknown": "consistency",
}
"""Reason for which a row was not loaded → its dimension."""

NO_MISTAKES: Final = frozenset({"total_row", "header_repeated", "not_a_sale", "other_entry"})
"""Reasons that blame nobody: the row is of another kind."""

UNUSABLE: Final = ("phone_default", "phone_masked", "phone_invalid", "email_test", "email_invalid")
"""Rules after which nobody can be reached by what stands there."""

PLACEHOLDERS: Final = ("phone_default", "email_test", "name_test", "birth_default")
"""Rules that find a value written where none was known: the field is not filled."""

OWN_RULES: Final[dict[str, str]] = {
    "empty": N_("Left empty"),
    "unreachable": N_("No valid phone and no valid e-mail"),
    "refund_unmatched": N_("Refund without its sale"),
}
"""What the tables themselves show, beside the rules of intake."""

RULE_WORDS: Final[dict[str, str]] = {
    **OWN_RULES,
    **{reason: REASONS[reason] for reason in REASON_KINDS},
    **{rule.key: rule.title for rule in RULES},
}

TABLE_WORDS: Final[dict[str, str]] = {
    "sales": N_("Rows of sales"),
    "customers": N_("Customer records"),
    "products": N_("Product records"),
    "payments": N_("Payments"),
    "orders": N_("Order records"),
    "returns": N_("Refunds"),
    "events": N_("Visits and views"),
    "touches": N_("Messages sent"),
    "campaigns": N_("Campaigns"),
    "spend": N_("Advertising spend"),
    "tickets": N_("Service requests"),
    "surveys": N_("Survey answers"),
    "reviews": N_("Reviews"),
    "consents": N_("Consents"),
    "leads": N_("Leads"),
    "deals": N_("Deals"),
    "deal_stages": N_("Stages of deals"),
    "activities": N_("Sales work"),
    "subscriptions": N_("Subscriptions"),
    "stored_value": N_("Prepaid balances"),
    "invoices": N_("Invoices"),
    "stock": N_("Stock"),
    "competitor_prices": N_("Prices of rivals"),
    "calendar": N_("Calendar"),
    "statements": N_("Statements of other systems"),
}

FIELD_WORDS: Final[dict[str, str]] = {
    **{field: words_of("", field) for field in ANY_FIELD},
    "name": FIELDS["customer_name"],
    "phone": FIELDS["customer_phone"],
    "email": FIELDS["customer_email"],
    "method": FIELDS["payment_method"],
    "phone_written": FIELDS["customer_phone"],
    "reach": N_("a way to reach the customer"),
    "ordered_on": FIELDS["ordered_at"],
    "remark": N_("remarks"),
}

WEIGHTS: Final[dict[str, int]] = {
    **dict.fromkeys(("amount", "unit_price", "quantity", "ordered_at", "ordered_on", "paid_at", "order_id"), 3),
    **dict.fromkeys(("customer_id", "reach", "phone", "phone_written", "email", "product_id", "currency"), 2),
}
"""Field → how much it weighs in the score of its dimension; others weigh one. Money and days carry every figure, keys and ways to reach people the rest."""

STANDINGS: Final[dict[str, str]] = {
    "regular_active": N_("Regulars, active"),
    "regular_lapsed": N_("Regulars, lapsed"),
    "other_active": N_("Occasional buyers, active"),
    "other_lapsed": N_("Occasional buyers, lapsed"),
}
"""Three purchase days or more make a regular; lapsed are those silent for longer than nine in ten customers usually take to come back."""
