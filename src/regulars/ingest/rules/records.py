"""What can be wrong with a record as such: written twice, a number used again, a day far off, a label spelled in two ways, nobody named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from regulars.errors import N_
from regulars.ingest.rules.rule import Rule
from regulars.ingest.rules.words import plainly
from regulars.schema import FACTS

_MOST_LABELS: Final = 5_000
"""A column with more different texts holds no labels."""
_RARE: Final = 0.02
"""A spelling with at most this part of the rows of another one, which is one letter off, is a slip of the pen."""
_LONG: Final = 6
"""Shorter words that differ in one letter may well be two words."""
_FAR: Final = 60
"""Months without a row that set a few rows apart from the others."""
_FEW: Final = 0.02
LABELS: Final = (
    *("category", "brand", "store", "staff", "channel", "payment_method", "customer_group", "city", "region", "country"),
    *("agent", "owner", "cause", "source", "campaign", "competitor", "supplier"),
)

_CONTENT: Final = "order_id, customer_id, ordered_at, product_id, amount"
_COPIES: Final = f"""source_row IN (
    WITH alike AS MATERIALIZED (
        SELECT source_row, hash({_CONTENT}) AS content FROM {{rows}}
        WHERE content IN (SELECT hash({_CONTENT}) AS h FROM {{rows}} GROUP BY h HAVING count(*) > 1))
    SELECT source_row FROM (
        SELECT source_row, row_number() OVER (PARTITION BY content, cells ORDER BY source_row) AS copy FROM alike JOIN cells USING (source_row))
    WHERE copy > 1)"""
"""Rows that agree with an earlier one of the delivery in every cell; ``cells`` has the hash of a row as it is written."""

_USED_AGAIN: Final = """order_id IN (
    SELECT order_id FROM again WHERE used AND (SELECT count(*) FILTER (WHERE used) <= greatest(3, 0.01 * count(*)) FROM again))"""
"""Numbers of several customers, shops, or days far apart; where more than one in a hundred is, numbers start over in this file, and that is no mistake."""


def variants(labels: Mapping[str, int]) -> set[str]:
    """The labels that are rarer spellings of another one.

    >>> sorted(variants({"Hauptstrasse": 90, "hauptstrasse ": 3, "Hauptstrase": 1, "Store 1": 80, "Store 2": 1, "市中心店": 50, "市中心 店": 1}))
    ['Hauptstrase', 'hauptstrasse ', '市中心 店']
    """
    if len(labels) > _MOST_LABELS:
        return set()
    groups: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        groups[_bare(label)].append(label)
    usual = {bare: max(same, key=lambda label: (labels[label], label)) for bare, same in groups.items()}
    found = {label for bare, same in groups.items() for label in same if label != usual[bare]}
    sizes = {bare: sum(labels[label] for label in same) for bare, same in groups.items()}
    return found | {label for slip in _slips(sizes) for label in groups[slip]}


def _bare(label: str) -> str:
    """A label without what is no letter or figure: ``Café-Bar `` and ``café bar`` are one."""
    return "".join(letter for letter in plainly(label) if letter.isalnum()) or label


def _slips(sizes: Mapping[str, int]) -> Iterator[str]:
    """The long words of letters only that are one letter away from one with far more rows."""
    near: dict[str, set[str]] = defaultdict(set)
    for word in sizes:
        if len(word) >= _LONG and word.isalpha() and not any("\u3400" <= letter <= "\u9fff" for letter in word):
            for shape in _shapes(word):
                near[shape].add(word)
    yield from {
        word for words in near.values() if len(words) > 1 for word in words if any(sizes[word] <= _RARE * sizes[other] for other in words if other != word)
    }


def _shapes(word: str) -> Iterable[str]:
    """A word, and what is left of it without one of its letters: two words one letter apart have one of these in common."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def far_months(months: Mapping[date, int]) -> list[date]:
    """Of the months with rows, those that lie more than five years away from the others and hold few rows: two in a hundred, or two in all.

    >>> far_months({date(2024, 1, 1): 90, date(2024, 5, 1): 80, date(2204, 1, 1): 1, date(1999, 1, 1): 2})
    [datetime.date(1999, 1, 1), datetime.date(2204, 1, 1)]
    """
    groups: list[list[date]] = []
    for month in sorted(months):
        if groups and _months_between(groups[-1][-1], month) <= _FAR:
            groups[-1].append(month)
        else:
            groups.append([month])
    sizes = [sum(months[month] for month in group) for group in groups]
    few = max(2, _FEW * sum(sizes))
    return [month for group, size in zip(groups, sizes, strict=True) if size <= few and size < max(sizes) for month in group]


def _months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


RECORDS: Final = (
    Rule(
        "duplicate_row",
        N_("Row written twice"),
        N_("The row agrees with an earlier one of the same file in every cell. It counts: two equal sales may well be two sales."),
        "uniqueness",
        field="order_id",
        condition=_COPIES,
    ),
    Rule(
        "id_reused",
        N_("Order number used again"),
        N_("The same order number stands for several customers or shops, or for days more than 60 days apart."),
        "uniqueness",
        field="order_id",
        condition=_USED_AGAIN,
    ),
    Rule(
        "impossible_date",
        N_("Date far off"),
        N_("The date is before 1990, or more than five years away from all but a few rows of the file."),
        "validity",
        field="ordered_at",
        condition="ordered_at < TIMESTAMP '1990-01-01' OR date_trunc('month', ordered_at) IN (SELECT month FROM far_months)",
        takes_out=True,
    ),
    Rule(
        "late_row",
        N_("Came late"),
        N_("The row is of a day more than 45 days before the last one that earlier files had told of."),
        "timeliness",
        field="ordered_at",
    ),
    Rule(
        "label_variant",
        N_("Spelled in two ways"),
        N_("The same shop, category, person … is written in another way in more rows: capitals, blanks, signs, one letter."),
        "consistency",
        about=("sales", "customers", "products", *FACTS),
        reads=LABELS,
        texts=variants,
    ),
    Rule(
        "customer_missing",
        N_("Customer not named"),
        N_("The file has a column for the customer, and here it names nobody: a walk-in sale."),
        "completeness",
        field="customer_id",
        condition="customer_id IS NULL AND EXISTS (SELECT 1 FROM {rows} WHERE customer_id IS NOT NULL)",
    ),
)
