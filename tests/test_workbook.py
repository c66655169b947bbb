"""The brief as a workbook: real numbers, native charts, whole lists, no formula but ours, the same bytes every time."""

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
from regulars.reports.cells import Cells, column_width, number_format, sheet_name
from regulars.reports.health import Health
from regulars.reports.tables import stated_totals
from regulars.reports.workbook import OUTCOMES
from regulars.spreadsheets import fitted
from regulars.surfaces.export import Sheet, export, guarded
from regulars.units import count, label, money, on, part, rate, share, text

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
        "Contents",
        "Summary",
        "Data health",
        "Cups large small",
        "Cups large small · Table",
        '1. Call them · <script>alert("x',
        "2. Call them · Green cup",
        "Definitions",
        "Provenance",
    ]


def test_the_contents_lead_to_every_sheet_and_tell_its_answer(tmp_path: Path) -> None:
    path = written(tmp_path)
    contents = sheets(path)["Contents"]
    assert [row[0] for row in contents if row[0] in sheets(path)] == list(sheets(path))[1:]
    told = {row[0]: row[1] for row in contents}
    assert told["Cups large small"] == "Green cup: 3 customers, £90.0k a year."
    assert told["Period"] == "Jan 1, 2023 – Mar 31, 2024"
    assert told["Currency"] == "GBP"
    places = re.findall(r'location="([^"]*)"', parts(path, "worksheets/sheet1.xml"))
    assert {place.split("!")[0].strip("'").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">") for place in places} == set(sheets(path)) - {
        "Contents"
    }


def test_numbers_are_numbers_with_their_units(tmp_path: Path) -> None:
    path = written(tmp_path)
    rows = sheets(path)["Cups large small · Table"]
    head = next(n for n, row in enumerate(rows) if row[0] == "Cup")
    assert rows[head][:5] == ["Cup", "Customers", "Last twelve months", "Share", "Again"]
    assert rows[head + 1][:5] == ["Green cup", 3, 90000.25, 0.5, ""]
    formats = set(re.findall(r'formatCode="([^"]*)"', parts(path, "styles")))
    assert {"0.0%", "#,##0", "&quot;£&quot;#,##0.00;[Red]-&quot;£&quot;#,##0.00"} <= formats


def test_charts_are_native_and_stand_beside_their_figures(tmp_path: Path) -> None:
    path = written(tmp_path)
    drawn = parts(path, r"charts/chart\d+\.xml")
    assert drawn.count("<c:barChart>") == 1
    assert "Customers by cup" in drawn
    assert "'Cups large small'!$B$" in drawn
    assert "<c:v>3</c:v>" in drawn, "the numbers are in the file, for programs that do not calculate"
    anchor = re.search(r"<xdr:from><xdr:col>(\d+)</xdr:col>", parts(path, "drawings/drawing1.xml"))
    assert anchor
    assert int(anchor[1]) >= 3, "right of the two columns of figures"
    assert "<colorScale>" in parts(path, "worksheets/sheet4.xml"), "the grid is coloured cells"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_changes_words_and_never_the_currency(tmp_path: Path, language: str) -> None:
    path = written(tmp_path, language)
    assert "£" in parts(path, "styles")
    assert "$" not in parts(path, "styles").replace("[$-", "")
    assert all(len(name) <= 31 for name in sheets(path))


def test_only_our_formulas_calculate_and_links_stay_inside(tmp_path: Path) -> None:
    path = written(tmp_path, health=Health(made_brief().health.facts, made_brief().imports, REFUSED))
    everything = parts(path, "worksheets/sheet")
    formulas = re.findall(r"<f>([^<]*)</f>", everything)
    assert formulas, "the lists have sums"
    assert all(re.fullmatch(r"SUBTOTAL\(109,\$[A-Z]+\$\d+:\$[A-Z]+\$\d+\)", one) for one in formulas)
    assert everything.count("<hyperlink ") == everything.count(" location=") > 0
    assert "relationships/hyperlink" not in parts(path, r"sheets/_rels")
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
    validation = parts(path, "worksheets/sheet7")
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
    for n in (2, 5, 6, 7, 8, 9):
        sheet = parts(path, f"worksheets/sheet{n}.xml")
        assert 'state="frozen"' in sheet
        assert "<tablePart " in sheet
    assert parts(path, r"tables/table\d+").count("<autoFilter") == parts(path, "worksheets/sheet").count("<tablePart ")
    assert parts(path, "worksheets/sheet").count("<oddFooter>") == len(sheets(path))


@given(st.lists(st.text(alphabet="ab[]:*?/\\' 客户Ї🙂\x01\n=", max_size=40), min_size=1, max_size=12))
def test_any_title_makes_an_allowed_name_of_its_own(titles: list[str]) -> None:
    names: list[str] = []
    for title in [*titles, "History", "history"]:
        names.append(sheet_name(title, {name.casefold() for name in names}, otherwise="Sheet", ending=" · T" if title.startswith("a") else ""))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_columns_are_wide_enough_for_chinese() -> None:
    assert column_width(["客户" * 8]) > column_width(["ab" * 8]) >= 16
    assert column_width(["x" * 500]) == 60
    assert column_width([]) == 10


