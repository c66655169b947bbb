"""The commands of ``regulars``, one file each. A command prints for people as it goes and returns what a machine reads."""

from __future__ import annotations
