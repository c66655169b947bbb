"""Exports of known systems as if their presets were not there: what a column is taken for then, and that money of a bank is not taken for sales."""

from __future__ import annotations

from pathlib import Path

import pytest

from regulars.ingest import header, mapping
from regulars.ingest.mapping import Mapping, propose
from regulars.ingest.presets import named
from regulars.ingest.read import Sheet, open_source

SAMPLES = Path(__file__).parent / "data" / "presets"


@pytest.fixture(autouse=True)
def no_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (header, mapping):
        monkeypatch.setattr(module, "recognised", lambda columns: None)


def sample(name: str) -> Sheet:
    return open_source(SAMPLES / f"{name}.csv").sheets[0]


def guessed(name: str) -> Mapping:
    return propose(sample(name))


@pytest.mark.parametrize(
    "name",
    [
        "google_ads", "meta_ads", "hubspot_deals", "salesforce_opportunities", "salesforce_opportunity_report", "zoho_deals", "bitrix24_deals",
        "salesforce_leads", "zoho_leads", "bitrix24_leads", "zendesk_tickets", "salesforce_cases", "monobank_card", "monobank_fop", "novapay_register",
        "privatbank_business", "privatbank_card", "rozetkapay_register", "shopify_orders", "shopify_customers", "square_items", "mailchimp_audience",
    ],
)  # fmt: skip
def test_its_table_is_found_by_evidence(name: str) -> None:
    preset, found = named(name), guessed(name)
    assert preset is not None
    assert (found.preset, found.table) == (None, preset.table)


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("shopify_orders", ("order_id", "ordered_at", "status", "product_id", "product_name", "quantity", "unit_price", "discount", "refunded", "currency")),
        ("square_items", ("order_id", "ordered_at", "order_time", "customer_id", "product_id", "quantity", "amount", "kind", "store")),
        ("google_ads", ("spent_on", "campaign_name", "amount", "currency", "impressions", "clicks", "conversions")),
        ("monobank_fop", ("booked_at", "kind", "party", "note")),
        ("novapay_register", ("order_id", "booked_at", "amount", "fee")),
        ("zendesk_tickets", ("opened_at", "closed_at", "status", "priority", "agent", "subject")),
    ],
)
def test_its_columns_are_found_by_evidence(name: str, sure: tuple[str, ...]) -> None:
    preset, found = named(name), guessed(name)
    assert preset is not None
    told = preset.fields(sample(name).columns)
    assert {field: found.fields.get(field) for field in sure} == {field: told[field] for field in sure}
