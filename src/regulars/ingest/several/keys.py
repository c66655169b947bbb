"""Which column of one table is found in which of another? Keys between tables by inclusion: the share of one's distinct values that the other has.

Values are compared as keys: ``17850.0`` is ``17850``, ``a-1`` is ``A-1``; leading zeros are left out only where both columns stay as distinct
without them. Equal whole numbers from 1 up prove little, because every table counts its rows so; there the headers must agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass, field, replace
from typing import Final

from regulars.engines.duckdb import Connection, scratch
from regulars.errors import N_
from regulars.ingest.cells import define_cells
from regulars.ingest.content import Room
from regulars.ingest.evidence import fit, header_says
from regulars.ingest.header import nameless
from regulars.ingest.headers import normal, roles_of
from regulars.ingest.profile import Column
from regulars.ingest.several.looked_at import Part

LEAST: Final = 0.5
"""Confidence, and inclusion, below which two columns are not taken for a key and its copy."""
NEARLY: Final = 0.98
"""Distinct values per filled cell from which a column counts as a key of its table: an export may repeat a few rows."""
SAMPLED: Final = 300_000
"""Distinct values, of all columns together, up to which every pair is compared in full; of more, an equal share of each is compared first."""

BY_NAME: Final = N_("the headers agree, and so do the values")
BY_TABLE: Final = N_("the header names that table, and the values agree")
BY_CODES: Final = N_("the values agree, and are not such as meet by chance")
_NUMBERING: Final = frozenset({"id", "no", "code", "number", "key", "nr", "num", "uid", "name", "编号", "编码", "номер", "код", "unique"})
_FIGURES: Final = ("quantity", "amount", "unit_price", "discount", "cost", "unit_cost")
_PLACES: Final = ("address", "city", "region", "country", "gender", "given_name", "family_name")
_POSTAL: Final = frozenset({"zip", "postal", "postcode", "postleitzahl", "邮编", "邮政编码", "індекс", "индекс"})


@dataclass(frozen=True, slots=True)
class Link:
    """A column whose values are found in another table's: many rows (or one) of ``from_sheet`` to one of ``to_sheet`` where that is ``unique``.

    ``inclusion`` is the share, 0 to 1, of the distinct values of the one that the other has; ``support`` their number;
    ``confidence`` 0 to 1 with the ``reason``, a text of the catalogue. ``zeros``: compared without leading zeros. ``back``: where
    both columns are unique, the share of the other's values that this one has, so that the key may lead either way; else 0.
    """

    from_sheet: str
    from_column: str
    to_sheet: str
    to_column: str
    inclusion: float
    support: int
    unique: bool
    confidence: float
    reason: str
    zeros: bool = False
    back: float = 0.0

    @property
    def turned(self) -> Link:
        """The same key, led the other way."""
        to, back = (self.to_sheet, self.to_column), self.inclusion
        return replace(self, from_sheet=to[0], from_column=to[1], to_sheet=self.from_sheet, to_column=self.from_column, inclusion=self.back, back=back)


@dataclass(frozen=True, slots=True)
class Links:
    """The keys between several tables, surest first, and how many distinct values each column (table, column) has that may be a key."""

    found: tuple[Link, ...] = ()
    distinct: MappingLike[tuple[str, str], int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Link]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def of(self, label: str) -> tuple[Link, ...]:
        """The keys by which a table may refer to others, surest first."""
        turned = (link.turned for link in self.found if link.to_sheet == label and link.back >= LEAST)
        return tuple(sorted((*(link for link in self.found if link.from_sheet == label), *turned), key=lambda link: -link.confidence))


@dataclass(frozen=True, slots=True)
class _Key:
    """A column that may be a key, with what its whole table says of it."""

    part: Part
    column: Column
    cells: int
    distinct: int
    bare: int
    """Distinct values without leading zeros."""
    least: int | None
    most: int | None
    """The smallest and largest value, if all are whole numbers."""

    @property
    def unique(self) -> bool:
        return self.cells - self.distinct <= (max(1, (1 - NEARLY) * self.cells) if self.cells >= 20 else 0)

    @property
    def counted(self) -> bool:
        """Whether it is a plain numbering of rows: whole numbers from (nearly) 1 up without large gaps."""
        return self.least is not None and self.most is not None and self.least <= 10 and self.most <= 3 * max(self.distinct, 10)


def define_keys(connection: Connection) -> None:
    """Define on a connection what a cell is as a key, ``as_key``, and such a key without leading zeros, ``bare_key``."""
    define_cells(connection)
    connection.execute(
        """CREATE MACRO plain_key(said) AS CASE WHEN regexp_full_match(said, '\\d+\\.0+') THEN split_part(said, '.', 1) ELSE upper(said) END;
        CREATE MACRO as_key(x) AS plain_key(identifier(trimmed(x)));
        CREATE MACRO bare_key(k) AS CASE WHEN regexp_full_match(k, '0+\\d+') THEN ltrim(k, '0') ELSE k END;"""
    )


def find_links(parts: Sequence[Part], room: Room) -> Links:
    """The keys between the tables."""
    with scratch(room.folder) as connection:
        define_keys(connection)
        connection.execute("CREATE TABLE keys (id INTEGER, key VARCHAR, bare VARCHAR)")
        found = [key for part in parts for column in part.described.columns if _may_be_key(column) and (key := _measured(connection, part, column))]
        keys = dict(enumerate(found))
        for number, key in keys.items():
            _fill(connection, number, key)
        links = [link for pair in _pairs(connection, found) if (link := _link(keys[pair[0]], keys[pair[1]], *pair[2:])) is not None]
    places = {(key.part.label, key.column.name): key.column.index for key in found}
    return Links(tuple(_few(links, places)), {(key.part.label, key.column.name): key.distinct for key in found})


def _may_be_key(column: Column) -> bool:
    """Keys, codes and names, not dates, amounts, quantities and long texts."""
    if fit("order_id", column, 1.0) < 1.0 or column.distinct < 2 or column.dated > 0.8 or column.length > 64:
        return False
    words = set(normal(column.name).split())
    if words & _POSTAL or any(header_says(field, column.name) >= 0.75 for field in _PLACES):
        return False
    return bool(words & _NUMBERING) or all(header_says(field, column.name) < 0.75 for field in _FIGURES)


def _measured(connection: Connection, part: Part, column: Column) -> _Key | None:
    """A column as its whole table has it."""
    row = connection.execute(
        f"""SELECT count(k), count(DISTINCT k), count(DISTINCT b), CASE WHEN count(TRY_CAST(k AS BIGINT)) = count(k) THEN min(TRY_CAST(k AS BIGINT)) END,
        CASE WHEN count(TRY_CAST(k AS BIGINT)) = count(k) THEN max(TRY_CAST(k AS BIGINT)) END
        FROM (SELECT k, bare_key(k) AS b FROM (SELECT as_key({part.at(column.name)}) AS k FROM ({part.raw.select}) WHERE defect IS NULL))"""
    ).fetchone()
    return _Key(part, column, *row) if row is not None and row[1] > 1 else None


def _fill(connection: Connection, number: int, key: _Key) -> None:
    of = f"SELECT DISTINCT as_key({key.part.at(key.column.name)}) AS k FROM ({key.part.raw.select}) WHERE defect IS NULL"
    connection.execute(f"INSERT INTO keys SELECT {number}, k, bare_key(k) FROM ({of}) WHERE k IS NOT NULL")


def _pairs(connection: Connection, keys: Sequence[_Key]) -> list[tuple[int, int, int, int]]:
    """Columns of two tables that share values: their numbers, and how many distinct values of the first the second has, as they are and without zeros.

    Of very many values an equal share of each column is compared first (the same values of all), and only the likely pairs in full.
    """
    shared = """SELECT a.id, b.id, count(*) FILTER (WHERE a.key = b.key), count(DISTINCT a.key) FROM {0} a JOIN {0} b ON a.bare = b.bare
        JOIN owners p ON p.id = a.id JOIN owners q ON q.id = b.id WHERE p.owner <> q.owner {1} GROUP BY ALL ORDER BY ALL"""
    labels = {label: number for number, label in enumerate(dict.fromkeys(key.part.label for key in keys))}
    connection.execute("CREATE TABLE owners (id INTEGER, owner INTEGER)")
    if keys:
        connection.execute(f"INSERT INTO owners VALUES {', '.join(f'({n}, {labels[key.part.label]})' for n, key in enumerate(keys))}")
    share = sum(key.distinct for key in keys) // SAMPLED + 1
    if share == 1:
        return connection.execute(shared.format("keys", "")).fetchall()
    connection.execute(f"CREATE TABLE sampled AS SELECT * FROM keys WHERE hash(bare) % {share} = 0")
    likely = [(a, b) for a, b, _, both in connection.execute(shared.format("sampled", "")).fetchall() if both * share >= 0.5 * LEAST * keys[a].distinct]
    if not likely:
        return []
    return connection.execute(shared.format("keys", f"AND (a.id, b.id) IN (VALUES {', '.join(map(str, likely))})")).fetchall()


def _link(one: _Key, other: _Key, same: int, alike: int) -> Link | None:
    """What a pair is worth; None if it is too little, or the other column is not the key of its table."""
    zeros = same < LEAST * one.distinct and alike >= 0.9 * one.distinct and (one.bare, other.bare) == (one.distinct, other.distinct)
    support = alike if zeros else same
    inclusion = support / one.distinct
    if inclusion < LEAST or not other.unique:
        return None
    name, by = _named_alike(one, other)
    confidence = inclusion * (1 - (1 - name) * (1 - _telling(one, other, support)))
    if confidence < LEAST:
        return None
    reason = by if name >= 0.6 else BY_CODES
    return Link(
        one.part.label,
        one.column.name,
        other.part.label,
        other.column.name,
        round(inclusion, 4),
        support,
        other.unique,
        round(confidence, 2),
        reason,
        zeros,
        round(support / other.distinct, 4) if one.unique else 0.0,
    )


def _telling(one: _Key, other: _Key, support: int) -> float:
    """How little chance alone would make the values meet, 0 to 1: long codes never do, plain numberings always do."""
    if one.counted or other.counted:
        return 0.15
    long = min(one.column.length, other.column.length) >= 6 or min(one.column.codelike, 1 - one.column.numeric) > 0.5
    telling = 0.9 if long else 0.7 if one.column.length >= 4 else 0.4
    return (1 - (1 - telling) * (1 - 0.5 * support / other.distinct)) * min(1.0, 0.4 + support / 25)


def _named_alike(one: _Key, other: _Key) -> tuple[float, str]:
    """How much the headers say of it, 0 to 1, and what."""
    a, b = normal(one.column.name), normal(other.column.name)
    own, others = set(a.split()) - _NUMBERING, set(b.split()) - _NUMBERING
    if nameless(one.column.name) or nameless(other.column.name):
        return 0.0, BY_CODES
    if a == b:
        return (0.9, BY_NAME) if own or len(a) > 6 else (0.3, BY_NAME)
    table = set(normal(other.part.label).split())
    if own and not others and own <= table:
        return 0.85, BY_TABLE
    if own and own == others:
        return 0.7, BY_NAME
    if own and (own < others or others < own) and others:
        return 0.4, BY_CODES
    best, theirs = (max(roles_of(key.column.name).items(), key=lambda pair: pair[1], default=("", 0.0)) for key in (one, other))
    return (0.7, BY_NAME) if best[0] == theirs[0] and min(best[1], theirs[1]) >= 0.75 else (0.2, BY_CODES)


def _few(links: Sequence[Link], places: MappingLike[tuple[str, str], int]) -> list[Link]:
    """A small set: of a column to a table the best pair, no pair in both directions, none much weaker than the column's best.

    Of two columns that are the key of their tables alike, the one further left is what the other refers to.
    """
    ranked = sorted(links, key=lambda link: (-link.confidence, places[link.to_sheet, link.to_column]))
    kept: list[Link] = []
    for link in ranked:
        better = next((other for other in kept if (other.from_sheet, other.from_column) == (link.from_sheet, link.from_column)), None)
        reverse = any(
            (other.to_sheet, other.to_column, other.from_sheet, other.from_column) == (link.from_sheet, link.from_column, link.to_sheet, link.to_column)
            for other in kept
        )
        if reverse or (better and (better.to_sheet == link.to_sheet or link.confidence < better.confidence - 0.25)):
            continue
        if any((other.from_sheet, other.from_column, other.to_sheet) == (link.from_sheet, link.from_column, link.to_sheet) for other in kept):
            continue
        kept.append(link)
    return kept
