"""The menu: every analysis, in the order a reader meets them. A new one is its file, its test, and a line here."""

from __future__ import annotations

from typing import Final

from regulars.analyses.concentration import Concentration
from regulars.analyses.cpm import CPM
from regulars.analyses.data_quality import DataQuality
from regulars.analyses.kpis import KPIs
from regulars.analyses.receivables import Receivables
from regulars.analyses.reconcile import Reconcile
from regulars.analyses.retention import Retention
from regulars.analyses.rfm import RFM
from regulars.analysis import Analysis
from regulars.errors import did_you_mean, error

ANALYSES: Final[tuple[type[Analysis], ...]] = (KPIs, CPM, RFM, Concentration, Retention, DataQuality, Reconcile, Receivables)


def analysis_named(name: str) -> type[Analysis]:
    """The analysis with that key; a mistyped one is a named error that says what was meant."""
    known: dict[str, type[Analysis]] = {a.key: a for a in ANALYSES}
    if name not in known:
        raise error("analysis_unknown", name=name, near=did_you_mean(name, known))
    return known[name]


def asked(given: object) -> Analysis:
    """A question as it can be put; its name, or its class not yet called, is a named error that says what to write."""
    if isinstance(given, Analysis):
        return given
    name = getattr(given, "__name__", str(given))
    known = {a.__name__: f"rg.{a.__name__}()" for a in ANALYSES}
    meant = [written for a, written in known.items() if a.lower() == name.lower()]
    raise error("analysis_unknown", name=name, near=", ".join(meant or known.values()))
