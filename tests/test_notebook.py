"""In a notebook: what a result shows, the frames it becomes, the rows behind it, the tutorial, and what a user's type checker sees."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import regulars as rg
from regulars import inline
from regulars.charts.picture import Picture
from regulars.frames import RowSet
from regulars.i18n import Reader
from regulars.units import text

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"
EVIL = "<script>alert(1)</script>"
each_language = pytest.mark.parametrize("language", ["en", "uk", "zh_CN"])
each_analysis = pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)


class Page(HTMLParser):
    """Tags, attributes and text of a block; that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += attrs

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_harmless(html: str) -> Page:
    """A block that stands alone: no script, no handler, nothing from outside."""
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "foreignobject"} & {*page.tags}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in {"src", "href"}]
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\((?!#)", html)
    return page


# Under a cell


@each_language
@each_analysis
def test_a_result_shows_sentences_chart_table_and_definitions(analysis: type[Any], language: str, small_shop: Any) -> None:
    result = small_shop.run(analysis()).in_language(language)
    html = result._repr_html_()
    page = check_harmless(html)
    assert {"svg", "table", "details", "dl"} <= {*page.tags}
    assert page.tags.count("tr") == 1 + min(result.summary.num_rows, inline.ROWS_SHOWN)
    assert page.tags.count("li") == len(result.findings)
    reader = result.reader
    assert reader.language == language
    assert f'lang="{language.replace("_", "-")}"' in html
    shown = [str(inline.h.fragment[column.meaning if language == "en" else reader.say(column.meaning)]) for column in result.columns.values()]
    assert all(meaning in html for meaning in shown)
    assert len(html) < 200_000
    assert html == small_shop.run(analysis()).in_language(language)._repr_html_()


@each_language
def test_the_text_of_a_result_is_short_and_says_the_findings(language: str, small_shop: Any) -> None:
    result = small_shop.run(rg.RFM()).in_language(language)
    said = repr(result)
    assert all(finding.text() in said for finding in result.findings)
    assert said.count("\n") < 20
    assert all(f"details[{name!r}]" in said for name in result.details)


def test_the_language_is_the_workspaces(small_shop: Any) -> None:
    result = small_shop.run(rg.RFM())
    assert result.reader == small_shop.reader
    assert result.findings[0].text() == result.findings[0].text(small_shop.reader)
    other = result.in_language("uk")
    assert other.reader == Reader("uk", result.currency)
    assert other.findings[0].text() == result.findings[0].text(other.reader) != result.findings[0].text()
    assert other.findings == result.findings, "the reader is no part of what is said"
    assert other.summary is result.summary
    with pytest.raises(rg.RegularsError, match="tlh"):
        result.in_language("tlh")


def test_long_tables_end_with_how_many_more(small_shop: Any) -> None:
    result = small_shop.run(rg.KPIs(grain="day", periods=60))
    assert "… and 40 rows more" in result._repr_html_()
    assert "… and more" in small_shop.run(rg.RFM()).rows()._repr_html_()
    assert "… and" not in small_shop.run(rg.RFM()).rows(limit=3)._repr_html_()


def test_names_in_the_data_are_harmless(small_shop: Any) -> None:
    columns = {"name": text(EVIL, EVIL), "city": text("City", "Where")}
    table = pa.table({"name": [EVIL, '"><img src=x onerror=alert(1)>'], "city": ["a" * 10_000, None]})
    html = RowSet(lambda _: table, columns, Reader())._repr_html_()
    check_harmless(html)
    assert "&lt;script&gt;" in html
    assert len(html) < 10_000, "one cell does not fill the page"
    told = small_shop.run(rg.RFM())
    evil = replace(told, summary=told.summary.set_column(0, "segment", pa.array([EVIL] * told.summary.num_rows)))
    page = check_harmless(evil._repr_html_())
    assert "script" not in page.tags


@each_language
def test_a_workspace_a_delivery_a_finding_and_a_chart_show_themselves(language: str, tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", currency="GBP", time_zone="Europe/London", language=language)
    assert "ws.load(" in repr(shop)
    check_harmless(shop._repr_html_())
    evil = tmp_path / "a<b>.csv"
    days = [date(2024, 1, 1 + n) for n in range(28)]
    evil.write_text("date,customer,amount\n" + "".join(f"{day},c{n % 5},{n}.50\n" for n, day in enumerate(days)) + "never,c1,1\n", encoding="utf-8")
    loaded = shop.load(evil)
    assert loaded.language == language
    assert repr(loaded).startswith("Import(a<b>.csv")
    result = shop.run(rg.RFM())
    for one in (loaded, shop, result.findings[0], result.chart, result.rows()):
        html = one._repr_html_()
        check_harmless(html)
        assert f'lang="{language.replace("_", "-")}"' in html
    assert "a&lt;b&gt;.csv" in loaded._repr_html_()
    assert str(tmp_path) not in shop._repr_html_() + repr(shop)
    assert "ws.run(rg.RFM())" in repr(shop)


# Charts


def test_charts_stand_alone_and_follow_the_theme(small_shop: Any) -> None:
    result = small_shop.run(rg.CPM())
    assert result.chart is result.charts[0]
    for picture in result.charts:
        assert isinstance(picture, Picture)
        svg, both = picture.svg(), picture.in_both_tones()
        assert svg.startswith("<svg ")
        assert "light-dark(" not in svg
        assert re.sub(r"light-dark\(((?:rgba?\([^)]*\)|[^,()])+),(?:rgba?\([^)]*\)|[^,()])+\)", r"\1", both) == svg
        json.dumps(picture.option(), allow_nan=False)
        assert picture.title in picture._repr_html_().replace("&#39;", "'")


# Frames


@each_analysis
def test_frames_are_the_answer(analysis: type[Any], small_shop: Any) -> None:
    result = small_shop.run(analysis())
    for name in (None, *result.details):
        exact, frame, polar = result.to_arrow(name), result.to_pandas(name), result.to_polars(name)
        assert list(frame.columns) == polar.columns == exact.column_names
        assert len(frame) == len(polar) == exact.num_rows
        for field in exact.schema:
            if pa.types.is_decimal(field.type):
                assert frame[field.name].dtype == "float64"
                assert polar[field.name].dtype == pl.Float64
            if pa.types.is_date(field.type):
                assert pd.api.types.is_datetime64_any_dtype(frame[field.name])
                assert polar[field.name].dtype == pl.Date


def test_money_is_exact_in_arrow_and_near_in_frames(small_shop: Any) -> None:
    result = small_shop.run(rg.RFM())
    exact = sum(result.to_arrow()["revenue"].to_pylist())
    assert isinstance(exact, Decimal)
    assert result.to_pandas()["revenue"].sum() == pytest.approx(float(exact), rel=1e-12)


def test_a_detail_nobody_knows_is_named(small_shop: Any) -> None:
    with pytest.raises(rg.RegularsError, match=r"rfm has no detail gird\. Did you mean 'grid'"):
        small_shop.run(rg.RFM()).to_pandas("gird")


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_without_the_library_the_line_that_installs_it(name: str, small_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(rg.RegularsError, match=r"pip install 'regulars\[notebook\]'"):
        getattr(small_shop.run(rg.RFM()), f"to_{name}")()


# Rows


def test_rows_are_fetched_when_asked_for_and_once(small_shop: Any) -> None:
    result = small_shop.run(rg.RFM())
    asked: list[int | None] = []

    def counting(where: Any, people: bool, limit: int | None) -> pa.Table:
        asked.append(limit)
        return result.source(where, people, limit)

    rows = replace(result, source=counting).rows(segment=["at_risk", "champions", "loyal"])
    few = rows.limit(3)
    assert "RowSet(customer_id" in repr(rows)
    assert asked == []
    assert len(few) == 3
    assert few.to_pylist() == list(few) == few.to_arrow().to_pylist()
    assert asked == [3]
    assert len(rows.to_pandas()) == len(rows.to_polars()) == len(rows) > 3
    assert asked == [3, None]
    assert few.limit(10).most == 3, "a limit only narrows"
    batches = list(rows.batches(2))
    assert max(batch.num_rows for batch in batches) == 2
    assert pa.Table.from_batches(batches).equals(rows.to_arrow())
    rows._repr_html_()
    assert asked[-1] == inline.ROWS_SHOWN + 1


def test_rows_have_places_and_a_length_that_is_counted(small_shop: Any) -> None:
    result = small_shop.run(rg.RFM())
    asked: list[int | None] = []

    def counting(where: Any, people: bool, limit: int | None) -> pa.Table:
        asked.append(limit)
        return result.source(where, people, limit)

    known = result.rows().to_pylist()
    watched = replace(result, source=counting)
    rows = watched.rows()
    assert (len(rows), len(rows.limit(3)), len(watched.rows(segment="at_risk"))) == (len(known), 3, sum(row["segment"] == "at_risk" for row in known))
    assert asked == []
    assert (rows[0], rows[4]) == (known[0], known[4])
    assert (rows[:2].to_pylist(), rows[2:5].to_pylist(), rows[1:9:3].to_pylist()) == (known[:2], known[2:5], known[1:9:3])
    assert asked == [1, 5, 2, 5, 9]
    for place in (slice(-3, None), slice(None, -2), slice(5, 2, -1), slice(None, None, -1), slice(-3, 9), slice(7, 3), slice(3, 3, 2), slice(10**6, None)):
        assert rows[place].to_pylist() == list(rows[place]) == known[place]
        assert len(rows[place]) == len(known[place])
    assert rows[-1] == known[-1]
    assert rows[2:][:2].to_pylist() == rows[2:].limit(2).to_pylist() == known[2:4]
    assert rows.limit(3)[:10].to_pylist() == known[:3]
    for beyond in (len(known), -len(known) - 1):
        with pytest.raises(IndexError):
            rows[beyond]
    with pytest.raises(IndexError):
        watched.rows(limit=3)[3]
    asked.clear()
    assert list(watched.rows()) == known
    assert asked == [None]


def test_rows_refuse_an_unknown_column_at_once(small_shop: Any) -> None:
    with pytest.raises(rg.RegularsError, match="segmnt"):
        small_shop.run(rg.RFM()).rows(segmnt="at_risk")


@each_analysis
def test_rows_show_themselves(analysis: type[Any], small_shop: Any) -> None:
    for people in (False, True):
        check_harmless(small_shop.run(analysis()).rows(people=people, limit=2)._repr_html_())


# The package


def test_names_complete_and_help_says_what_they_are(small_shop: Any) -> None:
    assert {"rows", "chart", "to_pandas", "to_polars", "to_arrow", "in_language", "findings"} <= {*dir(small_shop.run(rg.RFM()))}
    assert {"RFM", "open", "Result"} <= {*dir(rg)}
    assert "bins" in str(rg.RFM.__signature__)
    assert (rg.RFM.__doc__ or "").startswith("Which customers carry the business")


def test_the_package_is_light_to_import() -> None:
    probe = "import sys, regulars; print([name for name in ('pyarrow', 'pandas', 'polars', 'duckdb', 'pydantic') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_extras_are_in_the_metadata() -> None:
    found = metadata("regulars")
    extras = {*(found.get_all("Provides-Extra") or [])}
    assert {"dev", "notebook"} <= extras
    wanted = [line for line in found.get_all("Requires-Dist") or [] if "extra == 'notebook'" in line.replace('"', "'")]
    assert {re.split(r"[<>=; ]", line)[0] for line in wanted} == {"ipykernel", "pandas", "polars"}


SNIPPET = """
import regulars as rg

ws = rg.open("shop")
result = ws.run(rg.RFM(bins=4))
questions = [rg.KPIs(), rg.CPM(lapse_days=180), rg.Concentration(), rg.Retention(grain="week")]
reveal_type(result)
reveal_type(result.chart)
reveal_type(result.rows(segment="at_risk"))
reveal_type(result.rows().limit(3).to_polars())
reveal_type(result.findings[0].text())
reveal_type(result.to_polars("grid"))
reveal_type(result.to_pandas())
"""


def test_a_users_type_checker_sees_the_types(tmp_path: Path) -> None:
    (tmp_path / "snippet.py").write_text(SNIPPET, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n[mypy-pyarrow.*,pandas.*]\nignore_missing_imports = true\n", encoding="utf-8")
    line = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        "mypy.ini",
        "--follow-imports=silent",
        "--cache-dir",
        str(ROOT / ".mypy_cache" / "user"),
        "snippet.py",
    ]
    said = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    types = re.findall(r'Revealed type is "(.*)"', said)
    assert types[:6] == [
        "regulars.result.Result",
        "regulars.charts.picture.Picture | None",
        "regulars.frames.RowSet",
        "polars.dataframe.frame.DataFrame",
        "str",
        "polars.dataframe.frame.DataFrame",
    ], said
    assert len(types) == 7
    assert "error" not in said, said


# The tutorial


def outputs(path: Path) -> list[tuple[str, list[str]]]:
    """Each cell's source and what it prints, as text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return [("".join(cell["source"]), ["".join(one.get("text") or one["data"]["text/plain"]) for one in cell["outputs"]]) for cell in code]


def test_the_tutorial_prints_what_is_written_there(tmp_path: Path) -> None:
    again = tmp_path / "again.ipynb"
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "write_tutorial.py"), str(again)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for (source, before), (_, now) in zip(outputs(TUTORIAL), outputs(again), strict=True):
        assert now == before, f"{source}\nrun: make docs"


def test_the_tutorial_can_be_published() -> None:
    written = TUTORIAL.read_text(encoding="utf-8")
    assert len(written) < 600_000
    assert not re.search(r"/(?:home|work|tmp|root|Users)/|site-packages", written)
    assert [ran for _, ran in outputs(TUTORIAL) if not ran] == []
    html = [html for cell in json.loads(written)["cells"] for one in cell.get("outputs", []) if (html := "".join(one.get("data", {}).get("text/html", "")))]
    blocks = [one for one in html if 'class="regulars"' in one]
    assert len(blocks) >= 8
    for one in blocks:
        check_harmless(one)
