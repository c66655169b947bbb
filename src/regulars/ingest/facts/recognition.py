"""Is a sheet one of the fact tables, and which column is which? Only on strong evidence: what could be a sales file stays one.

A header proves something by how few tables know it: *First response time* is a word of tickets alone, *Date* is one of everybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from regulars.ingest.evidence import BY_BEING_ALONE, BY_HEADER, BY_LIKENESS, LEAST, OPTIONAL_LEAST, Candidate
from regulars.ingest.facts.values import kind_of, suits
from regulars.ingest.facts.words import headers, named, own_headers
from regulars.ingest.fields import CUSTOMER_KEYS, TABLE_FIELDS
from regulars.ingest.headers import normal, roles_of
from regulars.ingest.profile import Column, Profile
from regulars.ingest.read import Sheet
from regulars.schema import FACTS

ENOUGH: Final = 0.8
"""Evidence from which a sheet that is nothing else is a fact table: about one header that no other table has."""
ENOUGH_AGAINST_LEDGER: Final = 1.5
"""The same for a sheet that could be loaded as sales, customers, products or payments."""
BY_NAME: Final = 1.0
"""What the name of the sheet or file is worth."""
LEAST_PROOF: Final = 0.2
"""What headers must prove beside the name: a loose word or two."""
PER_LEDGER_COLUMN: Final = 0.8
"""What each column is worth that only the ledger's table explains."""
SIMILAR: Final = 0.66
"""Confidence below which a column is left alone that nothing needs."""
PER_STRANGE_COLUMN: Final = 0.2
"""What each column is worth that the table does not explain, up to eight of them."""
REPEATING: Final = 0.5
"""Distinct values per row below which a column is not the number of the row itself, but of something that several rows are about."""
CLOSE: Final = 0.25
"""Two tables whose evidence is nearer than this are asked about."""
_STANDS_FOR: Final = {"customer_id": CUSTOMER_KEYS, "product_id": ("product_id", "product_name"), "campaign_id": ("campaign_id", "campaign_name")}
_FOR_ONE: Final = {
    ("statements", "amount"): ("money_in", "money_out"),
    ("stored_value", "amount"): ("money_in", "money_out"),
    ("deals", "closed_at"): ("won_at", "lost_at"),
    ("leads", "name"): ("given_name", "family_name"),
    ("touches", "target"): ("customer_phone", "customer_email"),
}
"""Own field → those whose columns go into it."""
_ANYBODY: Final = frozenset({"name", "phone", "email", "company"})
"""Fields of a lead that every list of customers has."""
_NUMBER: Final = frozenset(map(normal, ("ID", "Record ID", "编号", "№", "Номер", "Number", "No")))
"""What the number of the row itself may be called in any table, and nothing else."""
_NAMELESS: Final = re.compile(r"(?:sheet|лист|аркуш|工作表|表)\s*\d*", re.IGNORECASE)
"""Names that say nothing of a sheet."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet read as one fact table: its columns, how much speaks for it, whether nothing that is needed is missing, and whether it is called so."""

    table: str
    chosen: Mapping[str, Candidate]
    evidence: float
    complete: bool
    called: bool


def title_of(sheet: Sheet) -> str:
    """What the sheet is called, or the file where its sheet has no name of its own."""
    return sheet.name if sheet.name and not _NAMELESS.fullmatch(sheet.name) else Path(sheet.path).name.partition(".")[0]


def stand_ins(table: str, field: str) -> tuple[str, ...]:
    """The field, and those whose columns fill it where it has none."""
    fields = (*_STANDS_FOR.get(field, (field,)), *_FOR_ONE.get((table, field), ()))
    return tuple(name for name in fields if name in TABLE_FIELDS[table])


def needed(table: str) -> tuple[tuple[str, ...], ...]:
    """Groups of fields of which a sheet of the table needs one each, with the fields that stand for others."""
    return tuple(tuple(dict.fromkeys(name for field in group for name in stand_ins(table, field))) for group in FACTS[table].needs)


def options_of(profile: Profile, table: str) -> list[Candidate]:
    """Every plausible pair of field and column for a fact table, surest first."""
    found = []
    asked_for = {field for group in needed(table) for field in group}
    for column in profile.columns:
        if column.filled == 0:
            continue
        for field, header in _says(table, column.name).items():
            of_many = field == FACTS[table].id and column.variety < REPEATING
            values = 0.0 if of_many else suits(table, field, column, header)
            confidence = header * (0.65 + 0.35 * values) if values > 0 else 0.0
            if confidence >= (LEAST if field in asked_for else SIMILAR):
                found.append(Candidate(_whom(field, column), column, confidence, BY_HEADER if header > 0.75 else BY_LIKENESS))
    moment = FACTS[table].happened
    if all(c.field != moment or c.confidence < OPTIONAL_LEAST for c in found):
        spoken_for = {c.column.index for c in found if c.confidence >= OPTIONAL_LEAST}
        unknown = [c for c in profile.columns if c.index not in spoken_for and max(roles_of(c.name).values(), default=0.0) < OPTIONAL_LEAST]
        dates = [c for c in unknown if c.dated >= 0.9 and c.numeric < 0.5]
        found += [Candidate(moment, dates[0], 0.75, BY_BEING_ALONE)] if len(dates) == 1 else []
    return sorted(found, key=lambda c: (-round(c.confidence, 3), c.column.index))


