"""The word lists of ``words.toml``: titles, surnames, given names, addresses that stand for none."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, Final

WORDS: Final[dict[str, Any]] = tomllib.loads((resources.files("regulars") / "people" / "words.toml").read_text(encoding="utf-8"))
