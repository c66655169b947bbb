"""Tables that are marked up: HTML and Excel's XML of 2003, which shop back offices save under the name ``.xls``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from regulars.errors import N_, Words, error
from regulars.ingest.content import Content, Room, Row, Table, check_width

NO_TABLE: Final = N_("a page without a table")
LARGEST_PAGE: Final = 256 * 1024**2
"""Bytes of a page, which is held in memory."""
_PIECE: Final = 256 * 1024
_WIDEST_CELL: Final = 200
_IS_TABLE: Final = re.compile(r"<(?:\w+:)?(?:table|tr|row)[\s>/]", re.IGNORECASE)


def is_markup(head: str) -> bool:
    """Whether a text begins like a page or an XML file."""
    return re.match(r"\s*<(?:!doctype|!--|\?xml|\?mso|html|head|body|meta|style|table|div|\w+:)", head, re.IGNORECASE) is not None


def open_markup(path: Path, shown: str, encoding: str, head: str, room: Room) -> Content:
    """The tables of a page, each with more than one column. Error ``file_kind_unknown`` where there is none."""
    if not _IS_TABLE.search(head):
        raise error("file_kind_unknown", path=shown, found=Words(NO_TABLE))
    declared = re.search(r"(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", head[:4096])
    grids: list[list[Row]] = _read(path, declared[1] if declared and _known(declared[1]) and not _is_utf(encoding) else encoding, shown)
    tables = tuple(
        Table("" if len(grids) == 1 else str(number), room.keep(grid, shown))
        for number, grid in enumerate(grids, start=1)
        if max(len(cells) for _, cells in grid) > 1
    )
    if not tables:
        raise error("file_kind_unknown", path=shown, found=Words(NO_TABLE))
    return Content("html", tables, encoding)


def _is_utf(encoding: str) -> bool:
    return encoding.startswith("utf")


def _known(encoding: str) -> bool:
    try:
        b"".decode(encoding)
    except LookupError:
        return False
    return True


def _read(path: Path, encoding: str, shown: str) -> list[list[Row]]:
    if path.stat().st_size > LARGEST_PAGE:
        raise error("file_too_large", path=shown, limit=LARGEST_PAGE // 1024**2)
    parser = _Tables(shown)
    try:
        with path.open(encoding=encoding, errors="replace") as file:
            for piece in iter(lambda: file.read(_PIECE), ""):
                parser.feed(piece)
        parser.close()
    except AssertionError as reason:  # how html.parser refuses a declaration it cannot follow
        raise error("file_damaged", path=shown, found=str(reason)) from reason
    return parser.finished()


@dataclass(slots=True)
class _Grid:
    """The rows of one table so far. ``below``: column → further rows that a cell of an upper row reaches into."""

    rows: list[list[str | None]] = field(default_factory=list)
    below: dict[int, int] = field(default_factory=dict)

    def begin_row(self) -> None:
        self.rows.append([])
        self._fill()

    def add(self, text: str | None, wide: int, high: int) -> None:
        """A cell, empty ones where it is merged over several columns, and its place kept in the rows it reaches into."""
        row = self.rows[-1]
        for column in range(len(row), len(row) + min(wide, _WIDEST_CELL)):
            row.append(text)
            text = None
            if high > 1:
                self.below[column] = high - 1
        self._fill()

    def skip_to(self, index: int) -> None:
        row = self.rows[-1]
        row.extend([None] * (min(index, _WIDEST_CELL) - 1 - len(row)))

    def _fill(self) -> None:
        row = self.rows[-1]
        while self.below.get(len(row), 0) > 0:
            self.below[len(row)] -= 1
            row.append(None)


class _Tables(HTMLParser):
    """Rows of cells of every table; a table within a cell is read as a table of its own."""

    def __init__(self, shown: str) -> None:
        super().__init__(convert_charrefs=True)
        self._shown = shown
        self._grids: list[list[Row]] = []
        self._open: list[_Grid] = []
        self._cell: list[str] | None = None
        self._size = (1, 1)
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = tag.rpartition(":")[2]
        if name in {"style", "script"}:
            self._hidden += 1
        elif name == "table":
            self._close_cell()
            self._open.append(_Grid())
        elif name in {"tr", "row"}:
            self._close_cell()
            self._grid().begin_row()
        elif name in {"td", "th", "cell"}:
            self._begin_cell(given)
        elif name in {"br", "p"} and self._cell:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"style", "script"}:
            self._hidden = max(self._hidden - 1, 0)
        elif name in {"td", "th", "cell", "tr", "row"}:
            self._close_cell()
        elif name == "table":
            self._close_cell()
            self._close_table()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def finished(self) -> list[list[Row]]:
        """The tables that hold something, also those that were never closed."""
        self._close_cell()
        while self._open:
            self._close_table()
        return self._grids

    def _grid(self) -> _Grid:
        if not self._open:
            self._open.append(_Grid())
        return self._open[-1]

    def _begin_cell(self, given: dict[str, str | None]) -> None:
        self._close_cell()
        grid = self._grid()
        if not grid.rows:
            grid.begin_row()
        grid.skip_to(_count(given.get("ss:index"), 0))
        self._size = (_count(given.get("colspan")) + _count(given.get("ss:mergeacross"), 0), _count(given.get("rowspan")))
        self._cell = []

    def _close_cell(self) -> None:
        if self._cell is not None:
            grid = self._grid()
            grid.add(" ".join("".join(self._cell).split()) or None, *self._size)
            check_width(self._shown, len(grid.rows[-1]))
            self._cell = None

    def _close_table(self) -> None:
        if self._open:
            grid: list[Row] = [(number, cells) for number, cells in enumerate(self._open.pop().rows, start=1) if cells]
            if grid:
                self._grids.append(grid)


def _count(written: str | None, otherwise: int = 1) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 5 else otherwise
