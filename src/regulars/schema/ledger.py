"""The sales ledger and who and what it is about: as deliveries have it, and as a snapshot serves it."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.schema.model import SOURCE, F, Table

_PERSON = (
    F("name", "text", N_("Name as written in the file"), personal=True),
    F("name_normal", "text", N_("Name for comparison: one script and spelling, without titles"), personal=True),
    F("phone", "text", N_("Phone in international form where it is valid, else as written"), personal=True),
    F("phone_written", "text", N_("Phone as written in the file"), personal=True),
    F("email", "text", N_("E-mail address, lower case"), personal=True),
    F("gender", "text", N_("Gender as written"), personal=True),
    F("birth_on", "date", N_("Date of birth"), personal=True),
    F("address", "text", N_("Postal address as written"), personal=True),
    F("address_normal", "text", N_("Address for comparison: parts in one order and spelling"), personal=True),
    F("city", "text", N_("City")),
    F("region", "text", N_("Province, region or county")),
    F("country", "text", N_("Country")),
    F("customer_group", "text", N_("Level or group the company itself uses")),
    F("joined_on", "date", N_("Day of registration in the company's own system")),
)

_PRODUCT = (
    F("product_name", "text", N_("Name of the product")),
    F("category", "text", N_("Category of the product")),
    F("brand", "text", N_("Brand of the product")),
)

_ORDER_PLACE = (
    F("channel", "text", N_("Sales channel: shop, online, marketplace …")),
    F("store", "text", N_("Shop or branch")),
    F("staff", "text", N_("Who sold")),
    F("payment_method", "text", N_("How it was paid")),
    F("status", "text", N_("Order status as written")),
)

DELIVERED: Final = (
    Table(
        "sales",
        N_("One row of an order file: an order line, an order or an amount; refunds are negative"),
        (
            *SOURCE,
            F("order_id", "text", N_("Order, invoice or receipt number; null where the file has none")),
            F("customer_id", "text", N_("The customer's key; null is a walk-in sale")),
            F("ordered_at", "timestamp", N_("When, local to the shop")),
            F("product_id", "text", N_("Product code, else its name; null on order-level rows")),
            F("quantity", "quantity", N_("Pieces; negative on a refund")),
            F("unit_price", "money", N_("Price of one piece, never negative on a refund")),
            F("amount", "money", N_("Net of discount; negative on a refund")),
            F("discount", "money", N_("Discount already taken off the amount")),
            F("cost", "money", N_("What the row's goods cost the company; null if unknown")),
            F("currency", "text", N_("ISO 4217 code")),
            F("cancelled", "flag", N_("The file itself marks the row as a cancellation or refund")),
            *_ORDER_PLACE,
        ),
    ),
    Table("customers", N_("What one delivery says about one customer"), (*SOURCE, F("customer_id", "text", N_("The customer's key"), key=True), *_PERSON)),
    Table(
        "products",
        N_("What one delivery says about one product"),
        (
            *SOURCE,
            F("product_id", "text", N_("Product code, else its name"), key=True),
            *_PRODUCT,
            F("unit_cost", "money", N_("What one piece costs the company")),
        ),
    ),
    Table(
        "payments",
        N_("One payment"),
        (
            *SOURCE,
            F("payment_id", "text", N_("Payment number"), key=True),
            F("order_id", "text", N_("Order it pays")),
            F("customer_id", "text", N_("Who paid")),
            F("paid_at", "timestamp", N_("When, local to the shop")),
            F("method", "text", N_("How it was paid")),
            F("amount", "money", N_("Amount received; negative when paid back")),
            F("currency", "text", N_("ISO 4217 code")),
        ),
    ),
)
"""What an import writes of a sheet of orders, customers, products or payments."""

SERVED: Final = (
    Table(
        "customers",
        N_("One known customer: a number, or else a phone, e-mail or name, that the files give"),
        (F("customer_id", "text", N_("The customer's key"), key=True), *_PERSON),
    ),
    Table(
        "orders",
        N_("One order: an order number, or without one a customer's purchases of one business day"),
        (
            F("order_id", "text", N_("Order, invoice or receipt number"), key=True),
            F("customer_id", "text", N_("Who ordered; null is a walk-in sale")),
            F("book", "text", N_("Book: rows of one currency that may be added up")),
            F("ordered_at", "timestamp", N_("When, local to the shop")),
            F("ordered_on", "date", N_("Business day, by the shop's time zone and cut-off hour")),
            F("cancelled_on", "date", N_("Business day on which the last piece came back; null if the order stands")),
            F("items", "quantity", N_("Pieces, before refunds")),
            F("gross_revenue", "money", N_("Before refunds, net of discounts")),
            F("net_revenue", "money", N_("After all refunds known to this snapshot")),
            F("cost", "money", N_("What the order's goods cost; null if unknown")),
            F("margin", "money", N_("Revenue minus cost, over the lines whose cost is known; null if no cost is known")),
            *_ORDER_PLACE,
        ),
    ),
    Table(
        "order_lines",
        N_("One entry of the sales ledger: a sale, or a refund set against the sale it takes back"),
        (
            F("order_id", "text", N_("The order; for an unmatched refund its own number"), key=True),
            F("line_number", "integer", N_("Tells the entries of one order apart, in the order in which they were written"), key=True),
            F("customer_id", "text", N_("Who; null is a walk-in sale")),
            F("book", "text", N_("Book: rows of one currency that may be added up")),
            F("ordered_at", "timestamp", N_("When it was ordered, local to the shop")),
            F("ordered_on", "date", N_("Business day of the order: the order basis")),
            F("booked_on", "date", N_("Business day of the entry itself: the cash basis; later than ordered_on on a matched refund")),
            F("kind", "text", N_("sale, refund (matched), unmatched (a refund without its sale), adjustment (a negative amount without goods)")),
            F("product_id", "text", N_("Product code, else its name")),
            F("quantity", "quantity", N_("Pieces; negative on a refund")),
            F("unit_price", "money", N_("Price of one piece")),
            F("amount", "money", N_("Net of discount; negative on a refund")),
            F("cost", "money", N_("What the goods cost; null if unknown")),
            F("import_id", "text", N_("Delivery the row came with")),
            F("source_row", "integer", N_("Row in the file")),
        ),
    ),
    Table(
        "products",
        N_("One product"),
        (F("product_id", "text", N_("Product code, else its name"), key=True), *_PRODUCT, F("unit_cost", "money", N_("What one piece costs the company"))),
    ),
    Table(
        "returns",
        N_("One refund or cancellation, or the part of it that goes to one sale"),
        (
            F("return_id", "text", N_("Number of the refund"), key=True),
            F("line_number", "integer", N_("Entry within the refund"), key=True),
            F("customer_id", "text", N_("Whose")),
            F("book", "text", N_("Book")),
            F("returned_at", "timestamp", N_("When, local to the shop")),
            F("returned_on", "date", N_("Business day of the refund")),
            F("product_id", "text", N_("What came back")),
            F("quantity", "quantity", N_("Pieces, negative")),
            F("unit_price", "money", N_("Price of one piece")),
            F("amount", "money", N_("Money given back, negative")),
            F("order_id", "text", N_("The order it takes back; null if none was found")),
            F("matched", "flag", N_("Whether its sale was found")),
            F("import_id", "text", N_("Delivery the row came with")),
            F("source_row", "integer", N_("Row in the file")),
        ),
    ),
    Table(
        "payments",
        N_("One payment"),
        (
            F("payment_id", "text", N_("Payment number"), key=True),
            F("order_id", "text", N_("Order it pays")),
            F("customer_id", "text", N_("Who paid")),
            F("book", "text", N_("Book")),
            F("paid_at", "timestamp", N_("When, local to the shop")),
            F("paid_on", "date", N_("Business day of the payment")),
            F("method", "text", N_("How it was paid")),
            F("amount", "money", N_("Amount received; negative when paid back")),
        ),
    ),
    Table(
        "customer_days",
        N_("What one customer's orders of one business day amount to, one row per day on which that became known"),
        (
            F("customer_id", "text", N_("Who; null sums up walk-in sales"), key=True),
            F("book", "text", N_("Book"), key=True),
            F("ordered_on", "date", N_("Business day of the orders: the order basis"), key=True),
            F("booked_on", "date", N_("Business day on which this part became known: the cash basis"), key=True),
            F("orders", "integer", N_("Orders that came, minus orders cancelled in full")),
            F("items", "quantity", N_("Pieces sold, minus pieces returned")),
            F("gross_revenue", "money", N_("Sales before refunds")),
            F("net_revenue", "money", N_("Sales minus refunds")),
            F("cost", "money", N_("What the goods cost; null if unknown")),
            F("margin", "money", N_("Revenue minus cost, over the lines whose cost is known; null if no cost is known")),
        ),
    ),
    Table(
        "customer_months",
        N_("What one customer's orders of one calendar month amount to, as of the day asked for"),
        (
            F("customer_id", "text", N_("Who; null sums up walk-in sales"), key=True),
            F("book", "text", N_("Book"), key=True),
            F("month_on", "date", N_("First day of the month of the orders"), key=True),
            F("orders", "integer", N_("Orders that came, minus orders cancelled in full")),
            F("items", "quantity", N_("Pieces sold, minus pieces returned")),
            F("gross_revenue", "money", N_("Sales before refunds")),
            F("net_revenue", "money", N_("Sales minus refunds")),
            F("margin", "money", N_("Revenue minus cost, over the lines whose cost is known; null if no cost is known")),
            F("orders_to_date", "integer", N_("Orders of the month's first days: as many as the month of the day asked for has had")),
            F("revenue_to_date", "money", N_("Net revenue of these days")),
        ),
    ),
    Table(
        "customer_rollup",
        N_("One customer with at least one standing order as of the day asked for"),
        (
            F("customer_id", "text", N_("Who"), key=True),
            F("book", "text", N_("Book"), key=True),
            F("first_on", "date", N_("First business day with a standing order")),
            F("second_on", "date", N_("Second business day with a standing order; null for those who bought on one day only")),
            F("last_on", "date", N_("Last business day with a standing order")),
            F("order_days", "integer", N_("Business days with a standing order: purchase occasions")),
            F("orders", "integer", N_("Standing orders")),
            F("items", "quantity", N_("Pieces, refunds taken off")),
            F("net_revenue", "money", N_("Revenue, refunds taken off")),
            F("cost", "money", N_("What the goods cost; null if unknown")),
            F("margin", "money", N_("Revenue minus cost, over the lines whose cost is known; null if no cost is known")),
            F("recency_days", "integer", N_("Days from the last order to the day asked for")),
            F("tenure_days", "integer", N_("Days from the first to the last order")),
            F("year_revenue", "money", N_("Net revenue of the twelve months up to the day asked for")),
        ),
    ),
)
"""What a snapshot derives from them."""
