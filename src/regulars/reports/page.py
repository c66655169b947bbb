"""The brief as one HTML file: no network, no script, its fonts and charts inside; for a phone, a desk, the dark and paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Final

import htpy as h
from markupsafe import Markup

from regulars.charts import fonts
from regulars.charts.theme import DARK, FONT_FAMILY, LIGHT, Theme
from regulars.charts.tones import Palette
from regulars.engines.refusals import refusal
from regulars.errors import N_, error
from regulars.i18n import Reader
from regulars.reports import answers, people, quality, sections
from regulars.reports.brief import Brief
from regulars.reports.elements import HEAT
from regulars.reports.record import ISLAND, record_of

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
"""What the page may do: show itself. No script, no connection, whatever a file's contents may try."""

BOLD: Final = frozenset({"b", "h1", "h2", "h3", "th", "dt", "summary", "figcaption"})
"""Elements that the style sets in the heavier weight, together with those of class ``strong``."""


def write_html(brief: Brief, path: Path, reader: Reader) -> Path:
    """Write the brief for a reader, whole or not at all.

    Raises:
        RegularsError: ``not_writable``.
    """
    text = render(brief, reader.of(brief.book.name))
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    except OSError as cause:
        unfinished.unlink(missing_ok=True)
        raise refusal(cause, path) or error("not_writable", path=str(path), reason=cause.strerror or str(cause)) from cause
    return path


def render(brief: Brief, reader: Reader) -> str:
    """The whole document. The same brief and reader give the same text."""
    palette = Palette()
    parts = list(_parts(brief, reader, palette))
    contents = h.nav(aria_label=reader.say(N_("Contents")))[h.ol[(h.li[h.a(href=f"#{name}")[reader.say(title)]] for name, title, _ in parts)]]
    body = h.body[
        h.a(".skip", href="#brief")[reader.say(N_("To the content"))],
        h.div(".sheet")[
            contents,
            h.main("#brief")[
                sections.header(brief, reader),
                (h.section(id=name, aria_labelledby=f"{name}-title")[h.h2(id=f"{name}-title")[reader.say(title)], content] for name, title, content in parts),
            ],
        ],
    ]
    written = str(body)
    title = f"{brief.name} · {reader.say(N_('Customer brief'))}"
    head = h.head[
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(http_equiv="Content-Security-Policy", content=POLICY),
        h.meta(name="color-scheme", content="light dark"),
        h.meta(name="robots", content="noindex"),
        h.title[title],
        h.style[Markup("\n".join((_fonts(written + title), _colours(palette), _style())))],  # noqa: S704 - made here, nothing of the data in it
        h.template(id=ISLAND)[Markup(record_of(brief).text())],  # noqa: S704 - has no letter that means anything in HTML
    ]
    return f"<!DOCTYPE html>\n{h.html(lang=reader.language.replace('_', '-'))[head, Markup(written)]}\n"  # noqa: S704 - rendered above, escaped


def _parts(brief: Brief, reader: Reader, palette: Palette) -> Iterator[tuple[str, str, h.Node]]:
    """Every section after the header: its anchor, its title, its content."""
    yield "health", N_("What shape the data are in"), h.fragment[sections.health(brief, reader), quality.part(brief, reader, palette)]
    yield "questions", N_("Five questions"), sections.questions(brief, reader)
    for result in (one for one in brief.results if one.analysis.key != quality.KEY):
        yield result.analysis.key, result.analysis.title, answers.page(brief, result, reader, palette)
    for refused in brief.refused:
        yield refused.analysis.key, refused.analysis.title, answers.refusal(refused, reader)
    yield "findings", N_("Findings, the most money first"), sections.findings(brief, reader)
    yield "people", N_("Whom to contact"), people.lists(brief, reader)
    yield "definitions", N_("What the columns mean"), sections.meanings(brief, reader)
    yield "provenance", N_("Where the numbers come from"), sections.provenance(brief, reader)
    yield "privacy", N_("Personal data"), sections.privacy(reader)


class _Glyphs(HTMLParser):
    """The characters a page shows, and those of them that stand in heavier type."""

    def __init__(self) -> None:
        super().__init__()
        self.all: set[str] = set()
        self.bold: set[str] = set()
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "hr", "wbr", "link", "img", "input"):
            strong = tag in BOLD or "strong" in (dict(attrs).get("class") or "").split()
            self._open.append(strong or bool(self._open and self._open[-1]))

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.all.update(data)
        if self._open and self._open[-1]:
            self.bold.update(data)


def _fonts(written: str) -> str:
    glyphs = _Glyphs()
    glyphs.feed(written)
    return fonts.embedded_css("".join(sorted(glyphs.all)), "".join(sorted(glyphs.bold)))


def _style() -> str:
    return (resources.files("regulars.reports") / "brief.css").read_text(encoding="utf-8")


def _colours(palette: Palette) -> str:
    """The variables of both looks; paper takes the light one."""
    light, dark = (_look(theme) + palette.css(theme is DARK) for theme in (LIGHT, DARK))
    return f":root{{--font:{FONT_FAMILY};{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _look(theme: Theme) -> str:
    named = {"surface": theme.surface, "text": theme.text, "muted": theme.muted, "rule": theme.rule, "accent": theme.colours[0], "cell-text": theme.cell_text}
    named |= {f"heat-{step}": colour for step, colour in enumerate(_ramp(theme.ramp, HEAT))}
    return "".join(f"--{name}:{value};" for name, value in named.items())


def _ramp(colours: tuple[str, ...], steps: int) -> Iterator[str]:
    """So many colours evenly along the ramp."""
    channels = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]
    for step in range(steps):
        along = step * (len(colours) - 1) / (steps - 1)
        left = min(int(along), len(colours) - 2)
        mixed = (round(a + (b - a) * (along - left)) for a, b in zip(channels[left], channels[left + 1], strict=True))
        yield "#" + "".join(f"{value:02x}" for value in mixed)
