"""Reports: the brief as one page that opens anywhere, and as a workbook."""

from __future__ import annotations

from regulars.reports.brief import Brief, make_brief
from regulars.reports.page import write_html
from regulars.reports.workbook import write_workbook

__all__ = ["Brief", "make_brief", "write_html", "write_workbook"]
