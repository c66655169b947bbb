"""The settings of a workspace, in ``regulars.toml``: language, currency, time zone, business day, engine, rules, confirmed mappings."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo, available_timezones

import tomlkit
from babel.core import get_global
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from tomlkit.exceptions import TOMLKitError

from regulars.engines import ADDRESSES, kind_of
from regulars.errors import error
from regulars.i18n import LANGUAGES, Language, language_of, language_of_environment
from regulars.ingest.rules import SWITCHES, set_aside
from regulars.snapshots.arrangement import Arrangement

FILE = "regulars.toml"

_SIZE: Final = re.compile(r"[1-9]\d*\s*[MGT]B", re.IGNORECASE)
_SIZES: Final = "500MB, 2GB …"

ZONES: dict[Language, str] = {"en": "UTC", "uk": "Europe/Kyiv", "zh_CN": "Asia/Shanghai"}
CURRENCIES: dict[Language, str | None] = {"en": None, "uk": "UAH", "zh_CN": "CNY"}


class Settings(BaseModel):
    """What the owner decided once. ``mappings`` is keyed by the fingerprint of a header."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language = Field(default_factory=language_of_environment, description="Language of what is printed and written.")
    currency: str | None = Field(None, description="ISO 4217 code for files that state none.")
    time_zone: str | None = Field(None, description="IANA zone of the shop; timestamps without a zone are local to it.")
    day_starts_at: int = Field(0, ge=0, le=12, description="Hour at which the business day begins: 6 counts a sale at 2 a.m. to the day before.")
    engine: str = Field("duckdb", description=f"Engine that answers: {ADDRESSES}. A password is never written here.")
    memory: str | None = Field(None, description="Most memory that loading and publishing take for tables: 2GB, 500MB. The rest goes to disk.")
    rules: dict[str, bool] = Field(default_factory=dict, description="Rules switched on or off against their default: top_up = false.")
    mappings: dict[str, dict[str, Any]] = Field(default_factory=dict, description="Confirmed column mappings by header fingerprint.")

    @field_validator("language", mode="before")
    @classmethod
    def _known_language(cls, value: Any) -> Any:
        return language_of(str(value)) or value

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str | None) -> str | None:
        if value is not None and value.upper() not in get_global("all_currencies"):
            raise ValueError("ISO 4217")
        return value.upper() if value else None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise ValueError("IANA")
        return value

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        kind_of(value)
        return value

    @field_validator("memory")
    @classmethod
    def _known_size(cls, value: str | None) -> str | None:
        if value is not None and not _SIZE.fullmatch(value.strip()):
            raise ValueError(_SIZES)
        return value.strip().upper().replace(" ", "") if value else None

    @field_validator("rules")
    @classmethod
    def _known_rules(cls, value: dict[str, bool]) -> dict[str, bool]:
        if unknown := value.keys() - SWITCHES.keys():
            raise ValueError(", ".join(sorted(unknown)))
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or ZONES[self.language])

    @property
    def assumed_currency(self) -> str | None:
        """The currency for files that state none: the setting, else the language's usual one, else none."""
        return self.currency or CURRENCIES[self.language]

    @property
    def arrangement(self) -> Arrangement:
        """What of it is part of a snapshot."""
        return Arrangement(self.day_starts_at, set_aside(self.rules))

    @property
    def given(self) -> dict[str, Any]:
        """What may have been given when the workspace was opened, and so wins over the file. Rules and mappings are only what the file says now."""
        return self.model_dump(exclude={"mappings", "rules"})

    def switched(self, rule: str, on: bool) -> Self:
        """The same settings with a rule switched on or off; only what differs from the default is kept."""
        others = {key: value for key, value in self.rules.items() if key != rule}
        return self.model_copy(update={"rules": others | ({} if SWITCHES[rule] == on else {rule: on})})

    @classmethod
    def read(cls, folder: Path, **given: Any) -> Self:
        """The workspace's settings; values given now win over the file. Anything not allowed is a named error with its place."""
        path = folder / FILE
        stored: dict[str, Any] = {}
        if path.exists():
            try:
                stored = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()
            except (TOMLKitError, UnicodeDecodeError) as cause:
                raise error("setting_wrong", place=str(path), name="-", value=str(cause), allowed="TOML") from cause
        try:
            return cls(**(stored | {k: v for k, v in given.items() if v is not None}))
        except ValidationError as cause:
            raise _refusal(cause, path, given) from None

    def write(self, folder: Path) -> None:
        """Write the settings beside the data in one rename; comments a person added to the file are kept. The engine is only written by a move."""
        _amend(folder, self.model_dump(exclude_none=True, exclude={"engine"}))

    def write_engine(self, folder: Path) -> None:
        """Let the file say which engine answers, and nothing else anew."""
        _amend(folder, {"engine": self.engine})


def _amend(folder: Path, values: dict[str, Any]) -> None:
    path = folder / FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    for name, value in values.items():
        if document.get(name, {} if isinstance(value, dict) else None) != value:
            document[name] = value
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(tomlkit.dumps(document), encoding="utf-8")
    os.replace(unfinished, path)


def _refusal(cause: ValidationError, path: Path, given: dict[str, Any]) -> Exception:
    problem = cause.errors()[0]
    name = str(problem["loc"][0])
    allowed = {
        "language": ", ".join(LANGUAGES),
        "currency": "ISO 4217 (CNY, UAH, GBP, USD, EUR …)",
        "time_zone": "IANA (Asia/Shanghai, Europe/Kyiv, Europe/London …)",
        "day_starts_at": "0 – 12",
        "engine": ADDRESSES,
        "memory": _SIZES,
        "rules": ", ".join(f"{rule} = true" for rule in SWITCHES),
    }.get(name, ", ".join(Settings.model_fields))
    place = f"--{name.replace('_', '-')}" if given.get(name) is not None and name != "engine" else str(path)
    return error("setting_wrong", place=place, name=name, value=str(problem["input"]), allowed=allowed)
