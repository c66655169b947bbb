"""What is loaded as one delivery? Every source by itself, except where tables of several hang together: lines, their orders, their people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as MappingLike
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from regulars.errors import N_, did_you_mean, error
from regulars.ingest.content import Room
from regulars.ingest.evidence import header_says
from regulars.ingest.headers import normal
from regulars.ingest.mapping import Mapping, drawn_up
from regulars.ingest.read import Sheet, Source
from regulars.ingest.reasons import Note
from regulars.ingest.several.composed import Composition
from regulars.ingest.several.joined import Joining
from regulars.ingest.several.keys import Link, Links, find_links
from regulars.ingest.several.looked_at import Part, parts_of
from regulars.ingest.several.roles import Member, customer_link, joinings, product_link, sure

SETTINGS: Final = frozenset({"table", "date_order", "decimal", "amount_once", "refunds"})
"""Corrections that name no column."""
_BY_NAME_ALONE: Final = {"customers": frozenset({"customer_id", "customer_phone", "customer_email"}), "products": frozenset({"product_id"})}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A delivery to be: its source, the files it is made of with their fingerprints, what the keys between its tables say of their columns,
    and what a person has said of them (``told``: None where corrections go by the old rule, to every sheet that has such columns).
    """

    source: Source
    files: tuple[tuple[str, str], ...]
    proven: MappingLike[Sheet, Mapping] = field(default_factory=dict)
    told: MappingLike[Sheet, MappingLike[str, str]] | None = None
    aside: tuple[str, ...] = ()
    """Names of tables that are not even tried, because they only list names."""


def gather(
    sources: Sequence[Source], corrections: MappingLike[str, str], language: str | None, *, always: bool = False
) -> tuple[tuple[Bundle, ...], Links]:  # fmt: skip
    """The deliveries that sources make, in their order, and the keys between all their tables.

    Keys are only looked for where a table needs another one, or ``always``.
    """
    sheets = [sheet for source in sources for sheet in source.sheets]
    if len(sheets) < 2:
        return tuple(map(_alone, sources)), Links()
    room = Room()
    parts = parts_of(sheets, room)
    told, rest = tell(parts, corrections)
    members = [Member(part, told[part.label]) for part in parts]
    needed = always or _needs_another(members)
    if not needed and (not corrections or len(sources) == 1):
        return tuple(map(_alone, sources)), Links()
    links = find_links(parts, room) if needed else Links()
    found = joinings(members, links, room)
    for name, (label, column) in _in_joined(rest, found, parts).items():
        told[label][name] = column
    members = [Member(part, told[part.label]) for part in parts]
    settings = {name: value for name, value in corrections.items() if name in SETTINGS}
    return _Gathering(tuple(sources), members, links, found, settings, language).bundles(), links


def _alone(source: Source) -> Bundle:
    return Bundle(source, ((str(source.path), source.fingerprint),))


def tell(parts: Sequence[Part], corrections: MappingLike[str, str]) -> tuple[dict[str, dict[str, str | None]], dict[str, str]]:
    """What a person has said of each table, and what fits none: ``orders.column 7`` names the table, else every one that has the column is meant."""
    told: dict[str, dict[str, str | None]] = {part.label: {} for part in parts}
    rest: dict[str, str] = {}
    for name, value in corrections.items():
        if name in SETTINGS:
            continue
        if value == "-":
            for known in told.values():
                known[name] = None
            continue
        named = [(part, value[len(part.label) + 1 :]) for part in parts if value.casefold().startswith(f"{part.label.casefold()}.")]
        meant = [(part, column) for part, wanted in (named or [(part, value) for part in parts]) if (column := _column(part, wanted))]
        for part, column in meant:
            told[part.label][name] = column
        if not meant:
            rest[name] = value
    return told, rest


def _in_joined(rest: MappingLike[str, str], found: Sequence[Joining], parts: Sequence[Part]) -> dict[str, tuple[str, str]]:
    """Where the columns stand that a person calls by their names in a joined table. Error ``mapping_wrong`` for one that stands nowhere."""
    origins = {name: origin for joining in found for origin, name in joining.places.items()}
    for name, value in rest.items():
        if value not in origins:
            known = [column for part in parts for column in part.sheet.columns]
            where = ", ".join(dict.fromkeys(str(part.sheet.path) for part in parts))
            raise error("mapping_wrong", setting=f"{name}={value}", path=where, reason=N_("there is no such column"), allowed=did_you_mean(value, known))
    return {name: origins[value] for name, value in rest.items()}


def _column(part: Part, wanted: str) -> str | None:
    columns = part.sheet.columns
    return wanted if wanted in columns else next((column for column in columns if normal(column) == normal(wanted) != ""), None)


def _needs_another(members: Sequence[Member]) -> bool:
    """Whether a table says what was sold but not when or to whom, or one of customers has several numbers for a person."""
    if any(member.lacks_order for member in members):
        return True
    numbers = (sum(header_says("customer_id", column) >= 0.75 for column in member.part.sheet.columns) for member in members if not member.has_sales)
    return any(member.has_sales for member in members) and any(count > 1 for count in numbers)


