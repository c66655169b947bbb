"""The SQL of data quality: every failing record, how many were checked, and the money that stands behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from regulars.analyses.data_quality_words import KINDS, REASON_KINDS, RULE_FIELDS, UNUSABLE, WEIGHTS

LISTED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "customers": (
        "customer_id",
        ("name", "phone", "email", "gender", "birth_on", "address", "city", "region", "country", "customer_group", "joined_on"),
    ),
    "products": ("product_id", ("product_name", "category", "brand", "unit_cost")),
    "orders": ("order_id", ("channel", "store", "staff", "payment_method", "status")),
}
"""Table → its key, and the fields of which every record that lacks them is listed. A field that no record fills is unused, not lacking."""

_BLANK: Final[Mapping[str, Mapping[str, str]]] = {
    "customers": {"customer_id": "t.customer_id"},
    "products": {},
    "orders": {"customer_id": "t.customer_id", "staff": "t.staff", "amount": "t.net_revenue", "happened_on": "t.ordered_on"},
}
"""Table → what is known of a record that lacks a field: column of a failing record → expression. The rest is null."""

_COLUMNS: Final[Mapping[str, str]] = {
    "customer_id": "varchar",
    "value": "varchar",
    "staff": "varchar",
    "amount": "decimal(18,4)",
    "set_aside": "boolean",
    "import_id": "varchar",
    "source_sheet": "varchar",
    "source_row": "bigint",
    "happened_on": "date",
}
"""What is known of a failing record beside what fails and its own key."""


def constants(name: str, columns: str, rows: Iterable[tuple[str, ...]]) -> str:
    """A small table of texts, as something to select from."""
    told = ", ".join("(" + ", ".join(f"'{value}'" for value in line) + ")" for line in rows)
    return f"(values {told}) as {name}({columns})"


def _failing(what: tuple[str, str, str, str], record: str, known: Mapping[str, str], source: str) -> str:
    """One kind of failing record: its dimension, table, field and rule, its key, what else is known of it, and where it is looked for."""
    named = ", ".join(f"{sql} as {name}" for name, sql in zip(("dimension", "about", "field", "rule"), what, strict=True))
    rest = ", ".join(f"cast({known.get(name, 'null')} as {kind}) as {name}" for name, kind in _COLUMNS.items())
    return f"select {named}, cast({record} as varchar) as record_id, {rest} from {source}"


def _used(table: str) -> str:
    """CTEs that end in ``<table>_used``: the fields that any record fills, and how many records there are."""
    _, fields = LISTED[table]
    filled = "case f.field " + " ".join(f"when '{field}' then c.{field}" for field in fields) + " end"
    return f"""{table}_counted as (select count(*) as records, {", ".join(f"count({field}) as {field}" for field in fields)} from {table}),
    {table}_used as (
        select f.field, c.records from {constants("f", "field", ((field,) for field in fields))} cross join {table}_counted as c where {filled} > 0)"""


def _lacking(table: str) -> str:
    """Every record that lacks a field that others have."""
    key, fields = LISTED[table]
    value = "case u.field " + " ".join(f"when '{field}' then cast(t.{field} as varchar)" for field in fields) + " end"
    source = f"{table} as t cross join {table}_used as u where {value} is null"
    return _failing(("'completeness'", f"'{table}'", "u.field", "'empty'"), f"t.{key}", _BLANK[table], source)


_BASIS: Final = f"""
    {", ".join(_used(table) for table in LISTED)},
    kinds as (select rule, dimension from {constants("k", "rule, dimension", KINDS.items())}),
    reasons as (select reason, dimension from {constants("r", "reason, dimension", REASON_KINDS.items())}),
    reaching as (select count(*) as ways from customers_used where field in ('phone', 'email'))"""
"""What the failing records and the counts of checked ones both need: the fields in use, and the dimension of each rule."""

ARRIVED: Final = """
    arrived as (select *, cast(loaded_at as date) as loaded_on, row_number() over (order by loaded_at, import_id) as delivery from deliveries)"""
"""The deliveries in the order in which they arrived."""

STANDING: Final = """
    gaps as (select percentile(ratio(tenure_days, order_days - 1), 0.9) as usual from customer_rollup where order_days > 1),
    bound as (select coalesce(cast(:lapse_days as double), usual, cast(240 as double)) as days from gaps),
    known as (
        select customer_id, year_revenue, net_revenue,
            case when order_days >= 3 then 'regular_' else 'other_' end || case when recency_days <= bound.days then 'active' else 'lapsed' end as standing
        from customer_rollup cross join bound)"""
"""Every customer's standing by nothing but purchase days and silence."""

