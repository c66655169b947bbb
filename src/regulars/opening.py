"""The door: ``rg.open(path)``."""

from __future__ import annotations

import os
from pathlib import Path

from regulars.errors import error
from regulars.state import Settings
from regulars.workspace import Workspace


def open_workspace(
    path: str | os.PathLike[str],
    *,
    currency: str | None = None,
    time_zone: str | None = None,
    language: str | None = None,
    day_starts_at: int | None = None,
    engine: str | None = None,
    book: str | None = None,
) -> Workspace:
    """Open a workspace folder; a new one is made on the first load. Settings given here win over its ``regulars.toml``.

    Args:
        path: the folder.
        currency: ISO 4217 code for files that state none.
        time_zone: IANA zone of the shop, for timestamps that carry an offset.
        language: ``zh_CN``, ``uk`` or ``en``.
        day_starts_at: hour (0–12) at which the business day begins.
        engine: what answers: ``duckdb``, ``postgresql://user@host/database``, ``spark`` …; given here, it is for this session only.
        book: the book (currency) to read where there are several.

    Raises:
        RegularsError: ``not_a_workspace``, ``setting_wrong``, ``engine_secret``.
    """
    folder = Path(path).expanduser()
    if folder.is_file():
        raise error("not_a_workspace", path=str(folder))
    settings = Settings.read(folder, currency=currency, time_zone=time_zone, language=language, day_starts_at=day_starts_at, engine=engine)
    return Workspace(folder, settings, book)
