"""From the first question to the contract and the money owed."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.schema.model import F, Fact

_CUSTOMER = F("customer_id", "text", N_("The customer's key; null if unknown"))
_STORE = F("store", "text", N_("Shop or branch"))
_CURRENCY = F("currency", "text", N_("ISO 4217 code"))
_OWNER = F("owner", "text", N_("Who is responsible"))
_STATUS = F("status", "text", N_("Status as written"))

SELLING: Final = (
    Fact(
        "leads",
        N_("One person or company who asked and is not a customer yet"),
        (
            F("lead_id", "text", N_("Number of the lead"), key=True),
            F("customer_id", "text", N_("The customer it became; null if none yet")),
            F("name", "text", N_("Name as written"), personal=True),
            F("phone", "text", N_("Phone as written"), personal=True),
            F("email", "text", N_("E-mail address"), personal=True),
            F("company", "text", N_("Company")),
            F("created_at", "timestamp", N_("When it came, local to the shop")),
            F("source", "text", N_("Where it came from")),
            F("campaign_id", "text", N_("Campaign, by number or name")),
            _OWNER,
            _STATUS,
            F("converted_at", "timestamp", N_("When it became a customer")),
            F("region", "text", N_("Region")),
            F("interest", "text", N_("What was asked about")),
        ),
        happened="created_at",
        needs=(("lead_id", "name", "phone", "email"), ("created_at", "source", "status")),
    ),
    Fact(
        "deals",
        N_("One sales opportunity"),
        (
            F("deal_id", "text", N_("Number of the deal"), key=True),
            _CUSTOMER,
            F("lead_id", "text", N_("Lead it came from")),
            F("name", "text", N_("What it is called")),
            _OWNER,
            F("stage", "text", N_("Stage as written")),
            F("created_at", "timestamp", N_("When it was opened, local to the shop")),
            F("expected_on", "date", N_("Day on which it is expected to close")),
            F("closed_at", "timestamp", N_("When it was won or lost")),
            F("won", "flag", N_("Yes: won; no: lost; null: open")),
            F("amount", "money", N_("Value of the deal")),
            _CURRENCY,
            F("product_id", "text", N_("Product code, else its name")),
            F("probability", "quantity", N_("Probability the company itself gives, 0 to 1")),
            F("reason", "text", N_("Why it was lost or won")),
        ),
        happened="created_at",
        needs=(("deal_id", "name", "customer_id", "lead_id"), ("stage", "won", "closed_at")),
    ),
    Fact(
        "deal_stages",
        N_("One deal entering one stage"),
        (
            F("deal_id", "text", N_("The deal"), key=True),
            F("stage", "text", N_("Stage as written"), key=True),
            F("entered_at", "timestamp", N_("When it entered the stage, local to the shop"), key=True),
            F("left_at", "timestamp", N_("When it left the stage")),
            _OWNER,
        ),
        happened="entered_at",
        needs=(("deal_id",), ("stage",), ("entered_at",)),
    ),
    Fact(
        "activities",
        N_("One piece of sales work: a call, a visit, a meeting, a letter"),
        (
            F("activity_id", "text", N_("Number of the activity"), key=True),
            _CUSTOMER,
            F("deal_id", "text", N_("The deal")),
            F("lead_id", "text", N_("The lead")),
            F("kind", "text", N_("Call, visit, meeting …, as written")),
            F("happened_at", "timestamp", N_("When, local to the shop")),
            _OWNER,
            F("result", "text", N_("What came of it, as written")),
            F("note", "text", N_("What was noted"), personal=True),
            F("minutes", "quantity", N_("How long it took, in minutes")),
        ),
        happened="happened_at",
        needs=(("happened_at",), ("owner", "kind"), ("customer_id", "deal_id", "lead_id")),
    ),
    Fact(
        "subscriptions",
        N_("One membership, contract or subscription"),
        (
            F("subscription_id", "text", N_("Number of the contract"), key=True),
            F("customer_id", "text", N_("Whose")),
            F("plan", "text", N_("Plan or kind of card")),
            F("started_on", "date", N_("First day")),
            F("ends_on", "date", N_("Day until which it is paid or agreed")),
            F("cancelled_on", "date", N_("Day on which it was cancelled")),
            _STATUS,
            F("price", "money", N_("Price of one period")),
            _CURRENCY,
            F("period", "text", N_("Period as written: month, year …")),
            F("reason", "text", N_("Why it was cancelled")),
        ),
        happened="started_on",
        needs=(("subscription_id", "customer_id"), ("plan", "ends_on", "status"), ("started_on",)),
    ),
    Fact(
        "stored_value",
        N_("One movement on a prepaid card or a balance: a top-up, a gift, a payment from it"),
        (
            F("entry_id", "text", N_("Number of the movement"), key=True),
            F("customer_id", "text", N_("Whose")),
            F("card_id", "text", N_("Card or account")),
            F("happened_at", "timestamp", N_("When, local to the shop")),
            F("kind", "text", N_("Top-up, gift, payment, refund …, as written")),
            F("amount", "money", N_("Money moved; negative when it is used")),
            F("bonus", "money", N_("Money given on top")),
            F("balance", "money", N_("What is left after it")),
            _CURRENCY,
            F("order_id", "text", N_("Order it pays")),
            _STORE,
        ),
        happened="happened_at",
        needs=(("happened_at",), ("amount",), ("customer_id", "card_id")),
    ),
    Fact(
        "invoices",
        N_("One invoice to be paid later"),
        (
            F("invoice_id", "text", N_("Number of the invoice"), key=True),
            F("order_id", "text", N_("Order it is for")),
            F("customer_id", "text", N_("Who owes")),
            F("issued_on", "date", N_("Day of the invoice")),
            F("due_on", "date", N_("Day by which it is to be paid")),
            F("amount", "money", N_("Money owed, before payments")),
            F("paid", "money", N_("What the company's own books say was paid")),
            _CURRENCY,
            _STATUS,
        ),
        happened="issued_on",
        needs=(("issued_on",), ("amount",), ("due_on",), ("customer_id", "order_id", "invoice_id")),
    ),
)
"""Leads, deals and what was done about them; contracts, balances, invoices."""
