"""``regulars sql``: the text of an analysis as analysts read it, or as the engine got it; or a SELECT of one's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, error
from regulars.surfaces.console import Console
from regulars.surfaces.export import Sheet, export
from regulars.surfaces.parameters import asked, pairs
from regulars.surfaces.places import BOOK, OUTPUT, POPULATION, WORKSPACE, reading, spare_loaded
from regulars.surfaces.spoken import Argument, Command, Option
from regulars.units import NUMERIC

if TYPE_CHECKING:
    import pyarrow as pa

    from regulars.analysis import Analysis
    from regulars.units import Column


def sql(
    console: Console,
    text: str,
    parameters: tuple[str, ...],
    prepared: bool,
    engine: str | None,
    lineage: bool,
    population: str | None,
    output: str | None,
    workspace: str | None,
    book: str | None,
) -> dict[str, Any]:
    """The texts of an analysis, or the answer to a SELECT."""
    given = pairs(parameters, "--parameters")
    if not text.strip().isidentifier():
        with reading(console, workspace, book, population) as shop:
            found = shop.sql(text, **{name: typed(value) for name, value in given})
            if output:
                spare_loaded(shop, Path(output))
        return _deliver(console, found, output)
    from regulars.analyses import analysis_named
    from regulars.texts import as_written, for_engine

    analysis = asked(analysis_named(text.strip()), dict(given))
    if lineage:
        return _lineage(console, analysis)
    if prepared:
        with reading(console, workspace, book, population) as shop:
            texts = dict(shop.run(analysis).provenance.sql)
    else:
        texts = for_engine(analysis, _dialect(engine)) if engine else as_written(analysis)
    for name, body in texts.items():
        console.write(f"-- {name}\n{body}\n")
    return {"analysis": analysis.key, "sql": texts}


def _lineage(console: Console, analysis: Analysis) -> dict[str, Any]:
    """What every column is computed from."""
    from regulars.lineage import lineage

    found = lineage(analysis)
    for place, columns in found.items():
        console.write(f"-- {place}")
        for name, origins in columns.items():
            console.write(console.reader.labelled(name, ", ".join(origins) or console.reader.say(N_("a constant of the analysis"))))
        console.write()
    return {"analysis": analysis.key, "lineage": found}


def typed(text: str) -> Any:
    """A value as typed: a whole number, a decimal, a date in ISO form, or else a text."""
    for read in (int, Decimal, date.fromisoformat):
        try:
            return read(text)
        except (ValueError, InvalidOperation):
            continue
    return text


def _deliver(console: Console, found: pa.Table, output: str | None) -> dict[str, Any]:
    columns, lines = _columns(found), found.to_pylist()
    if output:
        export(Path(output), [Sheet("SQL", columns, lines)], console.reader)
        console.say(N_("Written: {path}, {rows}."), path=output, rows=console.reader.counted(N_("{n} row"), N_("{n} rows"), len(lines)))
        return {"path": output, "rows": len(lines)}
    titles = [(name, column.unit in NUMERIC) for name, column in columns.items()]
    console.grid(titles, [[_shown(row[name], console) for name in columns] for row in lines])
    return {"columns": list(columns), "rows": lines}


def _columns(found: pa.Table) -> dict[str, Column]:
    """The answer's columns, of which nothing is known but whether they are numbers."""
    from pyarrow import types

    from regulars.units import count, text

    kinds = {f.name: types.is_integer(f.type) or types.is_floating(f.type) or types.is_decimal(f.type) for f in found.schema}
    return {name: count(name, "") if numeric else text(name, "") for name, numeric in kinds.items()}


def _shown(value: Any, console: Console) -> str:
    return "\N{EN DASH}" if value is None else console.reader.plain(value)


ENGINES: Final = {"duckdb": "duckdb", "postgresql": "postgres", "spark": "spark"}
"""The engines, named as ``regulars engine`` names them, and the dialect each gets."""


def _dialect(engine: str) -> str:
    """The dialect an engine reads; the name of the dialect does as well."""
    found = ENGINES.get(engine, engine)
    if found not in ENGINES.values():
        raise error("value_wrong", name="--engine", value=engine, allowed=", ".join(ENGINES))
    return found


COMMAND: Final = Command(
    "sql",
    sql,
    (
        Argument("text", N_("ANALYSIS|SELECT")),
        Option("--parameters", metavar=N_("NAME=VALUE"), multiple=True, help=N_("A parameter of the analysis, or a value for :name in the SELECT.")),
        Option("--prepared", is_flag=True, help=N_("The text as the engine gets it, checked and with every name resolved; this needs data.")),
        Option(
            "--engine",
            metavar="|".join(ENGINES),
            values=tuple(ENGINES),
            help=N_("The text as this engine would get it; neither data nor the engine are needed."),
        ),
        Option("--lineage", is_flag=True, help=N_("What every column of the analysis is computed from, down to the columns of the tables.")),
        POPULATION,
        OUTPUT,
        WORKSPACE,
        BOOK,
    ),
)
