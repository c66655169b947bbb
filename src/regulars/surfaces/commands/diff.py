"""``regulars diff``: what changed between last month's brief and this month's, or between two days of one workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, error
from regulars.surfaces.console import Console
from regulars.surfaces.places import BOOK, OUTPUT, WORKSPACE, day, reading
from regulars.surfaces.spoken import Argument, Command, Option
from regulars.surfaces.watching import watched

if TYPE_CHECKING:
    from regulars.i18n import Reader
    from regulars.reports.comparison import Change, Compared, Comparison
    from regulars.surfaces.export import Sheet

ON_SCREEN: Final = 12
"""Figures, and moves, of one analysis that a person is shown who did not ask for all with --verbose."""


def diff(
    console: Console,
    briefs: tuple[str, ...],
    workspace: str | None,
    book: str | None,
    output: str | None,
    since: str | None,
    until: str | None,
    known: str | None,
) -> dict[str, Any]:
    """Compare, print what matters most first, and if wished write every figure to a file. Differences are no failure: the exit status is 0."""
    from regulars.surfaces.export import export

    if known:
        return _since_known(console, workspace, book, output, known)
    found = _of_files(briefs) if briefs else _of_days(console, workspace, book, day("--from", since), day("--to", until))
    console.reader = console.reader.of(found.after.book)
    if output:
        if Path(output).resolve() in {Path(one).resolve() for one in briefs}:
            raise error("file_in_the_way", path=output)
        export(Path(output), [_sheet(found, console.reader)], console.reader)
    _print(console, found)
    if output:
        console.say(N_("Written: {path}"), path=output)
    return _plain(found, console.reader)


def _of_files(briefs: tuple[str, ...]) -> Comparison:
    from regulars.reports.comparison import compare
    from regulars.reports.record import read_record

    if len(briefs) != 2:
        raise error("diff_unclear", given=" ".join(briefs))
    before, after = (read_record(Path(one)) for one in briefs)
    return compare(before, after)


def _of_days(console: Console, workspace: str | None, book: str | None, since: date | None, until: date | None) -> Comparison:
    """Two briefs of one workspace: as of one day, and as of a later one, by default the last in the data."""
    from regulars.reports.brief import make_brief
    from regulars.reports.comparison import compare
    from regulars.reports.moves import moves_between
    from regulars.reports.record import record_of

    if since is None:
        raise error("diff_unclear", given=f"--to {until}" if until else "-")
    with reading(console, workspace, book) as shop, watched(console) as progress:
        before, after = make_brief(shop, progress, since), make_brief(shop, progress, until)
        return compare(record_of(before), record_of(after), moves_between(before, after))


def _since_known(console: Console, workspace: str | None, book: str | None, output: str | None, known: str) -> dict[str, Any]:
    """Why figures differ from what was known then, cause by cause."""
    from regulars.past.bridge import COLUMNS, MONTHS
    from regulars.surfaces.export import Sheet, export

    with reading(console, workspace, book) as shop, watched(console) as progress:
        found = shop.changes_since(known, progress=progress)
    console.write(repr(found).partition("\n")[0])
    steps, months = found.steps.to_pylist(), found.months.to_pylist()
    if steps:
        console.table(COLUMNS, steps)
    if output:
        export(
            Path(output),
            [Sheet(console.reader.say(N_("What changed")), COLUMNS, steps), Sheet(console.reader.say(N_("By month")), MONTHS, months)],
            console.reader,
        )
        console.say(N_("Written: {path}"), path=output)
    return {"known": known, "before": found.before, "after": found.after, "steps": steps, "months": months}


def _print(console: Console, found: Comparison) -> None:
    reader = console.reader
    then, now = (reader.day(one.as_of) for one in (found.before, found.after))
    console.say(N_("{name}, book {book}: {before} → {after}"), name=found.after.name, book=found.after.book, before=then, after=now)
    for remark in found.remarks:
        console.write(f"! {remark.text(reader)}")
    if not found.changed:
        console.say(N_("Nothing changed."))
    for one in found.answers:
        if one.changes or one.new or one.gone or (one.moves and one.moves.moved):
            _print_one(console, one)


def _print_one(console: Console, one: Compared) -> None:
    reader = console.reader
    console.write()
    console.write(reader.say(one.title))
    for saying in one.new:
        console.write(f"+ {reader.say(N_('New: {finding}'), finding=saying.text(reader))}")
    for saying in one.gone:
        console.write(f"- {reader.say(N_('No longer: {finding}'), finding=saying.text(reader))}")
    most = len(one.changes) if console.verbose else ON_SCREEN
    if one.changes:
        titles = [(reader.say(title), right) for title, right in ((_FIGURE, False), (_BEFORE, True), (_AFTER, True), (_CHANGE, True))]
        console.grid(titles, [_line(one, change, reader) for change in one.changes[:most]])
    if len(one.changes) > most:
        further = reader.counted(N_("{n} further figure"), N_("{n} further figures"), len(one.changes) - most)
        console.hint(N_("{figures}: see them with --verbose, or keep all with --output changes.xlsx"), figures=further)
    if one.moves and one.moves.moved:
        shown = one.moves.moved[: None if console.verbose else ON_SCREEN]
        titles = [(reader.say(_FROM), False), (reader.say(_TO), False), (reader.say(_CUSTOMERS), True)]
        console.grid(titles, [(*_groups(one, move.before, move.after, reader), reader.number(move.customers)) for move in shown])


_FIGURE, _BEFORE, _AFTER, _CHANGE = N_("Figure"), N_("Before"), N_("After"), N_("Difference")
_UNITS: Final = {
    "money": N_("Money"),
    "count": N_("Count"),
    "rate": N_("Rate"),
    "share": N_("Share"),
    "days": N_("Days"),
    "number": N_("Value"),
}
"""Unit of a figure → how a table calls it."""
_FROM, _TO, _CUSTOMERS = N_("Moved from"), N_("Moved to"), N_("Customers")


def _line(one: Compared, change: Change, reader: Reader) -> tuple[str, str, str, str]:
    """A figure: of which row, before, after, the difference."""
    of = one.row(change, reader)
    title = reader.say(change.heading.title)
    shown = [change.heading.show(value, reader) for value in (change.before, change.after)]
    return (f"{of} · {title}" if of else title), shown[0], shown[1], change.shown(reader)


def _groups(one: Compared, before: str | None, after: str | None, reader: Reader) -> tuple[str, str]:
    assert one.moves is not None
    return (
        reader.say(N_("(not there yet)")) if before is None else one.moves.word(before, reader),
        reader.say(N_("(no longer in the data)")) if after is None else one.moves.word(after, reader),
    )


def _sheet(found: Comparison, reader: Reader) -> Sheet:
    """Every figure that changed, one a row."""
    from regulars.surfaces.export import Sheet
    from regulars.units import Column, flag, label, number, text

    columns = {
        "analysis": text(N_("Analysis"), ""),
        "row": text(N_("Of"), ""),
        "figure": text(_FIGURE, ""),
        "unit": label(N_("Unit"), "", _UNITS),
        "before": number(_BEFORE, ""),
        "after": number(_AFTER, ""),
        "change": number(_CHANGE, ""),
        "shown": text(N_("In words"), ""),
        "quoted": flag(N_("Stands in a finding"), ""),
    }
    rows = [
        {"analysis": reader.say(one.title), "row": one.row(change, reader), "figure": reader.say(change.heading.title)}
        | {"unit": change.heading.unit, "before": change.before, "after": change.after, "change": change.difference}
        | {"shown": change.shown(reader), "quoted": change.quoted}
        for one in found.answers
        for change in one.changes
    ]
    units = [Column(change.heading.unit, "", "", digits=change.heading.digits) for one in found.answers for change in one.changes]
    return Sheet(reader.say(N_("What changed")), columns, rows, dict.fromkeys(("before", "after", "change"), units))


def _plain(found: Comparison, reader: Reader) -> dict[str, Any]:
    """The same for a machine: changes of rates and shares are in parts of one, ``shown`` says them in percentage points."""
    sides = ("version", "name", "book", "snapshot", "engine", "as_of", "first_on", "last_on")
    return {
        "before": {name: getattr(found.before, name) for name in sides},
        "after": {name: getattr(found.after, name) for name in sides},
        "changed": found.changed,
        "remarks": [{"code": remark.code, "text": remark.text(reader)} for remark in found.remarks],
        "analyses": [
            {
                "analysis": one.key,
                "changes": [_change(change, reader) for change in one.changes],
                "new": [saying.text(reader) for saying in one.new],
                "gone": [saying.text(reader) for saying in one.gone],
                "moves": [{"from": move.before, "to": move.after, "customers": move.customers} for move in one.moves.moved] if one.moves else None,
            }
            for one in found.answers
        ],
    }


def _change(change: Change, reader: Reader) -> dict[str, Any]:
    told: dict[str, Any] = {"table": change.table, "row": dict(change.row), "column": change.name, "unit": change.heading.unit}
    told |= {"before": change.before, "after": change.after, "change": change.difference, "shown": change.shown(reader), "quoted": change.quoted}
    return told | ({"compared_with": dict(change.earlier)} if change.earlier != change.row else {})


COMMAND: Final = Command(
    "diff",
    diff,
    (
        Argument("briefs", N_("BRIEF"), nargs=-1),
        Option("--from", "since", metavar=N_("YYYY-MM-DD"), help=N_("Instead of two briefs: the workspace as of this day …")),
        Option("--to", "until", metavar=N_("YYYY-MM-DD"), help=N_("… and as of this one; by default the last business day in the data.")),
        Option("--known", metavar=N_("YYYY-MM-DD"), help=N_("Instead of both: why figures differ from what was known on this day.")),
        OUTPUT,
        WORKSPACE,
        BOOK,
    ),
    help=N_(
        "What changed between two briefs: regulars diff november.brief.html december.brief.html. Or between two days of one workspace, which also "
        "says who moved from group to group: regulars diff --from 2025-11-30. The figures that findings quote come first. "
        "Exit status 0 whether or not something changed."
    ),
)
