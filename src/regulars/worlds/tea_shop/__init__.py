"""A chain of three milk-tea shops, in Hangzhou, Lviv or Leeds: its till exports, its member list, and four truths planted in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final

from xlsxwriter.exceptions import XlsxFileError

from regulars.errors import N_, error
from regulars.i18n import Language
from regulars.worlds.tables import replacing
from regulars.worlds.tea_shop.answers import Sheet, answer
from regulars.worlds.tea_shop.hangzhou import HANGZHOU
from regulars.worlds.tea_shop.ledger import ring_up
from regulars.worlds.tea_shop.leeds import LEEDS
from regulars.worlds.tea_shop.lviv import LVIV
from regulars.worlds.tea_shop.members import enrol
from regulars.worlds.tea_shop.papers import write_members, write_sales
from regulars.worlds.tea_shop.people import Span, settle
from regulars.worlds.tea_shop.town import Town
from regulars.worlds.tea_shop.visits import receive
from regulars.worlds.world import Made, World

TOWNS: Final[Mapping[Language, Town]] = {town.language: town for town in (HANGZHOU, LVIV, LEEDS)}
LAST_DAY: Final = date(2025, 12, 31)
"""The last business day of every tea-shop world: its as-of date."""
TRUTHS: Final = {
    "hours": N_("Students crowd in for milk tea on Wednesdays from 15 to 17, families come for hot drinks and snack sets on weekend evenings from 18 to 21."),
    "deciles": N_("A tenth of the customers brings more than two fifths of the revenue."),
    "ghosts": N_("Three persons are on the member list seven or eight times each, with other phones and names but one address."),
    "lapsing_loyal": N_("A group of loyal regulars of one shop stopped coming eight to ten months ago."),
}


@dataclass(frozen=True)
class TeaShop(World):
    """Milk-tea shops: what do their files look like, and what is hidden in them?

    ``customers`` is the number of member records, 200 to 10,000, each with at least one standing order (1,000, so that ten groups hold
    100 each); ``months`` the length of the history, 18 to 36 (18 is the least in which a loyal regular can lapse); ``plant`` the truths to
    plant, any of ``TRUTHS``. People, visits and purchases are the same in every language; names, prices and file habits are the town's.
    All persons are invented. Their phone numbers are well formed, so they may be somebody's: nothing must ever be sent to them.
    """

    name: ClassVar[str] = "tea-shop"
    story: ClassVar[str] = N_("Three milk-tea shops with a member card")
    truths: ClassVar[Mapping[str, str]] = TRUTHS

    customers: int = 1000
    months: int = 18
    plant: frozenset[str] = frozenset(TRUTHS)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.insist("customers", 200 <= self.customers <= 10_000, "200 … 10000")
        self.insist("months", 18 <= self.months <= 36, "18 … 36")
        self.insist("plant", self.plant <= TRUTHS.keys(), ", ".join(TRUTHS))

    @property
    def span(self) -> Span:
        """The days of the world: whole calendar months up to the last day."""
        month = LAST_DAY.year * 12 + LAST_DAY.month - self.months
        first = date(month // 12, month % 12 + 1, 1)
        return Span(first, (LAST_DAY - first).days + 1)

    def write(self, folder: Path) -> Made:
        """Two deliveries of till lines, the second being the last month, the member list, and ``answers.json``."""
        town, span = TOWNS[self.language], self.span
        people = settle(span, self.customers, self.seed, self.plant)
        visits = receive(people, span, self.seed, peaks="hours" in self.plant)
        ledger = ring_up(visits, span, town.products, town.coupon, self.seed)
        members = enrol(town, people, span, self.seed)

        answers = folder / "answers.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            first_sales, last_sales = write_sales(folder, town, ledger, members, span)
            files = (first_sales, write_members(folder, town, members, span), last_sales)
            sheet = self._about(town, files) | answer(Sheet(town, people, members, ledger, span), self.plant)
            with replacing(answers) as draft:
                draft.write_text(json.dumps(sheet, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except (OSError, XlsxFileError) as problem:
            raise error("not_writable", path=str(folder), reason=str(problem)) from problem
        return Made(files, answers, town.currency, town.time_zone, self.language, LAST_DAY)

    def _about(self, town: Town, files: tuple[Path, ...]) -> dict[str, Any]:
        """Which world the answers are of: its parameters, and what a load needs to know."""
        parameters = {"language": self.language, "seed": self.seed, "customers": self.customers, "months": self.months, "plant": sorted(self.plant)}
        return {
            "world": self.name,
            "synthetic": True,
            "parameters": parameters,
            "files": [path.name for path in files],
            "currency": town.currency,
            "time_zone": town.time_zone,
            "as_of": LAST_DAY.isoformat(),
            "shops": [shop.name for shop in town.shops],
        }
