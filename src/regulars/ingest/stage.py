"""Loading a sheet: from text rows to typed Parquet parts. Nothing is lost: rows in = rows loaded + rows rejected.

``stage`` writes one file for each table of ``schema.PART_TABLES`` that the sheet fills (``sales.parquet``, ``customers.parquet`` …),
and one of the rows that were not loaded. A second sheet staged into the same folder writes ``sales-2.parquet`` and so on, so
readers take ``<table>*.parquet``. Files appear complete or not at all.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from regulars.engines.duckdb import Connection, scratch
from regulars.errors import N_, error
from regulars.ingest import reasons
from regulars.ingest.cells import define_cells, quoted
from regulars.ingest.facts.rows import counted_empty, fact_query, told
from regulars.ingest.fields import CUSTOMER_KEYS, FIELDS, moments_of
from regulars.ingest.figures import read_figures
from regulars.ingest.learning import learn, untidy
from regulars.ingest.lookups import look_up
from regulars.ingest.mapping import Mapping
from regulars.ingest.party_sql import customers_query, payments_query, products_query
from regulars.ingest.presets import named
from regulars.ingest.presets.applied import no_entry
from regulars.ingest.raw import write_raw
from regulars.ingest.read import Sheet
from regulars.ingest.reasons import REASONS, Note
from regulars.ingest.rules.beside import write_beside
from regulars.ingest.sales_sql import Learned, column_of, sales_query
from regulars.ingest.vocabulary import shares_sign
from regulars.progress import Progress, silent
from regulars.schema import FACTS, PART_TABLES

CONVERTING: Final = N_("Converting dates and numbers")
WRITING: Final = N_("Writing the tables")
_GROUP: Final = 30_720
"""Rows of judged text that are held in memory by each thread until they are written."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What became of a sheet's rows. ``rows_in`` = ``rows_loaded`` + ``rows_rejected``; blank rows are not counted."""

    rows_in: int
    rows_loaded: int
    rows_rejected: int
    rejected_by_reason: dict[str, int]
    walk_in_rows: int
    currencies: tuple[str, ...]
    notes: tuple[Note, ...]


def stage(
    sheet: Sheet, mapping: Mapping, *, folder: Path, import_id: str, currency: str | None, time_zone: str, today: date, progress: Progress = silent
) -> Staged:  # fmt: skip
    """Convert all rows of a sheet and write its parts into ``folder``.

    ``currency`` (ISO 4217) counts where the file states none; ``time_zone`` (IANA) is the shop's, into which moments with a zone
    of their own are converted; dates after ``today`` are rejected. Error ``disk_full``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder))
    connection = scratch(work)
    try:
        raw = write_raw(sheet, work / "raw", progress)
        rows_in = raw.rows
        progress(CONVERTING, 0, rows_in)
        connection.execute(f"CREATE VIEW raw AS {raw.select}")
        learned = _convert(connection, work, sheet, mapping, import_id=import_id, currency=_currency(mapping, currency), time_zone=time_zone, today=today)
        progress(WRITING, 0, rows_in)
        parts = _write_parts(connection, work, sheet, mapping, import_id)
        parts += write_beside(connection, work, mapping.table, parts, import_id, sheet.name)
        staged = _account(connection, sheet, mapping, learned, rows_in)
        _publish(work, folder, parts)
    except OSError as reason:
        if reason.errno == errno.ENOSPC:
            raise error("disk_full", path=str(folder)) from reason
        raise
    finally:
        connection.close()
        shutil.rmtree(work, ignore_errors=True)
    progress(WRITING, rows_in, rows_in)
    return staged


def _currency(mapping: Mapping, stated: str | None) -> str | None:
    """The currency of rows that do not name one: the file's, but where its sign (``$``, ``¥``) may mean the stated one too, the stated one."""
    if mapping.currency is None or (stated is not None and shares_sign(stated, mapping.currency)):
        return stated
    return mapping.currency


