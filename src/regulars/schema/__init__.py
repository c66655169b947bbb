"""The canonical model: every table and column Regulars knows, with type, meaning, unit, key and personal-data marking.

Two families. ``PART_TABLES`` are what an import writes: the rows of one delivery, typed, with their place in the file.
``TABLES`` are what a snapshot serves and analyses read; they are derived from all parts together, because a refund that
arrives in March may belong to an order of January. ``FACTS`` are the tables that are served much as they are delivered.
"""

from __future__ import annotations

from typing import Final

from regulars.schema import ledger, loading
from regulars.schema.company import COMPANY
from regulars.schema.contacts import CONTACTS
from regulars.schema.model import SOURCE, SQL_TYPES, Fact, Field, Table, Type
from regulars.schema.selling import SELLING

__all__ = ["ABOUT_LOADING", "FACTS", "PART_TABLES", "SOURCE", "SQL_TYPES", "TABLES", "Fact", "Field", "Table", "Type"]

FACTS: Final[dict[str, Fact]] = {fact.name: fact for fact in (*CONTACTS, *SELLING, *COMPANY)}

PART_TABLES: Final[dict[str, Table]] = {t.name: t for t in (*ledger.DELIVERED, *(fact.part for fact in FACTS.values()), *loading.DELIVERED)}

TABLES: Final[dict[str, Table]] = {t.name: t for t in (*ledger.SERVED, *(fact.served for fact in FACTS.values()), *loading.SERVED)}

ABOUT_LOADING: Final = frozenset(t.name for t in loading.SERVED)
"""Tables that tell of all the data."""
