"""What shape the data are in: rows kept and refused, who is known by name, what came back, what a further file would add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from regulars.analyses.data_quality_sql import WRONG
from regulars.analysis import Finding, Line
from regulars.errors import N_
from regulars.ingest.reasons import REASONS, Note
from regulars.intake.delivery import Import
from regulars.units import CUSTOMERS, DERIVED, ORDERS, ROWS, Column, count, days, label, money, number, rate, ratio, share, text
from regulars.workspace import Workspace

FACTS: Final[dict[str, Column]] = {
    "rows_in": count(N_("Rows read"), N_("Rows with content in all files, header rows not counted"), noun=ROWS),
    "rows_loaded": count(N_("Rows loaded"), N_("Rows that were understood and are in the numbers of this brief"), noun=ROWS),
    "rows_rejected": count(N_("Rows refused"), N_("Rows that could not be understood; each is kept with its reason"), noun=ROWS),
    "rejected_rate": rate(N_("Part refused"), N_("Rows refused, of all rows read"), ratio("rows_rejected", "rows_in")),
    "customers": count(N_("Known customers"), N_("Customers with at least one standing order"), noun=CUSTOMERS),
    "orders": count(N_("Orders"), N_("All orders, cancelled ones and those of unknown customers included"), noun=ORDERS),
    "cancelled_orders": count(N_("Cancelled in full"), N_("Orders of which the last piece came back"), noun=ORDERS),
    "walk_in_orders": count(N_("Walk-in orders"), N_("Orders whose customer the files do not name"), noun=ORDERS),
    "revenue": money(N_("Net revenue"), N_("Sales minus refunds, walk-in sales included")),
    "walk_in_revenue": money(N_("Walk-in revenue"), N_("Net revenue of orders whose customer the files do not name")),
    "identified_share": share(N_("Identified revenue"), N_("Part of the net revenue that belongs to known customers"), DERIVED),
    "history_days": days(N_("History"), N_("Days from the first to the last business day in the data")),
    "refunds": count(N_("Refunds"), N_("Refund entries in the files"), noun=ROWS),
    "refunds_matched": count(N_("Refunds matched"), N_("Refunds whose sale was found: same customer, product and price"), noun=ROWS),
    "refunds_unmatched": count(N_("Refunds without their sale"), N_("Refunds whose sale is not in the files; they count on their own day"), noun=ROWS),
    "unmatched_amount": money(N_("Money of unmatched refunds"), N_("Amount of the refunds whose sale was not found")),
    "named": count(N_("With a name"), N_("Known customers whose name the files give"), noun=CUSTOMERS),
    "reachable": count(N_("Can be reached"), N_("Known customers with a valid phone number or e-mail address"), noun=CUSTOMERS),
    "reachable_rate": rate(N_("Part that can be reached"), N_("Customers with a valid phone or e-mail, of all known ones"), ratio("reachable", "customers")),
    "lines": count(N_("Order lines"), N_("Lines of sale in the ledger"), noun=ROWS),
    "product_lines": count(N_("Lines with a product"), N_("Lines of sale that name a product"), noun=ROWS),
    "products": count(N_("Products"), N_("Different products sold")),
    "stores": count(N_("Shops"), N_("Different shops or branches named in the orders")),
    "cost_lines": count(N_("Lines with a cost"), N_("Lines of sale whose cost is known"), noun=ROWS),
    "spend_rows": count(N_("Rows of spend"), N_("Entries of advertising spend in the files"), noun=ROWS),
}

_SQL: Final = (
    """select count(*) as orders, coalesce(sum(case when cancelled_on is not null then 1 else 0 end), 0) as cancelled_orders,
        coalesce(sum(case when customer_id is null then 1 else 0 end), 0) as walk_in_orders, count(distinct store) as stores from orders""",
    """select sum(net_revenue) as revenue, coalesce(sum(case when customer_id is null then net_revenue end), 0) as walk_in_revenue,
        ratio(sum(case when customer_id is not null then net_revenue else 0 end), sum(net_revenue)) as identified_share from customer_days""",
    """select count(*) as refunds, coalesce(sum(case when matched then 1 else 0 end), 0) as refunds_matched,
        coalesce(sum(case when matched then 0 else 1 end), 0) as refunds_unmatched,
        coalesce(sum(case when matched then 0 else amount end), 0) as unmatched_amount from returns""",
    f"""with {WRONG},
        known as (
            select c.name, case when c.phone is not null and p.customer_id is null or c.email is not null and e.customer_id is null then 1 else 0 end as reached
            from customer_rollup as r left join customers as c on c.customer_id = r.customer_id
                left join wrong as p on p.customer_id = c.customer_id and p.field = 'phone'
                left join wrong as e on e.customer_id = c.customer_id and e.field = 'email')
        select count(*) as customers, count(name) as named, coalesce(sum(reached), 0) as reachable, ratio(sum(reached), count(*)) as reachable_rate
        from known""",
    """select count(*) as lines, count(product_id) as product_lines, count(distinct product_id) as products, count(cost) as cost_lines
        from order_lines where kind = 'sale'""",
    "select count(*) as spend_rows from spend",
)


REFUSED: Final[dict[str, Column]] = {
    "file": text(N_("File"), N_("The file as it was given")),
    "source_sheet": text(N_("Sheet"), N_("Sheet of the workbook; empty for a text file")),
    "source_row": number(N_("Row"), N_("Row in the file, the header being row 1 of a plain file"), digits=0),
    "reason": label(N_("Reason"), N_("Why it was not loaded"), REASONS),
    "field": text(N_("Field"), N_("The column at fault")),
    "value": text(N_("Value"), N_("The value at fault")),
}
"""A row of a file that could not be loaded, with its place."""


@dataclass(frozen=True)
class Health:
    """The facts as cells with meaning and unit, the deliveries they come from, and the rows that were refused."""

    facts: Line
    imports: tuple[Import, ...]
    refused: tuple[Mapping[str, Any], ...] = ()

    def sentences(self) -> Iterator[Finding]:
        """What the owner should know before believing a number."""
        facts = self.facts
        if facts.value("rows_rejected"):
            yield Finding(N_("{rows_rejected} of {rows_in} could not be read, {rejected_rate}. They are kept with their reasons, nothing is lost."), facts)
        else:
            yield Finding(N_("All {rows_in} were read and loaded."), facts)
        if facts.value("walk_in_orders"):
            known = N_("{identified_share} of the net revenue comes from known customers. {walk_in_orders} name no customer ({walk_in_revenue}): revenue only.")
            yield Finding(known, facts)
        if facts.value("refunds"):
            refunds = N_("Refund entries: {refunds}. Their sale was found for {refunds_matched}, not found for {refunds_unmatched} ({unmatched_amount}).")
            yield Finding(refunds, facts)
        if facts.value("reachable"):
            yield Finding(N_("{reachable} have a valid phone number or e-mail address, {reachable_rate} of the known ones."), facts)
        else:
            nowhere = N_("The files give no valid phone number and no valid e-mail address: the lists name the customers by their number only.")
            yield Finding(nowhere, facts, warning=True)
        if facts.value("history_days") < YEAR:
            yield Finding(N_("The data span {history_days}, less than a year: seasons cannot be told from trends yet."), facts, warning=True)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the intake had to decide or leave out, once each."""
        told = (one for delivery in self.imports for one in delivery.notes)
        return tuple(dict.fromkeys(told))

    @property
    def rejected(self) -> dict[str, int]:
        """Reasons (keys) and how many rows each refused, the commonest first."""
        reasons: dict[str, int] = {}
        for one in self.imports:
            for reason, rows in one.rejected_by_reason.items():
                reasons[reason] = reasons.get(reason, 0) + rows
        return dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))


YEAR: Final = 365
REFUSED_KEPT: Final = 10_000
"""Refused rows a brief holds; ``regulars rows rejected`` has every one."""


def check(workspace: Workspace) -> Health:
    """Look at the book that is being read: one bounded answer per table, and the ledger of deliveries."""
    book, imports = workspace.chosen_book, workspace.imports
    values: dict[str, Any] = dict.fromkeys(FACTS)
    for asked in _SQL:
        values |= _only(workspace.sql(asked))
    values |= {name: sum(getattr(one, name) for one in imports) for name in ("rows_in", "rows_loaded", "rows_rejected")}
    values["rejected_rate"] = values["rows_rejected"] / values["rows_in"] if values["rows_in"] else None
    values["history_days"] = (book.last_on - book.first_on).days + 1
    files = {one.id: Path(one.path).name for one in imports}
    rows = workspace.table("rejected").slice(0, REFUSED_KEPT).to_pylist()
    refused = tuple({**row, "file": files.get(row["import_id"], "")} for row in rows)
    return Health(Line(values, FACTS, "health"), imports, refused)


def _only(table: pa.Table) -> dict[str, Any]:
    """The only row of an answer."""
    rows: list[dict[str, Any]] = table.to_pylist()
    (row,) = rows
    return row