def _convert(
    connection: Connection, work: Path, sheet: Sheet, mapping: Mapping, *, import_id: str, currency: str | None, time_zone: str, today: date
) -> Learned:  # fmt: skip
    """Fill the view ``judged``: every row with its reason or its typed columns."""
    define_cells(connection)
    dirty = untidy(connection, len(sheet.columns))
    trimmed = ", ".join(f"trimmed(c{i}) AS c{i}" if i in dirty else f"c{i}" for i in range(len(sheet.columns)))
    connection.execute(f"CREATE VIEW tidied AS SELECT source_row, defect, {trimmed} FROM raw")
    other = f"coalesce(defect, CASE WHEN {no_entry(sheet, named(mapping.preset))} THEN 'other_entry' END)"
    connection.execute(f"CREATE VIEW neat AS SELECT * REPLACE ({other} AS defect) FROM tidied")
    learned = learn(connection, sheet, mapping)
    read_figures(connection, sheet, mapping, time_zone)
    look_up(connection, sheet, mapping, learned, currency=currency)
    if mapping.table in FACTS:
        query = fact_query(sheet, mapping, learned, currency=currency, time_zone=time_zone, today=today)
    elif mapping.table == "sales":
        query = sales_query(sheet, mapping, learned, currency=currency, today=today)
    elif mapping.table == "customers":
        query = customers_query(sheet, mapping, learned)
    elif mapping.table == "products":
        query = products_query(sheet, mapping, learned)
    else:
        query = payments_query(sheet, mapping, learned, import_id=import_id, currency=currency, today=today)
    judged = quoted(str(work / "judged.parquet"))
    connection.execute(f"COPY ({query}) TO {judged} (FORMAT parquet, ROW_GROUP_SIZE {_GROUP})")
    connection.execute(f"CREATE VIEW judged AS SELECT * FROM read_parquet({judged})")
    return learned


def _write_parts(connection: Connection, work: Path, sheet: Sheet, mapping: Mapping, import_id: str) -> tuple[str, ...]:
    """Write the parts that the sheet can fill, in the order of the file; their names. What the sheet says nothing about is null."""
    source = f"{quoted(import_id)} AS import_id, {quoted(sheet.name)} AS source_sheet, source_row"
    rows: dict[str, str] = {}
    rows[mapping.table] = f"SELECT {source}, * EXCLUDE (source_row, reason, field, value) FROM judged WHERE reason IS NULL ORDER BY source_row"
    rows |= {table: _latest(key, columns, source) for (table, key), columns in _told_beside(connection, mapping).items()}
    names = ", ".join(f"{quoted(name)}, c{i}" for i, name in enumerate(sheet.columns))
    rows["rejected"] = (
        f"SELECT {source}, {quoted(mapping.table)} AS about, reason, field, value, coalesce(whole, json_object({names})::VARCHAR) AS row "
        "FROM judged JOIN raw USING (source_row) WHERE reason IS NOT NULL ORDER BY source_row"
    )
    for name, query in rows.items():
        has = _columns(connection, query)
        typed = ", ".join(f'{column if column in has else "NULL"}::{kind} AS "{column}"' for column, kind in PART_TABLES[name].columns.items())
        connection.execute(f"COPY (SELECT {typed} FROM ({query})) TO {quoted(str(work / f'{name}.part'))} (FORMAT parquet, COMPRESSION zstd)")
    return tuple(rows)


def _told_beside(connection: Connection, mapping: Mapping) -> dict[tuple[str, str], dict[str, str]]:
    """What else a sheet tells of: (table, its key) → its columns and where they stand in ``judged``."""
    if mapping.table in FACTS:
        return {about: {column: f"told_{column}" for column in columns} for about, columns in told(mapping).items()}
    if mapping.table != "sales":
        return {}
    has = _columns(connection, "FROM judged") - {"source_row"}
    about = (("customers", "customer_id"), ("products", "product_id"))
    return {(table, key): {name: name for name in PART_TABLES[table].columns if name in has and name != key} for table, key in about}


def _columns(connection: Connection, query: str) -> frozenset[str]:
    """The columns that a query gives."""
    return frozenset(row[0] for row in connection.execute(f"DESCRIBE {query}").fetchall())


def _latest(key: str, columns: MappingLike[str, str], source: str) -> str:
    """One row a key with the last value that each column has."""
    last = "".join(f", arg_max({where}, source_row) AS {column}" for column, where in columns.items())
    latest = f"SELECT {key}, max(source_row) AS source_row{last} FROM judged WHERE reason IS NULL AND {key} IS NOT NULL GROUP BY {key}"
    return f"SELECT {source}, * EXCLUDE (source_row) FROM ({latest}) ORDER BY source_row"


def _publish(work: Path, folder: Path, parts: tuple[str, ...]) -> None:
    """Move the finished parts into the folder under the first number that is free for all of them."""
    number = 1
    while any((folder / _part_name(name, number)).exists() for name in parts):
        number += 1
    for name in parts:
        os.replace(work / f"{name}.part", folder / _part_name(name, number))


