"""A warm parent of short-lived processes: everything is imported once, and each order is done by a fork that may be killed.

Orders come as JSON lines on stdin, ``["load", folder, file]``; each fork says ``[pid, word, value]`` on stdout as it goes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from order_files import environment


def work(order: list[Any], say: Callable[[str, Any], None]) -> None:
    """Do one order in a process of its own."""
    import regulars as rg

    task, folder, *words = order
    shop = rg.open(folder, currency="EUR", time_zone="Europe/Kyiv")
    say("began", task)
    try:
        if task == "load":
            for file in words:
                say("loaded", [shop.load(file, progress=lambda step, done, _total: say("step", f"{step} {done}")).id, shop.snapshot.id])
        elif task == "compact":
            say("compacted", shop.compact(progress=lambda step, done, _total: say("step", f"{step} {done}")).deliveries)
        elif task == "read":
            read(shop, words[0], say)
    except rg.RegularsError as problem:
        say("refused", [problem.code, {name: str(value) for name, value in problem.values.items()}])
    say("ended", None)


def read(shop: Any, until: str, say: Callable[[str, Any], None]) -> None:
    """Ask the same question again and again, until that snapshot is in force, of a workspace that stays open."""
    import regulars as rg

    while True:
        result = shop.run(rg.KPIs(grain="month", periods=36))
        say("answer", [result.provenance.snapshot, str(sum(row["revenue"] or 0 for row in result.summary.to_pylist())), len(shop.imports)])
        if result.provenance.snapshot == until:
            return


def serve() -> None:
    """Read orders for ever; a fork for each."""
    for name in ("regulars.workspace", "regulars.surfaces.cli", "pandas", "pyarrow.parquet"):
        with suppress(ImportError):
            import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print(json.dumps([os.getpid(), "ready", None]), flush=True)
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)

            def say(word: str, value: Any) -> None:
                os.write(1, (json.dumps([os.getpid(), word, value]) + "\n").encode())

            try:
                work(json.loads(line), say)
            except BaseException as end:
                say("crashed", repr(end))
                raise
            finally:
                os._exit(0)


class Nursery:
    """The parent, seen from the test."""

    def __init__(self) -> None:
        here = str(Path(__file__).resolve().parent)
        said = environment()
        said["PYTHONPATH"] = os.pathsep.join([here, said["PYTHONPATH"]])
        self.process = subprocess.Popen([sys.executable, __file__], env=said, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", bufsize=1)
        assert next(self.told())[1] == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.process.kill()
        self.process.communicate()

    def order(self, *words: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([str(word) for word in words]) + "\n")
        self.process.stdin.flush()

    def told(self) -> Iterator[tuple[int, str, Any]]:
        """What the forks say, as it comes."""
        assert self.process.stdout is not None
        for line in iter(self.process.stdout.readline, ""):
            pid, word, value = json.loads(line)
            yield pid, word, value

    def done(self, *words: object) -> list[tuple[str, Any]]:
        """Give an order and wait until it has ended: what was said."""
        self.order(*words)
        said: list[tuple[str, Any]] = []
        told = self.told()
        mine = next(pid for pid, word, _ in told if word == "began")
        for pid, word, value in told:
            assert word != "crashed", value
            if pid == mine:
                said.append((word, value))
                if word == "ended":
                    return said
        raise AssertionError("the nursery is gone")


if __name__ == "__main__":
    serve()
