"""``regulars completion SHELL``: the script that lets a shell complete commands, options and values."""

from __future__ import annotations

from typing import Any, Final

import click

from regulars.errors import N_, error
from regulars.surfaces.completion import SHELLS, script
from regulars.surfaces.console import Console
from regulars.surfaces.spoken import Argument, Command

PLACES: Final = {
    "bash": "~/.local/share/bash-completion/completions/regulars",
    "zsh": "~/.zfunc/_regulars",
    "fish": "~/.config/fish/completions/regulars.fish",
}
"""Where a shell looks for it by itself; zsh after ``fpath+=~/.zfunc; autoload -Uz compinit; compinit`` in ~/.zshrc."""


def completion(console: Console, shell: str) -> dict[str, Any]:
    """Print the script; where it goes is said in a comment at its top, so that the output can be kept as it is."""
    if shell not in SHELLS:
        raise error("value_wrong", name=console.reader.say(N_("SHELL")), value=shell, allowed=", ".join(SHELLS))
    root = click.get_current_context().find_root().command
    place = PLACES[shell]
    body = script(shell, root)
    head, rest = body.split("\n", 1) if body.startswith("#compdef") else ("", body)
    told = [
        console.reader.say(N_("Keep this text in a file and open a new shell: {line}"), line=f"regulars completion {shell} > {place}"),
        *([console.reader.say(N_("In ~/.zshrc, once: {line}"), line="fpath+=~/.zfunc; autoload -Uz compinit; compinit")] if shell == "zsh" else []),
    ]
    text = "\n".join(filter(None, [head, *(f"# {line}" for line in told), rest.strip()]))
    console.write(text)
    return {"shell": shell, "place": place, "script": text}


COMMAND: Final = Command("completion", completion, [Argument("shell", "bash|zsh|fish")])