_CURRENT: Final = """not exists (
            select 1 from customers as c where p.about = 'customers' and c.customer_id = p.customer_id
                and (p.field in ('phone', 'phone_written') and c.phone_written is not null and c.phone_written <> p.value
                    or p.field = 'email' and c.email is not null and c.email <> lower(p.value)))"""
"""Not a phone or an e-mail that a later delivery has replaced."""

WRONG: Final = f"""
    wrong as (
        select distinct p.customer_id, case when p.field = 'email' then 'email' else 'phone' end as field from problems as p
        where p.about = 'customers' and p.rule in ({", ".join(f"'{rule}'" for rule in UNUSABLE)}) and {_CURRENT})"""
"""The customers with a phone or an e-mail address at which nobody can be reached."""

_PLACED: Final = {name: f"p.{name}" for name in ("value", "import_id", "source_sheet", "source_row")}

_FOUND: Final = " union all ".join(
    (
        _failing(
            ("k.dimension", "p.about", "coalesce(p.field, '-')", "p.rule"),
            "p.record_id",
            {name: f"p.{name}" for name in _COLUMNS},
            f"problems as p join kinds as k on k.rule = p.rule where {_CURRENT}",
        ),
        _failing(
            ("r.dimension", "coalesce(p.about, '-')", "coalesce(p.field, '-')", "p.reason"),
            "null",
            _PLACED,
            "rejected as p join reasons as r on r.reason = p.reason",
        ),
        *(_lacking(table) for table in LISTED),
        _failing(
            ("'completeness'", "'customers'", "'reach'", "'unreachable'"),
            "c.customer_id",
            {"customer_id": "c.customer_id"},
            """customers as c join customer_rollup as r on r.customer_id = c.customer_id cross join reaching
                left join wrong as p on p.customer_id = c.customer_id and p.field = 'phone'
                left join wrong as e on e.customer_id = c.customer_id and e.field = 'email'
            where reaching.ways > 0 and (c.phone is null or p.customer_id is not null) and (c.email is null or e.customer_id is not null)""",
        ),
        _failing(
            ("'consistency'", "'returns'", "'order_id'", "'refund_unmatched'"),
            "t.return_id",
            {name: f"t.{name}" for name in ("customer_id", "amount", "import_id", "source_row")} | {"happened_on": "t.returned_on"},
            "returns as t where not t.matched",
        ),
    )
)

TABLE: Final = f"""
    with {_BASIS}, {ARRIVED}, {STANDING}, {WRONG},
    found as ({_FOUND}),
    placed as (
        select f.*, a.delivery, a.file, k.standing, coalesce(k.year_revenue, 0) as customer_year, coalesce(k.net_revenue, 0) as customer_total,
            case when f.customer_id is not null and row_number() over (
                partition by f.about, f.field, f.rule, f.customer_id order by a.delivery nulls first, f.record_id nulls first, f.value nulls first,
                    f.happened_on nulls first, f.source_sheet nulls first, f.source_row nulls first) = 1 then 1 else 0 end as first_of_customer
        from found as f left join arrived as a on a.import_id = f.import_id left join known as k on k.customer_id = f.customer_id)
    select dimension, about, field, rule, customer_id, standing, record_id, value, staff, amount,
        cast(case when about <> 'customers' and amount is not null then case when dimension = 'completeness' then amount else abs(amount) end
            when first_of_customer = 1 then customer_year else 0 end as decimal(18,4)) as at_stake,
        cast(case when first_of_customer = 1 then customer_year else 0 end as decimal(18,4)) as year_revenue,
        cast(case when first_of_customer = 1 then customer_total else 0 end as decimal(18,4)) as net_revenue,
        case when set_aside then 1 else 0 end as set_aside, happened_on, delivery, file, source_sheet, source_row
    from placed"""

