"""Whether all contestants answer the same questions: on data without refunds their answers are equal where definitions coincide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.answers import Answers, rows

NEWEST = 24
"""Months and cohorts that our summaries show."""


def ours(summaries: Mapping[str, Any]) -> Answers:
    """Our summaries in the shape of the peers' answers. Segments stand for pairs of scores: only their sums can be compared."""
    lines = {key: table.to_pylist() for key, table in summaries.items()}
    return {
        "kpis": [(r["period"], r["revenue"], r["orders"], r["customers"]) for r in lines["kpis"]],
        "rfm": [(r["segment"], "", r["customers"], r["revenue"]) for r in lines["rfm"]],
        "cpm": [
            ((r["place"] - 1) % 5 + 1, r["state"] == "active", r["customers"], r["revenue"], r["returned"] / r["rate_base"] if r["rate_base"] else None)
            for r in lines["cpm"]
            if r["customers"]
        ],
        "concentration": [(r["decile"], r["customers"], r["revenue"], r["orders"]) for r in lines["concentration"]],
        "retention": [(r["cohort"], r["age"], r["active"]) for r in lines["retention"] if r["active"]],
    }


def common(answers: Answers, *, ranked: bool = True) -> dict[str, list[Any]]:
    """What of the answers every contestant defines alike.

    RFM: the sums, for scores break ties in different ways. Deciles: customers and revenue, for their orders hang on ties; without
    ``ranked`` (cut points leave equal customers in one decile) the sums alone. Months and cohorts: the newest.
    """
    found = {name: rows(lines) for name, lines in answers.items()}
    newest = sorted({cohort for cohort, *_ in found["retention"]})[-NEWEST:]
    return {
        "kpis": found["kpis"][-NEWEST:],
        "rfm": [sum(r[2] for r in found["rfm"]), round(sum(r[3] for r in found["rfm"]), 2)],
        "cpm": found["cpm"],
        "deciles": [r[:3] for r in found["concentration"]] if ranked else [],
        "concentration": [sum(r[1] for r in found["concentration"]), round(sum(r[2] for r in found["concentration"]), 2)],
        "retention": [r for r in found["retention"] if r[0] in newest],
    }
