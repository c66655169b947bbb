"""Numbers and moments of a sheet, read once for every distinct text: what is dear to read is written again and again."""

from __future__ import annotations

from typing import Final

from regulars.engines.duckdb import Connection
from regulars.ingest.cells import quoted
from regulars.ingest.fields import NUMBERS
from regulars.ingest.mapping import Mapping
from regulars.ingest.read import Sheet
from regulars.ingest.sales_sql import column_of

_MOMENTS: Final = ("ordered_at", "paid_at")


def read_figures(connection: Connection, sheet: Sheet, mapping: Mapping, time_zone: str) -> None:
    """Fill the tables ``figures`` (``written`` → ``number`` and the ``sign`` of money) and ``moments`` (``written`` → ``moment``)."""
    written = _written([column for field in sorted(NUMBERS) if (column := column_of(sheet, mapping, field))])
    digits = f"SELECT written, digits(written) AS digits FROM ({written})"
    sign = "CASE WHEN regexp_full_match(written, '[-0-9.,]*') THEN NULL ELSE money_sign(written) END"
    connection.execute(f"CREATE TEMP TABLE figures AS SELECT written, number(digits, {quoted(mapping.decimal)}) AS number, {sign} AS sign FROM ({digits})")
    written = _written([column for field in _MOMENTS if (column := column_of(sheet, mapping, field))])
    moment = f"moment(written, '{mapping.date_order}', {quoted(time_zone)})"
    connection.execute(f"CREATE TEMP TABLE moments AS SELECT written, {moment} AS moment FROM ({written})")


def _written(columns: list[str]) -> str:
    """The distinct texts of some columns, as SQL."""
    distinct = " UNION ALL ".join(f"SELECT DISTINCT {column} AS raw_text FROM raw" for column in dict.fromkeys(columns)) or "SELECT NULL::VARCHAR AS raw_text"
    return f"SELECT DISTINCT trimmed(raw_text) AS written FROM ({distinct})"
