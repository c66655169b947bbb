"""A shop's export as it comes: ids with a false ``.0``, blank customers, money as people write it, quoted commas, totals rows."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.running import ROOT

ROW_BYTES = 145
"""About the length of a row in UTF-8; a Chinese one is as long."""


@dataclass(frozen=True, slots=True)
class Export:
    """The words of a file: ``header``, sign of money, goods, the states of an order, shops, the word of a totals row."""

    header: tuple[str, ...]
    money: str
    names: tuple[str, ...]
    goods: tuple[str, ...]
    states: tuple[str, ...]
    shops: tuple[str, ...]
    total: str
    phone: str = "+38067"


_UKRAINIAN = Export(
    ("Номер замовлення", "Дата", "Код клієнта", "Клієнт", "Телефон", "Артикул", "Товар", "Кількість", "Ціна", "Сума", "Статус", "Магазин"),
    "₴",
    ("Олена Коваль", "Ігор Шевченко", "Марія Бондар", "Андрій Ткаченко", "Юлія Мельник", "Тарас Кравець", "Оксана Поліщук"),
    ("Чай чорний, 100 г", "Кава в зернах", "Чашка «Ранок», біла", "Мед", 'Фільтр 12""', "Печиво вівсяне, 250 г", "Чайник", "Какао"),
    ("Виконано", "Виконано", "Виконано", "Доставлено", "Скасовано", "Повернення"),
    ("Хрещатик", "Поділ", "Оболонь"),
    "Всього",
)
EXPORTS = {
    "utf-8": _UKRAINIAN,
    "cp1251": Export(
        _UKRAINIAN.header, "грн", _UKRAINIAN.names, _UKRAINIAN.goods, _UKRAINIAN.states, _UKRAINIAN.shops, _UKRAINIAN.total,
    ),
    "gb18030": Export(
        ("订单号", "下单时间", "会员号", "客户姓名", "手机号", "商品编码", "商品名称", "数量", "单价", "金额", "订单状态", "门店"),
        "元",
        ("王小明", "李娜", "张伟", "刘洋", "陈静", "杨帆", "赵磊"),
        ("红茶, 100克", "咖啡豆", "白色茶杯, 大号", "蜂蜜", '滤网 12""', "燕麦饼干, 250克", "茶壶", "可可"),
        ("已完成", "已完成", "已完成", "已发货", "已关闭", "已退款"),
        ("人民路店", "中山路店", "西湖店"),
        "合计",
        "+86138",
    ),
}  # fmt: skip

_ROWS = """
    WITH drawn AS (
        SELECT i, (hash(i) >> 20)::BIGINT AS h, (hash(i + 1000000007) >> 20)::BIGINT AS g, (hash(i // 3) >> 20)::BIGINT AS o, i // 3 AS number
        FROM range({rows}) AS t(i)),
    lines AS (
        SELECT *, CASE WHEN o % 5 > 0 THEN floor(pow(o % 1000003 / 1000003.0, 3) * {customers})::BIGINT END AS who,
            1 + h % 3 AS pieces, 200 + 37 * (g % 2000) AS cents FROM drawn),
    written AS (
        SELECT *, CASE WHEN h % 40 = 0 THEN -pieces ELSE pieces END AS quantity, (pieces * cents)::BIGINT AS sum_cents FROM lines)
    SELECT (100000 + number)::VARCHAR || '.0',
        strftime(TIMESTAMP '2023-01-01 08:00:00' + to_minutes((number * 1095 * 1440.0 / ({rows} / 3))::BIGINT), '%d.%m.%Y %H:%M'),
        coalesce((17000 + who)::VARCHAR || '.0', ''), CASE WHEN who IS NULL THEN '' ELSE ({names})[1 + who % 7] || ' ' || who END,
        CASE WHEN who IS NULL OR who % 3 = 0 THEN '' ELSE '{phone}' || (1000000 + who) END,
        'A-' || (100 + g % 2000), {goods}, quantity,
        {cents_as_money}, {sum_as_money}, ({states})[1 + o % 6], CASE WHEN h % 11 = 0 THEN ' ' ELSE '' END || ({shops})[1 + o % 3]
    FROM written"""


_QUOTED = """lambda t: CASE WHEN contains(t, ',') OR contains(t, '"') THEN '"' || t || '"' ELSE t END"""


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + word + "'" for word in words) + "]"


def _money(cents: str, sign: str) -> str:
    """An amount, of which one in five is written as ``1 234,56 ₴``."""
    plain = f"({cents} // 100) || ',' || lpad(({cents} % 100)::VARCHAR, 2, '0')"
    grouped = f"regexp_replace(({cents} // 100)::VARCHAR, '(\\d)(\\d{{3}})$', '\\1 \\2') || ',' || lpad(({cents} % 100)::VARCHAR, 2, '0') || ' {sign}'"
    minus = "CASE WHEN quantity < 0 THEN '-' ELSE '' END || " if cents == "sum_cents" else ""
    return f"'\"' || {minus}CASE WHEN h % 5 = 0 THEN {grouped} ELSE {plain} END || '\"'"


def rows_sql(export: Export, rows: int) -> str:
    """The cells of that many rows, already quoted where they must be."""
    return _ROWS.format(
        rows=rows,
        customers=rows // 12,
        names=_list(export.names),
        phone=export.phone,
        goods=f"list_transform([({_list(export.goods)})[1 + g % 8]], {_QUOTED})[1]",
        cents_as_money=_money("cents", export.money),
        sum_as_money=_money("sum_cents", export.money),
        states=_list(export.states),
        shops=_list(export.shops),
    )


def write_export(path: Path, words: str, encoding: str, megabytes: int) -> None:
    """Write an export in the ``words`` of one of ``EXPORTS``, so many megabytes in UTF-8; after every 50,000 rows stands a totals row."""
    export = EXPORTS[words]
    total = export.total + ',,,,,,,,,"1 000 000,00",,\n'
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(",".join(export.header) + "\n")
        for lines in _lines(export, megabytes * 1_000_000 // ROW_BYTES):
            file.write("\n".join(lines) + "\n" + total)


def _lines(export: Export, rows: int) -> Iterator[list[str]]:
    from regulars.engines.duckdb import scratch

    with scratch() as connection:
        for batch in connection.execute(f"SELECT concat_ws(',', *COLUMNS(*)) FROM ({rows_sql(export, rows)})").to_arrow_reader(50_000):
            yield batch.column(0).to_pylist()


def write_book(path: Path, rows: int) -> None:
    """A workbook with the same rows: dates and numbers as such, where the export writes plain ones."""
    import xlsxwriter

    export = EXPORTS["utf-8"]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        sheet.write_row(0, 0, export.header)
        for number, cells in enumerate(csv.reader(line for lines in _lines(export, rows) for line in lines), start=1):
            for place, text in enumerate(cells):
                if place == 1:
                    sheet.write_datetime(number, place, datetime.strptime(text, "%d.%m.%Y %H:%M"), day)  # noqa: DTZ007
                elif place in {0, 2, 7} and text:
                    sheet.write_number(number, place, float(text))
                elif text:
                    sheet.write_string(number, place, text)


def prepare_export(path: Path, words: str, encoding: str, megabytes: int) -> None:
    """Write it in a process of its own: a process that is measured counts the memory of the one that starts it."""
    subprocess.run([sys.executable, "-m", "benchmarks.exports", str(path), words, encoding, str(megabytes)], check=True, cwd=ROOT)


if __name__ == "__main__":
    write_export(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
