"""What the customer portfolio gives: the columns of its summary, rows and details, each with meaning and unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from regulars.analyses.cpm_sql import type_sql
from regulars.analyses.cpm_words import GROUP_WORDS, STATES, TYPES
from regulars.analysis import Detail
from regulars.errors import N_
from regulars.models.gaps import propose_thresholds
from regulars.snapshots.rollup import days_sql
from regulars.units import COUNT, CUSTOMERS, Column, change, count, days, flag, label, money, number, on, part, rate, ratio, share, summed, text

GIVES: Final[dict[str, Column]] = {
    "type": label(N_("Type"), N_("By purchase days, time from first to last purchase, and money"), TYPES),
    "state": label(N_("State"), N_("Active, or lapsed: no order for the days set"), STATES),
    "place": number(N_("No."), N_("Place among the ten groups; from six on the customers have lapsed"), digits=0),
    "customers": count(N_("Customers"), N_("Customers in the group"), COUNT, noun=CUSTOMERS),
    "customers_share": share(N_("Share of customers"), N_("Part of all customers"), part("customers")),
    "observable": flag(N_("Can occur yet"), N_("Whether the data reach back far enough for anybody to be in this group")),
    "missing_days": days(N_("Days missing"), N_("How many more days of history this group needs")),
    "revenue": money(N_("Revenue"), N_("Net revenue of these customers, all time"), summed("net_revenue")),
    "revenue_share": share(N_("Share of revenue"), N_("Part of all customers' net revenue"), part("revenue")),
    "year_revenue": money(N_("Last twelve months"), N_("Net revenue of these customers in the last twelve months"), summed("year_revenue")),
    "orders": count(N_("Orders"), N_("Standing orders of these customers"), summed("orders")),
    "order_value": money(N_("Mean order value"), N_("Net revenue divided by orders"), ratio("revenue", "orders")),
    "bought_twice": count(N_("Bought on two days only"), N_("Customers of the group with exactly two purchase days"), noun=CUSTOMERS),
    "customers_before": count(N_("A month ago"), N_("Customers in the group thirty days earlier, from what was known then"), noun=CUSTOMERS),
    "change": number(N_("Change in a month"), N_("Customers now minus thirty days earlier"), digits=0, signed=True),
    "rate_base": count(N_("Base of the rate"), N_("Customers who were in the group at the start of the horizon"), noun=CUSTOMERS),
    "returned": count(N_("Bought again"), N_("Of them, how many have ordered since"), noun=CUSTOMERS),
    "repurchase_rate": rate(
        N_("Repurchase rate"), N_("Of those who were in the group at the start of the horizon, the part that has ordered since"), ratio("returned", "rate_base")
    ),
    "rate_low": rate(N_("Rate, from"), N_("Lower end of the Wilson interval of the repurchase rate")),
    "rate_high": rate(N_("Rate, to"), N_("Upper end of the Wilson interval of the repurchase rate")),
}

ROW_GIVES: Final[dict[str, Column]] = {
    "customer_id": text(N_("Customer"), N_("The customer's key"), personal=True),
    "type": GIVES["type"],
    "state": GIVES["state"],
    "group": label(N_("Group"), N_("One of the ten groups of customer portfolio management"), GROUP_WORDS),
    "other_type": label(N_("Type in the other preset"), N_("Type by the other wording of the rules"), TYPES),
    "order_days": count(N_("Purchase days"), N_("Business days with a standing order")),
    "orders": count(N_("Orders"), N_("Standing orders")),
    "net_revenue": money(N_("Revenue"), N_("Net revenue, all time")),
    "order_value": money(N_("Mean order value"), N_("Net revenue divided by orders")),
    "year_revenue": money(N_("Last twelve months"), N_("Net revenue of the last twelve months")),
    "tenure_days": days(N_("First to last purchase"), N_("Days from the first to the last purchase")),
    "recency_days": days(N_("Days since last order"), N_("Days from the last order to the day asked for")),
    "first_on": on(N_("First order"), N_("First business day with a standing order")),
    "last_on": on(N_("Last order"), N_("Last business day with a standing order")),
    "big_newcomer": number(N_("Big newcomer"), N_("One if money is above the bar though the time from first to last purchase is short"), digits=0),
    "near_lapse": number(N_("Near to lapse"), N_("One if still active but close to the lapse bound"), digits=0),
    "then_type": label(N_("Type at the start of the horizon"), N_("From what was known then"), TYPES),
    "then_state": label(N_("State at the start of the horizon"), N_("From what was known then"), STATES),
    "returned": number(N_("Bought again"), N_("One if there was an order within the horizon, zero if not"), digits=0),
    "month_type": label(N_("Type a month ago"), N_("From what was known then"), TYPES),
    "month_state": label(N_("State a month ago"), N_("From what was known then"), STATES),
    "bar": money(N_("Money bar"), N_("Cumulative net sales that make a big buyer")),
    "loyal_bar": money(N_("Money bar of the loyal"), N_("The bar for the loyal, where it differs")),
}

_TOTALS = Detail(
    """select count(type) as customers, sum(net_revenue) as revenue, sum(orders) as orders, ratio(sum(net_revenue), sum(orders)) as order_value,
        case when count(type) > 1 then ratio(sqrt(greatest(ratio(sum(cast(net_revenue as decimal(19,4)) * cast(net_revenue as decimal(19,4))), 1)
            - 2 * ratio(sum(net_revenue), sum(orders)) * ratio(sum(cast(net_revenue as decimal(19,4)) * orders), 1) + ratio(sum(net_revenue), sum(orders))
            * ratio(sum(net_revenue), sum(orders)) * ratio(sum(orders * orders), 1), 0)), sum(orders)) end as order_value_error,
        max(bar) as money_bar, max(loyal_bar) as loyal_bar, max(:lapse_days) as lapse_days, max(:short) as short_days, max(:long) as long_days,
        max(:horizon_days) as horizon_days, max(:warn_days) as warn_days, coalesce(sum(big_newcomer), 0) as big_newcomers,
        sum(case when type <> other_type then 1 else 0 end) as switch_preset from rows""",
    {
        "customers": count(N_("Customers"), N_("Customers with a standing order"), noun=CUSTOMERS),
        "revenue": money(N_("Revenue"), N_("Net revenue of all customers"), summed("net_revenue")),
        "orders": count(N_("Orders"), N_("Standing orders"), summed("orders")),
        "order_value": money(N_("Mean order value"), N_("Net revenue divided by orders"), ratio("revenue", "orders")),
        "order_value_error": money(
            N_("Standard error of the order value"), N_("Of a ratio of sums over customers, whose orders are not independent (delta method)")
        ),
        "money_bar": money(N_("Money bar"), N_("Cumulative net sales that make a big buyer; by default seven mean orders")),
        "loyal_bar": money(N_("Money bar of the loyal"), N_("The bar for the loyal, where it differs")),
        "lapse_days": days(N_("Lapse"), N_("Days without an order after which a customer counts as lapsed")),
        "short_days": days(N_("Short tenure"), N_("Days from first to last purchase where trying out ends")),
        "long_days": days(N_("Long tenure"), N_("Days from first to last purchase where loyalty begins")),
        "horizon_days": days(N_("Horizon"), N_("Days over which the repurchase rate is measured")),
        "warn_days": days(N_("Warning"), N_("How long before the lapse a customer is called near to it")),
        "big_newcomers": count(
            N_("Big newcomers"), N_("Above the money bar though the time from first to last purchase is short"), summed("big_newcomer"), noun=CUSTOMERS
        ),
        "switch_preset": count(N_("Would switch with the other preset"), N_("Customers whose type differs between the two presets"), noun=CUSTOMERS),
    },
    N_("Totals and bounds"),
)

_OUTCOME = Detail(
    """select then_type as type, then_state as state, count(*) as customers, sum(returned) as returned, ratio(sum(returned), count(*)) as rate,
        wilson_low(sum(returned), count(*)) as rate_low, wilson_high(sum(returned), count(*)) as rate_high
        from rows where then_type is not null group by then_type, then_state order by then_state, then_type""",
    {
        "type": GIVES["type"],
        "state": GIVES["state"],
        "customers": count(N_("Customers then"), N_("Customers in the group at the start of the horizon, from what was known then"), noun=CUSTOMERS),
        "returned": GIVES["returned"],
        "rate": rate(N_("Repurchase rate"), N_("Bought again, of the customers then"), ratio("returned", "customers")),
        "rate_low": GIVES["rate_low"],
        "rate_high": GIVES["rate_high"],
    },
    N_("Who bought again"),
)

_BOUNDS = {"lapse": N_("Lapse"), "short": N_("Short tenure"), "long": N_("Long tenure"), "bar": N_("Money bar")}

_SENSITIVITY = Detail(
    f"""with variants as (
            select b.bound, m.moved_by, 1 + m.moved_by as factor
            from (select 'lapse' as bound union all select 'short' union all select 'long' union all select 'bar') as b
            cross join (select cast(-0.1 as decimal(4,2)) as moved_by union all select cast(0.1 as decimal(4,2))) as m),
        moved as (
            select v.bound, v.moved_by, r.type, r.state, r.order_days, r.tenure_days, r.recency_days, r.net_revenue,
                case when v.bound = 'lapse' then v.factor else 1 end * :lapse_days as lapse,
                case when v.bound = 'short' then v.factor else 1 end * :short as short,
                case when v.bound = 'long' then v.factor else 1 end * :long as long,
                case when v.bound = 'bar' then v.factor else 1 end * r.bar as bar,
                case when v.bound = 'bar' then v.factor else 1 end * r.loyal_bar as loyal_bar
            from rows as r cross join variants as v where r.type is not null),
        again as (
            select bound, moved_by, type, state, case when recency_days < lapse then 'active' else 'lapsed' end as new_state,
                case when :preset = 'general' then {type_sql("general", "short", "long", "bar", "loyal_bar")}
                    else {type_sql("article", "short", "long", "bar", "loyal_bar")} end as new_type
            from moved)
        select bound, cast(moved_by as double) as moved_by, sum(case when type <> new_type or state <> new_state then 1 else 0 end) as switching,
            ratio(sum(case when type <> new_type or state <> new_state then 1 else 0 end), count(*)) as switching_rate
        from again group by bound, moved_by order by bound, moved_by""",
    {
        "bound": label(N_("Bound"), N_("Which bound is moved"), _BOUNDS),
        "moved_by": change(N_("Moved by"), N_("Change of the bound, as a part of it")),
        "switching": count(N_("Would switch"), N_("Customers who would change groups"), noun=CUSTOMERS),
        "switching_rate": rate(N_("Share that would switch"), N_("Customers who would change groups, of all")),
    },
    N_("What if the bounds stood elsewhere"),
)

_NEARING = Detail(
    """select type, count(*) as customers, sum(year_revenue) as year_revenue, sum(net_revenue) as revenue
        from rows where near_lapse = 1 group by type order by sum(year_revenue) desc, type""",
    {
        "type": GIVES["type"],
        "customers": count(N_("Customers"), N_("Active customers close to the lapse bound"), noun=CUSTOMERS),
        "year_revenue": money(N_("Last twelve months"), N_("Net revenue of these customers in the last twelve months")),
        "revenue": money(N_("Revenue"), N_("Net revenue of these customers, all time")),
    },
    N_("Active, but close to lapsing"),
)


def _propose(parameters: Mapping[str, Any], gaps: pa.Table) -> list[dict[str, Any]]:
    """Thresholds from the shop's own gaps; nothing where too few customers came back to say."""
    done = gaps.filter(gaps["open"].to_numpy() == 0)
    waiting = gaps.filter(gaps["open"].to_numpy() == 1)
    counted = int(done["intervals"].to_numpy().sum())
    empty = dict.fromkeys(("proposed_lapse", "cautious_lapse", "proposed_short", "proposed_long", "median_gap", "returned_rate"))
    if counted < 30:
        return [{**empty, "gaps": counted, "would_switch": None}]
    arrays = (done["days"].to_numpy(), waiting["days"].to_numpy(), done["intervals"].to_numpy(), waiting["intervals"].to_numpy())
    found = propose_thresholds(*arrays)
    between = sorted((found.lapse_days, int(parameters["lapse_days"])))
    silent, silences = waiting["days"].to_numpy(), waiting["intervals"].to_numpy()
    switching = int(silences[(silent >= between[0]) & (silent < between[1])].sum())
    return [
        {
            "gaps": counted,
            "median_gap": found.median_days,
            "proposed_lapse": found.lapse_days,
            "cautious_lapse": found.cautious_lapse_days,
            "proposed_short": found.short_tenure_days,
            "proposed_long": found.long_tenure_days,
            "returned_rate": found.returned_rate,
            "would_switch": switching,
        }
    ]


