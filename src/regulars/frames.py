"""Answers as the frames of other libraries, and rows that are fetched when they are asked for.

Arrow has the exact values: money is ``decimal128``. pandas and Polars get ``float64`` for it, because that is what their
arithmetic, plots and models take; a float holds 15 digits, so a sum of cents stays right far beyond any shop's revenue.
Dates become ``datetime64`` and ``Date``; columns keep their field names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from regulars import inline
from regulars.errors import error
from regulars.i18n import Reader
from regulars.units import Column

if TYPE_CHECKING:
    import pandas
    import polars


def to_pandas(table: pa.Table) -> pandas.DataFrame:
    """A table as a pandas frame.

    Raises:
        RegularsError: ``part_missing`` without pandas.
    """
    try:
        import pandas  # noqa: F401 - to say in our words that it is missing
    except ImportError as cause:
        raise _missing("pandas", cause) from cause
    return _floats(table).to_pandas(date_as_object=False)


def to_polars(table: pa.Table) -> polars.DataFrame:
    """A table as a Polars frame.

    Raises:
        RegularsError: ``part_missing`` without Polars.
    """
    try:
        import polars
    except ImportError as cause:
        raise _missing("polars", cause) from cause
    return polars.DataFrame(_floats(table))


def _missing(name: str, cause: ImportError) -> Exception:
    return error("part_missing", what=name, reason=str(cause), line="pip install 'regulars[notebook]'")


def _floats(table: pa.Table) -> pa.Table:
    """Decimals as floats, all else as it is."""
    return table.cast(pa.schema([(f.name, pa.float64() if pa.types.is_decimal(f.type) else f.type) for f in table.schema]))


Fetch = Callable[[int | None], pa.Table]
"""At most so many rows from the engine; None for all."""


@dataclass(frozen=True, repr=False, eq=False)
class RowSet:
    """The rows behind an answer, or behind one of its cells. Nothing is fetched before it is asked for, and then once.

    ``print`` and the notebook show the first rows only; ``len``, a loop and the frames get them all (of ``limit`` so many).
    """

    fetch: Fetch
    columns: Mapping[str, Column]
    reader: Reader
    most: int | None = None

    def limit(self, rows: int) -> RowSet:
        """The first so many of these rows."""
        return replace(self, most=rows if self.most is None else min(rows, self.most))

    @cached_property
    def _table(self) -> pa.Table:
        return self.fetch(self.most)

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table, with exact decimals."""
        return self._table

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame; money as float64, dates as datetime64."""
        return to_pandas(self._table)

    def to_polars(self) -> polars.DataFrame:
        """The rows as a Polars frame; money as Float64, dates as Date."""
        return to_polars(self._table)

    def to_pylist(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, with exact decimals."""
        return self._table.to_pylist()  # type: ignore[no-any-return, unused-ignore]

    def batches(self, size: int = 10_000) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches of at most so many."""
        yield from self._table.to_batches(max_chunksize=size)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self.batches():
            yield from batch.to_pylist()

    def _first(self) -> tuple[pa.Table, bool]:
        """The rows a page shows, and whether there are more; one more than it shows tells."""
        found = self.limit(inline.ROWS_SHOWN + 1).to_arrow()
        return found.slice(0, inline.ROWS_SHOWN), found.num_rows > inline.ROWS_SHOWN

    def _repr_html_(self) -> str:
        first, more = self._first()
        columns = {name: self.columns[name] for name in first.column_names}
        rest = None if more else 0
        return inline.block(self.reader, inline.table(first.to_pylist(), columns, self.reader, rest), inline.meanings(columns, self.reader))

    def __repr__(self) -> str:
        return f"RowSet({', '.join(self.columns)})"
