"""Reports: the brief as one page that opens anywhere, and as a workbook."""

from __future__ import annotations
