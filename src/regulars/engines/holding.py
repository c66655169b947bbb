"""Folders that somebody is reading: held as long as the reader lives, so that they are not swept away under it.

The hold is a shared lock of the operating system on the folder itself. It ends with its process, however that ends.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def hold(reader: object, folder: Path) -> Callable[[], object]:
    """Hold a folder for a reader, until the reader is gone or calls what is returned. ``FileNotFoundError`` if it has been swept."""
    if sys.platform == "win32":  # what is open cannot be removed there anyway
        return lambda: None
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return weakref.finalize(reader, os.close, handle)


def held(folder: Path) -> bool:
    """Whether anybody holds a folder. Who sweeps writes alone; a reader that comes after the answer finds the folder gone and reads anew."""
    if sys.platform == "win32":
        return False
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
