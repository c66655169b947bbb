"""What do the columns of a sheet hold? A sample of rows, read once, as texts, numbers and days, with the figures a mapping is judged by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from regulars.engines.duckdb import Connection, scratch
from regulars.ingest.cells import define_cells
from regulars.ingest.headers import language_of_headers
from regulars.ingest.read import Cells, Sheet
from regulars.ingest.vocabulary import TOTAL_PATTERN

SAMPLE: Final = 5_000
"""Rows a mapping is judged by: all of them in a small file, blocks from every part of a large one."""

_MAYBE_NUMBER: Final = re.compile(r"[^\d]{0,7}[\d０-９][\d０-９\s.,'’\u00a0\u202f]*(?:[eE][+-]?\d+)?[^\d]{0,6}")
_MAYBE_MOMENT: Final = re.compile(
    r"(?=.{4,60}$)(?:\D{0,12}\d{1,4}[-/. 年](?=.*\d).*|\d{6,14}(?:\.\d+)?|[A-Za-zА-Яа-яіїєґ]{3,12}\.? \d{1,2}.*\d(?:\s?[AaPp]\.?[Mm]\.?)?)", re.DOTALL
)
_TOTAL: Final = re.compile(TOTAL_PATTERN + r"\s*[:：]?")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE: Final = re.compile(r"[+(]?[\d][\d\s()*+./-]{5,20}(?:\s?(?:x|ext\.?)\s?\d+)?")
_CLOCK: Final = re.compile(r"(?:[上下]午\s?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?")


@dataclass(frozen=True)
class Column:
    """One column of the sample. ``texts`` has one entry a row (None: empty), ``numbers`` NaN and ``days`` NaT where the cell is none."""

    index: int
    name: str
    texts: tuple[str | None, ...]
    numbers: npt.NDArray[np.float64]
    days: npt.NDArray[np.datetime64]

    @cached_property
    def present(self) -> tuple[str, ...]:
        return tuple(text for text in self.texts if text is not None)

    @cached_property
    def distinct(self) -> int:
        return len(set(self.present))

    @property
    def filled(self) -> float:
        """Share of rows in which the column says something."""
        return len(self.present) / len(self.texts) if self.texts else 0.0

    @property
    def variety(self) -> float:
        """Distinct values per filled cell, 0 to 1."""
        return self.distinct / len(self.present) if self.present else 0.0

    @cached_property
    def numeric(self) -> float:
        """Share of the filled cells that are numbers."""
        return self._share(int(np.isfinite(self.numbers).sum()))

    @cached_property
    def dated(self) -> float:
        """Share of the filled cells that are dates."""
        return self._share(int((~np.isnat(self.days)).sum()))

    @cached_property
    def whole(self) -> float:
        """Share of the numbers that are whole."""
        finite = self.numbers[np.isfinite(self.numbers)]
        return float((finite == np.round(finite)).mean()) if finite.size else 0.0

    @cached_property
    def emails(self) -> float:
        return self._matching(_EMAIL)

    @cached_property
    def phones(self) -> float:
        return self._share(sum(7 <= sum(c.isdigit() or c == "*" for c in text) <= 15 and _PHONE.fullmatch(text) is not None for text in self.present))

    @cached_property
    def clocks(self) -> float:
        """Share of the filled cells that are a time of day without a date."""
        return self._matching(_CLOCK)

    @cached_property
    def wordy(self) -> float:
        """Share of the filled cells that are words: letters, few digits."""
        return self._share(sum(sum(c.isalpha() for c in text) > 2 * sum(c.isdigit() for c in text) for text in self.present))

    @cached_property
    def length(self) -> float:
        """Mean length of the filled cells in characters."""
        return sum(map(len, self.present)) / len(self.present) if self.present else 0.0

    @cached_property
    def codelike(self) -> float:
        """Share of the filled cells that are one word of Latin letters and digits with a digit in it."""
        return self._share(sum(text.isascii() and any(c.isdigit() for c in text) and " " not in text for text in self.present))

    def _matching(self, pattern: re.Pattern[str]) -> float:
        return self._share(sum(pattern.fullmatch(text) is not None for text in self.present))

    def _share(self, count: int) -> float:
        return count / len(self.present) if self.present else 0.0


@dataclass(frozen=True)
class Profile:
    """A sheet's columns by their sample, the rows' numbers in the file, and what decimal sign its numbers use."""

    columns: tuple[Column, ...]
    row_numbers: tuple[int, ...]
    decimal: str
    decimal_sure: bool

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def profile(sheet: Sheet, decimal: str | None = None) -> Profile:
    """Read a sheet once and describe its columns; ``decimal`` if it is already known."""
    rows = [(number, cells) for number, cells in sheet.sample(SAMPLE) if not any(cell and _TOTAL.fullmatch(cell.strip().casefold()) for cell in cells)]
    connection = scratch()
    define_cells(connection)
    texts = [tuple(column.to_pylist()) for column in _read(connection, "tidy(x)", _columns(rows, len(sheet.columns)))]
    nothing = (None,) * len(rows)
    figures = [text if _share_like(text, _MAYBE_NUMBER) >= 0.02 else nothing for text in texts]
    found, sure = decimal_sign([[text for text in column if text] for column in figures], chinese=language_of_headers(sheet.columns) == "zh_CN")
    point = decimal or found
    numbers = _read(connection, f"number(x, '{point}')::DOUBLE", figures, first="digits(x)")
    moments = [text if _share_like(text, _MAYBE_MOMENT) >= 0.5 else nothing for text in texts]
    days = _read(connection, "coalesce(moment(x, 'dmy', 'UTC'), moment(x, 'mdy', 'UTC'))", moments)
    connection.close()
    columns = tuple(Column(i, name, texts[i], numbers[i].to_numpy(), days[i].to_numpy()) for i, name in enumerate(sheet.columns))
    return Profile(columns, tuple(number for number, _ in rows), point, sure or decimal is not None)


def decimal_sign(columns: Sequence[Sequence[str]], *, chinese: bool = False) -> tuple[str, bool]:
    """The decimal sign of a file's numbers, and whether they prove it (or never leave a doubt).

    Only ``1,234`` and ``1.234`` can be read two ways; every other number says which sign is which. A column that writes the
    sign in all numbers from 1000 up and in none below, separates thousands. Chinese files never write a decimal comma.

    >>> decimal_sign([["1,5", "12,75"]]), decimal_sign([["1.234,50"]]), decimal_sign([["1,234", "15"]]), decimal_sign([["1,234"]])
    ((',', True), (',', True), ('.', True), (',', False))
    """
    votes = {".": 0, ",": 0}
    unclear = {".": 0, ",": 0}
    for column in columns:
        open_questions, plain, large = _vote(column, votes)
        for sign, rows in open_questions.items():
            if plain and not large:
                votes["," if sign == "." else "."] += rows
            else:
                unclear[sign] += rows
    if chinese:
        return ".", True
    if any(votes.values()):
        return ("," if votes[","] > votes["."] else "."), min(votes.values()) * 20 <= max(votes.values()) or not any(unclear.values())
    return ("," if unclear[","] else "."), not any(unclear.values())


def _vote(column: Sequence[str], votes: dict[str, int]) -> tuple[dict[str, int], int, int]:
    """Count what a column's numbers say; returned are those that could be either, by sign, the plain numbers, and the plain ones from 1000 up."""
    unclear = {".": 0, ",": 0}
    plain = large = 0
    for text in column:
        found = re.findall(r"\d([.,])(?=(\d+))", text)
        signs = [sign for sign, _ in found]
        if not signs:
            plain += 1
            large += sum(c.isdigit() for c in text) > 3
        elif len(set(signs)) == 2:
            votes[signs[-1]] += 1
        elif len(signs) > 1:
            votes["," if signs[0] == "." else "."] += 1
        elif len(found[0][1]) != 3 or re.search(r"(?<!\d)0[.,]\d|\d{4,}[.,]\d", text):
            votes[signs[0]] += 1
        else:
            unclear[signs[0]] += 1
    return unclear, plain, large


