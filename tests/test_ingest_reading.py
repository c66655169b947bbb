"""Opening files: letters, delimiters, headers, broken rows, workbooks, and what is no table at all."""

from __future__ import annotations

import gzip
import random
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_files import MOMENTS, only_sheet, write_book, write_text
from regulars.errors import RegularsError
from regulars.ingest.encoding import detect
from regulars.ingest.read import open_source, spread
from regulars.ingest.workbook import cell_text

LETTERS = [
    ("gb18030", "订单号,客户,日期,金额"),
    ("gb18030", "张三"),
    ("gb18030", "散客,¥12.5"),
    ("gb18030", "商品名称\n【新款】女士连衣裙 夏季"),
    ("cp1251", "Клієнт,Дата,Сума"),
    ("cp1251", "КЛІЄНТ;ДАТА;СУМА"),
    ("cp1251", "Ім’я;ґанок;їжа\nЄва;1"),
    ("cp1251", "№;Дата;Сума, грн"),
    ("cp1252", "Client,Prénom,Montant\n1,Zoë,£5"),
    ("cp1252", "Kunde;Straße;Größe"),
    ("cp1252", "Total,£100"),
    ("big5", "訂單編號,客戶姓名,訂單日期"),
    ("utf-8", "Їжак,订单,Zoë"),
    ("utf-8-sig", "客户"),
    ("utf-16", "Клієнт\t订单"),
]


@pytest.mark.parametrize(("encoding", "text"), LETTERS)
def test_letters_are_recognised_even_in_short_files(encoding: str, text: str) -> None:
    found = detect(text.encode(encoding), whole=True)
    assert found is not None
    assert text.encode(encoding).decode(found) == text


@given(st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", min_size=4, max_size=12), st.integers(0, 3))
def test_ukrainian_words_are_never_taken_for_chinese(word: str, commas: int) -> None:
    text = ",".join(["Клієнт", word.capitalize()] + ["сума"] * commas)
    assert detect(text.encode("cp1251"), whole=True) == "cp1251"


def test_a_few_broken_bytes_do_not_change_the_letters(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", [["订单号", "下单时间", "客户名称", "金额"], *([i, "2024-01-02", "张伟", 3] for i in range(200))])
    content = path.read_bytes()
    path.write_bytes(content[:3000] + b"\xff" + content[3000:])
    assert open_source(path).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("point", [".", ","])
def test_the_delimiter_is_not_the_decimal_comma(delimiter: str, point: str, tmp_path: Path) -> None:
    rows = [["клієнт", "дата", "сума"], *([f"k{i}", "01.02.2024", f"{i}{point}50"] for i in range(1, 30))]
    sheet = only_sheet(write_text(tmp_path / "a.csv", rows, delimiter=delimiter))
    assert sheet.columns == ("клієнт", "дата", "сума")
    assert next(sheet.rows()) == (2, ("k1", "01.02.2024", f"1{point}50"))


def test_excel_says_the_delimiter_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nid;date;amount\n1;2024-01-01;5\n")
    assert only_sheet(path).columns == ("id", "date", "amount")


def test_rows_have_the_numbers_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Report\n\nid,note,amount\n1,"two\nlines",5\n\n2,x,6\n , ,\n3,y,7\n')
    sheet = only_sheet(path)
    assert sheet.header_row == 3
    assert [number for number, _ in sheet.rows()] == [4, 6, 8]


@pytest.mark.parametrize("where", [1, 4])
def test_a_quote_that_is_never_closed_swallows_nothing(where: int, tmp_path: Path) -> None:
    rows = [["order", "product", "customer", "date", "amount"], *([i, "Ring", "c1", "2024-01-02", "9.5"] for i in range(200))]
    path = write_text(tmp_path / "a.csv", rows)
    lines = path.read_text().splitlines()
    cells = lines[5].split(",")
    cells[where] = '"' + cells[where]
    lines[5] = ",".join(cells)
    path.write_text("\n".join(lines))
    assert [number for number, _ in only_sheet(path).rows()] == list(range(2, 202))


def test_packed_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("客户,日期,金额\n1,2024-01-01,5\n".encode("gb18030")))
    source = open_source(path)
    assert (source.kind, source.encoding, source.sheets[0].columns) == ("csv", "gb18030", ("客户", "日期", "金额"))


def test_no_header_at_all(tmp_path: Path) -> None:
    sheet = only_sheet(write_text(tmp_path / "a.csv", [[f"c{i}", "2024-01-02", i * 1.5] for i in range(9)]))
    assert (sheet.header_row, sheet.columns) == (0, ("column 1", "column 2", "column 3"))
    assert next(sheet.rows())[0] == 1


def test_headers_are_made_unique_and_spaces_go(tmp_path: Path) -> None:
    sheet = only_sheet(write_text(tmp_path / "a.csv", [[" id ", "Total", "Total", ""], [1, 2, 3, 4]]))
    assert sheet.columns == ("id", "Total", "Total (2)", "column 4")


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ([["客户信息", None, "订单信息", None], ["客户编号", "客户姓名", "订单号", "实付金额"]], ("客户编号", "客户姓名", "订单号", "实付金额")),
        ([["订单号", "日期", "明细", None], [None, None, "数量", "金额"]], ("订单号", "日期", "数量", "金额")),
    ],
)
def test_merged_headers(header: list[list[object]], columns: tuple[str, ...], tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"S": [["月度报表"], *header, *([f"D{i}", MOMENTS[i], 2, 9.5] for i in range(20))]})
    sheet = only_sheet(path)
    assert (sheet.header_row, sheet.columns) == (3, columns)


