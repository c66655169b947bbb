"""The published numbers of the method reference, each once. ``test_acceptance_reference.py`` recomputes them all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

RFM_AS_OF = date(1998, 7, 1)
CDNOW_R = {1: 482, 2: 455, 3: 475, 4: 474, 5: 471}
CDNOW_F_ROWS = {2: 1_205, 3: 406, 4: 208, 5: 538}
CDNOW_F_DAYS = {2: 1_218, 4: 612, 5: 527}
CDNOW_M = {1: 481, 2: 461, 3: 471, 4: 472, 5: 472}

CDNOW_CPM: list[tuple[date, Decimal, dict[str, tuple[int, int]]]] = [
    (
        date(1997, 9, 30),
        Decimal("244.3163"),
        {"first_time": (917, 494), "toddler": (344, 25), "steady": (473, 0), "trend": (72, 0), "excellent": (32, 0)},
    ),
    (
        date(1998, 6, 30),
        Decimal("246.9495"),
        {"first_time": (0, 1_218), "toddler": (0, 245), "steady": (460, 221), "trend": (0, 22), "excellent": (181, 10)},
    ),
]
"""(as of, money bar, type → (active, lapsed))."""

CDNOW_OUTCOME = {
    ("first_time", "active"): 0.1505,
    ("first_time", "lapsed"): 0.1113,
    ("toddler", "active"): 0.3459,
    ("toddler", "lapsed"): 0.2000,
    ("steady", "active"): 0.6110,
    ("trend", "active"): 0.6806,
    ("excellent", "active"): 0.9062,
}
"""Bought again within 39 weeks of 1997-09-30."""

CDNOW_DECILE_PERCENT = [50.81, 16.65, 10.28, 6.90, 4.84, 3.60, 2.70, 1.86, 1.39, 0.97]

_JANUARY, _FEBRUARY, _MARCH = date(1997, 1, 1), date(1997, 2, 1), date(1997, 3, 1)
CDNOW_COHORTS = {
    **{(_JANUARY, age): n for age, n in {0: 781, 1: 124, 2: 95, 5: 77, 17: 33}.items()},
    **{(_FEBRUARY, age): n for age, n in {0: 857, 1: 134, 2: 110, 5: 75}.items()},
    **{(_MARCH, age): n for age, n in {0: 719, 1: 87, 2: 84, 5: 64}.items()},
}

RETAIL_COHORTS = {
    **{(date(2010, 12, 1), age): n for age, n in enumerate([885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235])},
    **{(date(2011, 1, 1), age): n for age, n in enumerate([417, 92, 111, 96])},
    (date(2011, 12, 1), 0): 41,
}
"""Online Retail, the positive subset; age 12 of the first cohort is nine days long."""

RETAIL = {
    "rows": 541_909,
    "rows_without_customer": 135_080,
    "customers": 4_372,
    "invoices": 25_900,
    "cancellation_invoices": 3_836,
    "cancellation_rows": 9_288,
    "adjustment_invoices": 3,
    "duplicates": 5_268,
    "negative_without_c": 1_336,
    "prices_not_positive": 2_517,
    "countries": 38,
    "stock_codes": 4_070,
    "customers_not_positive": 55,
}
"""``customers_not_positive``: the method reference prints 50, which is what binary floating point gives; 14 customers net exactly
0.00, and in exact decimal money (the rule of the house) 55 are at or below zero."""
RETAIL_STANDING = (4_328, 18_393)
"""(customers, their orders) that still stand after all cancellations; independent of how ties are settled."""
RETAIL_NET = Decimal("9747747.93")
RETAIL_NET_KNOWN = Decimal("8300065.81")


def by_group(counts: dict[str, tuple[int, int]]) -> dict[tuple[str, str], int]:
    """type → (active, lapsed) as (type, state) → count."""
    return {(kind, state): n for kind, pair in counts.items() for state, n in zip(("active", "lapsed"), pair, strict=True)}
