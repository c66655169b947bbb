"""Judging deliveries anew once an earlier one is gone: what they had left out, replaced or marked because of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from regulars.engines.duckdb import Connection, literal, scratch
from regulars.ingest.mapping import Mapping
from regulars.ingest.overlap import ALREADY, set_aside_known, set_aside_mended
from regulars.ingest.rules.across import judge_across
from regulars.intake.delivery import Import, earlier_of, read_import, write_import
from regulars.schema import PART_TABLES
from regulars.snapshots.parts import Parts, file_of, first_id, first_of, same_file

_WIDTH: Final = 6


def judged_anew(deliveries: Parts, parts: Sequence[str], since: str, corrected: str | None = None) -> tuple[str, ...]:
    """The deliveries, those from the id ``since`` on judged anew where earlier ones bore on them, or where the ``corrected`` one may bear on them now."""
    concerned = _concerned(deliveries, parts) | (_met(deliveries, corrected, [part for part in parts if part > corrected]) if corrected else set())
    after: list[str] = []
    for part in parts:
        after.append(_again(deliveries, part, tuple(after)) if part >= since and part != corrected and first_of(part) in concerned else part)
    return tuple(after)


def _concerned(deliveries: Parts, parts: Sequence[str]) -> set[str]:
    """The first ids of the deliveries that left rows out, replaced rows or marked rows because of an earlier one."""
    left_out = {first_of(part) for part in parts if read_import(deliveries.folder(part)).rejected_by_reason.get(ALREADY)}
    return left_out | _ids(
        f"""SELECT {first_id("superseded_by")} FROM ({deliveries.superseded(parts)})
        UNION SELECT {first_id("greatest(import_id, because_of)")} FROM ({deliveries.rows("problems", parts)}) WHERE because_of IS NOT NULL"""
    )


def _met(deliveries: Parts, corrected: str, later: Sequence[str]) -> set[str]:
    """The first ids of later deliveries that have an order of the corrected one, or mended rows of its file."""
    return _ids(
        f"""SELECT DISTINCT {first_id("import_id")} FROM ({deliveries.rows("sales", later)})
        SEMI JOIN ({deliveries.rows("sales", (corrected,))}) USING (order_id)
        UNION SELECT {first_id("import_id")} FROM ({deliveries.rows("mended", later)}) WHERE {same_file("origin_import")} = {literal(file_of(corrected))}"""
    )


def _ids(text: str) -> set[str]:
    with scratch() as connection:
        return {str(found) for (found,) in connection.execute(text).fetchall()}


def _again(deliveries: Parts, part: str, earlier: Sequence[str]) -> str:
    """The same delivery under an id that tells with which earlier ones it was compared. What is there under that id is never written again."""
    made = f"{first_of(part)}-{hashlib.sha256(json.dumps(earlier).encode()).hexdigest()[:_WIDTH]}"
    folder = deliveries.folder(made)
    if (folder / "import.json").exists():
        return made
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    was = read_import(deliveries.folder(part))
    with scratch() as connection:
        for table in PART_TABLES:
            if deliveries.files(table, (part,)):
                rows = f"SELECT * REPLACE ({literal(made)} AS import_id) FROM ({_restored(deliveries, part, table)})"
                connection.execute(f"COPY ({rows}) TO {literal(folder / f'{table}.parquet')} (FORMAT parquet, COMPRESSION zstd)")
        last_on = _last_on(connection, deliveries, earlier)
    mappings = [Mapping.from_toml_dict(mapping) for mapping in was.mappings]
    judged = (
        set_aside_mended(deliveries, made, sorted({mapping.table for mapping in mappings}), earlier),
        set_aside_known(deliveries, made, earlier),
    )
    judge_across(deliveries, made, earlier_of([read_import(deliveries.folder(one)) for one in earlier], mappings, last_on))
    write_import(folder, _told(was, made, sum(one.rows_rejected for one in judged)))
    return made


def _told(was: Import, made: str, left_out: int) -> Import:
    """What a delivery says of itself when so many rows are left out as loaded already."""
    fewer = was.rejected_by_reason.get(ALREADY, 0) - left_out
    reasons = {reason: rows for reason, rows in was.rejected_by_reason.items() if reason != ALREADY} | ({ALREADY: left_out} if left_out else {})
    return replace(was, id=made, rows_loaded=was.rows_loaded + fewer, rows_rejected=was.rows_rejected - fewer, rejected_by_reason=reasons)


def _restored(deliveries: Parts, part: str, table: str) -> str:
    """The rows of a delivery as they were before it was compared with earlier ones, as SQL."""
    rows = deliveries.rows(table, (part,))
    if table == "rejected":
        return f"SELECT * FROM ({rows}) WHERE reason <> '{ALREADY}'"
    if table == "problems":
        return f"SELECT * FROM ({rows}) WHERE because_of IS NULL"
    shape = json.dumps(PART_TABLES[table].columns)
    left_out = f"SELECT row FROM ({deliveries.rows('rejected', (part,))}) WHERE reason = '{ALREADY}' AND about = '{table}'"
    return f"SELECT * FROM ({rows}) UNION ALL BY NAME SELECT unnest(from_json(row, '{shape}')) FROM ({left_out})"


def _last_on(connection: Connection, deliveries: Parts, parts: Sequence[str]) -> date | None:
    """The last day that deliveries tell of."""
    last: date | None = connection.execute(f"SELECT max(ordered_at)::DATE FROM ({deliveries.rows('sales', parts)})").fetchall()[0][0]
    return last
