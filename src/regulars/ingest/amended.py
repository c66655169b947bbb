"""Cells that are not written as a machine would: full-width figures, Chinese numerals, dates without a year; amended as they are read.

Only what can mean one thing is amended; the first rows of a sheet show which columns need it, so that all other files cost nothing.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from regulars.ingest.content import Row
from regulars.ingest.headers import roles_of
from regulars.ingest.reasons import Note
from regulars.ingest.vocabulary import COUNT_WORDS
from regulars.ingest.years import Amend, column_texts, years_added

if TYPE_CHECKING:
    from regulars.ingest.read import Sheet

_LOOKED_AT: Final = 200
_WIDE: Final = re.compile(r"(?=.*[\uff10-\uff19])[\uff01-\uff5e\u3000\x20-\x7e￥]+")
"""Figures and letters of full width, with nothing else than signs between them."""
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2}
_COUNT: Final = re.compile(
    r"(?:([一二两三四五六七八九])千)?零?(?:([一二两三四五六七八九])百)?零?(?:([一二三四五六七八九]?)(十))?零?([一二两俩三四五六七八九]?)\s*"
    rf"((?:{'|'.join(map(re.escape, COUNT_WORDS))})?)"
)


def amended(sheet: Sheet) -> tuple[Sheet, tuple[Note, ...]]:
    """The sheet as it can be read, and what a person should know about that. Error ``year_missing``."""
    first = [cells for _, cells in itertools.islice(sheet.rows(), _LOOKED_AT)]
    wide = [i for i in range(len(sheet.columns)) if any(map(_WIDE.fullmatch, column_texts(first, i)))]
    counts = [
        i for i, name in enumerate(sheet.columns) if roles_of(name).get("quantity", 0) >= 0.5 and any(count_of(text) != text for text in column_texts(first, i))
    ]
    years, notes = years_added(sheet, [[usual_width(cell or "") if i in wide else cell for i, cell in enumerate(cells)] for cells in first])
    if not (wide or counts or years):
        return sheet, ()
    steps: dict[int, list[Amend]] = {}
    for columns, step in ((wide, lambda text, _: usual_width(text)), (counts, lambda text, _: count_of(text))):
        for i in columns:
            steps.setdefault(i, []).append(step)
    for i, step in years.items():
        steps.setdefault(i, []).append(step)

    def rows() -> Iterator[Row]:
        for number, cells in sheet.raw_rows():
            yield number, cells if number <= sheet.header_row else _amended_row(cells, steps)

    return replace(sheet, raw_rows=rows, text=None), notes


def usual_width(text: str) -> str:
    """A code, number or date in figures of usual width; other texts stay as they are.

    >>> usual_width("Ａ１００－２"), usual_width("新款（２件）")
    ('A100-2', '新款（２件）')
    """
    return unicodedata.normalize("NFKC", text) if _WIDE.fullmatch(text) else text


def count_of(text: str) -> str:
    """A count in Chinese numerals with its places, up to 9999, in figures; other texts, and what could mean two things, stay.

    >>> count_of("三件"), count_of("二十五"), count_of("两千零三"), count_of("二〇二四"), count_of("百")
    ('3', '25', '2003', '二〇二四', '百')
    """
    found = _COUNT.fullmatch(text.strip())
    if found is None:
        return text
    thousands, hundreds, tens, ten, ones, _ = found.groups()
    value = sum(_DIGITS[sign] * place for sign, place in ((thousands, 1000), (hundreds, 100), (ones, 1)) if sign)
    value += (_DIGITS[tens] if tens else 1) * 10 if ten else 0
    return str(value) if value else text


def _amended_row(cells: Sequence[str | None], steps: dict[int, list[Amend]]) -> Sequence[str | None]:
    whole = list(cells)
    for i, amends in steps.items():
        if i < len(whole) and (text := whole[i]):
            for amend in amends:
                text = amend(text, cells)
            whole[i] = text
    return whole
