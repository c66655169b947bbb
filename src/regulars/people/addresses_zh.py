"""Chinese addresses: province, city and district by the official list, the rest by the words that end its parts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from regulars.people.han import simplified

_BLANKS: Final = re.compile(r"[\s,.;:'\"、。·|/\\_]+")
_COUNTRY: Final = re.compile("^(?:中华人民共和国|中国)")
_KIND: Final = re.compile("(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市)$")
_MUNICIPALITIES: Final = frozenset({"北京市", "上海市", "天津市", "重庆市"})
_OVERSEAS: Final = {"香港": "香港特别行政区", "澳门": "澳门特别行政区", "台湾": "台湾省"}
_NUMERALS: Final = "零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖"
_AS_DIGITS: Final = str.maketrans(_NUMERALS, "001122233445566778899")
_COUNTED: Final = re.compile(r"(?:(\d)百0?)?(?:(\d)?十)?(\d)?")
_NUMBERED: Final = re.compile(f"([{_NUMERALS}十拾百]{{1,7}})(?=号|栋|幢|座|单元|室|层|楼|弄|房|户|组|期|门(?![路街县峡]))")
_BUILDING: Final = re.compile(r"(\d+|[a-z])(?:号楼|幢|座|栋楼?)")
_FLOOR: Final = re.compile(r"(\d+)(?:层|f(?![a-z]))")
_LAST_ROOM: Final = re.compile(r"(\d)(?:室|房|号房|户)$")
_HYPHENS: Final = re.compile("[‐-―−－~〜]+")
_DISTRICT: Final = re.compile(r"[^\d省市路街道镇乡村号]{1,8}?(?:(?<![小社校厂景片军库院])区|县|旗|市(?!场|政))")
"""A district or county that the list does not have (``高新区``); a housing estate (``小区``) is none."""
_STREET_NAMED_SO: Final = re.compile("[东南西北中新]?[一二三四五六七八九十]?(?:路|街|大道|大街)")


Heads = dict[str, tuple[str, ...]]
"""Names by their first two characters, the longest first: the few that an address can begin with are found at once."""


@dataclass(frozen=True, slots=True)
class _Regions:
    """The official list, by what people write: with and without the words for province and city."""

    provinces: dict[str, str]
    cities: dict[str, tuple[str, str]]
    """City → (province, city)."""
    counties: dict[str, tuple[str, str]]
    """District, county or town → (province, city), where only one has the name."""
    province_heads: Heads
    city_heads: Heads
    district_heads: dict[str | None, Heads]
    """City → its districts; None → ``counties``."""


def _short(name: str) -> str:
    return _KIND.sub("", name) if len(name) > 2 else name


def _heads(names: Iterable[str]) -> Heads:
    heads: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        heads.setdefault(name[:2], []).append(name)
    return {head: tuple(found) for head, found in heads.items()}


@cache
def _regions() -> _Regions:
    lines = (resources.files("regulars") / "people" / "regions_zh.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(province, city, districts.split()) for province, city, districts in (line.split("\t") for line in lines if not line.startswith("#"))]
    alone = Counter(district for _, _, districts in rows for district in districts)
    official = [*(province for province, _, _ in rows), *_OVERSEAS.values()]
    provinces = {form: province for province in official for form in (province, _short(province), f"{_short(province)}省")}
    cities = {form: (province, city) for province, city, _ in rows for form in (city, city.removesuffix("市") if len(city) > 2 else city)}
    counties = {name: (province, city) for province, city, names in rows for name in names if alone[name] == 1}
    districts: dict[str | None, Heads] = {None: _heads(counties)} | {city: _heads(names) for _, city, names in rows}
    return _Regions(provinces, cities, counties, _heads(provinces), _heads(cities), districts)


def normal_han_address(plain: str) -> str | None:
    """``上海市辖区浦东新区张江路１幢`` is ``上海市 浦东新区 张江路1栋``; a province is added where the city tells it."""
    together = _COUNTRY.sub("", unicodedata.normalize("NFC", _BLANKS.sub("", simplified(plain))))
    province, city, district, rest = _placed(_house(together))
    parts = [province, None if city == province else city, district, rest]
    return " ".join(part for part in parts if part) or None


def _placed(text: str) -> tuple[str | None, str | None, str | None, str]:
    """Province, city and district in front of an address, and what is left."""
    regions = _regions()
    province, city, rest = None, None, text
    written, as_city = _longest(rest, regions.province_heads), _longest(rest, regions.city_heads)
    if written and len(written) >= len(as_city):
        province, rest = regions.provinces[written], rest[len(written) :]
        as_city = _longest(rest, regions.city_heads)
    if as_city and province in {None, regions.cities[as_city][0]}:
        (province, city), rest = regions.cities[as_city], rest[len(as_city) :]
    elif province in _MUNICIPALITIES:
        city = province
    rest = rest.removeprefix("市辖区").removeprefix("省直辖县级行政区划")
    district = _district(rest, city)
    if city is None and district in regions.counties and province in {None, regions.counties[district][0]}:
        province, city = regions.counties[district]
    return province, city, district, rest.removeprefix(district or "")


def _district(rest: str, city: str | None) -> str | None:
    """The district, county or town of county rank in front: a listed one, else one by its ending."""
    for name in _regions().district_heads.get(city, {}).get(rest[:2], ()):
        if rest.startswith(name):
            return name
    found = _DISTRICT.match(rest)
    return found[0] if found else None


def _longest(text: str, heads: Heads) -> str:
    """The longest name that stands in front, or nothing; a short one may not go on as the name of a street (``南京东路``)."""
    for name in heads.get(text[:2], ()):
        if text.startswith(name):
            return "" if name[-1] not in "省市区州盟县" and _STREET_NAMED_SO.match(text, len(name)) else name
    return ""


def _house(text: str) -> str:
    """An address with its house and room in one spelling: figures for numerals, one word for buildings and floors, no word behind the last number."""
    plain = _HYPHENS.sub("-", _NUMBERED.sub(lambda found: _figures(found[1]), text))
    return _LAST_ROOM.sub(r"\1", _FLOOR.sub(r"\1楼", _BUILDING.sub(r"\1栋", plain)))


def _figures(numeral: str) -> str:
    """A Chinese numeral below a thousand in figures: 二十三 is 23; digits one by one stay so: 五〇一 is 501."""
    digits = numeral.translate(_AS_DIGITS).replace("拾", "十")
    counted = _COUNTED.fullmatch(digits)
    if counted is None or digits.isdecimal():
        return digits
    hundreds, tens, ones = counted.groups()
    return str(100 * int(hundreds or 0) + ("十" in digits) * 10 * int(tens or 1) + int(ones or 0))
