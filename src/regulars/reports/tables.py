"""A sheet of a workbook from the top down: a heading, tables that can be filtered, facts, and formulas an accountant can follow.

A formula is written only where it gives the analysis' own number; where it would not, the number stands there as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from regulars.charts.axes import width
from regulars.errors import N_
from regulars.reports.cells import NARROWEST, TOTAL, WIDEST, Cells, column_width
from regulars.spreadsheets import fitted
from regulars.units import NUMERIC, Column

Row = Mapping[str, Any]

A4: Final = 9
SHEET_ROWS: Final = 1_000_000
"""Rows a sheet takes; the format ends a little above."""
LINE: Final = 15
"""Points of a line of text."""
HIGHEST: Final = 6
"""Lines of a cell that are shown; a cell with more is read in the line above the sheet."""
ACROSS: Final = 100
"""Characters that a sentence above a table takes before it is broken."""
STANDARD: Final = 8.43
"""Characters of a column whose width nobody set."""
LANDSCAPE: Final = 90
"""Characters across from which a page is printed lying."""
READABLE: Final = 260
"""Characters across that can still be read on one printed page; what is wider takes several, each with the first column."""


class Page:
    """One sheet being written; ``row`` is where the next thing stands."""

    def __init__(self, sheet: Worksheet, cells: Cells) -> None:
        self.sheet, self.cells = sheet, cells
        self.row = 0
        self._widths: dict[int, float] = {}
        self._sentences: dict[int, str] = {}

    def heading(self, title: str, lines: Sequence[str] = (), *, back: str | None = None) -> None:
        """A title and sentences, each broken where it would leave the page; ``back`` is the sheet a reader returns to."""
        self.cells.say(self.sheet, 0, 0, title, "title")
        self.sheet.set_row(0, 2 * LINE)
        self.row = 1
        if back is not None:
            self.link(1, 0, back, "← " + back)
            self.row = 2
        for line in lines:
            self.sentence(line)
        self.row += 1

    def sentence(self, words: str) -> None:
        """A sentence over the width of the page."""
        self._sentences[self.row] = words
        self.row += 1

    def caption(self, words: str) -> None:
        """The name of what follows."""
        self.cells.say(self.sheet, self.row, 0, words, "strong")
        self.row += 1

    def link(self, row: int, place: int, name: str, words: str) -> None:
        """A way to another sheet of this file."""
        target = name.replace("'", "''")
        self.sheet.write_url(row, place, f"internal:'{target}'!A1", self.cells.look("link"), fitted(words, 255))

    def table(self, columns: Mapping[str, Column], rows: Sequence[Row], *, totals: Row | None = None, frozen: bool = True) -> int:
        """A header and rows with their units, to be filtered; the row of the header. ``totals`` are stated above it for the rows that are shown."""
        reader, rows = self.cells.reader, rows[:SHEET_ROWS]
        first = self.row + 1 + bool(totals)
        if totals:
            self._totals(columns, rows, totals, first)
            self.row += 1
        head = self.row
        heads = [{"header": title, "header_format": self._head(column)} for title, column in zip(self._titles(columns), columns.values(), strict=True)]
        last = head + max(len(rows), 1)
        self.sheet.add_table(head, 0, last, len(columns) - 1, {"columns": heads, "style": None})
        for at, row in enumerate(rows, first):
            for place, name in enumerate(columns):
                self._cell(columns, row, name, at, place)
        for place, (name, column) in enumerate(columns.items()):
            title = reader.say(column.title)
            head_words = _folded(title) if column.unit in NUMERIC else title
            self.widen(place, [f"{head_words}  ", *(column.show(row[name], reader) for row in rows if row[name] is not None)])
        self.sheet.set_row(head, LINE * max(lines(reader.say(c.title) + "  ", self._widths[place] - 2) for place, c in enumerate(columns.values())))
        self._break(columns, rows, first)
        if frozen:
            self.sheet.freeze_panes(head + 1, 0)
            self.sheet.repeat_rows(head)
        self.row = last + 2
        return head

    def facts(self, columns: Mapping[str, Column], row: Row) -> None:
        """One row, written down the page: what it is called, its value, what it means."""
        for name, column in columns.items():
            title = self.cells.reader.say(column.title)
            self.cells.say(self.sheet, self.row, 0, title)
            self.cells.write(self.sheet, self.row, 1, row[name], column)
            self.cells.say(self.sheet, self.row, 2, self.cells.reader.say(column.meaning), "aside")
            self.widen(0, [title])
            self.widen(1, [column.show(row[name], self.cells.reader)])
            self.row += 1
        self.row += 1

    def widen(self, place: int, texts: Sequence[str], widest: int = WIDEST) -> None:
        """Make room in a column for some texts."""
        self._widths[place] = max(self._widths.get(place, 0), column_width(texts, widest))

    def finish(self, *, upright: bool = False) -> None:
        """Set the widths and the print: one page across while that can be read, lying where wide, its number and the sheet's name at the foot."""
        for place, characters in self._widths.items():
            self.sheet.set_column(place, place, characters)
        self._write_sentences()
        self.sheet.set_paper(A4)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        across = sum(self._widths.values())
        if across > LANDSCAPE and not upright:
            self.sheet.set_landscape()
        pages = 1 if upright else math.ceil(across / READABLE)
        self.sheet.fit_to_pages(pages, 0)
        if pages > 1:
            self.sheet.repeat_columns(0)
        self.sheet.set_footer("&L&8&A&R&8&P / &N")
        self.sheet.hide_gridlines(2)

    def _write_sentences(self) -> None:
        """Each over as many columns as a line takes, and as many lines as it needs."""
        last, across = 0, self._widths.get(0, NARROWEST)
        while across < ACROSS:
            last += 1
            across += self._widths.get(last, STANDARD)
        for row, words in self._sentences.items():
            if last:
                self.sheet.merge_range(row, 0, row, last, "", self.cells.look("line"))
            self.cells.say(self.sheet, row, 0, words, "line")
            self.sheet.set_row(row, LINE * lines(words, across))

    def _break(self, columns: Mapping[str, Column], rows: Sequence[Row], first: int) -> None:
        """Make the rows high enough for words that are wider than their column: not every program does so by itself."""
        words = [(name, self._widths[place]) for place, (name, column) in enumerate(columns.items()) if column.unit == "text"]
        for at, row in enumerate(rows, first):
            high = max((lines(str(row[name]), room) for name, room in words if row[name] is not None), default=1)
            if high > 1:
                self.sheet.set_row(at, LINE * min(high, HIGHEST))

    def _titles(self, columns: Mapping[str, Column]) -> list[str]:
        """The titles; a table allows none twice."""
        titles: list[str] = []
        for column in columns.values():
            title = again = fitted(self.cells.reader.say(column.title), 250)
            number = 1
            while again.casefold() in {one.casefold() for one in titles}:
                number += 1
                again = f"{title} ({number})"
            titles.append(again)
        return titles

    def _head(self, column: Column) -> Any:
        return self.cells.look("head_right" if column.unit in NUMERIC else "head")

    def _cell(self, columns: Mapping[str, Column], row: Row, name: str, at: int, place: int) -> None:
        """A value; where it is declared as a ratio of two cells beside it and is one, the division."""
        column, value = columns[name], row[name]
        if column.adds.how == "ratio" and value is not None and all(part in columns for part in column.adds.of):
            over, under = column.adds.of
            if _divides(row[over], row[under], value):
                places = list(columns)
                formula = "=" + "/".join(xl_rowcol_to_cell(at, places.index(part)) for part in (over, under))
                self.cells.calculate(self.sheet, at, place, formula, value, column)
                return
        self.cells.write(self.sheet, at, place, value, column)

    def _totals(self, columns: Mapping[str, Column], rows: Sequence[Row], totals: Row, first: int) -> None:
        """Sums over the rows that a filter leaves, above the header where no sorting moves them."""
        reader, places = self.cells.reader, list(columns)
        self.cells.say(self.sheet, self.row, 0, reader.say(N_("Total of the rows shown")), "total")
        self.widen(0, [reader.say(N_("Total of the rows shown"))])
        last = first + max(len(rows), 1) - 1
        for place, (name, column) in enumerate(columns.items()):
            look = self.cells.of(column, **TOTAL)
            if place and name in totals:
                self.cells.calculate(self.sheet, self.row, place, f"=SUBTOTAL(109,{xl_range_abs(first, place, last, place)})", totals[name], column, look)
                self.widen(place, [column.show(totals[name], reader)])
            elif place and column.adds.how == "ratio" and set(column.adds.of) <= totals.keys() and totals[column.adds.of[1]]:
                over, under = (xl_rowcol_to_cell(self.row, places.index(part)) for part in column.adds.of)
                value = float(totals[column.adds.of[0]]) / float(totals[column.adds.of[1]])
                self.cells.calculate(self.sheet, self.row, place, f'=IF({under}=0,"",{over}/{under})', value, column, look)
            elif place:
                self.sheet.write_blank(self.row, place, None, look)


