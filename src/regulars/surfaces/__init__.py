"""Surfaces: the doors. Each is derived from the anatomy of the analyses and computes nothing itself."""

from __future__ import annotations
