"""The SQL that sets the entries of two books against each other: first by number, then by amount and day, and names each gap."""

from __future__ import annotations

from typing import Final

_NO_TAX: Final = "cast(null as decimal(18,4)) as tax, cast(null as decimal(18,4)) as fee, book as currency"

SIDES: Final = {
    "orders": f"""
        select order_id as entry_id, order_id as number, min(customer_id) as customer_id, min(ordered_at) as at, min(ordered_on) as day, sum(amount) as amount,
            sum(case when kind = 'sale' then amount else 0 end) as gross_revenue, {_NO_TAX}
        from order_lines where booked_on <= :as_of and kind <> 'unmatched' group by order_id, book""",
    "payments": f"""
        select payment_id as entry_id, order_id as number, customer_id, paid_at as at, paid_on as day, amount, amount as gross_revenue, {_NO_TAX}
        from payments""",
    "deals": f"""
        select deal_id as entry_id, deal_id as number, customer_id, coalesce(closed_at, created_at) as at, cast(coalesce(closed_at, created_at) as date) as day,
            amount, amount as gross_revenue, {_NO_TAX}
        from deals where won""",
    "invoices": f"""
        select invoice_id as entry_id, coalesce(order_id, invoice_id) as number, customer_id, cast(issued_on as timestamp) as at, issued_on as day, amount,
            amount as gross_revenue, {_NO_TAX}
        from invoices""",
    "statements": """
        select statement_id as entry_id, order_id as number, customer_id, booked_at as at, booked_on as day, amount, amount as gross_revenue, tax, fee, currency
        from statements where :every_source or source = :source""",
}
"""Book → its entries: number of the document, when, how much."""

_GIVEN: Final = """
    {side}_given as (
        select entry_id, number_key(number) as key, digits_of(number) as digits, customer_id, at, day, amount, gross_revenue, tax, fee, currency
        from ({text}) as {side}_raw where day <= :as_of and amount is not null)"""

_HABIT: Final = """
    left_keys as (select key, digits from left_given where key is not null group by key, digits),
    right_keys as (select key, digits from right_given where key is not null group by key, digits),
    told as (
        select (select count(*) from left_keys as l join right_keys as r on r.key = l.key) as by_key,
            (select count(*) from left_keys as l join right_keys as r on r.digits = l.digits) as by_digits,
            (select count(distinct digits) from left_keys) as left_digits, (select count(*) from left_keys) as left_keys,
            (select count(distinct digits) from right_keys) as right_digits, (select count(*) from right_keys) as right_keys),
    habit as (select by_digits > by_key and left_digits = left_keys and right_digits = right_keys as digits_only from told)"""
"""One book may write a prefix that the other leaves out (SO-00017, 17): then the digits alone are compared, if they tell all numbers apart."""

_ENTRIES: Final = """
    {side}_entries as (
        select entry_id, case when digits_only then digits else key end as k, customer_id, at, day, amount, gross_revenue, tax, fee, currency
        from {side}_given cross join habit)"""

_NUMBERED: Final = """
    {side}_numbered as (
        select k, currency, min(entry_id) as entry_id, min(customer_id) as customer_id, min(at) as at, min(day) as day, sum(amount) as amount,
            sum(gross_revenue) as gross_revenue, sum(tax) as tax, sum(fee) as fee, count(*) as entries, min(amount) as smallest, max(amount) as largest
        from {side}_entries where k is not null group by k, currency)"""

_REST: Final = """
    {side}_rest as (
        select e.*, row_number() over (partition by e.amount, e.day order by e.at, e.entry_id) as place
        from {side}_entries as e left join {other}_numbered as o on o.k = e.k where o.k is null)"""

_LATER: Final = """
    {side}_later as (
        select e.*, row_number() over (partition by e.amount order by e.day, e.at, e.entry_id) as turn
        from {side}_rest as e left join same_day as s on s.{side}_entry = e.entry_id where s.{side}_entry is null)"""

_SAME_DAY: Final = """
    same_day as (
        select l.entry_id as left_entry, r.entry_id as right_entry from left_rest as l
        join right_rest as r on r.amount = l.amount and r.day = l.day and r.place = l.place and r.currency = l.currency)"""

