"""Files as companies really hand them in, nasty on purpose: every one states what it is and what must become of it.

One truth, many renderings: ``SALES`` are the sales of a small shop, and a file of orders is those sales as some till, shop system or person wrote them.
``python tests/nasty_files.py FOLDER`` writes them all, to look at.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Rows = Sequence[Sequence[object]]
D = Decimal
WRITTEN = datetime(2024, 6, 1)
NOTHING = D(0)


# --- the truth ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of one order: its number, which of the customers (None: nobody knows), when, which of the goods, pieces, price."""

    number: int
    who: int | None
    at: datetime
    goods: int
    pieces: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.pieces * self.price


PRICES = (D("12.50"), D("1380.00"), D("4.80"), D("99.90"), D("260.00"))


def sold(number: int = 36, *, customers: int = 9, stranger: int = 0) -> tuple[Sale, ...]:
    """Sales from January 2024 on, three days apart; every ``stranger``-th is a walk-in sale."""
    return tuple(
        Sale(
            1001 + i,
            None if stranger and i % stranger == 0 else i * 5 % customers,
            datetime(2024, 1, 3, 9, 5) + timedelta(days=3 * i, hours=i % 9, minutes=7 * i % 55),
            i * 3 % 5,
            1 + i % 3,
            PRICES[i * 3 % 5],
        )
        for i in range(number)
    )


SALES = sold()


# --- what must become of it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expected:
    """What one table of a file must become: the table, column → the fields it may be (``-``: none), rows loaded, rows rejected by reason.

    Of sales also the net revenue, and how many customers there are.
    """

    table: str
    columns: dict[str, frozenset[str]]
    loaded: int
    rejected: Mapping[str, int]
    amount: Decimal | None = None
    customers: int | None = None
    sheet: str = ""

    @property
    def rows_in(self) -> int:
        return self.loaded + sum(self.rejected.values())


@dataclass(frozen=True, slots=True)
class Nasty:
    """One file: its name, its bytes, the language of who wrote it, what must become of its tables, the currency of the shop."""

    name: str
    data: bytes
    language: str
    tables: tuple[Expected, ...]
    currency: str


Column = tuple[str, Callable[[Any], object]]


def spelled(heads: Iterable[str]) -> tuple[list[str], dict[str, frozenset[str]]]:
    """Headers, and what each may be, of ``header=field`` or ``header=field/other``; a header alone is no field."""
    pairs = [head.partition("=")[::2] for head in heads]
    return [name for name, _ in pairs], {name: frozenset((fields or "-").split("/")) for name, fields in pairs}


def rendered(columns: Sequence[Column], facts: Iterable[Any] = SALES) -> list[list[object]]:
    """The header and a row for each fact."""
    return [[*spelled(head for head, _ in columns)[0]], *([cell(fact) for _, cell in columns] for fact in facts)]


def as_sales(columns: Sequence[Column], sales: Sequence[Sale] = SALES, *, sheet: str = "", back: Decimal = NOTHING, more: int = 0, **rejected: int) -> Expected:
    """What those sales must become; ``back`` is money given back, on ``more`` rows beside them."""
    people = len({sale.who for sale in sales} - {None})
    amount = sum((sale.amount for sale in sales), D(0)) - back
    return Expected("sales", spelled(head for head, _ in columns)[1], len(sales) + more, rejected, amount, people, sheet)


def written(text: str) -> list[list[str]]:
    """Rows of a table in writing: a line each, cells between bars, the first line holds ``header=field``."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def cells(text: str) -> list[list[str]]:
    """The same without the fields: what goes into the file."""
    head, *rows = written(text)
    return [spelled(head)[0], *rows]


def as_table(table: str, text: str, *, sheet: str = "", **rejected: int) -> Expected:
    """What a table in writing must become."""
    head, *rows = written(text)
    return Expected(table, spelled(head)[1], len(rows) - sum(rejected.values()), rejected, sheet=sheet)


# --- how it is written ----------------------------------------------------------------------------------------------


def delimited(
    rows: Rows, *, by: str = ",", encoding: str = "utf-8", before: str = "", after: str = "", end: str = "\r\n", quoting: Any = csv.QUOTE_MINIMAL
) -> bytes:
    """A text of rows, with what stands above and below them."""
    text = io.StringIO()
    csv.writer(text, delimiter=by, lineterminator=end, quoting=quoting).writerows(rows)
    return (before + text.getvalue() + after).encode(encoding)


def xlsx(sheets: Mapping[str, Rows], *, merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> bytes:
    """A workbook; of merged ranges (of the first sheet) only the first cell holds what stands there."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": WRITTEN})
        day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            if name in hidden:
                page.hide()
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(i, j, cell, moment if isinstance(cell, datetime) else day)
                    elif cell is not None:
                        page.write(i, j, cell)
        for place in merged:
            first = rows_of(sheets)[0][xlsxwriter.utility.xl_cell_to_rowcol(place.partition(":")[0])[0]]
            page = book.worksheets()[0]
            page.merge_range(place, first[xlsxwriter.utility.xl_cell_to_rowcol(place.partition(":")[0])[1]])
    return file.getvalue()


