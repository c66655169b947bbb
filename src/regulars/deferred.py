"""Answers that wait until somebody asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Deferred(Mapping[str, T]):
    """Answers by name, each computed when it is first asked for, and then kept."""

    def __init__(self, asked: Mapping[str, Callable[[], T]]) -> None:
        self._asked, self._known, self._lock = asked, dict[str, T](), threading.RLock()

    def __getitem__(self, name: str) -> T:
        with self._lock:
            if name not in self._known:
                self._known[name] = self._asked[name]()
            return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._asked

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)

    def __repr__(self) -> str:
        return f"Deferred({', '.join(self._asked)})"
