"""What a workspace does with rules: it tells what each finds and what it changes, and turns its switch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regulars.errors import N_, Words, did_you_mean, error
from regulars.ingest.rules import RULE, SWITCHES
from regulars.rights import Sight
from regulars.snapshots import Shelf
from regulars.state import Settings

if TYPE_CHECKING:
    from regulars.intake.effects import RuleEffect


class Ruling:
    """The part of a workspace that has rules."""

    folder: Path
    settings: Settings
    _shelf: Shelf
    _sight: Sight

    @property
    def rules(self) -> tuple[RuleEffect, ...]:
        """Every rule: how many rows it finds, and what turning its switch would change in revenue, orders and customers, book by book."""
        from regulars.intake.effects import effects

        self._sight.allow(Words(N_("the rules")))
        return self._shelf.steadily(lambda: effects(self._shelf, self.settings))

    def switch(self, rule: str, on: bool) -> None:
        """Switch a rule on or off, and publish the same deliveries anew. Switching back brings the former snapshot back.

        Raises:
            RegularsError: ``rule_unknown``, ``rule_only_flags``, ``workspace_empty``, ``workspace_busy``, ``not_writable``.
        """
        from regulars.intake.imports import arranged_anew

        self._sight.allow(Words(N_("the rules")))
        if rule not in RULE:
            raise error("rule_unknown", name=rule, near=did_you_mean(rule, RULE))
        if rule not in SWITCHES:
            raise error("rule_only_flags", name=rule, title=Words(RULE[rule].title), known=", ".join(SWITCHES))
        if self._shelf.current() is None:
            raise error("workspace_empty", path=str(self.folder))
        settings = Settings.read(self.folder, **self.settings.given).switched(rule, on)
        arranged_anew(self._shelf, settings)
        self.settings = settings
