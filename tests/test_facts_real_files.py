"""Real files of the fact tables from the shared folder: what they are taken for, and the figures that loading must reproduce."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest_files import load, only_sheet
from regulars.errors import RegularsError
from regulars.ingest.mapping import corrected, propose

pytestmark = pytest.mark.shared
D = Decimal


def loaded(path: Path, folder: Path, table: str, **fields: str) -> list[dict[str, Any]]:
    """The rows of a file that is loaded as a table without a question, all of them."""
    mapping = propose(only_sheet(path))
    assert (mapping.table, mapping.doubts) == (table, ())
    assert mapping.fields.items() >= fields.items()
    staged, parts = load(path, folder, mapping=mapping)
    assert staged.rejected_by_reason == {}
    return parts[table]


def test_reviews_of_a_marketplace(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "olist" / "olist_order_reviews_dataset.csv"
    rows = loaded(path, tmp_path, "reviews", score="review_score", text="review_comment_message", written_at="review_creation_date")
    assert len(rows) == 6866
    assert round(sum(row["score"] for row in rows) / len(rows), 3) == D("4.078")


def test_leads_and_closed_deals_of_a_marketplace(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "olist"
    leads = loaded(folder / "olist_marketing_qualified_leads_dataset.csv", tmp_path / "leads", "leads", lead_id="mql_id", source="origin")
    deals = loaded(folder / "olist_closed_deals_dataset.csv", tmp_path / "deals", "deals", lead_id="mql_id", won_at="won_date")
    assert (len(leads), len(deals), all(row["won"] for row in deals)) == (8000, 842, True)
    came = Counter(row["source"] for row in leads)
    of = {row["lead_id"]: row["source"] for row in leads}
    closed = Counter(of[row["lead_id"]] for row in deals)
    assert round(closed["paid search"] / came["paid search"], 3) == 0.123
    assert max(row["closed_at"] for row in deals) > datetime(2018, 1, 1)


def test_leads_of_a_school(shared_data: Path, tmp_path: Path) -> None:
    rows = loaded(shared_data / "leads_x_education" / "Leads.csv.gz", tmp_path, "leads", lead_id="Prospect ID", source="Lead Origin")
    assert len({row["lead_id"] for row in rows}) == len(rows) == 9240


def test_tickets_day_first(shared_data: Path, tmp_path: Path) -> None:
    rows = loaded(
        shared_data / "support_tickets" / "customer_support_tickets.csv.gz",
        tmp_path,
        "tickets",
        first_reply_at="FirstResponseTime",
        satisfaction="CustomerSatisfactionRating",
    )
    assert len(rows) == 8469
    assert {row["opened_at"] for row in rows} == {None}
    assert min(row["first_reply_at"] for row in rows if row["first_reply_at"]) >= datetime(2023, 5, 1)
    assert sum(row["satisfaction"] is not None for row in rows) == 2769


def test_a_log_of_cases_is_loaded_as_events_where_a_person_says_so(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "support_tickets" / "helpdesk_event_log.csv"
    sheet = only_sheet(path)
    with pytest.raises(RegularsError) as problem:
        propose(sheet)
    assert problem.value.code == "column_missing"
    mapping = corrected(None, sheet, {"table": "events", "session_id": "CaseID", "kind": "ActivityID"})
    staged, parts = load(path, tmp_path, mapping=mapping)
    assert (staged.rows_loaded, len({row["session_id"] for row in parts["events"]})) == (13710, 3804)


def test_reviews_without_dates_and_holidays(shared_data: Path, tmp_path: Path) -> None:
    reviews = loaded(shared_data / "chinese_reviews" / "waimai_10k.csv", tmp_path / "reviews", "reviews", text="review", score="label")
    assert sum(row["score"] == 1 for row in reviews) == 4000
    days = loaded(shared_data / "robyn_weekly" / "dt_prophet_holidays.csv.gz", tmp_path / "days", "calendar", day_on="ds", name="holiday", region="country")
    assert {row["region"] for row in days} >= {"DE", "UA"}


@pytest.mark.parametrize(("file", "customers"), [("maven_crm/accounts.csv", 85), ("telco_churn/Telco-Customer-Churn.csv", 7043)])
def test_lists_of_customers_without_a_day_are_loaded_where_a_person_says_so(file: str, customers: int, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / file
    staged, parts = load(path, tmp_path, mapping=corrected(None, only_sheet(path), {"table": "customers"}))
    assert (staged.rows_loaded, len(parts["customers"])) == (customers, customers)


@pytest.mark.parametrize(
    "file",
    [
        "robyn_weekly/dt_simulated_weekly.csv",
        "walmart_weekly/Walmart.csv",
        "online_shoppers_intention/online_shoppers_intention.csv",
        "hillstrom/hillstrom.csv.gz",
    ],
)
def test_wide_tables_of_figures_are_none_of_them(file: str, shared_data: Path) -> None:
    """Spend by channel side by side, sales of stores by week, sessions summed up: one row is none of what a fact table holds."""
    with pytest.raises(RegularsError) as problem:
        propose(only_sheet(shared_data / file))
    assert problem.value.code == "column_missing"
