"""The calls of our own: one meaning on every engine, each engine's expression beside it.

A macro is data: what it takes, what it answers, how it is written. The text is DuckDB's unless an engine is named; the
arguments stand in it under their names, and every other word goes to the engine as it is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, Final, cast

from sqlglot import exp
from sqlglot.parsers.duckdb import DuckDBParser

from regulars.sql.grammar import DUCKDB, refused, shown


@dataclass(frozen=True, slots=True)
class Macro:
    """One call: its arguments, the sentence that explains it, its text, and the engines that write it otherwise."""

    takes: tuple[str, ...]
    says: str
    text: str
    engines: Mapping[str, str] = field(default_factory=dict)


def _part(name: str, says: str, spark: str | None = None) -> Macro:
    """A whole number read off a date."""
    spark = spark or f"{name}(d)"
    return Macro(("d",), says, f"{name}(d)", {"postgres": f"cast(extract({name} from d) as bigint)", "spark": f"cast({spark} as bigint)"})


def _start(of: str, takes: tuple[str, ...], says: str) -> Macro:
    """The first day of a calendar period."""
    return Macro(takes, says, f"cast(date_trunc({of}, d) as date)", {"postgres": f"cast(date_trunc({of}, cast(d as timestamp)) as date)"})


_MONTHS = "12 * extract(year from cast({0} as date)) + extract(month from cast({0} as date))"

_WILSON = (
    "case when cast(n as double) > 0 and k is not null then least(greatest((cast(k as double) + 1.920729410347062 {} 1.959963984540054 * sqrt("
    "cast(k as double) * (cast(n as double) - cast(k as double)) / cast(n as double) + 0.960364705173531)) / (cast(n as double) + 3.841458820694124)"
    ", cast(0 as double)), cast(1 as double)) end"
)
"""Wilson's interval, E. B. Wilson 1927, at the normal quantile of 95 %; the same numbers as ``models.proportions.wilson``."""

MACROS: Final[Mapping[str, Macro]] = {
    "ratio": Macro(("a", "b"), "a divided by b as a double; null where b is 0", "cast(a as double) / nullif(cast(b as double), 0)"),
    "wilson_low": Macro(("k", "n"), "lower end of Wilson's 95 % interval of k out of n; null where n is 0", _WILSON.format("-")),
    "wilson_high": Macro(("k", "n"), "upper end of Wilson's 95 % interval of k out of n; null where n is 0", _WILSON.format("+")),
    "fell": Macro(
        ("was", "was_low", "now", "now_high"),
        "whether a rate has fallen beyond chance: the interval of the difference excludes nought (Newcombe 1998, method 10)",
        "now < was and (was - now) * (was - now) > (was - was_low) * (was - was_low) + (now_high - now) * (now_high - now)",
    ),
    "avg": Macro(
        ("x",),
        "the mean as a double",
        "avg(x)",
        {"postgres": "avg(cast(x as double))", "spark": "avg(cast(x as double))"},
    ),
    "round": Macro(
        ("x", "n"),
        "x to n decimals as a double, halves away from zero",
        "cast(round(cast(x as decimal(28,10)), n) as double)",
    ),
    "percentile": Macro(
        ("x", "p"),
        "the smallest value of x that at least the share p of the non-null values do not exceed; p in 0..1",
        "quantile_disc(x, p)",
        {
            "postgres": "percentile_disc(p) within group (order by x)",
            "spark": "get(sort_array(collect_list(x)), greatest(count(x) - cast(floor(count(x) - cast(p as double) * count(x)) as int), 1) - 1)",
        },
    ),
    "days_between": Macro(
        ("a", "b"),
        "days from the date a to the date b; negative if b is earlier",
        "date_diff('day', cast(a as date), cast(b as date))",
        {"postgres": "cast(b as date) - cast(a as date)", "spark": "datediff(cast(b as date), cast(a as date))"},
    ),
    "months_between": Macro(
        ("a", "b"),
        "calendar months from the month of a to the month of b, the days not regarded; negative if b is earlier",
        "date_diff('month', cast(a as date), cast(b as date))",
        dict.fromkeys(("postgres", "spark"), f"cast({_MONTHS.format('b')} - ({_MONTHS.format('a')}) as bigint)"),
    ),
    "minutes_between": Macro(
        ("a", "b"),
        "minutes from the timestamp a to the timestamp b, parts of a minute left out; negative if b is earlier",
        "cast(floor(epoch(b) / 60) - floor(epoch(a) / 60) as bigint)",
        {
            "postgres": "cast(floor(extract(epoch from b) / 60) - floor(extract(epoch from a) / 60) as bigint)",
            "spark": "cast(floor(unix_timestamp(b) / 60) - floor(unix_timestamp(a) / 60) as bigint)",
        },
    ),
    "number_key": Macro(
        ("x",),
        "a document number for comparison: letters and digits only, in lower case, without leading zeros; null if nothing is left",
        "nullif(ltrim(regexp_replace(lower(x), '[^0-9a-zа-яіїєґ一-龥]', '', 'g'), '0'), '')",
        {"spark": "nullif(regexp_replace(regexp_replace(lower(x), '[^0-9a-zа-яіїєґ一-龥]', ''), '^0+', ''), '')"},
    ),
    "digits_of": Macro(
        ("x",),
        "the digits of a document number, without leading zeros; null if there are none",
        "nullif(ltrim(regexp_replace(x, '[^0-9]', '', 'g'), '0'), '')",
        {"spark": "nullif(regexp_replace(regexp_replace(x, '[^0-9]', ''), '^0+', ''), '')"},
    ),
    "add_days": Macro(
        ("d", "n"),
        "the date n days after d",
        "cast(d as date) + cast(n as int)",
        {"spark": "date_add(cast(d as date), cast(n as int))"},
    ),
    "add_months": Macro(
        ("d", "n"),
        "the date n calendar months after d, at most the month's last day",
        "cast(cast(d as date) + to_months(cast(n as int)) as date)",
        {"postgres": "cast(cast(d as date) + make_interval(0, cast(n as int)) as date)", "spark": "add_months(cast(d as date), cast(n as int))"},
    ),
    "weekday": _part("isodow", "1 Monday to 7 Sunday", "weekday(d) + 1"),
    "year": _part("year", "the calendar year"),
    "quarter": _part("quarter", "1 to 4"),
    "month": _part("month", "1 to 12"),
    "day": _part("day", "day of the month, 1 to 31"),
    "hour_of": _part("hour", "hour of a timestamp, 0 to 23"),
    "month_start": _start("'month'", ("d",), "the first day of the month of d"),
    "week_start": _start("'week'", ("d",), "the Monday on or before d"),
    "date_trunc": _start("grain", ("grain", "d"), "the first day of the 'day', 'week', 'month', 'quarter' or 'year' of d, as a date"),
}
"""Name → macro. ``score``, ``score_desc`` (module ``scores``) and ``each`` (module ``lists``) change more than an expression."""


