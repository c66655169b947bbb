"""Charts: neutral forms that name columns, and the one way they are drawn on every surface."""

from __future__ import annotations

from regulars.charts.forms import Bars, Chart, Curve, Grid, Lines, Spark

__all__ = ["Bars", "Chart", "Curve", "Grid", "Lines", "Spark"]
