"""Answers as the frames of other libraries, and rows that are fetched when they are asked for.

Arrow has the exact values: money is ``decimal128``. pandas and Polars get ``float64`` for it, because that is what their
arithmetic, plots and models take; a float holds 15 digits, so a sum of cents stays right far beyond any shop's revenue.
Dates become ``datetime64`` and ``Date``; columns keep their field names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import pyarrow as pa

from regulars import inline
from regulars.errors import RegularsError, error
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


def _reach(place: slice) -> int | None:
    """How many of the first rows a slice looks at; None where it counts from the end."""
    return place.stop if (place.start or 0) >= 0 and (place.step or 1) > 0 else None


def _cut(table: pa.Table, place: slice) -> pa.Table:
    """The rows of a table that a slice takes."""
    start, stop, step = place.indices(table.num_rows)
    return table.slice(start, max(stop - start, 0)) if step == 1 else table.take(pa.array(range(start, stop, step), pa.int64()))


Fetch = Callable[[int | None], pa.Table]
"""At most so many rows from the engine; None for all."""


@dataclass(frozen=True, repr=False, eq=False)
class RowSet:
    """The rows behind an answer, or behind one of its cells. Nothing is fetched before it is asked for, and then once.

    ``print`` and the notebook show the first rows only; ``[0]`` and ``[:10]`` fetch no more than that, ``len`` counts in the engine;
    a loop and the frames get them all (of ``limit`` so many).
    """

    fetch: Fetch
    columns: Mapping[str, Column]
    reader: Reader
    most: int | None = None
    count: Callable[[], int] | None = None

    def __post_init__(self) -> None:
        if self.most is not None and self.most < 0:
            raise error("value_wrong", name="limit", value=self.most, allowed="0, 1, 2, 3 …")

    def limit(self, rows: int) -> RowSet:
        """The first so many of these rows.

        Raises:
            RegularsError: ``value_wrong``; fewer than none.
        """
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
        if self.count is None or "_table" in self.__dict__:
            return int(self._table.num_rows)
        return self.count() if self.most is None else min(self.count(), self.most)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        table = self._table  # now, not at the first step: list() asks for the length in between
        return (row for batch in table.to_batches(max_chunksize=10_000) for row in batch.to_pylist())

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> RowSet: ...
    def __getitem__(self, place: int | slice) -> dict[str, Any] | RowSet:
        """One row as a dictionary, or some of them as a ``RowSet``. From the front, no more is fetched than is needed."""
        if isinstance(place, slice):
            return replace(self, fetch=lambda most: _cut(self._until(_reach(place)), place).slice(0, most), most=None, count=None)
        found = self._until(place + 1 if place >= 0 else None)
        if not -found.num_rows <= place < found.num_rows:
            raise IndexError(place)
        return found.slice(place % found.num_rows, 1).to_pylist()[0]  # type: ignore[no-any-return, unused-ignore]

    def _until(self, stop: int | None) -> pa.Table:
        """The rows before a place; all of them where that is counted from the end."""
        if stop is None or stop < 0 or "_table" in self.__dict__:
            return self._table
        return self.limit(stop).to_arrow()

    def _first(self) -> tuple[pa.Table, bool]:
        """The rows a page shows, and whether there are more; one more than it shows tells."""
        found = self.limit(inline.ROWS_SHOWN + 1).to_arrow()
        return found.slice(0, inline.ROWS_SHOWN), found.num_rows > inline.ROWS_SHOWN

    def _repr_html_(self) -> str:
        try:
            first, more = self._first()
        except RegularsError as problem:  # such as a workspace closed meanwhile: showing never fails
            return inline.block(self.reader, inline.said([inline.sentence(self.reader.explain(problem), warning=True)]))
        columns = {name: self.columns[name] for name in first.column_names}
        rest = None if more else 0
        return inline.block(self.reader, inline.table(first.to_pylist(), columns, self.reader, rest), inline.meanings(columns, self.reader))

    def __repr__(self) -> str:
        return f"RowSet({', '.join(self.columns)})"
