"""``regulars rules``: what each rule finds, what its switch changes, and turning it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, error
from regulars.surfaces.console import Console
from regulars.surfaces.places import WORKSPACE, at, enter, folder_of
from regulars.surfaces.spoken import Argument, Command, Option

if TYPE_CHECKING:
    from regulars.intake.effects import RuleEffect
    from regulars.workspace import Workspace

SWITCH: Final = {True: N_("on"), False: N_("off"), None: N_("only flags")}
"""How the state of a switch is said."""
TITLES: Final = (
    (N_("Rule"), False),
    ("", False),
    (N_("Switch"), False),
    (N_("Rows"), True),
    (N_("Net revenue"), True),
    (N_("Orders"), True),
    (N_("Customers"), True),
)
EVERY: Final = Option("--all", "every", is_flag=True, help=N_("Show also the rules that found nothing."))


def rules(console: Console, rule: str | None, state: str | None, workspace: str | None, every: bool) -> dict[str, Any]:
    """List the rules; with a rule and ``on`` or ``off``, turn its switch."""
    folder = folder_of(workspace)
    shop = enter(console, folder)
    if rule is not None:
        on = _wanted(console, rule, state)
        before = shop.snapshot.id
        shop.switch(rule, on)
        console.say(N_("{rule} is switched {state} from now on; regulars.toml says so."), rule=rule, state=console.reader.say(SWITCH[on]))
        if shop.snapshot.id != before:
            console.hint(N_("Back: {line}"), line=f"regulars rules {rule} {'off' if on else 'on'}{at(folder)}")
        return {"rule": rule, "switched_on": on, "snapshot": shop.snapshot.id, "before": before}
    return _listed(console, shop, every=every)


def _wanted(console: Console, rule: str, state: str | None) -> bool:
    """Whether a rule is to be on; the words of the reader's language will do too."""
    words = {"on": True, "off": False} | {console.reader.say(SWITCH[on]): on for on in (True, False)}
    if state is None:
        raise error("argument_missing", command=f"regulars rules {rule}", name="on | off")
    if state not in words:
        raise error("value_wrong", name=rule, value=state, allowed="on, off")
    return words[state]


def _listed(console: Console, shop: Workspace, *, every: bool) -> dict[str, Any]:
    found = shop.rules
    shown = [one for one in found if one.rows or every]
    console.grid([(console.reader.say(title), right) for title, right in TITLES], (line for one in shown for line in _lines(console, one)))
    silent = len(found) - len(shown)
    if silent:
        console.hint(N_("Rules that found nothing: {rules}. All of them: {line}"), rules=console.reader.number(silent), line="regulars rules --all")
    console.hint(N_("What a switch changes is what stands in its line. To turn one: {line}"), line=f"regulars rules top_up off{at(shop.folder)}")
    return {"rules": [one.plain for one in found]}


def _lines(console: Console, effect: RuleEffect) -> Iterator[list[str]]:
    """A rule's line for every book that it concerns; one without money where it concerns none."""
    said = console.reader
    head = [said.say(effect.rule.title), effect.rule.key, said.say(SWITCH[effect.switched_on])]
    if not effect.books:
        yield [*head, said.number(effect.rows), "", "", ""]
    for book, change in effect.books.items():
        yield [*head, said.number(change.rows), said.of(book).money(change.revenue), said.number(change.orders), said.number(change.customers)]


COMMAND: Final = Command("rules", rules, (Argument("rule", N_("RULE"), required=False), Argument("state", N_("on | off"), required=False), EVERY, WORKSPACE))
