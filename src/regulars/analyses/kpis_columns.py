"""What the key figures give: the columns of summary and rows, and everything they can be split by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from regulars.errors import N_
from regulars.units import CUSTOMERS, KEY, ORDERS, Column, change, count, days, flag, label, money, month, number, on, rate, ratio, share, summed, text

WEEKDAYS: Final = {
    "1": N_("Monday"),
    "2": N_("Tuesday"),
    "3": N_("Wednesday"),
    "4": N_("Thursday"),
    "5": N_("Friday"),
    "6": N_("Saturday"),
    "7": N_("Sunday"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something revenue can be split by: the table it lives in, how it is read from there, how it is shown."""

    table: Literal["customers", "orders", "products", "labels"]
    sql: str
    shown: Column


_CUSTOMER: Final = {
    "city": label(N_("City"), N_("City of the customer")),
    "region": label(N_("Region"), N_("Province, region or county of the customer")),
    "country": label(N_("Country"), N_("Country of the customer")),
    "customer_group": label(N_("Customer group"), N_("Level or group the company itself uses")),
    "gender": label(N_("Gender"), N_("Gender as written")),
}
_ORDER: Final = {
    "channel": label(N_("Channel"), N_("Sales channel of the order")),
    "store": label(N_("Shop"), N_("Shop or branch of the order")),
    "staff": label(N_("Staff"), N_("Who sold")),
    "payment_method": label(N_("Payment method"), N_("How the order was paid")),
    "status": label(N_("Order status"), N_("Order status as written")),
}
_PRODUCT: Final = {
    "product_name": label(N_("Product"), N_("Name of the product")),
    "category": label(N_("Category"), N_("Category of the product")),
    "brand": label(N_("Brand"), N_("Brand of the product")),
}

DIMENSIONS: Final[dict[str, Dimension]] = {
    **{name: Dimension("customers", f"c.{name}", shown) for name, shown in _CUSTOMER.items()},
    **{name: Dimension("orders", f"o.{name}", shown) for name, shown in _ORDER.items()},
    "weekday": Dimension(
        "orders", "cast(weekday(o.ordered_on) as varchar)", label(N_("Weekday"), N_("Weekday of the order's business day, Monday first"), WEEKDAYS)
    ),
    "hour": Dimension("orders", "hour_of(o.ordered_at)", label(N_("Hour"), N_("Hour in which the order was made, by the shop's clock"))),
    "product_id": Dimension("products", "l.product_id", label(N_("Product code"), N_("Product code, else its name"))),
    **{name: Dimension("products", f"p.{name}", shown) for name, shown in _PRODUCT.items()},
}
"""Dimension → where it lives. Any other name is what another analysis says of the customer: see ``dimension``."""


def dimension(name: str) -> Dimension:
    """A dimension by name; one that is not in the list is a label, and the workspace knows whether there is such a label."""
    return DIMENSIONS.get(name) or Dimension("labels", f"g.{name}", label(N_("Group"), N_("What another analysis says of the customer")))


PERIODS: Final[dict[str, Column]] = {
    "day": on(N_("Day"), N_("Business day"), KEY),
    "week": on(N_("Week"), N_("Week, given as its Monday"), KEY),
    "month": month(N_("Month"), N_("Calendar month")),
}
"""The period's column, by grain."""

COMPARED: Final[dict[str, Column]] = {
    "revenue_previous": money(N_("Revenue, period before"), N_("Revenue of the period before; for a period that is not over, of as many days of it")),
    "revenue_change": change(N_("Change"), N_("Revenue against the period before; empty where that had none or is not in the data")),
    "revenue_last_year": money(
        N_("Revenue, year before"), N_("Revenue of the same period a year before (weeks and days: 52 weeks before); if not over, of as many days of it")
    ),
    "revenue_change_last_year": change(
        N_("Change in a year"), N_("Revenue against the same period a year before; empty where that had none or is not in the data")
    ),
    "orders_previous": count(N_("Orders, period before"), N_("Orders of the period before; for a period that is not over, of as many days of it"), noun=ORDERS),
    "orders_change": change(N_("Change of orders"), N_("Orders against the period before")),
    "orders_last_year": count(N_("Orders, year before"), N_("Orders of the same period a year before; if not over, of as many days of it"), noun=ORDERS),
    "orders_change_last_year": change(N_("Change of orders in a year"), N_("Orders against the same period a year before")),
    "customers_previous": count(
        N_("Buyers, period before"), N_("Known customers who bought in the period before; for a period that is not over, in as many days of it"), noun=CUSTOMERS
    ),
    "customers_change": change(N_("Change of buyers"), N_("Known customers who bought, against the period before")),
    "customers_last_year": count(
        N_("Buyers, year before"), N_("Known customers who bought in the same period a year before; if not over, in as many days of it"), noun=CUSTOMERS
    ),
    "customers_change_last_year": change(N_("Change of buyers in a year"), N_("Known customers who bought, against the same period a year before")),
}

