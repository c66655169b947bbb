"""Names: the form in which two spellings of one name are equal, and its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from regulars.people.cyrillic import normal_cyrillic_name, split_cyrillic_name, transliterate_uk
from regulars.people.han import normal_han_name, pinyin_name, split_han_name
from regulars.people.latin import normal_latin_name, split_latin_name
from regulars.people.letters import Script, script_of, unified


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name, each in its normal form; None where the name does not tell."""

    family: str | None
    given: str | None
    patronymic: str | None = None


_NORMAL: Final[dict[Script, Callable[[str], str | None]]] = {"han": normal_han_name, "cyrillic": normal_cyrillic_name, "latin": normal_latin_name}


def normal_name(text: str) -> str | None:
    """A name for comparison: one script and spelling, without titles; None where nothing is written.

    Chinese: simplified, without blanks. Ukrainian and Russian: family name first, given names as Ukraine writes them, other words by the
    letters both spellings share, no patronymic. Others: lower case, without accents, given name first.

    >>> normal_name("歐陽 娜娜小姐"), normal_name("Елена Шевченко"), normal_name("Шевченко Олена Петрівна"), normal_name("LEE, Ann")
    ('欧阳娜娜', 'шевченко олена', 'шевченко олена', 'ann lee')
    """
    plain = unified(text)
    if not plain:
        return None
    script = script_of(plain)
    normal = _NORMAL[script](plain)
    return normal if normal is None or script_of(normal) == script else normal_name(normal)


def split_name(text: str) -> Name | None:
    """Family name, given name and patronymic of a name; None where nothing is written.

    >>> split_name("諸葛亮先生")
    Name(family='诸葛', given='亮', patronymic=None)
    >>> split_name("Николай Иванович Шевченко")
    Name(family='шевченко', given='микола', patronymic='иванович')
    """
    name = normal_name(text)
    if name is None:
        return None
    script = script_of(name)
    if script == "han":
        return Name(*split_han_name(name))
    return Name(*split_cyrillic_name(text)) if script == "cyrillic" else Name(*split_latin_name(name))


def latin_name(text: str) -> str | None:
    """A name in Latin letters, to compare across scripts: pinyin, or the official Ukrainian transliteration, of its normal form.

    >>> latin_name("单雄信"), latin_name("Олена Шевченко")
    ('shan xiongxin', 'shevchenko olena')
    """
    name = normal_name(text)
    if name is None:
        return None
    script = script_of(name)
    if script == "han":
        return pinyin_name(name)
    return transliterate_uk(name) if script == "cyrillic" else name
