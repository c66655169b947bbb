"""Habits of real exports: pages saved as .xls, dates without a year, full-width figures, Chinese numerals, remarks above the table, wrong endings."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ingest_files import load, only_sheet, write_book, write_text
from regulars.errors import RegularsError
from regulars.ingest.amended import count_of
from regulars.ingest.mapping import propose
from regulars.ingest.read import open_source

HEAD = ["订单号", "客户", "下单时间", "商品", "数量", "金额"]
EXCEL_PAGE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<!--[if gte mso 9]><xml><x:ExcelWorkbook></x:ExcelWorkbook></xml><![endif]--><style>td {{mso-number-format:"\\@"}}</style></head>
<body><table border="1"><tr><th colspan="3">订单</th><th colspan="3">明细</th></tr><tr>{head}</tr>{rows}</table></body></html>"""


def page(rows: list[list[object]], charset: str = "utf-8") -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return EXCEL_PAGE.format(charset=charset, head="".join(f"<th>{name}</th>" for name in HEAD), rows=body).encode(charset)


def orders(count: int = 30, form: str = "2024-03-{:02d} 10:00") -> list[list[object]]:
    return [[f"D{1000 + i}", f"客户{i % 7}", form.format(i % 28 + 1), "茶 &amp; 杯<br>大", 2, f"{i + 10}.50"] for i in range(count)]


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_saved_as_xls(charset: str, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(page(orders(), charset))
    source = open_source(tmp_path / "a.xls")
    assert (source.kind, source.sheets[0].columns, source.sheets[0].header_row) == ("html", tuple(HEAD), 2)
    assert next(source.sheets[0].rows()) == (3, ("D1000", "客户0", "2024-03-01 10:00", "茶 & 杯 大", "2", "10.50"))
    assert [dict(note.values)["kind"] for note in source.notes] == ["a web page"]
    staged, _ = load(tmp_path / "a.xls", tmp_path / "out")
    assert (staged.rows_in, staged.rows_loaded) == (30, 30)


def test_cells_over_several_rows_and_tables_within_tables(tmp_path: Path) -> None:
    rows = "".join(f"<TR><TD rowspan=2>{i}<TD>2024-03-{i:02d}<TD>a<TD>5<TR><TD>2024-03-{i:02d}<TD><table><tr><td>x<td>y</table><TD>6" for i in range(1, 9))
    (tmp_path / "a.htm").write_text(f"<table><tr><td>Order ID<td>Date<td>Goods<td>Amount{rows}")
    source = open_source(tmp_path / "a.htm")
    widest = max(source.sheets, key=lambda sheet: len(sheet.columns))
    assert [cells for _, cells in widest.rows()][:2] == [("1", "2024-03-01", "a", "5"), (None, "2024-03-01", None, "6")]


def test_a_workbook_of_2003_in_xml(tmp_path: Path) -> None:
    head = "".join(f"<Cell><Data ss:Type='String'>{name}</Data></Cell>" for name in ("order", "customer", "date", "amount"))
    rows = "".join(
        f"<Row><Cell><Data ss:Type='Number'>{i}</Data></Cell><Cell ss:Index='3'><Data ss:Type='DateTime'>2024-03-05T00:00:00.000</Data></Cell>"
        f"<Cell><Data ss:Type='Number'>{i}.5</Data></Cell></Row>"
        for i in range(20)
    )
    (tmp_path / "a.xls").write_text(
        f"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><ss:Workbook><ss:Worksheet><Table><Row>{head}</Row>{rows}</Table></ss:Worksheet></ss:Workbook>"
    )
    sheet = only_sheet(tmp_path / "a.xls")
    assert sheet.columns == ("order", "customer", "date", "amount")
    assert next(sheet.rows())[1] == ("0", None, "2024-03-05T00:00:00.000", "0.5")


@pytest.mark.parametrize(
    ("name", "form", "header", "first"),
    [
        ("2024-03 sales.csv", "03-{:02d}", HEAD, datetime(2024, 3, 1)),
        ("订单2024年.csv", "3月{}日 14:30", HEAD, datetime(2024, 3, 1, 14, 30)),
        ("orders_20240331.csv", "3月{}日下午2:30", HEAD, datetime(2024, 3, 1, 14, 30)),
        ("2024.csv", "{} березня 14:30", ["Номер замовлення", "Клієнт", "Дата", "Товар", "Кількість", "Сума"], datetime(2024, 3, 1, 14, 30)),
        ("2024.csv", "{}.03", ["Номер замовлення", "Клієнт", "Дата", "Товар", "Кількість", "Сума"], datetime(2024, 3, 1)),
        ("March 2024.csv", "Mar {}", ["Order", "Customer", "Date", "Item", "Qty", "Total"], datetime(2024, 3, 1)),
        ("March 2024.csv", "{}-Mar, 14:30", ["Order", "Customer", "Date", "Item", "Qty", "Total"], datetime(2024, 3, 1, 14, 30)),
    ],
)
def test_a_date_without_a_year_takes_it_from_the_name(name: str, form: str, header: list[str], first: datetime, tmp_path: Path) -> None:
    path = write_text(tmp_path / name, [header, *orders(form=form)])
    assert [dict(note.values) for note in open_source(path).notes] == [{"column": header[2], "year": "2024"}]
    _, parts = load(path, tmp_path / "out")
    assert (len(parts["sales"]), parts["sales"][0]["ordered_at"]) == (30, first)


def test_a_date_without_a_year_takes_it_from_its_row_or_asks(tmp_path: Path) -> None:
    rows = [[*row, f"{2023 + i // 15}/01/01"] for i, row in enumerate(orders(form="03/{:02d}"))]
    path = write_text(tmp_path / "a.csv", [[*HEAD, "导出日期"], *rows])
    _, parts = load(path, tmp_path / "out")
    assert [row["ordered_at"].year for row in parts["sales"]] == [2023] * 15 + [2024] * 15
    with pytest.raises(RegularsError, match=r"a-2024\.csv") as problem:
        open_source(write_text(tmp_path / "a.csv", [HEAD, *orders(form="03/{:02d}")]))
    assert problem.value.code == "year_missing"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三件", "3"), ("两个", "2"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("二十五瓶", "25"), ("一百零五", "105"), ("两千三百", "2300"), ("一千零一十", "1010"),
        ("二〇二四", None), ("三三", None), ("零", None), ("一百万", None), ("张三", None), ("百", None), ("三.五", None),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, value: str | None) -> None:
    assert count_of(text) == (value or text)


