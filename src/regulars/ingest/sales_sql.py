"""The SQL that turns the text cells of a sales sheet into judged rows: typed, each with the reason if it cannot be loaded.

Steps, each a CTE: ``cells`` (texts by field), ``carried`` (blank cells of further lines), ``typed`` (dates, numbers, states,
keys), ``shared`` (figures of the whole order spread over its lines), ``signed`` (sale or refund, amounts), the judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from regulars.ingest.cells import quoted
from regulars.ingest.currency import header_scale
from regulars.ingest.fields import NUMBERS, ORDER_LEVEL, ORDER_PLACE
from regulars.ingest.mapping import Mapping
from regulars.ingest.presets.applied import always
from regulars.ingest.read import Sheet
from regulars.ingest.rules.words import says
from regulars.ingest.vocabulary import TOTAL_PATTERN, WALK_IN

KEYS: Final = ("order_id", "customer_id", "customer_phone", "product_id", "payment_id")
_TEXTS: Final = (
    "customer_name",
    "customer_email",
    "given_name",
    "family_name",
    "gender",
    "address",
    "city",
    "region",
    "country",
    "customer_group",
    "birth_on",
    "joined_on",
)
_ALL: Final = (
    *KEYS, *_TEXTS, *ORDER_PLACE, "ordered_at", "order_time", "paid_at", "product_name", "category", "brand", "currency", "kind", *sorted(NUMBERS),
)  # fmt: skip
_MONEY_FIELDS: Final = ("quantity", "unit_price", "amount", "discount")
"""Numbers a row cannot be loaded without understanding."""
_REFUND_IN_STATUS: Final = r"CASE WHEN contains(status, '退款') THEN regexp_extract(status, '退款[(（]\s*[¥￥]?([\d.,]+)\s*[)）]', 1) END"
"""The money of a refund that only the status states: ``已退款(￥56.00)``."""
_MONEY: Final = NUMBERS - {"quantity", "discount_rate"}


KNOWN_BY: Final = "LEFT JOIN phones ON phones.written = c.customer_phone LEFT JOIN emails ON emails.written = c.customer_email"
"""What tells who a customer is, looked up for the rows of a CTE ``c``."""
PHONE: Final = "coalesce(phones.number, customer_phone)"
EMAIL: Final = "coalesce(emails.address, lower(customer_email))"
NO_PHONE: Final = "coalesce(phones.problem IN ('masked', 'default'), FALSE)"
NO_EMAIL: Final = "coalesce(emails.problem IN ('masked', 'test'), FALSE)"
"""Whether what stands there is nobody's."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What only the whole file tells: keys with a false ``.0``, whether customer 0 is nobody, rows with keys that Excel has
    shortened, and the marks in order numbers that mean a cancellation.
    """

    pointed: frozenset[str] = frozenset()
    zero_is_nobody: bool = False
    shortened: int = 0
    cancel_pattern: str | None = None


def column_of(sheet: Sheet, mapping: Mapping, field: str) -> str | None:
    """The raw column of a field, or None."""
    name = mapping.fields.get(field)
    return f"c{sheet.columns.index(name)}" if name is not None else None


def text_of(sheet: Sheet, mapping: Mapping, learned: Learned, field: str) -> str:
    """The tidy text of a field, as SQL over ``neat``; where the file has no column for it, what its system always means, else null."""
    column = column_of(sheet, mapping, field)
    if column is None:
        return always(mapping.preset, field)
    if field not in KEYS:
        return f"said({column})"
    return f"identifier({column})" if field not in learned.pointed else f"regexp_replace(identifier({column}), '\\.0$', '')"


def is_total(columns: Sequence[str]) -> str:
    """Whether any of these cells of the row is the word of a totals row, as an SQL condition."""
    joined = f"lower(concat_ws(chr(31), {', '.join(columns)}))"
    tail = "(?:\\s*[:：(（][^\\x1f]{0,40}|\\s+(?:за|for|of|по)\\s[^\\x1f]{0,40})?"
    return f"regexp_matches({joined}, {quoted(f'(?:^|{chr(31)}){TOTAL_PATTERN}{tail}(?:{chr(31)}|$)')})"


def cells(sheet: Sheet, mapping: Mapping, learned: Learned) -> str:
    """``cells``: every known field as tidy text, null where the file has no column for it."""
    texts = [f"{text_of(sheet, mapping, learned, field)} AS {field}" for field in _ALL]
    numbers = {field: column for field in _ALL if field in NUMBERS and (column := column_of(sheet, mapping, field))}
    texts += [f"of_{field}.number AS number_{field}" for field in numbers]
    joins = " ".join(f"LEFT JOIN figures of_{field} ON of_{field}.written = {column}" for field, column in numbers.items())
    money = next((field for field in ("amount", "unit_price") if field in numbers), None)
    sign = f"of_{money}.sign" if money else "NULL::VARCHAR"
    keys = [column for field in ("ordered_at", "order_id", *KEYS[1:3]) if (column := column_of(sheet, mapping, field))]
    loose = f"said({keys[0]}) IS NULL OR NOT regexp_matches({keys[0]}, '\\d')" if keys else "TRUE"
    if len(keys) > 1:
        loose += f" OR ({' AND '.join(f'said({key}) IS NULL' for key in keys[1:])})"
    total = f"CASE WHEN {loose} THEN {is_total([f'c{i}' for i in range(len(sheet.columns))])} ELSE FALSE END"
    remarks = [f"c{i}" for i, name in enumerate(sheet.columns) if name not in mapping.fields.values() and says("remark_headers", name)]
    remark = f"said(concat_ws(' ', {', '.join(remarks)}))" if remarks else "NULL::VARCHAR"
    return f"cells AS (SELECT source_row, defect, {', '.join(texts)}, {sign} AS money_sign, {total} AS is_total, {remark} AS remark FROM neat {joins})"


def carried(mapping: Mapping) -> str:
    """``carried``: cells that only the first line of an order fills, filled on its further lines; rows without goods are left alone."""
    if not mapping.carried:
        return "carried AS (SELECT * FROM cells)"
    goods = [field for field in ("product_id", "product_name", "quantity", "unit_price", "amount") if field in mapping.fields]
    line = f"NOT is_total AND coalesce({', '.join(goods)}) IS NOT NULL"
    key = (
        f"CASE WHEN {line} THEN last_value(order_id IGNORE NULLS) OVER (ORDER BY source_row ROWS UNBOUNDED PRECEDING) END"
        if "order_id" in mapping.carried
        else "order_id"
    )
    whole = "PARTITION BY order_key ORDER BY source_row ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    fields = [field for field in mapping.carried if field in ORDER_LEVEL]
    filled = [
        f"CASE WHEN order_key IS NULL OR NOT ({line}) THEN {f} ELSE coalesce({f}, first_value({f} IGNORE NULLS) OVER ({whole})) END AS {f}" for f in fields
    ]
    return f"keyed AS (SELECT *, {key} AS order_key FROM cells), carried AS (SELECT * REPLACE ({', '.join([*filled, 'order_key AS order_id'])}) FROM keyed)"


def _somebody(text: str) -> str:
    """The text, null if it is a word for nobody in particular; none begins with a figure, which is looked at first, for speed."""
    return f"CASE WHEN ascii({text}) BETWEEN 48 AND 57 THEN {text} WHEN lower({text}) IN ({', '.join(map(quoted, WALK_IN))}) THEN NULL ELSE {text} END"


def full_name(language: str | None) -> str:
    """The name of a person, put together where it stands in two columns."""
    full = "concat_ws('', family_name, given_name)" if language == "zh_CN" else "concat_ws(' ', given_name, family_name)"
    return f"single_spaced(coalesce(customer_name, nullif({full}, '')))"


def customer(language: str | None, learned: Learned) -> tuple[str, str]:
    """The customer's key and name, as SQL over a CTE ``c`` with the joins ``KNOWN_BY``: number, valid phone, e-mail, name; masked names last.

    A phone or e-mail address that is masked or stands for none (``13800000000``, ``test@test.com``) is nobody's key. Where one column is both
    number and e-mail address, it is read as an address.
    """
    name = full_name(language)
    number = _somebody("customer_id")
    email = f"CASE WHEN contains(customer_email, '@') AND NOT {NO_EMAIL} THEN {EMAIL} END"
    nobody = "WHEN regexp_full_match(customer_id, '0+') THEN NULL " if learned.zero_is_nobody else ""
    options = [
        f"CASE {nobody}WHEN customer_id = c.customer_email THEN {email} ELSE {number} END",
        "phones.number",
        email,
        f"CASE WHEN NOT contains({name}, '*') THEN {_somebody(name)} END",
        f"CASE WHEN regexp_matches(customer_phone, '\\d{{4}}') AND NOT {NO_PHONE} THEN {_somebody('customer_phone')} END",
        _somebody(name),
    ]
    key = f"coalesce({', '.join(options)})"
    return key, name


def compared() -> str:
    """What is said of a person beside the originals: the forms for comparison, the phone as written, and whether phone and e-mail are nobody's."""
    forms = "names.normal AS name_normal, addresses.normal AS address_normal, c.customer_phone AS phone_written"
    return f"{forms}, {NO_PHONE} AS no_phone, {NO_EMAIL} AS no_email"


