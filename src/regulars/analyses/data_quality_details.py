"""The further answers of data quality: score by dimension, by source, by person, over time, drift, debt, and how full each field is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa

from regulars.analyses.data_quality_columns import GIVES, ROW_GIVES
from regulars.analyses.data_quality_sql import ARRIVED, CHECKED, STANDING, constants
from regulars.analyses.data_quality_words import PLACEHOLDERS, SCORED
from regulars.analysis import Detail
from regulars.errors import N_
from regulars.models.drift import false_discovery, shift
from regulars.units import COUNT, CUSTOMERS, KEY, ROWS, count, days, flag, label, money, number, on, rate, ratio, summed, text

_SCORES: Final = Detail(
    f"""
    with {CHECKED},
    sides as (select dimension from {constants("s", "dimension", ((side,) for side in SCORED))}),
    scored as (
        select dimension, sum(case when pass_rate is not null then 1 else 0 end) as checks, min(pass_rate) as worst, sum(failing) as failing,
            ratio(sum(cast(weight as decimal(4,0)) * cast(pass_rate as decimal(18,12))), sum(case when pass_rate is not null then weight end)) as score
        from weighed group by dimension),
    touched as (select dimension, customer_id, max(year_revenue) as year_revenue from rows where customer_id is not null group by dimension, customer_id),
    paying as (select dimension, count(*) as customers, sum(year_revenue) as year_revenue from touched group by dimension),
    everybody as (select sum(year_revenue) as year_revenue from customer_rollup)
    select s.dimension, c.score, c.worst, cast(coalesce(c.checks, 0) as bigint) as checks, cast(coalesce(c.failing, 0) as bigint) as failing,
        coalesce(p.customers, 0) as customers, coalesce(p.year_revenue, 0) as year_revenue,
        ratio(coalesce(p.year_revenue, 0), e.year_revenue) as year_revenue_rate
    from sides as s cross join everybody as e left join scored as c on c.dimension = s.dimension left join paying as p on p.dimension = s.dimension
    order by c.score nulls last, s.dimension""",
    {
        "dimension": GIVES["dimension"],
        "score": rate(N_("Score"), N_("Mean of the parts in order over all checks, weighted by what hangs on the field; a dash where nothing was checked")),
        "worst": rate(N_("Worst check"), N_("The smallest part in order among its checks")),
        "checks": count(N_("Checks"), N_("How many checks found something to look at")),
        "failing": count(N_("Concerned"), N_("Records that fail one of its checks, once per check"), COUNT, noun=ROWS),
        "customers": count(N_("Customers"), N_("Known customers concerned"), noun=CUSTOMERS),
        "year_revenue": money(N_("Last twelve months"), N_("Net revenue of the customers concerned in the last twelve months, each customer once")),
        "year_revenue_rate": rate(N_("Part of revenue"), N_("This money as a part of what all known customers brought in the last twelve months")),
    },
    N_("Score by dimension"),
)

_FILLING: Final = """
    in_use as (select about, field from field_counts group by about, field having sum(filled) > 0),
    filling as (
        select c.import_id, sum(c.records) as records, sum(c.filled) as filled
        from field_counts as c join in_use as u on u.about = c.about and u.field = c.field group by c.import_id)"""
"""How full the fields are that anybody fills, by delivery."""

_SPOTS: Final = """
    spots as (
        select distinct delivery, staff, dimension, coalesce(source_sheet, '') as source_sheet, source_row from rows
        where delivery is not null and dimension <> 'reality')"""
"""Rows of files with something wrong, each once per dimension."""

_SOURCES: Final = Detail(
    f"""
    with {ARRIVED}, {_FILLING}, {_SPOTS},
    spans as (select import_id, min(booked_on) as first_on, max(booked_on) as last_on from order_lines group by import_id),
    wrong as (select delivery, count(*) as records from (select distinct delivery, source_sheet, source_row from spots) as s group by delivery),
    failing as (select delivery, count(*) as failing, sum(at_stake) as at_stake from rows where delivery is not null group by delivery)
    select a.delivery, a.file, a.source, a.rows_in, a.rows_loaded, a.rows_rejected, ratio(a.rows_rejected, a.rows_in) as rejected_rate,
        ratio(f.filled, f.records) as filled_rate, coalesce(n.failing, 0) as failing, coalesce(w.records, 0) as wrong,
        ratio(coalesce(w.records, 0), a.rows_in) as wrong_rate, coalesce(n.at_stake, 0) as at_stake, s.first_on, s.last_on,
        days_between(s.last_on, a.loaded_on) as lag_days
    from arrived as a left join filling as f on f.import_id = a.import_id left join spans as s on s.import_id = a.import_id
        left join wrong as w on w.delivery = a.delivery left join failing as n on n.delivery = a.delivery
    order by a.delivery""",
    {
        "delivery": number(N_("Delivery"), N_("Which delivery brought it, in the order in which they arrived"), KEY, digits=0),
        "file": ROW_GIVES["file"],
        "source": text(N_("System"), N_("System that wrote it, where that was recognised")),
        "rows_in": count(N_("Rows read"), N_("Rows of the file"), noun=ROWS),
        "rows_loaded": count(N_("Rows loaded"), N_("Rows that were understood"), noun=ROWS),
        "rows_rejected": count(N_("Rows refused"), N_("Rows that could not be understood; each is kept with its reason"), noun=ROWS),
        "rejected_rate": rate(N_("Part refused"), N_("Rows refused, of all rows read"), ratio("rows_rejected", "rows_in")),
        "filled_rate": rate(N_("Filled"), N_("Part of the cells that are filled, over the fields that anybody fills")),
        "failing": count(N_("Concerned"), N_("Records that a rule concerns, once per rule"), COUNT, noun=ROWS),
        "wrong": count(N_("Rows with a mistake"), N_("Rows of the file with something wrong, each once; customs of the trade are no mistakes"), noun=ROWS),
        "wrong_rate": rate(N_("Part with a mistake"), N_("Rows with a mistake, of all rows read"), ratio("wrong", "rows_in")),
        "at_stake": money(N_("Money behind it"), N_("Past sums behind the records concerned")),
        "first_on": on(N_("From"), N_("First business day in the delivery")),
        "last_on": on(N_("To"), N_("Last business day in the delivery")),
        "lag_days": days(N_("Age when loaded"), N_("Days from the last business day in the delivery until it was loaded")),
    },
    N_("By delivery"),
)

_PEOPLE: Final = Detail(
    f"""
    with {_FILLING}, {_SPOTS},
    told as (
        select c.staff, c.about, c.field, sum(c.records) as records, sum(c.filled) as filled
        from field_counts as c join in_use as u on u.about = c.about and u.field = c.field where c.staff is not null group by c.staff, c.about, c.field),
    most as (select staff, about, max(records) as entered, sum(records) as records, sum(filled) as filled from told group by staff, about),
    entered as (select staff, sum(entered) as entered, sum(records) as records, sum(filled) as filled from most group by staff),
    wrong as (
        select staff, count(*) as records from (select distinct delivery, staff, source_sheet, source_row from spots) as s
        where staff is not null group by staff),
    failing as (select staff, count(*) as failing, sum(at_stake) as at_stake from rows where staff is not null group by staff),
    judged as (
        select e.staff, e.entered, e.records, e.filled, least(coalesce(w.records, 0), e.entered) as wrong, coalesce(f.failing, 0) as failing,
            coalesce(f.at_stake, 0) as at_stake, e.entered >= :least as enough
        from entered as e left join wrong as w on w.staff = e.staff left join failing as f on f.staff = e.staff)
    select staff, cast(entered as bigint) as entered, case when enough then ratio(filled, records) end as filled_rate, failing, cast(wrong as bigint) as wrong,
        case when enough then ratio(wrong, entered) end as wrong_rate, case when enough then wilson_low(wrong, entered) end as wrong_low,
        case when enough then wilson_high(wrong, entered) end as wrong_high, at_stake
    from judged order by staff""",
    {
        "staff": text(N_("Entered by"), N_("Who sold or entered it; for a talk about the form and the till, not for blame"), adds=KEY),
        "entered": count(N_("Entered"), N_("Rows this person sold or entered"), noun=ROWS),
        "filled_rate": rate(N_("Filled"), N_("Part of the cells that are filled, over the fields that anybody fills; a dash where the rows are too few")),
        "failing": count(N_("Concerned"), N_("Records that a rule concerns, once per rule"), COUNT, noun=ROWS),
        "wrong": count(N_("Rows with a mistake"), N_("Rows with something wrong, each once"), noun=ROWS),
        "wrong_rate": rate(N_("Part with a mistake"), N_("Rows with a mistake, of those entered; a dash where they are too few")),
        "wrong_low": rate(N_("Mistakes, from"), N_("Lower end of the Wilson interval of the part with a mistake")),
        "wrong_high": rate(N_("Mistakes, to"), N_("Upper end of the Wilson interval of the part with a mistake")),
        "at_stake": money(N_("Money behind it"), N_("Past sums behind the records concerned"), summed("at_stake")),
    },
    N_("By who entered it"),
)

_TREND: Final = Detail(
    f"""
    with {ARRIVED}, {_FILLING}, {_SPOTS},
    placeholders as (
        select delivery, count(*) as cells from rows
        where delivery is not null and rule in ({", ".join(f"'{rule}'" for rule in PLACEHOLDERS)}) group by delivery),
    wrong as (
        select delivery, {", ".join(f"sum(case when dimension = '{side}' then 1 else 0 end) as {side}" for side in SCORED[1:])} from spots group by delivery)
    select a.delivery, a.file, a.rows_in, ratio(f.filled - least(coalesce(p.cells, 0), f.filled), f.records) as completeness,
        {", ".join(f"ratio(a.rows_in - least(coalesce(w.{side}, 0), a.rows_in), a.rows_in) as {side}" for side in SCORED[1:])}
    from arrived as a left join filling as f on f.import_id = a.import_id left join placeholders as p on p.delivery = a.delivery
        left join wrong as w on w.delivery = a.delivery
    order by a.delivery""",
    {
        "delivery": label(N_("Delivery"), N_("Which delivery, in the order in which they arrived")),
        "file": ROW_GIVES["file"],
        "rows_in": count(N_("Rows read"), N_("Rows of the file"), noun=ROWS),
        "completeness": rate(
            N_("Complete"), N_("Part of the cells that are filled, over the fields that anybody fills; default values do not count as filled")
        ),
        "validity": rate(N_("Valid"), N_("Part of the rows without a value that cannot be right")),
        "uniqueness": rate(N_("Unique"), N_("Part of the rows that nothing shows to have come before")),
        "consistency": rate(N_("Consistent"), N_("Part of the rows that contradict neither themselves nor others")),
        "timeliness": rate(N_("In time"), N_("Part of the rows that did not come long after later days were known")),
    },
    N_("From delivery to delivery"),
)

_FIELDS: Final = Detail(
    """
    select about, field, cast(sum(records) as bigint) as records, cast(sum(filled) as bigint) as filled, cast(sum(records - filled) as bigint) as missing,
        ratio(sum(filled), sum(records)) as filled_rate, cast(max(case when about not in ('customers', 'products')
            or field in ('customer_id', 'product_id') then distinct_values end) as bigint) as distinct_values, sum(filled) = 0 as unused
    from field_counts group by about, field order by about, field""",
    {
        "about": label(GIVES["about"].title, GIVES["about"].meaning, GIVES["about"].values),
        "field": label(GIVES["field"].title, N_("The column"), GIVES["field"].values),
        "records": count(N_("Rows loaded"), N_("Rows of all deliveries that have the field"), noun=ROWS),
        "filled": count(N_("Filled"), N_("Rows in which it is filled"), noun=ROWS),
        "missing": count(N_("Blank"), N_("Rows in which it is blank"), noun=ROWS),
        "filled_rate": rate(N_("Part filled"), N_("Rows in which it is filled, of those that have it"), ratio("filled", "records")),
        "distinct_values": count(
            N_("Different values"), N_("Most different values in one delivery, by one person where the file says who entered it; of lists only the keys")
        ),
        "unused": flag(N_("Unused"), N_("Nobody fills it, so that it counts neither for nor against")),
    },
    N_("How full each field is"),
)

_DEBT: Final = Detail(
    f"""
    with {STANDING},
    everybody as (select standing, count(*) as customers, sum(year_revenue) as year_revenue from known group by standing),
    owed as (
        select field, rule, standing, count(*) as customers, sum(year_revenue) as year_revenue, sum(net_revenue) as net_revenue
        from rows where about = 'customers' and rule in ('empty', 'unreachable') and standing is not null group by field, rule, standing)
    select o.field, o.rule, o.standing, o.customers, e.customers as customers_all, ratio(o.customers, e.customers) as missing_rate, o.year_revenue,
        o.net_revenue, e.year_revenue as year_revenue_all, ratio(e.year_revenue - o.year_revenue, e.year_revenue) as covered_rate
    from owed as o join everybody as e on e.standing = o.standing
    order by case when o.rule = 'unreachable' then 0 else 1 end, o.year_revenue desc, o.net_revenue desc, o.field, o.standing""",
    {
        "field": GIVES["field"],
        "rule": GIVES["rule"],
        "standing": ROW_GIVES["standing"],
        "customers": count(N_("Customers"), N_("Customers of whom it is missing now"), COUNT, noun=CUSTOMERS),
        "customers_all": count(N_("All customers"), N_("All customers of that standing"), noun=CUSTOMERS),
        "missing_rate": rate(N_("Part missing"), N_("Customers of whom it is missing, of all of that standing"), ratio("customers", "customers_all")),
        "year_revenue": money(N_("Last twelve months"), N_("What these customers brought in the last twelve months"), summed("year_revenue")),
        "net_revenue": money(N_("Revenue"), N_("What these customers brought in all"), summed("net_revenue")),
        "year_revenue_all": money(N_("Of all"), N_("What all customers of that standing brought in the last twelve months")),
        "covered_rate": rate(N_("Covered now"), N_("Part of that money whose customers have it; mending the list makes it one hundred per cent")),
    },
    N_("Entry debt: what is missing, and whose"),
)

DRIFT_FROM: Final = 0.1
"""PSI from which a change of a column's make-up is worth a look, by long custom of credit scoring; another population from 0.25."""
SHIFTED: Final = 0.25
BELIEVED: Final = 0.05
"""Of the shifts named, at most so many are expected to be chance."""
ALIKE: Final = 0.9
"""Part of their fields that two deliveries share at least if they come from one system: a till is not compared with a bank."""

