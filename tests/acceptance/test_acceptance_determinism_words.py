"""A55 and A56: the same answer whoever asks, wherever and in whatever order; and no causal word without an experiment."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from shops import SHOP_HEADER, shop_rows, write_csv

import regulars as rg
from regulars.i18n import LANGUAGES, Reader

SCRIPT = Path(__file__).with_name("run_everything.py")
PLACES = {
    "base": {"TZ": "UTC", "LC_ALL": "C.UTF-8"},
    "kiritimati-uk": {"TZ": "Pacific/Kiritimati", "LC_ALL": "uk_UA.UTF-8", "LANG": "uk_UA.UTF-8"},
    "los-angeles-zh": {"TZ": "America/Los_Angeles", "LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"},
}


def everything(folder: Path, rows: list[tuple[object, ...]], place: dict[str, str]) -> dict[str, Any]:
    """What every analysis says of these rows, in a process of its own with another clock and locale."""
    orders = write_csv(folder / "orders.csv", SHOP_HEADER, rows)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "REGULARS_", "TZ"))}
    path = os.pathsep.join([str(Path(rg.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(orders), str(folder / "shop")],
        env={**kept, "PYTHONPATH": path, **place},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return {name: said | {"rows": sorted(map(_elsewhere, said["rows"]))} for name, said in json.loads(run.stdout).items()}


def _elsewhere(row: str) -> str:
    """A row without the place in the file where it stood."""
    told = json.loads(row)
    return json.dumps({name: value for name, value in told.items() if name != "source_row"}, ensure_ascii=False, sort_keys=True)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return everything(tmp_path_factory.mktemp("base"), shop_rows(), PLACES["base"])


@pytest.mark.parametrize("place", PLACES)
def test_A55_determinism(place: str, base: dict[str, Any], tmp_path: Path) -> None:
    rows = shop_rows()
    random.Random(place).shuffle(rows)
    other = everything(tmp_path, rows, PLACES[place])
    assert set(other) == {analysis.__name__ for analysis in rg.ANALYSES} >= {"RFM", "CPM", "Concentration", "Retention", "KPIs"}
    for name, said in base.items():
        for part in said:
            assert other[name][part] == said[part], f"{name}: {part}"


def test_A55_the_answer_is_not_empty(base: dict[str, Any]) -> None:
    for name, said in base.items():
        if name in {analysis.__name__ for analysis in rg.ANALYSES if analysis().needs}:
            continue
        assert said["summary"], name
        assert said["rows"], name
        assert said["findings"], name


CAUSAL: dict[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\bcaus(e|es|ed|ing|al|ally)\b|\bbecause of\b|\bdue to\b|\bowing to\b|\bthanks to\b|\bas a (result|consequence) of\b"
        r"|\b(led|leads|leading) to\b|\bresult(s|ed|ing)? in\b|\bdriven by\b|\bdrove\b|\battributable to\b|\btriggered\b|\bbrought about\b",
        re.IGNORECASE,
    ),
    "uk": re.compile(
        r"спричин|причин(ою|а|и)\b|внаслідок|унаслідок|в результаті|у результаті|завдяки|призв(ел|од|ес)|виклика(л|н|є|ют)|зумов(и|л)"
        r"|через (те|це)\b|з огляду на|обумов|вплинул",
        re.IGNORECASE,
    ),
    "zh_CN": re.compile(r"因为|由于|导致|引起|造成|使得|致使|促使|归因于|归功于|得益于|拜.{0,6}所赐|是.{0,12}的原因|带来了"),
}


def causal(text: str, language: str) -> list[str]:
    return [found.group(0) for found in CAUSAL[language].finditer(text)]


@pytest.mark.parametrize(
    ("language", "claim", "plain"),
    [
        ("en", "Sales fell because of the price", "Sales fell in the month of the price change"),
        ("uk", "Продажі впали внаслідок зміни ціни", "Продажі впали через 30 днів після зміни ціни"),
        ("zh_CN", "涨价导致销售下降", "涨价当月销售下降"),
    ],
)
def test_A56_the_lexicon_tells_claims_from_descriptions(language: str, claim: str, plain: str) -> None:
    assert causal(claim, language)
    assert not causal(plain, language)


def said(shop: Any, currency: str) -> list[tuple[str, str, str, str]]:
    """(analysis, grade, language, text) of every finding of every analysis."""
    return [
        (analysis.__name__, finding.grade, language, finding.text(Reader(language, currency)))
        for analysis in rg.ANALYSES
        for finding in shop.run(analysis()).findings
        for language in LANGUAGES
    ]


def check_words(texts: list[tuple[str, str, str, str]]) -> None:
    assert {name for name, *_ in texts} == {analysis.__name__ for analysis in rg.ANALYSES}, "every analysis has something to say"
    for name, grade, language, text in texts:
        assert grade in {"A", "B", "C", "D"}
        assert text.strip(), (name, language)
        assert not re.search(r"\{|\}|\bnan\b|\bNone\b|\binf\b", text), (name, language, text)
        if grade in {"C", "D"}:
            assert not causal(text, language), (name, language, text)
    translated = [(text, other) for (_, _, a, text), (_, _, b, other) in pairwise(texts) if a == "en" and b == "uk"]
    assert all(text != other for text, other in translated), "a finding follows the reader's language"


def test_A56_no_causal_words(tea_shop: Any) -> None:
    check_words(said(tea_shop, "UAH"))


@pytest.mark.shared
def test_A56_no_causal_words_online_retail(retail_loaded: tuple[Any, Any]) -> None:
    check_words(said(retail_loaded[0], "GBP"))


@pytest.mark.parametrize("language", ["uk", "zh_CN"])
def test_A56_no_causal_words_in_the_catalogues(language: str) -> None:
    with (resources.files("regulars") / "locales" / f"{language}.po").open("rb") as file:
        messages = [m for m in read_po(file, locale=language) if m.id]
    assert messages
    for message in messages:
        sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        if any("reason" in text.lower() for text in sources):
            continue  # why a row of a file was not loaded (terms.md: «з причиною»), no claim about customers
        translations = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        assert not [hit for text in sources for hit in causal(text, "en")], sources
        assert not [hit for text in translations for hit in causal(text, language)], translations