def _columns(rows: Sequence[tuple[int, Cells]], width: int) -> list[list[str | None]]:
    """The cells of the rows by column, short rows filled up."""
    return [[cells[i] if i < len(cells) else None for _, cells in rows] for i in range(width)]


def _read(connection: Connection, expression: str, columns: Sequence[Sequence[str | None]], first: str = "x") -> list[pa.ChunkedArray]:
    """Every column through macros of ``cells`` on a text ``x`` (``first``, then ``expression``).

    The columns are stacked into one, so that DuckDB plans the macros once: planning takes longer than reading the sample.
    """
    stacked = pa.chunked_array([pa.array(column, pa.string()) for column in columns], pa.string())
    connection.register("stacked", pa.table({"n": pa.array(range(len(stacked))), "x": stacked}))
    answers = connection.execute(f"SELECT {expression} AS v FROM (SELECT n, {first} AS x FROM stacked) ORDER BY n").to_arrow_table().column("v")
    size = len(columns[0])
    return [answers.slice(i * size, size) for i in range(len(columns))]


def _share_like(texts: Sequence[str | None], pattern: re.Pattern[str]) -> float:
    present = [text for text in texts if text][:1000]
    return sum(pattern.fullmatch(text) is not None for text in present) / len(present) if present else 0.0