def compared_by(language: str | None) -> str:
    """The joins that ``compared`` needs behind ``KNOWN_BY``."""
    return f"LEFT JOIN names ON names.written = {full_name(language)} LEFT JOIN addresses ON addresses.written = c.address"


def birthdays(mapping: Mapping) -> str:
    """Dates about the person: where the file's order of day and month does not fit, the other one is tried."""
    other = "mdy" if mapping.date_order != "mdy" else "dmy"
    read = "coalesce(moment({f}, '{order}', 'UTC'), moment({f}, '{other}', 'UTC'))::DATE AS {f}"
    return ", ".join(
        read.format(f=f, order=mapping.date_order, other=other) if f in mapping.fields else f"NULL::DATE AS {f}" for f in ("birth_on", "joined_on")
    )


def read_number(field: str, mapping: Mapping) -> str:
    """The number of a field, as SQL over ``cells``; money that its header gives in thousands is multiplied out."""
    if field not in mapping.fields:
        return "NULL::DECIMAL(18,4)"
    read = f"number_{field}"
    scale = header_scale(mapping.fields[field]) if field in _MONEY else 1
    return read if scale == 1 else f"TRY_CAST({read} * {scale} AS DECIMAL(18,4))"


def _typed(mapping: Mapping, learned: Learned) -> str:
    key, name = customer(mapping.language, learned)
    numbers = ", ".join(f"{read_number(f, mapping)} AS n_{f}" for f in sorted(NUMBERS))
    return f"""typed AS (SELECT c.* REPLACE ({birthdays(mapping)}, {EMAIL} AS customer_email, {name} AS customer_name, {key} AS customer_id,
        {PHONE} AS customer_phone, coalesce(product_id, product_name) AS product_id),
    {compared()}, moments.moment,
    {"clock(c.order_time)" if "order_time" in mapping.fields else "NULL::INTEGER"} AS seconds, {numbers}, contains(discount_rate, '%') AS in_percent,
    coalesce(kinds.state, 'stands') AS kind_state, coalesce(states.state, 'stands') AS status_state, coalesce(codes.code, signs.code) AS code
    FROM carried c {KNOWN_BY} {compared_by(mapping.language)} LEFT JOIN moments ON moments.written = c.ordered_at LEFT JOIN states ON states.written = c.status
    LEFT JOIN states kinds ON kinds.written = c.kind LEFT JOIN codes ON codes.written = c.currency LEFT JOIN codes signs ON signs.written = c.money_sign)"""