_OTHER_DAY: Final = """
    other_day as (
        select l.entry_id as left_entry, r.entry_id as right_entry from left_later as l
        join right_later as r on r.amount = l.amount and r.turn = l.turn and r.currency = l.currency and days_between(l.day, r.day) between -:days and :days)"""

_COLUMNS: Final = ("entry_id", "customer_id", "at", "day", "amount", "gross_revenue", "tax", "fee", "currency")


def _pair(left: str, right: str, entries: str) -> str:
    """Both sides of a pair under names of their own."""
    return ", ".join(f"{alias}.{name} as {side}_{name}" for side, alias in (("left", left), ("right", right)) for name in _COLUMNS) + f", {entries}"


_ONE: Final = "cast(1 as bigint) as left_entries, cast(1 as bigint) as right_entries, true as left_even, true as right_even"
_EVEN: Final = (
    "coalesce(l.entries, 0) as left_entries, coalesce(r.entries, 0) as right_entries, "
    "coalesce(l.smallest = l.largest, true) as left_even, coalesce(r.smallest = r.largest, true) as right_even"
)


def table(left: str, right: str) -> str:
    """One row per pair of entries, and per entry that has none: how it was found, both sides, the gap, and what kind of gap it is."""
    sides = (("left", left, "right"), ("right", right, "left"))
    ctes = [
        *(_GIVEN.format(side=side, text=SIDES[book]) for side, book, _ in sides),
        _HABIT,
        *(_ENTRIES.format(side=side) for side, _, _ in sides),
        *(_NUMBERED.format(side=side) for side, _, _ in sides),
        *(_REST.format(side=side, other=other) for side, _, other in sides),
        _SAME_DAY,
        *(_LATER.format(side=side) for side, _, _ in sides),
        _OTHER_DAY,
        "couples as (select left_entry, right_entry from same_day union all select left_entry, right_entry from other_day)",
        f"""pairs as (
            select l.k, 'number' as found_by, {_pair("l", "r", _EVEN)} from left_numbered as l join right_numbered as r on r.k = l.k
            union all
            select coalesce(l.k, r.k), 'amount', {_pair("l", "r", _ONE)}
            from couples as c join left_entries as l on l.entry_id = c.left_entry join right_entries as r on r.entry_id = c.right_entry
            union all
            select l.k, 'none', {_pair("l", "r", _ONE)} from left_rest as l left join couples as c on c.left_entry = l.entry_id
            left join right_rest as r on 1 = 0 where c.left_entry is null
            union all
            select r.k, 'none', {_pair("l", "r", _ONE)} from right_rest as r left join couples as c on c.right_entry = r.entry_id
            left join left_rest as l on 1 = 0 where c.right_entry is null and r.currency = (select max(currency) from left_entries))""",
        _REACH,
        _MEASURED,
        _SHIFTS,
        _RATES,
    ]
    return f"with {', '.join(ctes)} {_NAMED}"


_REACH: Final = """
    reach as (
        select (select min(day) from left_entries) as left_first, (select max(day) from left_entries) as left_last,
            (select min(day) from right_entries) as right_first, (select max(day) from right_entries) as right_last)"""
"""The days that each book covers: what lies outside the other's cannot be missing there."""

_MEASURED: Final = """
    measured as (
        select p.*, left_amount - right_amount as gap, minutes_between(left_at, right_at) as shift,
            case when left_currency = right_currency and abs(left_amount) > 0 then round(ratio(right_amount, left_amount), 3) end as multiple
        from pairs as p)"""

_SHIFTS: Final = """
    shifts as (
        select shift, row_number() over (order by count(*) desc, abs(shift), shift) as place from measured
        where shift <> 0 and shift % 60 = 0 and abs(shift) <= 840 group by shift having count(*) >= 3)"""
"""By how many minutes moments of the same entry lie apart: whole hours that come again and again are another time zone."""

_RATES: Final = """
    rates as (
        select multiple from measured where multiple is not null and abs(gap) > :tolerance group by multiple having count(*) >= 3)"""
"""Ratios of two amounts that come again and again: tax or a fee."""

TAXES: Final = (0.03, 0.05, 0.055, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.27)
"""Rates of tax on sales that are in force somewhere."""
_WITH_TAX: Final = ", ".join(f"{value:.3f}" for value in sorted({round(1 + rate, 3) for rate in TAXES} | {round(1 / (1 + rate), 3) for rate in TAXES}))

