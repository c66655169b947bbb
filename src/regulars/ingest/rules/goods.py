"""What can be wrong with amounts, prices, quantities and goods."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.ingest.rules.rule import Rule

_ENOUGH: Final = 8
"""Sales of a product from which the level of its price is known."""
_TYPICAL: Final = 2
"""The middle half of a product's prices lies within this factor, or it has no level."""

_MISPLACED: Final = f"""source_row IN (
    SELECT source_row FROM (
        SELECT source_row, (amount / quantity)::DOUBLE AS price, spread, price / pow(10, round(log10(price / spread[3]))) AS moved
        FROM {{rows}} JOIN (
            SELECT product_id, currency, quantile_cont((amount / quantity)::DOUBLE, [0.1, 0.25, 0.5, 0.75, 0.9]) AS spread
            FROM {{rows}} WHERE quantity > 0 AND amount > 0 AND product_id IN (
                SELECT product_id FROM {{rows}} WHERE quantity <> 0 AND amount / quantity > 0 GROUP BY product_id
                HAVING max(amount / quantity) > 5 * min(amount / quantity))
            GROUP BY product_id, currency HAVING count(*) >= {_ENOUGH} AND spread[4] <= {_TYPICAL} * spread[2]) AS levels USING (product_id, currency)
        WHERE quantity <> 0 AND amount / quantity > 0)
    WHERE (price > 5 * spread[3] OR price < 0.2 * spread[3]) AND moved BETWEEN 0.9 * spread[1] AND 1.1 * least(spread[5], {_TYPICAL} * spread[4]))"""
"""Rows whose price of a piece would be usual with the point moved: a zero too many, or one missing."""

_UNMARKED: Final = "quantity < 0 AND NOT cancelled AND EXISTS (SELECT 1 FROM {rows} WHERE quantity < 0 AND cancelled)"
"""A negative quantity without the mark that other refunds of the delivery bear."""

GOODS: Final = (
    Rule(
        "non_product",
        N_("Not a product"),
        N_("Postage, fees, discounts, gift vouchers: money on an order, no goods."),
        "validity",
        reads=("product_id", "product_name"),
        words="non_product",
        takes_out=True,
    ),
    Rule(
        "zero_price",
        N_("Price of zero"),
        N_("The row brings no money: a gift, a sample, or a price that was forgotten."),
        "validity",
        field="unit_price",
        condition="unit_price = 0",
        takes_out=True,
    ),
    Rule(
        "negative_price",
        N_("Negative price"),
        N_("Goods were sold at a price below zero: a correction of money, no sale."),
        "validity",
        field="amount",
        condition="amount < 0 AND quantity > 0",
        takes_out=True,
    ),
    Rule(
        "unmarked_return",
        N_("Return without its mark"),
        N_("The quantity is negative and the row lacks the mark that other refunds of the file bear: a return, or a correction of stock."),
        "consistency",
        field="quantity",
        condition=_UNMARKED,
    ),
    Rule(
        "amount_outlier",
        N_("A zero too many or missing"),
        N_("The price of one piece is ten, a hundred or a thousand times the product's usual one, or that part of it. Large quantities do not count as such."),
        "validity",
        field="amount",
        condition=_MISPLACED,
        takes_out=True,
    ),
    Rule(
        "amount_mismatch",
        N_("Amount does not fit"),
        N_("The amount is not quantity × price, with or without the discount; the amount was taken."),
        "consistency",
        field="amount",
        condition="disagrees",
    ),
)
