"""Files that survive a power cut: what a name points to is on the disk before the name is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def settle(path: Path) -> None:
    """Wait until a file, or a folder with all that is in it, is on the disk under its name, and not only in the machine's memory."""
    for each in (*path.rglob("*"), path, path.parent):
        _wait(each)


def put_in_place(unfinished: Path, path: Path) -> None:
    """Give a finished file or folder its name in one step: after a power cut the name means all of the new one, or what it meant before."""
    settle(unfinished)
    os.replace(unfinished, path)
    _wait(path.parent)


def link_or_copy(file: Path, name: Path) -> None:
    """A second name for a file that is never changed; where the file system knows no second names, a copy."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)


def _wait(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
