"""``regulars``: the command line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

import click
from click.shell_completion import CompletionItem

from regulars.errors import N_, RegularsError, error
from regulars.i18n import Reader, language_of_environment
from regulars.surfaces.console import Console
from regulars.surfaces.spoken import ASKING, Group, Option

COMMANDS: Final[dict[str, str]] = {
    "brief": N_("Everything in one step: from order files to the brief and the lists of people to contact."),
    "load": N_("Load files of orders, customers, products or payments into a workspace."),
    "map": N_("Show what each column of a file is taken for, and correct it."),
    "rules": N_("Show what cleaning rules find and what each changes, and switch one on or off."),
    "check": N_("Judge files without loading them; without a file, the data that are loaded."),
    "run": N_("Ask one question: an analysis, its numbers, what it says and what to do."),
    "rows": N_("List the rows behind any number, or the rows that were not loaded."),
    "sql": N_("Show the SQL of an analysis, or run a SELECT of your own."),
    "template": N_("Write an empty order file to fill in."),
    "demo": N_("See it on data that come with Regulars, or in a made-up company."),
    "compact": N_("Merge the small files of many loads into few; no answer changes."),
    "rejects": N_("Write the rows that were not loaded to a file to mend, and load again."),
    "history": N_("What was loaded, corrected and taken back, and when."),
    "undo": N_("Take a delivery back, or put it back."),
    "diff": N_("What changed between two briefs, between two days, or since something was known."),
    "engine": N_("Show which engine answers, or move to another: DuckDB, PostgreSQL, Spark."),
    "doctor": N_("Check this machine and the workspace."),
    "completion": N_("Let the shell complete commands, options and values with Tab."),
}
"""The menu, in the order a newcomer needs it. A module is imported when its command is named."""

PIPE_CLOSED: Final = 141
"""What a shell reports of a program whose reader went away."""


class Menu(Group):
    """The commands, each in a module of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"regulars.surfaces.commands.{cmd_name}")
        found: click.Command = module.COMMAND
        found.help = found.help or COMMANDS[cmd_name]
        found.short_help = COMMANDS[cmd_name]
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands without importing them, and the options that may stand before one."""
        offered = [CompletionItem(name, help=says) for name, says in COMMANDS.items() if name.startswith(incomplete)]
        return offered if not incomplete.startswith("-") else click.Command.shell_complete(self, ctx, incomplete)

    def menu(self, ctx: click.Context, said: Reader) -> Iterator[tuple[str, str]]:
        yield from ((name, said.say(text)) for name, text in COMMANDS.items())


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        console = ctx.find_object(Console)
        click.echo(console.enveloped({"version": version("regulars")}) if console and console.json else f"regulars {version('regulars')}")
        ctx.exit()


REGULARS: Final = Menu(
    "regulars",
    None,
    [Option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help=N_("Show the version."))],
    help=N_("Customer analytics from the order files a company already has: who carries the business, who is leaving, what is at stake, whom to contact."),
    epilog=N_(
        "Exit status: 0 done; 1 something is broken (doctor) or unexpected; 2 a named error that says what to do; 130 stopped with Ctrl-C. "
        "The workspace is the one given with --workspace, else the one in REGULARS_WORKSPACE, else this folder if it holds regulars.toml, "
        "else ./regulars, else the only folder here whose name ends in .regulars."
    ),
)


def run(words: Sequence[str]) -> int:
    """Do what a command line says; the exit status."""
    if ASKING in os.environ:
        from regulars.surfaces.completion import reply

        reply(REGULARS)
        return 0
    try:
        console = Console.of(words)
    except RegularsError as refused:
        Console(Reader(language_of_environment()), json="--json" in words).explain(refused)
        return refused.kind.exit_status
    try:
        answer = REGULARS.main(args=list(words), prog_name="regulars", obj=console, standalone_mode=False)
        if not isinstance(answer, int):
            console.answer(answer)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # click exits so when nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (Exception, KeyboardInterrupt) as end:  # noqa: BLE001 - the last door: whatever comes here is said, not thrown at a person
        problem = _named(end)
        if problem is not end and console.verbose:
            traceback.print_exception(end)
        console.explain(problem)
        return problem.kind.exit_status
    return console.status


def _named(end: BaseException) -> RegularsError:
    """Whatever ended a command, as a named error."""
    match end:
        case RegularsError():
            return end
        case KeyboardInterrupt() | click.Abort():
            return error("cancelled")
    from regulars.engines.refusals import refusal

    return refusal(end, Path.cwd()) or error("unexpected", what=f"{type(end).__name__}: {end}")


def main() -> NoReturn:
    """The ``regulars`` command."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))
