"""The reference pages, written from the code itself: ``make docs`` rewrites ``docs/reference/``, and a test compares.

Nothing is described here that the code does not say of itself. If a page is unclear, mend the text in the code.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import click

import regulars as rg
from regulars.analyses.kpis import DIMENSIONS
from regulars.analysis import SUMMARY_LIMIT, Analysis
from regulars.errors import KINDS
from regulars.i18n import Reader
from regulars.ingest.stage import REASONS
from regulars.lineage import lineage
from regulars.schema import PART_TABLES, TABLES, Table
from regulars.sql import FUNCTIONS, MACROS, TYPES
from regulars.state import FILE, Settings
from regulars.surfaces.cli import COMMANDS, REGULARS
from regulars.surfaces.parameters import written
from regulars.surfaces.spoken import Option
from regulars.units import Column, Unit

FOLDER: Final = Path(__file__).resolve().parent / "reference"
READER: Final = Reader("en")
NOTE: Final = "<!-- Written by docs/write_reference.py from the code; run `make docs` to write it again. -->\n"

UNITS: Final[dict[Unit, str]] = {
    "label": "a key that is shown in words, such as a segment",
    "text": "text as it stands",
    "count": "a whole number of things",
    "number": "a number without a unit, such as a score or a coefficient",
    "money": "an amount in the book's currency",
    "share": "a part of a whole, 0 to 1",
    "rate": "a proportion of its own base, 0 to 1",
    "days": "a length of time in days",
    "date": "a business day",
    "month": "a calendar month, given as its first day",
    "flag": "yes or no",
}
ADDS: Final = {
    "key": ("key", "one value per row of the summary"),
    "count": ("rows counted", "the number of rows behind the cell"),
    "sum": ("sum of {}", "that column of the rows, summed"),
    "ratio": ("{} / {}", "two columns of the same summary row; empty where the second is 0 or empty"),
    "part": ("part of {}", "this row's part of that column over the whole summary"),
    "distinct": ("distinct {}", "how many different values that column of the rows has"),
    "derived": ("", "computed in another way; the meaning says how"),
}
SCORES: Final = {
    "score(x, :bins)": "score of x among all rows, 1 to bins, by s = ceil(bins · average rank / n): equal values get equal scores",
    "score_desc(x, :bins)": "the score of −x: the smallest value scores highest",
    "each(:columns)": "spells out a list of columns in SELECT, GROUP BY, ORDER BY, PARTITION BY or USING; `each(:columns, alias)` qualifies them",
    "x in :values": "spells out a list of values",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars and line ends inside a cell are made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"{NOTE}\n# {title}", *(part for part in parts if part)]) + "\n"


def code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def adds_up(column: Column) -> str:
    """How a cell follows from the rows behind it."""
    return ADDS[column.adds.how][0].format(*map(code, column.adds.of))


def columns(declared: Mapping[str, Column], origins: Mapping[str, Sequence[str]]) -> str:
    rows = [
        (code(name), c.title, c.unit, adds_up(c), f"{c.meaning}{' (personal)' if c.personal else ''}", comes_from(origins.get(name, ())))
        for name, c in declared.items()
    ]
    return table(("column", "title", "unit", "adds up", "meaning", "comes from"), rows)


def comes_from(origins: Sequence[str]) -> str:
    """Base columns, those of one table together, and parameters; ``*`` where rows are counted."""
    tables: dict[str, list[str]] = {}
    for origin in origins:
        name, _, column = origin.rpartition(".")
        tables.setdefault(name, []).append(column)
    return "; ".join(f"{code(name)}: {', '.join(map(code, found))}" if name else ", ".join(map(code, found)) for name, found in sorted(tables.items()))


def values(declared: Mapping[str, Column]) -> str:
    """The keys of the label columns, and the words a reader sees."""
    found = [f"* {code(name)}: " + ", ".join(f"{code(key)} {word}" for key, word in c.values.items()) for name, c in declared.items() if c.values]
    return "\n".join(found)


def parameters(analysis: type[Analysis]) -> str:
    rows = [
        (code(name), code(f"--{name.replace('_', '-')}"), code(written(field.default)), analysis.allowed(name), field.description or "")
        for name, field in analysis.model_fields.items()
    ]
    return table(("parameter", "on the command line", "default", "allowed", "meaning"), rows)


def analysis_page(analysis: type[Analysis]) -> str:
    """One analysis: question, method, parameters, everything it gives."""
    label = analysis.label
    origins = lineage(analysis())
    split = f"Each customer gets a label, {code(label.column)} of the rows; others may split by it as {code(label.dimension)}." if label else ""
    return page(
        analysis.title,
        f"**{analysis.question}**",
        f"{code(f'rg.{analysis.__name__}()')} · {code(f'regulars run {analysis.key}')} · {code(f'regulars sql {analysis.key}')} shows its SQL.",
        analysis.method,
        prose(analysis.__doc__ or "").partition("\n\n")[2],
        f"Source: {analysis.source}.",
        split,
        f"## Parameters\n\n{parameters(analysis)}",
        f"## Summary\n\nAt most {READER.number(SUMMARY_LIMIT)} rows.\n\n{columns(analysis.gives, origins['summary'])}\n\n{values(analysis.gives)}",
        "## Details" if analysis.details else "",
        *(f"### {code(name)}: {detail.title}\n\n{columns(detail.gives, origins[name])}" for name, detail in analysis.details.items()),
        f"## Rows\n\nThe rows behind every cell; they stay in the engine until they are asked for.\n\n{columns(analysis.row_gives, origins['table'])}",
    )


def dimensions() -> str:
    """What the key figures can be split by: attributes, and the labels of other analyses."""
    rows = [(code(name), d.shown.title, d.table, d.shown.meaning) for name, d in DIMENSIONS.items()]
    labels = [(code(a.label.dimension), a.label.shown.title, f"[{a.key}]({a.key}.md)", a.label.shown.meaning) for a in rg.ANALYSES if a.label]
    return table(("dimension", "title", "of", "meaning"), [*rows, *labels])


def analyses_page() -> str:
    menu = [(f"[{a.key}]({a.key}.md)", code(f"rg.{a.__name__}"), a.title, a.question) for a in rg.ANALYSES]
    assert UNITS.keys() == set(get_args(Unit))
    how = [(said.replace("{}", "…"), meaning) for said, meaning in ADDS.values()]
    return page(
        "Analyses",
        table(("key", "in Python", "title", "question"), menu),
        f"## Units\n\n{table(('unit', 'is'), UNITS.items())}",
        f"## How columns add up\n\n{table(('adds up', 'the cell is'), how)}",
        "*Comes from* names the columns of the [tables](tables.md) that a column is computed from, traced through every step, `*` where rows are counted, "
        "and the parameters, written `:name`; nothing where the analysis spells the values out. Names are those of a run with the defaults.",
        "`tests/test_contract.py` recomputes every cell that says how it adds up from the rows behind it.",
        f"## Dimensions\n\nWhat figures can be split by, where the files give it.\n\n{dimensions()}",
    )


def errors_page() -> str:
    rows = [(code(k.code), k.says, k.next_step, str(k.exit_status)) for k in KINDS.values()]
    return page(
        "Errors",
        "Every error has a code that stays, a sentence with place and value, and the next step. In Python it is a `regulars.RegularsError` with "
        "`code` and `values`; on the command line the two sentences and an exit status; with `--json` an envelope with all of it.",
        table(("code", "says", "next step", "exit status"), rows),
        "## Why a row is not loaded\n\nRejected rows are kept whole, with place and reason: `regulars rows rejected`.",
        table(("reason", "says"), [(code(reason), said) for reason, said in REASONS.items()]),
    )


def tables_page() -> str:
    def one(t: Table) -> str:
        rows = [(code(f.name), f.type, ", ".join(w for w, is_so in (("key", f.key), ("personal", f.personal)) if is_so), f.meaning) for f in t.fields]
        return f"### {code(t.name)}\n\n{t.row_is}.\n\n{table(('column', 'type', '', 'meaning'), rows)}"

    return page(
        "Tables",
        "Analyses, and SQL of your own, read the tables of a snapshot. They are derived from what the deliveries said.",
        "## What a snapshot serves",
        *map(one, TABLES.values()),
        "## What a delivery says\n\nWritten once per import, as Parquet. A snapshot is made from all of them together.",
        *map(one, PART_TABLES.values()),
    )


def sql_page() -> str:
    macros = [(code(f"{name}({', '.join(m.takes)})"), m.says) for name, m in MACROS.items()]
    return page(
        "The SQL of analyses",
        "One SELECT over the [tables](tables.md), in a subset of DuckDB's dialect that every engine answers alike. Parameters are written `:name`. "
        "What is not on this page is refused, with what may stand there instead. `regulars sql` and `Workspace.sql` take the same language.",
        f"## Functions\n\n{', '.join(code(f) for f in sorted(FUNCTIONS))}, `cast`, `case`.",
        f"## Types to cast to\n\n{', '.join(code(t) for t in sorted(TYPES))}.",
        f"## Calls of our own\n\nOne meaning on every engine.\n\n{table(('call', 'gives'), macros)}",
        f"## Scores and lists\n\n{table(('call', 'gives'), [(code(call), says) for call, says in SCORES.items()])}",
    )


def settings_page() -> str:
    rows = [(code(n), code(written(None if f.default_factory else f.default)), f.description or "") for n, f in Settings.model_fields.items()]
    says = f"What the owner of a workspace decided once, in {code(FILE)}. Comments a person adds to the file are kept."
    return page("Settings", says, table(("name", "default", "meaning"), rows))


def options(command: click.Command, without: Iterable[str] = ()) -> str:
    """The options of a command that are its own, as a table."""
    found = [p for p in command.params if isinstance(p, Option) and p.name not in {*without, *EVERYWHERE}]
    return table(("option", "meaning"), [(code(spelled), said) for spelled, said in (p.record(READER) for p in found)]) if found else ""


EVERYWHERE: Final = ("language", "json", "quiet", "verbose")


def usage(command: click.Command, path: str) -> str:
    takes = " ".join(f"{p.metavar or p.human_readable_name}{'...' if p.nargs < 0 else ''}" for p in command.params if isinstance(p, click.Argument))
    return f"`{path} {takes}".rstrip() + " [OPTIONS]`"


def one_command(name: str, command: click.Command, ctx: click.Context) -> Iterator[str]:
    """A command with its options; a group with its members, where the parameters of an analysis are on its own page."""
    path = f"regulars {name}"
    yield f"## {path}\n\n{COMMANDS[name]}"
    if not isinstance(command, click.Group):
        yield from (text for text in (usage(command, path), command.help if command.help != COMMANDS[name] else "", options(command)) if text)
        return
    members = {key: command.get_command(ctx, key) for key in command.list_commands(ctx)}
    analyses = {a.key: a for a in rg.ANALYSES}
    menu = ", ".join(f"[{key}]({key}.md)" for key in members if key in analyses)
    yield f"`{path} ANALYSIS [OPTIONS]`, where the analysis is one of {menu}; its parameters are options."
    first = next(key for key in members if key in analyses)
    yield options(members[first] or command, analyses[first].model_fields)
    for key, member in members.items():
        if member is not None and key not in analyses:
            yield f"### {path} {key}\n\n{usage(member, f'{path} {key}')}"
            yield from (text for text in (member.help, options(member)) if text)


def commands_page() -> str:
    ctx = click.Context(REGULARS)
    found = {name: REGULARS.get_command(ctx, name) for name in COMMANDS}
    common = [p.record(READER) for p in next(c for c in found.values() if c).params if isinstance(p, Option) and p.name in EVERYWHERE]
    everywhere = table(("option", "meaning"), [(code(spelled), said) for spelled, said in common])
    return page(
        "The command line",
        REGULARS.help or "",
        *(text for name, command in found.items() if command for text in one_command(name, command, ctx)),
        f"## On every command\n\n{everywhere}\n\n`--help` shows a page, `--version` the version.",
        REGULARS.epilog or "",
    )


def prose(docstring: str) -> str:
    """A docstring as Markdown: names in single backquotes, sections of arguments as lists."""
    text = inspect.cleandoc(docstring).replace("``", "`")
    text = re.sub(r"^(Args|Raises):\n", lambda m: {"Args": "Takes:\n\n", "Raises": "Errors:\n\n"}[m[1]], text, flags=re.MULTILINE)
    return re.sub(r"^    (\w+): ", r"* `\1`: ", text, flags=re.MULTILINE)


def signature(found: Any) -> str:
    """What a function takes, annotations without quotation marks, functions by their names."""
    text = re.sub(r"(: |-> )'([^']+)'", r"\1\2", str(inspect.signature(found)))
    return re.sub(r"<function (\w+) at \w+>", r"\1", text)


def members(found: type) -> str:
    """The public methods and properties of a class, with the first line of what they say of themselves."""
    lines = []
    for name, member in vars(found).items():
        target = member.fget if isinstance(member, property) else getattr(member, "func", getattr(member, "__func__", member))
        if name.startswith("_") or name in vars(Analysis) or not callable(target) or not target.__doc__:
            continue
        takes = re.sub(r"\((self|cls)(, )?", "(", signature(target)) if target in {member, getattr(member, "__func__", None)} else ""
        lines.append(f"* {code(name + takes)}: {prose(target.__doc__).splitlines()[0]}")
    return "\n".join(lines)


def described(name: str, found: Any) -> str:
    """One public name: what it is, what it takes, what it can do."""
    says = prose(found.__doc__ or "")
    if name == "ANALYSES":
        return f"## `rg.{name}`\n\nThe [menu](analyses.md): {', '.join(code(a.__name__) for a in found)}."
    if not isinstance(found, type):
        return f"## `rg.{name}{signature(found)}`\n\n{says}"
    page_of = f"Parameters and columns: [{found.key}]({found.key}.md)." if issubclass(found, Analysis) else ""
    fields = f"Fields: {', '.join(code(field.name) for field in dataclasses.fields(found))}." if dataclasses.is_dataclass(found) else ""
    return "\n\n".join(part for part in (f"## `rg.{name}`", says, page_of, fields, members(found)) if part)


def python_page() -> str:
    return page("Python", "```python\nimport regulars as rg\n```", *(described(name, getattr(rg, name)) for name in rg.__all__))


def pages() -> dict[str, str]:
    """File name → text, for every page of the reference."""
    found = {
        "analyses.md": analyses_page(),
        **{f"{a.key}.md": analysis_page(a) for a in rg.ANALYSES},
        "command-line.md": commands_page(),
        "python.md": python_page(),
        "tables.md": tables_page(),
        "sql.md": sql_page(),
        "errors.md": errors_page(),
        "settings.md": settings_page(),
    }
    titles = [f"* [{text.partition('# ')[2].partition(chr(10))[0]}]({name})" for name, text in found.items()]
    return {"index.md": page("Reference", "Written from the code.", "\n".join(titles)), **found}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    found = pages()
    for stale in {path.name for path in FOLDER.glob("*.md")} - found.keys():
        (FOLDER / stale).unlink()
    for name, text in found.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(found)} pages in {FOLDER.parent.name}/{FOLDER.name}")


if __name__ == "__main__":
    main()
