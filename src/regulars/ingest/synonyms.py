"""What people call the columns of an order file, in Chinese, Ukrainian and English: the word lists of ``synonyms.toml``.

A *role* is what a column says; a *field* is what an import needs. Most roles are fields. The others are either second
choices for a field (``FALLBACKS``: a payment date serves where no order date exists) or known strangers such as the
postage, which must be recognised so that they are not taken for the amount.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """Headers of one role by language; ``weak`` ones fit other roles too. The first of a language is the one to write."""

    zh: tuple[str, ...] = ()
    uk: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()

    def first(self, language: str) -> str:
        """The header to write for readers of a language."""
        return {"zh_CN": self.zh, "uk": self.uk}.get(language, self.en)[0]


def _listed() -> dict[str, Words]:
    text = (resources.files("regulars") / "ingest" / "synonyms.toml").read_text(encoding="utf-8")
    return {role: Words(**{language: tuple(words) for language, words in lists.items()}) for role, lists in tomllib.loads(text).items()}


ROLES: Final = _listed()
"""Role → its headers."""

FALLBACKS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "ordered_at": (("paid_at", 0.92), ("completed_at", 0.88), ("shipped_at", 0.84), ("delivered_at", 0.78)),
    "amount": (("net_amount", 1.0), ("amount", 0.97), ("paid_amount", 0.92), ("order_total", 0.93), ("gross_amount", 0.86), ("lifetime", 0.8)),
    "customer_name": (("receiver_name", 0.85),),
    "customer_phone": (("receiver_phone", 0.9),),
    "unit_price": (("list_price", 0.8),),
    "unit_cost": (("unit_cost", 1.0), ("cost", 0.85)),
}
"""Second choices: field → (role, how much of its confidence is left). Order date before payment before shipment; net before gross."""