def test_empty_sheets_and_notes_are_no_tables(tmp_path: Path) -> None:
    orders = [["id", "date", "amount"], [1, "2024-01-01", 5]]
    path = write_book(tmp_path / "a.xlsx", {"Empty": [], "Orders": orders, "Only a header": [["id", "date", "amount"]], "Notes": [["How to"], ["read this"]]})
    assert [sheet.name for sheet in open_source(path).sheets] == ["Orders"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (17850.0, "17850"), (2.55, "2.55"), (0.1 + 0.2, "0.3"), ("00123", "00123"), ("", None), (None, None), (True, "True"), (12345678901234567.0, "1.23456789012346E+16"),
        (datetime(2024, 3, 5), "2024-03-05"), (datetime(2024, 3, 5, 8, 25, 59, 999_997), "2024-03-05 08:26:00"), (time(8, 30), "08:30:00"), (timedelta(hours=25), "25:00:00"),
    ],
)  # fmt: skip
def test_cells_of_a_workbook_are_what_a_person_sees(value: object, text: str | None) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.csv", b" \n\n ", "file_empty"),
        ("a.csv", b"id,date,amount\n", "file_empty"),
        ("a.csv", random.Random(1).randbytes(5000), "file_kind_unknown"),
        ("a.csv", b"%PDF-1.4 ...", "file_kind_unknown"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "file_kind_unknown"),
        ("a.xls", b"<html><p>no table</p></html>", "file_kind_unknown"),
        ("a.json", b"[[1], [2]]", "file_kind_unknown"),
        ("a.xlsx", b"PK\x03\x04[Content_Types].xml broken", "file_damaged"),
        ("a.xlsx", b"PK\x03\x04 just a zip", "file_damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 5000, "file_damaged"),
        ("a.csv.gz", b"\x1f\x8bbroken", "file_damaged"),
    ],
)
def test_what_is_no_table_is_a_named_error(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RegularsError) as problem:
        open_source(tmp_path / name)
    assert problem.value.code == code


def test_a_missing_file_is_named_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RegularsError, match=r"orders\.csv") as problem:
        open_source(tmp_path / "order.csv")
    assert problem.value.code == "file_missing"


@given(st.integers(0, 5000), st.integers(4, 600))
def test_a_sample_is_bounded_in_order_and_spread(rows: int, size: int) -> None:
    sample = spread(((number, ()) for number in range(rows)), size)
    numbers = [number for number, _ in sample]
    assert len(numbers) <= size
    assert numbers == sorted(set(numbers))
    assert len(numbers) == rows or rows > size
    assert rows < 4 * size or size < 150 or numbers[-1] > rows / 2


def test_the_file_is_not_changed(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", [["id", "date", "amount"], [1, "2024-01-01", 5]])
    before = path.read_bytes()
    source = open_source(path)
    assert (path.read_bytes(), source.size) == (before, len(before))
    assert source.fingerprint == open_source(path).fingerprint
