"""Tables as files, and conditions as typed: text never becomes a formula, a value takes the type of its column."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import load_workbook

import regulars as rg
from order_files import write
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.spreadsheets import guarded
from regulars.surfaces.export import Sheet, export
from regulars.surfaces.parameters import conditions
from regulars.units import count, flag, label, money, on, text

COLUMNS = {
    "name": text("Name", "Name"),
    "group": label("=Group", "Group", {"a": N_("Champions")}),
    "orders": count("Orders", "Orders"),
    "revenue": money("Revenue", "Revenue"),
    "seen_on": on("Seen", "Seen"),
    "kept": flag("Kept", "Kept"),
}
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1", "\r=1")


def rows_of(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": n, "group": "a", "orders": -3, "revenue": Decimal("-12.5"), "seen_on": date(2024, 2, 29), "kept": True} for n in names]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_would_run_as_a_formula_is_guarded(value: str) -> None:
    assert guarded(value) == f"'{value}"


@pytest.mark.parametrize("value", ["Ann", "", None, -3, Decimal(-3), "-3", "+380501234567", "-3.50", "a=b"])
def test_what_is_harmless_is_left_alone(value: Any) -> None:
    assert guarded(value) == value


def test_a_csv_opens_in_excel_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    export(path, [Sheet("People", COLUMNS, rows_of(HOSTILE))], Reader("en"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["Name", "'=Group", "Orders", "Revenue", "Seen", "Kept"]
    assert [line[0] for line in lines] == [f"'{value}" for value in HOSTILE]
    assert lines[0][1:] == ["Champions", "-3", "-12.5", "2024-02-29", "yes"]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    export(path, [Sheet("People: a/b", COLUMNS, rows_of(HOSTILE)), Sheet("People: a/b", COLUMNS, [])], Reader("en"))
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "/worksheets/" in name and re.search(rb"<f[ >]", archive.read(name))]
    book = load_workbook(str(path))
    _, *lines = book.get_sheet_by_index(0).to_python()
    assert len(book.sheet_names) == 2
    assert [line[0] for line in lines] == [*HOSTILE]
    assert lines[0][2:5] == [-3, -12.5, date(2024, 2, 29)]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write(tmp_path / "out.csv", b"before")
    with pytest.raises(KeyError):
        export(path, [Sheet("People", COLUMNS, [*rows_of(("Ann",)), {"name": "half a row"}])], Reader("en"))
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


SCHEMA = pa.schema(
    {"name": pa.string(), "group": pa.string(), "orders": pa.int64(), "revenue": pa.decimal128(18, 4), "seen_on": pa.date32(), "kept": pa.bool_()}
)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("group=a", "a"),
        ("group=Champions", "a"),
        ("orders=3", 3),
        ("orders=3,4", [3, 4]),
        ("revenue=2.50", Decimal("2.50")),
        ("seen_on=2024-02-29", date(2024, 2, 29)),
        ("seen_on=2024-02", date(2024, 2, 1)),
        ("kept=yes", True),
        ("name=Ann=B, Bob", "Ann=B, Bob"),
        ("name=007", "007"),
        ("name=", None),
    ],
)
def test_conditions_take_the_type_of_their_column(given: str, meant: Any) -> None:
    assert conditions(COLUMNS, SCHEMA, [given], Reader("en")) == {given.partition("=")[0]: meant}


def test_naming_a_column_again_means_one_or_the_other() -> None:
    assert conditions(COLUMNS, SCHEMA, ["name=Ann", "name=Bob", "orders=1,2", "orders=5"], Reader("en")) == {"name": ["Ann", "Bob"], "orders": [1, 2, 5]}


@pytest.mark.parametrize("wrong", ["group=champion", "orders=few", "orders=2.5", "revenue=much", "seen_on=today", "kept=perhaps"])
def test_a_condition_that_cannot_hold_is_refused(wrong: str) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        conditions(COLUMNS, SCHEMA, [wrong], Reader("en"))
    assert caught.value.code == "value_wrong"
