"""One writer at a time: the lock of a workspace, and who holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from regulars.errors import error


def _holder(folder: Path) -> str:
    """The id of the process that is writing, as far as it has said so."""
    try:
        return (folder / "writing.process").read_text() or "-"
    except OSError:
        return "-"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One writer at a time; the lock is the operating system's, so a killed writer frees it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "writing.lock", timeout=0)
        lock.acquire()
    except Timeout as cause:
        raise error("workspace_busy", path=str(folder), process=_holder(folder)) from cause
    try:
        (folder / "writing.process").write_text(str(os.getpid()))
        yield
    finally:
        (folder / "writing.process").unlink(missing_ok=True)
        lock.release()
