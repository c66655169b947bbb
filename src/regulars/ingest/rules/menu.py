"""The menu: every rule, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.ingest.rules.goods import GOODS
from regulars.ingest.rules.persons import PERSONS
from regulars.ingest.rules.realities import REALITIES
from regulars.ingest.rules.records import RECORDS
from regulars.ingest.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (*REALITIES, *GOODS, *RECORDS, *PERSONS)

RULE: Final[dict[str, Rule]] = {rule.key: rule for rule in RULES}
"""Key → rule."""

SWITCHES: Final[dict[str, bool]] = {rule.key: rule.on for rule in RULES if rule.takes_out}
"""The rules that take rows out of the sales, and whether they do so by default."""


def set_aside(switched: Mapping[str, bool]) -> tuple[str, ...]:
    """The rules that take rows out, where the owner has ``switched`` some on or off."""
    return tuple(key for key, on in SWITCHES.items() if switched.get(key, on))
