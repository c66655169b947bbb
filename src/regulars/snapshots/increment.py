"""Extending a snapshot: a delivery changes what it touches, and the rest stays as it was derived.

An order follows from the rows of its number, and, where refunds are matched, from the rows of the numbers that are *tied* to it:
by a refund and a sale of one customer, product and price. So the affected numbers are those of the new and of the
replaced rows, and all that are tied to them, before or after. Their rows go through the same steps as in a full derivation
(``entries``, ``ledger``); what followed from them before is taken out, what follows now is put in.
"""

from __future__ import annotations

from typing import Final

from regulars.engines.duckdb import Connection
from regulars.progress import Progress, silent
from regulars.schema import TABLES
from regulars.snapshots.arrangement import Arrangement
from regulars.snapshots.derived import CUSTOMER_DAYS, KEPT, PAYMENTS, READING, UNIT_COSTS, customers_sql, disentangle, products_sql
from regulars.snapshots.entries import ATTRIBUTES, entries_sql
from regulars.snapshots.facts import extend_facts
from regulars.snapshots.ledger import derive_ledger, habits_sql
from regulars.snapshots.parts import PLACE, Parts
from regulars.snapshots.sources import keep_superseded, left_out, place_sheets, view_parts
from regulars.snapshots.typing import holds, typed

MOST: Final = 0.2
"""The share of all order numbers beyond which deriving everything anew is not dearer."""

_KNOWN: Final = "SELECT order_id AS number FROM orders UNION ALL SELECT number FROM entangled"
_KEY: Final = "book, customer_id, product, unit_price"

_KNOTS: Final = """
    select number, book, customer_id, coalesce(product_id, '') as product, unit_price, kind <> 'sale' as back, false as fresh
    from entangled_lines where customer_id in (from people)
    union
    select e.number, e.book, coalesce(e.customer_id, o.customer_id), coalesce(product_id, ''), unit_price, (quantity < 0 or amount < 0) is true, true
    from entries as e left join (select distinct book, number, customer_id from entries where customer_id is not null) as o
        on e.customer_id is null and o.book = e.book and o.number = e.number
    where coalesce(e.customer_id, o.customer_id) is not null"""
"""What was sold to these people and taken back from them under which number: in orders that were entangled before, and in the rows that came."""

_MET: Final = """
    insert into people select distinct customer_id from entangled_lines semi join affected using (number) anti join people using (customer_id)
    where customer_id is not null"""
"""Further customers of the affected numbers: a number may be used by several."""

_SOUGHT: Final = f"""
    select {_KEY} from knots group by {_KEY} having bool_or(back and fresh) and not bool_or(back and not fresh)"""
"""What is taken back for the first time: its sales may be in orders that were plain."""

_TIES: Final = f"""
    select number, key from knots
    join (select {_KEY}, row_number() over () as key from knots group by {_KEY} having bool_or(back)) as refundable using ({_KEY})"""

_TIED: Final = """
    insert into affected select distinct number from ties
    semi join (select key from ties semi join affected using (number)) as near using (key) anti join affected using (number)"""

_SEEN: Final = (
    "select book, numbers, shared from habits_before",
    "select book, -1, -cast(customers > 1 as integer) from used_numbers semi join affected using (number)",
    "select book, -1, 0 from gone_orders anti join gone_lines using (book, order_id)",
)
"""How numbers were seen to be used before, less what the affected ones contributed."""

_CELLS: Final = """
    select customer_id, book, ordered_on from gone_orders union select customer_id, book, ordered_on from gone_lines
    union select customer_id, book, day from heads union select customer_id, book, ordered_on from ledger
    union select customer_id, book, ordered_on from entangled_orders"""
"""The customers' days on which anything was or is affected."""

_SAME_CELL: Final = "c.customer_id is not distinct from t.customer_id and c.book = t.book and c.ordered_on = t.ordered_on"


class UnextendableError(Exception):
    """A full derivation is due: too much is affected, or something that bears on all rows (a cost, the numbering) has changed."""


