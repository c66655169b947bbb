"""Every surface is derived from the anatomy: help, options and JSON schema of an analysis agree, whatever is in the tuple."""

from __future__ import annotations

from typing import Any

import click
import pytest

import regulars as rg
from regulars.analysis import Analysis
from regulars.i18n import LANGUAGES, Reader
from regulars.surfaces.cli import COMMANDS, REGULARS
from regulars.surfaces.console import Console
from regulars.surfaces.parameters import RESERVED, asked, options, written
from regulars.surfaces.spoken import EVERYWHERE, Option

ANALYSES = list(rg.ANALYSES)
each = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.key)


def found(*path: str, language: Any = "en") -> tuple[click.Command, click.Context]:
    """The command at the end of a path such as ``run rfm``, and its context."""
    command: click.Command = REGULARS
    ctx = click.Context(command, info_name="regulars", obj=Console(Reader(language)))
    for name in path:
        assert isinstance(command, click.Group)
        inner = command.get_command(ctx, name)
        assert inner is not None
        command, ctx = inner, click.Context(inner, info_name=name, parent=ctx)
    return command, ctx


def flat(page: str) -> str:
    return " ".join(page.split())


@pytest.mark.parametrize("group", ["run", "rows"])
@each
def test_options_are_the_fields(group: str, analysis: type[Analysis]) -> None:
    command, _ = found(group, analysis.key)
    own = {param.name for param in command.params} - RESERVED
    assert own == set(analysis.model_fields) == set(analysis.model_json_schema()["properties"])


@each
def test_no_parameter_is_called_like_an_option_of_the_command(analysis: type[Analysis]) -> None:
    assert not RESERVED & set(analysis.model_fields)


@each
def test_the_page_says_what_the_schema_says(analysis: type[Analysis]) -> None:
    command, ctx = found("run", analysis.key)
    page = flat(command.get_help(ctx))
    assert flat(analysis.method) in page
    for name, schema in analysis.model_json_schema()["properties"].items():
        assert f"--{name.replace('_', '-')}" in page
        assert flat(schema["description"]) in page
        for choice in schema.get("enum", ()):
            assert str(choice) in page
        for bound in ("minimum", "maximum"):
            if bound in schema:
                assert f"{schema[bound]:g}" in page
        if schema.get("default") not in {None, False} if not isinstance(schema.get("default"), list) else schema["default"]:
            assert f"default: {written(schema['default'])}" in page


@each
def test_what_is_typed_is_what_is_asked(analysis: type[Analysis]) -> None:
    """Typing every default gives the analysis with its defaults: nothing is lost between the line and the model."""
    default = analysis()
    typed = {name: written(getattr(default, name)) or None for name in analysis.model_fields}
    assert asked(analysis, typed) == default
    assert asked(analysis, {}) == default


@each
def test_every_example_of_the_schema_can_be_typed(analysis: type[Analysis]) -> None:
    """The neighbours of every bound, and every choice, go through the line as they go through the model."""
    for name, schema in analysis.model_json_schema()["properties"].items():
        for value in (*schema.get("enum", ()), *(schema[bound] for bound in ("minimum", "maximum") if bound in schema)):
            assert getattr(asked(analysis, {name: str(value)}), name) == value
        for bound, step in (("minimum", -1), ("maximum", 1)):
            if bound in schema:
                with pytest.raises(rg.RegularsError) as caught:
                    asked(analysis, {name: str(schema[bound] + step)})
                assert caught.value.code == "parameter_wrong"
                assert caught.value.values["name"] == name


@each
def test_an_unknown_parameter_is_refused_with_the_nearest(analysis: type[Analysis]) -> None:
    with pytest.raises(rg.RegularsError) as caught:
        asked(analysis, {"as_off": "2024-01-01"})
    assert caught.value.code == "parameter_unknown"
    assert "as_of" in str(caught.value)


def test_the_menu_is_the_tuple() -> None:
    group, ctx = found("run")
    assert isinstance(group, click.Group)
    assert group.list_commands(ctx) == [analysis.key for analysis in ANALYSES]
    page = flat(group.get_help(ctx))
    assert all(flat(analysis.question) in page for analysis in ANALYSES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [(), *((name,) for name in COMMANDS), ("run", ANALYSES[0].key), ("rows", "rejected")], ids=" ".join)
def test_every_page_is_in_the_readers_language(path: tuple[str, ...], language: str) -> None:
    command, ctx = found(*path, language=language)
    page, said = flat(command.get_help(ctx)).replace(" ", ""), Reader(language)  # type: ignore[arg-type]
    texts = [command.help, command.epilog, *(param.help for param in command.get_params(ctx) if isinstance(param, click.Option))]
    for text in filter(None, texts):
        assert said.say(text).replace(" ", "").replace("\n", "") in page


def test_every_command_knows_the_options_of_all() -> None:
    def walk(command: click.Command, ctx: click.Context) -> None:
        names = {name for param in command.params for name in param.opts}
        assert {"--language", "--json", "--quiet", "--verbose"} <= names
        assert all(isinstance(param, Option) for param in command.params if isinstance(param, click.Option))
        assert all(param.help for param in command.params if isinstance(param, click.Option))
        if isinstance(command, click.Group):
            for name in command.list_commands(ctx):
                inner = command.get_command(ctx, name)
                assert inner is not None
                walk(inner, ctx)

    walk(*found())
    assert len(EVERYWHERE) == 4


def test_lists_are_typed_with_commas_and_lists_of_lists_with_semicolons() -> None:
    breaks = ((10.0, 20.0), (2.0, 4.0), (5.0, 9.5))
    rfm = asked(rg.RFM, {"bins": "3", "breaks": written(breaks)})
    assert rfm == rg.RFM(bins=3, breaks=breaks)
    assert asked(rg.CPM, {"tenure_days": "60, 180"}) == rg.CPM(tenure_days=(60, 180))
    assert options(rg.CPM)[0].name == "as_of"
