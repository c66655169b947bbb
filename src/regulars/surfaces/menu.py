"""Commands with one member per analysis: whatever the tuple of analyses holds, they offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

import regulars as rg
from regulars.errors import RegularsError, did_you_mean, error
from regulars.surfaces.console import Console
from regulars.surfaces.parameters import asked, options
from regulars.surfaces.sketch import SKETCHES
from regulars.surfaces.spoken import Command, Group, Option

if TYPE_CHECKING:
    from regulars.analysis import Analysis


class PerAnalysis(Group):
    """A group with a command for every analysis. ``answer`` is called with the console, the analysis asked for, and ``own`` options by name."""

    def __init__(self, name: str, answer: Callable[..., Any], own: Sequence[Option], others: tuple[click.Command, ...] = ()) -> None:
        super().__init__(name, None)
        self._answer, self._own = answer, own
        for other in others:
            self.add_command(other)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*(SKETCHES if ctx.resilient_parsing else (analysis.key for analysis in rg.ANALYSES)), *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if other := self.commands.get(cmd_name):
            return other
        if ctx.resilient_parsing:
            return self._sketched(cmd_name) if cmd_name in SKETCHES else None
        known: dict[str, type[Analysis]] = {analysis.key: analysis for analysis in rg.ANALYSES}
        return self._command(known[cmd_name]) if cmd_name in known else None

    def unknown(self, ctx: click.Context, name: str) -> RegularsError:
        return error("analysis_unknown", name=name, near=did_you_mean(name, self.list_commands(ctx)))

    def _sketched(self, key: str) -> click.Command:
        """The command as far as a shell that completes a line must know it."""
        told = SKETCHES[key]
        known = [
            Option("/".join(option["flags"]), name, help=option["says"], values=option["values"], metavar="-", default=None)
            for name, option in told["options"].items()
        ]
        return Command(key, None, [*known, *self._own], help=told["says"], short_help=told["says"])

    def _command(self, analysis: type[Analysis]) -> click.Command:
        def answer(console: Console, **given: Any) -> Any:
            chosen = asked(analysis, {name: given.pop(name) for name in analysis.model_fields})
            return self._answer(console, chosen, **given)

        return Command(analysis.key, answer, [*options(analysis), *self._own], help=analysis.method, short_help=analysis.question)