def extend(
    built: Connection, deliveries: Parts, before: tuple[str, ...], parts: tuple[str, ...], arrangement: Arrangement, progress: Progress = silent
) -> None:
    """Bring the database of the snapshot of the deliveries ``before``, which all ``parts`` begin with, up to ``parts``.

    Raises:
        UnextendableError: then the database is to be thrown away.
    """
    progress(READING, 0, 5)
    built.execute("BEGIN")
    day_starts_at = arrangement.day_starts_at
    withdrawn = f"SELECT * FROM ({left_out(deliveries, parts, arrangement.set_aside)}) ANTI JOIN superseded USING ({', '.join(PLACE)})"
    built.execute(f"CREATE TEMP TABLE withdrawn AS {withdrawn}")
    keep_superseded(built, deliveries, parts, arrangement)
    view_parts(built, deliveries, parts, tables=("customers", "products", "payments"))
    view_parts(built, deliveries, parts[len(before) :], prefix="new_")
    view_parts(built, deliveries, before, prefix="old_", tables=("sales",))
    _cost(built)
    costs = holds(built, "unit_costs")
    _touch(built, f"({deliveries.rows('sales', before)})", day_starts_at, costs=costs)
    progress(READING, 1, 5)
    _affect(built, day_starts_at, costs=costs)
    built.execute("SET threads = 1")  # what is affected is little: sharing it out costs more than it saves
    place_sheets(built, parts, "entries")
    progress(READING, 2, 5)
    disentangle(built, ATTRIBUTES)
    _settle(built)
    progress(READING, 3, 5)
    _exchange(built)
    progress(READING, 4, 5)
    _tell(built, day_starts_at)
    extend_facts(built, arrangement)
    built.execute("COMMIT")
    built.execute("RESET threads")


def _cost(built: Connection) -> None:
    """Bring ``unit_costs`` up to date, unless that changes the cost of a row that was there before."""
    if holds(built, "new_part_products"):
        built.execute(f"CREATE TEMP TABLE costs AS {UNIT_COSTS}")
        built.execute("CREATE TEMP TABLE changed AS SELECT product_id FROM (FROM costs EXCEPT FROM unit_costs)")
        if holds(built, "changed"):
            if holds(built, "(FROM old_sales SEMI JOIN changed USING (product_id))"):
                raise UnextendableError
            built.execute("CREATE OR REPLACE TABLE unit_costs AS FROM costs")


def _touch(built: Connection, old_rows: str, day_starts_at: int, *, costs: bool) -> None:
    """``affected``, as far as rows came or went, and ``entries``: the new rows, and the earlier ones that share their number."""
    built.execute(f"CREATE TEMP TABLE entries AS {entries_sql('new_sales', day_starts_at, costs=costs)}")
    built.execute("CREATE TEMP TABLE affected AS SELECT DISTINCT number FROM entries")
    built.execute("CREATE TEMP TABLE recalled AS SELECT number FROM affected LIMIT 0")
    if holds(built, "withdrawn"):
        gone = entries_sql(f"(FROM {old_rows} SEMI JOIN withdrawn USING ({', '.join(PLACE)}))", day_starts_at, costs=costs)
        built.execute(f"INSERT INTO affected SELECT DISTINCT number FROM ({gone}) ANTI JOIN affected USING (number)")
    _recall(built, day_starts_at, costs=costs)


def _recall(built: Connection, day_starts_at: int, *, costs: bool) -> None:
    """Read the earlier rows of the affected numbers, where they are not yet among the ``entries``."""
    built.execute(f"CREATE OR REPLACE TEMP TABLE wanted AS FROM affected SEMI JOIN ({_KNOWN}) AS known USING (number) ANTI JOIN recalled USING (number)")
    if holds(built, "wanted"):
        for source in ("(FROM old_sales WHERE order_id IN (FROM wanted))", "(FROM old_sales WHERE order_id IS NULL)"):
            built.execute(f"INSERT INTO entries FROM ({entries_sql(source, day_starts_at, costs=costs)}) SEMI JOIN wanted USING (number)")
    built.execute("INSERT INTO recalled FROM wanted")


def _affect(built: Connection, day_starts_at: int, *, costs: bool) -> None:
    """Follow the ties: ``affected`` and ``entries`` in full, unless that is too much."""
    built.execute("CREATE TEMP TABLE people AS SELECT DISTINCT customer_id FROM entries WHERE customer_id IS NOT NULL")
    built.execute(f"CREATE TEMP TABLE knots AS {_KNOTS}")
    built.execute(f"CREATE TEMP TABLE sought AS {_SOUGHT}")
    if holds(built, "sought"):
        sold = entries_sql("(FROM old_sales WHERE customer_id IN (SELECT customer_id FROM sought))", day_starts_at, costs=costs)
        built.execute(
            f"""INSERT INTO affected SELECT DISTINCT number FROM (SELECT *, coalesce(product_id, '') AS product FROM ({sold}))
            SEMI JOIN sought USING ({_KEY}) ANTI JOIN affected USING (number)"""
        )
    _follow(built)
    known, affected = (built.execute(f"SELECT count(*) FROM {numbers}").fetchall()[0][0] for numbers in (f"({_KNOWN})", "affected"))
    if affected > MOST * known:
        raise UnextendableError
    _recall(built, day_starts_at, costs=costs)


