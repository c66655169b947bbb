"""What changed between two briefs: from their pages alone, and between two days of one workspace."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

import briefs
import regulars as rg
from order_files import HEADER, as_csv, orders, write
from regulars.i18n import LANGUAGES, Language, Reader
from regulars.reports import comparison
from regulars.reports.brief import make_brief
from regulars.reports.comparison import compare
from regulars.reports.moves import moves_between
from regulars.reports.page import render, write_html
from regulars.reports.record import Heading, Record, read_record, record_of
from regulars.surfaces import cli

EARLIER, LATER = date(2025, 11, 30), date(2025, 12, 31)


@pytest.fixture(scope="module")
def pair(tea_shop_loaded: Any) -> tuple[Any, Any]:
    """The tea shop's brief of November, and of December."""
    return make_brief(tea_shop_loaded, as_of=EARLIER), make_brief(tea_shop_loaded)


@pytest.fixture(scope="module")
def pages(pair: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same as two pages, the first in Ukrainian: the language of a page does not matter."""
    folder = tmp_path_factory.mktemp("pages")
    names = (("november.brief.html", "uk"), ("december.brief.html", "en"))
    first, second = (write_html(brief, folder / name, Reader(language)) for brief, (name, language) in zip(pair, names, strict=True))
    return first, second


def machine(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    """What ``--json`` prints."""
    assert cli.run(["--json", *words]) == status
    out, err = capsys.readouterr()
    assert not err
    return json.loads(out)


def edited(record: Record, **changes: Any) -> Record:
    return record.model_copy(update=changes)


# --- the record -----------------------------------------------------------------------------------------------------


def test_a_page_carries_the_record_it_was_made_from(pair: tuple[Any, Any], pages: tuple[Path, Path]) -> None:
    assert [read_record(page) for page in pages] == [record_of(brief) for brief in pair]
    assert (read_record(pages[0]).as_of, read_record(pages[1]).as_of) == (EARLIER, LATER)


def test_the_record_is_a_small_part_of_the_page(pages: tuple[Path, Path]) -> None:
    assert len(record_of_text(pages[1])) < pages[1].stat().st_size / 5


def record_of_text(page: Path) -> str:
    found = re.search(r'<template id="record">(.*?)</template>', page.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_record_names_nobody(tmp_path: Path) -> None:
    """Orders of named people: the page lists them, the record does not."""
    ws = rg.open(tmp_path / "shop", currency="EUR", time_zone="UTC", language="en")
    ws.load(write(tmp_path / "orders.csv", as_csv(HEADER, orders(120))))
    page = write_html(make_brief(ws), tmp_path / "a.html", ws.reader)
    assert "Person 7" in page.read_text(encoding="utf-8")
    assert "Person" not in record_of_text(page)
    assert not re.search(r'"0000\d"', record_of_text(page))


def test_hostile_words_stay_inside_the_record() -> None:
    island = re.search(r'<template id="record">(.*?)</template>', render(briefs.made_brief(), Reader("en")), re.DOTALL)
    assert island
    assert not set("<>&") & set(island[1])
    assert {row[0] for row in json.loads(island[1])["answers"]["cups"]["tables"]["summary"]["rows"]} == {*briefs.CUPS}


@given(st.decimals(min_value=Decimal("-99999999999.9999"), max_value=Decimal("99999999999.9999"), places=4))
def test_an_amount_survives_as_a_json_number(amount: Decimal) -> None:
    """Money is a number in JSON: 15 digits come back as they were."""
    assert Decimal(repr(json.loads(json.dumps(float(amount))))) == amount


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html>hello", "not the page"),
        ('<template id="record">{"format":99}</template>', "newer"),
        ('<template id="record">{"format":1,</template>', "damaged"),
    ],
)
def test_what_is_no_brief_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", text.encode())
    with pytest.raises(rg.RegularsError) as caught:
        read_record(path)
    assert caught.value.code == "brief_unreadable"
    assert reason in str(caught.value)


def _told(figures: dict[str, Any], **changes: Any) -> None:
    """Change the first amount of the first table."""
    table = figures["tables"]["summary"]
    at = [heading["unit"] for heading in table["headings"].values()].index("money")
    table["rows"][0][at] = changes["value"]


HOSTILE: dict[str, Any] = {
    "a place that asks for more": lambda one: one["sayings"][0].update(template="{revenue.__class__}"),
    "a place as wide as the memory": lambda one: one["sayings"][0].update(template="{revenue:>99999999999}"),
    "a place for nothing": lambda one: one["sayings"][0].update(template="{nobody}"),
    "a place without an end": lambda one: one["sayings"][0].update(template="{"),
    "a row that is not there": lambda one: one["sayings"][0]["cells"]["revenue"].update(address="summary[999].revenue"),
    "a row too short": lambda one: one["tables"]["summary"]["rows"][0].pop(),
    "a word for an amount": lambda one: _told(one, value="much"),
    "a table for an amount": lambda one: _told(one, value={"a": [1]}),
    "an amount without an end": lambda one: _told(one, value=float("inf")),
    "an amount of 4,000 digits": lambda one: _told(one, value=10**4000),
    "digits without an end": lambda one: one["tables"]["summary"]["headings"]["revenue"].update(digits=10**9),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_page_that_was_tampered_with_is_refused(change: Any, pages: tuple[Path, Path], tmp_path: Path) -> None:
    told = json.loads(record_of_text(pages[1]))
    change(told["answers"]["kpis"])
    with pytest.raises(rg.RegularsError, match="its figures are damaged"):
        read_record(write(tmp_path / "page.html", f'<template id="record">{json.dumps(told)}</template>'.encode()))


def test_a_page_as_deep_as_the_sea_is_refused(tmp_path: Path) -> None:
    page = f'<template id="record">{"[" * 200_000}</template>'
    with pytest.raises(rg.RegularsError, match="its figures are damaged"):
        read_record(write(tmp_path / "page.html", page.encode()))


def test_a_page_cannot_write_to_the_terminal(pages: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(record_of_text(pages[1])) | {"name": "shop\x1b]0;title\x07"}
    path = write(tmp_path / "page.html", f'<template id="record">{json.dumps(told)}</template>'.encode())
    assert cli.run(["diff", str(pages[0]), str(path)]) == 0
    out = capsys.readouterr().out
    assert "shop ]0;title" in out
    assert "\x1b" not in out


# --- the comparison -------------------------------------------------------------------------------------------------


def test_the_same_brief_has_not_changed(pair: tuple[Any, Any]) -> None:
    for brief in pair:
        found = compare(record_of(brief), record_of(brief))
        assert not found.changed
        assert not found.remarks


def test_every_difference_is_that_of_two_results(tea_shop_loaded: Any, pair: tuple[Any, Any]) -> None:
    """The figures of the comparison against those of the analysis itself, one by one."""
    found = compare(*map(record_of, pair))
    (rfm,) = (one for one in found.answers if one.key == "rfm")
    then, now = (tea_shop_loaded.run(rg.RFM(as_of=day)).summary.to_pylist() for day in (EARLIER, LATER))
    before = {row["segment"]: row["customers"] for row in then}
    after = {row["segment"]: row["customers"] for row in now}
    told = {dict(c.row)["segment"]: int(c.difference or 0) for c in rfm.changes if c.table == "summary" and c.name == "customers"}
    assert told == {name: after[name] - before[name] for name in after.keys() & before.keys() if after[name] != before[name]}


def test_what_findings_quote_comes_first(pair: tuple[Any, Any]) -> None:
    for one in compare(*map(record_of, pair)).answers:
        quoted = [change.quoted for change in one.changes]
        assert quoted == sorted(quoted, reverse=True)
        rest = [comparison.COMPARED.index(change.heading.unit) for change in one.changes if not change.quoted]
        assert rest == sorted(rest)


def test_people_who_moved_are_counted(tea_shop_loaded: Any, pair: tuple[Any, Any]) -> None:
    then, now = ({row["customer_id"]: row["segment"] for row in tea_shop_loaded.run(rg.RFM(as_of=day)).rows()} for day in (EARLIER, LATER))
    found = moves_between(*pair)["rfm"]
    counted: dict[tuple[Any, Any], int] = {}
    for who in then.keys() | now.keys():
        counted[then.get(who), now.get(who)] = counted.get((then.get(who), now.get(who)), 0) + 1
    assert found.stayed == sum(n for (before, after), n in counted.items() if before == after)
    assert {(m.before, m.after): m.customers for m in found.moved} == {k: n for k, n in counted.items() if k[0] != k[1]}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"book": "USD"}, "currency"),
        ({"name": "another"}, "name"),
        ({"as_of": date(2025, 1, 1)}, "order"),
        ({"first_on": date(2020, 1, 1)}, "time_span"),
        ({"day_starts_at": 5}, "business_day"),
        ({"version": "9.9"}, "version"),
        ({"engine": "spark"}, "engine"),
        ({"answers": {}}, "missing"),
    ],
)
def test_what_cannot_be_compared_is_said(changes: dict[str, Any], code: str, pair: tuple[Any, Any]) -> None:
    before, after = record_of(pair[0]), edited(record_of(pair[1]), **changes)
    found = compare(before, after)
    assert code in {remark.code for remark in found.remarks}
    for language in LANGUAGES:
        assert all("{" not in remark.text(Reader(language)) for remark in found.remarks)
    if code == "currency":
        assert not [c for one in found.answers for c in one.changes if c.heading.unit == "money"]


@pytest.mark.parametrize(("change", "code"), [({"parameters": {"bins": 4}}, "parameter"), ({"definition": "other"}, "definition")])
def test_an_analysis_asked_differently_is_left_out(change: dict[str, Any], code: str, pair: tuple[Any, Any]) -> None:
    before, after = map(record_of, pair)
    after = edited(after, answers=after.answers | {"rfm": after.answers["rfm"].model_copy(update=change)})
    found = compare(before, after)
    assert code in {remark.code for remark in found.remarks}
    assert "rfm" not in {one.key for one in found.answers}


@pytest.mark.parametrize(
    ("unit", "before", "after", "shown"),
    [
        ("rate", 0.484, 0.491, "+0.7\N{NO-BREAK SPACE}pp"),
        ("share", 0.2, 0.1, "\N{MINUS SIGN}10.0\N{NO-BREAK SPACE}pp"),
        ("money", 10.0, 7.5, "\N{MINUS SIGN}£2.50"),
        ("count", 120, 131, "+11"),
        ("count", None, 3, "\N{EN DASH}"),
    ],
)
def test_a_difference_has_the_unit_of_its_figure(unit: Any, before: Any, after: Any, shown: str) -> None:
    change = comparison.Change("summary", "x", Heading(unit=unit, title="X"), (), (), before, after)
    assert change.shown(Reader("en", "GBP")) == shown


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pages_on_the_command_line(language: Language, pages: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["diff", *map(str, pages), "--language", language]) == 0
    out, err = capsys.readouterr()
    assert not err
    assert Reader(language).say(rg.RFM.title) in out
    assert "£" in out
    assert "at_risk" not in out


def test_a_machine_reads_the_same(pages: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    told = machine(capsys, "diff", *map(str, pages))["data"]
    assert told["changed"] is True
    assert (told["before"]["as_of"], told["after"]["as_of"]) == ("2025-11-30", "2025-12-31")
    changes = [change for one in told["analyses"] for change in one["changes"]]
    assert all(abs(c["after"] - c["before"] - c["change"]) < 1e-6 for c in changes if c["change"] is not None)
    same = machine(capsys, "diff", str(pages[0]), str(pages[0]))["data"]
    assert same["changed"] is False


def test_nothing_changed_is_said(pages: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["diff", str(pages[0]), str(pages[0])]) == 0
    assert "Nothing changed." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["changes.xlsx", "changes.csv"])
def test_the_figures_can_be_kept(name: str, pages: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = machine(capsys, "diff", *map(str, pages))["data"]
    expected = sum(len(one["changes"]) for one in told["analyses"])
    path = tmp_path / name
    assert cli.run(["diff", *map(str, pages), "--output", str(path)]) == 0
    rows: Sequence[Any] = (
        load_workbook(str(path)).get_sheet_by_index(0).to_python() if name.endswith("xlsx") else path.read_text(encoding="utf-8-sig").splitlines()
    )
    assert len(rows) >= expected + 1


def test_kept_figures_look_like_their_units(pages: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "changes.xlsx"
    assert cli.run(["diff", *map(str, pages), "--output", str(path)]) == 0
    units = {row[3] for row in load_workbook(str(path)).get_sheet_by_index(0).to_python()[1:]}
    assert {"Money", "Count", "Rate"} <= units
    with ZipFile(path) as book:
        styles = book.read("xl/styles.xml").decode()
    assert all(f'formatCode="{form}"' in styles for form in ("0.0%", "#,##0"))


def test_a_brief_is_not_written_over(pages: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert machine(capsys, "diff", *map(str, pages), "--output", str(pages[0]), status=2)["error"]["code"] == "file_in_the_way"


def test_two_days_of_one_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "orders.csv", as_csv(HEADER, orders(120)))
    assert cli.run(["load", "orders.csv", "--currency", "EUR", "-q"]) == 0
    capsys.readouterr()
    told = machine(capsys, "diff", "--from", "2024-06-30")["data"]
    assert told["before"]["as_of"] == "2024-06-30"
    assert any(one["moves"] for one in told["analyses"])
    assert machine(capsys, "diff", "--from", "2020-01-01", status=2)["error"]["code"] == "as_of_before_data"
    assert machine(capsys, "diff", "--from", "yesterday", status=2)["error"]["code"] == "value_wrong"
    assert machine(capsys, "diff", "--to", "2024-06-30", status=2)["error"]["code"] == "diff_unclear"
    assert machine(capsys, "diff", "one.html", status=2)["error"]["code"] == "diff_unclear"
    assert machine(capsys, "diff", "one.html", "two.html", status=2)["error"]["code"] == "file_missing"
    told = machine(capsys, "brief", "--as-of", "2024-06-30", "--output", "june.html")["data"]
    assert read_record(Path(told["briefs"][0]["page"])).as_of == date(2024, 6, 30)
    assert machine(capsys, "brief", "--as-of", "2020-01-01", status=2)["error"]["code"] == "as_of_before_data"
    assert machine(capsys, "brief", "--as-of", "soon", status=2)["error"]["code"] == "value_wrong"