GIVES: Final[dict[str, Column]] = {
    "period": PERIODS["month"],
    "partial": flag(N_("Incomplete"), N_("The period is not over on the day asked for, or began before the data")),
    "days": days(N_("Days"), N_("Business days of the period that have passed and are in the data")),
    "revenue": money(N_("Revenue"), N_("Sales minus refunds, walk-in sales included"), summed("net_revenue")),
    "gross_revenue": money(N_("Sales before refunds"), N_("Sales net of discounts, refunds not yet taken off"), summed("gross_revenue")),
    "refunds": money(N_("Refunds"), N_("Money given back, and other amounts taken off"), summed("refunds")),
    "refund_rate": rate(N_("Refund rate"), N_("Refunds, of sales before refunds"), ratio("refunds", "gross_revenue")),
    "orders": count(N_("Orders"), N_("Orders that stand: those cancelled in full do not count"), summed("orders"), noun=ORDERS),
    "customers": count(N_("Buyers"), N_("Known customers with an order that stands"), summed("is_buyer"), noun=CUSTOMERS),
    "new_customers": count(N_("New customers"), N_("Buyers whose first order fell in this period"), summed("is_new")),
    "returning_customers": count(N_("Returning customers"), N_("Buyers whose first order came before this period")),
    "new_revenue": money(N_("Revenue from new customers"), N_("Revenue of the buyers who were new in this period")),
    "new_revenue_share": share(
        N_("Share of new customers"), N_("Revenue of new customers, of the revenue of known customers"), ratio("new_revenue", "identified_revenue")
    ),
    "aov": money(N_("Average order value"), N_("Revenue divided by orders"), ratio("revenue", "orders")),
    "revenue_per_customer": money(N_("Revenue per buyer"), N_("Revenue of known customers divided by buyers"), ratio("identified_revenue", "customers")),
    "orders_per_customer": number(N_("Orders per buyer (TPPC)"), N_("Orders of known customers divided by buyers"), ratio("identified_orders", "customers")),
    "items": number(N_("Pieces"), N_("Pieces sold, minus pieces returned"), summed("items"), digits=0),
    "items_per_order": number(N_("Pieces per order"), N_("Pieces divided by orders"), ratio("items", "orders")),
    "margin": money(N_("Margin"), N_("Revenue minus cost, over the lines whose cost is known; empty where no cost is known")),
    "identified_revenue": money(N_("Revenue from known customers"), N_("Revenue without walk-in sales")),
    "identified_share": share(N_("Share of known customers"), N_("Revenue of known customers, of all revenue"), ratio("identified_revenue", "revenue")),
    "identified_orders": count(N_("Orders of known customers"), N_("Orders without walk-in sales"), noun=ORDERS),
    "bought_again": count(
        N_("New and bought again"),
        N_("Of the new customers, those with a second purchase day within the days set; empty until all have had these days"),
        summed("bought_again"),
        noun=CUSTOMERS,
    ),
    "repurchase_rate": rate(
        N_("Repurchase rate"),
        N_("Part of the new customers with a second purchase day within the days set; empty until all have had these days"),
        ratio("bought_again", "new_customers"),
    ),
    "repurchase_low": rate(N_("Repurchase rate, from"), N_("Lower end of the Wilson interval of the repurchase rate (95 %)")),
    "repurchase_high": rate(N_("Repurchase rate, to"), N_("Upper end of the Wilson interval of the repurchase rate (95 %)")),
    **COMPARED,
}

ROW_GIVES: Final[dict[str, Column]] = {
    "period": GIVES["period"],
    "customer_id": text(N_("Customer"), N_("The customer's key; empty: walk-in sales, summed up"), personal=True),
    "orders": count(N_("Orders"), N_("Orders that stand")),
    "items": number(N_("Pieces"), N_("Pieces sold, minus pieces returned"), digits=0),
    "gross_revenue": money(N_("Sales before refunds"), N_("Sales net of discounts, refunds not yet taken off")),
    "refunds": money(N_("Refunds"), N_("Money given back, and other amounts taken off")),
    "net_revenue": money(N_("Revenue"), N_("Sales minus refunds")),
    "margin": money(N_("Margin"), N_("Revenue minus cost, over the lines whose cost is known; empty where no cost is known")),
    "is_buyer": flag(N_("Bought"), N_("A known customer with an order that stands")),
    "is_new": flag(N_("New"), N_("The customer's first order fell in this period")),
    "bought_again": flag(N_("Bought again"), N_("New, and a second purchase day came within the days set; empty if not new, or if it is too early to say")),
    "orders_to_date": count(N_("Orders to date"), N_("Orders in as many days of the period as have passed of the one that is running")),
    "revenue_to_date": money(N_("Revenue to date"), N_("Revenue in as many days of the period as have passed of the one that is running")),
}