@pytest.mark.parametrize("hostile", ["a\x00b", "a\x0bb\x1f", "a\ud83d", "\uffff", "🙂" * 20_000, "x" * 40_000])
def test_any_text_fits_into_a_cell(hostile: str, tmp_path: Path) -> None:
    shown = fitted(hostile)
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert not re.search("[\x00-\x08\ud800-\udfff\uffff]", shown)
    assert cells_of(tmp_path, [(hostile, text("t", "t"))]) == [[shown]]


HOSTILE = (
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "{=1+1}",
    "=DDE('cmd';'/C calc';'x')",
    "http://evil.example/",
    "file:///etc/passwd",
    "mailto:a@b.c",
    "internal:Sheet!A1",
    "external:c:\\\\evil.xlsx",
    "_x0041_",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_what_was_typed_is_text(value: str, tmp_path: Path) -> None:
    assert cells_of(tmp_path, [(value, text("t", "t"))]) == [[value.replace("\r", "\n")]] or value.startswith("\r")
    written = parts(tmp_path / "x.xlsx", "worksheets/sheet")
    assert "<f" not in written
    assert "hyperlink" not in written


@pytest.mark.parametrize("value", ["\n=1", " =1+1", "＝1+1", "＋1+1", "－1+cmd", "＠SUM(A1)"])
def test_a_csv_guards_what_some_program_would_calculate(value: str) -> None:
    assert guarded(value) == f"'{value}"


@pytest.mark.parametrize("value", ["=" + "x" * 40_000, "a\ud83d", "a\x00"])
def test_a_csv_holds_any_text(value: str, tmp_path: Path) -> None:
    export(tmp_path / "x.csv", [Sheet("T", {"t": text("T", "t")}, [{"t": value}])], Reader("en"))
    assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()[1] == guarded(value)


def test_two_exported_tables_of_one_name_have_a_sheet_each(tmp_path: Path) -> None:
    columns = {"=1+1": text("=1+1", "t"), "n": count("N", "n")}
    export(tmp_path / "x.xlsx", [Sheet("='[A]'!x", columns, [{"=1+1": "http://a.example", "n": -3}])] * 2, Reader("en"))
    assert sheets(tmp_path / "x.xlsx") == {"=' A '!x": [["=1+1", "N"], ["http://a.example", -3]], "=' A '!x (2)": [["=1+1", "N"], ["http://a.example", -3]]}
    assert "<f" not in parts(tmp_path / "x.xlsx", "worksheets/sheet")
    assert parts(tmp_path / "x.xlsx", "worksheets/sheet").count("<autoFilter") == 2


def cells_of(folder: Path, values: list[tuple[Any, Any]], reader: Reader | None = None) -> list[list[Any]]:
    """What stands in the cells of a workbook with one column."""
    import xlsxwriter

    with xlsxwriter.Workbook(folder / "x.xlsx") as book:
        cells, sheet = Cells(book, reader or Reader("en", "GBP")), book.add_worksheet("One")
        for row, (value, column) in enumerate(values):
            cells.write(sheet, row, 0, value, column)
    return sheets(folder / "x.xlsx")["One"]


def test_what_cannot_be_a_number_stays_out(tmp_path: Path) -> None:
    wanted = [
        (float("nan"), rate("r", "r")),
        (None, rate("r", "r")),
        (float("inf"), rate("r", "r")),
        (Decimal("-1.5"), money("m", "m")),
        (date(2024, 2, 29), on("d", "d")),
        (date(1899, 12, 31), on("d", "d")),
        (7, label("l", "l")),
    ]
    assert cells_of(tmp_path, wanted) == [[""], [""], [""], [-1.5], [date(2024, 2, 29)], ["Dec 31, 1899"], [7]]


@pytest.mark.parametrize(("language", "day"), [("en", "[$-409]mmm d, yyyy"), ("uk", "dd.mm.yyyy"), ("zh_CN", 'yyyy"年"m"月"d"日"')])
def test_a_day_is_written_in_the_order_of_the_reader(language: Any, day: str) -> None:
    assert number_format(on("d", "d"), Reader(language)) == day


def test_sums_are_only_those_the_analysis_states() -> None:
    columns = {"k": label("K", "k"), "buyers": count("B", "b"), "revenue": money("R", "r"), "part": share("P", "p", part("revenue")), "of": share("O", "o")}
    rows = [{"k": n, "buyers": 2, "revenue": Decimal("1.5"), "part": 0.5, "of": 0.5} for n in range(2)]
    assert stated_totals(columns, rows, {"buyers": 3, "revenue": Decimal(3)}) == {"revenue": Decimal(3), "part": 1.0}


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        write_workbook(made_brief(), tmp_path / "there" / "brief.xlsx", Reader("en"))
    assert caught.value.code == "not_writable"
    assert not list(tmp_path.iterdir())
