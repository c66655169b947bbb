"""Taking files in: what is asked before, what is shown while it runs, what is said after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_
from regulars.i18n import NO_CURRENCY
from regulars.surfaces.console import Console
from regulars.surfaces.parameters import pairs
from regulars.surfaces.places import at
from regulars.surfaces.spoken import Option
from regulars.surfaces.watching import watched

if TYPE_CHECKING:
    from regulars.intake.deliveries import Deliveries
    from regulars.intake.delivery import Import
    from regulars.workspace import Workspace

SET: Final = Option(
    "--set",
    "corrections",
    metavar=N_("FIELD=COLUMN"),
    multiple=True,
    help=N_("Which column is which, where the guess is wrong; FIELD=- for none. See: regulars map"),
)


def take_in(console: Console, shop: Workspace, files: Sequence[str], corrections: Sequence[str], *, details: bool = False) -> dict[str, Any]:
    """Load files, folders and tables of databases. On a terminal what is unsure is asked; elsewhere it is a named error with the line to run.

    Of several, one that cannot be loaded keeps the others not out; one that was named itself is an error in the end.
    """
    from regulars.intake.deliveries import left_out, summary
    from regulars.surfaces.columns import show_matches

    if not files:
        return {"imports": [], "unread": []}
    given = dict(pairs(corrections, "--set"))
    named = [file for file in files if not Path(file).is_dir()]
    _ask_currency(console, shop, named, given)
    made = _taken(console, shop, files, given)
    for one in made.imports:
        _tell(console, one, shop.folder)
        if details and len(named) == len(files) and not one.already_loaded:
            show_matches(console, one.mappings)
        _explain_more(console, one)
    for lost in made.unread:
        console.write(left_out(lost, console.reader))
    if len(files) > 1 or not named:
        console.write(summary(made, console.reader))
    for lost in made.unread:
        if lost.path in named:
            raise lost.problem
    _tell_assumed(console, shop)
    return {
        "imports": [asdict(one) for one in made.imports],
        "unread": [{"path": one.path, "code": one.problem.code, "message": console.reader.explain(one.problem)} for one in made.unread],
    }


def _taken(console: Console, shop: Workspace, files: Sequence[str], given: dict[str, str]) -> Deliveries:
    """Load one file, one folder, or several of both."""
    from regulars.intake.deliveries import Deliveries
    from regulars.surfaces.columns import confirming

    confirm = confirming(console) if console.asks else None
    with watched(console) as progress:
        if len(files) > 1:
            return shop.load_files(files, mapping=given, confirm=confirm, progress=progress)
        if Path(files[0]).is_dir():
            return shop.load_folder(files[0], mapping=given, confirm=confirm, progress=progress)
        return Deliveries((shop.load(files[0], mapping=given, confirm=confirm, progress=progress),))


def _explain_more(console: Console, one: Import) -> None:
    """With --verbose: what each column was taken for, and why."""
    from regulars.ingest.fields import words_of

    said = console.reader
    for table, match in ((mapping["table"], match) for mapping in one.mappings for match in mapping["matches"]):
        why, words = f"{said.percent(match['confidence'], 0)}, {said.say(match['reason'])}", said.say(words_of(table, match["field"]))
        console.explain_more(N_("{column} is taken for: {field} ({why})"), column=str(match["column"]), field=words, why=why)


def _ask_currency(console: Console, shop: Workspace, files: Sequence[str], given: dict[str, str]) -> None:
    """Ask for the currency where neither the files nor the settings state one, and somebody is there to say."""
    settings = shop.settings
    if not console.asks or settings.currency or not files:
        return
    with_money = [mapping for _, mapping in shop.map_files(files, given).mapped if mapping.has_money]
    if any(mapping.currency is None for mapping in with_money):
        answer = console.ask(console.reader.say(N_("In which currency are the amounts? An ISO code such as CNY, UAH, GBP:")), settings.assumed_currency or "")
        shop.settings = type(settings).read(shop.folder, **(settings.given | {"currency": answer or None}))


def _tell(console: Console, one: Import, folder: Path) -> None:
    from regulars.ingest.stage import REASONS

    said = console.reader
    counts = {name: said.counted(N_("{n} row"), N_("{n} rows"), getattr(one, name)) for name in ("rows_in", "rows_loaded", "rows_rejected", "walk_in_rows")}
    if one.already_loaded:
        console.say(N_("{file} was loaded before; nothing changed."), file=one.named)
        return
    console.say(N_("{file}: {rows_in}, of them loaded {rows_loaded}, not loaded {rows_rejected}."), file=one.named, **counts)
    for reason, rows in sorted(one.rejected_by_reason.items(), key=lambda pair: -pair[1]):
        console.write(f"  {said.labelled(said.say(REASONS.get(reason, reason)), said.number(rows))}")
    if one.rows_rejected:
        console.hint(N_("To mend the rows that were not loaded: {line}"), line=f"regulars rejects{at(folder)}")
    if one.walk_in_rows:
        console.say(N_("Without a customer, counted as walk-in sales: {walk_in_rows}."), walk_in_rows=counts["walk_in_rows"])
    for note in one.notes:
        console.write(note.read(said))


def _tell_assumed(console: Console, shop: Workspace) -> None:
    """What was taken for granted, and how to say otherwise."""
    books, settings = [book.name for book in shop.snapshot.books], shop.settings
    if not books:
        console.hint(N_("Read with time zone {zone}, language {language}."), zone=settings.zone.key, language=console.reader.language_name)
        return
    if NO_CURRENCY in books:
        console.hint(N_("The files state no currency, so amounts are printed bare. To say it: {option}"), option="--currency GBP")
    console.hint(
        N_("Read with currency {currency}, time zone {zone}, language {language}."),
        currency=console.reader.joined(books),
        zone=settings.zone.key,
        language=console.reader.language_name,
    )