def _follow(built: Connection) -> None:
    """From number to tied number, until no further one is met."""
    while True:
        built.execute(f"CREATE OR REPLACE TEMP TABLE ties AS {_TIES}")
        while built.execute(_TIED).fetchall()[0][0]:
            pass
        if not built.execute(_MET).fetchall()[0][0]:
            return
        built.execute(f"CREATE OR REPLACE TEMP TABLE knots AS {_KNOTS}")


def _settle(built: Connection) -> None:
    """The ledger of the affected orders, unless numbers are now seen to start over in a book where they did not, or the other way round."""
    built.execute("CREATE TEMP TABLE gone_lines AS FROM entangled_lines SEMI JOIN affected USING (number)")
    gone = "SELECT number AS order_id FROM affected UNION SELECT order_id FROM gone_lines"
    built.execute(f"CREATE TEMP TABLE gone_orders AS FROM orders SEMI JOIN ({gone}) AS gone USING (order_id)")
    built.execute("CREATE TEMP TABLE habits_before AS FROM habits")
    derive_ledger(built, habits_sql(*_SEEN))
    if holds(built, "(FROM habits JOIN habits_before AS b USING (book) WHERE habits.restarts <> b.restarts)"):
        raise UnextendableError


def _exchange(built: Connection) -> None:
    """Take out what followed from the affected numbers, put in what follows now: orders, lines, returns and the customers' days."""
    built.execute(f"CREATE TEMP TABLE cells AS {_CELLS}")
    for table in ("entangled", "used_numbers", "entangled_lines"):
        built.execute(f"DELETE FROM {table} WHERE number IN (FROM affected)")
    built.execute("DELETE FROM returns WHERE (book, return_id) IN (SELECT (book, source_id) FROM gone_lines)")
    built.execute("DELETE FROM orders WHERE order_id IN (SELECT order_id FROM gone_orders)")
    for table, kept in KEPT.items():
        built.execute(f"INSERT INTO {table} {kept}")
    for table in ("orders", "entangled_lines"):
        built.execute(f"CREATE TEMP TABLE cell_{table} AS SELECT t.* FROM {table} AS t SEMI JOIN cells AS c ON {_SAME_CELL}")
    entangled = "cell_orders {} JOIN entangled_lines USING (book, order_id)"
    days = CUSTOMER_DAYS.format(
        day="ordered_on",
        amount="net_revenue",
        plain=entangled.format("ANTI"),
        lines="cell_entangled_lines",
        orders=f"(FROM {entangled.format('SEMI')})",
    )
    built.execute(f"DELETE FROM customer_days AS t USING cells AS c WHERE {_SAME_CELL}")
    built.execute(f"INSERT INTO customer_days {typed(TABLES['customer_days'].fields, days)}")


def _tell(built: Connection, day_starts_at: int) -> None:
    """Customers, products and payments: those that the delivery tells of, and who came or went with their orders."""
    people = """
        select customer_id from new_part_customers
        union select customer_id from cells anti join customers using (customer_id)
        union select customer_id from cells anti join customer_days using (customer_id)"""
    for table, sql, keys in (("customers", customers_sql, people), ("products", products_sql, "select product_id from new_part_products")):
        key = next(field.name for field in TABLES[table].fields if field.key)
        built.execute(f"CREATE TEMP TABLE told_{table} AS SELECT DISTINCT {key} FROM ({keys}) WHERE {key} IS NOT NULL")
        if holds(built, f"told_{table}"):
            built.execute(f"DELETE FROM {table} WHERE {key} IN (FROM told_{table})")
            built.execute(f"INSERT INTO {table} {typed(TABLES[table].fields, sql(f'SEMI JOIN told_{table} USING ({key})'))}")
    if holds(built, "new_part_payments"):
        built.execute("DELETE FROM payments")
        built.execute(f"INSERT INTO payments {typed(TABLES['payments'].fields, PAYMENTS.format(day_starts_at=day_starts_at))}")
