"""Reading in three languages: catalogues, and how a number, a date and money are written for a reader.

The catalogues are the ``.po`` files beside the package, read as they are: there is no compiled copy that can be stale.
"""

from __future__ import annotations

import gettext
import io
import os
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Final, Literal, get_args

from babel import Locale, dates, lists, numbers

from regulars.errors import N_, RegularsError, Words, error

Language = Literal["en", "uk", "zh_CN"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
NO_CURRENCY: Final = "XXX"
"""ISO 4217 for "no currency stated": amounts are printed bare."""

SYMBOLS: Final = {"CNY": "¥", "UAH": "₴"}
"""Signs that every reader knows, where the locale data would print the code."""

Number = int | float | Decimal


@lru_cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language; English is the source text itself, but its plurals need a rule all the same."""
    if language == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = resources.files("regulars") / "locales" / f"{language}.po"
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language_of(tag: str | None) -> Language | None:
    """The supported language that a tag such as ``uk_UA.UTF-8``, ``zh-Hans`` or ``en-GB`` asks for, or None."""
    head = (tag or "").replace("-", "_").split(".")[0].lower()
    for language in LANGUAGES:
        if head.split("_")[0] == language.split("_")[0].lower():
            return language
    return None


def language_of_environment() -> Language:
    """The reader's language from REGULARS_LANGUAGE, LC_ALL, LC_MESSAGES or LANG, in that order; else English."""
    for name in ("REGULARS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if found := language_of(os.environ.get(name)):
            return found
    return "en"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a language, and the currency of the book that is being read. The language never changes the currency."""

    language: Language = "en"
    currency: str = NO_CURRENCY

    @property
    def language_name(self) -> str:
        """The language by its own name: English, українська, 中文."""
        return Locale.parse(self.language).get_language_name(self.language) or self.language

    def of(self, currency: str) -> Reader:
        """The same reader before a book in another currency."""
        return replace(self, currency=currency)

    def say(self, message: str, **values: str) -> str:
        """A text of the catalogue with its places filled. Values are already formatted; one that ends in a full stop ends the sentence."""
        text = catalogue(self.language).gettext(message) if message else ""
        if not values:
            return text
        text = text.format(**values)
        for value in values.values():
            if value.endswith("."):
                text = text.replace(f"{value}.", value)
        return text

    def labelled(self, name: str, value: str) -> str:
        """A name and what it stands for on one line: ``Currency: GBP``, ``货币：GBP``."""
        return self.say(N_("{name}: {value}"), name=name, value=value)

    def counted(self, one: str, many: str, number: int) -> str:
        """Number and noun together, in the form the language wants: ``3 customers``, ``3 клієнти``, ``3位客户``."""
        return catalogue(self.language).ngettext(one, many, number).format(n=self.number(number))

    def explain(self, problem: RegularsError) -> str:
        """An error's sentence and its next step."""
        values = {name: self.plain(value) for name, value in problem.values.items()}
        return f"{self.say(problem.kind.says, **values)}\n{self.say(problem.kind.next_step, **values)}".strip()

    def plain(self, value: object) -> str:
        """A value without a unit, as it stands in an error or a provenance line."""
        if isinstance(value, bool) or value is None:
            return str(value)
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (list, tuple)):
            return self.joined([self.plain(v) for v in value])
        if isinstance(value, RegularsError):
            return self.explain(value).partition("\n")[0]
        return self.say(value) if isinstance(value, Words) else str(value)

    def number(self, value: Number, digits: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return numbers.format_decimal(value, format=pattern, locale=self.language)

    def percent(self, value: float, digits: int = 1, *, signed: bool = False) -> str:
        """A proportion; ``signed`` for a change, with its plus or minus."""
        if signed:
            return ("+" if value >= 0 else "\N{MINUS SIGN}") + self.percent(abs(value), digits)
        space = "\N{NO-BREAK SPACE}" if self.language == "uk" else ""
        return f"{self.number(100 * value, digits)}{space}%"

    def points(self, value: float, digits: int = 1) -> str:
        """A change of a rate, in percentage points, signed."""
        sign = "+" if value >= 0 else "\N{MINUS SIGN}"
        word = {"en": "\N{NO-BREAK SPACE}pp", "uk": "\N{NO-BREAK SPACE}в.\N{NO-BREAK SPACE}п.", "zh_CN": "个百分点"}[self.language]
        return f"{sign}{self.number(abs(100 * value), digits)}{word}"

    def money(self, value: Number, *, short: bool = False) -> str:
        """An amount in the book's currency; ``short`` for sentences: ``£12.3k``, ``12.3万元``, ``12,3 тис. грн``."""
        if short:
            return self._short_money(float(value))
        digits = 0 if abs(float(value)) >= 10_000 else 2
        return self._with_currency(self.number(value, digits))

    def _short_money(self, value: float) -> str:
        nbsp = "\N{NO-BREAK SPACE}"
        steps: list[tuple[float, str]] = {
            "en": [(1e9, "bn"), (1e6, "m"), (1e4, "k")],
            "uk": [(1e9, nbsp + "млрд"), (1e6, nbsp + "млн"), (1e4, nbsp + "тис.")],
            "zh_CN": [(1e8, "亿"), (1e4, "万")],
        }[self.language]
        for least, word in steps:
            if abs(value) >= least:
                base = 1e3 if least == 1e4 and self.language != "zh_CN" else least
                return self._with_currency(self.number(value / base, 1), word)
        return self._with_currency(self.number(value, 0 if abs(value) >= 100 else 2))

    def _with_currency(self, digits: str, scale: str = "") -> str:
        if self.currency == NO_CURRENCY:
            return digits + scale
        if self.language == "zh_CN" and self.currency == "CNY":
            return f"{digits}{scale}元"
        symbol = SYMBOLS.get(self.currency) or numbers.get_currency_symbol(self.currency, locale="en")
        if self.language == "uk":
            return f"{digits}{scale}\N{NO-BREAK SPACE}{'грн' if self.currency == 'UAH' else symbol}"
        sign, digits = ("\N{MINUS SIGN}", digits[1:]) if digits.startswith(("-", "\N{MINUS SIGN}")) else ("", digits)
        space = "\N{NO-BREAK SPACE}" if symbol[-1].isalpha() else ""
        return f"{sign}{symbol}{space}{digits}{scale}"

    def day(self, value: date) -> str:
        return dates.format_date(value, "medium", locale=self.language)

    def month(self, value: date) -> str:
        return dates.format_skeleton("yMMM", datetime(value.year, value.month, 1), locale=self.language)  # noqa: DTZ001 - a calendar month

    def joined(self, items: list[str]) -> str:
        return lists.format_list(items, locale=self.language) if items else ""


def reader(language: str | None = None, currency: str = NO_CURRENCY) -> Reader:
    """A reader for a language tag; None takes the environment's. An unsupported tag is a named error."""
    if language is None:
        return Reader(language_of_environment(), currency)
    found = language_of(language)
    if found is None:
        raise error("setting_wrong", place="--language", name="language", value=language, allowed=", ".join(LANGUAGES))
    return Reader(found, currency)
