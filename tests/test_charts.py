"""Charts: options are plain data, missing is never zero, SVGs stand alone in three languages, colours can be told apart."""

from __future__ import annotations

import gettext
import json
import re
import threading
import time
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars import i18n, units
from regulars.charts import Bars, Curve, Grid, Lines, Spark, axes, vendor
from regulars.charts.draw import Engine, svg
from regulars.charts.echarts import height, option
from regulars.charts.theme import DARK, LIGHT, PRINT, THEMES, Theme
from regulars.errors import RegularsError
from regulars.i18n import Reader

ENGLISH, CHINESE, UKRAINIAN = Reader("en", "GBP"), Reader("zh_CN", "CNY"), Reader("uk", "UAH")
MONTHS = [date(2026, month, 1) for month in range(7, 11)]
COLUMNS = {
    "segment": units.label("客户分群", "", {"best": "重要价值客户", "lost": "Втрачені клієнти"}),
    "channel": units.label("Канал", ""),
    "month": units.month("Month", ""),
    "revenue": units.money("Виторг", ""),
    "forecast": units.money("Forecast", ""),
    "low": units.money("Low", ""),
    "high": units.money("High", ""),
    "open": units.flag("Not over", ""),
    "age": units.count("Months since", ""),
    "rate": units.rate("留存率", ""),
    "customers": units.count("Customers", ""),
    "customers_share": units.share("Share of customers", ""),
    "revenue_share": units.share("Share of revenue", ""),
}
SEGMENTS = [{"segment": "best", "revenue": Decimal("81234.5000")}, {"segment": "lost", "revenue": None}]
CHANNELS = [
    {"month": MONTHS[0], "channel": "web", "revenue": Decimal(100)},
    {"month": MONTHS[0], "channel": "shop", "revenue": Decimal(50)},
    {"month": MONTHS[1], "channel": "web", "revenue": Decimal(120)},
]
MONEY = [Decimal(30000), None, Decimal(32000), Decimal(9000)]
TREND = [
    {"month": month, "revenue": value, "forecast": None, "low": low, "high": high, "open": month == MONTHS[3]}
    for month, value, low, high in zip(MONTHS, MONEY, (None, None, 30000, 28000), (None, None, 34000, 36000), strict=True)
]
COHORTS = [
    {"month": MONTHS[0], "age": 1, "rate": 0.25, "customers": 40},
    {"month": MONTHS[0], "age": 2, "rate": None, "customers": 40},
    {"month": MONTHS[1], "age": 1, "rate": 0.0, "customers": 31},
]
LORENZ = [{"customers_share": n / 4, "revenue_share": (n / 4) ** 2} for n in range(5)]
FORMS = [
    (Bars("Segments", "segment", "revenue", horizontal=True), SEGMENTS),
    (Bars("Channels", "month", "revenue", by="channel", stacked=True), CHANNELS),
    (Lines("Trend", "month", ("revenue", "forecast"), band=("low", "high"), partial="open"), TREND),
    (Grid("Cohorts", "age", "month", "rate", note="customers"), COHORTS),
    (Curve("Lorenz", "customers_share", "revenue_share"), LORENZ),
    (Spark("Revenue", "revenue"), TREND),
]
NAMES = [type(form).__name__ for form, _ in FORMS]


@pytest.fixture(autouse=True)
def no_catalogues(monkeypatch):
    """The texts here are already in the reader's language."""
    monkeypatch.setattr(i18n, "catalogue", lambda language: gettext.NullTranslations())


def drawn(form, rows, reader=ENGLISH, theme=LIGHT):
    return option(form, rows, COLUMNS, reader, theme)


