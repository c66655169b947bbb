"""The rows of a sheet that have been read once and stand in files, to be looked at as often as wished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from regulars.engines.duckdb import scratch

BLOCK: Final = 50
"""Neighbouring rows that a sample takes together."""
_DAY: Final = r"^[^0-9]{0,5}[0-9]{1,4}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{2,4}"


@dataclass(frozen=True, slots=True)
class Raw:
    """A SELECT that gives every data row as text: ``source_row``, its cells ``c0`` …, ``defect`` and the ``whole`` row as JSON if it is malformed."""

    select: str
    rows: int

    def sample(self, size: int, width: int) -> list[tuple[int, tuple[str | None, ...]]]:
        """At most ``size`` rows: the first quarter of them, then blocks of neighbours at even distances. The same that ``read.spread`` takes."""
        head = max(size // 4, 1)
        stride = 1
        while _in_blocks(self.rows - head, stride) > max(size - head, BLOCK):
            stride *= 2
        chosen = f"i < {head} OR ((i - {head}) // {BLOCK}) % {stride} = 0" if size - head >= BLOCK else f"i < {max(size, head)}"
        numbered = f"SELECT source_row, row_number() OVER (ORDER BY source_row) - 1 AS i FROM ({self.select})"
        cells = ", ".join(f"c{i}" for i in range(width))
        with scratch() as connection:
            found = connection.execute(
                f"SELECT source_row, {cells} FROM ({self.select}) JOIN (SELECT source_row FROM ({numbered}) WHERE {chosen}) USING (source_row) ORDER BY 1"
            ).fetchall()
        return [(number, tuple(row)) for number, *row in found]

    def days(self, column: str) -> list[str]:
        """The different dates that stand in a column, as they are written in figures."""
        day = f"regexp_extract(trim({column}), '{_DAY}')"
        with scratch() as connection:
            found = connection.execute(f"SELECT DISTINCT {day} AS day FROM (SELECT DISTINCT {column} FROM ({self.select})) ORDER BY 1").fetchall()
        return [row[0] for row in found if row[0]]


def _in_blocks(rows: int, stride: int) -> int:
    """How many of the rows stand in every ``stride``-th block."""
    whole, rest = divmod(max(rows, 0), BLOCK * stride)
    return whole * BLOCK + min(rest, BLOCK)