def _shared(mapping: Mapping) -> str:
    """Figures of the whole order on its lines: discount and refund in proportion (telescoping, so that the sum is exact), the amount on the first."""
    if not mapping.once:
        return "shared AS (SELECT * FROM typed)"
    order = "PARTITION BY coalesce(order_id, source_row::VARCHAR)"
    so_far = f"{order} ORDER BY source_row ROWS UNBOUNDED PRECEDING"
    weight = "coalesce(times(abs(n_quantity), abs(n_unit_price)), abs(n_amount), 0)::DOUBLE"
    replaced = []
    for field in mapping.once:
        whole = f"max(abs(n_{field})) OVER ({order})"
        if field == "amount":
            replaced.append(f"CASE WHEN row_number() OVER ({so_far}) = 1 THEN n_amount ELSE 0 END AS n_amount")
        else:
            part = f"(sum({weight}) OVER ({so_far}) / nullif(sum({weight}) OVER ({order}), 0))"
            before = f"((sum({weight}) OVER ({so_far}) - {weight}) / nullif(sum({weight}) OVER ({order}), 0))"
            replaced.append(f"(round({whole} * {part}, 4) - round({whole} * {before}, 4))::DECIMAL(18,4) AS n_{field}")
    return f"shared AS (SELECT * REPLACE ({', '.join(replaced)}) FROM typed)"


