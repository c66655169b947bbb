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

LOOKED_AT: Final = 200
"""Rows from which sample values are taken."""
SAMPLES: Final = 3
LONGEST: Final = 24
"""Letters of a sample value that are shown."""


def show_sheet(console: Console, sheet: Sheet, mapping: Mapping) -> None:
    """The columns of a sheet: what each is taken for, how surely and why, and some of its values."""
    from regulars.ingest.fields import FIELDS

    said = console.reader
    samples, fields = _samples(sheet), {match.column: match for match in mapping.matches}
    titles = [(said.say(title), title == _SURE) for title in (N_("Column"), N_("Taken for"), N_("Field"), _SURE, N_("Why"), N_("For example"))]
    lines = []
    for column in sheet.columns:
        if match := fields.get(column):
            lines.append((column, said.say(FIELDS[match.field]), match.field, said.percent(match.confidence, 0), said.say(match.reason), samples[column]))
        else:
            lines.append((column, "\N{EN DASH}", "", "", said.say(N_("not used")), samples[column]))
    if sheet.name:
        console.write(f"{Path(sheet.path).name} / {sheet.name}")
    console.grid(titles, lines)
    for doubt in mapping.doubts:
        console.write(f"? {_doubt(doubt, said)}")


def _doubt(name: str, said: Reader) -> str:
    """What is not certain, in words."""
    from regulars.ingest.fields import FIELDS
    from regulars.ingest.mapping import DOUBTS

    return said.say(N_("which column is: {field}"), field=said.say(FIELDS[name])) if name in FIELDS else said.say(DOUBTS[name])


_SURE: Final = N_("Sure")


def plain_sheet(sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """The same for a machine."""
    samples, fields = _samples(sheet), {match.column: match for match in mapping.matches}
    columns = [
        {"column": name, "field": match.field if match else None, "confidence": match.confidence if match else None, "sample": samples[name]}
        for name in sheet.columns
        for match in [fields.get(name)]
    ]
    return {"file": str(sheet.path), "sheet": sheet.name, "columns": columns, "doubts": list(mapping.doubts)}


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
        from regulars.ingest.mapping import corrected, settled

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
    from regulars.ingest.fields import FIELDS

    said = console.reader
    titles = [(said.say(N_("Column")), False), (said.say(N_("Taken for")), False), (said.say(_SURE), True), (said.say(N_("Why")), False)]
    matches = [match for mapping in mappings for match in mapping["matches"]]
    console.grid(titles, ((m["column"], said.say(FIELDS[m["field"]]), said.percent(m["confidence"], 0), said.say(m["reason"])) for m in matches))
