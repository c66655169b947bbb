"""Postal addresses: the form in which two spellings of one address are equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from regulars.people.addresses_en import normal_latin_address
from regulars.people.addresses_uk import normal_cyrillic_address
from regulars.people.addresses_zh import normal_han_address
from regulars.people.letters import Script, script_of, unified

_NORMAL: Final[dict[Script, Callable[[str], str | None]]] = {"han": normal_han_address, "cyrillic": normal_cyrillic_address, "latin": normal_latin_address}


def normal_address(text: str) -> str | None:
    """An address for comparison: its parts in one order and spelling; None where nothing is written.

    Chinese: province, city, district, then the rest without blanks. Ukrainian: region, district, town, street, house, flat, postcode.
    Others: house and street, flat, town, postcode.

    >>> normal_address("杭州市西湖區文三路４７８號三幢2單元501室")
    '浙江省 杭州市 西湖区 文三路478号3栋2单元501'
    >>> normal_address("01001, м. Київ, вулиця Хрещатик, буд. 22, кв. 5")
    'київ, вул хрещатик, 22, кв 5, 01001'
    >>> normal_address("Flat 3, 12 High Street, Leeds LS14AP")
    '12 high st, flat 3, leeds, ls1 4ap'
    """
    plain = unified(text).casefold()
    if not plain:
        return None
    script = script_of(plain)
    normal = _NORMAL[script](plain)
    return normal if normal is None or script_of(normal) == script else normal_address(normal)