def _signed(mapping: Mapping, learned: Learned) -> str:
    """Sale or refund: a minus on amount or quantity, or the word, makes both negative; a negative price of goods that did not move is money only."""
    off = "coalesce(abs(n_discount), 0)"
    rate = "coalesce(CASE WHEN in_percent OR abs(n_discount_rate) > 1 THEN abs(n_discount_rate) / 100 ELSE abs(n_discount_rate) END, 0)::DECIMAL(18,4)"
    product = f"round(times(times(abs(coalesce(n_quantity, 1)), abs(n_unit_price)), 1 - {rate}), 4) - {off}"
    stated = f"abs(n_amount) - {off}" if mapping.amount_gross else "abs(n_amount)"
    stated = f"CASE WHEN kind_state = 'refund' AND n_amount = 0 AND n_refunded <> 0 THEN abs(n_refunded) ELSE {stated} END"
    minus = "coalesce(n_amount < 0, FALSE) OR coalesce(n_quantity < 0, FALSE) OR (n_amount IS NULL AND coalesce(n_unit_price < 0, FALSE))"
    negative = "TRUE" if mapping.refunds else f"{minus} OR kind_state = 'refund'"
    written_off = "FALSE" if mapping.refunds else "coalesce(n_quantity > 0 AND n_unit_price < 0, FALSE) AND kind_state <> 'refund'"
    marked = f"coalesce(regexp_matches(order_id, {quoted(learned.cancel_pattern)}), FALSE)" if learned.cancel_pattern else "FALSE"
    return f"""weighed AS (SELECT *, TRY_CAST(coalesce({stated}, {product}) AS DECIMAL(18,4)) AS size, {negative} AS negative, {marked} AS marked,
        coalesce(abs(n_refunded), abs(number({_REFUND_IN_STATUS}, '.')), 0) AS given_back FROM shared),
    signed AS (SELECT *,
        CASE WHEN negative THEN -size WHEN given_back > 0 AND given_back < size - 0.005 THEN size - given_back ELSE size END::DECIMAL(18,4) AS net,
        (CASE WHEN negative AND NOT ({written_off}) THEN -1 ELSE 1 END * abs(coalesce(n_quantity, 1)))::DECIMAL(18,4) AS pieces,
        ({"TRUE" if mapping.refunds else "FALSE"} OR kind_state IN ('refund', 'cancelled') OR status_state IN ('refund', 'cancelled') OR (marked AND negative)
            OR (NOT negative AND given_back > 0 AND given_back >= size - 0.005)) AS cancelled,
        CASE WHEN seconds IS NOT NULL AND moment = date_trunc('day', moment) THEN moment + to_seconds(seconds) ELSE moment END AS happened_at FROM weighed)"""


