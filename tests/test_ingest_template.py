"""The empty workbook: in every language its headers are recognised with certainty, and what is filled in loads."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from ingest_files import load
from regulars.errors import RegularsError
from regulars.i18n import LANGUAGES, Language, Reader
from regulars.ingest.mapping import propose
from regulars.ingest.read import open_source
from regulars.ingest.synonyms import ROLES
from regulars.ingest.template import write_template

FILLED = {
    "order_id": "0001", "ordered_at": datetime(2024, 3, 5, 14, 30), "customer_id": "007", "customer_name": "Їжак", "customer_phone": "067 123 45 67", "product_id": "A1", "product_name": "Кава",
    "category": "Напої", "quantity": 2, "unit_price": 5.5, "discount": 1, "amount": 10, "payment_method": "карта", "store": "Київ", "status": "OK", "customer_email": "a@b.co", "gender": "ж",
    "birth_on": date(1990, 1, 2), "city": "Київ", "address": "вул. 1", "customer_group": "VIP", "joined_on": date(2020, 1, 2), "brand": "X", "unit_cost": 3, "payment_id": "P1",
    "paid_at": date(2024, 3, 5), "paid_amount": 10,
}  # fmt: skip


def fill(template: Path, path: Path, language: Language) -> Path:
    """The template with one row written into each of its sheets."""
    cells = {ROLES[field].first(language): value for field, value in FILLED.items()}
    book = CalamineWorkbook.from_path(template)
    with xlsxwriter.Workbook(str(path)) as filled:
        day = filled.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name in book.sheet_names:
            page = filled.add_worksheet(name)
            rows = book.get_sheet_by_name(name).to_python()
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)
            for column, header in enumerate(rows[0] if len(rows) == 1 else []):
                value = cells[str(header)]
                page.write_datetime(1, column, value, day) if isinstance(value, date) else page.write(1, column, value)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_round_trips(language: Language, tmp_path: Path) -> None:
    template = tmp_path / "template.xlsx"
    write_template(template, Reader(language))
    with pytest.raises(RegularsError) as problem:
        open_source(template)
    assert problem.value.code == "file_empty", "left empty it is no delivery"
    path = fill(template, tmp_path / "filled.xlsx", language)
    mapped = [(sheet, propose(sheet)) for sheet in open_source(path).sheets]
    assert [(mapping.table, mapping.refunds) for _, mapping in mapped] == [
        ("sales", False),
        ("sales", True),
        ("customers", False),
        ("products", False),
        ("payments", False),
    ]
    for sheet, mapping in mapped:
        assert mapping.sure
        assert len(mapping.fields) == len(sheet.columns), "every header is understood"
    _, parts = load(path, tmp_path / "out", currency="UAH")
    assert parts["rejected"] == []
    sale, refund = parts["sales"]
    assert sale | {"order_id": "0001", "customer_id": "007", "amount": 10, "quantity": 2, "discount": 1, "cancelled": False} == sale
    assert sale["ordered_at"] == FILLED["ordered_at"]
    assert (refund["amount"], refund["quantity"], refund["cancelled"]) == (-10, -2, True)
    assert parts["payments"][0]["amount"] == 10


def test_the_same_template_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, Reader("uk"))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as problem:
        write_template(tmp_path / "missing" / "a.xlsx", Reader())
    assert problem.value.code == "not_writable"
