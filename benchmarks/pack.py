"""The value pack at one size: which contestants there are, and a table of their ratios."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import prepare, sales_file
from benchmarks.running import ROOT, Run, measured, median

PEERS = ("pandas", "polars", "pyarrow", "pyspark")


@dataclass(frozen=True, slots=True)
class Contestant:
    """``module`` answers in a process of its own; ``most`` is the largest number of lines it is asked for."""

    key: str
    title: str
    module: str = "benchmarks.contestants"
    most: int = 10**9
    publishes: bool = False

    @property
    def is_peer(self) -> bool:
        return self.module != "benchmarks.contestants"


CONTESTANTS = (
    Contestant("cold", "regulars, cold", publishes=True),
    Contestant("publish", "regulars, publish only", publishes=True),
    Contestant("summaries", "regulars, stored: summaries"),
    Contestant("everything", "regulars, stored: everything"),
    Contestant("sql", "DuckDB SQL, straightforward"),
    Contestant("floor", "DuckDB SQL, hand-tuned (the floor)"),
    Contestant("scan", "one scan of the columns"),
    Contestant("polars", "Polars lazy", "benchmarks.peer_polars"),
    Contestant("pandas", "pandas", "benchmarks.peer_pandas", most=10_000_000),
    Contestant("spark", "PySpark local[2], JVM start included", "benchmarks.peer_spark", most=10_000_000),
)


def peers_python() -> str:
    """An environment of the peers' own, so that the package never depends on them."""
    home = ROOT / ".venv" / "peers"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
    if subprocess.run([python, "-c", f"import {', '.join(PEERS)}"], check=False, stderr=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", *PEERS], check=True)
    return str(python)


def contest(lines: int, rounds: int, only: Collection[str]) -> dict[str, Run]:
    """Medians of interleaved rounds."""
    asked = [c for c in CONTESTANTS if lines <= c.most and (not only or c.key in only)]
    runs: dict[str, list[Run]] = {c.key: [] for c in asked}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        prepare("sales", workspace, lines)
        if not any(c.publishes for c in asked) and {"summaries", "everything"} & runs.keys():
            measured(_command(CONTESTANTS[1], workspace))
        for _ in range(rounds):
            for contestant in asked:
                if any(run.stopped for run in runs[contestant.key]):
                    continue
                if contestant.publishes:
                    shutil.rmtree(workspace / "snapshots", ignore_errors=True)
                    (workspace / "current").unlink(missing_ok=True)
                runs[contestant.key].append(measured(_command(contestant, workspace)))
    return {key: median(found) for key, found in runs.items()}


def _command(contestant: Contestant, workspace: Path) -> list[str]:
    if contestant.is_peer:
        return [peers_python(), "-m", contestant.module, str(sales_file(workspace))]
    return [sys.executable, "-m", contestant.module, contestant.key, str(workspace)]


def heading(lines: int) -> str:
    return f"### {lines:,} order lines, {lines // 10:,} customers"


def table(found: Mapping[str, Run], rounds: int) -> str:
    """The ratios to straightforward SQL; the seconds themselves where it did not run or was stopped."""
    base = found.get("sql")
    known = base is not None and not base.stopped
    cpu, wall = (base.cpu, base.wall) if base is not None and known else (1.0, 1.0)
    unit = " ÷ DuckDB SQL" if known else ", s"
    rows = [f"| contestant | CPU{unit} | wall{unit} | peak memory, MB |", "| --- | ---: | ---: | ---: |"]
    for contestant in CONTESTANTS:
        if run := found.get(contestant.key):
            measures = f"{run.stopped} | | " if run.stopped else f"{run.cpu / cpu:.2f} | {run.wall / wall:.2f} | "
            rows.append(f"| {contestant.title} | {measures}{run.memory:,.0f} |")
    own = [f"Straightforward SQL itself: {cpu:.2f} s CPU, {wall:.2f} s wall on this machine.", ""] if known else []
    return "\n".join([f"Medians of interleaved rounds: {rounds}.", "", *rows, "", *own])
