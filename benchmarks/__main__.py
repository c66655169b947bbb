"""``python -m benchmarks [LINES ...]``: run the contestants side by side and write docs/performance.md."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import CONTESTANTS, PART
from benchmarks.data import write_sales

ROOT = Path(__file__).resolve().parent.parent
BASE = "DuckDB SQL"
POLARS = "Polars lazy"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: CPU and wall seconds, and the most memory it held, in MB."""

    cpu: float
    wall: float
    memory: float


def measured(command: list[str]) -> Run:
    """Run a process to its end and read what it used from the operating system."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed with {status}")
    return Run(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, usage.ru_maxrss / 1024)


def polars_python() -> str:
    """An environment of its own for the peer, so that the package never depends on it."""
    home = ROOT / ".venv" / "peers"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", "polars"], check=True)
    return str(python)


def contest(lines: int, rounds: int) -> dict[str, Run]:
    """Medians of interleaved rounds."""
    commands = {name: [sys.executable, "-m", "benchmarks.contestants", name] for name in CONTESTANTS}
    commands[POLARS] = [polars_python(), str(ROOT / "benchmarks" / "peer_polars.py")]
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        sales = workspace / "parts" / PART / "sales.parquet"
        write_sales(sales, lines)
        for _ in range(rounds):
            for name, command in commands.items():
                if name in ("regulars, cold", "regulars, publish only"):
                    shutil.rmtree(workspace / "snapshots", ignore_errors=True)
                    (workspace / "current").unlink(missing_ok=True)
                runs[name].append(measured([*command, str(sales if name == POLARS else workspace)]))
    return {name: Run(*(statistics.median(getattr(r, field) for r in found) for field in ("cpu", "wall", "memory"))) for name, found in runs.items()}


def table(lines: int, rounds: int, found: dict[str, Run]) -> str:
    base = found[BASE]
    rows = [f"### {lines:,} order lines, {lines // 10:,} customers (medians of {rounds} interleaved rounds)", ""]
    rows += ["| contestant | CPU ÷ DuckDB SQL | wall ÷ DuckDB SQL | peak memory, MB |", "| --- | ---: | ---: | ---: |"]
    rows += [f"| {name} | {run.cpu / base.cpu:.2f} | {run.wall / base.wall:.2f} | {run.memory:,.0f} |" for name, run in found.items()]
    return "\n".join([*rows, "", f"DuckDB SQL itself: {base.cpu:.2f} s CPU, {base.wall:.2f} s wall on this machine.", ""])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, default=[1_000_000, 10_000_000], help="sizes, in order lines")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    page = ROOT / "docs" / "performance.md"
    mark = "<!-- measured -->"
    head = page.read_text(encoding="utf-8").split(mark)[0] if page.exists() else "# Performance\n\n"
    tables = [table(lines, arguments.rounds, contest(lines, arguments.rounds)) for lines in arguments.lines]
    page.write_text(f"{head}{mark}\n\n" + "\n".join(tables), encoding="utf-8")
    print("\n".join(tables))


if __name__ == "__main__":
    main()
