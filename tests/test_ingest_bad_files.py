"""Files that are broken, enormous or strange: a named error each, within a bounded time and memory, and rows in = loaded + rejected."""

from __future__ import annotations

import gzip
import io
import json
import struct
import time
import tracemalloc
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest_files import load, only_sheet, write_book, write_text
from order_files import HEADER, as_csv, as_xlsx, orders, teaches
from regulars.errors import RegularsError
from regulars.ingest.read import open_source

SECONDS = 1.0
"""Processor time that reading one of the small files below may take."""


def code(path: Path) -> str:
    with pytest.raises(RegularsError) as problem:
        open_and_read(path)
    teaches(problem.value)
    return problem.value.code


def open_and_read(path: Path) -> int:
    return sum(1 for sheet in open_source(path).sheets for _ in sheet.rows())


def compound(*streams: str) -> bytes:
    """A compound file, as Office wraps what it encrypts, with empty streams of these names."""

    def entry(name: str, kind: int, *, child: int = -1, right: int = -1, start: int = -2, size: int = 0) -> bytes:
        label = (name + "\0").encode("utf-16-le")
        return label.ljust(64, b"\0") + struct.pack("<HBBiii", len(label), kind, 1, -1, right, child) + b"\0" * 36 + struct.pack("<iQ", start, size)

    entries = [entry("Root Entry", 5, child=1)]
    entries += [
        entry(name, 2, right=i + 1 if i < len(streams) else -1) for i, name in enumerate(sorted(streams, key=lambda name: (len(name), name.upper())), 1)
    ]
    directory = b"".join(entries).ljust(512, b"\0")
    fat = struct.pack("<ii", -3, -2).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6xIIiIIiIiI", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, -2, 0, -2, 0)
    return (head + struct.pack("<i", 0)).ljust(512, b"\xff") + fat + directory


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(compound("EncryptionInfo", "EncryptedPackage"))
    assert code(tmp_path / "a.xlsx") == "file_protected"


def test_a_workbook_whose_sheet_is_corrupt(tmp_path: Path) -> None:
    path = write_book(tmp_path / "good.xlsx", {"S": [["order", "date", "amount"], *([i, "2024-01-01", 5] for i in range(50))]})
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    assert code(tmp_path / "a.xlsx") == "file_damaged"
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        bomb.writestr("[Content_Types].xml", "<x/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(80):
                sheet.write(b" " * 1024**2)
    assert code(tmp_path / "bomb.xlsx") == "archive_unsafe"


def test_a_stray_cell_far_outside_the_table(tmp_path: Path) -> None:
    for name, column, expected in (("near", 3, None), ("far", 16_383, "sheet_too_large")):
        with xlsxwriter.Workbook(tmp_path / f"{name}.xlsx") as book:
            sheet = book.add_worksheet()
            for i, row in enumerate([HEADER, *orders(5)]):
                sheet.write_row(i, 0, row)
            sheet.write(1_000_000, column, "x")
        assert (code(tmp_path / f"{name}.xlsx") if expected else only_sheet(tmp_path / f"{name}.xlsx").columns) == (expected or HEADER)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "html", "parquet"])
def test_ten_thousand_columns(ending: str, tmp_path: Path) -> None:
    path, names = tmp_path / f"a.{ending}", [f"column{i}" for i in range(10_000)]
    match ending:
        case "csv":
            write_text(path, [names, [*range(10_000)], [*range(10_000)]])
        case "xlsx":
            write_book(path, {"S": [names, [*range(10_000)]]})
        case "json":
            path.write_text(json.dumps([dict.fromkeys(names, 1)]))
        case "html":
            path.write_text("<table><tr>" + "".join(f"<td>{name}" for name in names) + "<tr>" + "<td>1" * 10_000)
        case _:
            pq.write_table(pa.table({name: [1] for name in names}), path)
    assert code(path) == "columns_too_many"


