"""The SQL that sets payments against claims: by number, then against the oldest of the customer."""

from __future__ import annotations

from typing import Final

_CLAIMS: Final = {
    "invoices": """
        select invoice_id as claim_id, number_key(invoice_id) as key, number_key(order_id) as order_key, customer_id, issued_on,
            coalesce(due_on, add_days(issued_on, :terms_days)) as due_on, amount, coalesce(paid, 0) as told_paid
        from invoices where issued_on <= :as_of""",
    "orders": """
        select order_id as claim_id, number_key(order_id) as key, number_key(order_id) as order_key, min(customer_id) as customer_id,
            min(ordered_on) as issued_on, add_days(min(ordered_on), :terms_days) as due_on, cast(sum(amount) as decimal(18,4)) as amount,
            cast(0 as decimal(18,4)) as told_paid
        from order_lines where booked_on <= :as_of and kind <> 'unmatched' group by order_id""",
}

_TABLE: Final = """
    with claims as ({claims}),
    came as (select payment_id, customer_id, amount, number_key(order_id) as key from payments where paid_on <= :as_of),
    named as (
        select key, min(claim_id) as claim_id
        from (select key, claim_id from claims union all select order_key, claim_id from claims where order_key is not null) as names group by key),
    numbered as (select named.claim_id, sum(came.amount) as amount from came join named on named.key = came.key group by named.claim_id),
    free as (
        select came.customer_id, sum(came.amount) as amount from came left join named on named.key = came.key
        where named.claim_id is null and came.customer_id is not null group by came.customer_id),
    owed as (
        select c.claim_id, c.key, c.order_key, c.customer_id, issued_on, due_on, c.amount, coalesce(n.amount, told_paid) as paid_by_number,
            greatest(c.amount - coalesce(n.amount, told_paid), 0) as owing
        from claims as c left join numbered as n on n.claim_id = c.claim_id),
    queued as (
        select o.*, sum(owing) over (partition by customer_id order by due_on, claim_id) - owing as before
        from owed as o),
    settled as (
        select q.*, case when f.amount is null or q.customer_id is null then 0 else least(owing, greatest(f.amount - before, 0)) end as paid_as_oldest
        from queued as q left join free as f on f.customer_id = q.customer_id)
    select claim_id, key, order_key, customer_id, issued_on, due_on, amount, cast(paid_by_number as decimal(18,4)) as paid_by_number,
        cast(paid_as_oldest as decimal(18,4)) as paid_as_oldest, cast(paid_by_number + paid_as_oldest as decimal(18,4)) as paid,
        cast(amount - paid_by_number - paid_as_oldest as decimal(18,4)) as open, cast(days_between(due_on, :as_of) as bigint) as overdue_days,
        case when amount - paid_by_number - paid_as_oldest < 0 then 'overpaid'
             when amount - paid_by_number - paid_as_oldest = 0 then 'settled'
             when days_between(due_on, :as_of) <= 0 then 'not_due'
             when days_between(due_on, :as_of) <= 30 then 'to_30'
             when days_between(due_on, :as_of) <= 60 then 'to_60'
             when days_between(due_on, :as_of) <= 90 then 'to_90'
             else 'over_90' end as age
    from settled"""


def table(base: str) -> str:
    """One row per claim: what was paid of it and how, what is open, how long it has been due."""
    return _TABLE.format(claims=_CLAIMS[base])


SUMMARY: Final = """
    with whole as (select sum(open) as total from rows)
    select age, count(*) as claims, count(distinct customer_id) as customers, sum(amount) as amount, sum(paid) as paid, sum(open) as open,
        ratio(sum(open), max(whole.total)) as open_share
    from rows cross join whole group by age
    order by case age when 'not_due' then 1 when 'to_30' then 2 when 'to_60' then 3 when 'to_90' then 4 when 'over_90' then 5 when 'settled' then 6
        else 7 end"""

TOTALS: Final = """
    with sums as (
        select count(*) as claims, coalesce(sum(amount), 0) as amount, coalesce(sum(case when open > 0 then open end), 0) as open,
            coalesce(sum(case when open > 0 and overdue_days > 0 then open end), 0) as overdue,
            count(distinct case when open > 0 then customer_id end) as debtors,
            count(distinct case when open > 0 and overdue_days > 0 then customer_id end) as late_debtors,
            sum(case when days_between(issued_on, :as_of) < 90 then amount end) as lately
        from rows)
    select claims, amount, open, overdue, ratio(overdue, open) as overdue_rate, debtors, late_debtors, 90 * ratio(open, lately) as sales_days from sums"""

DEBTORS: Final = """
    with owing as (
        select customer_id, count(*) as claims, sum(open) as open, coalesce(sum(case when overdue_days > 0 then open end), 0) as overdue,
            max(overdue_days) as oldest_days
        from rows where open > 0 and customer_id is not null group by customer_id),
    ranked as (select owing.*, row_number() over (order by open desc, customer_id) as place from owing)
    select customer_id, claims, open, overdue, oldest_days from ranked where place <= :debtors order by place"""

WENT: Final = """
    with came as (select customer_id, amount, number_key(order_id) as key from payments where paid_on <= :as_of),
    names as (select key from (select key from rows union all select order_key from rows) as told where key is not null group by key),
    debtors as (select distinct customer_id from rows where customer_id is not null),
    sorted as (
        select came.amount, names.key is not null as numbered, debtors.customer_id is not null as known
        from came left join names on names.key = came.key left join debtors on debtors.customer_id = came.customer_id),
    sums as (
        select coalesce(sum(case when numbered then amount end), 0) as numbered, coalesce(sum(case when not numbered and known then amount end), 0) as free,
            coalesce(sum(case when not numbered and not known then amount end), 0) as nobody from sorted),
    spread as (select coalesce(sum(paid_as_oldest), 0) as oldest from rows),
    went as (
        select 1 as place, 'numbered' as went, numbered as amount from sums
        union all select 2, 'oldest', oldest from spread
        union all select 3, 'left', free - oldest from sums cross join spread
        union all select 4, 'nobody', nobody from sums)
    select went, cast(amount as decimal(18,4)) as amount from went where amount <> 0 order by place"""