_OWN_CHECKS: Final = " union all ".join(
    f"select 'completeness' as dimension, '{table}' as about, field, 'empty' as rule, records as checked from {table}_used" for table in LISTED
)

CHECKED: Final = f"""
    {_BASIS}, {ARRIVED},
    filled as (
        select c.about, c.field, sum(c.records) as records, sum(c.filled) as filled, sum(case when a.delivery > 1 then c.records else 0 end) as later
        from field_counts as c join arrived as a on a.import_id = c.import_id group by c.about, c.field),
    lines as (select count(*) as records from order_lines),
    aside as (select count(*) as records from problems where about = 'sales' and set_aside),
    held as (
        select about, max(records) as records from filled where about <> 'sales' group by about
        union all select 'sales', least(max(filled.records), max(lines.records + aside.records)) from filled cross join lines cross join aside
        where about = 'sales'),
    checks as (
        {_OWN_CHECKS}
        union all select 'completeness', 'customers', 'reach', 'unreachable', count(*) from customer_rollup cross join reaching where ways > 0
        union all select 'consistency', 'returns', 'order_id', 'refund_unmatched', count(*) from returns
        union all select k.dimension, r.about, r.field, r.rule, case when k.dimension = 'timeliness' then f.later when r.about = 'sales' then h.records
            when k.dimension = 'completeness' then f.records else f.filled end
        from {constants("r", "rule, about, field", RULE_FIELDS)} join kinds as k on k.rule = r.rule
            join filled as f on f.about = r.about and f.field = r.field and f.filled > 0 join held as h on h.about = r.about),
    failed as (
        select dimension, about, field, rule, count(*) as failing, sum(at_stake) as at_stake, sum(year_revenue) as year_revenue,
            count(distinct customer_id) as customers, sum(set_aside) as set_aside
        from rows group by dimension, about, field, rule),
    delivered as (select sum(rows_in) as records from deliveries),
    judged as (
        select coalesce(c.dimension, f.dimension) as dimension, coalesce(c.about, f.about) as about, coalesce(c.field, f.field) as field,
            coalesce(c.rule, f.rule) as rule, coalesce(f.failing, 0) as failing, coalesce(f.at_stake, 0) as at_stake,
            coalesce(f.year_revenue, 0) as year_revenue, coalesce(f.customers, 0) as customers, coalesce(f.set_aside, 0) as set_aside,
            coalesce(c.checked, case when r.reason is not null then d.records end, h.records, 0) as checked
        from checks as c full join failed as f on f.dimension = c.dimension and f.about = c.about and f.field = c.field and f.rule = c.rule
            cross join delivered as d left join reasons as r on r.reason = coalesce(c.rule, f.rule)
            left join held as h on h.about = coalesce(c.about, f.about)),
    weights as (
        select field, cast(weight as bigint) as weight from {constants("w", "field, weight", ((field, str(weight)) for field, weight in WEIGHTS.items()))}),
    weighed as (
        select j.*, coalesce(w.weight, 1) as weight,
            case when j.dimension <> 'reality' and j.checked >= j.failing then ratio(j.checked - j.failing, j.checked) end as pass_rate
        from judged as j left join weights as w on w.field = j.field)"""
"""CTEs that end in ``weighed``: every check with how many records it looked at, how many fail, what stands behind them, and its weight."""

SUMMARY: Final = f"""
    with {CHECKED}
    select dimension, about, field, rule, cast(checked as bigint) as checked, cast(failing as bigint) as failing, pass_rate, weight, at_stake, year_revenue,
        cast(customers as bigint) as customers, cast(set_aside as bigint) as set_aside
    from weighed where checked > 0 or failing > 0 or dimension = 'timeliness'
    order by at_stake desc, failing desc, dimension, about, field, rule"""
