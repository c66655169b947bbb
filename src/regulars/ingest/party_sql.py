"""The SQL that judges the rows of a sheet of customers, of products or of payments."""

from __future__ import annotations

from datetime import date
from typing import Final

from regulars.ingest.cells import quoted
from regulars.ingest.mapping import Mapping
from regulars.ingest.read import Sheet
from regulars.ingest.sales_sql import EMAIL, KNOWN_BY, PHONE, Learned, birthdays, cells, compared, compared_by, customer, judge, read_number

_CELLS: Final = f"FROM cells c {KNOWN_BY}"


def customers_query(sheet: Sheet, mapping: Mapping, learned: Learned) -> str:
    """All rows of ``raw`` judged, with the columns of the customers part."""
    key, name = customer(mapping.language, learned)
    judged = judge(
        [
            ("is_total AND (name IS NULL OR customer_id = name)", "total_row", None),
            ("defect IS NOT NULL", None, None),
            ("customer_id IS NULL", "customer_missing", "customer_id"),
        ],
        mapping,
    )
    return f"""WITH {cells(sheet, mapping, learned)}, named AS (
        SELECT c.* REPLACE ({birthdays(mapping)}, {EMAIL} AS customer_email, {key} AS customer_id), {name} AS name, {PHONE} AS phone, {compared()}
        {_CELLS} {compared_by(mapping.language)})
    SELECT source_row, {judged}, customer_id, name, name_normal, phone, phone_written, customer_email AS email, gender, birth_on, address, address_normal,
        city, region, country, customer_group, joined_on, no_phone, no_email FROM named"""


def products_query(sheet: Sheet, mapping: Mapping, learned: Learned) -> str:
    """All rows of ``raw`` judged, with the columns of the products part."""
    judged = judge(
        [("is_total AND product_name IS NULL", "total_row", None), ("defect IS NOT NULL", None, None), ("product_id IS NULL", "product_missing", "product_id")],
        mapping,
    )
    return f"""WITH {cells(sheet, mapping, learned)}, named AS (SELECT * REPLACE (coalesce(product_id, product_name) AS product_id) FROM cells)
    SELECT source_row, {judged}, product_id, product_name, category, brand, abs({read_number("unit_cost", mapping)}) AS unit_cost FROM named"""


def payments_query(sheet: Sheet, mapping: Mapping, learned: Learned, *, import_id: str, currency: str | None, today: date) -> str:
    """All rows of ``raw`` judged, with the columns of the payments part; a payment without a number is called by its place."""
    key, _ = customer(mapping.language, learned)
    code = ", ".join(["codes.code", "signs.code", *([quoted(currency)] if currency else []), "'XXX'"])
    amount = read_number("amount", mapping)
    sized = f"CASE WHEN {'TRUE' if mapping.refunds else 'FALSE'} THEN -abs({amount}) ELSE {amount} END"
    judged = judge(
        [
            ("is_total", "total_row", None),
            ("defect IS NOT NULL", None, None),
            ("paid_at IS NOT NULL AND happened_at IS NULL", "date_unreadable", "paid_at"),
            (f"happened_at::DATE > DATE '{today.isoformat()}' OR happened_at < TIMESTAMP '1970-01-01'", "date_impossible", "paid_at"),
            ("amount IS NULL", "amount_missing", "amount"),
            ("size IS NULL", "number_unreadable", "amount"),
        ],
        mapping,
    )
    return f"""WITH {cells(sheet, mapping, learned)}, read AS (
        SELECT c.* REPLACE ({key} AS customer_id), moments.moment AS happened_at,
            {sized} AS size, coalesce({code}) AS code
        {_CELLS} LEFT JOIN moments ON moments.written = c.paid_at
        LEFT JOIN codes ON codes.written = c.currency LEFT JOIN codes signs ON signs.written = c.money_sign)
    SELECT source_row, {judged}, coalesce(payment_id, {quoted(f"{import_id}:{sheet.name}:")} || source_row) AS payment_id, order_id, customer_id,
        happened_at AS paid_at, payment_method AS method, size AS amount, code AS currency FROM read"""
