"""What it costs to begin: fresh processes that import, show help, or answer one question."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.data import prepare
from benchmarks.running import Run, measured, median

LINES = 20_000
TIMES = 10
HEADING = "### Starting"
_FIRST = "import sys, regulars as rg; rg.open(sys.argv[1]).run(rg.KPIs())"


def start() -> dict[str, Run]:
    """Medians of ten fresh processes each, taking turns."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        prepare("sales", Path(folder), LINES)
        measured([python, "-m", "benchmarks.contestants", "publish", folder])
        commands = {
            "`python -c pass`": [python, "-c", "pass"],
            "`import regulars`": [python, "-c", "import regulars"],
            "`import duckdb`": [python, "-c", "import duckdb"],
            "`regulars --help`": [python, "-m", "regulars", "--help"],
            f"`rg.open(…)` to the first KPIs, {LINES:,} lines": [python, "-c", _FIRST, folder],
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(TIMES):
            for name, command in commands.items():
                runs[name].append(measured(command, quiet=True))
    return {name: median(found) for name, found in runs.items()}


def table(found: dict[str, Run]) -> str:
    rows = ["| process | CPU, ms | wall, ms | peak memory, MB |", "| --- | ---: | ---: | ---: |"]
    rows += [f"| {name} | {1000 * run.cpu:,.0f} | {1000 * run.wall:,.0f} | {run.memory:,.0f} |" for name, run in found.items()]
    return "\n".join([f"Medians of fresh processes, {TIMES} each, taking turns.", "", *rows, ""])
