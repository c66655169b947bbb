"""What a contestant answered, in one shape for all: statement → rows. Needs nothing but Python, so every peer can import it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Answers = Mapping[str, Sequence[Sequence[Any]]]
"""``kpis`` (month, revenue, orders, customers), ``rfm`` (recency score, frequency score, customers, revenue), ``cpm`` (type, active,
customers, revenue, share who came back), ``concentration`` (decile, customers, revenue, orders), ``retention`` (cohort, age in months, customers)."""

STATEMENTS = ("kpis", "rfm", "cpm", "concentration", "retention")


def plain(value: Any) -> Any:
    """A cell that compares equal whichever library it came from."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return round(float(value), 6) if isinstance(value, (Decimal, float)) else value


def rows(found: Iterable[Iterable[Any]]) -> list[list[Any]]:
    return sorted([plain(value) for value in row] for row in found)


def finish(answer: Callable[[Path], Answers]) -> None:
    """Answer about the file that the command line names; write the answers down where it names a second one."""
    found = answer(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps({name: rows(lines) for name, lines in found.items()}), encoding="utf-8")
