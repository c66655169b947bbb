"""Deliveries that overlap: what an earlier one already brought is not counted twice, and what changed since counts as it is now.

Monthly exports often begin a few days early, and a web shop's export shows an order as it stands today. Rows are compared
within an order: same number, customer, day and currency. A row that agrees in time, product, quantity, amount and state with an
earlier one is the same row (the n-th copy answers to the n-th copy) and is set aside. Where an order comes again with another
sale than before, the earlier version of that sale is superseded; but a row that was mended adds to what was loaded of its order.
Rows without an order number are never taken for copies: two equal sales on one day may well be two sales.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import Connection, literal, scratch
from regulars.errors import N_
from regulars.ingest.reasons import Note
from regulars.ingest.stage import Staged
from regulars.snapshots.parts import PLACE, SUPERSEDED, Parts, file_of, same_file

ALREADY: Final = "already_loaded"
_CHANGED: Final = N_("Orders that an earlier file showed differently: {orders}. They count as this file shows them.")
_ORDER: Final = ("order_id", "customer_id", "day", "currency")
_CONTENT: Final = ("ordered_at", "product_id", "quantity", "amount", "void", "waits")
"""A row that is otherwise the same has changed if it was cancelled since, or if a voucher was redeemed that had been waiting for that."""


def set_aside_known(deliveries: Parts, import_id: str, earlier: Sequence[str]) -> Staged:
    """Compare the sales of a new delivery with those of the ``earlier`` ones: known rows move to the rejected, changed ones replace.

    The count is a correction: as many rows fewer loaded as more rejected, none in.
    """
    new = deliveries.files("sales", (import_id,))
    moved = changed = 0
    if earlier and new:
        with scratch() as connection:
            _compare(connection, deliveries, import_id, earlier)
            moved = sum(_set_aside(connection, file) for file in new)
            changed = _supersede(connection, deliveries.folder(import_id))
    notes = (Note(_CHANGED, (("orders", changed),)),) if changed else ()
    return Staged(0, -moved, moved, {ALREADY: moved} if moved else {}, walk_in_rows=0, currencies=(), notes=notes)


def set_aside_mended(deliveries: Parts, import_id: str, tables: Sequence[str], earlier: Sequence[str]) -> Staged:
    """Move rows of a mended file to the rejected that an earlier mended file has brought already, or that load by themselves now: the file
    they come from was corrected since. The count is a correction, as above.
    """
    moved = 0
    if earlier and deliveries.files("mended", (import_id,)):
        place, origin = ", ".join(PLACE), "file, origin_sheet, origin_row"
        given_back, before = (f"(SELECT *, {same_file('origin_import')} AS file FROM ({deliveries.rows('mended', of)}))" for of in ((import_id,), earlier))
        rejected, files = deliveries.rows("rejected", earlier), ", ".join(literal(file_of(one)) for one in earlier)
        refused = f"SELECT {same_file('import_id')} AS file, source_sheet AS origin_sheet, source_row AS origin_row FROM ({rejected})"
        brought = f"""SELECT {origin} FROM {before} ANTI JOIN ({rejected}) USING ({place})
            UNION SELECT {origin} FROM {given_back} ANTI JOIN ({refused}) USING ({origin}) WHERE file IN ({files})"""
        with scratch() as connection:
            connection.execute(f"CREATE TEMP TABLE known AS SELECT {place} FROM {given_back} SEMI JOIN ({brought}) USING ({origin})")
            for table in tables:
                moved += sum(_set_aside(connection, file, table) for file in deliveries.files(table, (import_id,)))
    return Staged(0, -moved, moved, {ALREADY: moved} if moved else {}, walk_in_rows=0, currencies=(), notes=())


def _compare(connection: Connection, deliveries: Parts, import_id: str, earlier: Sequence[str]) -> None:
    """``known``: fresh rows and the earlier rows they repeat; ``replaced``: earlier sales of which an order now shows another version."""
    row = ", ".join((*_ORDER, *_CONTENT))
    place = ", ".join(PLACE)
    gone = f"({place}) NOT IN (SELECT {place} FROM ({deliveries.superseded(earlier)}))"

    def rows(parts: Sequence[str], condition: str) -> str:
        waiting = f"SELECT {place} FROM ({deliveries.rows('problems', parts)}) WHERE about = 'sales' AND rule = 'voucher'"
        return f"""SELECT *, row_number() OVER (PARTITION BY {row} ORDER BY {place}) AS copy FROM (
            SELECT *, CAST(ordered_at AS DATE) AS day, coalesce(cancelled, false) AS void, ({place}) IN ({waiting}) AS waits
            FROM ({deliveries.rows("sales", parts)})) AS s
            WHERE order_id IS NOT NULL AND {condition}"""

    def agree(names: tuple[str, ...], left: str, right: str) -> str:
        return " AND ".join(f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}" for name in names)

    connection.execute(f"CREATE TEMP TABLE fresh AS {rows((import_id,), 'true')}")
    connection.execute(f"CREATE TEMP TABLE past AS {rows(earlier, f'order_id IN (SELECT order_id FROM fresh) AND {gone}')}")
    both = agree((*_ORDER, *_CONTENT, "copy"), "f", "p")
    connection.execute(f"CREATE TEMP TABLE known AS SELECT f.* FROM fresh AS f WHERE EXISTS (SELECT 1 FROM past AS p WHERE {both})")
    connection.execute(
        f"""CREATE TEMP TABLE replaced AS SELECT p.* FROM past AS p WHERE quantity > 0 AND NOT EXISTS (SELECT 1 FROM fresh AS f WHERE {both})
        AND EXISTS (SELECT 1 FROM fresh AS f WHERE f.quantity > 0 AND {agree(_ORDER, "f", "p")}
            AND NOT EXISTS (SELECT 1 FROM known AS k WHERE {agree(PLACE, "k", "f")})
            AND ({place}) NOT IN (SELECT {place} FROM ({deliveries.rows("mended", (import_id,))})))"""
    )


def _set_aside(connection: Connection, file: Path, about: str = "sales") -> int:
    """Move the known rows of one file to the rejected rows beside it."""
    known = f"({', '.join(PLACE)}) IN (SELECT {', '.join(PLACE)} FROM known)"
    moved = int(connection.execute(f"SELECT count(*) FROM read_parquet({literal(file)}) WHERE {known}").fetchall()[0][0])
    if moved:
        kept, aside = file.with_suffix(".unfinished"), file.with_name(f"rejected_{ALREADY}_{file.name}")
        connection.execute(
            f"""COPY (SELECT {", ".join(PLACE)}, '{about}' AS about, '{ALREADY}' AS reason, {"'order_id'" if about == "sales" else "NULL"} AS field,
            {"order_id" if about == "sales" else "NULL"} AS value, to_json(s)::VARCHAR AS row
            FROM read_parquet({literal(file)}) AS s WHERE {known}) TO {literal(aside)} (FORMAT parquet)"""
        )
        connection.execute(f"COPY (SELECT * FROM read_parquet({literal(file)}) WHERE NOT {known}) TO {literal(kept)} (FORMAT parquet, COMPRESSION zstd)")
        os.replace(kept, file)
    return moved


def _supersede(connection: Connection, folder: Path) -> int:
    """Write down which earlier rows this delivery replaces; the number of orders concerned."""
    orders = int(connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(_ORDER)} FROM replaced)").fetchall()[0][0])
    if orders:
        connection.execute(f"COPY (SELECT {', '.join(PLACE)} FROM replaced) TO {literal(folder / f'{SUPERSEDED}.parquet')} (FORMAT parquet)")
    return orders
