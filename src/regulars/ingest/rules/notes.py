"""What a load says of the rows that rules leave out of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.engines.duckdb import literal, scratch
from regulars.errors import N_
from regulars.ingest.reasons import Note
from regulars.ingest.rules.menu import RULE
from regulars.snapshots.parts import PLACE, Parts

_LEFT_OUT: Final = N_("Loaded, and left out of the figures by a rule: {title}, rows: {rows}. To count them: {line}")


def notes_of(deliveries: Parts, import_id: str, rules: Sequence[str]) -> tuple[Note, ...]:
    """A note for each of these rules that a delivery has shown rows for."""
    place, switched_on = ", ".join(PLACE), ", ".join(map(literal, rules))
    if not rules or not deliveries.files("problems", (import_id,)):
        return ()
    loaded = f"import_id <> {literal(import_id)} OR ({place}) IN (SELECT {place} FROM ({deliveries.rows('sales', (import_id,))}))"
    with scratch() as connection:
        found = connection.execute(
            f"""SELECT rule, count(DISTINCT ({place})) FROM ({deliveries.rows("problems", (import_id,))})
            WHERE about = 'sales' AND rule IN ({switched_on}) AND ({loaded}) GROUP BY 1 ORDER BY 2 DESC, 1"""
        ).fetchall()
    return tuple(Note(_LEFT_OUT, (("title", RULE[rule].title), ("rows", int(rows)), ("line", f"regulars rules {rule} off"))) for rule, rows in found)