def rows_of(sheets: Mapping[str, Rows]) -> list[Rows]:
    return list(sheets.values())


def xls(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of the old kind."""
    import xlwt

    book, file = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    moment = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write(i, j, cell, moment)
                elif cell is not None:
                    page.write(i, j, cell)
    book.save(file)
    return file.getvalue()


def ods(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of LibreOffice: dates and numbers typed, blank cells repeated by number, a million blank rows at the end."""

    def cell(value: object) -> str:
        match value:
            case None | "":
                return '<table:table-cell table:number-columns-repeated="1"/>'
            case datetime():
                return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value}</text:p></table:table-cell>'
            case int() | float() | Decimal():
                return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
            case _:
                return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = ""
    for name, rows in sheets.items():
        lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        body += f'<table:table table:name="{name}">{lines}{blank}</table:table>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>{body}'
    content += "</office:spreadsheet></office:body></office:document-content>"
    listed = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{listed}</manifest:manifest>'
    return zipped({"mimetype": kind.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def page(rows: Rows, *, encoding: str = "utf-8", title: str = "") -> bytes:
    """A page that a shop system calls .xls."""
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body><table border=1>'
    top = f"<tr><td colspan={len(rows[0])} align=center><b>{title}</b></td></tr>" if title else ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"{head}{top}{body}</table></body></html>".replace("\xa0", "&nbsp;").encode(encoding)


def zipped(members: Mapping[str, bytes], *, names: str = "utf-8") -> bytes:
    """A packed file; names may be written as Windows does in China."""
    file, written_as = io.BytesIO(), {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, (name, content) in enumerate(members.items()):
            raw = name.encode(names)
            standing = name if names == "utf-8" else str(i).rjust(len(raw), "x")
            written_as[standing.encode()] = raw
            archive.writestr(zipfile.ZipInfo(standing, (2024, 6, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    data = file.getvalue()
    for standing, raw in written_as.items():
        data = data.replace(standing, raw)
    return data


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def objects(rows: Rows, *, lines: bool = False) -> bytes:
    """A list of objects, or a line for each."""
    head, *body = rows
    made = [dict(zip(map(str, head), row, strict=True)) for row in body]
    return (
        "\n".join(json.dumps(one, ensure_ascii=False, default=str) for one in made) if lines else json.dumps(made, ensure_ascii=False, default=str)
    ).encode()


def parquet(rows: Rows) -> bytes:
    head, *body = rows
    file = io.BytesIO()
    pq.write_table(pa.table({str(name): [row[i] for row in body] for i, name in enumerate(head)}), file)
    return file.getvalue()


def database(tables: Mapping[str, Rows]) -> bytes:
    """A database file with these tables."""
    with sqlite3.connect(":memory:") as connection:
        for name, (head, *rows) in tables.items():
            columns = ", ".join(f'"{column}"' for column in head)
            connection.execute(f'create table "{name}" ({columns})')
            connection.executemany(f'insert into "{name}" values ({", ".join("?" * len(head))})', rows)
        connection.commit()
        return connection.serialize()


def every() -> tuple[Nasty, ...]:
    """All of them, in every language."""
    from nasty_chinese import CHINESE
    from nasty_english import ENGLISH
    from nasty_ukrainian import UKRAINIAN

    return (*CHINESE, *UKRAINIAN, *ENGLISH)


if __name__ == "__main__":
    for one in every():
        path = Path(sys.argv[1]) / one.language / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