VERDICTS: Final = {
    "steady": N_("as before"),
    "watch": N_("worth a look"),
    "shifted": N_("not the same any more"),
    "too_few": N_("too few rows to tell"),
}


def _drift(parameters: Mapping[str, Any], counts: pa.Table) -> list[dict[str, Any]]:
    """Each field of the newest deliveries beside all that came before from a like file; fields that say when are left out, for time does move on."""
    now: dict[tuple[int, str, str], Counter[str]] = defaultdict(Counter)
    for line in counts.to_pylist():
        if not line["field"].endswith(("_at", "_on")):
            now[line["delivery"], line["about"], line["field"]][line["bucket"]] += int(line["records"])
    like, before = _like(now), defaultdict[tuple[int, str, str], Counter[str]](Counter)
    lines: list[dict[str, Any]] = []
    for (delivery, about, field), values in sorted(now.items()):
        first = like[delivery, about]
        earlier = before[first, about, field]
        if earlier:
            found = shift(earlier, values)
            enough = min(earlier.total(), values.total()) >= parameters["least"]
            told = {"psi": found.psi, "p_value": found.p_value} if enough else {"psi": None, "p_value": None}
            lines.append({"delivery": delivery, "about": about, "field": field, "records": values.total(), "records_before": earlier.total(), **told})
        before[first, about, field] = earlier + values
    tested = [line for line in lines if line["p_value"] is not None]
    for line, adjusted in zip(tested, false_discovery([line["p_value"] for line in tested]), strict=True):
        line["q_value"] = adjusted
    for line in lines:
        line["verdict"] = _verdict(line["psi"], line.setdefault("q_value", None))
    return sorted(lines, key=lambda line: (-line["delivery"], -(line["psi"] or 0), line["about"], line["field"]))[: parameters["drift_rows"]]


