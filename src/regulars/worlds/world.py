"""A world: a small made-up company with truths planted in its files, to show Regulars and to test it against known answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from regulars.errors import error
from regulars.i18n import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Made:
    """What a world wrote: its files in the order to load them, the answer sheet, and what a load should find out by itself."""

    files: tuple[Path, ...]
    answers: Path
    currency: str
    time_zone: str
    language: Language
    as_of: date


@dataclass(frozen=True)
class World(ABC):
    """One made-up company. Its fields are its parameters: the same parameters give the same bytes, and no clock is read."""

    name: ClassVar[str]
    story: ClassVar[str]
    truths: ClassVar[Mapping[str, str]]

    language: Language = "en"
    seed: int = 7

    def __post_init__(self) -> None:
        self.insist("language", self.language in LANGUAGES, ", ".join(LANGUAGES))
        self.insist("seed", self.seed >= 0, ">= 0")

    def insist(self, field: str, holds: bool, allowed: str) -> None:
        """Refuse a parameter that is out of bounds, by name, with what is allowed."""
        if not holds:
            raise error("setting_wrong", place=self.name, name=field, value=getattr(self, field), allowed=allowed)

    @abstractmethod
    def write(self, folder: Path) -> Made:
        """Write the company's files and the answer sheet into the folder, which is made if it is missing."""
