"""Acceptance A48: names, phones, e-mails and addresses of three languages in one form; what is nobody's; and how a delivery uses it."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.people import (
    PROBLEMS,
    birth_problem,
    email_problem,
    id_problem,
    latin_name,
    name_problem,
    normal_address,
    normal_name,
    phone_problem,
    phone_region,
    read_email,
    read_phone,
    read_phones,
    split_name,
    too_common,
    transliterate_uk,
)

CASES = [
    tuple(line.split("\t")) for line in (Path(__file__).parent / "data" / "people_200.tsv").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
]
REGIONS = {"zh": "CN", "uk": "UA", "en": "GB", "us": "US"}


def _parts(text: str) -> str:
    name = split_name(text)
    assert name is not None
    return "|".join(part or "-" for part in (name.family, name.given, name.patronymic))


ANSWERS: dict[str, Callable[[str, str], str | None]] = {
    "name": lambda text, _: normal_name(text),
    "split": lambda text, _: _parts(text),
    "pinyin": lambda text, _: latin_name(text),
    "latin": lambda text, _: transliterate_uk(text),
    "phone": lambda text, language: read_phone(text, REGIONS[language]).number,
    "problem": lambda text, language: phone_problem(text, REGIONS[language]),
    "email": lambda text, _: read_email(text).address,
    "compared": lambda text, _: read_email(text).compared,
    "address": lambda text, _: normal_address(text),
    "nobody": lambda text, _: name_problem(text),
}


def test_A48_names_and_phones() -> None:
    assert len(CASES) >= 200
    wrong = [(kind, written, normal, found) for kind, language, written, normal in CASES if (found := ANSWERS[kind](written, language) or "-") != normal]
    assert not wrong, "\n".join(map(str, wrong))


LETTERS = st.text(
    st.sampled_from(
        "张偉歐陽諸葛單王總先生女士小姐省市区县路号幢栋室一二三十百浙江杭州西湖上海吉林"
        "АаБбЄєІіЇїЙйШшьъ'’ʼ`ОленаПетрівнавулбудкв"
        "AaZzéŁß" + string.digits + " .,-/()*@+#·　０１\t"
    ),
    max_size=24,
)
PIECES = """
Олена Елена Шевченко Петрівна Іванович Іван пан Т. Г м. вул. буд. кв 22 5 обл. Київ 01001 , р-н с д а
张 伟 先生 总 欧阳 杭州 市 西湖区 文三路 3 幢 号楼 二 单元 室 吉林 省 南京 东路 - b座 12f
Flat 12 High Street LS14AP 10118-0110 Mr PhD de # UK apt. LEE, é '
"""
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=8).flatmap(lambda words: st.sampled_from([" ".join(words), "".join(words), ", ".join(words)]))
TEXTS = st.one_of(st.text(max_size=30), LETTERS, WORDS)


@settings(max_examples=400)
@given(TEXTS)
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    for normal in (normal_name, normal_address):
        once = normal(text)
        assert once is None or (once.strip() == once != "" and normal(once) == once)
    email = read_email(text)
    assert email.address is None or read_email(email.address) == email
    for region in ("CN", "UA", None):
        phone = read_phone(text, region)
        assert phone.number is None or read_phone(phone.number, region) == phone


@settings(max_examples=200)
@given(TEXTS)
def test_nothing_written_can_break_a_reader(text: str) -> None:
    problems = {phone_problem(text, "UA"), email_problem(text), name_problem(text), id_problem(text)} - {None}
    assert problems <= PROBLEMS.keys()
    if not text.strip():
        assert not problems
        assert normal_name(text) is normal_address(text) is split_name(text) is latin_name(text) is None
    split_name(text)
    transliterate_uk(text)


@given(st.permutations(["Шевченко", "Олена"]), st.sampled_from(["Петрівна", "Петровна", None]), st.sampled_from([str.upper, str.lower, str.title]))
def test_the_order_of_the_words_does_not_matter(words: list[str], patronymic: str | None, case: Callable[[str], str]) -> None:
    place = words.index("Олена") + 1
    written = " ".join([*words[:place], *([patronymic] if patronymic else []), *words[place:]])
    assert normal_name(case(written)) == "шевченко олена"


@pytest.mark.parametrize(("one", "other"), [("Зореслава Квітка", "Квітка Зореслава"), ("Роман Іван", "Іван Роман"), ("Ґжицький Добромир", "Добромир Ґжицький")])
def test_a_name_that_tells_nothing_of_its_order_comes_out_alike(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


def test_at_least_eighty_pairs_of_given_names() -> None:
    from regulars.people.cyrillic import GIVEN_NAMES

    pairs = [
        line.split(" = ")
        for line in (Path(normal_name.__code__.co_filename).parent / "given_names.toml").read_text(encoding="utf-8").splitlines()
        if " = [" in line
    ]
    with_others = [name for name, others in pairs if others != "[]"]
    assert len(with_others) >= 80
    assert set(GIVEN_NAMES.values()) == {name.strip('"') for name, _ in pairs}, "no two names fold to one spelling"


def test_the_region_is_what_makes_most_numbers_valid() -> None:
    assert phone_region(["067 123 45 89", "+38 (067) 123-45-89"], language=None, currency=None) == "UA"
    assert phone_region(["13957102468"], language=None, currency=None) == "CN"
    assert phone_region(["nonsense"], language="uk", currency=None) == "UA", "the language is what is left to go by"
    written = ["067 123 45 89", "+38 (067) 123-45-89", "380671234589", "0671234589"]
    assert {phone.number for phone in read_phones(written, language="uk", currency=None).values()} == {"+380671234589"}


def test_birthdays_and_numbers_that_stand_for_none() -> None:
    assert [birth_problem(day) for day in (date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1), date(2000, 1, 2))] == [
        "birth_default",
        "birth_default",
        "birth_common",
        None,
    ]
    assert [too_common(same, known) for same, known in ((4, 10), (5, 499), (5, 500), (100, 5_000))] == [False, True, False, True]
    assert [id_problem(text) for text in ("0", "000000", "111111", "123456", "12345", "100000", "")] == [
        "id_default",
        "id_default",
        "id_default",
        "id_default",
        None,
        None,
        None,
    ]
