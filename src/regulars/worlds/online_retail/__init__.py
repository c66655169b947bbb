"""Online Retail: the real order lines of a British gift shop, raw and messy, for the first demonstration (UCI, CC BY 4.0)."""

from __future__ import annotations

import json
import lzma
import os
import shutil
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import ClassVar, Final

from regulars.errors import N_
from regulars.worlds.world import Made, World

KNOWN: Final = {
    "rows": 541_909,
    "rows_without_customer": 135_080,
    "customer_numbers": 4_372,
    "invoices": 25_900,
    "net_revenue": "9747747.93",
    "net_revenue_with_customer": "8300065.81",
}
"""Published figures of the data set, to check a load against."""


@dataclass(frozen=True)
class OnlineRetail(World):
    """A year of a real shop's order lines. Nothing is planted and nothing is random: language and seed change nothing."""

    name: ClassVar[str] = "online-retail"
    story: ClassVar[str] = N_("A British wholesaler of gifts, December 2010 to December 2011")
    truths: ClassVar[dict[str, str]] = {}

    def write(self, folder: Path) -> Made:
        folder.mkdir(parents=True, exist_ok=True)
        path, answers = folder / "online_retail.csv", folder / "answers.json"
        packed = resources.files(__package__) / "online_retail.csv.xz"
        unfinished = path.with_suffix(".unfinished")
        with packed.open("rb") as source, lzma.open(source) as raw, unfinished.open("wb") as target:
            shutil.copyfileobj(raw, target)
        os.replace(unfinished, path)
        answers.write_text(json.dumps(KNOWN, indent=1), encoding="utf-8")
        return Made((path,), answers, "GBP", "Europe/London", self.language, date(2011, 12, 9))
