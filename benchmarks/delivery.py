"""A day's delivery into a year: ``load`` of one day's CSV beside ``load`` of the year's, each in a process of its own."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.data import prepare
from benchmarks.running import Run, measured, median

_LOAD = "import sys, regulars as rg; rg.open(sys.argv[1], currency='GBP').load(sys.argv[2])"


def deliver(lines: int, rounds: int) -> tuple[Run, Run]:
    """The load of the year, and of the day after it; medians of the rounds."""
    years, days = [], []
    with tempfile.TemporaryDirectory() as folder:
        year, day, shop = (Path(folder) / name for name in ("year.csv", "day.csv", "shop"))
        prepare("deliveries", Path(folder), lines)
        for _ in range(rounds):
            shutil.rmtree(shop, ignore_errors=True)
            years.append(measured([sys.executable, "-c", _LOAD, str(shop), str(year)]))
            days.append(measured([sys.executable, "-c", _LOAD, str(shop), str(day)]))
    return median(years), median(days)


def heading(lines: int) -> str:
    return f"### A day's delivery into a year of {lines:,} order lines"


def table(year: Run, day: Run, rounds: int) -> str:
    rows = ["| load | CPU, s | wall, s | peak memory, MB |", "| --- | ---: | ---: | ---: |"]
    for title, run in (("the year, into an empty workspace", year), ("the day after it", day)):
        rows.append(f"| {title} | {run.stopped or f'{run.cpu:.2f}'} | {run.wall:.2f} | {run.memory:,.0f} |")
    if not (year.stopped or day.stopped):
        rows.append(f"| the day ÷ the year | {day.cpu / year.cpu:.3f} | {day.wall / year.wall:.3f} | {day.memory / year.memory:.2f} |")
    return "\n".join([f"Medians of rounds: {rounds}.", "", *rows, ""])