@pytest.mark.parametrize("before", [b"", b"order,date,amount\n1,2024-01-01,5\n", b'order,date,amount\n1,2024-01-01,"'])
def test_one_enormous_line(before: bytes, tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.write(before)
        for _ in range(50):
            file.write(b"abcdefgh," * 116_509)
    tracemalloc.start()
    try:
        assert code(tmp_path / "a.csv") == "line_too_long"
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_zero_bytes(tmp_path: Path) -> None:
    text = as_csv(HEADER, orders(60))
    (tmp_path / "a.csv").write_bytes(text.replace(b"Person 7,", b"Per\0son 7,") + b"\0" * 20)
    staged, _ = load(tmp_path / "a.csv", tmp_path / "out")
    assert (staged.rows_in, staged.rows_loaded) == (60, 60)
    (tmp_path / "b.csv").write_bytes(text.decode().encode("utf-16-le"))
    assert only_sheet(tmp_path / "b.csv").columns == HEADER
    (tmp_path / "c.csv").write_bytes(b"\0" * 5000)
    assert code(tmp_path / "c.csv") == "file_kind_unknown"


def test_headers_that_repeat_or_are_empty(tmp_path: Path) -> None:
    rows = [["order", "date", "amount", "amount", "", "Amount", "amount (2)"], *([i, f"2024-01-{i:02d}", 5, 6, 7, 8, 9] for i in range(1, 28))]
    columns = only_sheet(write_text(tmp_path / "a.csv", rows)).columns
    assert len(set(columns)) == len(columns) == 7
    pq.write_table(pa.Table.from_arrays([pa.array([1, 2]), pa.array([3, 4])], names=["a", "A"]), tmp_path / "a.parquet")
    assert len(only_sheet(tmp_path / "a.parquet").columns) == 2


@cache
def good_files() -> dict[str, bytes]:
    """One small good file of every kind."""
    rows = [dict(zip(HEADER, row, strict=True)) for row in orders(12)]
    table, packed = io.BytesIO(), io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), table)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", as_csv(HEADER, orders(12)))
    page = "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in [HEADER, *orders(12)])
    text = as_csv(HEADER, orders(12))
    return {
        "a.csv": text,
        "a16.csv": text.decode().encode("utf-16"),
        "a.csv.gz": gzip.compress(text),
        "a.zip": packed.getvalue(),
        "a.xlsx": as_xlsx(HEADER, orders(12)),
        "a.json": json.dumps(rows).encode(),
        "a.jsonl": "\n".join(map(json.dumps, rows)).encode(),
        "a.parquet": table.getvalue(),
        "a.xls": page.encode(),
    }


def named(problem: RegularsError) -> None:
    """A named error: a sentence and the next step."""
    assert str(problem)
    assert problem.kind.next_step


def survives(path: Path) -> None:
    """Read the file to its end, or meet a named error that teaches, in bounded time."""
    began = time.process_time()
    try:
        open_and_read(path)
    except RegularsError as problem:
        named(problem)
    assert time.process_time() - began < SECONDS


SOMEWHERE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
STARTS = [
    b"",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"PAR1",
    b"SQLite format 3\0",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<html><table>",
    b"[{",
    b'{"a":[',
    b"\xff\xfe",
    b"sep=;\n",
    b'"',
]


@SOMEWHERE
@given(st.sampled_from(STARTS), st.binary(max_size=400))
@example(b"<table>", b"<![x")
@example(b"<html><table>", b"<!-->&#9999999999;<td colspan=9999>")
def test_any_bytes(tmp_path: Path, start: bytes, rest: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(start + rest)
    survives(tmp_path / "a.csv")


@SOMEWHERE
@given(st.text(alphabet=st.sampled_from(list("a1,;\t\"'\n\r <>/[]{}:\\-.=三月年日грн¥\0\ufeff٣")), max_size=200))
def test_any_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    survives(tmp_path / "a.csv")


@st.composite
def mutated(draw: Any) -> tuple[str, bytes]:
    """A good file with bytes changed, cut out, doubled or cut off."""
    name = draw(st.sampled_from(sorted(good_files())))
    content = bytearray(good_files()[name])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(1, 40))
        match draw(st.sampled_from(["change", "cut out", "double", "cut off"])):
            case "change":
                content[at : at + length] = draw(st.binary(min_size=length, max_size=length))
            case "cut out":
                del content[at : at + length]
            case "double":
                content[at:at] = content[at : at + length]
            case _:
                del content[max(at, len(content) - length * 5) :]
    return name, bytes(content)


@settings(SOMEWHERE, max_examples=250)
@given(mutated())
def test_good_files_gone_bad(tmp_path: Path, file: tuple[str, bytes]) -> None:
    (tmp_path / file[0]).write_bytes(file[1])
    survives(tmp_path / file[0])


@settings(SOMEWHERE, max_examples=8)
@given(mutated())
def test_nothing_is_lost_of_what_can_be_read(tmp_path: Path, file: tuple[str, bytes]) -> None:
    (tmp_path / file[0]).write_bytes(file[1])
    try:
        rows = open_and_read(tmp_path / file[0])
        staged, _ = load(tmp_path / file[0], tmp_path / f"out-{time.monotonic_ns()}")
    except RegularsError as problem:
        named(problem)
    else:
        assert rows >= staged.rows_in == staged.rows_loaded + staged.rows_rejected
