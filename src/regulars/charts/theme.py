"""The three looks of a chart: light and dark for the screen, print for paper.

The hues go back to Okabe and Ito's set, which people with any common kind of colour blindness can tell apart, made calmer.
Held by a test: marks have a contrast of at least 3:1 against the surface, text at least 4.5:1, and so has the text in a
coloured cell on every step of the ramp.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

FONT_FAMILY: Final = "Regulars, 'Noto Sans', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Segoe UI', 'Noto Sans CJK SC', sans-serif"
"""The embedded family first (``charts.fonts``), then what a reader's machine is likely to have."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one look. ``ramp`` runs from little to much, and ``cell_text`` stands on all of it; the n-th line of a
    chart takes the n-th colour and, where ``dashes`` has more than one entry, the n-th dash, to be told apart without colour.
    """

    name: str
    surface: str
    text: str
    muted: str
    rule: str
    colours: tuple[str, ...]
    ramp: tuple[str, ...]
    cell_text: str
    dashes: tuple[str, ...] = ("solid",)


LIGHT: Final = Theme(
    name="light",
    surface="#ffffff",
    text="#1f2933",
    muted="#5b6673",
    rule="#e3e8ee",
    colours=("#2a6fb0", "#c8641b", "#1d8a6b", "#b0578d", "#8f7410", "#3f93bd", "#6b7785"),
    ramp=("#eef4fa", "#b7d3ec", "#6aa5d8"),
    cell_text="#1f2933",
)

DARK: Final = Theme(
    name="dark",
    surface="#242628",
    text="#e8ebee",
    muted="#a8b1bb",
    rule="#3a3f45",
    colours=("#6fb1e8", "#f0a06a", "#56c2a0", "#dd93bd", "#d9c25a", "#8fd0f0", "#a3adb8"),
    ramp=("#2d353e", "#2e5278", "#2f6ea6"),
    cell_text="#f2f5f7",
)

PRINT: Final = replace(LIGHT, name="print", text="#000000", muted="#404040", rule="#d0d0d0", cell_text="#000000", dashes=("solid", "dashed", "dotted"))

THEMES: Final = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}
