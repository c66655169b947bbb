"""Which files of a folder are to be loaded, and in which order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from regulars.errors import did_you_mean, error
from regulars.ingest.packed import is_hidden

_WORKSPACE: Final = "regulars.toml"


def files_of(folder: Path) -> tuple[Path, ...]:
    """Every file of a folder and the folders in it, ``2-feb.csv`` before ``10-oct.csv``; hidden files and workspaces are left out.

    Errors ``file_missing``, ``folder_empty``.
    """
    if not folder.is_dir():
        raise error("file_missing", path=str(folder), near=did_you_mean(folder.name, [one.name for one in folder.parent.glob("*")]))
    found = sorted((path for path in folder.rglob("*") if path.is_file() and not is_hidden(str(path.relative_to(folder)))), key=_order)
    files = tuple(path for path in found if not any((above / _WORKSPACE).exists() for above in path.parents))
    if not files:
        raise error("folder_empty", path=str(folder), files=0)
    return files


def _order(path: Path) -> tuple[tuple[tuple[int, str], ...], str]:
    """Folder by folder, numbers by their size; equal names in the order of their letters."""
    pieces = re.findall(r"\d+|\D+", path.as_posix().casefold())
    return tuple((int(piece), "") if piece.isdecimal() and len(piece) < 19 else (-1, piece) for piece in pieces), path.as_posix()
