"""Which column is taken for what: shown, and on a terminal asked until a person agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, RegularsError
from regulars.surfaces.console import Console
from regulars.surfaces.parameters import pairs

if TYPE_CHECKING:
    from regulars.i18n import Reader
    from regulars.ingest.mapping import Mapping
    from regulars.ingest.read import Sheet
    from regulars.ingest.several.keys import Links

LOOKED_AT: Final = 200
"""Rows from which sample values are taken."""
SAMPLES: Final = 3
LONGEST: Final = 24
"""Letters of a sample value that are shown."""


def show_sheet(console: Console, sheet: Sheet, mapping: Mapping) -> None:
    """The columns of a sheet: what each is taken for, how surely and why, and some of its values."""
    from regulars.ingest.fields import words_of
    from regulars.schema import FACTS

    said = console.reader
    samples, fields = _samples(sheet), {match.column: match for match in mapping.matches}
    titles = [(said.say(title), title == _SURE) for title in (N_("Column"), N_("Taken for"), N_("Field"), _SURE, N_("Why"), N_("For example"))]
    lines = []
    for column in sheet.columns:
        if match := fields.get(column):
            words = said.say(words_of(mapping.table, match.field))
            lines.append((column, words, match.field, said.percent(match.confidence, 0), said.say(match.reason), samples[column]))
        else:
            lines.append((column, "\N{EN DASH}", "", "", said.say(N_("not used")), samples[column]))
    if sheet.name:
        console.write(f"{Path(sheet.path).name} / {sheet.name}")
    tell_system(console, mapping.preset)
    if mapping.table in FACTS:
        console.say(N_("Table {table}. One row is: {row}."), table=mapping.table, row=said.say(FACTS[mapping.table].row_is))
    console.grid(titles, lines)
    for doubt in mapping.doubts:
        console.write(f"? {doubt_said(doubt, said, mapping.table)}")


def tell_system(console: Console, preset: str | None) -> None:
    """Say which system wrote a sheet, if that was recognised."""
    from regulars.ingest.presets import WHAT, named

    if (found := named(preset)) is not None:
        console.say(N_("Recognised: {system} ({what})."), system=found.title, what=console.reader.say(WHAT[found.what]))


def doubt_said(name: str, said: Reader, table: str = "sales") -> str:
    """What is not certain about a sheet of a table, in words."""
    from regulars.ingest.asking import words_in_doubt
    from regulars.ingest.fields import ANY_FIELD

    words = said.say(words_in_doubt(table, name))
    return said.say(N_("which column is: {field}"), field=words) if name in ANY_FIELD else words


_SURE: Final = N_("Sure")


def plain_sheet(sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """The same for a machine."""
    samples, fields = _samples(sheet), {match.column: match for match in mapping.matches}
    columns = [
        {"column": name, "field": match.field if match else None, "confidence": match.confidence if match else None, "sample": samples[name]}
        for name in sheet.columns
        for match in [fields.get(name)]
    ]
    return {"file": str(sheet.path), "sheet": sheet.name, "columns": columns, "doubts": list(mapping.doubts), "preset": mapping.preset}


def show_links(console: Console, links: Links) -> None:
    """The keys between tables: which column is found in which, to what share, how surely and why."""
    if not links.found:
        return
    said = console.reader
    titles = [(said.say(title), title in {_FOUND, _SURE}) for title in (N_("Key"), N_("Refers to"), _FOUND, _SURE, N_("Why"))]
    lines = [
        (f"{k.from_sheet}.{k.from_column}", f"{k.to_sheet}.{k.to_column}", said.percent(k.inclusion, 0), said.percent(k.confidence, 0), said.say(k.reason))
        for k in links
    ]
    console.grid(titles, lines)


_FOUND: Final = N_("Found there")


def _samples(sheet: Sheet) -> dict[str, str]:
    """A few different values of every column."""
    rows = [cells for _, cells in sheet.sample(LOOKED_AT)]
    return {name: ", ".join(_first_values(row[at] for row in rows if at < len(row))) for at, name in enumerate(sheet.columns)}


def _first_values(cells: Iterator[str | None]) -> list[str]:
    seen = dict.fromkeys(cell for cell in cells if cell)
    return [value if len(value) <= LONGEST else f"{value[:LONGEST]}…" for value in list(seen)[:SAMPLES]]


def confirming(console: Console) -> Callable[[Sheet, Mapping], Mapping]:
    """A person is shown the guess and asked: Enter agrees, ``field=column`` corrects, the end of input stops."""

    def confirm(sheet: Sheet, mapping: Mapping) -> Mapping:
        from regulars.ingest.asking import settled
        from regulars.ingest.mapping import corrected

        given: dict[str, str] = {}
        guess = mapping
        while True:
            show_sheet(console, sheet, guess)
            answer = console.ask(console.reader.say(N_("Right? Enter for yes, or correct it with FIELD=COLUMN (FIELD=- for none):")))
            try:
                told = given | (dict(pairs([answer], "FIELD=COLUMN")) if answer else settled(guess))
                guess, given = corrected(mapping, sheet, told), told
            except RegularsError as problem:
                console.explain(problem)
            else:
                if not answer:
                    return guess

    return confirm


def show_matches(console: Console, mappings: Iterable[dict[str, Any]]) -> None:
    """What the columns of a loaded file were taken for."""
    from regulars.ingest.fields import words_of

    said = console.reader
    mappings = tuple(mappings)
    for preset in dict.fromkeys(mapping.get("preset") for mapping in mappings):
        tell_system(console, preset)
    titles = [(said.say(N_("Column")), False), (said.say(N_("Taken for")), False), (said.say(_SURE), True), (said.say(N_("Why")), False)]
    matches = [(words_of(mapping["table"], match["field"]), match) for mapping in mappings for match in mapping["matches"]]
    console.grid(titles, ((m["column"], said.say(words), said.percent(m["confidence"], 0), said.say(m["reason"])) for words, m in matches))