def _part_name(table: str, number: int) -> str:
    return f"{table}.parquet" if number == 1 else f"{table}-{number}.parquet"


def _account(connection: Connection, sheet: Sheet, mapping: Mapping, learned: Learned, rows_in: int) -> Staged:
    """Count what became of the rows."""
    by_reason = {
        str(reason): int(rows)
        for reason, rows in connection.execute("SELECT reason, count(*) FROM judged WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    }
    loaded = _count(connection, "judged", "reason IS NULL")
    has = {row[0] for row in connection.execute("DESCRIBE judged").fetchall()}
    walk_in = _count(connection, "judged", "reason IS NULL AND customer_id IS NULL") if mapping.table == "sales" else 0
    currencies: tuple[str, ...] = ()
    if "currency" in has:
        currencies = tuple(
            row[0] for row in connection.execute("SELECT currency FROM judged WHERE reason IS NULL GROUP BY 1 ORDER BY count(*) DESC, 1").fetchall()
        )
    notes = _notes(connection, sheet, mapping, learned)
    return Staged(rows_in, loaded, sum(by_reason.values()), by_reason, walk_in, currencies, notes)


def _notes(connection: Connection, sheet: Sheet, mapping: Mapping, learned: Learned) -> tuple[Note, ...]:
    counted: MappingLike[str, tuple[str, str]] = {}
    if mapping.table == "sales":
        counted = {
            reasons.DISAGREES: ("judged", "reason IS NULL AND disagrees"),
            reasons.TAKEN_OFF: ("judged", "reason IS NULL AND taken_off"),
            reasons.CANCELLED_ORDERS: ("judged", "reason IS NULL AND cancelled AND amount > 0"),
        }
    if mapping.table in {"sales", "customers"}:
        counted = {**counted, reasons.NO_PHONE: ("judged", "reason IS NULL AND no_phone"), reasons.NO_EMAIL: ("judged", "reason IS NULL AND no_email")}
    anything = " OR ".join(f"contains(c{i}, chr(65533))" for i in range(len(sheet.columns)))
    counted = {**counted, reasons.UNREADABLE_LETTERS: ("raw", anything)}
    notes = [Note(says, (("rows", rows),)) for says, (table, condition) in counted.items() if (rows := _count(connection, table, condition))]
    if mapping.table in FACTS:
        emptied = ((header, _count(connection, "judged", f"reason IS NULL AND {where}")) for where, header in counted_empty(mapping).items())
        notes += [Note(reasons.LEFT_EMPTY, (("rows", rows), ("column", header))) for header, rows in emptied if rows]
    if learned.shortened:
        notes.append(Note(reasons.SHORTENED, (("rows", learned.shortened),)))
    key = next((field for field in CUSTOMER_KEYS if field in mapping.fields), None)
    if mapping.table == "sales" and key not in {None, "customer_id"}:
        notes.append(Note(reasons.KEYED_BY, (("key", FIELDS[str(key)]),)))
    notes += _guessed_order(connection, sheet, mapping)
    if mapping.once:
        notes.append(Note(reasons.SHARED_OUT))
    if mapping.carried:
        notes.append(Note(reasons.CARRIED))
    return tuple(notes)


def _guessed_order(connection: Connection, sheet: Sheet, mapping: Mapping) -> list[Note]:
    """A note where day and month could be either, and no row has a number above twelve to prove which is which."""
    column = next((found for field in moments_of(mapping.table)[:2] if (found := column_of(sheet, mapping, field))), None)
    if column is None or mapping.date_order == "ymd":
        return []
    either = f"regexp_extract({column}, '^(\\d{{1,2}})[-/](\\d{{1,2}})[-/]\\d{{2,4}}', ['a', 'b'])"
    proof = "TRY_CAST(p.a AS INTEGER) > 12 OR TRY_CAST(p.b AS INTEGER) > 12"
    row = connection.execute(
        f"SELECT min({column}) FILTER (WHERE p.a <> p.b), coalesce(bool_or({proof}), FALSE) FROM (SELECT {column}, {either} AS p FROM neat) WHERE p.a <> ''"
    ).fetchone()
    if row is None or row[0] is None or row[1]:
        return []
    return [Note(reasons.DAY_FIRST if mapping.date_order == "dmy" else reasons.MONTH_FIRST, (("example", str(row[0])),))]


def _count(connection: Connection, table: str, condition: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()
    return int(row[0]) if row else 0


__all__ = ["REASONS", "Staged", "stage"]
