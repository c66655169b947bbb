"""One process, measured from outside: processor time, wall time and memory, its children included."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_MEMORY = 20_000
"""Megabytes after which a process is stopped."""
MOST_SECONDS = 1_200
"""Wall seconds after which a process is stopped."""
_EVERY = 0.2
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Run:
    """One process: CPU and wall seconds, and the most memory it held, in MB; ``stopped`` says why it did not come to its end."""

    cpu: float
    wall: float
    memory: float
    stopped: str = ""


def measured(command: Sequence[str | os.PathLike[str]], *, quiet: bool = False) -> Run:
    """Run a process to its end and read what it used from the operating system."""
    begun = time.perf_counter()
    output = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=output)
    watch = _Watch(process.pid)
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.over.set()
    watch.join()
    if status and not watch.stopped:
        raise SystemExit(f"{command} failed with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, wall, max(watch.most, usage.ru_maxrss / 1024), watch.stopped)


def median(runs: Sequence[Run]) -> Run:
    """The median of each measure; the first run that was stopped stands for all."""
    if stopped := [run for run in runs if run.stopped]:
        return stopped[0]
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "wall", "memory")))


class _Watch(threading.Thread):
    """Looks at a process group five times a second, and ends it when it holds too much or takes too long."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self.group, self.most, self.stopped, self.over = group, 0.0, "", threading.Event()

    def run(self) -> None:
        begun = time.monotonic()
        while not self.over.wait(_EVERY):
            self.most = max(self.most, _memory(self.group))
            if self.most > MOST_MEMORY:
                self._end(f"stopped at {MOST_MEMORY // 1000} GB")
            elif time.monotonic() - begun > MOST_SECONDS:
                self._end(f"stopped after {MOST_SECONDS // 60} minutes")

    def _end(self, why: str) -> None:
        self.stopped = why
        os.killpg(self.group, signal.SIGKILL)


def _memory(group: int) -> float:
    """Megabytes resident in the processes of a group; 0 where the system has no /proc (then the largest single process counts)."""
    pages = 0
    for entry in _PROC.glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(after_name[2]) == group:
            pages += int(after_name[21])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
