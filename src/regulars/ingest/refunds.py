"""A sheet in which every row is a refund: known by its name, its day and money called by names that beside sales mean something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from regulars.ingest.evidence import BY_HEADER, Candidate, fit
from regulars.ingest.profile import Profile

ORDERS_NAME: Final = re.compile(r"order|sale|замовл|продаж|订单|销售|流水|交易", re.IGNORECASE)
"""What sheets of sales are called."""
_REFUNDS_NAME: Final = re.compile(r"refund|return|повернен|возврат|退货|退款", re.IGNORECASE)
_COLUMNS: Final = (
    ("ordered_at", re.compile(r"(refund|return)(ed)?\s*(date|at|on|time)|дата повернення|(退款|退货)(时间|日期)", re.IGNORECASE)),
    ("amount", re.compile(r"(refund|return)(ed)?\s*(amount|total)|amount (refunded|returned)|сума повернення|(退款|退货)(金额|额)", re.IGNORECASE)),
)
_SURE: Final = 0.95


def is_of_refunds(sheet_name: str) -> bool:
    """Whether the name of a sheet says that its rows are refunds, and not that it holds sales too."""
    return bool(_REFUNDS_NAME.search(sheet_name)) and not ORDERS_NAME.search(sheet_name)


def of_refunds(found: Sequence[Candidate], profile: Profile) -> list[Candidate]:
    """The candidates of such a sheet, best first: the day and the money of a refund are those of the row."""
    called = ((field, [c for c in profile.columns if words.search(c.name) and fit(field, c, _SURE) > 0]) for field, words in _COLUMNS)
    own = [Candidate(field, columns[0], _SURE, BY_HEADER) for field, columns in called if columns]
    taken = {candidate.column.index for candidate in own}
    return sorted([*own, *(c for c in found if c.column.index not in taken)], key=lambda c: -c.confidence)
