"""Loading one large messy file: to parts and to a snapshot, beside DuckDB reading the same file and writing it as Parquet.

Contestants run in processes of their own: ``python -m benchmarks.intake NAME FILE FOLDER``; the parent measures them from outside.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path

from benchmarks.exports import EXPORTS, prepare_export, write_book
from benchmarks.running import Run, measured, median

MEGABYTES = 100
TITLES = {
    "floor": "DuckDB: read_csv, all text, written as Parquet (= 1)",
    "parts": "regulars, to typed parts: read, mapped, converted, judged, written",
    "load": "regulars, loaded: the same and published as a snapshot",
}
BOOK_TITLES = {"cells": "python-calamine alone, every row (= 1)", "rows": "regulars, every row as text", "parts": TITLES["parts"], "load": TITLES["load"]}


def floor(file: Path, folder: Path) -> None:
    """What nobody who stores the file can go below on this engine. The columns are text: a totals row in the middle makes detected types fail."""
    import duckdb

    duckdb.execute(f"COPY (FROM read_csv('{file}', all_varchar = true)) TO '{folder / 'floor.parquet'}' (FORMAT parquet)")


def parts(file: Path, folder: Path) -> None:
    """From the file to the typed parts of a delivery."""
    from regulars.ingest.mapping import propose
    from regulars.ingest.raw import prepared
    from regulars.ingest.read import open_source
    from regulars.ingest.stage import stage
    from regulars.progress import silent

    sheet = prepared(open_source(file).sheets[0], silent)
    stage(sheet, propose(sheet), folder=folder / "part", import_id="bench", currency="UAH", time_zone="Europe/Kyiv", today=date(2026, 6, 1))


def load(file: Path, folder: Path) -> None:
    import regulars as rg

    rg.open(folder / "shop", currency="UAH").load(file)


def cells(file: Path, _folder: Path) -> None:
    """Every row of the first sheet, as its reader gives it."""
    from python_calamine import CalamineWorkbook

    for _ in CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows():
        pass


def rows(file: Path, folder: Path) -> None:
    """Every row of the first sheet as text in Parquet, which is where conversion starts."""
    from regulars.ingest.raw import write_raw
    from regulars.ingest.read import open_source
    from regulars.progress import silent

    write_raw(open_source(file).sheets[0], folder / "raw", silent)


CONTESTANTS: Mapping[str, Callable[[Path, Path], None]] = {"floor": floor, "parts": parts, "load": load, "cells": cells, "rows": rows}


def contest(megabytes: int, rounds: int, encodings: Collection[str] = tuple(EXPORTS)) -> dict[str, dict[str, Run]]:
    """Encoding → contestant → median of interleaved rounds. The floor always reads UTF-8: DuckDB knows no other of these letters by itself."""
    found: dict[str, dict[str, Run]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for encoding in encodings:
            file, plain = (Path(folder) / f"{name}.csv" for name in ("export", "plain"))
            prepare_export(file, encoding, encoding, megabytes)
            prepare_export(plain, encoding, "utf-8", megabytes)
            files = {name: plain if name == "floor" else file for name in TITLES}
            found[encoding] = _rounds(files, Path(folder), rounds)
    return found


def book_contest(lines: int, rounds: int) -> dict[str, Run]:
    """The same for a workbook of that many rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.xlsx"
        write_book(file, lines)
        return _rounds(dict.fromkeys(BOOK_TITLES, file), Path(folder), rounds)


def _rounds(files: Mapping[str, Path], folder: Path, rounds: int) -> dict[str, Run]:
    runs: dict[str, list[Run]] = {name: [] for name in files}
    for _ in range(rounds):
        for name, file in files.items():
            work = folder / "work"
            work.mkdir()
            runs[name].append(measured([sys.executable, "-m", "benchmarks.intake", name, str(file), str(work)]))
            shutil.rmtree(work)
    return {name: median(some) for name, some in runs.items()}


def heading(megabytes: int) -> str:
    return f"### Loading a messy export of {megabytes:,} MB"


def book_heading(lines: int) -> str:
    return f"### Loading a workbook of {lines:,} rows"


def table(found: Mapping[str, Mapping[str, Run]], rounds: int) -> str:
    """Ratios to the floor by encoding."""
    lines = [f"Medians of interleaved rounds: {rounds}.", ""]
    for encoding, runs in found.items():
        lines += [_ratios(f"{encoding.upper()}", runs, TITLES, "floor"), ""]
    return "\n".join(lines)


def book_table(runs: Mapping[str, Run], rounds: int) -> str:
    return f"Medians of interleaved rounds: {rounds}.\n\n{_ratios('workbook', runs, BOOK_TITLES, 'cells')}\n"


def _ratios(what: str, runs: Mapping[str, Run], titles: Mapping[str, str], base: str) -> str:
    one = runs[base]
    rows = [f"| {what} | CPU ÷ | wall ÷ | CPU, s | wall, s | peak memory, MB |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, run in runs.items():
        measures = f"{run.stopped} | | | |" if run.stopped else f"{run.cpu / one.cpu:.2f} | {run.wall / one.wall:.2f} | {run.cpu:.2f} | {run.wall:.2f} |"
        rows.append(f"| {titles[name]} | {measures} {run.memory:,.0f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    CONTESTANTS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
