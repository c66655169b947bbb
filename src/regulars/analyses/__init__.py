"""The menu: every analysis, in the order a reader meets them. A new one is its file, its test, and a line here."""

from __future__ import annotations

from typing import Final

from regulars.analyses.concentration import Concentration
from regulars.analyses.cpm import CPM
from regulars.analyses.kpis import KPIs
from regulars.analyses.retention import Retention
from regulars.analyses.rfm import RFM
from regulars.analysis import Analysis
from regulars.errors import did_you_mean, error

ANALYSES: Final[tuple[type[Analysis], ...]] = (KPIs, CPM, RFM, Concentration, Retention)


def analysis_named(name: str) -> type[Analysis]:
    """The analysis with that key; a mistyped one is a named error that says what was meant."""
    known: dict[str, type[Analysis]] = {a.key: a for a in ANALYSES}
    if name not in known:
        raise error("analysis_unknown", name=name, near=did_you_mean(name, known))
    return known[name]
