"""Where the processor time of publishing and of the stored answers goes: ``python -m benchmarks.steps publish|stored FOLDER``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Self

from benchmarks.data import PART, prepare
from benchmarks.running import ROOT

Spent = dict[str, float]
"""What → processor seconds."""

LEAST_SHARE = 0.01
_MADE = re.compile(r"create\s+(?:or\s+replace\s+)?(?:temp\s+)?table\s+(\w+)", re.IGNORECASE)


def heading(lines: int) -> str:
    return f"### Where the time goes at {lines:,} order lines"


def table(lines: int) -> str:
    """Publishing by relation, and the stored answers by analysis, each as shares of its process's processor time."""
    with tempfile.TemporaryDirectory() as folder:
        prepare("sales", Path(folder), lines)
        parts = [_asked(mode, folder) for mode in ("publish", "stored")]
    return "\n".join(parts)


def _asked(mode: str, folder: str) -> str:
    done = subprocess.run([sys.executable, "-m", "benchmarks.steps", mode, folder], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def _cpu() -> float:
    """Seconds of processor time of this process, all its threads included."""
    times = os.times()
    return times.user + times.system


class _Timed:
    """A connection that notes what each relation it makes costs."""

    def __init__(self, connection: Any, spent: Spent) -> None:
        self._connection, self._spent = connection, spent

    def execute(self, text: str, *parameters: Any) -> Any:
        begun = _cpu()
        found = self._connection.execute(text, *parameters)
        made = _MADE.search(text)
        self._spent[f"`{made[1]}`" if made else "other statements"] += _cpu() - begun
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._connection.close()


def publishing(workspace: Path) -> Spent:
    """Processor seconds by relation made."""
    from regulars.engines import duckdb
    from regulars.snapshots import Shelf
    from regulars.snapshots.arrangement import Arrangement

    spent: Spent = defaultdict(float)
    plain = duckdb.scratch
    duckdb.scratch = lambda folder=None: _Timed(plain(folder), spent)  # type: ignore[assignment, return-value]
    begun = _cpu()
    Shelf(workspace).publish((PART,), Arrangement())
    spent["the rest"] = _cpu() - begun - sum(spent.values())
    return spent


def stored(workspace: Path) -> Spent:
    """Processor seconds by analysis: its summary, and then its details with their findings."""
    spent: Spent = defaultdict(float)
    begun = _cpu()
    import regulars as rg

    with rg.open(workspace) as ws:
        ws.table("products")
        spent["importing and opening"] = _cpu() - begun
        for analysis in rg.ANALYSES:
            begun = _cpu()
            result = ws.run(analysis())
            _ = result.summary
            spent[f"{analysis.key}: summary"] = (told := _cpu()) - begun
            for name in analysis.details:
                result.to_arrow(name)
            _ = result.findings
            spent[f"{analysis.key}: details, findings"] = _cpu() - told
    return spent


def main(mode: str, workspace: Path) -> None:
    spent = publishing(workspace) if mode == "publish" else stored(workspace)
    total = sum(spent.values())
    few = sum(cost for cost in spent.values() if cost < LEAST_SHARE * total)
    title = "Publishing" if mode == "publish" else "Stored answers"
    print(f"| {title}: {total:.1f} s CPU | share |\n| --- | ---: |")
    for name, cost in sorted(spent.items(), key=lambda one: -one[1]):
        if cost >= LEAST_SHARE * total:
            print(f"| {name} | {cost / total:.0%} |")
    print(f"| all others | {few / total:.0%} |\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
