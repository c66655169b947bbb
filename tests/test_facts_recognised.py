"""Sheets of the fact tables: recognised by their headers, mapped, loaded; and what is not one of them left alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

import regulars as rg
from fact_files import EXPORTS, Export
from ingest_files import TODAY, load, only_sheet, parts, write_book, write_text
from regulars.errors import RegularsError
from regulars.ingest.asking import unsure
from regulars.ingest.facts.words import headers
from regulars.ingest.fields import TABLE_FIELDS, words_of
from regulars.ingest.mapping import FactName, Mapping, corrected, propose
from regulars.ingest.stage import stage
from regulars.schema import FACTS

ZONES = {"zh_CN": ("CNY", "Asia/Shanghai"), "uk": ("UAH", "Europe/Kyiv"), "en": ("GBP", "Europe/Kyiv")}
D = Decimal


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.table}-{e.language}")
def test_an_export_is_recognised_mapped_and_loaded(export: Export, tmp_path: Path) -> None:
    sheet = only_sheet(write_text(tmp_path / f"{export.name}.csv", export.rows))
    currency, zone = ZONES[export.language]
    mapping = propose(sheet, language_hint=export.language)
    assert mapping.table == export.table
    assert mapping.fields.items() >= export.fields.items()
    assert mapping.doubts == ()
    assert Mapping.from_toml_dict(mapping.to_toml_dict()) == mapping

    staged = stage(sheet, mapping, folder=tmp_path / "out", import_id="i1", currency=currency, time_zone=zone, today=TODAY)
    assert (staged.rows_in, staged.rejected_by_reason) == (len(export.rows) - 1, export.rejected)
    loaded = parts(tmp_path / "out", export.table)
    assert len(loaded) == staged.rows_loaded == staged.rows_in - staged.rows_rejected
    for field, values in export.values.items():
        assert [row[field] for row in loaded][: len(values)] == values, field
    assert [row["about"] for row in parts(tmp_path / "out", "rejected")] == [export.table] * staged.rows_rejected


def test_every_fact_table_has_an_export_in_every_language_and_words_for_every_field() -> None:
    assert {(e.table, e.language) for e in EXPORTS} == {(table, language) for table in FACTS for language in ZONES}
    assert set(get_args(FactName)) == FACTS.keys()
    for table in FACTS:
        for field in TABLE_FIELDS[table]:
            assert words_of(table, field)
    assert headers("tickets").exactly("客户投诉单号") == {}
    assert headers("tickets").exactly("Ticket No.")["ticket_id"] >= 0.95


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("sales", ["Order ID|Customer|Date|Item|Qty|Price|Due date|Status", "1|Acme|2024-01-05|tea|2|5|2024-02-05|paid"]),
        ("sales", ["Invoice No|Customer|Date|Due date|Amount", "I1|Acme|2024-01-05|2024-02-05|120.5"]),
        ("sales", ["Дата|Номер чека|Клієнт|Товар|Кількість|Ціна|Сума|Менеджер|Оплачено|Статус оплати", "05.01.2024|1|Олена|чай|1|5|5|М|5|так"]),
        ("customers", ["会员号|姓名|手机|会员等级|余额|积分|入会日期|到期日期", "V1|张伟|13867204511|金卡|120.5|300|2023-01-01|2025-01-01"]),
        ("customers", ["Код клієнта|ПІБ|Телефон|Дата реєстрації|Баланс|Менеджер", "K1|Олена|0671112203|15.01.2024|100|Марія"]),
        ("products", ["SKU|Product name|Category|Cost|Price|Stock|Supplier", "A1|Tea|t|1|2|30|X"]),
        ("payments", ["Payment ID|Date|Customer|Invoice|Amount|Method|Fee", "1|2024-01-05|A|I1|10|card|0.3"]),
    ],
)
def test_what_the_ledger_explains_better_stays_the_ledgers(table: str, rows: list[str], tmp_path: Path) -> None:
    cells = [line.split("|") for line in rows]
    mapping = propose(only_sheet(write_text(tmp_path / "export.csv", [cells[0], *[cells[1]] * 3])))
    assert (mapping.table, mapping.sure) == (table, True)


def test_a_sheet_that_could_be_two_tables_is_asked_about(tmp_path: Path) -> None:
    rows = [
        ["Назва угоди", "Клієнт", "Сума", "Етап", "Дата закриття"],
        ["Чай", "ТОВ Зоря", "100", "Виграно", "15.01.2024"],
        ["Кава", "ПП Лан", "200", "Програно", "25.01.2024"],
    ]
    sheet = only_sheet(write_text(tmp_path / "export.csv", rows))
    mapping = propose(sheet)
    assert (mapping.table, mapping.doubts) == ("sales", ("table",))
    assert "--set table=sales" in unsure(sheet, mapping).values["line"]
    as_sales, as_deals = (corrected(mapping, sheet, {"table": table}) for table in ("sales", "deals"))
    assert (as_sales.table, as_sales.sure, as_deals.table, as_deals.sure) == ("sales", True, "deals", True)
    _, loaded = load(Path(sheet.path), tmp_path / "out", mapping=as_deals, currency="UAH")
    assert [(row["name"], row["won"], row["amount"]) for row in loaded["deals"]] == [("Чай", True, D(100)), ("Кава", False, D(200))]


def test_the_name_of_a_sheet_helps(tmp_path: Path) -> None:
    rows = [["Дата", "Подія", "Магазин"], ["05.03.2024", "відкриття", "Центр"], ["25.03.2024", "ремонт", "Центр"]]
    book = write_book(tmp_path / "a.xlsx", {"Календар подій": rows})
    mapping = propose(only_sheet(book))
    assert (mapping.table, mapping.fields) == ("calendar", {"day_on": "Дата", "name": "Подія", "store": "Магазин"})


def test_what_is_missing_is_named_and_a_person_completes_it(tmp_path: Path) -> None:
    rows = [["Ticket ID", "Ticket subject", "Agent", "Wann"], *([str(i), "broken", "Ann", f"2024-01-{i:02d}"] for i in range(11, 19))]
    sheet = only_sheet(write_text(tmp_path / "a.csv", rows))
    with pytest.raises(RegularsError) as problem:
        corrected(None, sheet, {"table": "spend"})
    assert (problem.value.code, problem.value.values["wanted"]) == ("column_missing", words_of("spend", "amount"))
    assert "--set table=spend" in problem.value.values["line"]
    mapping = corrected(propose(sheet), sheet, {"opened_at": "Wann", "agent": "-"})
    assert mapping.fields == {"ticket_id": "Ticket ID", "subject": "Ticket subject", "opened_at": "Wann"}
    for wrong in ({"amount": "Agent"}, {"table": "tockets"}):
        with pytest.raises(RegularsError) as problem:
            corrected(None, sheet, wrong)
        assert problem.value.code == "mapping_wrong"


def test_people_named_in_a_ticket_become_known_and_unreadable_cells_are_counted(tmp_path: Path) -> None:
    rows = [
        ["Ticket ID", "Customer name", "Phone", "Email", "Opened at", "Resolved at", "CSAT"],
        ["1", "Ann  Smith", "0671112203", "ANN@Example.com", "2024-03-05 10:00", "soon", "5/5"],
        ["2", "Ann Smith", "+380 67 111 22 03", "", "2024-03-06 10:00", "2024-03-07", "five"],
        ["3", "guest", "", "", "2024-03-06 10:00", "2024-03-07", "4"],
    ]
    staged, _ = load(write_text(tmp_path / "a.csv", rows), tmp_path / "out", currency="UAH")
    tickets, customers = (parts(tmp_path / "out", table) for table in ("tickets", "customers"))
    assert [row["customer_id"] for row in tickets] == ["+380671112203", "+380671112203", None]
    assert [row["satisfaction"] for row in tickets] == [D(5), None, D(4)]
    assert [(row["customer_id"], row["name"], row["phone"], row["email"]) for row in customers] == [
        ("+380671112203", "Ann Smith", "+380671112203", "ann@example.com")
    ]
    counted = {dict(note.values)["column"]: dict(note.values)["rows"] for note in staged.notes if "column" in dict(note.values)}
    assert counted == {"Resolved at": 1, "CSAT": 1}


STORIES = {
    "en": ("tickets", "stock", "select agent as a, opened_on as b from tickets order by ticket_id"),
    "uk": ("leads", "invoices", "select name as a, created_on as b from leads order by lead_id"),
    "zh_CN": ("reviews", "spend", "select text as a, written_on as b from reviews order by review_id"),
}


@pytest.mark.parametrize("language", STORIES)
def test_from_the_file_to_the_question(language: str, tmp_path: Path) -> None:
    """Loaded through the door, served as a table and asked with SQL; the same file again changes nothing."""
    first, second, question = STORIES[language]
    currency, zone = ZONES[language]
    order = [["Order ID", "Date", "Customer ID", "Amount"], *([str(i), f"2024-02-{i:02d}", f"c{i % 3}", "10"] for i in range(1, 20))]
    shop = rg.open(tmp_path / "shop.regulars", language=language, currency=currency, time_zone=zone)
    shop.load(write_text(tmp_path / "orders.csv", order))
    for table in (first, second):
        export = next(e for e in EXPORTS if (e.table, e.language) == (table, language))
        file = write_text(tmp_path / f"{export.name}.csv", export.rows)
        done = shop.load(file)
        assert (done.rows_in, done.rejected_by_reason) == (len(export.rows) - 1, export.rejected)
        assert shop.load(file).already_loaded
        assert shop.table(table).num_rows == done.rows_loaded
    answers = shop.sql(question).to_pylist()
    assert len(answers) == shop.table(first).num_rows
    assert all(row["a"] for row in answers)
    assert all(isinstance(row["b"], date) for row in answers)
