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
    from regulars.intake.imports import Import
    from regulars.workspace import Workspace

SET: Final = Option(
    "--set",
    "corrections",
    metavar=N_("FIELD=COLUMN"),
    multiple=True,
    help=N_("Which column is which, where the guess is wrong; FIELD=- for none. See: regulars map"),
)


def take_in(console: Console, shop: Workspace, files: Sequence[str], corrections: Sequence[str], *, details: bool = False) -> dict[str, Any]:
    """Load files, folders and tables of databases one after the other. On a terminal what is unsure is asked; elsewhere it is a named error
    with the line to run. In a folder such an error keeps the other files not out.
    """
    given = dict(pairs(corrections, "--set"))
    _ask_currency(console, shop, [file for file in files if not Path(file).is_dir()], given)
    loaded: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    for file in files:
        if not Path(file).is_dir():
            loaded.append(_take_file(console, shop, file, given, details=details))
            continue
        made = _take_folder(console, shop, Path(file), given)
        loaded += [asdict(one) for one in made.imports]
        unread += [{"path": one.path, "code": one.problem.code, "message": console.reader.explain(one.problem)} for one in made.unread]
    if files:
        _tell_assumed(console, shop)
    return {"imports": loaded, "unread": unread}


def _take_file(console: Console, shop: Workspace, file: str, given: dict[str, str], *, details: bool) -> dict[str, Any]:
    """Load one file, and tell what became of it."""
    from regulars.surfaces.columns import confirming, show_matches

    with watched(console) as progress:
        one = shop.load(file, mapping=given, confirm=confirming(console) if console.asks else None, progress=progress)
    _tell(console, one, shop.folder)
    if details:
        show_matches(console, one.mappings)
    _explain_more(console, one)
    return asdict(one)


def _take_folder(console: Console, shop: Workspace, folder: Path, given: dict[str, str]) -> Deliveries:
    """Load every file of a folder, tell what became of each, and sum up."""
    from regulars.intake.deliveries import left_out, summary
    from regulars.surfaces.columns import confirming

    with watched(console) as progress:
        made = shop.load_folder(folder, mapping=given, confirm=confirming(console) if console.asks else None, progress=progress)
    for one in made.imports:
        _tell(console, one, shop.folder)
        _explain_more(console, one)
    for lost in made.unread:
        console.write(left_out(lost, console.reader))
    console.write(summary(made, console.reader))
    return made


def _explain_more(console: Console, one: Import) -> None:
    """With --verbose: what each column was taken for, and why."""
    from regulars.ingest.fields import FIELDS

    said = console.reader
    for match in (match for mapping in one.mappings for match in mapping["matches"]):
        why = f"{said.percent(match['confidence'], 0)}, {said.say(match['reason'])}"
        console.explain_more(N_("{column} is taken for: {field} ({why})"), column=str(match["column"]), field=said.say(FIELDS[match["field"]]), why=why)


def _ask_currency(console: Console, shop: Workspace, files: Sequence[str], given: dict[str, str]) -> None:
    """Ask for the currency where neither the files nor the settings state one, and somebody is there to say."""
    settings = shop.settings
    if not console.asks or settings.currency or not files:
        return
    with_money = [mapping for file in files for _, mapping in shop.map(file, given) if mapping.table in {"sales", "payments"}]
    if any(mapping.currency is None for mapping in with_money):
        answer = console.ask(console.reader.say(N_("In which currency are the amounts? An ISO code such as CNY, UAH, GBP:")), settings.assumed_currency or "")
        shop.settings = type(settings).read(shop.folder, **settings.model_dump(exclude={"mappings", "currency"}), currency=answer or None)


def _tell(console: Console, one: Import, folder: Path) -> None:
    from regulars.ingest.stage import REASONS

    said = console.reader
    counts = {name: said.counted(N_("{n} row"), N_("{n} rows"), getattr(one, name)) for name in ("rows_in", "rows_loaded", "rows_rejected", "walk_in_rows")}
    if one.already_loaded:
        console.say(N_("{file} was loaded before; nothing changed."), file=Path(one.path).name)
        return
    console.say(N_("{file}: {rows_in}, of them loaded {rows_loaded}, not loaded {rows_rejected}."), file=Path(one.path).name, **counts)
    for reason, rows in sorted(one.rejected_by_reason.items(), key=lambda pair: -pair[1]):
        console.write(f"  {said.labelled(said.say(REASONS.get(reason, reason)), said.number(rows))}")
    if one.rows_rejected:
        console.hint(N_("The rows that were not loaded: {line}"), line=f"regulars rows rejected{at(folder)}")
    if one.walk_in_rows:
        console.say(N_("Without a customer, counted as walk-in sales: {walk_in_rows}."), walk_in_rows=counts["walk_in_rows"])


def _tell_assumed(console: Console, shop: Workspace) -> None:
    """What was taken for granted, and how to say otherwise."""
    books, settings = [book.name for book in shop.snapshot.books], shop.settings
    if NO_CURRENCY in books:
        console.hint(N_("The files state no currency, so amounts are printed bare. To say it: {option}"), option="--currency GBP")
    console.hint(
        N_("Read with currency {currency}, time zone {zone}, language {language}."),
        currency=console.reader.joined(books),
        zone=settings.zone.key,
        language=console.reader.language_name,
    )
