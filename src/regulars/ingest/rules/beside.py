"""What is written beside the rows of a sheet: the parts ``problems``, ``field_counts`` and ``value_counts``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regulars.engines.duckdb import Connection, literal
from regulars.ingest.rules.counting import count_fields, count_values, goods_of
from regulars.ingest.rules.judging import Told, judge_rows
from regulars.schema import ABOUT_LOADING


def write_beside(connection: Connection, work: Path, table: str, parts: Sequence[str], import_id: str, sheet: str) -> tuple[str, ...]:
    """Judge and count the rows of a sheet of ``table``, from the view ``judged`` and the finished ``parts`` in ``work``; the names of what was written."""
    place = f"{literal(import_id)} AS import_id, {literal(sheet)} AS source_sheet"
    tables = {part: work / f"{part}.part" for part in parts if part not in ABOUT_LOADING}
    relations = {part: f"(SELECT * FROM read_parquet({literal(file)}))" for part, file in tables.items()}
    relations[table] = "(SELECT * EXCLUDE (reason, field, value) FROM judged WHERE reason IS NULL)"
    told = [Told(part, relation, _columns(connection, relation), own=part == table) for part, relation in relations.items()]
    cells = "SELECT source_row, hash(*COLUMNS('^c[0-9]+$')) AS cells FROM raw"
    judge_rows(connection, told, f"{place}, source_row", work / "problems.part", cells)
    goods = goods_of(relations[table], _columns(connection, relations[table])) if table == "sales" else None
    count_fields(connection, tables, f"{place}, NULL AS source_row", work / "field_counts.part", goods)
    count_values(connection, tables, f"{place}, NULL AS source_row", work / "value_counts.part")
    return ("problems", "field_counts", "value_counts")


def _columns(connection: Connection, relation: str) -> frozenset[str]:
    return frozenset(row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall())
