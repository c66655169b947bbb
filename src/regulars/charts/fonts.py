"""Fonts for places without fonts: the glyphs a text uses, embedded as style rules.

Latin and Cyrillic (with Ukrainian letters and ₴) come from Noto Sans, the rest from Noto Sans SC. Both lie in the
package cut into files by range of characters, so that only the files a text needs are opened. Together they are one
family, ``Regulars``; a character neither has is left to the fonts of the reader's machine.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from fontTools import subset
from fontTools.ttLib import TTFont

from regulars.charts.vendor import FOLDER, vendor

Weight = Literal[400, 600]
FAMILY: Final = "Regulars"
FIRST: Final = ("noto-sans-latin", "noto-sans-cyrillic", "noto-sans-cyrillic-ext", "noto-sans-latin-ext")
NARROW_SPACE: Final = 0x202F
"""Ukrainian dates use it; no font has it, and browsers make it from the common space."""
NEEDLESS: Final = ("GDEF", "GSUB", "STAT", "gasp", "vhea", "vmtx")
"""Tables for vertical text, other languages' letter forms and screen hints."""


def embedded_css(text: str, bold: str = "") -> str:
    """The ``@font-face`` rules that hold every glyph of a text, and in the heavier weight (600) those of its bold parts.

    The same characters, in any order, give the same bytes. Bold that is not named here is thickened by the browser.
    """
    return "\n".join([*_rules(text, 400), *_rules(bold, 600)])


def _rules(text: str, weight: Weight) -> Iterator[str]:
    wanted: dict[Path, list[int]] = {}
    known = _files(weight)
    for letter in sorted(set(map(ord, text))):
        if file := known.get(letter):
            wanted.setdefault(file, []).append(letter)
    for file, letters in sorted(wanted.items()):
        font = base64.b64encode(_cut(file, letters)).decode("ascii")
        ranges = ",".join(f"U+{letter:X}" for letter in letters)
        yield (
            f"@font-face{{font-family:{FAMILY};font-style:normal;font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{font})format('woff2');unicode-range:{ranges}}}"
        )


@lru_cache(maxsize=2)
def _files(weight: Weight) -> dict[int, Path]:
    """For every character (code point) the file that has it; Noto Sans before Noto Sans SC."""
    first = [vendor(f"{name}-{weight}-normal.woff") for name in FIRST]
    slices = sorted(FOLDER.glob(f"noto-sans-sc-*-{weight}-normal.woff"))
    found: dict[int, Path] = {}
    for file in (*first, *slices):
        with TTFont(file, lazy=True) as font:
            for letter in font.getBestCmap():
                found.setdefault(letter, file)
    return found


def _cut(file: Path, letters: list[int]) -> bytes:
    """A font with just these characters, kerning kept."""
    options = subset.Options(layout_features=["kern"], hinting=False, name_IDs=[], notdef_outline=False)
    options.drop_tables += NEEDLESS
    with TTFont(file, lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(font)
        font.flavor = "woff2"
        kept = io.BytesIO()
        font.save(kept)
    return kept.getvalue()


@lru_cache(maxsize=1)
def advances() -> dict[int, float]:
    """How wide the Latin and Cyrillic characters are, in em; every other counts as a full em."""
    found: dict[int, float] = {}
    for name in FIRST:
        with TTFont(vendor(f"{name}-400-normal.woff"), lazy=True) as font:
            em, metrics = font["head"].unitsPerEm, font["hmtx"]
            for letter, glyph in font.getBestCmap().items():
                found.setdefault(letter, metrics[glyph][0] / em)
    return found | {NARROW_SPACE: found[ord(" ")] * 0.8}
