"""The catalogues are whole: every text a reader meets is marked, translated into every language, and loses nothing on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import Any

import click
import pytest
from babel.messages.catalog import Message

import regulars as rg
from catalogues import LANGUAGES, Text, catalogue_file, merged, read, texts, written
from regulars.analysis import GRADES
from regulars.errors import KINDS
from regulars.i18n import LANGUAGES as ALL_LANGUAGES
from regulars.result import PEOPLE
from regulars.schema import PART_TABLES, TABLES
from regulars.surfaces.cli import COMMANDS, REGULARS
from regulars.units import Column
from regulars.worlds import WORLDS

HAN = r"[\u3400-\u9fff]"
TRANSLATED = [(language, message) for language in LANGUAGES for message in read(language) if message.id]


def forms(message: Message) -> list[str]:
    """All that is written for one text."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else " ".join(message.id)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def literal(text: str) -> str:
    """A text without its places."""
    return " ".join(part for part, *_ in Formatter().parse(text))


def filled(text: str) -> str:
    """A text with every place as one letter, so that marks beside a place are seen."""
    return re.sub(r"\{\w+\}", "N", text)


def letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def problems(check: Any) -> list[str]:
    """What a check finds wrong in all translations, each with its text."""
    return [
        f"{language}: {source(message)!r} → {form!r}: {found}"
        for language, message in TRANSLATED
        for form in forms(message)
        for found in check(language, message, form)
    ]


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert {*LANGUAGES} == {*ALL_LANGUAGES} - {"en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_the_texts_of_the_source(language: str) -> None:
    inside = {message.id for message in read(language) if message.id}
    assert sorted(map(str, texts().keys() - inside)) == [], "new texts; run: make messages"
    assert sorted(map(str, inside - texts().keys())) == [], "texts that are gone from the source; run: make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_written_as_make_messages_writes_it(language: str) -> None:
    same = catalogue_file(language).read_bytes() == written(merged(language))
    assert same, "run: make messages"


def test_nothing_is_left_to_translate() -> None:
    assert not problems(lambda language, message, form: [] if form.strip() else ["empty"])
    assert not [source(message) for _, message in TRANSLATED if message.fuzzy]


def test_places_are_those_of_the_english() -> None:
    def check(language: str, message: Message, form: str) -> Iterator[str]:
        if form and places(form) != places(source(message)):
            yield f"{sorted(places(form))}, wanted {sorted(places(source(message)))}"

    assert not problems(check)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form(language: str) -> None:
    catalogue = read(language)
    plurals = [m for m in catalogue if isinstance(m.id, (tuple, list))]
    assert plurals
    assert catalogue.num_plurals == {"uk": 3, "zh_CN": 1}[language]
    assert not [source(m) for m in plurals if len(forms(m)) != catalogue.num_plurals]


def test_no_sentence_gains_a_digit() -> None:
    """A digit that only a translation has would have no address."""

    def check(language: str, message: Message, form: str) -> Iterator[str]:
        more = Counter(re.findall(r"\d", literal(form))) - Counter(re.findall(r"\d", literal(source(message))))
        if places(source(message)) and more:
            yield f"digits {''.join(more)}"

    assert not problems(check)


def test_chinese_punctuation_is_chinese() -> None:
    slips = {
        rf"{HAN}\s*[,;:!?]": "half-width mark after a Chinese character",
        rf"{HAN}\.(\s|{HAN}|$)": "half-width full stop after a Chinese character",
        rf"\([^)]*{HAN}": "half-width brackets around Chinese",
        r"[，。；：！？、（）]\s|\s[，。；：！？、（）]": "a space beside a full-width mark",
        rf"{HAN}\s+{HAN}": "a space between Chinese characters",
    }
    assert not problems(lambda language, message, form: [said for slip, said in slips.items() if language == "zh_CN" and re.search(slip, filled(form))])


def test_ukrainian_words_are_of_one_script() -> None:
    """A Latin i in a Cyrillic word looks right and is not found by any search."""

    def check(language: str, message: Message, form: str) -> Iterator[str]:
        if language != "uk":
            return
        english = set(letters(literal(source(message))))
        for word in letters(literal(form)):
            latin, cyrillic = re.search("[A-Za-z]", word), re.search("[\u0400-\u04ff]", word)
            if latin and cyrillic:
                yield f"Latin and Cyrillic in {word}"
            if len(word) < 3 and not set(word) - set("aceiopxyABCEHIKMOPTX") and word not in english:
                yield f"Latin letters for {word}"
            if set(word) & set("ыэъёЫЭЪЁ"):
                yield f"a Russian letter in {word}"

    assert not problems(check)


def declared_columns() -> Iterator[Column]:
    for analysis in rg.ANALYSES:
        yield from (*analysis.gives.values(), *analysis.row_gives.values())
        yield from (column for detail in analysis.details.values() for column in detail.gives.values())
        yield from ([analysis.label.shown] if analysis.label else [])
    yield from PEOPLE.values()


def commands(command: click.Command, ctx: click.Context) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            if found := command.get_command(ctx, name):
                yield from commands(found, ctx)


def said() -> Iterator[Text]:
    """Texts that are shown although nobody writes ``N_`` where they are shown."""
    for column in declared_columns():
        yield from (column.title, column.meaning, *column.values.values(), *([column.noun] if column.noun else []))
    for analysis in rg.ANALYSES:
        yield from (analysis.title, analysis.question, analysis.method, *(detail.title for detail in analysis.details.values()))
        yield from (field.description or "" for field in analysis.model_fields.values())
    yield from (text for kind in KINDS.values() for text in (kind.says, kind.next_step))
    yield from (text for family in (PART_TABLES, TABLES) for table in family.values() for text in (table.row_is, *(field.meaning for field in table.fields)))
    yield from GRADES.values()
    yield from COMMANDS.values()
    for command in commands(REGULARS, click.Context(REGULARS)):
        yield from (command.help or "", command.epilog or "", *(param.help or "" for param in command.params if isinstance(param, click.Option)))
    yield from (text for world in WORLDS for text in (world.story, *world.truths.values()))


def test_every_text_a_reader_meets_is_marked() -> None:
    known = texts()
    assert sorted({str(text) for text in said() if text and text not in known}) == [], "mark it with N_(…)"
