"""Tables that belong together, as one: the lines of orders with what stands on their orders, and the person behind a customer number.

The join is DuckDB's, from files to a file, so that memory stays bounded; rows keep the numbers they have in their file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from regulars.engines.duckdb import Connection, scratch
from regulars.ingest.cells import quoted
from regulars.ingest.content import Room, Row
from regulars.ingest.header import names
from regulars.ingest.prepared import Raw
from regulars.ingest.profile import Column, Profile
from regulars.ingest.read import Sheet
from regulars.ingest.several.keys import Link, define_keys
from regulars.ingest.several.looked_at import Part

_BATCH: Final = 20_000


@dataclass(frozen=True)
class Joining:
    """Which tables are one: a ``header`` of orders, the ``lines`` that refer to it by ``order``, and ``people``, where a number of the header
    leads by ``person`` to another column ``person_column`` that is the same for all numbers of one customer.
    """

    header: Part
    room: Room
    lines: Part | None = None
    order: Link | None = None
    people: Part | None = None
    person: Link | None = None
    person_column: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for part in (self.lines, self.header, self.people) if part is not None)

    @cached_property
    def places(self) -> dict[tuple[str, str], str]:
        """(label, column) → the column's name in the joined table: the lines' own names first, a second one of a name is told apart by a number."""
        origins = [(part.label, column) for part in (self.lines, self.header) if part for column in part.sheet.columns]
        origins += [(self.people.label, self.person_column)] if self.people else []
        return dict(zip(origins, names([column for _, column in origins]), strict=True))

    @cached_property
    def described(self) -> Profile:
        """The joined table by the samples of its parts."""
        main = self.lines or self.header
        other = self.header.described
        columns: list[Column] = []
        for part in self.parts:
            columns += [c for c in part.described.columns if (part.label, c.name) in self.places]
        named = tuple(replace(c, index=i, name=name) for i, (c, name) in enumerate(zip(columns, self.places.values(), strict=True)))
        best = main.described if main.described.decimal_sure or not other.decimal_sure else other
        return Profile(named, main.described.row_numbers, best.decimal, best.decimal_sure)

    def sheet(self) -> Sheet:
        """The joined table: a row for every line, or for every order if there are no lines. A line whose order is not there is one that cannot be loaded."""
        main = self.lines or self.header
        return self._as_sheet(main, tuple(self.places.values()), self._joined(without_lines=False))

    def left(self, *, amount: bool) -> Sheet | None:
        """The orders that no line refers to, None if there are none. Without an ``amount`` of their own they cannot be loaded."""
        path = self._joined(without_lines=True, amount=amount)
        if pq.read_metadata(path).num_rows == 0:
            return None
        own = self.header.sheet.columns
        return self._as_sheet(self.header, names([*own, self.person_column]) if self.people else own, path)

    def _as_sheet(self, part: Part, columns: tuple[str, ...], path: Path) -> Sheet:
        """What was written as a sheet, which is read as often as it is looked at."""

        def rows() -> Iterator[Row]:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(_BATCH, columns=["source_row", *(f"c{i}" for i in range(len(columns)))]):
                    yield from zip(batch.column(0).to_pylist(), zip(*(cells.to_pylist() for cells in batch.columns[1:]), strict=True), strict=True)

        raw = Raw(f"SELECT * FROM read_parquet({quoted(str(path))})", pq.read_metadata(path).num_rows)
        return Sheet(part.sheet.path, part.label, columns, 0, rows, self.room, raw)

    def _joined(self, *, without_lines: bool, amount: bool = False) -> Path:
        """Write the joined rows as ``write_raw`` writes those of a sheet."""
        path = self.room.place(".parquet")
        with self.room.writing(), scratch(self.room.folder) as connection:
            define_keys(connection)
            self._read(connection)
            query = self._orders_left(amount=amount) if without_lines else self._all_lines() if self.lines else self._all_orders()
            connection.execute(f"COPY ({query} ORDER BY source_row) TO {quoted(str(path))} (FORMAT parquet)")
        return path

    def _read(self, connection: Connection) -> None:
        """Views of the parts with their keys, and each order once."""
        person = f"coalesce(p.person, trimmed(h.{self.header.at(self.person.from_column)}))" if self.person else "NULL::VARCHAR"
        if self.people and self.person:
            own, wanted = _key(self.person, self.people.at(self.person.to_column)), self.people.at(self.person_column)
            connection.execute(
                f"CREATE VIEW people AS SELECT {own} AS k, arg_min({wanted}, source_row) AS person FROM {self.people.rows} WHERE k IS NOT NULL GROUP BY 1"
            )
            joined = f" LEFT JOIN people p ON p.k = {_key(self.person, 'h.' + self.header.at(self.person.from_column))}"
        else:
            joined = ""
        own = _key(self.order, f"h.{self.header.at(self.order.to_column)}") if self.order else "NULL::VARCHAR"
        connection.execute(f"CREATE VIEW headers AS SELECT h.*, {own} AS k, {person} AS person FROM {self.header.rows} h{joined}")
        once = "QUALIFY row_number() OVER (PARTITION BY k ORDER BY source_row) = 1"
        connection.execute(f"CREATE VIEW orders AS SELECT * FROM headers WHERE defect IS NULL AND k IS NOT NULL {once}")
        if self.lines and self.order:
            own = _key(self.order, self.lines.at(self.order.from_column))
            connection.execute(f"CREATE VIEW lines AS SELECT *, {own} AS k FROM {self.lines.rows}")

    def _header_columns(self, start: int) -> str:
        """The header's columns and the person, numbered from ``start``."""
        width = len(self.header.sheet.columns)
        person = f", h.person AS c{start + width}" if self.people else ""
        return ", ".join(f"h.c{i} AS c{start + i}" for i in range(width)) + person

    def _all_lines(self) -> str:
        width = len(self.lines.sheet.columns) if self.lines else 0
        lines = ", ".join(f"l.c{i}" for i in range(width))
        return f"""SELECT l.source_row, coalesce(l.defect, CASE WHEN h.k IS NULL THEN 'order_unknown' END) AS defect, l.whole, {lines},
            {self._header_columns(width)} FROM lines l LEFT JOIN orders h ON h.k = l.k"""

    def _all_orders(self) -> str:
        return f"SELECT h.source_row, h.defect, h.whole, {self._header_columns(0)} FROM headers h"

    def _orders_left(self, *, amount: bool) -> str:
        """Orders without lines, orders that stand there a second time, and rows that are malformed."""
        alone = "NULL" if amount else "'order_without_lines'"
        return f"""SELECT h.source_row, coalesce(h.defect, CASE WHEN o.k IS NULL AND h.k IS NOT NULL THEN 'order_repeated' ELSE {alone} END) AS defect, h.whole,
            {self._header_columns(0)} FROM headers h LEFT JOIN orders o USING (source_row)
            WHERE o.k IS NULL OR o.k NOT IN (SELECT k FROM lines WHERE k IS NOT NULL AND defect IS NULL)"""


def _key(link: Link, text: str) -> str:
    """The SQL of a cell as a key of this link."""
    return f"bare_key(as_key({text}))" if link.zeros else f"as_key({text})"