def lines(words: str, room: float) -> int:
    """About how many lines some words take in so many characters; letters in running text are narrower than figures."""
    return sum(max(1, math.ceil(width(line, 1) * (1.6 if line.isascii() or width(line, 1) < 0.7 * len(line) else 1.85) / room)) for line in words.split("\n"))


def _folded(title: str) -> str:
    """About the wider of the two lines into which a title above figures is broken."""
    return max([*title.split(), title[: len(title) // 2 + 2]], key=len)


def _divides(over: Any, under: Any, value: Any) -> bool:
    """Whether dividing the two cells gives the value, to the last digits a spreadsheet shows."""
    return over is not None and bool(under) and math.isclose(float(over) / float(under), float(value), rel_tol=1e-9, abs_tol=1e-12)


def stated_totals(columns: Mapping[str, Column], rows: Sequence[Row], stated: Row) -> dict[str, Any]:
    """Sums of the columns whose sum the analysis itself states: customers of several months, for one, are no sum of the months.

    Parts of such a column add up too.
    """
    sums = {name: sum(row[name] or 0 for row in rows) for name, column in columns.items() if column.unit in ("money", "count", "number") and name in stated}
    sums = {name: total for name, total in sums.items() if stated[name] is not None and math.isclose(float(total), float(stated[name]), rel_tol=1e-9)}
    parts = {name for name, column in columns.items() if column.adds.how == "part" and set(column.adds.of) <= sums.keys()}
    return sums | {name: sum(row[name] or 0 for row in rows) for name in parts}
