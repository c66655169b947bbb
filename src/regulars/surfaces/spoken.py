"""Commands that speak the reader's language: help pages, and mistakes in a command line as named errors.

Click parses; its words are not used. Every help text is a text of the catalogue and is said when a page is shown.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from regulars.errors import N_, RegularsError, did_you_mean, error
from regulars.i18n import LANGUAGES, Reader, reader
from regulars.surfaces.console import Console, terminal

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Record = tuple[str, str]
ASKING: Final = "_REGULARS_COMPLETE"
"""The variable by which a shell's script asks what may stand on a line: ``bash_complete``, ``zsh_complete``, ``fish_complete``."""
PAGE_WIDTH: Final = 100
"""Letters of a line of a help page; longer ones are hard to read."""


class Option(click.Option):
    """An option whose page also says the default and what is allowed, as words of no language. ``values``: all there are, where they can be listed."""

    def __init__(self, *names: str, shown_default: str = "", allowed: str = "", values: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(names, **settings)
        self.shown_default, self.allowed, self.values = shown_default, allowed, tuple(values)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from regulars.surfaces.completion import values

        return values(self, ctx, incomplete)

    def record(self, said: Reader) -> Record:
        """The option's line on a page: how it is written, what it does."""
        spelled = ", ".join(self.opts) + "".join(f" / {name}" for name in self.secondary_opts)
        spelled += "" if self.is_flag or not isinstance(self.metavar, str) else f" {said.say(self.metavar)}"
        extra = [said.say(N_("default: {value}"), value=self.shown_default)] if self.shown_default else []
        extra += [said.say(N_("allowed: {value}"), value=self.allowed)] if self.allowed else []
        return spelled, said.say(self.help or "") + (f" [{'; '.join(extra)}]" if extra else "")


EVERYWHERE: Final = (
    Option("--language", metavar=N_("LANGUAGE"), allowed=", ".join(LANGUAGES), expose_value=False, help=N_("Language of what is printed and written.")),
    Option("--json", is_flag=True, expose_value=False, help=N_("Print one JSON document for machines, and nothing else.")),
    Option("--quiet", "-q", is_flag=True, expose_value=False, help=N_("No progress and no hints.")),
    Option("--verbose", "-v", is_flag=True, expose_value=False, help=N_("Say more, and show where an unexpected error came from.")),
)
"""The options of every command. The console has read them before; here they are only allowed to stand."""


class Argument(click.Argument):
    """Something every line with this command needs; ``shown`` is how its page calls it."""

    def __init__(self, name: str, shown: str, **settings: Any) -> None:
        super().__init__([name], metavar=shown, **settings)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from regulars.surfaces.completion import values

        return values(self, ctx, incomplete)


class Command(click.Command):
    """A command whose page and mistakes are in the reader's language. It calls ``does`` with the console and all that was typed."""

    allow_extra_args = True

    def __init__(self, name: str, does: Callable[..., Any] | None, params: Sequence[click.Parameter] = (), **texts: Any) -> None:
        super().__init__(name, callback=click.pass_obj(does) if does else None, params=[*params, *EVERYWHERE], **texts)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as mistake:
            raise _named(mistake, self, ctx) from None
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise error("usage_wrong", command=ctx.command_path, given=" ".join(rest))
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = N_("Show this page.")
        return found

    def get_help(self, ctx: click.Context) -> str:
        said = _reader(ctx)
        takes = " ".join(f"{_name(p, said)}{'...' if p.nargs < 0 else ''}" for p in self.params if isinstance(p, click.Argument))
        usage = said.say(N_("Usage: {line}"), line=f"{ctx.command_path} {takes} {self.tail(said)}".replace("  ", " ").strip())
        texts = [said.say(text) for text in (self.help or "", self.epilog or "")]
        sections = self._sections(ctx, said)
        console = ctx.find_object(Console)
        if console is None or not console.json:
            return _page([usage, texts[0]], list(sections.values()), texts[1])
        lists = {part: [{"name": name, "help": text} for name, text in records] for part, (_, records) in sections.items()}
        return console.enveloped({"usage": usage, "help": texts[0], **lists, "more": texts[1]})

    def _sections(self, ctx: click.Context, said: Reader) -> dict[str, tuple[str, list[Record]]]:
        """The lists of a page: a title and what stands under it."""
        own = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        return {
            "commands": (said.say(N_("Commands")), list(self.menu(ctx, said))),
            "options": (said.say(N_("Options")), [_record(p, said) for p in own if isinstance(p, Option) and p not in EVERYWHERE]),
            "everywhere": (said.say(N_("On every command")), [_record(p, said) for p in own if not isinstance(p, Option) or p in EVERYWHERE]),
        }

    def tail(self, said: Reader) -> str:
        """What else stands on the line."""
        return said.say(N_("[OPTIONS]"))

    def menu(self, ctx: click.Context, said: Reader) -> Iterator[Record]:
        """A group's commands; a command has none."""
        yield from ()


class Group(Command, click.Group):
    """Commands under one name; without one, its page is shown."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args if args or ctx.resilient_parsing else ["--help"])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if (found := self.get_command(ctx, args[0])) is None and not ctx.resilient_parsing:
            raise self.unknown(ctx, args[0])
        return args[0], found, args[1:]

    def unknown(self, ctx: click.Context, name: str) -> RegularsError:
        """The error for a name that is not in the group."""
        return error("command_unknown", command=ctx.command_path, name=name, near=did_you_mean(name, self.list_commands(ctx)))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def tail(self, said: Reader) -> str:
        return said.say(N_("COMMAND [OPTIONS]"))

    def menu(self, ctx: click.Context, said: Reader) -> Iterator[Record]:
        known = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        yield from ((name, said.say(found.short_help or found.help or "")) for name, found in known if found)


def _named(mistake: click.UsageError, command: click.Command, ctx: click.Context) -> RegularsError:
    """Click's complaint as one of our errors."""
    path = ctx.command_path
    match mistake:
        case click.NoSuchOption():
            known = [name for param in command.get_params(ctx) for name in (*param.opts, *param.secondary_opts) if name.startswith("--")]
            return error("option_unknown", command=path, name=mistake.option_name, near=did_you_mean(mistake.option_name, known))
        case click.MissingParameter() if mistake.param is not None:
            return error("argument_missing", command=path, name=_name(mistake.param, _reader(ctx)))
        case click.BadOptionUsage():
            return error("usage_wrong", command=path, given=mistake.option_name)
        case click.BadParameter() if mistake.param is not None:
            return error("usage_wrong", command=path, given=_name(mistake.param, _reader(ctx)))
    return error("usage_wrong", command=path, given=mistake.message)


def _reader(ctx: click.Context) -> Reader:
    console = ctx.find_object(Console)
    return console.reader if console else reader()


def _name(param: click.Parameter, said: Reader) -> str:
    return said.say(str(param.metavar or param.human_readable_name)) if isinstance(param, click.Argument) else param.opts[0]


def _record(param: click.Option, said: Reader) -> Record:
    return param.record(said) if isinstance(param, Option) else (", ".join(param.opts), said.say(param.help or ""))


def _page(heads: list[str], sections: list[tuple[str, list[Record]]], foot: str) -> str:
    """Paragraphs and two-column lists, wrapped by what letters really take up: a Chinese one takes two places."""
    from rich.console import Console as Terminal
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    written = io.StringIO()
    width = min(terminal().width, PAGE_WIDTH)
    page = Terminal(file=written, width=width, force_terminal=sys.stdout.isatty(), highlight=False, markup=False, emoji=False)
    for text in filter(None, heads):
        page.print(Text(f"{text}\n"))
    for title, records in sections:
        if records:
            page.print(Text(title, style="bold"))
            grid = Table.grid(padding=(0, 2))
            grid.add_column(max_width=width * 2 // 5, overflow="fold")
            grid.add_column(overflow="fold")
            for spelled, text in records:
                grid.add_row(Text(spelled), Text(text))
            page.print(Padding(grid, (0, 0, 1, 2)))
    if foot:
        page.print(Text(foot))
    return "\n".join(line.rstrip() for line in written.getvalue().rstrip().splitlines())
