"""Order files written for a test, and the command as a person runs it on them."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

import regulars as rg
from regulars.i18n import LANGUAGES, Reader

D = Decimal
HEADER = ("order_id", "customer_id", "name", "ordered_at", "product_id", "quantity", "unit_price")
SOURCE = str(Path(rg.__file__).parents[1])

Row = Sequence[object]


def as_csv(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def as_xlsx(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A workbook in which text stays text."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet()
        for r, row in enumerate([header, *rows]):
            sheet.write_row(r, 0, row)
    return book.getvalue()


def orders(number: int, *, prefix: str = "", customers: int = 30, opened: date = date(2024, 1, 1)) -> list[Row]:
    """Plain orders of 10.00 each over a year, one line each, ``customers`` people in turn."""
    return [
        (f"{prefix}{n}", f"{n % customers:05d}", f"Person {n % customers}", f"{opened + timedelta(n * 7 % 366)} 12:00:00", f"P{n % 5}", 2, "5.00")
        for n in range(number)
    ]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def revenue(shop: Any, **how: Any) -> Decimal:
    """The net revenue of everything in a workspace."""
    rows = shop.run(rg.KPIs(grain="month", periods=36), **how).summary.to_pylist()
    return sum((D(row["revenue"]) for row in rows if row["revenue"]), D(0))


def teaches(problem: rg.RegularsError, *places: str) -> None:
    """A named error says where, and what to do next, to every reader."""
    assert problem.kind.next_step
    assert all(place in str(problem) for place in places), str(problem)
    for language in LANGUAGES:
        told = Reader(language).explain(problem)
        assert "\n" in told, "the sentence, then the next step"
        assert "{" not in told
        assert all(place in told for place in places), told


def good_shop(folder: Path) -> Any:
    """A workspace with 60 good orders: 600.00."""
    workspace = rg.open(folder / "shop", currency="EUR", time_zone="Europe/Kyiv", language="en")
    workspace.load(write(folder / "good.csv", as_csv(HEADER, orders(60))))
    return workspace


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": SOURCE, "LC_ALL": "C.UTF-8", "REGULARS_LANGUAGE": "en"}


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as a person without a terminal runs it in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "regulars", *words], cwd=folder, env=environment(), capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False
    )
