"""Exports of known systems, recognised by their headers and mapped with certainty: one ``.toml`` in this package is one export.

.. code-block:: toml

    title = "微信支付"              # the system's own name, never translated
    what = "bill"                   # a key of WHAT
    table = "sales"                 # a key of fields.TABLE_FIELDS
    source = "…, 2024"              # the public document that shows these headers, and its year
    needs = ["交易时间", ["金额(元)", "金额"]]   # headers that must all be there; an inner list: one of them is enough

    [columns]                       # field → header, or headers in order of preference; a header that is absent is skipped
    ordered_at = "交易时间"

    [settings]                      # all optional
    date_order = "ymd"              # ymd, dmy, mdy; else as the rows prove it
    decimal = "."                   # else as the rows prove it
    currency = "CNY"                # where no column and no sign of money says otherwise
    refunds = false                 # true: every row is a refund
    amount_gross = false            # true: the discount must still be taken off the amount
    once = ["amount"]               # figures of the whole order that are repeated on each of its lines

    [always]                        # field → what it is in every row, where no column says it
    channel = "…"
    [only]                          # column → regular expression: rows whose cell does not hold it are no entries of the table
    "收/支" = "收入"
    [never]                         # column → regular expression: rows whose cell holds it are no entries of the table
    "交易类型" = "退款"

Headers are compared as ``headers.normal`` has them, whatever their case, width and punctuation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any, Final

from regulars.errors import N_
from regulars.ingest.headers import normal

WHAT: Final[dict[str, str]] = {
    "bill": N_("bill"),
    "campaigns": N_("campaigns"),
    "companies": N_("companies"),
    "contacts": N_("contacts"),
    "customers": N_("customers"),
    "deals": N_("deals"),
    "invoices": N_("invoices"),
    "leads": N_("leads"),
    "order_lines": N_("order lines"),
    "orders": N_("orders"),
    "payments": N_("payments"),
    "payouts": N_("payouts"),
    "receipts": N_("receipts"),
    "spend": N_("advertising costs"),
    "statement": N_("bank statement"),
    "tickets": N_("service requests"),
}
"""What an export holds, in words."""


@dataclass(frozen=True)
class Preset:
    """One export of one system: the headers it is recognised by, and which column is what."""

    name: str
    title: str
    what: str
    table: str
    source: str
    needs: tuple[tuple[str, ...], ...]
    columns: dict[str, tuple[str, ...]]
    settings: dict[str, Any]
    always: dict[str, str]
    only: dict[str, str]
    never: dict[str, str]

    @cached_property
    def _needs(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(map(normal, alternatives)) for alternatives in self.needs)

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether all the headers it needs are among these, which are ``normal``."""
        present = frozenset(headers)
        return all(alternatives & present for alternatives in self._needs)

    def fields(self, headers: Sequence[str]) -> dict[str, str]:
        """Field → the column that holds it, of the columns that are there."""
        return {field: found for field, wanted in self.columns.items() if (found := column_called(headers, *wanted)) is not None}


def column_called(headers: Sequence[str], *wanted: str) -> str | None:
    """The first wanted header that is there, as the file writes it."""
    present = {normal(header): header for header in reversed(headers)}
    return next((present[key] for header in wanted if (key := normal(header)) in present), None)


@lru_cache(maxsize=1)
def known() -> tuple[Preset, ...]:
    """Every export that is recognised, by its name."""
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")]
    return tuple(_preset(file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8"))) for file in sorted(files, key=lambda f: f.name))


def named(name: str | None) -> Preset | None:
    """The export of that name; None where there is none of it, or none any more."""
    return next((preset for preset in known() if preset.name == name), None)


def recognised(columns: Sequence[str]) -> Preset | None:
    """The export that has these columns; of several the one that needs most of them."""
    headers = frozenset(map(normal, columns))
    fitting = [preset for preset in known() if preset.fits(headers)]
    return max(fitting, key=lambda preset: len(preset.needs), default=None)


def _preset(name: str, told: Mapping[str, Any]) -> Preset:
    """An export as its file describes it."""
    return Preset(
        name=name,
        **{key: told[key] for key in ("title", "what", "table", "source")},
        needs=tuple(map(_listed, told["needs"])),
        columns={field: _listed(headers) for field, headers in told["columns"].items()},
        **{key: told.get(key, {}) for key in ("settings", "always", "only", "never")},
    )


def _listed(one_or_more: str | Sequence[str]) -> tuple[str, ...]:
    return (one_or_more,) if isinstance(one_or_more, str) else tuple(one_or_more)