_AGREE: Final = "left_currency = right_currency and abs(gap) <= :tolerance"

_NAMED: Final = f"""
    select m.k as number, found_by,
        case when right_entry_id is null and left_day between right_first and right_last then 'missing_right'
             when left_entry_id is null and right_day between left_first and left_last then 'missing_left'
             when left_entry_id is null or right_entry_id is null then 'not_reached'
             when left_currency <> right_currency then 'currency'
             when {_AGREE} and shifts.shift is not null and left_day <> right_day then 'time_zone'
             when {_AGREE} and left_day <> right_day then 'cut_off'
             when {_AGREE} and left_customer_id <> right_customer_id then 'customer'
             when {_AGREE} then 'matched'
             when right_entries > left_entries and right_even and abs(left_amount * right_entries - right_amount * left_entries) <= :tolerance * right_entries
                 then 'duplicate_right'
             when left_entries > right_entries and left_even and abs(left_amount * right_entries - right_amount * left_entries) <= :tolerance * left_entries
                 then 'duplicate_left'
             when abs(abs(gap) - coalesce(left_tax, right_tax)) <= :tolerance then 'tax'
             when abs(abs(gap) - abs(coalesce(left_fee, right_fee))) <= :tolerance then 'fee'
             when abs(left_amount * 10 - right_amount) <= :tolerance or abs(left_amount * 100 - right_amount) <= :tolerance
                 or abs(right_amount * 10 - left_amount) <= :tolerance or abs(right_amount * 100 - left_amount) <= :tolerance then 'zero'
             when left_amount <> left_gross_revenue and abs(left_gross_revenue - right_amount) <= :tolerance
                 or abs(left_amount + right_amount) <= :tolerance then 'refund'
             when rates.multiple is not null and cast(m.multiple as decimal(18,3)) in ({_WITH_TAX}) then 'tax'
             when rates.multiple is not null and m.multiple between 0.9 and 1 then 'fee'
             when left_amount > 0 and right_amount > 0 and right_amount < left_amount and right_entries >= left_entries and :part_payments then 'part_paid'
             else 'amount' end as kind,
        left_entry_id as left_entry, right_entry_id as right_entry, coalesce(left_customer_id, right_customer_id) as customer_id, left_day as left_on,
        right_day as right_on, left_amount, case when right_currency = left_currency or left_currency is null then right_amount end as right_amount,
        right_currency as currency, case when right_currency = left_currency or left_currency is null or right_currency is null
            then coalesce(left_amount, 0) - coalesce(right_amount, 0) end as gap,
        case when right_currency <> left_currency then ratio(right_amount, left_amount) end as rate,
        left_entries, right_entries
    from measured as m cross join reach left join shifts on shifts.shift = m.shift and shifts.place = 1 left join rates on rates.multiple = m.multiple"""

SUMMARY: Final = """
    with whole as (select count(*) as entries from rows)
    select kind, count(*) as entries, ratio(count(*), max(whole.entries)) as entries_share, sum(left_amount) as left_amount, sum(right_amount) as right_amount,
        sum(gap) as gap
    from rows cross join whole group by kind order by kind"""

TOTALS: Final = """
    select count(*) as entries, sum(case when kind = 'matched' then 1 else 0 end) as matched,
        sum(case when left_entry is not null then 1 else 0 end) as left_count, sum(case when right_entry is not null then 1 else 0 end) as right_count,
        ratio(sum(case when kind = 'matched' then 1 else 0 end), count(*)) as matched_rate,
        coalesce(sum(left_amount), 0) as left_amount, coalesce(sum(right_amount), 0) as right_amount, coalesce(sum(gap), 0) as gap,
        coalesce(sum(abs(gap)), 0) as absolute_gap
    from rows"""

MONTHS: Final = """
    select month_start(coalesce(left_on, right_on)) as month, count(*) as entries,
        ratio(sum(case when kind = 'matched' then 1 else 0 end), count(*)) as matched_rate, coalesce(sum(gap), 0) as gap
    from rows group by month_start(coalesce(left_on, right_on)) order by month"""

CURRENCIES: Final = """
    select currency, count(*) as entries, percentile(rate, 0.5) as rate from rows where kind = 'currency' group by currency order by currency"""