_THRESHOLDS = Detail(
    f"""with {days_sql({"orders": "orders"})},
        gaps as (
            select days_between(lag(ordered_on) over (partition by customer_id order by ordered_on), ordered_on) as days
            from days where orders > 0)
        select 0 as open, cast(days as bigint) as days, count(*) as intervals from gaps where days is not null group by days
        union all
        select 1, cast(recency_days as bigint), count(*) from rows where type is not null group by recency_days""",
    {
        "gaps": count(N_("Gaps"), N_("Completed gaps between two purchase days that the proposal rests on")),
        "median_gap": days(N_("Median gap"), N_("Half of the gaps are not longer")),
        "proposed_lapse": days(
            N_("Proposed lapse"), N_("Nine of ten completed gaps are not longer; gaps that still run are left out, so it errs to the short side")
        ),
        "cautious_lapse": days(N_("Cautious lapse"), N_("Nineteen of twenty completed gaps are not longer")),
        "proposed_short": days(N_("Proposed short tenure"), N_("Three median gaps")),
        "proposed_long": days(N_("Proposed long tenure"), N_("Seven median gaps")),
        "returned_rate": rate(
            N_("Came back within it"), N_("Part of all purchases followed by another within the proposed lapse, counting gaps that still run")
        ),
        "would_switch": count(N_("Would change state"), N_("Customers between the proposed lapse and the one in force"), noun=CUSTOMERS),
    },
    N_("Thresholds from your own customers"),
    fit=_propose,
)

DETAILS: Final[dict[str, Detail]] = {
    "totals": _TOTALS,
    "outcome": _OUTCOME,
    "nearing": _NEARING,
    "sensitivity": _SENSITIVITY,
    "thresholds": _THRESHOLDS,
}
