"""Long work while somebody waits: a bar with rate and remaining time, plain lines where there is no terminal, and Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

import click

from regulars.errors import N_, error
from regulars.i18n import Reader
from regulars.progress import Progress, silent
from regulars.surfaces.console import Console, terminal

EVERY_SECONDS: Final = 5.0
"""How often a plain line is printed within one step."""
WORTH_A_RATE: Final = 1_000
"""Steps of fewer pieces than this are too short for a rate to mean anything."""


@contextmanager
def watched(console: Console) -> Iterator[Progress]:
    """Progress for long work. The first Ctrl-C ends it at its next call, where nothing is half-done; the second at once."""
    stop = threading.Event()
    with _interruptible(stop), _shown(console) as show, _timed(console, time.perf_counter) as enter:

        def progress(step: str, done: int, total: int) -> None:
            if stop.is_set():
                raise error("cancelled")
            enter(step)
            show(step, done, total)

        yield progress


@contextmanager
def _interruptible(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def wish(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, wish)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


@contextmanager
def _timed(console: Console, clock: Callable[[], float]) -> Iterator[Callable[[str], None]]:
    """With --verbose: how long each step took, said when it ends."""
    now, began = "", clock()

    def enter(step: str) -> None:
        nonlocal now, began
        if step != now:
            if now:
                console.explain_more(N_("{step}: {seconds} s"), step=console.reader.say(now), seconds=console.reader.number(clock() - began, 2))
            now, began = step, clock()

    try:
        yield enter
    finally:
        enter("")


def _shown(console: Console) -> AbstractContextManager[Progress]:
    if console.json or console.quiet:
        return _hidden()
    return _bar(console.reader) if sys.stderr.isatty() else _lines(console.reader, time.monotonic)


@contextmanager
def _hidden() -> Iterator[Progress]:
    yield silent


@contextmanager
def _bar(reader: Reader) -> Iterator[Progress]:
    """One moving line on the terminal, drawn from the first step on: before it, a person may be asked something."""
    from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """How much is done in a second."""

        def render(self, task: Task) -> Text:
            return Text(rate(reader, task.speed or 0, round(task.total or 0)))

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), Rate(), TimeRemainingColumn(compact=True))
    bar = Bar(*columns, console=terminal(sys.stderr), transient=True)
    tasks: dict[str, TaskID] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in tasks:
            bar.start()
            for name in tuple(tasks):
                bar.remove_task(tasks.pop(name))
            tasks[step] = bar.add_task(reader.say(step), total=None)
        bar.update(tasks[step], completed=done, total=total or None)

    try:
        yield show
    finally:
        bar.stop()


def rate(reader: Reader, speed: float, total: int) -> str:
    """``12,000 a second``, where the work is long enough for that to mean something."""
    return reader.say(N_("{n} a second"), n=reader.number(round(speed))) if speed >= 1 and total >= WORTH_A_RATE else ""


@contextmanager
def _lines(reader: Reader, clock: Callable[[], float]) -> Iterator[Progress]:
    """A line when a step begins, and one every few seconds: how far, how fast, how long still."""
    now, began, printed = "", 0.0, 0.0

    def show(step: str, done: int, total: int) -> None:
        nonlocal now, began, printed
        moment = clock()
        if step != now:
            now, began, printed = step, moment, moment
            click.echo(f"{reader.say(step)} …", err=True)
        elif moment - printed >= EVERY_SECONDS:
            printed = moment
            click.echo(f"{reader.say(step)}: {_how_far(reader, done, total, moment - began)}", err=True)

    yield show


def _how_far(reader: Reader, done: int, total: int, seconds: float) -> str:
    if not total:
        return reader.number(done)
    left = round(seconds * (total - done) / done) if done else 0
    parts = [
        reader.percent(done / total, 0),
        rate(reader, done / seconds, total),
        reader.counted(N_("about {n} second left"), N_("about {n} seconds left"), left),
    ]
    return ", ".join(filter(None, parts))
