"""Regulars: customer analytics from the order files a company already has.

>>> import regulars as rg
>>> ws = rg.open("shop/")                # doctest: +SKIP
>>> ws.load("orders.xlsx")               # doctest: +SKIP
>>> ws.run(rg.RFM()).findings            # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars.analyses import ANALYSES as ANALYSES
    from regulars.analyses.concentration import Concentration as Concentration
    from regulars.analyses.cpm import CPM as CPM
    from regulars.analyses.data_quality import DataQuality as DataQuality
    from regulars.analyses.kpis import KPIs as KPIs
    from regulars.analyses.receivables import Receivables as Receivables
    from regulars.analyses.reconcile import Reconcile as Reconcile
    from regulars.analyses.retention import Retention as Retention
    from regulars.analyses.rfm import RFM as RFM
    from regulars.charts.picture import Picture as Picture
    from regulars.errors import RegularsError as RegularsError
    from regulars.frames import RowSet as RowSet
    from regulars.i18n import Reader as Reader
    from regulars.i18n import reader as reader
    from regulars.intake.deliveries import Deliveries as Deliveries
    from regulars.intake.delivery import Import as Import
    from regulars.opening import open_workspace as open  # noqa: A004 - rg.open(path) is the door
    from regulars.result import Result as Result
    from regulars.rights import Rights as Rights
    from regulars.workspace import Workspace as Workspace

_WHERE = {
    "ANALYSES": "regulars.analyses",
    "CPM": "regulars.analyses.cpm",
    "Concentration": "regulars.analyses.concentration",
    "DataQuality": "regulars.analyses.data_quality",
    "Deliveries": "regulars.intake.deliveries",
    "Import": "regulars.intake.delivery",
    "KPIs": "regulars.analyses.kpis",
    "Picture": "regulars.charts.picture",
    "RFM": "regulars.analyses.rfm",
    "Reader": "regulars.i18n",
    "Receivables": "regulars.analyses.receivables",
    "Reconcile": "regulars.analyses.reconcile",
    "RegularsError": "regulars.errors",
    "Result": "regulars.result",
    "Retention": "regulars.analyses.retention",
    "Rights": "regulars.rights",
    "RowSet": "regulars.frames",
    "Workspace": "regulars.workspace",
    "open": "regulars.opening:open_workspace",
    "reader": "regulars.i18n",
}

__all__ = [
    "ANALYSES",
    "CPM",
    "RFM",
    "Concentration",
    "DataQuality",
    "Deliveries",
    "Import",
    "KPIs",
    "Picture",
    "Reader",
    "Receivables",
    "Reconcile",
    "RegularsError",
    "Result",
    "Retention",
    "Rights",
    "RowSet",
    "Workspace",
    "open",
    "reader",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import regulars`` costs next to nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module 'regulars' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    value = getattr(import_module(module), attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
