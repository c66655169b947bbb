"""Files as companies really hand them in: mapped without a person's help, every row accounted for, every refusal named. See ``nasty_files``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

import regulars as rg
from ingest_files import load, only_sheet
from nasty_files import Expected, Nasty, every
from order_files import teaches
from regulars.errors import RegularsError
from regulars.ingest.mapping import Mapping, propose
from regulars.ingest.read import open_source
from regulars.schema import FACTS

FILES = every()
ZONES = {"zh_CN": "Asia/Shanghai", "uk": "Europe/Kyiv", "en": "Europe/London"}
AT_LEAST = 0.9
UNKNOWN = frozenset({"?"})


def put(one: Nasty, folder: Path) -> Path:
    path = folder / one.name
    path.write_bytes(one.data)
    return path


# --- what each column is taken for ----------------------------------------------------------------------------------


def misses(one: Nasty, path: Path) -> list[str]:
    """Where the mapping of a file, made without a person, is not the one that is expected."""
    try:
        sheets = {sheet.name: sheet for sheet in open_source(path).sheets}
        found = {table.sheet: propose(sheets[table.sheet], language_hint=one.language) for table in one.tables}
    except KeyError as name:
        return [f"no sheet {name}"]
    except RegularsError as problem:
        return [f"{problem.code}: {problem}"]
    return [miss for table in one.tables for miss in differences(table, found[table.sheet])]


def differences(expected: Expected, mapping: Mapping) -> Iterator[str]:
    if mapping.table != expected.table:
        yield f"taken for {mapping.table}, is {expected.table}"
    taken = {column: field for field, column in mapping.fields.items()}
    for column in {**expected.columns, **taken}:
        if (field := taken.get(column, "-")) not in expected.columns.get(column, UNKNOWN):
            yield f"{column} taken for {field}, is {'/'.join(sorted(expected.columns.get(column, UNKNOWN)))}"
    if mapping.doubts:
        yield f"asks about {', '.join(mapping.doubts)}"


@pytest.fixture(scope="module")
def missed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Files that are not mapped exactly, and how."""
    folder = tmp_path_factory.mktemp("corpus")
    return {one.name: found for one in FILES if (found := misses(one, put(one, folder)))}


def test_M12_nine_in_ten_are_mapped_without_edits(missed: dict[str, list[str]]) -> None:
    told = "\n".join(f"{name}: {'; '.join(how)}" for name, how in missed.items())
    assert 1 - len(missed) / len(FILES) >= AT_LEAST, f"{len(missed)} of {len(FILES)} files are not mapped as they should be:\n{told}"


def test_the_corpus_is_what_it_says() -> None:
    """Sixty files and more, of three languages alike, of every kind of table, the same bytes each time."""
    assert len(FILES) == len({one.name for one in FILES}) >= 60
    assert min(Counter(one.language for one in FILES).values()) >= 20
    assert {table.table for one in FILES for table in one.tables} == {"sales", "customers", "products", "payments", *FACTS}
    from nasty_chinese import lists, others, texts, workbooks

    again = {one.name: one.data for part in (texts, workbooks, others, lists) for one in part()}
    assert again == {one.name: one.data for one in FILES if one.language == "zh_CN"}


# --- what becomes of the rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file loaded into a workspace of its own, as nobody corrected it."""

    shop: Any
    done: Any


def loaded_by(one: Nasty, folder: Path) -> Loaded | None:
    """The file loaded; None if a named error that teaches refused it, and then nothing of it is there."""
    shop = rg.open(folder / "shop", currency=one.currency, time_zone=ZONES[one.language], language=one.language)
    path = put(one, folder)
    try:
        done = shop.load(path)
    except RegularsError as problem:
        teaches(problem, one.name)
        assert not list(folder.glob("shop/parts/*"))
        return None
    finally:
        assert path.read_bytes() == one.data, "a file given is never modified"
    return Loaded(shop, done)


def rows_of(shop: Any, table: str) -> set[int]:
    """The rows of the file that a table lists."""
    return set(shop.table(table).column("source_row").to_pylist())


