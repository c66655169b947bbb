"""What happened to customers beside their orders: visits, messages, service, opinions, consents; and what was spent to reach them."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.schema.model import F, Fact

_CUSTOMER = F("customer_id", "text", N_("The customer's key; null if unknown"))
_CHANNEL = F("channel", "text", N_("Channel as written: shop, site, app, e-mail, WeChat, Viber …"))
_STORE = F("store", "text", N_("Shop or branch"))
_CURRENCY = F("currency", "text", N_("ISO 4217 code"))
_STATUS = F("status", "text", N_("Status as written"))

CONTACTS: Final = (
    Fact(
        "events",
        N_("One thing somebody did on the site, in the app or in the shop: a view, a search, a visit, a check-in"),
        (
            F("event_id", "text", N_("Number of the event"), key=True),
            _CUSTOMER,
            F("visitor_id", "text", N_("Device or cookie, for visitors who are not known")),
            F("session_id", "text", N_("The visit it belongs to")),
            F("happened_at", "timestamp", N_("When, local to the shop")),
            F("kind", "text", N_("What it was, as written: view, search, cart, visit, check-in …")),
            F("page", "text", N_("Page, screen or place")),
            F("search_term", "text", N_("What was searched for")),
            F("category", "text", N_("Category of what was viewed")),
            F("product_id", "text", N_("Product code, else its name")),
            _CHANNEL,
            F("campaign", "text", N_("Campaign it came from")),
            _STORE,
            F("seconds", "integer", N_("How long it lasted, in seconds")),
        ),
        happened="happened_at",
        needs=(("happened_at",), ("kind", "page", "customer_id", "visitor_id")),
    ),
    Fact(
        "touches",
        N_("One contact with one person: sent, delivered, opened, clicked, answered; or a click on an advertisement"),
        (
            F("touch_id", "text", N_("Number of the message"), key=True),
            _CUSTOMER,
            F("campaign_id", "text", N_("Campaign, by number or name")),
            F("happened_at", "timestamp", N_("When, local to the shop")),
            F("kind", "text", N_("What became of it, as written: sent, opened, clicked, replied, bounced, unsubscribed …")),
            _CHANNEL,
            F("message", "text", N_("Subject or template of the message")),
            F("target", "text", N_("Address or number it went to"), personal=True),
            F("arm", "text", N_("Group of a test: treatment or control")),
        ),
        happened="happened_at",
        needs=(("happened_at",), ("customer_id", "target"), ("kind", "campaign_id", "message")),
    ),
    Fact(
        "campaigns",
        N_("One campaign"),
        (
            F("campaign_id", "text", N_("Number of the campaign, else its name"), key=True),
            F("campaign_name", "text", N_("Name of the campaign")),
            _CHANNEL,
            F("started_on", "date", N_("First day")),
            F("ended_on", "date", N_("Last day")),
            F("audience", "text", N_("Whom it was meant for")),
            F("goal", "text", N_("What it was meant to reach")),
            F("budget", "money", N_("Money planned")),
            _CURRENCY,
        ),
        happened="started_on",
        needs=(("campaign_id", "campaign_name"), ("started_on", "budget", "channel")),
    ),
    Fact(
        "spend",
        N_("What was spent on advertising on one day, by channel and campaign"),
        (
            F("spent_on", "date", N_("Day, or first day of the week or month"), key=True),
            F("channel", "text", N_("Advertising channel"), key=True),
            F("campaign_id", "text", N_("Campaign, by number or name"), key=True),
            F("amount", "money", N_("Money spent")),
            _CURRENCY,
            F("impressions", "integer", N_("Times shown")),
            F("clicks", "integer", N_("Clicks")),
            F("conversions", "quantity", N_("Conversions as the channel counts them")),
        ),
        happened="spent_on",
        needs=(("spent_on",), ("amount",), ("channel", "campaign_id", "impressions", "clicks")),
    ),
    Fact(
        "tickets",
        N_("One complaint, question or service request"),
        (
            F("ticket_id", "text", N_("Number of the request"), key=True),
            _CUSTOMER,
            F("order_id", "text", N_("Order it is about")),
            F("opened_at", "timestamp", N_("When it came, local to the shop")),
            F("first_reply_at", "timestamp", N_("When it was first answered")),
            F("closed_at", "timestamp", N_("When it was settled")),
            F("due_at", "timestamp", N_("Until when an answer was promised")),
            F("kind", "text", N_("Complaint, question, return, repair …, as written")),
            F("cause", "text", N_("What it was about, as written")),
            _CHANNEL,
            F("priority", "text", N_("Priority as written")),
            _STATUS,
            F("agent", "text", N_("Who answers")),
            F("carrier", "text", N_("Carrier of the parcel")),
            F("region", "text", N_("Region")),
            F("subject", "text", N_("Subject")),
            F("text", "text", N_("What was written"), personal=True),
            F("satisfaction", "quantity", N_("Mark that the customer gave")),
        ),
        happened="opened_at",
        needs=(("opened_at", "ticket_id"), ("ticket_id", "subject", "cause", "first_reply_at", "closed_at", "agent")),
    ),
    Fact(
        "surveys",
        N_("One answer of one person to one question"),
        (
            F("response_id", "text", N_("Number of the answer"), key=True),
            _CUSTOMER,
            F("survey", "text", N_("Which survey")),
            F("question", "text", N_("The question")),
            F("answered_at", "timestamp", N_("When, local to the shop")),
            F("score", "quantity", N_("Mark given")),
            F("answer", "text", N_("Answer in words"), personal=True),
            F("order_id", "text", N_("Order it is about")),
            _CHANNEL,
        ),
        happened="answered_at",
        needs=(("answered_at",), ("score", "answer")),
    ),
    Fact(
        "reviews",
        N_("One review of a product, a shop or an order"),
        (
            F("review_id", "text", N_("Number of the review"), key=True),
            _CUSTOMER,
            F("order_id", "text", N_("Order it is about")),
            F("product_id", "text", N_("Product code, else its name")),
            _STORE,
            F("written_at", "timestamp", N_("When, local to the shop")),
            F("score", "quantity", N_("Stars or mark given")),
            F("title", "text", N_("Heading")),
            F("text", "text", N_("What was written"), personal=True),
            F("reply", "text", N_("Answer of the company")),
            _CHANNEL,
        ),
        happened="written_at",
        needs=(("score", "text"),),
    ),
    Fact(
        "consents",
        N_("One yes or no of one person to one use of their data"),
        (
            F("customer_id", "text", N_("The customer's key"), key=True),
            F("purpose", "text", N_("What for: news, profiling, calls …"), key=True),
            F("channel", "text", N_("Channel it is for"), key=True),
            F("given_at", "timestamp", N_("When it was said, local to the shop"), key=True),
            F("granted", "flag", N_("Yes or no")),
            F("expires_on", "date", N_("Until when it holds")),
            F("text_version", "text", N_("Which wording was shown")),
            F("proof", "text", N_("Where it was said: form, call, signature …")),
        ),
        happened="given_at",
        needs=(("customer_id",), ("granted",)),
    ),
)
"""Contacts with people, and what they said."""
