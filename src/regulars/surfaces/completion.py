"""What a shell offers when Tab is pressed: click finds the place on the line, this says which values fit there.

It must be quick: no engine, no Arrow and no analysis is imported. What it knows of the analyses is in ``sketch``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Final

import click
from click.shell_completion import CompletionItem, FishComplete, ShellComplete, ZshComplete, split_arg_string

from regulars.i18n import LANGUAGES, Reader, language_of_environment
from regulars.surfaces.places import folder_of
from regulars.surfaces.sketch import SKETCHES
from regulars.surfaces.spoken import ASKING

SHELLS: Final = ("bash", "zsh", "fish")

_BASH: Final = """\
_regulars_completion() {
    local kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
        esac
    done < <(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" REGULARS_WORDBREAKS="$COMP_WORDBREAKS" %(complete_var)s=bash_complete %(prog_name)s 2>/dev/null)
    if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _regulars_completion %(prog_name)s
"""


class _Knowing(ShellComplete):
    """Keeps the words of the line where an offer can look: click forgets those before an option that still waits for its value."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        self.ctx_args["obj"] = tuple(args)
        return super().get_completions(args, incomplete)


class Bash(_Knowing):
    """Bash breaks words at ``=``; the line itself is read instead, and a reply leaves out what stands before the break."""

    name = "bash"
    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
        words = split_arg_string(line)
        incomplete = words.pop() if words and not line[-1].isspace() else ""
        self.broken = "=" in os.environ.get("REGULARS_WORDBREAKS", "=") and "=" in incomplete
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        value = str(item.value)
        return f"{item.type},{value.partition('=')[2] if self.broken else value}"


class Zsh(_Knowing, ZshComplete):
    """Zsh shows what each offer means, in the reader's language."""

    def format_completion(self, item: CompletionItem) -> str:
        return super().format_completion(_said(item))


class Fish(_Knowing, FishComplete):
    """Fish shows what each offer means, in the reader's language."""

    def format_completion(self, item: CompletionItem) -> str:
        return super().format_completion(_said(item))


_KINDS: Final[dict[str, type[ShellComplete]]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def _said(item: CompletionItem) -> CompletionItem:
    return CompletionItem(item.value, item.type, Reader(language_of_environment()).say(item.help)) if item.help else item


def _of(shell: str, command: click.Command) -> ShellComplete:
    return _KINDS[shell](command, {}, "regulars", ASKING)


def script(shell: str, command: click.Command) -> str:
    """The text a shell reads once to know how to ask."""
    return _of(shell, command).source()


def reply(command: click.Command) -> None:
    """Answer the shell that asks. Whatever goes wrong, nothing is offered: a person at a prompt is not told of errors."""
    shell = os.environ[ASKING].partition("_")[0]
    try:
        told = _of(shell, command).complete()
    except Exception:  # noqa: BLE001 - a prompt is no place for a traceback
        return
    if told:
        click.echo(told)


Offer = Callable[[click.Context, str], Iterable[str]]


def values(param: click.Parameter, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """What may stand for a parameter of ours, given the letters that are there."""
    if param.name in _PATHS:
        return [CompletionItem(incomplete, type=_PATHS[param.name])]
    allowed = getattr(param, "values", ())
    offered = _of_list(allowed, incomplete) if allowed else _OFFERS[param.name](ctx, incomplete) if param.name in _OFFERS else ()
    return [CompletionItem(one) for one in offered if one.startswith(incomplete)]


def _of_list(allowed: Iterable[str], incomplete: str) -> list[str]:
    """The values, each after what already stands before the last comma."""
    before, comma, _ = incomplete.rpartition(",")
    return [f"{before}{comma}{value}" for value in allowed if value not in before.split(",")]


def _books(ctx: click.Context, _: str) -> list[str]:
    """The books of the workspace the line means, from the manifest of its snapshot."""
    folder = folder_of(ctx.params.get("workspace"))
    snapshot = folder / "snapshots" / (folder / "current").read_text(encoding="utf-8").strip()
    told = json.loads((snapshot / "snapshot.json").read_text(encoding="utf-8"))
    return [str(book["name"]) for book in told["books"]]


def _currencies(_: click.Context, __: str) -> list[str]:
    from babel.core import get_global

    return sorted(get_global("all_currencies"))


def _zones(_: click.Context, __: str) -> list[str]:
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def _fields(_: click.Context, __: str) -> list[str]:
    from regulars.ingest.fields import ANY_FIELD

    return [f"{name}=" for name in ANY_FIELD]


def _parameters(ctx: click.Context, incomplete: str) -> list[str]:
    """``name=`` of every parameter of the analysis that stands before, or its values."""
    analysis = next((word for word in ctx.find_root().obj if word in SKETCHES), "")
    known = SKETCHES.get(analysis, {}).get("options", {})
    return _pairs({name: option["values"] for name, option in known.items()}, incomplete)


def _columns(ctx: click.Context, incomplete: str) -> list[str]:
    """``column=`` of every column of the analysis' rows, or its values."""
    return _pairs(SKETCHES.get(str(ctx.info_name), {}).get("columns", {}), incomplete)


def _pairs(known: dict[str, list[str]], incomplete: str) -> list[str]:
    name, equals, value = incomplete.partition("=")
    return [f"{name}={one}" for one in _of_list(known.get(name, ()), value)] if equals else [f"{one}=" for one in known]


_PATHS: Final = {"files": "file", "file": "file", "briefs": "file", "output": "file", "workspace": "dir"}
_OFFERS: Final[dict[str | None, Offer]] = {
    "language": lambda *_: LANGUAGES,
    "shell": lambda *_: SHELLS,
    "address": lambda *_: ("duckdb", "spark", "local[2]"),
    "name": lambda *_: ("online-retail", "tea-shop"),
    "text": lambda *_: SKETCHES,
    "day_starts_at": lambda *_: [str(hour) for hour in range(13)],
    "book": _books,
    "currency": _currencies,
    "time_zone": _zones,
    "corrections": _fields,
    "parameters": _parameters,
    "where": _columns,
}
