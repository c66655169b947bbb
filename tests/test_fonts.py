"""Embedded fonts: every glyph of the text, nothing else, the same bytes each time, soon enough."""

from __future__ import annotations

import base64
import io
import re
import time

import pytest
from fontTools.ttLib import TTFont

from regulars.charts import fonts, vendor
from regulars.errors import RegularsError

SAMPLE = (
    "客户分群：重要价值客户（三十天内），复购率 38.4 %，「看名单」，门槛 ≈ 7 × 平均每单金额。《喆昉堃玥翀》 "
    "Виторг за жовтень — 163 482 ₴; їжак, ґанок, єдність, інший: «постійні клієнти» „лапки“ № 5 "
    "Revenue £12.3k, ¥ 99, €7 − 1 – 3 … “quoted” it’s ％：（）▲▼→↓≥≤ ЇЄІҐ"
)


def embedded(css):
    """(weight, the characters its fonts can draw, the characters its rules claim) of every rule."""
    for rule in re.findall(r"@font-face\{[^}]*\}", css):
        data = base64.b64decode(re.search(r"base64,([^)]*)\)", rule)[1])
        with TTFont(io.BytesIO(data)) as font:
            claimed = {int(code, 16) for code in re.findall(r"U\+([0-9A-F]+)", rule.partition("unicode-range:")[2])}
            yield int(re.search(r"font-weight:(\d+)", rule)[1]), set(font.getBestCmap()), claimed


def test_every_printable_character_of_the_three_languages_is_covered():
    rules = list(embedded(fonts.embedded_css(SAMPLE)))
    drawn = set().union(*(glyphs for _, glyphs, _ in rules))
    assert {letter for letter in SAMPLE if ord(letter) not in drawn} == set()
    assert {weight for weight, _, _ in rules} == {400}


def test_only_the_glyphs_of_the_text_are_embedded_and_each_once():
    rules = list(embedded(fonts.embedded_css(SAMPLE)))
    assert all(glyphs == claimed for _, glyphs, claimed in rules)
    assert sum(len(glyphs) for _, glyphs, _ in rules) == len(set(SAMPLE))


def test_the_order_of_the_text_does_not_change_a_byte():
    assert fonts.embedded_css(SAMPLE) == fonts.embedded_css(SAMPLE[::-1] + SAMPLE)


def test_bold_comes_in_a_second_weight():
    rules = list(embedded(fonts.embedded_css(SAMPLE, bold="Звіт 报告")))
    heavy = set().union(*(glyphs for weight, glyphs, _ in rules if weight == 600))
    assert heavy == set(map(ord, "Звіт 报告"))


def test_what_no_font_has_is_left_to_the_machine():
    assert fonts.embedded_css("") == ""
    assert fonts.embedded_css("\N{GRINNING FACE}\n\t") == ""


def test_the_glyphs_keep_their_outlines():
    [rule] = re.findall(r"base64,([^)]*)\)", fonts.embedded_css("Ї"))
    with TTFont(io.BytesIO(base64.b64decode(rule))) as font:
        glyph = font["glyf"][font.getBestCmap()[ord("Ї")]]
        assert glyph.numberOfContours != 0


def test_a_long_chinese_page_is_embedded_in_good_time():
    common = [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]
    page = "".join(common[::6][:600]) + SAMPLE
    assert len(set(page)) > 600
    start = time.process_time()
    css = fonts.embedded_css(page)
    assert time.process_time() - start < 3
    assert len(css) < 350_000


def test_widths_of_letters_are_known():
    advances = fonts.advances()
    assert advances[ord("i")] < advances[ord("n")] < advances[ord("Ж")] < 1
    assert ord("客") not in advances


def test_missing_font_files_are_a_named_error(monkeypatch, tmp_path):
    monkeypatch.setattr(vendor, "FOLDER", tmp_path)
    fonts._files.cache_clear()
    with pytest.raises(RegularsError) as caught:
        fonts.embedded_css("x")
    assert caught.value.code == "part_missing"
    assert "noto-sans" in str(caught.value)
