"""The brief as a workbook: real numbers, whole lists, no formula whatever the files contain, the same bytes every time."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import regulars as rg
from briefs import EVIL, PEOPLE, made_brief
from regulars.i18n import LANGUAGES, Reader
from regulars.reports import write_workbook
from regulars.reports.health import Health
from regulars.reports.workbook import OUTCOMES, _Book

REFUSED = ({"file": "a.csv", "source_sheet": "", "source_row": 7, "reason": "date_missing", "field": "ordered_at", "value": EVIL[3]},)


def written(folder: Path, language: str = "en", **changes: Any) -> Path:
    return write_workbook(made_brief(**changes), folder / "brief.xlsx", rg.reader(language))


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def parts(path: Path, pattern: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if re.search(pattern, name))


def test_every_part_of_the_brief_has_its_sheet(tmp_path: Path) -> None:
    found = sheets(written(tmp_path))
    assert list(found) == [
        "Summary",
        "Data health",
        "Cups large small",
        '1. Call them · <script>alert("x',
        "2. Call them · Green cup",
        "Definitions",
        "Provenance",
    ]


def test_numbers_are_numbers_with_their_units(tmp_path: Path) -> None:
    path = written(tmp_path)
    rows = sheets(path)["Cups large small"]
    head = next(n for n, row in enumerate(rows) if row[0] == "Cup")
    assert rows[head][:5] == ["Cup", "Customers", "Last twelve months", "Share", "Again"]
    assert rows[head + 1][:5] == ["Green cup", 3, 90000.25, 0.5, ""]
    formats = set(re.findall(r'formatCode="([^"]*)"', parts(path, "styles")))
    assert {"0.0%", "#,##0", "&quot;£&quot;#,##0.00"} <= formats


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_changes_words_and_never_the_currency(tmp_path: Path, language: str) -> None:
    path = written(tmp_path, language)
    assert "£" in parts(path, "styles")
    assert "$" not in parts(path, "styles").replace("[$-", "")
    assert all(len(name) <= 31 for name in sheets(path))


def test_nothing_in_it_calculates_or_links(tmp_path: Path) -> None:
    path = written(tmp_path, health=Health(made_brief().health.facts, made_brief().imports, REFUSED))
    everything = parts(path, "worksheets/sheet")
    assert "<f>" not in everything
    assert "<hyperlink" not in everything
    assert "externalLink" not in "".join(zipfile.ZipFile(path).namelist())
    assert "vbaProject" not in "".join(zipfile.ZipFile(path).namelist())
    texts = {cell for rows in sheets(path).values() for row in rows for cell in row}
    assert set(EVIL) <= texts, "shown as they were written"


def test_a_list_is_whole_and_its_result_is_chosen(tmp_path: Path) -> None:
    path = written(tmp_path)
    rows = sheets(path)["2. Call them · Green cup"]
    head = next(n for n, row in enumerate(rows) if "Result" in row)
    people = rows[head + 1 :]
    assert len(people) == PEOPLE
    assert [row[rows[head].index("Result")] for row in people[:4]] == ["see above"] * 3 + [""]
    assert [row[rows[head].index("Last twelve months")] for row in people[:3]] == [1000, 999, 998], "the most valuable first"
    validation = parts(path, "worksheets/sheet5")
    assert f'"{",".join(OUTCOMES)}"' in validation.replace("&quot;", '"')
    assert f"I{head + 2}:I{head + 1 + PEOPLE}" in validation


def test_refused_rows_have_a_sheet_with_their_place(tmp_path: Path) -> None:
    rows = sheets(written(tmp_path, health=Health(made_brief().health.facts, made_brief().imports, REFUSED)))["Rows refused"]
    assert next(row for row in rows if row[0] == "a.csv")[2] == 7


def test_the_same_brief_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first
    assert "2024-03-31" in parts(tmp_path / "brief.xlsx", "core")


def test_headers_stay_in_sight_and_can_be_filtered(tmp_path: Path) -> None:
    path = written(tmp_path)
    for n in (1, 3, 4, 5, 6, 7):
        sheet = parts(path, f"worksheets/sheet{n}.xml")
        assert 'state="frozen"' in sheet
        assert "<autoFilter" in sheet


@given(st.lists(st.text(alphabet="ab[]:*?/\\' 客户Ї", max_size=40), min_size=1, max_size=12))
def test_any_title_makes_an_allowed_name_of_its_own(tmp_path_factory: pytest.TempPathFactory, titles: list[str]) -> None:
    book = _Book(made_brief(()), tmp_path_factory.getbasetemp() / "never.xlsx", Reader("en"))
    names = [book._named(title) for title in [*titles, "History", "history"]]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_columns_are_wide_enough_for_chinese() -> None:
    from regulars.units import text

    book = _Book(made_brief(()), Path("never.xlsx"), Reader("en"))
    column = text("T", "t")
    assert book._width(column, ["客户" * 8]) > book._width(column, ["ab" * 8]) >= 16
    assert book._width(column, ["x" * 500]) <= 60


def test_what_cannot_be_a_number_stays_out(tmp_path: Path) -> None:
    import xlsxwriter

    from regulars.units import money, on, rate

    book = _Book(made_brief(()), tmp_path / "x.xlsx", Reader("en", "GBP"))
    sheet = book._sheet("One")
    values = (float("nan"), None, Decimal("1.5"), date(2024, 2, 29))
    for row, (value, column) in enumerate(zip(values, (rate("r", "r"), rate("r", "r"), money("m", "m"), on("d", "d")), strict=True)):
        book._write(sheet, row, 0, value, column)
    book.book.close()
    assert isinstance(book.book, xlsxwriter.Workbook)
    assert sheets(tmp_path / "x.xlsx")["One"] == [[""], [""], [1.5], [date(2024, 2, 29)]]


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        write_workbook(made_brief(), tmp_path / "there" / "brief.xlsx", Reader("en"))
    assert caught.value.code == "not_writable"
    assert not list(tmp_path.iterdir())