class _Verbatim(DuckDBParser):
    """A parser that interprets no function, so that a macro's text reaches its engine as written."""

    FUNCTIONS: ClassVar = {}


@lru_cache(256)
def _template(text: str) -> exp.Expr:
    return cast("exp.Expr", _Verbatim(dialect=DUCKDB).parse_into(exp.Condition, DUCKDB.tokenize(text), text)[0])


def expand_macros(tree: exp.Expr, dialect: str) -> None:
    """Write every macro of the tree as the engine's expression."""
    for call in reversed(list(tree.find_all(exp.Anonymous))):
        macro = MACROS.get(call.name.lower())
        if macro is None:
            continue
        if len(call.expressions) != len(macro.takes):
            raise refused(shown(call), f"{call.name.lower()}({', '.join(macro.takes)})")
        if isinstance(call.parent, exp.Filter) and call.name.lower() == "percentile":
            _draw_in(call.parent, call)
        call.replace(_filled(macro, call, dialect))


def _draw_in(chosen: exp.Filter, call: exp.Anonymous) -> None:
    """Write ``percentile(x, p) filter (where c)`` as ``percentile(case when c then x end, p)``: on Spark it becomes no aggregate, which alone has a filter."""
    value, *rest = call.expressions
    call.set("expressions", [exp.case().when(chosen.expression.this, value, copy=False), *rest])
    chosen.replace(call)


def _filled(macro: Macro, call: exp.Anonymous, dialect: str) -> exp.Expr:
    """The macro's text with the call's arguments, in parentheses where precedence wants them."""
    tree = _template(macro.engines.get(dialect, macro.text)).copy()
    arguments = dict(zip(macro.takes, call.expressions, strict=True))
    for column in list(tree.find_all(exp.Column)):
        if column.name in arguments:
            argument = arguments[column.name]
            loose = isinstance(argument, exp.Binary) and isinstance(column.parent, (exp.Binary, exp.Unary))
            column.replace(exp.paren(argument) if loose else argument.copy())
    loose = isinstance(tree, exp.Binary) and isinstance(call.parent, (exp.Binary, exp.Unary, exp.Predicate))
    return exp.paren(tree, copy=False) if loose else tree