def _like(now: Iterable[tuple[int, str, str]]) -> dict[tuple[int, str], int]:
    """Delivery and table → the first delivery that fills nearly the same fields of that table."""
    fields: dict[tuple[int, str], set[str]] = defaultdict(set)
    for delivery, about, field in now:
        fields[delivery, about].add(field)
    result: dict[tuple[int, str], int] = {}
    for (delivery, about), own in sorted(fields.items()):
        firsts = (one for (one, table), first in result.items() if table == about and one == first)
        result[delivery, about] = next((one for one in firsts if len(own & fields[one, about]) >= ALIKE * len(own | fields[one, about])), delivery)
    return result


def _verdict(psi: float | None, q_value: float | None) -> str:
    if psi is None or q_value is None:
        return "too_few"
    return "steady" if q_value >= BELIEVED or psi < DRIFT_FROM else "watch" if psi < SHIFTED else "shifted"


_DRIFT: Final = Detail(
    f"""
    with {ARRIVED}
    select a.delivery, v.about, v.field, v.bucket, cast(sum(v.records) as bigint) as records
    from value_counts as v join arrived as a on a.import_id = v.import_id
    group by a.delivery, v.about, v.field, v.bucket order by a.delivery, v.about, v.field, v.bucket""",
    {
        "delivery": label(N_("Delivery"), N_("Which delivery, in the order in which they arrived")),
        "about": label(GIVES["about"].title, GIVES["about"].meaning, GIVES["about"].values),
        "field": label(GIVES["field"].title, N_("The column"), GIVES["field"].values),
        "records": count(N_("Rows"), N_("Rows of this delivery that fill the field"), noun=ROWS),
        "records_before": count(N_("Rows before"), N_("Rows of earlier deliveries of like files that fill it"), noun=ROWS),
        "psi": number(
            N_("Shift (PSI)"),
            N_("Population stability index of the values against earlier deliveries of like files: nought for none, above 0.25 another population"),
            digits=3,
        ),
        "p_value": number(N_("p"), N_("How likely chance alone would set them so far apart (chi-square test)"), digits=4),
        "q_value": number(N_("p, adjusted"), N_("The same, adjusted for the number of fields tested (Benjamini and Hochberg)"), digits=4),
        "verdict": label(N_("Verdict"), N_("What size and certainty of the shift amount to"), VERDICTS),
    },
    N_("Drift: values that are not what they were"),
    fit=_drift,
)

DETAILS: Final[dict[str, Detail]] = {
    "scores": _SCORES,
    "debt": _DEBT,
    "sources": _SOURCES,
    "people": _PEOPLE,
    "trend": _TREND,
    "drift": _DRIFT,
    "fields": _FIELDS,
}
