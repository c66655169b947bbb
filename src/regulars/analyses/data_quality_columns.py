"""What data quality gives: the columns of its summary and of its failing records, each with meaning and unit."""

from __future__ import annotations

from typing import Final

from regulars.analyses.data_quality_words import DIMENSIONS, FIELD_WORDS, RULE_WORDS, STANDINGS, TABLE_WORDS
from regulars.errors import N_
from regulars.units import COUNT, CUSTOMERS, ROWS, Column, count, distinct, label, money, number, on, rate, summed, text

GIVES: Final[dict[str, Column]] = {
    "dimension": label(N_("Dimension"), N_("Which side of the quality of data is looked at (ISO/IEC 25012)"), DIMENSIONS),
    "about": label(N_("Table"), N_("What the records are"), TABLE_WORDS),
    "field": label(N_("Field"), N_("The column at fault"), FIELD_WORDS),
    "rule": label(N_("Rule"), N_("What is wrong, or why a row was not loaded"), RULE_WORDS),
    "checked": count(N_("Checked"), N_("Records that were looked at: those in which the field is filled, or should be"), noun=ROWS),
    "failing": count(N_("Concerned"), N_("Records that the rule concerns; a custom of the trade is listed without being a mistake"), COUNT, noun=ROWS),
    "pass_rate": rate(N_("In order"), N_("Part of the records checked that pass; a dash where nothing was checked")),
    "weight": number(
        N_("Weight"), N_("How much the check weighs in the score: three for money and days, two for keys and ways to reach people, else one"), digits=0
    ),
    "at_stake": money(
        N_("Money behind it"),
        N_("A past sum: for records of customers their net revenue of the last twelve months, each customer once; for other records the amounts on them"),
        summed("at_stake"),
    ),
    "year_revenue": money(
        N_("Last twelve months"), N_("Net revenue of the customers concerned in the last twelve months, each customer once"), summed("year_revenue")
    ),
    "customers": count(N_("Customers"), N_("Known customers concerned"), distinct("customer_id"), noun=CUSTOMERS),
    "set_aside": count(N_("Set aside"), N_("Records that an active rule keeps out of the figures"), summed("set_aside"), noun=ROWS),
}

ROW_GIVES: Final[dict[str, Column]] = {
    "dimension": GIVES["dimension"],
    "about": GIVES["about"],
    "field": GIVES["field"],
    "rule": GIVES["rule"],
    "customer_id": text(N_("Customer"), N_("The customer's key"), personal=True),
    "standing": label(N_("Standing"), N_("A regular has three purchase days or more; lapsed are those silent for longer than usual"), STANDINGS),
    "record_id": text(N_("Record"), N_("Key of the record: order, customer, product …"), personal=True),
    "value": text(N_("Value"), N_("The value at fault"), personal=True),
    "staff": text(N_("Entered by"), N_("Who sold or entered it")),
    "amount": money(N_("Amount"), N_("Money on the row")),
    "at_stake": money(
        N_("Money behind it"), N_("The customer's net revenue of the last twelve months, once per problem; for other records the amount on them")
    ),
    "year_revenue": money(N_("Last twelve months"), N_("Net revenue of the customer in the last twelve months, once per problem")),
    "net_revenue": money(N_("Revenue"), N_("Net revenue of the customer, all time, once per problem")),
    "set_aside": number(N_("Set aside"), N_("One if an active rule keeps the row out of the figures"), digits=0),
    "happened_on": on(N_("Day"), N_("Day of the row")),
    "delivery": number(N_("Delivery"), N_("Which delivery brought it, in the order in which they arrived"), digits=0),
    "file": text(N_("File"), N_("The file as it was given")),
    "source_sheet": text(N_("Sheet"), N_("Sheet of the workbook; empty for a text file")),
    "source_row": number(N_("Row"), N_("Row in the file, the header being row 1 of a plain file"), digits=0),
}
