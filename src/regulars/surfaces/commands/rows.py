"""``regulars rows``: the rows behind any number, the people among them, and the rows that were not loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, error
from regulars.surfaces.console import Console
from regulars.surfaces.export import Sheet, export
from regulars.surfaces.menu import PerAnalysis
from regulars.surfaces.parameters import conditions
from regulars.surfaces.places import BOOK, OUTPUT, POPULATION, WORKSPACE, reading, spare_loaded
from regulars.surfaces.spoken import Command, Option
from regulars.units import Column, number, text

if TYPE_CHECKING:
    from regulars.analysis import Analysis
    from regulars.workspace import Workspace

ON_SCREEN: Final = 20
"""Rows shown to a person who asked for no other number."""

REJECTED: Final[dict[str, Column]] = {
    "file": text(N_("File"), N_("The file as it was given")),
    "source_sheet": text(N_("Sheet"), N_("Sheet of the workbook; empty for a text file")),
    "source_row": number(N_("Row"), N_("Row in the file, the header being row 1 of a plain file"), digits=0),
    "reason": text(N_("Reason"), N_("Why it was not loaded")),
    "field": text(N_("Field"), N_("The column at fault")),
    "value": text(N_("Value"), N_("The value at fault")),
}


LIMIT: Final = Option("--limit", metavar=N_("NUMBER"), help=N_("At most so many rows."))
WHERE: Final = Option("--where", metavar=N_("COLUMN=VALUE"), multiple=True, help=N_("Only rows with this value, or any of several: A,B."))
PEOPLE_TOO: Final = Option("--people", is_flag=True, help=N_("Add name, phone and e-mail where the files give them."))


def rows(
    console: Console,
    analysis: Analysis,
    workspace: str | None,
    book: str | None,
    population: str | None,
    where: tuple[str, ...],
    people: bool,
    limit: str | None,
    output: str | None,
) -> dict[str, Any]:
    """The rows behind an analysis, or behind the cells named."""
    from regulars.result import PEOPLE

    most = _limit(limit)
    with reading(console, workspace, book, population) as shop:
        result = shop.run(analysis)
        known = result.analysis.row_columns
        wanted = conditions(known, result.rows(limit=0).to_arrow().schema, where, console.reader)
        table = result.rows(people=people, limit=_fetched(console, most, output), **wanted).to_arrow()
        columns = {name: column for name, column in ({**PEOPLE, **known} if people else known).items() if name in table.column_names}
        return _deliver(console, shop, Sheet(console.reader.say(analysis.title), columns, table.to_pylist()), most, output)


def rejected(console: Console, workspace: str | None, limit: str | None, output: str | None) -> dict[str, Any]:
    """The rows of the files that were not loaded."""
    from regulars.ingest.stage import REASONS

    most = _limit(limit)
    with reading(console, workspace, None) as shop:
        files = {one.id: Path(one.path).name for one in shop.imports}
        found = shop.table("rejected").slice(0, _fetched(console, most, output)).to_pylist()
        said = {reason: console.reader.say(words) for reason, words in REASONS.items()}
        lines = [row | {"file": files.get(row["import_id"]), "reason": said.get(row["reason"], row["reason"])} for row in found]
        return _deliver(console, shop, Sheet(console.reader.say(N_("Rows not loaded")), REJECTED, lines), most, output)


def _limit(given: str | None) -> int | None:
    if given is None:
        return None
    if not given.isdecimal() or int(given) < 1:
        raise error("value_wrong", name="--limit", value=given, allowed="1, 2, 3 …")
    return int(given)


def _fetched(console: Console, most: int | None, output: str | None) -> int | None:
    """How many rows to get: one more than fit on a screen tells whether there are more."""
    return most if most or output or console.json else ON_SCREEN + 1


def _deliver(console: Console, shop: Workspace, sheet: Sheet, most: int | None, output: str | None) -> dict[str, Any]:
    if output:
        spare_loaded(shop, Path(output))
        export(Path(output), [sheet], console.reader)
        console.say(N_("Written: {path}, {rows}."), path=output, rows=console.reader.counted(N_("{n} row"), N_("{n} rows"), len(sheet.rows)))
        return {"path": output, "rows": len(sheet.rows)}
    from regulars.result import PEOPLE

    shown = sheet.rows if most else sheet.rows[:ON_SCREEN]
    known = {name: column for name, column in sheet.columns.items() if name not in PEOPLE or any(row[name] for row in shown)}
    console.table(known, shown)
    if len(sheet.rows) > len(shown):
        console.hint(N_("There are more. See all with --limit NUMBER, or keep them: --output rows.xlsx"))
    return {"columns": list(sheet.columns), "rows": [{name: row[name] for name in sheet.columns} for row in sheet.rows]}


_NOT_LOADED: Final = Command("rejected", rejected, (LIMIT, OUTPUT, WORKSPACE), help=N_("The rows that were not loaded, each with its place and reason."))
COMMAND: Final = PerAnalysis("rows", rows, (WHERE, POPULATION, PEOPLE_TOO, LIMIT, OUTPUT, WORKSPACE, BOOK), (_NOT_LOADED,))
