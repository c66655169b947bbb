-- How the text of a cell becomes a text, a number or a moment. Words between @ signs are filled in by cells.py.
-- list_transform([x], lambda t: ...)[1] is "let t = x in ...": x is worked out once. Macros are text: a name bound by such a
-- let hides the same name in what is passed in, so macros that take whole expressions bind names of their own.

-- DuckDB makes a join of every list behind IN. With two lists for each column of a file, planning took seconds, and comparing is faster too.
SET disabled_optimizers = 'in_clause';

-- Texts -------------------------------------------------------------------------------------------------------------

-- whether a character cannot be a blank, an apostrophe, a backtick or a quotation mark; looked at first, because trimming is dear
CREATE OR REPLACE MACRO plain_edge(c) AS ascii(c) > 39 AND ascii(c) NOT IN (96, @blank_codes@);

CREATE OR REPLACE MACRO trimmed(x) AS
    CASE WHEN plain_edge(x) AND plain_edge(x[-1]) THEN x
         WHEN x LIKE '="%"' THEN trim(x[3:-2], @blanks@)
         WHEN x[1] IN ('''', '`') AND NOT contains(x[2:], x[1]) THEN trim(x[2:], @blanks@)
         ELSE trim(x, @blanks@) END;

-- what begins like no word that says nothing says something; looked at first, for speed
CREATE OR REPLACE MACRO said(x) AS
    CASE WHEN ascii(x) NOT IN (@missing_codes@) THEN x WHEN length(x) < 12 AND lower(x) IN (@missing@) THEN NULL ELSE x END;

CREATE OR REPLACE MACRO tidy(x) AS said(trimmed(x));

CREATE OR REPLACE MACRO single_spaced(x) AS CASE WHEN regexp_matches(x, '\s\s|[^\S ]') THEN regexp_replace(x, '\s+', ' ', 'g') ELSE x END;

CREATE OR REPLACE MACRO shortened(x) AS CASE WHEN contains(x, 'E+') THEN regexp_full_match(x, '\d(?:[.,]\d+)?E\+\d+') WHEN x IS NOT NULL THEN FALSE END;

CREATE OR REPLACE MACRO identifier(x) AS CASE WHEN shortened(x) THEN NULL ELSE said(x) END;

-- Numbers -----------------------------------------------------------------------------------------------------------

CREATE OR REPLACE MACRO half_width(x) AS translate(x, @full_width@, @half_width@);

CREATE OR REPLACE MACRO money_sign(x) AS nullif(regexp_extract(lower(x), '(?:^|[^a-zа-яіїєґ])(@signs@)(?:[^a-zа-яіїєґ]|$)', 1), '');

CREATE OR REPLACE MACRO stripped(x) AS regexp_replace(
    regexp_replace(lower(half_width(x)), '[\s\x{00a0}\x{2007}\x{2009}\x{202f}\x{3000}\x{feff}''’`_+%]', '', 'g'),
    '(?:@measures@)\.?', '', 'g');

-- (12.50) and 12.50- are negative; 100.- is a price without cents
CREATE OR REPLACE MACRO signed(t) AS
    CASE WHEN t LIKE '(%)' THEN '-' || t[2:-2]
         WHEN t LIKE '%.-' THEN t[:-3]
         WHEN t LIKE '%-' THEN '-' || t[:-2]
         ELSE t END;

CREATE OR REPLACE MACRO numeric_only(t) AS CASE WHEN regexp_full_match(t, '-?(?:\d[\d.,]*|[.,]\d+)(?:e[+-]?\d+)?') THEN t END;

-- 1.5万 and 3亿 written out
CREATE OR REPLACE MACRO myriads(m) AS
    CASE WHEN m[-1] IN ('万', '萬', '亿', '億') AND regexp_full_match(m[:-2], '-?\d[\d,]*(?:\.\d+)?')
         THEN (TRY_CAST(replace(m[:-2], ',', '') AS DECIMAL(18,4)) * CASE WHEN m[-1] IN ('万', '萬') THEN 10000 ELSE 100000000 END)::DECIMAL(28,4)::VARCHAR
         ELSE m END;

-- the plain ones first, for speed
CREATE OR REPLACE MACRO digits(x) AS
    CASE WHEN regexp_full_match(x, '-?\d[\d.,]*') THEN x
         WHEN x IS NOT NULL THEN list_transform([stripped(trimmed(x))], lambda t: list_transform([signed(t)], lambda s: numeric_only(myriads(s)))[1])[1] END;

CREATE OR REPLACE MACRO number(d, point) AS TRY_CAST(
    CASE WHEN regexp_full_match(d, '-?\d+') THEN d
         WHEN contains(d, '.') AND contains(d, ',') THEN
             CASE WHEN strpos(reverse(d), ',') < strpos(reverse(d), '.') THEN replace(replace(d, '.', ''), ',', '.') ELSE replace(d, ',', '') END
         WHEN regexp_full_match(d, '-?\d{1,3}(?:[.,]\d{2,3})+[.,]\d{3}') THEN replace(replace(d, '.', ''), ',', '')
         WHEN regexp_full_match(d, '-?[1-9]\d{0,2}[.,]\d{3}') AND NOT contains(d, point) THEN replace(replace(d, '.', ''), ',', '')
         ELSE replace(d, ',', '.') END AS DECIMAL(18,4));

-- A product of two figures, null where it is beyond all measure: by itself the engine multiplies them in 64 bits and gives up at 10^11.
CREATE OR REPLACE MACRO times(a, b) AS TRY(a::DECIMAL(38,4) * b);

-- Times of day ------------------------------------------------------------------------------------------------------

CREATE OR REPLACE MACRO hour_of(t) AS
    CASE WHEN t.half = '中午' AND t.hour = 12 THEN 12
         WHEN (t.noon <> '' OR t.half <> '') AND t.hour = 12 THEN CASE WHEN t.noon LIKE 'p%' OR t.half IN ('下午', '晚上') THEN 12 ELSE 0 END
         WHEN t.noon LIKE 'p%' OR t.half IN ('下午', '晚上') THEN CASE WHEN t.hour < 12 THEN t.hour + 12 ELSE t.hour END
         ELSE t.hour END;

CREATE OR REPLACE MACRO clock(x) AS list_transform(
    [regexp_extract(half_width(lower(x)),
        '^(?:(上午|下午|晚上|凌晨|中午)\s*)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?:?\s*(am|pm|a\.m\.|p\.m\.)?\s*(?:z|utc|gmt)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?$',
        ['half', 'h', 'm', 's', 'noon'])],
    lambda p: list_transform(
        [{half: p.half, noon: p.noon, hour: TRY_CAST(p.h AS INTEGER), minute: TRY_CAST(p.m AS INTEGER), second: coalesce(TRY_CAST(p.s AS INTEGER), 0)}],
        lambda t: CASE WHEN t.hour < 24 AND t.minute < 60 THEN 3600 * hour_of(t) + 60 * t.minute + t.second END)[1])[1];

-- seconds east of Greenwich that are written behind a time; null if none are
CREATE OR REPLACE MACRO zone_shift(x) AS list_transform(
    [regexp_extract(lower(x), '\d:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(z|utc|gmt)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?$', ['z', 'sign', 'h', 'm'])],
    lambda o: CASE
        WHEN o.sign <> '' THEN (CASE WHEN o.sign = '-' THEN -1 ELSE 1 END) * (3600 * coalesce(TRY_CAST(o.h AS INTEGER), 0) + 60 * coalesce(TRY_CAST(o.m AS INTEGER), 0))
        WHEN o.z <> '' THEN 0 END)[1];

CREATE OR REPLACE MACRO local_moment(instant, zone) AS timezone(zone, timezone('UTC', instant));

CREATE OR REPLACE MACRO unix_moment(seconds, zone) AS
    CASE WHEN seconds BETWEEN @unix_first@ AND @unix_last@ THEN local_moment(make_timestamp(seconds * 1000000), zone) END;

-- Days --------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE MACRO full_year(y) AS
    CASE WHEN length(y) > 2 THEN y WHEN TRY_CAST(y AS INTEGER) < 70 THEN (2000 + TRY_CAST(y AS INTEGER))::VARCHAR ELSE (1900 + TRY_CAST(y AS INTEGER))::VARCHAR END;

CREATE OR REPLACE MACRO calendar_day(y, m, d) AS TRY_CAST(full_year(y) || '-' || m || '-' || d AS DATE);

CREATE OR REPLACE MACRO ordered_day(p, ordering) AS
    CASE WHEN length(p.a) = 3 OR length(p.c) = 3 OR (length(p.a) = 4 AND length(p.c) = 4) THEN NULL
         WHEN length(p.a) = 4 THEN calendar_day(p.a, p.b, p.c)
         WHEN length(p.c) <= 2 AND ordering = 'ymd' AND p.sep <> '.' THEN calendar_day(p.a, p.b, p.c)
         WHEN ordering = 'mdy' AND p.sep <> '.' THEN calendar_day(p.c, p.a, p.b)
         ELSE calendar_day(p.c, p.b, p.a) END;

CREATE OR REPLACE MACRO month_of(name) AS (MAP {@months@})[name]::VARCHAR;

-- weekdays and the words for year, month and day go; 2024年3月5日 and 5 березня 2024 р. become plain
CREATE OR REPLACE MACRO plain_date(x) AS trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(lower(half_width(x)),
    '^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+|^(?:понеділок|вівторок|середа|четвер|п.?ятниця|субота|неділя|пн|вт|ср|чт|пт|сб|нд)[,.]\s*|[（(]?(?:星期|周)[一二三四五六日天][)）]?', ' ', 'g'),
    '\s*[年月]\s*', '-', 'g'),
    '(\d)\s*р(?:оку|\.)', '\1 ', 'g'),
    '[日号,\s\x{00a0}\x{202f}]+', ' ', 'g'));

CREATE OR REPLACE MACRO with_colons(t) AS regexp_replace(regexp_replace(t, '\s*[时時点點]\s*', ':', 'g'), '\s*分\s*', ':', 'g');

CREATE OR REPLACE MACRO with_time(day, rest, zone) AS list_transform(
    [trim(regexp_replace(replace(rest, '秒', ''), ':+$', ''))],
    lambda hours: CASE
        WHEN hours = '' THEN day::TIMESTAMP
        WHEN regexp_full_match(hours, '(?:上午|下午)?\s*\d{1,2}\s*(?:am|pm)?') THEN day::TIMESTAMP + to_seconds(clock(regexp_replace(hours, '(\d+)', '\1:00')))
        WHEN zone_shift(hours) IS NULL THEN day::TIMESTAMP + to_seconds(clock(hours))
        ELSE local_moment(day::TIMESTAMP + to_seconds(clock(hours) - zone_shift(hours)), zone) END)[1];

-- Moments -----------------------------------------------------------------------------------------------------------

CREATE OR REPLACE MACRO numeric_moment(t, ordering, zone) AS list_transform(
    [regexp_extract(with_colons(t),
        '^(\d{1,4})([-/. ])\s?(\d{1,2})[-/. ]\s?(\d{1,4})\.?(?:(?:\s*t\s*|\s+|$)(.*)|/(\d{1,2}:.*))$', ['a', 'sep', 'b', 'c', 'rest', 'slashed'])],
    lambda p: CASE WHEN p.a <> '' THEN with_time(ordered_day(p, ordering), p.rest || p.slashed, zone) END)[1];

CREATE OR REPLACE MACRO named_moment(t, zone) AS list_transform(
    [regexp_extract(t,
        '^(?:(\d{1,2})(?:st|nd|rd|th|-?го|-?е)?[-/. ]+(@month_names@)[a-zа-яіїєґ]*[-/.,]?[-/. ]+(\d{4}|\d\d)|(@month_names@)[a-zа-яіїєґ]*[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d\d))(?:\s+(?:at\s+|о\s+)?(.*))?$',
        ['d1', 'n1', 'y1', 'n2', 'd2', 'y2', 'rest'])],
    lambda p: CASE
        WHEN p.y1 <> '' THEN with_time(calendar_day(p.y1, month_of(p.n1), p.d1), p.rest, zone)
        WHEN p.y2 <> '' THEN with_time(calendar_day(p.y2, month_of(p.n2), p.d2), p.rest, zone) END)[1];

-- 20240305, 20240305143000, Unix seconds and milliseconds, days as Excel counts them, 2024-03
CREATE OR REPLACE MACRO bare_moment(t, zone) AS
    CASE WHEN regexp_full_match(t, '(?:19|20)\d{6}') THEN calendar_day(t[1:4], t[5:6], t[7:8])::TIMESTAMP
         WHEN regexp_full_match(t, '(?:19|20)\d{6}[ t]?\d{6}') THEN
             calendar_day(t[1:4], t[5:6], t[7:8])::TIMESTAMP + to_seconds(clock(regexp_replace(t[9:], '.*(\d\d)(\d\d)(\d\d)$', '\1:\2:\3')))
         WHEN regexp_full_match(t, '(?:19|20)\d{6}\s+\d{1,2}:\d\d.*') THEN with_time(calendar_day(t[1:4], t[5:6], t[7:8]), t[9:], zone)
         WHEN regexp_full_match(t, '[1-9]\d{8,9}(?:\.\d+)?') THEN unix_moment(TRY_CAST(split_part(t, '.', 1) AS BIGINT), zone)
         WHEN regexp_full_match(t, '[1-9]\d{11,12}') THEN unix_moment(TRY_CAST(t AS BIGINT) // 1000, zone)
         WHEN regexp_full_match(t, '[2-7]\d{4}(?:[.,]\d+)?') THEN
             TIMESTAMP '1899-12-30' + to_seconds(round(TRY_CAST(replace(t, ',', '.') AS DOUBLE) * 86400)::BIGINT)
         WHEN regexp_full_match(t, '(?:19|20)\d\d-\d{1,2}-?') THEN calendar_day(t[1:4], rtrim(t[6:], '-'), '1')::TIMESTAMP END;

CREATE OR REPLACE MACRO written_moment(t, ordering, zone) AS coalesce(bare_moment(t, zone), numeric_moment(t, ordering, zone), named_moment(t, zone));

-- the three commonest ways first, for speed
CREATE OR REPLACE MACRO moment(x, ordering, zone) AS
    CASE WHEN regexp_full_match(x, '\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.0+)?)?') THEN TRY_CAST(x AS TIMESTAMP)
         WHEN regexp_full_match(x, '\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?: \d{1,2}:\d\d(?::\d\d)?)?') THEN TRY_CAST(translate(x, '/.', '--') AS TIMESTAMP)
         WHEN regexp_full_match(x, '\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?: \d{1,2}:\d\d(?::\d\d)?)?') THEN
             CASE WHEN ordering = 'mdy' AND NOT contains(x, '.') THEN try_strptime(replace(x, '-', '/'), ['%m/%d/%Y', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S'])
                  ELSE try_strptime(translate(x, '-.', '//'), ['%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S']) END
         WHEN x IS NOT NULL THEN list_transform([plain_date(x)], lambda t: written_moment(t, ordering, zone))[1] END;
