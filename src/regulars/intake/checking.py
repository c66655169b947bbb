"""Judging a file without loading it: what would load, what would not and why, what rules find in it, what is unsure about its columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from regulars.analyses.data_quality_words import DIMENSIONS, FIELD_WORDS, RULE_WORDS
from regulars.engines.duckdb import scratch
from regulars.errors import N_, RegularsError, error
from regulars.i18n import Language, Reader
from regulars.ingest.asking import settled
from regulars.ingest.mapping import Mapping as SheetMapping
from regulars.ingest.mapping import corrected
from regulars.ingest.read import Sheet, open_source
from regulars.ingest.rules import RULE
from regulars.intake.delivery import Import, history
from regulars.intake.imports import load_file
from regulars.progress import Progress
from regulars.snapshots import Shelf
from regulars.state import Settings
from regulars.units import ROWS, Column, count, flag, label, number, text

FOUND: Final[dict[str, Column]] = {
    "rule": label(N_("Rule"), N_("What is wrong, or why a row was not loaded"), RULE_WORDS),
    "field": label(N_("Field"), N_("The column at fault"), FIELD_WORDS),
    "dimension": label(N_("Dimension"), N_("Which side of the quality of data is looked at (ISO/IEC 25012)"), DIMENSIONS),
    "rows": count(N_("Rows"), N_("Rows that the rule concerns"), noun=ROWS),
    "first_row": number(N_("First in row"), N_("Row in the file, the header being row 1 of a plain file"), digits=0),
    "example": text(N_("For example"), N_("The value at fault"), personal=True),
    "set_aside": flag(N_("Set aside"), N_("Whether the rule is switched on and keeps these rows out of the figures")),
}
"""What a rule finds in a file."""

_HITS: Final = """
    SELECT rule, coalesce(field, '') AS field, count(*) AS rows, min(source_row) AS first_row,
        arg_min(value, source_row) FILTER (WHERE value IS NOT NULL) AS example
    FROM ({problems}) GROUP BY ALL ORDER BY rows DESC, rule, field"""


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What would become of a file. ``made.rows_in`` = ``made.rows_loaded`` + ``made.rows_rejected``, as if it had been loaded.

    ``doubts``: (sheet, what is unsure about its columns); the guess was taken. ``found``: what the rules found, a line for each rule and
    field. What only earlier deliveries show (the same rows again, rows that come late) is not looked at.
    """

    made: Import
    doubts: tuple[tuple[str, str], ...] = ()
    found: tuple[Mapping[str, Any], ...] = ()
    known: bool = False
    language: Language = field(default="en")

    @property
    def mistakes(self) -> tuple[Mapping[str, Any], ...]:
        """What was found that is a mistake, and no custom of the trade."""
        return tuple(line for line in self.found if line["dimension"] != "reality")

    @property
    def clean(self) -> bool:
        """Whether every row would load, every column is sure, and no rule finds a mistake."""
        return not (self.doubts or self.made.rows_rejected or self.mistakes)

    def told(self, reader: Reader) -> Iterator[str]:
        """What would become of the file, in sentences."""
        counts = {name: reader.counted(*ROWS, getattr(self.made, name)) for name in ("rows_in", "rows_loaded", "rows_rejected")}
        name = Path(self.made.path).name
        yield reader.say(N_("{file}: {rows_in}; would load: {rows_loaded}, would not: {rows_rejected}."), file=name, **counts)
        if self.known:
            yield reader.say(N_("{file} was loaded before."), file=name)
        yield from (note.read(reader) for note in self.made.notes)

    def __repr__(self) -> str:
        reader = Reader(self.language)
        hits = (f"{reader.say(RULE[line['rule']].title)}: {reader.counted(*ROWS, line['rows'])}" for line in self.found)
        return f"Checked({' '.join([*self.told(reader), *hits])})"


def check_file(shelf: Shelf, settings: Settings, path: Path | str, corrections: dict[str, str], progress: Progress) -> Checked:
    """Load a file into a workspace that is thrown away, and tell what became of it. The workspace itself is not touched."""
    doubts: list[tuple[str, str]] = []

    def take_guess(sheet: Sheet, mapping: SheetMapping) -> SheetMapping:
        doubts.extend((sheet.name, doubt) for doubt in mapping.doubts)
        return corrected(mapping, sheet, settled(mapping))

    fingerprint = open_source(path).fingerprint
    known = shelf.current() is not None and any(one.fingerprint == fingerprint for one in history(shelf))
    with tempfile.TemporaryDirectory(prefix="regulars-check-", ignore_cleanup_errors=True) as place:
        settings.write(Path(place))
        apart = Shelf(Path(place))
        try:
            made = load_file(apart, settings, path, corrections, take_guess, progress)
        except RegularsError as problem:
            raise _elsewhere(problem, place, shelf.folder) from None
        return Checked(made, tuple(doubts), _found(apart, settings), known, settings.language)


def _elsewhere(problem: RegularsError, place: str, folder: Path) -> RegularsError:
    """The same error, its lines naming the workspace that was asked."""
    told = {name: value.replace(place, str(folder)) if isinstance(value, str) else value for name, value in problem.values.items()}
    return error(problem.code, **told)


def _found(shelf: Shelf, settings: Settings) -> tuple[dict[str, Any], ...]:
    """What the rules found in all that a shelf holds."""
    switched_on = settings.arrangement.set_aside
    with scratch() as connection:
        lines = connection.execute(_HITS.format(problems=shelf.deliveries.rows("problems", shelf.parts()))).to_arrow_table().to_pylist()
    return tuple(line | {"dimension": RULE[line["rule"]].dimension, "set_aside": line["rule"] in switched_on} for line in lines)
