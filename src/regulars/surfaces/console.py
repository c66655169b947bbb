"""The console: prints to a person in their language, asks, shows progress, or hands one JSON envelope to a machine."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, Self, TextIO

import click

from regulars.errors import N_, RegularsError, error
from regulars.i18n import Reader, reader
from regulars.units import NUMERIC

if TYPE_CHECKING:
    from rich.console import Console as Terminal

    from regulars.units import Column

Row = Mapping[str, Any]
PIPE_WIDTH: Final = 10_000
"""Letters of a line that is printed into a pipe: no table is broken there."""


@dataclass
class Console:
    """Where a command speaks. ``reader`` changes when a workspace is opened that has a language of its own."""

    reader: Reader
    language: str | None = None
    json: bool = False
    quiet: bool = False
    verbose: bool = False
    status: int = 0

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """The console a command line asks for. It is read before anything else, since help and errors are said in its language."""
        given = list(takewhile(lambda word: word != "--", words))
        language = None
        for word, following in zip(given, [*given[1:], ""], strict=False):
            if word == "--language" or word.startswith("--language="):
                language = word.partition("=")[2] or following
        flags = {name: bool({f"--{name}", short} & set(given)) for name, short in (("json", "--json"), ("quiet", "-q"), ("verbose", "-v"))}
        return cls(reader(language), language, **flags)

    @property
    def asks(self) -> bool:
        """Whether a person sits there who can be asked."""
        return not self.json and not self.quiet and sys.stdin.isatty() and sys.stderr.isatty()

    def say(self, message: str, **values: str) -> None:
        """A sentence of the answer."""
        self.write(self.reader.say(message, **values))

    def hint(self, message: str, **values: str) -> None:
        """A sentence that helps and can be missed: not printed with --quiet."""
        if not self.quiet:
            self.say(message, **values)

    def write(self, text: str = "") -> None:
        """Lines, harmless to a terminal whatever the files say that they quote."""
        if not self.json:
            click.echo(visible(text))

    def fail(self) -> None:
        """The command has answered, and the answer is bad news for a script: exit status 1."""
        self.status = 1

    def explain(self, problem: RegularsError) -> None:
        """An error's sentence and next step: to a person on stderr, to a machine in the envelope."""
        if self.json:
            message, _, next_step = self.reader.explain(problem).partition("\n")
            values = {name: plain(value) for name, value in problem.values.items()}
            told = {"code": problem.code, "message": message, "next_step": next_step, "exit_status": problem.kind.exit_status, "values": values}
            click.echo(_document(ok=False, error=told))
        else:
            click.echo(visible(self.reader.explain(problem)), err=True)

    def answer(self, data: Any) -> None:
        """The envelope a machine reads; a person has already been told."""
        if self.json:
            click.echo(self.enveloped(data))

    def enveloped(self, data: Any) -> str:
        """The one document that ``--json`` prints."""
        return _document(ok=True, data=plain(data))

    def explain_more(self, message: str, **values: str) -> None:
        """A sentence for whoever wants to know how: only with --verbose, and never into the answer."""
        if self.verbose:
            click.echo(f"# {self.reader.say(message, **values)}", err=True)

    def ask(self, question: str, default: str = "") -> str:
        """What the person types; Enter takes the default. The end of input is a wish to stop."""
        click.echo(f"{question} [{default}] " if default else f"{question} ", nl=False, err=True)
        answer = sys.stdin.readline()
        if not answer:
            raise error("cancelled")
        return answer.strip() or default

    def table(self, columns: Mapping[str, Column], rows: Iterable[Row], reader: Reader | None = None) -> None:
        """Rows under the titles of their declared columns, each value as its unit is read."""
        shown = reader or self.reader
        titles = [(shown.say(column.title), column.unit in NUMERIC) for column in columns.values()]
        self.grid(titles, ([column.show(row[name], shown) for name, column in columns.items()] for row in rows))

    def grid(self, titles: Sequence[tuple[str, bool]], lines: Iterable[Sequence[str]]) -> None:
        """Lines of text under titles; ``True`` beside a title sets its column to the right."""
        if self.json:
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        window = terminal()
        rows = [[visible(cell).replace("\n", " ") for cell in line] for line in lines]
        shown = _fitting([title for title, _ in titles], rows, window.width)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for title, right in titles[:shown]:
            table.add_column(Text(title), justify="right" if right else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row[:shown]))
        with window.capture() as drawn:
            window.print(table)
        click.echo("\n".join(line.rstrip() for line in drawn.get().strip("\n").splitlines()).strip("\n") + "\n")
        if shown < len(titles):
            self.hint(N_("Columns that found no room: {columns}."), columns=self.reader.joined([title for title, _ in titles[shown:]]))


def _document(**content: Any) -> str:
    """JSON in the letters that the stream can carry."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(content, ensure_ascii=not unicode, indent=1, allow_nan=False)


def _fitting(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> int:
    """How many of the first columns fit without breaking a number; titles may be broken between words."""
    from rich.cells import cell_len

    needed = 0
    for at, title in enumerate(titles):
        needed += 3 + max(map(cell_len, [*(title.split() or [""]), *(row[at] for row in rows)]))
        if needed > width:
            return max(at, 1)
    return len(titles)


def terminal(stream: TextIO | None = None) -> Terminal:
    """A rich console that knows whether it is a terminal; into a pipe it writes wide and without colour."""
    from rich.console import Console as Terminal

    stream = stream or sys.stdout
    return Terminal(file=stream, width=None if stream.isatty() else PIPE_WIDTH, highlight=False, markup=False, emoji=False)


def visible(text: str) -> str:
    """A text from a file, harmless to a terminal: control characters are written as spaces, but for the ends of lines."""
    return "".join(letter if letter.isprintable() or letter in "\n\N{NO-BREAK SPACE}" else " " for letter in text)


def plain(value: Any) -> Any:
    """A value as JSON can hold it: dates and times in ISO form, decimals as numbers, bytes in hexadecimal, what is not a number as null.

    Money is a number: amounts have at most 15 digits before and after the point together, which a JSON number carries without loss.
    """
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return plain(float(value))
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case None | bool() | int() | str():
            return value
    return str(value)