@dataclass(frozen=True)
class _Gathering:
    """Sources with all that is known of their tables together."""

    sources: tuple[Source, ...]
    members: Sequence[Member]
    links: Links
    found: tuple[Joining, ...]
    settings: MappingLike[str, str]
    language: str | None

    def bundles(self) -> tuple[Bundle, ...]:
        """One for every group of sources that hang together."""
        known = self._about()
        return tuple(self._bundle(group, known) for group in self._groups())

    def _groups(self) -> list[list[Source]]:
        """The sources, those whose tables are joined together in one group."""
        groups = [[source] for source in self.sources]
        for joining in self.found:
            sheets = {part.sheet for part in joining.parts}
            one = [group for group in groups if any(sheet in sheets for source in group for sheet in source.sheets)]
            groups = [group for group in groups if group not in one[1:]]
            one[0].extend(source for group in one[1:] for source in group)
        return groups

    def _bundle(self, group: list[Source], known: MappingLike[Sheet, Mapping]) -> Bundle:
        """The sources of a group as one, joined tables in the place of those they are made of."""
        proven: dict[Sheet, Mapping] = {}
        told: dict[Sheet, dict[str, str]] = {}
        notes = [note for source in group for note in source.notes]
        sheets: list[Sheet] = []
        members = [member for member in self.members if any(member.part.sheet is sheet for source in group for sheet in source.sheets)]
        lists = [member for member in members if self._is_list(member, known)]
        for member in members:
            if member in lists:
                continue
            joining = next((one for one in self.found if member.part in (one.lines, one.header)), None)
            if joining is not None:
                if member.part is (joining.lines or joining.header):
                    pairs, said = self._composed(joining)
                    proven |= dict(pairs)
                    told |= {sheet: {} for sheet, _ in pairs}
                    notes += said
                    sheets += [sheet for sheet, _ in pairs]
                continue
            sheet = member.part.sheet if len(group) == 1 else replace(member.part.sheet, name=member.label)
            sheets.append(sheet)
            told[sheet] = self._said(member)
            if member.part.sheet in known:
                proven[sheet] = known[member.part.sheet]
        return Bundle(
            _one_source(group, tuple(sheets), notes),
            tuple((str(source.path), source.fingerprint) for source in group),
            proven,
            told,
            tuple(one.label for one in lists),
        )

    def _is_list(self, member: Member, known: MappingLike[Sheet, Mapping]) -> bool:
        """Whether a table of a database of many only names somebody or something, while the keys prove another to be that of customers or goods."""
        sheet, table = member.part.sheet, member.alone.table
        if not self.found or member.told or sheet in known or any(member.part in joining.parts for joining in self.found):
            return False
        among = any(any(one is sheet for one in source.sheets) and len(source.sheets) > 1 for source in self.sources)
        fields = sure(member.alone).keys()
        return among and table in {mapping.table for mapping in known.values()} and not fields & _BY_NAME_ALONE.get(table, fields)

    def _composed(self, joining: Joining) -> tuple[tuple[tuple[Sheet, Mapping], ...], tuple[Note, ...]]:
        by_label = {member.label: member for member in self.members}
        lines = by_label[joining.lines.label] if joining.lines else None
        goods = product_link(lines, by_label, self.links) if lines else None
        return Composition(joining, by_label[joining.header.label], lines, goods, self.settings).mapped(self.language)

    def _said(self, member: Member) -> dict[str, str]:
        """The corrections that are meant for a table which is loaded as it is."""
        columns = {name: column for name, column in member.told.items() if column is not None}
        return {**{name: column or "-" for name, column in member.told.items()}, **self.settings} if columns else {}

    def _about(self) -> dict[Sheet, Mapping]:
        """The tables of customers and of goods that sales refer to, with their key."""
        by_label = {member.label: member for member in self.members}
        joined = {part.label: joining for joining in self.found for part in (joining.lines, joining.header) if part}
        found: dict[Sheet, Mapping] = {}
        for member in self.members:
            if member.label in joined or member.has_sales:
                joining = joined.get(member.label)
                person = joining.person_column if joining and joining.people and joining.header is member.part else ""
                to_people, to_goods = customer_link(member, by_label, self.links), product_link(member, by_label, self.links)
                for table, key, link, column in (("customers", "customer_id", to_people, person), ("products", "product_id", to_goods, "")):
                    if link and link.to_sheet not in joined:
                        other = by_label[link.to_sheet]
                        found[other.part.sheet] = self._of_key(other, table, key, link, column or link.to_column)
        return found

    def _of_key(self, member: Member, table: str, key: str, link: Link, column: str) -> Mapping:
        """The mapping of a table that a key has proved to be one of customers or of goods."""
        made = member.drafted(table, **{key: column})
        fields = sure(made)
        made = replace(made, chosen=tuple(fields.values()), doubts=())
        mapping = drawn_up(member.part.sheet, member.part.described, made, self.settings, self.language)
        matches = tuple(replace(m, confidence=link.confidence, reason=link.reason) if m.field == key and key not in member.told else m for m in mapping.matches)
        return replace(mapping, matches=matches)


def _one_source(group: list[Source], sheets: tuple[Sheet, ...], notes: Sequence[Note]) -> Source:
    """Several sources as one. Its fingerprint is that of all, in whatever order they were named."""
    if len(group) == 1:
        return replace(group[0], sheets=sheets, notes=tuple(notes))
    fingerprint = hashlib.sha256("".join(sorted(source.fingerprint for source in group)).encode()).hexdigest()
    first = next((source for source in group if any(sheet.path == sheets[0].path for sheet in source.sheets)), group[0]) if sheets else group[0]
    return replace(first, sheets=sheets, notes=tuple(notes), fingerprint=fingerprint, size=sum(source.size for source in group))
