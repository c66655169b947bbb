"""The menu: every analysis, in the order a reader meets them. A new one is its file, its test, and a line here."""

from __future__ import annotations

from typing import Final

from regulars.analyses.concentration import Concentration
from regulars.analyses.cpm import CPM
from regulars.analyses.kpis import KPIs
from regulars.analyses.retention import Retention
from regulars.analyses.rfm import RFM
from regulars.analysis import Analysis

ANALYSES: Final[tuple[type[Analysis], ...]] = (KPIs, CPM, RFM, Concentration, Retention)
