"""The brief's page: alone in the world, safe with any content, readable by machines and people, the same every time."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regulars as rg
from briefs import EVIL, PEOPLE, cups, facts, made_brief
from order_files import as_csv, write
from regulars.analysis import Line
from regulars.charts.theme import DARK, LIGHT
from regulars.charts.tones import Palette, two_toned
from regulars.errors import error
from regulars.i18n import LANGUAGES, Language, Reader
from regulars.reports import Brief, make_brief, write_html
from regulars.reports import brief as briefs_module
from regulars.reports.elements import sentence, table
from regulars.reports.health import FACTS, Health
from regulars.reports.page import BOLD, POLICY, _Glyphs, render
from regulars.reports.people import PEOPLE_SHOWN
from regulars.units import Cell
from regulars.units import text as words

STYLE = (Path(rg.__file__).parent / "reports" / "brief.css").read_text(encoding="utf-8")
VOID = {"meta", "br", "hr", "wbr", "link", "img", "input"}


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, texts, headings, anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements nest"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    return render(made_brief(), Reader("en", "GBP"))


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


# alone and safe


def test_the_page_needs_no_network_and_no_script(text: str, page: Page) -> None:
    addresses = [
        value for _, attributes in page.tags for name, value in attributes.items() if name in ("href", "src", "srcset", "action", "data", "xlink:href")
    ]
    assert addresses
    assert all(value and re.match(r"#|tel:\+?\d+$|mailto:", value) for value in addresses)
    assert not {tag for tag, _ in page.tags} & {"script", "iframe", "object", "embed", "link", "img", "base", "form"}
    style = text[text.index("<style>") : text.index("</style>")]
    assert all(url.startswith("data:") for url in re.findall(r"url\(([^)]*)", style))
    assert "@import" not in style
    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in page.all("meta")
    assert "'none'" in POLICY
    assert "script" not in POLICY


def test_no_content_of_a_file_becomes_markup(page: Page) -> None:
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    shown = "".join(page.texts)
    for one in EVIL[:3]:
        assert one in shown, "shown as it was written"
    assert not page.all("img")
    assert len([tag for tag, _ in page.tags if tag == "style"]) == 1


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_any_text_is_shown_as_it_is_written(anything: str) -> None:
    column = words(anything, anything)
    shown = Page(str(table([{"a": anything}], {"a": column}, Reader("en"), anything)))
    assert shown.texts.count(anything) == 3, "in the caption, the header and the cell"
    assert {tag for tag, _ in shown.tags} == {"div", "table", "caption", "thead", "tbody", "tr", "th"}
    assert anything in "".join(Page(str(sentence("{a}.", {"a": Cell(anything, column, "x")}, Reader("en")))).texts)


def test_only_what_has_the_form_of_a_number_or_an_address_can_be_tapped(page: Page) -> None:
    tapped = {a["href"] for a in page.all("a") if a["href"] and not a["href"].startswith("#")}
    assert tapped == {"tel:+380501234567", "mailto:a@example.com"}


# structure


def test_headings_language_tables_and_anchors(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level is skipped"
    assert page.all("html") == [{"lang": "en"}]
    assert all(th.get("scope") for th in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a") if a["href"] and a["href"].startswith("#")} <= set(ids)


def test_every_picture_has_a_name_and_a_table_behind_it(page: Page) -> None:
    pictures = page.all("svg")
    assert len(pictures) == 2, "one for a wide page, one for a phone; grids are tables themselves"
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    assert len(page.all("table")) >= 3


def test_the_same_brief_gives_the_same_page(text: str) -> None:
    assert render(made_brief(), Reader("en", "GBP")) == text
    assert len(text) < 300_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_renders_and_the_currency_stays(language: str, tmp_path: Path) -> None:
    written = write_html(made_brief(), tmp_path / "brief.html", rg.reader(language))
    page = Page(written.read_text(encoding="utf-8"))
    assert page.all("html")[0]["lang"] == language.replace("_", "-")
    shown = "".join(page.texts)
    assert "£" in shown
    assert "at_risk" not in shown
    assert "date_missing" not in shown, "keys are never shown"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_shown_is_embedded_in_its_weight_or_in_no_font(language: str) -> None:
    text = render(made_brief(), Reader(language, "GBP"))
    glyphs = _Glyphs()
    glyphs.feed(text[text.index("<body") :])
    for weight, shown in ((400, glyphs.all), (600, glyphs.bold)):
        faces = re.findall(rf"font-weight:{weight};[^}}]*unicode-range:([^}}]*)", text)
        embedded = {chr(int(code, 16)) for found in faces for code in re.findall(r"U\+([0-9A-F]+)", found)}
        assert {letter for letter in shown - embedded if not letter.isspace()} <= {"🙂"}


def test_heavy_type_is_set_where_its_letters_are_looked_for() -> None:
    heavy = re.findall(r"([^{}]*)\{[^}]*font(?:-weight: 600|: [567]00|-weight: bold)", STYLE)
    assert [{one.strip() for one in selectors.rpartition("*/")[2].split(",")} for selectors in heavy] == [BOLD | {".strong"}]


def test_a_chart_in_two_tones_is_the_light_one_with_variables() -> None:
    light, dark = (
        '<svg id="chart-0123456789"><path fill="#2a6fb0" stroke="rgb(1,2,3)"/></svg>',
        '<svg id="chart-aaaaaaaaaa"><path fill="#6fb1e8" stroke="rgb(1,2,3)"/></svg>',
    )
    palette = Palette()
    merged = two_toned(light, dark, palette.variable)
    values = dict(re.findall(r"(--ink-\d+):([^;]*);", palette.css(dark=False)))
    assert re.sub(r"var\((--ink-\d+)\)", lambda found: values[found[1]], merged) == light
    assert "#6fb1e8" in palette.css(dark=True)


# looks


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_text_can_be_read_on_everything_it_stands_on(theme: object) -> None:
    look = LIGHT if theme is LIGHT else DARK
    own = re.findall(r"--(page|soft|warm|warm-soft|good|bad): (#[0-9a-f]{6})", STYLE)
    colours = dict(own[:6] if look is LIGHT else own[6:]) | {"surface": look.surface, "text": look.text, "muted": look.muted, "accent": look.colours[0]}
    inks = {
        "page": ("text", "muted", "accent", "warm"),
        "surface": ("text", "muted", "accent", "good", "bad"),
        "soft": ("text", "muted", "accent"),
        "warm-soft": ("warm", "accent"),
    }
    for ground, names in inks.items():
        for name in names:
            assert _contrast(colours[name], colours[ground]) >= 4.5, f"{name} on {ground}"


# content


def test_findings_are_ranked_by_money_and_three_of_them_lead() -> None:
    brief = made_brief()
    weights = [finding.weight for finding, _ in brief.ranked]
    assert weights == sorted(weights, reverse=True)
    assert 1 <= len(brief.headlines) <= 3
    assert not any(finding.warning for finding, _ in brief.headlines)
    assert len({finding.template for finding, _ in brief.headlines}) == len(brief.headlines), "they say different things"


def test_lists_are_urgent_first_and_nobody_is_called_twice(page: Page) -> None:
    brief = made_brief()
    assert [one.action.within_days for one in brief.lists] == [14, 30]
    first, second = brief.lists
    assert len(first) == 3
    assert first.above == frozenset()
    assert second.above == {"00000", "00001", "00002"}
    shown = "".join(page.texts)
    assert shown.count("see above") == 3
    assert f"{PEOPLE_SHOWN} of {PEOPLE}" in shown
    results = [attributes for tag, attributes in page.tags if tag == "td" and attributes.get("class") == "result"]
    assert len(results) == 3 + PEOPLE_SHOWN


def test_lists_of_one_name_are_told_apart() -> None:
    titles = [one.title(Reader("en")) for one in made_brief().lists]
    assert len(set(titles)) == 2
    assert titles[1].endswith("Green cup")


def test_columns_nobody_filled_are_left_out() -> None:
    (first, _) = made_brief().lists
    bare = first.people.set_column(first.people.column_names.index("phone"), "phone", [[None] * 3])
    assert "phone" in first.columns
    assert "phone" not in type(first)(1, first.action, first.result, bare, frozenset()).columns


def test_what_is_missing_and_what_was_refused_is_said(page: Page) -> None:
    shown = "".join(page.texts)
    assert "Missing: saucers." in shown
    assert "several currencies" in shown
    assert "personal data" in shown
    assert "regulars rows" in shown


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows_rejected": 0, "rows_in": 990}, "All 990 rows were read"),
        ({"reachable": 0}, "no valid phone number"),
        ({"history_days": 99}, "less than a year"),
        ({}, "could not be read"),
    ],
)
def test_health_says_what_to_know_before_believing_a_number(changes: dict[str, int], says: str) -> None:
    health = Health(Line(facts(**changes), FACTS, "health"), ())
    assert says in " ".join(one.text(Reader("en", "GBP")) for one in health.sentences())


def test_an_empty_brief_is_still_a_page() -> None:
    shown = "".join(Page(render(made_brief((), questions=()), Reader("en", "GBP"))).texts)
    assert "no customers who need to be contacted" in shown


def test_a_long_table_shows_a_part_and_says_so() -> None:
    rows = cups().summary.to_pylist() * 30
    import pyarrow as pa

    shown = "".join(Page(render(made_brief((cups(summary=pa.Table.from_pylist(rows)),)), Reader("en", "GBP"))).texts)
    assert "40 of 90 rows" in shown


# writing


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "there" / "brief.html"
    with pytest.raises(rg.RegularsError) as caught:
        write_html(made_brief(), target, Reader("en"))
    assert caught.value.code == "not_writable"
    assert not list(tmp_path.iterdir())
    written = write_html(made_brief(), tmp_path / "brief.html", Reader("en"))
    assert stat.S_ISREG(written.stat().st_mode)
    assert [one.name for one in tmp_path.iterdir()] == ["brief.html"]


# of a workspace


class _Shop:
    """A workspace that answers nothing but errors."""

    def __init__(self, code: str) -> None:
        self.problem = error("cancelled") if code == "cancelled" else error("book_unknown", name="X", known="Y")
        self.snapshot = self.chosen_book = None

    def run(self, analysis: object) -> None:
        raise self.problem

    def sql(self, text: str) -> None:
        raise self.problem


def test_a_wish_to_stop_stops_the_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(rg.RegularsError, match="Stopped"):
        make_brief(_Shop("cancelled"))  # type: ignore[arg-type]


def test_an_analysis_the_data_do_not_allow_is_kept_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made_brief()
    shop = _Shop("book_unknown")
    shop.folder, shop.imports, shop.snapshot = Path("/tmp/.regulars"), whole.imports, whole.snapshot  # type: ignore[attr-defined]
    monkeypatch.setattr(briefs_module, "check", lambda _: whole.health)
    monkeypatch.setattr(briefs_module, "answer", lambda *_: ())
    brief = make_brief(shop)  # type: ignore[arg-type]
    assert len(brief.refused) == len(rg.ANALYSES)
    assert brief.results == brief.lists == ()
    assert brief.name.startswith('"><img'), "a folder made in passing does not give the brief its name; the file does"


# of a real shop, from its order file


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rg.Workspace]:
    """Eleven months of a tea house with two branches: regulars, newcomers, and some who have gone quiet."""
    folder = tmp_path_factory.mktemp("tea")
    rows = []
    for person in range(90):
        visits = range(person % 40, (330, 120, 60)[person % 3], 9 + person % 17)
        for visit, day in enumerate(visits):
            when = date(2024, 1, 1) + timedelta(day)
            what = "Green <tea>" if visit % 2 else ("Pu-erh & cake", "Oolong")[person % 2]
            rows.append(
                (
                    f"{person}-{visit}",
                    f"{person:04d}",
                    f"Пані {person} 王",
                    f"+38050{person:07d}",
                    f"{when} 12:30:00",
                    what,
                    ("Київ", "Львів")[person % 2],
                    1 + person % 4,
                    "120.00",
                )
            )
    header = ("order_id", "customer_id", "customer_name", "phone", "ordered_at", "product_name", "store", "quantity", "unit_price")
    with rg.open(folder / "tea house.regulars", currency="UAH", time_zone="Europe/Kyiv", language="en") as workspace:
        workspace.load(write(folder / "orders.csv", as_csv(header, rows)))
        yield workspace


@pytest.fixture(scope="module")
def tea(shop: rg.Workspace) -> Brief:
    return make_brief(shop)


def test_a_shop_gets_every_analysis_and_lists_with_phones(tea: Brief) -> None:
    assert tea.name == "tea house"
    assert [result.analysis.key for result in tea.results] == [analysis.key for analysis in rg.ANALYSES if not analysis().needs]
    assert tea.refused == ()
    assert tea.lists
    assert all("phone" in one.columns for one in tea.lists)
    assert all(
        sum(Decimal(row["year_revenue"]) for row in one.lines) == one.action.at_stake.amount.value for one in tea.lists if one.action.order_by == "year_revenue"
    )


def test_the_five_questions_are_answered_from_the_data(tea: Brief) -> None:
    product, store, new, old, spend = tea.questions
    assert "Green <tea>" in "".join(finding.text(Reader("en", "UAH")) for finding, _ in product.findings)
    assert "Київ" in "".join(finding.text(Reader("en", "UAH")) for finding, _ in store.findings)
    assert new.findings
    assert old.findings
    assert not (product.missing or store.missing or new.missing or old.missing)
    assert len(spend.missing) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_portfolio_is_ten_numbered_cards_the_last_first(tea: Brief, language: Language) -> None:
    text = render(tea, Reader(language, "UAH"))
    cards = re.findall(r'<article class="card group.*?</article>', text, re.DOTALL)
    assert [re.search(r'class="place">(\d+)<', card)[1] for card in cards] == [str(n) for n in range(10, 0, -1)]  # type: ignore[index]
    badged = ['class="badge"' in card for card in cards]
    assert badged == [True] * 3 + [False] * 7, "eight to ten say that the customers have lapsed"
    assert 'class="missing"' in cards[0], "too little history for the loyal to have lapsed"
    assert Page(text).tags


def test_two_runs_give_the_same_page_and_no_key_is_shown(tea: Brief, shop: rg.Workspace) -> None:
    text = render(tea, Reader("uk", "UAH"))
    assert render(make_brief(shop), Reader("uk", "UAH")) == text
    page = Page(re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL).partition('id="definitions"')[0])
    shown = "".join(page.texts)
    assert not re.search(r"\b(first_time|near_lapse|cannot_lose|at_risk|date_missing|year_revenue)\b", shown.replace("--where type=first_time", ""))
