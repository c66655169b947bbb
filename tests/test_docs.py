"""The documents are whole and true: everything has its entry in the reference, every line shown can be typed, every link leads somewhere."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from itertools import takewhile
from pathlib import Path
from typing import Any

import click
import pytest

import regulars as rg
from regulars import sql
from regulars.analyses.kpis import DIMENSIONS
from regulars.analysis import Analysis
from regulars.errors import KINDS
from regulars.ingest.stage import REASONS
from regulars.schema import PART_TABLES, TABLES
from regulars.state import Settings
from regulars.surfaces.cli import COMMANDS, REGULARS, run

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TYPED = [path for path in DOCUMENTS if "$ regulars" in path.read_text(encoding="utf-8")]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def missing(page: str, names: Any) -> list[str]:
    """The names that have no entry of their own on a page of the reference."""
    written = set(re.findall(r"`([^`\n]+)`", (REFERENCE / page).read_text(encoding="utf-8")))
    first = {re.split(r"[ (,]", text)[0] for text in written}
    return sorted({str(name) for name in names} - written - first)


def test_the_reference_is_what_the_code_says_now() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "write_reference.py"))["pages"]()
    assert {path.name for path in REFERENCE.glob("*")} == pages.keys(), "run: make docs"
    for name, text in pages.items():
        assert (REFERENCE / name).read_text(encoding="utf-8") == text, f"{name}: run: make docs"


@pytest.mark.parametrize("analysis", rg.ANALYSES, ids=lambda a: a.key)
def test_every_parameter_and_column_has_its_entry(analysis: type[Analysis]) -> None:
    page = f"{analysis.key}.md"
    assert not missing("analyses.md", [f"rg.{analysis.__name__}"])
    assert not missing(page, analysis.model_fields)
    assert not missing(page, (f"--{name.replace('_', '-')}" for name in analysis.model_fields))
    assert not missing(page, [*analysis.gives, *analysis.row_gives, *analysis.details])
    assert not missing(page, (column for detail in analysis.details.values() for column in detail.gives))
    assert not missing("analyses.md", [analysis.label.dimension] if analysis.label else [])


def test_every_dimension_error_and_setting_has_its_entry() -> None:
    assert not missing("analyses.md", DIMENSIONS)
    assert not missing("errors.md", [*KINDS, *REASONS])
    assert not missing("settings.md", Settings.model_fields)


def test_every_table_and_column_has_its_entry() -> None:
    for table in (*TABLES.values(), *PART_TABLES.values()):
        assert not missing("tables.md", [table.name, *table.columns])


def test_every_call_of_the_sql_has_its_entry() -> None:
    assert not missing("sql.md", [*sql.FUNCTIONS, *sql.MACROS, *sql.TYPES, "score", "score_desc", "each"])


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """(path, command) of everything that can be typed after ``regulars``."""
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        yield from (
            pair for name in command.list_commands(ctx) if (found := command.get_command(ctx, name)) for pair in commands(found, f"{path} {name}".strip())
        )


def test_every_command_and_option_has_its_entry() -> None:
    page = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
    assert all(f"## regulars {name}" in page for name in COMMANDS)
    parameters = {f"--{name.replace('_', '-')}" for analysis in rg.ANALYSES for name in analysis.model_fields}
    for path, command in commands(REGULARS):
        flags = {flag for param in command.params if isinstance(param, click.Option) for flag in (*param.opts, *param.secondary_opts)}
        assert not {flag for flag in flags - parameters if flag not in page}, path


@pytest.mark.parametrize("name", rg.__all__)
def test_every_public_name_says_what_it_is(name: str) -> None:
    found = getattr(rg, name)
    if name != "ANALYSES":
        first = str(found.__doc__ or "").strip().splitlines()[0]
        assert len(first) > 20 and first[-1] in ".?!:", f"{name}: {first!r}"
    assert not missing("python.md", [f"rg.{name}"])


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)", text):
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), f"{target} in {name_of(path)}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}, f"#{anchor} in {name_of(path)}"


def test_records_are_numbered_complete_and_listed() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert [int(path.name[:4]) for path in records] == [*range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert f"adr/{path.name})" in index


def test_the_changelog_tells_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# Lines to type


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """(line, what it prints as shown) of every ``$ …`` in the console blocks of a document."""
    for block in re.findall(r"^```console\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL):
        for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = shown.partition("\n")
            yield line.partition("  #")[0].strip(), output


def takes_long(words: list[str]) -> bool:
    """The demonstration on half a million lines is run by ``make demo``, not here."""
    return words == ["demo"]


def check_options(words: list[str]) -> None:
    """The command is there, and so is each of its options."""
    known = dict(commands(REGULARS))
    command = known.get(" ".join(words[:2])) or known[words[0]]
    flags = {flag for param in command.params for flag in (*param.opts, *param.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= {*flags, "--help"}, words


@pytest.mark.parametrize("path", TYPED, ids=name_of)
def test_lines_to_type_do_what_is_shown(path: Path, tea_shop_files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name, file in tea_shop_files.items():
        shutil.copy(file, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REGULARS_WORKSPACE", raising=False)
    for line, shown in lines(path):
        words = [*takewhile(lambda word: word != ">", shlex.split(line))]
        if words[0] != "regulars":
            continue
        if takes_long(words[1:]):
            check_options(words[1:])
            continue
        status = run(words[1:])
        out, err = capsys.readouterr()
        refused = '"ok": false' in shown
        assert status == (2 if refused else 0) or (words[1], status) == ("check", 1), f"{line}\n{out}{err}"
        assert OutputChecker().check_output(shown, out, ELLIPSIS | NORMALIZE_WHITESPACE) or not shown.strip(), f"{line}\n{out}"


def test_the_first_hour_is_typed() -> None:
    assert ROOT / "docs" / "first-hour.md" in TYPED