@pytest.mark.parametrize("one", FILES, ids=lambda one: f"{one.language}-{one.name}")
def test_every_row_is_loaded_or_listed_with_its_reason(one: Nasty, missed: dict[str, list[str]], tmp_path: Path) -> None:
    """In = loaded + rejected, of each of which the rows can be listed; where the mapping is right, the figures are those of the truth."""
    found = loaded_by(one, tmp_path)
    if found is None:
        assert one.name in missed, "only a file that is not understood is refused"
        return
    with found.shop as shop:
        done = found.done
        assert done.rows_in == done.rows_loaded + done.rows_rejected == sum(table.rows_in for table in one.tables)
        refused = shop.table("rejected")
        assert refused.num_rows == done.rows_rejected
        assert Counter(refused.column("reason").to_pylist()) == done.rejected_by_reason
        assert all(refused.column("row").to_pylist())
        if one.name not in missed:
            assert done.rejected_by_reason == sum((Counter(table.rejected) for table in one.tables), Counter())
            for table in {table.table for table in one.tables}:
                listed(shop, table, [expected for expected in one.tables if expected.table == table])


def listed(shop: Any, table: str, expected: list[Expected]) -> None:
    """The rows of a table can be listed one by one, and their sums are those of the file."""
    loaded = sum(one.loaded for one in expected)
    if table != "sales":
        assert shop.table(table).num_rows >= loaded if table in {"customers", "products"} else shop.table(table).num_rows == loaded
        return
    lines = shop.table("order_lines")
    if len(expected) == 1:
        assert len(rows_of(shop, "order_lines") | rows_of(shop, "returns")) == loaded
    assert lines.num_rows + shop.table("returns").num_rows >= loaded
    assert pc.sum(lines.column("amount")).as_py() == sum((one.amount or Decimal(0) for one in expected), Decimal(0))
    assert shop.table("customers").num_rows == max(one.customers or 0 for one in expected)


# --- the real ones --------------------------------------------------------------------------------------------------

REAL: dict[str, str] = {
    "chinese_retail_xls/catering_sale.xls": "column_missing",
    "chinese_retail_xls/consumption_data.xls": "column_missing",
    "chinese_retail_xls/menu_orders.xls": "column_missing",
    "chinese_retail_xls/sales_data.xls": "column_missing",
    "chinese_reviews/waimai_10k.csv": "reviews",
    "groceries/groceries.csv": "column_missing",
    "hillstrom/hillstrom.csv.gz": "column_missing",
    "ifood_campaigns/ml_project1_data.csv": "customers",
    "leads_x_education/Leads.csv.gz": "leads",
    "maven_crm/accounts.csv": "customers",
    "maven_crm/products.csv": "products",
    "maven_crm/sales_pipeline.csv": "deals",
    "maven_crm/sales_teams.csv": "column_missing",
    "meal_delivery_demand/relational_main.csv.zip": "column_missing",
    "olist/olist_closed_deals_dataset.csv": "deals",
    "olist/olist_geolocation_dataset_sample.csv.gz": "column_missing",
    "olist/olist_marketing_qualified_leads_dataset.csv": "leads",
    "olist/olist_order_payments_dataset.csv.gz": "payments",
    "olist/olist_order_reviews_dataset.csv": "reviews",
    "olist/olist_products_dataset.csv.gz": "products",
    "online_retail/by_day_2010-12/2010-12-01.csv": "sales",
    "online_retail/online_retail_sample5000_dmy_dates.csv": "sales",
    "robyn_weekly/dt_prophet_holidays.csv.gz": "calendar",
    "stallion_beverages/stallion.parquet": "column_missing",
    "support_tickets/customer_support_tickets.csv.gz": "tickets",
    "telco_churn/Telco-Customer-Churn.csv": "customers",
    "tone_dict_uk/tone-dict-uk.tsv": "column_missing",
    "walmart_weekly/Walmart.csv": "column_missing",
}
"""Real file → the table that it is, or the error where one row of it is none of those that Regulars knows."""
STAGED = 1_000_000
"""Bytes of a real file up to which it is loaded here too."""


@pytest.mark.shared
def test_nine_in_ten_real_files_are_taken_for_what_they_are(shared_data: Path, tmp_path: Path) -> None:
    wrong: dict[str, str] = {}
    for name, expected in REAL.items():
        path = shared_data / name
        try:
            mapping = propose(only_sheet(path))
        except RegularsError as problem:
            teaches(problem)
            taken = problem.code
        else:
            taken = mapping.table
            if mapping.sure and path.stat().st_size < STAGED:
                staged, parts = load(path, tmp_path / name)
                assert staged.rows_in == staged.rows_loaded + staged.rows_rejected
                assert len(parts["rejected"]) == staged.rows_rejected
        if taken != expected:
            wrong[name] = f"taken for {taken}, is {expected}"
    assert 1 - len(wrong) / len(REAL) >= AT_LEAST, wrong
