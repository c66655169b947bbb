"""How the text of a cell becomes a text, a number or a moment: DuckDB macros, the only place that knows.

The same macros give the evidence for a mapping and do the conversion, so that both always agree.

======================  =====================================================================================
``trimmed(x)``          the text without blanks around it and without Excel's ``="…"``
``said(t)``             a trimmed text; null if it says nothing (``-``, ``NULL``, ``无``)
``tidy(x)``             both
``identifier(t)``       a key, from a trimmed text: null also where Excel has shortened it (``5.21E+17``)
``digits(x)``           a number's text without signs of money, spaces and measure words, ``-`` in front; null if it is none
``number(d, point)``    ``digits`` as DECIMAL(18,4); ``point`` (. or ,) decides only where ``1,234`` could be either
``moment(x, order, zone)``  a date or timestamp, local to ``zone``; ``order`` (ymd, dmy, mdy) decides only between day and month
``clock(x)``            a time of day as seconds after midnight
``money_sign(x)``       the sign or word of money standing in the cell
======================  =====================================================================================
"""

from __future__ import annotations

import re
from typing import Final

from regulars.engines.duckdb import Connection
from regulars.ingest.vocabulary import COUNT_WORDS, MISSING, MONEY_SIGNS

BLANKS: Final = " \t\r\n\u00a0\u2007\u2009\u202f\u3000\u200b\ufeff"
_UNIX: Final = (915_148_800, 2_208_988_800)
"""Seconds since 1970 that are taken for a moment: 1999 to 2039; a phone number is none."""
_FULL_WIDTH: Final = ("０１２３４５６７８９．，－＋（）％：／−–", "0123456789.,-+()%:/--")
_MONTHS: Final = (
    ("jan", "січ", "янв"), ("feb", "лют", "фев"), ("mar", "бер", "мар"), ("apr", "кві", "апр"), ("may", "тра", "мая", "май"), ("jun", "чер", "июн"),
    ("jul", "лип", "июл"), ("aug", "сер", "авг"), ("sep", "вер", "сен"), ("oct", "жов", "окт"), ("nov", "лис", "ноя"), ("dec", "гру", "дек"),
)  # fmt: skip


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _alternatives(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_MONTH_MAP: Final = "MAP {" + ", ".join(f"'{name}': {number}" for number, names in enumerate(_MONTHS, start=1) for name in names) + "}"
_MONTH_NAMES: Final = "|".join(name for names in _MONTHS for name in names)
_WEEKDAYS: Final = r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+|^(?:понеділок|вівторок|середа|четвер|п.?ятниця|субота|неділя|пн|вт|ср|чт|пт|сб|нд)[,.]\s*|[（(]?(?:星期|周)[一二三四五六日天][)）]?"
_TIME: Final = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?:?\s*(am|pm|a\.m\.|p\.m\.)?\s*(z|utc|gmt)?\s*([+-]\d{1,2}(?::?\d{2})?)?"

_CLOCK: Final = quoted(r"^(?:(上午|下午|晚上|凌晨|中午)\s*)?" + _TIME + "$")
_SIGN_ALONE: Final = quoted("(?:^|[^a-zа-яіїєґ])(" + _alternatives(MONEY_SIGNS) + ")(?:[^a-zа-яіїєґ]|$)")
_IGNORED: Final = quoted(r"[\s\x{00a0}\x{2007}\x{2009}\x{202f}\x{3000}\x{feff}'’`_+%]")
_MEASURES: Final = quoted("(?:" + _alternatives((*MONEY_SIGNS, *COUNT_WORDS)) + r")\.?")

_FORMATS: Final = "['%D', '%D %H:%M', '%D %H:%M:%S']"

_TIDY: Final = f"""
CREATE OR REPLACE MACRO trimmed(x) AS trim(
    CASE WHEN x LIKE '="%"' THEN x[3:-2] WHEN x LIKE '''%' AND NOT x LIKE '''%''%' THEN x[2:] ELSE x END, {quoted(BLANKS)});
CREATE OR REPLACE MACRO said(x) AS CASE WHEN length(x) < 12 AND lower(x) IN ({", ".join(map(quoted, MISSING))}) THEN NULL ELSE x END;
CREATE OR REPLACE MACRO tidy(x) AS said(trimmed(x));
CREATE OR REPLACE MACRO shortened(x) AS contains(x, 'E+') AND regexp_full_match(x, '\\d(?:[.,]\\d+)?E\\+\\d+');
CREATE OR REPLACE MACRO identifier(x) AS CASE WHEN shortened(x) THEN NULL ELSE said(x) END;
"""

_NUMBERS: Final = f"""
CREATE OR REPLACE MACRO half_width(x) AS translate(x, {quoted(_FULL_WIDTH[0])}, {quoted(_FULL_WIDTH[1])});
CREATE OR REPLACE MACRO money_sign(x) AS nullif(regexp_extract(lower(x), {_SIGN_ALONE}, 1), '');
CREATE OR REPLACE MACRO stripped(x) AS regexp_replace(regexp_replace(lower(half_width(x)),
    {_IGNORED}, '', 'g'), {_MEASURES}, '', 'g');
CREATE OR REPLACE MACRO signed(t) AS CASE WHEN t LIKE '(%)' THEN '-' || t[2:-2] WHEN t LIKE '%.-' THEN t[:-3] WHEN t LIKE '%-' THEN '-' || t[1:-2] ELSE t END;
CREATE OR REPLACE MACRO numeric_only(t) AS CASE WHEN regexp_full_match(t, '-?(?:\\d[\\d.,]*|[.,]\\d+)(?:e[+-]?\\d+)?') THEN t END;
CREATE OR REPLACE MACRO digits(x) AS CASE WHEN regexp_full_match(x, '-?\\d+(?:\\.\\d+)?') THEN x ELSE numeric_only(signed(stripped(trimmed(x)))) END;
CREATE OR REPLACE MACRO number(d, point) AS TRY_CAST(CASE
    WHEN regexp_full_match(d, '-?\\d+') THEN d
    WHEN contains(d, '.') AND contains(d, ',') THEN CASE
        WHEN strpos(reverse(d), ',') < strpos(reverse(d), '.') THEN replace(replace(d, '.', ''), ',', '.') ELSE replace(d, ',', '') END
    WHEN regexp_full_match(d, '-?\\d{{1,3}}(?:[.,]\\d{{2,3}})+[.,]\\d{{3}}') THEN replace(replace(d, '.', ''), ',', '')
    WHEN regexp_full_match(d, '-?[1-9]\\d{{0,2}}[.,]\\d{{3}}') AND NOT contains(d, point) THEN replace(replace(d, '.', ''), ',', '')
    ELSE replace(d, ',', '.') END AS DECIMAL(18,4));
"""

_MOMENTS: Final = f"""
CREATE OR REPLACE MACRO offset_seconds(sign, hours, minutes) AS
    (CASE WHEN sign = '-' THEN -1 ELSE 1 END) * (3600 * coalesce(TRY_CAST(hours AS INTEGER), 0) + 60 * coalesce(TRY_CAST(minutes AS INTEGER), 0));
CREATE OR REPLACE MACRO local_moment(instant, zone) AS timezone(zone, timezone('UTC', instant));
CREATE OR REPLACE MACRO clock(x) AS list_transform([regexp_extract(half_width(lower(x)), {_CLOCK}, ['half', 'h', 'm', 's', 'ap', 'z', 'o'])], lambda t:
    CASE WHEN t.h = '' OR t.h::INTEGER > 23 OR t.m::INTEGER > 59 THEN NULL ELSE
        3600 * ((CASE WHEN (t.ap <> '' OR t.half <> '') AND t.h::INTEGER = 12 THEN (CASE WHEN t.half = '中午' THEN 12 ELSE 0 END) ELSE t.h::INTEGER END)
                + CASE WHEN (t.ap LIKE 'p%' OR t.half IN ('下午', '晚上')) AND t.h::INTEGER <= 12 THEN 12 ELSE 0 END)
        + 60 * t.m::INTEGER + coalesce(TRY_CAST(t.s AS INTEGER), 0) END)[1];
CREATE OR REPLACE MACRO zone_shift(x) AS list_transform([regexp_extract(lower(x), '\\d:\\d{{2}}(?::\\d{{2}}(?:[.,]\\d+)?)?\\s*(z|utc|gmt)?\\s*(?:([+-])(\\d{{1,2}}):?(\\d{{2}})?)?$', ['z', 'sign', 'h', 'm'])], lambda o:
    CASE WHEN o.sign <> '' THEN offset_seconds(o.sign, o.h, o.m) WHEN o.z <> '' THEN 0 END)[1];
CREATE OR REPLACE MACRO calendar_day(y, m, d) AS TRY_CAST((CASE WHEN length(y) <= 2 THEN (CASE WHEN y::INTEGER < 70 THEN 2000 ELSE 1900 END + y::INTEGER)::VARCHAR ELSE y END) || '-' || m || '-' || d AS DATE);
CREATE OR REPLACE MACRO ordered_day(p, ordering) AS CASE
    WHEN length(p.a) = 3 OR length(p.c) = 3 OR (length(p.a) = 4 AND length(p.c) = 4) THEN NULL
    WHEN length(p.a) = 4 THEN calendar_day(p.a, p.b, p.c)
    WHEN length(p.c) <= 2 AND ordering = 'ymd' AND p.sep <> '.' THEN calendar_day(p.a, p.b, p.c)
    WHEN ordering = 'mdy' AND p.sep <> '.' THEN calendar_day(p.c, p.a, p.b)
    ELSE calendar_day(p.c, p.b, p.a) END;
CREATE OR REPLACE MACRO month_name_day(p) AS CASE
    WHEN p.y1 <> '' THEN calendar_day(p.y1, (({_MONTH_MAP})[p.n1])::VARCHAR, p.d1)
    WHEN p.y2 <> '' THEN calendar_day(p.y2, (({_MONTH_MAP})[p.n2])::VARCHAR, p.d2) END;
CREATE OR REPLACE MACRO plain_date(x) AS trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(lower(half_width(x)), '{_WEEKDAYS}', ' ', 'g'),
    '\\s*[年月]\\s*', '-', 'g'), '(\\d)\\s*р(?:оку|\\.)', '\\1 ', 'g'), '[日号,\\s\\x{{00a0}}\\x{{202f}}]+', ' ', 'g'));
"""

_WRITTEN: Final = rf"""
CREATE OR REPLACE MACRO with_colons(t) AS regexp_replace(regexp_replace(t, '\s*[时時点點]\s*', ':', 'g'), '\s*分\s*', ':', 'g');
CREATE OR REPLACE MACRO time_part(t) AS trim(regexp_replace(replace(t, '秒', ''), ':+$', ''));
CREATE OR REPLACE MACRO with_time(day, rest, zone) AS list_transform([time_part(rest)], lambda t: CASE
    WHEN t = '' THEN day::TIMESTAMP
    WHEN clock(t) IS NULL THEN CASE WHEN regexp_full_match(t, '(?:上午|下午)?\s*\d{{1,2}}\s*(?:am|pm)?') THEN day::TIMESTAMP + to_seconds(clock(regexp_replace(t, '(\d+)', '\1:00'))) END
    WHEN zone_shift(t) IS NULL THEN day::TIMESTAMP + to_seconds(clock(t))
    ELSE local_moment(day::TIMESTAMP + to_seconds(clock(t) - zone_shift(t)), zone) END)[1];
CREATE OR REPLACE MACRO numeric_moment(t, ordering, zone) AS list_transform(
    [regexp_extract(with_colons(t), '^(\d{{1,4}})([-/. ])\s?(\d{{1,2}})[-/. ]\s?(\d{{1,4}})\.?(?:\s*t\s*|\s+|$)(.*)$', ['a', 'sep', 'b', 'c', 'rest'])],
    lambda p: CASE WHEN p.a <> '' THEN with_time(ordered_day(p, ordering), p.rest, zone) END)[1];
CREATE OR REPLACE MACRO named_moment(t, zone) AS list_transform(
    [regexp_extract(t, '^(?:(\d{{1,2}})(?:st|nd|rd|th|-?го|-?е)?[-/. ]+({_MONTH_NAMES})[a-zа-яіїєґ]*[-/.,]?[-/. ]+(\d{{4}}|\d\d)|({_MONTH_NAMES})[a-zа-яіїєґ]*[-/. ]+(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(\d{{4}}|\d\d))(?:\s+(?:at\s+|о\s+)?(.*))?$',
        ['d1', 'n1', 'y1', 'n2', 'd2', 'y2', 'rest'])],
    lambda p: CASE WHEN p.y1 <> '' OR p.y2 <> '' THEN with_time(month_name_day(p), p.rest, zone) END)[1];
CREATE OR REPLACE MACRO bare_moment(t, zone) AS CASE
    WHEN regexp_full_match(t, '(?:19|20)\d{{6}}') THEN calendar_day(t[1:4], t[5:6], t[7:8])::TIMESTAMP
    WHEN regexp_full_match(t, '(?:19|20)\d{{6}}[ t]?\d{{6}}') THEN calendar_day(t[1:4], t[5:6], t[7:8])::TIMESTAMP
        + to_seconds(clock(regexp_replace(t[9:], '.*(\d\d)(\d\d)(\d\d)$', '\1:\2:\3')))
    WHEN regexp_full_match(t, '(?:19|20)\d{{6}}\s+\d{{1,2}}:\d\d.*') THEN with_time(calendar_day(t[1:4], t[5:6], t[7:8]), t[9:], zone)
    WHEN regexp_full_match(t, '[1-9]\d{{8,9}}(?:\.\d+)?') AND t::DOUBLE BETWEEN {_UNIX[0]} AND {_UNIX[1]} THEN local_moment(make_timestamp(floor(t::DOUBLE)::BIGINT * 1000000), zone)
    WHEN regexp_full_match(t, '[1-9]\d{{11,12}}') AND t::BIGINT // 1000 BETWEEN {_UNIX[0]} AND {_UNIX[1]} THEN local_moment(make_timestamp(t::BIGINT // 1000 * 1000000), zone)
    WHEN regexp_full_match(t, '[2-7]\d{{4}}(?:[.,]\d+)?') THEN TIMESTAMP '1899-12-30' + to_seconds(round(replace(t, ',', '.')::DOUBLE * 86400)::BIGINT)
    WHEN regexp_full_match(t, '(?:19|20)\d\d-\d{{1,2}}-?') THEN calendar_day(t[1:4], rtrim(t[6:], '-'), '1')::TIMESTAMP END;
CREATE OR REPLACE MACRO any_moment(t, ordering, zone) AS coalesce(bare_moment(t, zone), numeric_moment(t, ordering, zone), named_moment(t, zone));
CREATE OR REPLACE MACRO moment(x, ordering, zone) AS CASE
    WHEN regexp_full_match(x, '\d{{4}}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.0+)?)?') THEN TRY_CAST(x AS TIMESTAMP)
    WHEN regexp_full_match(x, '\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?: \d{{1,2}}:\d\d(?::\d\d)?)?') THEN TRY_CAST(translate(x, '/.', '--') AS TIMESTAMP)
    WHEN regexp_full_match(x, '\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}(?: \d{{1,2}}:\d\d(?::\d\d)?)?') THEN
        CASE WHEN ordering = 'mdy' AND NOT contains(x, '.') THEN try_strptime(replace(x, '-', '/'), {_FORMATS.replace("%D", "%m/%d/%Y")})
        ELSE try_strptime(translate(x, '-.', '//'), {_FORMATS.replace("%D", "%d/%m/%Y")}) END
    WHEN x IS NULL THEN NULL
    ELSE list_transform([plain_date(x)], lambda t: any_moment(t, ordering, zone))[1] END;
"""


def define_cells(connection: Connection) -> None:
    """Define the macros on a connection."""
    connection.execute(_TIDY + _NUMBERS + _MOMENTS + _WRITTEN)