def _whom(field: str, column: Column) -> str:
    """The address that a message went to names the customer too."""
    if field == "target" and column.emails > 0.5:
        return "customer_email"
    return "customer_phone" if field == "target" and column.phones > 0.5 else field


@lru_cache(maxsize=20_000)
def _says(table: str, header: str) -> dict[str, float]:
    """Field → how surely the header names it; halved where the same header names another field of the table more clearly."""
    scores = {field: score for field, score in headers(table).roles(header).items() if field in TABLE_FIELDS[table]}
    if (number := FACTS[table].id) and normal(header) in _NUMBER:
        scores[number] = 1.0
    best = max(scores.values(), default=0.0)
    return {field: score if best - score < 0.1 else score / 2 for field, score in scores.items()}


def taken(options: Sequence[Candidate], needs: tuple[tuple[str, ...], ...], chosen: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """The surest pair first; each column serves one field, each field has one column. What is needed is taken even if it is unsure."""
    result = dict(chosen)

    def take(option: Candidate) -> None:
        if option.field not in result and all(option.column is not c.column for c in result.values()):
            result[option.field] = option

    for option in options:
        if option.confidence >= OPTIONAL_LEAST:
            take(option)
    for group in needs:
        for option in options:
            if option.field in group and not result.keys() & set(group):
                take(option)
    return result


def readings(title: str, profile: Profile) -> list[Reading]:
    """What the sheet could be, by what speaks for it: tables that have a header of their own in it, or its name. ``title``: of sheet or file."""
    found = []
    for table in FACTS:
        if named(table, title) or any(_proves(table, column.name) >= 0.25 for column in profile.columns if column.filled):
            chosen = taken(options_of(profile, table), (), {})
            complete = all(any(field in chosen for field in group) for group in needed(table))
            proof = sum(_proves(table, c.column.name) * c.confidence for c in chosen.values())
            if proof >= LEAST_PROOF:
                called = named(table, title)
                found.append(Reading(table, chosen, proof + (BY_NAME if called else 0.0), complete, called))
    return sorted(found, key=lambda r: (-r.complete, -r.evidence, -len(r.chosen)))


@lru_cache(maxsize=20_000)
def _proves(table: str, header: str) -> float:
    """How much a header speaks for a table, 0 to 1: less by every other table that knows it, and where it is common in sales files."""
    found = own_headers(table).exactly(header)
    says = max(found.values(), default=0.0)
    if says == 0.0 or (table == "leads" and found.keys() & _ANYBODY):
        return 0.0
    others = sum(max(own_headers(other).exactly(header).values(), default=0.0) >= 0.95 for other in FACTS if other != table)
    sales = max(roles_of(header).values(), default=0.0)
    return (1.0 if says >= 0.95 else 0.25) / (1 + others) * (0.3 if sales >= 0.95 else 0.6 if sales >= 0.75 else 1.0)


def decide(
    found: list[Reading], columns: Sequence[Column], ledger: Mapping[str, Candidate], *, loadable: bool, named_ledger: bool
) -> tuple[Reading | None, bool]:  # fmt: skip
    """The fact table that a sheet with these columns is, or None; and whether a person should say. ``ledger``: what the table of the sales ledger
    would make of them; ``loadable``: whether that lacks nothing; ``named_ledger``: whether the sheet is called like one.
    """
    best = next(iter(found), None)
    if best is None or (loadable and not best.complete):
        return None, False
    kept = {c.column.index for c in best.chosen.values()}
    only_ledger = sum(c.confidence >= 0.75 and c.column.index not in kept for c in ledger.values())
    wanted = ENOUGH if best.complete and not loadable else max(ENOUGH_AGAINST_LEDGER, PER_LEDGER_COLUMN * only_ledger)
    strange = sum(column.filled > 0 and column.index not in kept for column in columns)
    wanted = max(wanted, PER_STRANGE_COLUMN * min(strange, 8)) + (BY_NAME if named_ledger and not best.called else 0.0)
    rival = any(r.complete == best.complete and best.evidence - r.evidence < CLOSE for r in found[1:])
    if best.evidence >= wanted:
        return best, rival or (loadable and best.evidence < wanted + CLOSE)
    return None, loadable and only_ledger == 0 and best.evidence >= ENOUGH


def must_be_right(table: str, field: str) -> bool:
    """Whether a person is asked where two columns suit a needed field equally: for days, figures and customers, not for labels."""
    return field in CUSTOMER_KEYS or kind_of(table, field) not in {"text", "id"}
