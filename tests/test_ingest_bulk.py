"""Large texts: what DuckDB's reader gives is what ours gives, row for row, however the text is written and wherever it is cut."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest_files import only_sheet
from regulars.engines.duckdb import scratch
from regulars.ingest import bulk, pieces, raw
from regulars.ingest.content import Room
from regulars.ingest.mapping import propose
from regulars.ingest.raw import prepared, write_raw
from regulars.ingest.read import Sheet, spread
from regulars.ingest.text_table import TextTable
from regulars.progress import silent

COLUMNS = ("id", "Дата", "товар")
NASTY = [
    "a",
    "b1",
    "é",
    "客",
    " ",
    ",",
    ",",
    ",",
    '"',
    '""',
    '"x"',
    '"y, z"',
    '"q""q"',
    '12"',
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\t",
    "#",
    "\\",
    "id",
    "\ufeff",
]
TAME = ["a", "b1", "客", '"x"', '"y, z"', '"q""q"', ",", ",", ",", "\n", "\n", " ", "id,Дата,товар\n", "\n\n", ",,\n"]


def texts(parts: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), min_size=1, max_size=60).map("".join)


def sheet_of(path: Path, text: bytes, encoding: str = "utf-8", header_row: int = 1) -> Sheet:
    path.write_bytes(text)
    table = TextTable(path, str(path), encoding, ",")
    return Sheet(path, "", COLUMNS, header_row, table.rows, Room(), text=table)


def both_ways(sheet: Sheet) -> tuple[list[Any], list[Any]]:
    """All rows as DuckDB's reader gives them, and as ours does."""
    assert sheet.room is not None
    answers = []
    with scratch() as connection:
        for one in (sheet, replace(sheet, text=None)):
            found = write_raw(one, sheet.room.place(), silent)
            rows = connection.execute(f"SELECT * FROM ({found.select}) ORDER BY source_row").fetchall()
            assert found.rows == len(rows)
            answers.append(rows)
    return answers[0], answers[1]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(NASTY) | texts(TAME), header_row=st.sampled_from([0, 1, 1, 2]))
def test_both_readers_give_the_same_rows(text: str, header_row: int, tmp_path: Path) -> None:
    ours, theirs = both_ways(sheet_of(tmp_path / "a.csv", text.encode(), header_row=header_row))
    assert ours == theirs


def test_duckdb_reads_what_is_plain_and_only_that(tmp_path: Path) -> None:
    """So that the test above compares something: which texts pass the proof."""
    passes = {
        'id,Дата,товар\n1,"a, b",3\n': True,
        'id,Дата,товар\r\n1,"a ""b""",3\r\n2,12",\r\n': True,
        "id,Дата,товар\n1\n\n\n2,3,4,5,\n3,4,5,\n \n": False,  # two cells more than there are columns
        "id,Дата,товар\n1\n\n\n2,3,4,5\n3,4,5,\n \n": True,
        "id,Дата,товар\n1,\0x,3\n": True,
        'id,Дата,товар\n1,"a\nb",3\n': False,
        'id,Дата,товар\n1, "a" ,3\n': False,
        'id,Дата,товар\n1,"a" "",3\n': False,
        'id,Дата,товар\n1,"a,3\n2,3,4\n': False,
        "id,Дата,товар\n1,2,3\r4,5,6\n": False,
    }
    with scratch() as connection:
        for text, passed in passes.items():
            table = TextTable(tmp_path / "a.csv", "a", "utf-8", ",")
            piece = pieces.Piece(text.encode(), "utf-8", len(text))
            assert (bulk.scan(connection, piece, table, COLUMNS, tmp_path / "p", short=True) is not None) == passed, text


def test_letters_that_are_none_are_replaced_as_ours_are(tmp_path: Path) -> None:
    ours, theirs = both_ways(sheet_of(tmp_path / "a.csv", "id,Дата,товар\n1,a,".encode() + b"\xff\xfe\n2,b,\xd0\n"))
    assert ours == theirs
    assert [row[-1] for row in ours] == ["\ufffd\ufffd", "\ufffd"]


def book(rows: int) -> str:
    """A plain table with a cell of two lines, a lost quote, blank lines and a short row now and then."""
    lines = ["id,Дата,товар"]
    for i in range(rows):
        odd = {50: f'{i},"two\nlines",x', 90: "", 130: f"{i},short", 170: f'{i},"lost,y'}.get(i % 400)
        lines.append(odd if odd is not None else f'{i},2024-01-{i % 28 + 1:02d},"чай, {i}"')
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_where_a_text_is_cut_makes_no_difference(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = sheet_of(tmp_path / "a.csv", book(3_000).encode(encoding), encoding)
    whole, ours = both_ways(sheet)
    monkeypatch.setattr(pieces, "SIZE", 3_000)
    assert sheet.text is not None
    assert len(list(pieces.pieces(sheet.text))) > 10
    cut, _ = both_ways(sheet)
    assert whole == ours == cut


def test_pieces_of_two_byte_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SIZE", 2_000)
    text = book(2_000).replace("Дата", "日期|").replace("чай", "红茶|丨").encode("gb18030")
    ours, theirs = both_ways(sheet_of(tmp_path / "a.csv", text, "gb18030"))
    assert ours == theirs
    assert len(ours) > 1_900


def test_a_sample_of_a_large_text_is_that_of_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("order_id,date,customer_id,amount\n" + "".join(f"{i},0{i % 9 + 1}.02.2024,c{i % 50},{i % 90}.50\n" for i in range(9_000)), encoding="utf-8")
    small = only_sheet(path)
    assert prepared(small, silent) is small
    monkeypatch.setattr(raw, "LARGE", 1)
    large = prepared(small, silent)
    for size in (1, 7, 100, 1_000, 5_000, 20_000):
        assert large.sample(size) == spread(small.rows(), size), size
    assert propose(large) == propose(small)


def test_progress_counts_the_rows_and_says_how_many_there_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SIZE", 20_000)
    sheet = sheet_of(tmp_path / "a.csv", "".join(f"{i},2024-01-01,чай\n" for i in range(20_000)).encode(), header_row=0)
    told: list[tuple[int, int]] = []
    write_raw(sheet, tmp_path / "raw", lambda step, done, total: told.append((done, total)))
    assert told[-1] == (20_000, 20_000)
    assert len(told) > 10
    assert all(one[0] < two[0] for one, two in itertools.pairwise(told[:-1]))
    assert all(15_000 < total < 25_000 for _, total in told)