def sales_query(sheet: Sheet, mapping: Mapping, learned: Learned, *, currency: str | None, today: date) -> str:
    """All rows of ``raw`` judged: ``reason`` (null: loaded), ``field`` and ``value`` at fault, and the columns of sales, customers and products."""
    unreadable = [(f"{f} IS NOT NULL AND n_{f} IS NULL", "number_unreadable", f) for f in _MONEY_FIELDS if f in mapping.fields]
    judgements = [
        ("is_total", "total_row", None),
        ("defect IS NOT NULL", None, None),
        ("kind_state = 'not_a_sale' OR status_state = 'not_a_sale'", "not_a_sale", "kind"),
        ("ordered_at IS NULL", "date_missing", "ordered_at"),
        ("happened_at IS NULL", "date_unreadable", "ordered_at"),
        (f"happened_at::DATE > DATE '{today.isoformat()}' OR happened_at < TIMESTAMP '1970-01-01'", "date_impossible", "ordered_at"),
        *unreadable,
        ("net IS NULL", "amount_missing", "amount"),
    ]
    steps = ", ".join([cells(sheet, mapping, learned), carried(mapping), _typed(mapping, learned), _shared(mapping), _signed(mapping, learned)])
    code = ", ".join(["code", *([quoted(currency)] if currency else []), "'XXX'"])
    sign = "CASE WHEN negative THEN -1 ELSE 1 END"
    gap = "abs(abs(n_amount) - abs(times(n_quantity, n_unit_price)){})"
    least_gap = f"least({gap.format('')}, {gap.format(' + coalesce(abs(n_discount), 0)')})"
    return f"""WITH {steps} SELECT source_row, {judge(judgements, mapping)}, order_id, customer_id, happened_at AS ordered_at, product_id, pieces AS quantity,
        TRY_CAST(coalesce(abs(n_unit_price), abs(net / nullif(pieces, 0))) AS DECIMAL(18,4)) AS unit_price, net AS amount, abs(n_discount) AS discount,
        TRY_CAST({sign} * coalesce(abs(n_cost), times(abs(n_unit_cost), abs(pieces))) AS DECIMAL(18,4)) AS cost, coalesce({code}) AS currency, cancelled,
        channel, store, staff, payment_method, status, customer_name AS name, name_normal, customer_phone AS phone, phone_written, customer_email AS email,
        gender, birth_on, address, address_normal, no_phone, no_email, city, region, country, customer_group, joined_on,
        product_name, category, brand, n_unit_cost AS unit_cost, given_back > 0 AND NOT negative AND net < size AS taken_off, kind, remark,
        n_amount IS NOT NULL AND n_quantity IS NOT NULL AND n_unit_price IS NOT NULL AND {least_gap} > 0.011 + 0.005 * abs(n_amount) AS disagrees FROM signed"""


def judge(judgements: list[tuple[str, str | None, str | None]], mapping: Mapping) -> str:
    """``reason``, ``field`` (the header) and ``value`` from (condition, reason or None for the row's own defect, field) in order.

    A row that repeats the header is that before all: ``Total`` in it names a column.
    """
    judgements = [("defect = 'header_repeated'", None, None), *judgements]
    reason = " ".join(f"WHEN {condition} THEN {quoted(key) if key else 'defect'}" for condition, key, _ in judgements)
    named = [(condition, field if field in mapping.fields else None) for condition, _, field in judgements]
    field = " ".join(f"WHEN {condition} THEN {quoted(mapping.fields[f]) if f else 'NULL'}" for condition, f in named)
    value = " ".join(f"WHEN {condition} THEN {f'{f}::VARCHAR' if f else 'NULL'}" for condition, f in named)
    return f"CASE {reason} END AS reason, CASE {field} END AS field, CASE {value} END AS value"
