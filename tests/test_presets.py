"""Exports of known systems: every preset is complete, its sample is recognised as nothing else, and loads with every row accounted for."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from regulars.engines.duckdb import scratch
from regulars.ingest.dates import DateOrder
from regulars.ingest.evidence import BY_PRESET
from regulars.ingest.fields import TABLE_FIELDS, moments_of
from regulars.ingest.headers import normal
from regulars.ingest.mapping import Mapping, corrected, propose
from regulars.ingest.presets import WHAT, Preset, known, named, recognised
from regulars.ingest.read import Sheet, open_source
from regulars.ingest.stage import Staged, stage

SAMPLES = Path(__file__).parent / "data" / "presets"
EXPECTED: dict[str, dict[str, Any]] = {
    name: told for path in sorted(SAMPLES.glob("expected*.toml")) for name, told in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
SETTINGS = {"date_order": str, "decimal": str, "currency": str, "refunds": bool, "amount_gross": bool, "once": list}
SECTIONS = {"title", "what", "table", "source", "needs", "columns", "settings", "always", "only", "never"}
EVERY = pytest.mark.parametrize("preset", known(), ids=lambda preset: preset.name)


@lru_cache
def sample(name: str) -> Sheet:
    return open_source(SAMPLES / f"{name}.csv").sheets[0]


@lru_cache
def mapped(name: str) -> Mapping:
    return propose(sample(name))


def staged(sheet: Sheet, mapping: Mapping, folder: Path) -> Staged:
    currency = mapping.currency or "USD"
    return stage(sheet, mapping, folder=folder, import_id="00001", currency=currency, time_zone="Asia/Shanghai", today=date(2026, 12, 31))


def total(folder: Path, mapping: Mapping, expression: str) -> Any:
    with scratch() as connection:
        return connection.execute(f"SELECT {expression} FROM read_parquet('{folder / mapping.table}.parquet')").fetchall()[0][0]


@EVERY
def test_a_preset_is_complete(preset: Preset) -> None:
    told = tomllib.loads((Path(__file__).parent.parent / f"src/regulars/ingest/presets/{preset.name}.toml").read_text(encoding="utf-8"))
    assert set(told) <= SECTIONS
    assert preset.title and preset.what in WHAT and preset.table in TABLE_FIELDS
    assert any(part.strip()[:4].isdigit() for part in preset.source.replace("-", ",").replace(";", ",").split(",")) and "http" not in preset.source
    assert len(preset.needs) >= 4, "fewer headers could be anybody's"
    assert all(normal(header) for alternatives in preset.needs for header in alternatives)
    assert {*preset.columns, *preset.always} <= {*TABLE_FIELDS[preset.table]}
    assert set(preset.settings) <= set(SETTINGS) and all(isinstance(value, SETTINGS[name]) for name, value in preset.settings.items())
    assert preset.settings.get("date_order", "ymd") in DateOrder.__args__  # type: ignore[attr-defined]
    assert {*preset.settings.get("once", [])} <= {*preset.columns}


@EVERY
def test_its_sample_is_recognised_and_as_nothing_else(preset: Preset) -> None:
    sheet = sample(preset.name)
    assert recognised(sheet.columns) is preset
    headers = {normal(column) for column in sheet.columns}
    rivals = [other for other in known() if other is not preset and other.fits(headers)]
    assert all(len(other.needs) < len(preset.needs) for other in rivals)


@EVERY
def test_its_sample_is_mapped_with_certainty(preset: Preset) -> None:
    sheet, mapping = sample(preset.name), mapped(preset.name)
    assert (mapping.preset, mapping.table, mapping.doubts) == (preset.name, preset.table, ())
    assert mapping.fields == preset.fields(sheet.columns)
    assert {(match.confidence, match.reason) for match in mapping.matches} == {(1.0, BY_PRESET)}
    assert Mapping.from_toml_dict(mapping.to_toml_dict()) == mapping


@EVERY
def test_its_sample_is_loaded_as_expected(preset: Preset, tmp_path: Path) -> None:
    sheet, mapping = sample(preset.name), mapped(preset.name)
    done, expected = staged(sheet, mapping, tmp_path), EXPECTED[preset.name]
    assert done.rows_in == done.rows_loaded + done.rows_rejected
    assert (done.rows_loaded, done.rejected_by_reason) == (expected["rows"], expected.get("rejected", {}))
    if "amount" in expected:
        stands = "CASE WHEN cancelled AND amount > 0 THEN 0 ELSE amount END" if preset.table == "sales" else "amount"
        assert total(tmp_path, mapping, f"sum({stands})") == Decimal(expected["amount"])
    if "customers" in expected:
        assert total(tmp_path, mapping, "count(DISTINCT customer_id)") == expected["customers"]
    moment = next((field for field in moments_of(preset.table) if field in mapping.fields), None)
    assert moment is None or total(tmp_path, mapping, f"count({moment})") > 0


def test_samples_and_expectations_are_of_presets() -> None:
    names = {preset.name for preset in known()}
    assert {preset.what for preset in known()} == set(WHAT)
    assert {path.stem for path in SAMPLES.glob("*.csv")} == names == set(EXPECTED)


@pytest.mark.parametrize("path", sorted((SAMPLES / "languages").glob("*.csv")), ids=lambda path: path.stem)
def test_the_same_export_in_another_language_is_recognised(path: Path, tmp_path: Path) -> None:
    sheet = open_source(path).sheets[0]
    mapping = propose(sheet)
    preset = named(path.stem.rpartition("_")[0])
    assert preset is not None and (mapping.preset, mapping.table, mapping.doubts) == (preset.name, preset.table, ())
    assert mapping.fields == preset.fields(sheet.columns)
    assert mapping.fields.keys() == propose(sample(preset.name)).fields.keys()
    assert staged(sheet, mapping, tmp_path).rejected_by_reason == {}


def test_the_closing_day_of_an_open_deal_is_the_expected_one(tmp_path: Path) -> None:
    for name in ("salesforce_opportunities", "hubspot_deals", "zoho_deals", "bitrix24_deals"):
        sheet = sample(name)
        mapping = propose(sheet)
        staged(sheet, mapping, tmp_path / name)
        open_deals = "count(*) FILTER (won IS NULL AND closed_at IS NULL AND expected_on IS NOT NULL)"
        assert total(tmp_path / name, mapping, open_deals) >= 1
        assert total(tmp_path / name, mapping, "count(*) FILTER (won IS NULL OR closed_at IS NOT NULL)") == total(tmp_path / name, mapping, "count(*)")
        assert total(tmp_path / name, mapping, "count(*) FILTER (won) = 1 AND count(*) FILTER (NOT won) = 1")


def test_what_the_system_says_of_every_row_is_loaded(tmp_path: Path) -> None:
    for name, field, said in (("google_ads", "channel", "Google Ads"), ("monobank_fop", "source", "monobank"), ("mailchimp_campaigns", "channel", "Mailchimp")):
        sheet = sample(name)
        mapping = propose(sheet)
        staged(sheet, mapping, tmp_path / name)
        assert total(tmp_path / name, mapping, f"min({field}) || max({field})") == said + said


def test_of_two_that_fit_the_more_specific_is_taken() -> None:
    columns = [alternatives[0] for preset in known() if preset.name.startswith("alipay_") for alternatives in preset.needs]
    found = recognised(columns)
    assert found is not None
    assert len(found.needs) == max(len(preset.needs) for preset in known() if preset.fits({normal(column) for column in columns}))


def test_a_preamble_of_many_lines_is_no_header() -> None:
    assert sample("wechat_pay_bill").header_row == 18
    assert sample("alipay_bill").columns[0] == "交易时间"


def test_a_column_that_contradicts_the_preset_is_left_to_guessing(tmp_path: Path) -> None:
    text = (SAMPLES / "wechat_pay_bill.csv").read_text(encoding="utf-8")
    header = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
    rows = "\n".join(f"2024-03-{day:02},二维码收款,小满{day},茶,收入,见备注,/,已存入零钱,{day},{day},实收 {day}.50" for day in range(1, 29))
    assert header in text
    path = tmp_path / "words.csv"
    path.write_text(f"{header},实付金额\n" + rows.replace(".50", ".50,12.30"), encoding="utf-8")
    mapping = propose(open_source(path).sheets[0])
    assert (mapping.preset, mapping.fields["amount"]) == ("wechat_pay_bill", "实付金额")
    assert {match.field for match in mapping.matches if match.reason != BY_PRESET} == {"amount"}


def test_a_person_wins_over_the_preset() -> None:
    sheet = sample("taobao_orders")
    for start in (None, propose(sheet)):
        mapping = corrected(start, sheet, {"amount": "总金额", "city": "收货地址", "address": "-"})
        assert (mapping.fields["amount"], mapping.fields["city"], "address" in mapping.fields) == ("总金额", "收货地址", False)
        assert (mapping.preset, mapping.doubts, mapping.currency) == ("taobao_orders", (), "CNY")
    assert corrected(None, sheet, {"table": "payments", "amount": "总金额", "order_id": "订单编号"}).preset is None


def test_the_document_lists_every_export() -> None:
    systems: dict[str, list[str]] = {}
    for preset in sorted(known(), key=lambda one: (one.title.casefold(), one.what)):
        systems.setdefault(preset.title, []).append(f"{WHAT[preset.what]} (`{preset.table}`)")
    table = "\n".join(f"| {title} | {', '.join(dict.fromkeys(exports))} |" for title, exports in systems.items())
    document = Path(__file__).parent.parent / "docs" / "how-to" / "systems.md"
    assert table in document.read_text(encoding="utf-8"), f"the table of {document} should be:\n{table}"


def test_what_is_no_entry_stays_none_when_a_person_corrects(tmp_path: Path) -> None:
    sheet = sample("wechat_pay_bill")
    mapping = corrected(None, sheet, {"order_id": "商户单号"})
    assert staged(sheet, mapping, tmp_path).rejected_by_reason == {"other_entry": 5}


def test_a_preset_that_is_no_more_is_none() -> None:
    assert named("gone") is None and named(None) is None


def test_an_export_with_other_columns_is_still_recognised_and_keeps_what_a_person_set(tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", language="en")
    shop.map(SAMPLES / "wecom_customers.csv", {"customer_group": "标签组1(客户等级)"})
    later = tmp_path / "later.csv"
    later.write_text((SAMPLES / "wecom_customers.csv").read_text(encoding="utf-8").replace(",标签组2(来源)", ",标签组2(来源),标签组3(生日)"), encoding="utf-8")
    (_, mapping), (_, bill) = shop.map_files([later, SAMPLES / "taobao_orders.csv"]).mapped
    assert (mapping.preset, mapping.fields["customer_group"], bill.preset) == ("wecom_customers", "标签组1(客户等级)", "taobao_orders")
    assert bill.sure and mapping.sure
