"""One drawing for light and dark: two that differ only in their colours become one whose colours follow the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)")
_ID: Final = re.compile(r"chart-[0-9a-f]{10}")


@dataclass
class Palette:
    """The colours that charts use, as pairs of light and dark; each pair is one variable of the page's style."""

    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def variable(self, light: str, dark: str) -> str:
        return f"var({self._names.setdefault((light, dark), f'--ink-{len(self._names)}')})"

    def css(self, dark: bool) -> str:
        """The declarations of all variables for one look."""
        return "".join(f"{name}:{pair[dark]};" for pair, name in self._names.items())


def by_scheme(light: str, dark: str) -> str:
    """A colour that follows the ``color-scheme`` of wherever it stands, without a style sheet of its own."""
    return f"light-dark({light},{dark})"


def two_toned(light: str, dark: str, paired: Callable[[str, str], str]) -> str:
    """One SVG out of two that differ in nothing but their colours (and ids made from these); ``paired`` writes each pair of colours."""
    there = iter(_COLOUR.findall(_ID.sub("", dark)))

    def both(found: re.Match[str]) -> str:
        return found[0] if _ID.fullmatch(found[0]) else paired(found[0], next(there))

    return re.sub(f"{_ID.pattern}|{_COLOUR.pattern}", both, light)
