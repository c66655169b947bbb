"""What a notebook shows under a cell: sentences, a chart, a table, definitions, as one self-contained block of HTML.

No script, nothing from outside, every text escaped, bounded in size. The colours follow the notebook: ``color-scheme`` is
set from what Jupyter, VS Code and Colab say of their theme, and every colour is a ``light-dark()`` pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import htpy as h
from markupsafe import Markup

from regulars.errors import N_
from regulars.i18n import Reader
from regulars.units import NUMERIC, ROWS, Column

ROWS_SHOWN: Final = 20
"""Rows of a table under a cell; the frames have them all."""
LETTERS_SHOWN: Final = 120
"""Letters of one cell: a file may hold a novel in a name."""

STYLE: Final = """
.regulars{color-scheme:light dark;color:light-dark(#1f2933,#e8ebee);font:400 14px/1.5 system-ui,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif;
max-width:60rem;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
[data-jp-theme-light=true] .regulars,.vscode-light .regulars,html[theme=light] .regulars{color-scheme:light}
[data-jp-theme-light=false] .regulars,.vscode-dark .regulars,html[theme=dark] .regulars{color-scheme:dark}
.regulars.regulars :is(p,ul,dl,dd,figure){margin:0 0 .5rem}
.regulars.regulars p.rg-title{font-size:1.15em;font-weight:600;margin:0}
.regulars .rg-note,.regulars dd{color:light-dark(#5b6673,#a8b1bb)}
.regulars.regulars ul.rg-said{list-style:none;padding:0}
.regulars.regulars .rg-said li{margin:0 0 .35rem;padding-left:.7rem;border-left:3px solid light-dark(#c5d0da,#4b535c)}
.regulars.regulars .rg-said .rg-warning{border-color:light-dark(#c8641b,#f0a06a)}
.regulars .rg-grade{display:inline-block;font-size:.85em;color:light-dark(#5b6673,#a8b1bb);border:1px solid light-dark(#c5d0da,#4b535c);
border-radius:9px;padding:0 .5em;white-space:nowrap}
.regulars figure{max-width:45rem}.regulars figcaption,.regulars dt,.regulars summary{font-weight:600}
.regulars summary{cursor:pointer}.regulars details{margin:.4rem 0}
.regulars .rg-scroll{overflow-x:auto;max-width:100%;margin:0 0 .4rem}
.regulars.regulars table{border-collapse:collapse;margin:0;font-size:.93em;border:0;color:inherit;background:none}
.regulars.regulars :is(th,td){padding:.25rem .7rem;text-align:left;vertical-align:top;border:0;border-bottom:1px solid light-dark(#e3e8ee,#3a3f45);
background:none;max-width:22rem;font-weight:400}
.regulars.regulars thead th{vertical-align:bottom;font-weight:600;white-space:normal;min-width:3.5rem}
.regulars.regulars tbody td:first-child{min-width:8.5rem}
.regulars.regulars :is(th,td).rg-number{text-align:right}.regulars.regulars td.rg-number{white-space:nowrap}
"""


def block(reader: Reader, *parts: h.Node) -> str:
    """The parts as one block in the reader's language."""
    return str(h.div(".regulars", lang=reader.language.replace("_", "-"))[h.style[Markup(STYLE)], parts])  # noqa: S704 - a constant


def heading(title: str, note: str) -> h.Node:
    """What it is, and of what."""
    return h.fragment[h.p(".rg-title")[title], h.p(".rg-note")[note] if note else None]


def said(sentences: Iterable[h.Node]) -> h.Element:
    """Sentences, one under the other."""
    return h.ul(".rg-said")[sentences]


def sentence(text: str, *marks: str, warning: bool = False) -> h.Element:
    """A sentence with short remarks behind it, such as the grade of its evidence."""
    return h.li(class_="rg-warning" if warning else None)[text, ((" ", h.span(".rg-grade")[mark]) for mark in marks)]


def figure(title: str, svg: str) -> h.Element:
    """A chart under its title."""
    return h.figure[h.figcaption[title], Markup(svg)]  # noqa: S704 - drawn by the chart library, which escapes every text


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Column], reader: Reader, rest: int | None = 0) -> h.Node:
    """Rows under their titles, numbers to the right, and how many there are beyond them; None for a rest nobody has counted."""
    head = h.tr[(h.th(scope="col", class_=_kind(column))[reader.say(column.title)] for column in columns.values())]
    body = (h.tr[(h.td(class_=_kind(column))[shown(row[name], column, reader)] for name, column in columns.items())] for row in rows)
    more = reader.say(N_("… and more")) if rest is None else reader.say(N_("… and {rows} more"), rows=reader.counted(*ROWS, rest))
    return h.fragment[h.div(".rg-scroll")[h.table[h.thead[head], h.tbody[body]]], h.p(".rg-note")[more] if rest != 0 else None]


def shown(value: Any, column: Column, reader: Reader) -> str:
    """A value as the reader sees it, and not more of it than a table can bear."""
    text = column.show(value, reader)
    return text if len(text) <= LETTERS_SHOWN else text[: LETTERS_SHOWN - 1] + "…"


def _kind(column: Column) -> str | None:
    return "rg-number" if column.unit in NUMERIC else None


def meanings(columns: Mapping[str, Column], reader: Reader, *notes: str) -> h.Element:
    """What the columns mean, opened when asked for; the field names are what frames and SQL call them."""
    told = ((h.dt[reader.say(column.title), " ", h.code[name]], h.dd[reader.say(column.meaning)]) for name, column in columns.items())
    return h.details[h.summary[reader.say(N_("How it is worked out, and what the columns mean"))], (h.p[note] for note in notes), h.dl[told]]