def test_numerals_and_full_width_figures_in_a_file(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－")
    rows = [
        [str(row[0]).translate(wide), *row[1:2], f"２０２４－０３－{i % 28 + 1:02d}".translate(wide), "茶", "二件", "１２．５０"]
        for i, row in enumerate(orders())
    ]
    path = write_text(tmp_path / "a.csv", [HEAD, *rows])
    _, parts = load(path, tmp_path / "out")
    assert (parts["sales"][0]["order_id"], parts["sales"][0]["quantity"], float(parts["sales"][0]["amount"])) == ("D1000", 2, 12.5)
    assert parts["sales"][0]["ordered_at"] == datetime(2024, 3, 1)


@pytest.mark.parametrize("mark", ["# ", "// ", "-- ", ""])
def test_remarks_above_the_table(mark: str, tmp_path: Path) -> None:
    before = f"{mark}Exported 2024-05-01 10:00, by Olena; shop 7\n{mark}Filter: all; sorted by date\n"
    path = write_text(
        tmp_path / "a.csv", [["Order ID", "Customer", "Date", "Amount"], *([i, f"c{i % 5}", f"2024-03-{i % 28 + 1:02d}", 5] for i in range(40))], before=before
    )
    sheet = only_sheet(path)
    assert (sheet.header_row, sheet.columns) == (3, ("Order ID", "Customer", "Date", "Amount"))
    staged, _ = load(path, tmp_path / "out")
    assert (staged.rows_in, staged.rows_loaded) == (40, 40)


@pytest.mark.parametrize(("day", "told"), [("{:02d}/02/2024", 0), ("0{}/05/2024", 1)])
def test_an_order_of_day_and_month_that_nothing_proves_is_announced(day: str, told: int, tmp_path: Path) -> None:
    head = ["Номер замовлення", "Клієнт", "Дата", "Сума"]
    path = write_text(tmp_path / "a.csv", [head, *([i, f"к{i % 5}", day.format(i % (28 if not told else 8) + 1), 5] for i in range(40))])
    staged, _ = load(path, tmp_path / "out")
    assert propose(only_sheet(path)).date_order == "dmy"
    assert sum("day first" in note.says for note in staged.notes) == told


def test_what_an_ending_promises_is_noted(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.csv", {"S": [["order", "date", "amount"], [1, "2024-01-01", 5]]})
    assert open_source(book).kind == "xlsx"
    assert dict(open_source(book).notes[0].values) == {"file": "a.csv", "kind": "a workbook"}
    text = write_text(tmp_path / "b.xlsx", [["order", "date", "amount"], [1, "2024-01-01", 5]])
    assert dict(open_source(text).notes[0].values) == {"file": "b.xlsx", "kind": "plain text"}
    assert open_source(write_text(tmp_path / "c.dat", [["order", "date"], [1, "2024-01-01"]])).notes == ()