def strings(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


# --- options


@pytest.mark.parametrize(("form", "rows"), FORMS, ids=NAMES)
@pytest.mark.parametrize("reader", [ENGLISH, CHINESE, UKRAINIAN], ids=lambda reader: reader.language)
def test_an_option_is_plain_json_without_functions_and_always_the_same(form, rows, reader):
    first, second = drawn(form, rows, reader), drawn(form, rows, reader)
    assert json.loads(json.dumps(first, allow_nan=False)) == first == second
    assert list(first) == list(second)
    assert not [text for text in strings(first) if "function" in text or "=>" in text]
    assert first["animation"] is False
    assert first["aria"]["label"]["description"] == form.title


@pytest.mark.parametrize(("form", "rows"), FORMS, ids=NAMES)
def test_no_rows_or_only_missing_values_say_so(form, rows):
    missing = [dict.fromkeys(row) for row in rows]
    for nothing in ([], missing):
        empty = drawn(form, nothing)
        assert empty["title"]["text"] == "No data"
        assert "series" not in empty
    assert "No data" in svg(drawn(form, []), 360, 120)


def test_bars_carry_their_words_and_leave_missing_ones_out():
    made = drawn(*FORMS[0], reader=CHINESE)
    assert made["series"][0]["data"] == [[0, 81234.5, "81,234元", "8.1万元"], [1, None, "–", "–"]]
    assert made["series"][0]["encode"] == {"y": "place", "x": "value", "tooltip": "shown"}
    assert made["yAxis"]["inverse"] is True
    assert made["title"]["text"] == "Виторг, 元"


def test_stacked_bars_reach_to_the_highest_stack_and_a_missing_pair_is_a_gap():
    made = drawn(*FORMS[1])
    web, shop = made["series"]
    assert (web["name"], shop["name"], web["stack"]) == ("web", "shop", shop["stack"])
    assert shop["data"][1] == [1, None, "–", ""]
    assert made["yAxis"][0]["max"] >= 150
    assert made["yAxis"][0]["min"] == 0


def test_names_that_do_not_fit_under_bars_on_a_phone_lie_down():
    columns = COLUMNS | {"segment": units.label("Segment", "")}
    few = [{"segment": name, "revenue": 10} for name in ("a", "b", "c")]
    long = [{"segment": f"Дуже довга назва сегмента номер {n}", "revenue": 10} for n in range(5)]
    form = Bars("Segments", "segment", "revenue")
    assert option(form, few, columns, ENGLISH, LIGHT)["xAxis"]["type"] == "category"
    assert option(form, long, columns, ENGLISH, LIGHT)["yAxis"]["type"] == "category"


def test_lines_break_at_a_gap_and_turn_hollow_and_dashed_where_the_month_is_not_over():
    made = drawn(*FORMS[2])
    named = [series for series in made["series"] if series.get("name") == "Виторг"]
    solid, dashed, dots = named
    assert [value for _, value in solid["data"]] == [30000, None, 32000, None]
    assert [value for _, value in dashed["data"]] == [None, None, 32000, 9000]
    assert dashed["lineStyle"]["type"] == [3, 4]
    assert [point["value"][2] for point in dots["data"]] == ["£30,000", "–", "£32,000", "£9,000.00"]
    assert [point.get("itemStyle", {}).get("color") for point in dots["data"]] == [None, None, None, LIGHT.surface]
    assert [series["tooltip"]["show"] for series in (solid, dashed)] == [False, False]


def test_a_band_is_a_distance_upon_the_lower_bound_and_says_both():
    base, area = drawn(*FORMS[2])["series"][:2]
    assert [value for _, value in base["data"]] == [None, None, 30000, 28000]
    assert area["data"][3] == [3, 8000, "£28,000 – £36,000"]
    assert base["stack"] == area["stack"]


def test_grid_cells_without_a_value_are_empty_and_zero_is_a_cell():
    made = drawn(*FORMS[3])
    assert [cell[:5] for cell in made["series"][0]["data"]] == [[0, 0, 0.25, "25%", "40"], [0, 1, 0.0, "0%", "31"]]
    assert [cell[5:] for cell in made["series"][0]["data"]] == [["Jul 2026", "1", "25.0%"], ["Aug 2026", "1", "0.0%"]]
    assert made["visualMap"][0]["inRange"]["color"] == list(LIGHT.ramp)
    assert made["yAxis"]["inverse"] is True


def test_cells_too_narrow_for_their_numbers_on_a_phone_show_a_scale_instead():
    rows = [{"month": MONTHS[0], "age": age, "rate": 0.5, "customers": 1} for age in range(1, 15)]
    phone, wide = (media["option"] for media in drawn(Grid("Cohorts", "age", "month", "rate"), rows)["media"])
    assert phone["series"][0]["label"]["show"] is False
    assert phone["visualMap"][0]["show"] is True
    assert wide["series"][0]["label"]["show"] is True
    assert wide["visualMap"][0]["show"] is False


def test_a_curve_has_ticks_in_words_on_both_axes_and_a_diagonal():
    made = drawn(*FORMS[4], reader=UKRAINIAN)
    assert made["xAxis"][1]["data"] == made["yAxis"][1]["data"] == ["0\xa0%", "20\xa0%", "40\xa0%", "60\xa0%", "80\xa0%", "100\xa0%"]
    assert made["series"][0]["data"][2] == [0.5, 0.25, "50,0\xa0%", "25,0\xa0%"]
    assert made["series"][1]["data"] == [[0.0, 0.0], [1.0, 1.0]]
    assert len(drawn(Curve("Lorenz", "customers_share", "revenue_share", diagonal=False), LORENZ)["series"]) == 1


def test_a_spark_marks_its_last_known_point():
    made = drawn(Spark("Revenue", "revenue"), [*TREND, {"revenue": None}])
    assert [point["symbol"] for point in made["series"][0]["data"]] == ["none", "none", "none", "circle", "none"]
    assert made["series"][0]["data"][1]["value"] == [1, None]


def test_forms_name_their_columns():
    assert FORMS[2][0].columns == ("month", "revenue", "forecast", "low", "high", "open")
    assert FORMS[3][0].columns == ("age", "month", "rate", "customers")


def test_height_grows_with_the_rows_of_words():
    form = Bars("Segments", "segment", "revenue", horizontal=True)
    assert height(form, [{"segment": n} for n in range(20)]) > height(form, [{"segment": n} for n in range(8)]) > 180


# --- axes


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_ticks_enclose_the_values_evenly_and_are_few(one, other):
    low, high = sorted((one, other))
    at = axes.ticks(low, high)
    step = at[1] - at[0]
    assert 2 <= len(at) <= 8
    assert at[0] <= low + abs(step) * 1e-6
    assert at[-1] >= high - abs(step) * 1e-6
    assert all(later - earlier == pytest.approx(step, rel=1e-6) for earlier, later in pairwise(at))


@pytest.mark.parametrize(
    ("reader", "top", "words"),
    [
        (ENGLISH, 60_000, ["0", "20k", "40k", "60k"]),
        (UKRAINIAN, 60_000, ["0", "20\xa0тис.", "40\xa0тис.", "60\xa0тис."]),
        (CHINESE, 60_000, ["0", "2万", "4万", "6万"]),
        (UKRAINIAN, 6_000, ["0", "2\xa0000", "4\xa0000", "6\xa0000"]),
        (CHINESE, 15_000, ["0", "0.5万", "1.0万", "1.5万"]),
    ],
)
def test_ticks_read_as_the_reader_writes_numbers(reader, top, words):
    at = [top * n / 3 for n in range(4)]
    assert axes.tick_labels(COLUMNS["revenue"], at, reader) == words


@pytest.mark.parametrize(("reader", "sign"), [(ENGLISH, "£"), (UKRAINIAN, "грн"), (CHINESE, "元"), (Reader("uk", "CNY"), "¥"), (Reader("en"), "")])
def test_the_currency_stands_in_the_caption(reader, sign):
    assert axes.currency_sign(reader) == sign


def test_wrapping_breaks_between_words_or_characters_and_never_starts_a_line_with_a_comma():
    assert axes.wrap("Найкращі постійні клієнти", 115) == "Найкращі\nпостійні клієнти"
    assert axes.wrap("新客户只买过一次，三十天", 100) == "新客户只买过一\n次，三十天"
    assert axes.wrap("short", 100) == "short"
    assert axes.wrap("one two three four five six seven", 60) == "one two\nthree f…"


@given(st.text(alphabet="абв客户，（） ab", max_size=60), st.floats(30, 300))
def test_wrapped_text_has_two_lines_and_fits(text, room):
    lines = axes.wrap(text, room).split("\n")
    assert len(lines) <= 2
    assert all(axes.width(line) <= max(room, 24) for line in lines)


def test_the_year_of_a_month_goes_below():
    assert [axes.two_lines(reader.month(MONTHS[3])) for reader in (ENGLISH, CHINESE, UKRAINIAN)] == ["Oct\n2026", "2026年\n10月", "жовт.\n2026\u202fр."]


# --- drawing


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(("form", "rows"), FORMS, ids=NAMES)
def test_an_svg_is_well_formed_and_stands_alone(form, rows, theme):
    picture = svg(drawn(form, rows, CHINESE, theme), 360, 240)
    root = ET.fromstring(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == form.title
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 360 240", "100%", None)
    assert not re.search(r"href|<script|<style|\sstyle=|\sclass=|https?://(?!www\.w3\.org/2000/svg)|@import", picture)
    assert picture == svg(drawn(form, rows, CHINESE, theme), 360, 240)


def words_of(picture):
    return "".join(ET.fromstring(picture).itertext()).replace("\n", "")


def test_chinese_and_ukrainian_labels_are_in_the_picture():
    words = words_of(svg(drawn(*FORMS[0], reader=CHINESE)))
    assert "重要价值客户" in words
    assert "Втрачені клієнти" in words
    assert "8.1万元" in words
    assert "£8" not in words


def test_a_missing_value_leaves_a_gap_in_the_drawn_line():
    form = Lines("Trend", "month", ("revenue",))
    rows = [{"month": date(2026, n, 1), "revenue": None if n == 4 else 100 + n} for n in range(1, 8)]
    strokes = re.findall(r'<path d="(M[^"]*)"[^>]*stroke-linejoin', svg(drawn(form, rows)))
    assert len(strokes) == 1
    assert strokes[0].count("M") == 2


def test_two_charts_on_one_page_share_no_id_and_every_reference_has_its_id():
    one, two = (svg(drawn(Spark(title, "revenue"), TREND), 160, 40) for title in ("a", "b"))
    ids = [set(re.findall(r'\bid="([^"]+)"', picture)) for picture in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for picture, own in zip((one, two), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= own


def test_a_title_cannot_break_out_of_its_attribute():
    root = ET.fromstring(svg(drawn(Spark('"><script>x</script>', "revenue"), TREND), 160, 40))
    assert root.get("aria-label") == '"><script>x</script>'


def test_labels_from_the_data_cannot_become_markup():
    rows = [{"segment": '<b onload="x">&', "revenue": 1}]
    assert '<b onload="x">&' in words_of(svg(drawn(Bars("Segments", "segment", "revenue", horizontal=True), rows)))


def test_threads_may_draw_at_the_same_time():
    made = drawn(*FORMS[0])
    pictures: list[str] = []
    threads = [threading.Thread(target=lambda: pictures.append(svg(made))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(pictures) == 6
    assert len(set(pictures)) == 1


def test_drawing_is_quick_once_the_engine_runs():
    made = drawn(*FORMS[2])
    svg(made)
    start = time.perf_counter()
    for _ in range(5):
        svg(made)
    assert time.perf_counter() - start < 2


def test_a_package_without_its_browser_files_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(vendor, "FOLDER", tmp_path)
    with pytest.raises(RegularsError) as caught:
        Engine().draw(drawn(*FORMS[0]), 720, 360)
    assert caught.value.code == "part_missing"
    assert "echarts.min.js" in str(caught.value)


# --- colours


def luminance(colour):
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def between(ramp, steps=8):
    for low, high in pairwise(ramp):
        for n in range(steps + 1):
            mixed = [round(int(low[k : k + 2], 16) + (int(high[k : k + 2], 16) - int(low[k : k + 2], 16)) * n / steps) for k in (1, 3, 5)]
            yield "#" + "".join(f"{channel:02x}" for channel in mixed)


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
def test_marks_and_texts_stand_out(theme: Theme):
    assert {colour: round(contrast(colour, theme.surface), 2) for colour in theme.colours if contrast(colour, theme.surface) < 3} == {}
    assert min(contrast(theme.text, theme.surface), contrast(theme.muted, theme.surface)) >= 4.5
    assert min(contrast(theme.cell_text, step) for step in between(theme.ramp)) >= 4.5


# --- what the build fetches


def test_the_lock_file_pins_hashes_and_names_no_registry():
    root = Path(__file__).parents[1]
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    for path, package in packages.items():
        assert "resolved" not in package
        assert not path or package["integrity"].startswith("sha512-")
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
