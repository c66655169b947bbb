"""Cleaning rules and customs of the trade: what is wrong with a row, or peculiar about it; visible, counted, switchable, reversible.

``RULES`` is the menu. Rules are judged when a delivery is loaded (``judging``; ``across`` for what only earlier deliveries show), and what they
find is written beside its rows. What follows from it is decided when a snapshot is published, so a switch can be turned at any time.
``counting`` says how full the fields are and what stands in them. The words that rules look for are in ``words.toml``.
"""

from regulars.ingest.rules.menu import RULE, RULES, SWITCHES, set_aside
from regulars.ingest.rules.rule import DIMENSIONS, Dimension, Rule

__all__ = ["DIMENSIONS", "RULE", "RULES", "SWITCHES", "Dimension", "Rule", "set_aside"]
