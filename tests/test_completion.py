"""Completion in real shells: what Tab offers, in bash, zsh and fish, and how quickly."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from order_files import environment
from regulars.surfaces import cli
from regulars.surfaces.sketch import SKETCHES, drawn

PROGRAM = f'#!/bin/sh\nexec {sys.executable} -m regulars "$@"\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program under its name, and a workspace of which only the names of its books are there."""
    folder = tmp_path_factory.mktemp("shell")
    program = folder / "bin" / "regulars"
    program.parent.mkdir()
    program.write_text(PROGRAM)
    program.chmod(0o755)
    snapshot = folder / "shop.regulars" / "snapshots" / "s1"
    snapshot.mkdir(parents=True)
    (folder / "shop.regulars" / "current").write_text("s1")
    (snapshot / "snapshot.json").write_text(json.dumps({"books": [{"name": "EUR"}, {"name": "GBP"}]}))
    for name in ("november.brief.html", "orders.csv"):
        (folder / name).touch()
    return folder


def spoken(place: Path, shell: str, text: str) -> list[str]:
    """What a shell prints that runs this text."""
    here = environment() | {"PATH": f"{place / 'bin'}:/usr/bin:/bin", "HOME": str(place)}
    run = subprocess.run([shell, *(["-f"] if shell == "zsh" else []), "-c", text], cwd=place, env=here, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def bash(place: Path, line: str) -> list[str]:
    """What bash would offer at the end of a line, by its own rules: the words it breaks at ``=``, the function it was told of."""
    words = [piece for word in line.split(" ") for piece in (word.replace("=", " = ").split(" ") if "=" in word else [word])]
    given = " ".join(f"'{word}'" for word in words if word or word == words[-1])
    text = f"""
        source <(regulars completion bash)
        complete -p regulars >/dev/null || exit 9
        COMP_LINE='{line}' COMP_POINT={len(line)} COMP_WORDS=({given})
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _regulars_completion regulars
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    return [one for one in spoken(place, "bash", text) if one]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("regulars d", ["demo", "diff", "doctor"]),
        ("regulars run r", ["rfm", "retention", "reconcile", "receivables"]),
        ("regulars run rfm --pre", ["--preset"]),
        ("regulars run rfm --preset ", ["named", "eight", "four"]),
        ("regulars run kpis --by store,ch", ["store,channel"]),
        ("regulars rows rfm --where seg", ["segment="]),
        ("regulars rows rfm --where segment=at", ["at_risk"]),
        ("regulars sql r", ["rfm", "retention", "reconcile", "receivables"]),
        ("regulars sql rfm --parameters spl", ["split="]),
        ("regulars sql rfm --parameters split=", ["mean", "median"]),
        ("regulars run cpm --book ", ["EUR", "GBP"]),
        ("regulars doctor --language ", ["en", "uk", "zh_CN"]),
        ("regulars brief --time-zone Europe/Ky", ["Europe/Kyiv"]),
        ("regulars load --set order_i", ["order_id="]),
        ("regulars completion ", ["bash", "zsh", "fish"]),
        ("regulars engine s", ["spark"]),
    ],
)
def test_bash(line: str, offered: list[str], place: Path) -> None:
    assert bash(place, line) == offered


def test_bash_leaves_files_to_the_shell(place: Path) -> None:
    """The script asks readline for file names: nothing of its own is offered."""
    assert bash(place, "regulars brief ") == []


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed: apt-get install zsh")
def test_zsh(place: Path) -> None:
    """The function gives zsh each offer with its meaning; ``_describe`` is zsh's own way to show them."""
    text = """
        compdef() { }; _describe() { print -l -- "${completions_with_descriptions[@]}" }; compadd() { print -l -- "${completions[@]}" }
        source <(regulars completion zsh)
        words=(regulars run rf); CURRENT=3; _regulars_completion
        words=(regulars run rfm --preset ''); CURRENT=5; _regulars_completion
    """
    told = spoken(place, "zsh", text)
    assert told[0].startswith("rfm:")
    assert told[-3:] == ["named", "eight", "four"]


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed: apt-get install fish")
def test_fish(place: Path) -> None:
    told = spoken(place, "fish", "regulars completion fish | source; complete -C 'regulars run rf'; complete -C 'regulars run rfm --preset '")
    assert told[0].split("\t")[0] == "rfm"
    assert sorted(told[1:]) == ["eight", "four", "named"]


def test_it_is_quick(place: Path) -> None:
    """No engine, no Arrow, no analysis is imported on the way."""
    script = (
        "import sys; from regulars.surfaces.cli import run; run([]);"
        "print(sorted({'duckdb','pyarrow','sqlglot','pydantic','numpy','regulars.analyses'} & {*sys.modules}))"
    )
    line = "regulars rows rfm --where segment="
    asked = {"_REGULARS_COMPLETE": "bash_complete", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    told = subprocess.run([sys.executable, "-c", script], env=environment() | asked, capture_output=True, encoding="utf-8", check=True)
    assert told.stdout.splitlines()[-1] == "[]"
    assert "plain,champions" in told.stdout


def test_what_completion_knows_is_what_the_analyses_are() -> None:
    assert drawn() == SKETCHES, "run: make docs"


def test_the_script_says_where_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    for shell, place in (("bash", "bash-completion"), ("zsh", "fpath"), ("fish", "config/fish")):
        assert cli.run(["completion", shell]) == 0
        assert place in capsys.readouterr().out
    assert cli.run(["completion", "tcsh"]) == 2
    assert "bash, zsh, fish" in capsys.readouterr().err
