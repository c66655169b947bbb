"""What is each of several tables to the others? Lines of orders and their header, the people behind a customer number, the goods behind a code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from regulars.ingest.assignment import Draft, draft
from regulars.ingest.content import Room
from regulars.ingest.evidence import OPTIONAL_LEAST, Candidate, header_says
from regulars.ingest.fields import CUSTOMER_KEYS
from regulars.ingest.several.joined import Joining
from regulars.ingest.several.keys import Link, Links
from regulars.ingest.several.looked_at import Part
from regulars.schema import FACTS

Told = Mapping[str, str | None]
"""What a person has said of a table: field → column, None where there is none."""
_GOODS: Final = frozenset({"product_id", "product_name"})
_ABOUT_PEOPLE: Final = frozenset({"customer_name", "given_name", "family_name", "customer_phone", "customer_email", "address", "city", "region", "country"})
_ABOUT_GOODS: Final = frozenset({"product_name", "category", "brand"})
_PROVEN: Final = 0.75


@dataclass(frozen=True)
class Member:
    """A table among several: what it would be taken for by itself, and as a table of sales."""

    part: Part
    told: Told

    @property
    def label(self) -> str:
        return self.part.label

    @cached_property
    def alone(self) -> Draft:
        return draft(self.label, self.part.described, self.told, title=self.label)

    @cached_property
    def as_sales(self) -> dict[str, Candidate]:
        """The fields of a sale that it surely has."""
        return sure(self.drafted("sales"))

    def drafted(self, table: str, **told: str) -> Draft:
        """What it is as a given table, some columns being known."""
        return draft(self.label, self.part.described, {**self.told, **told}, table=table)

    @property
    def has_sales(self) -> bool:
        """Whether it can be loaded as sales by itself."""
        return self.alone.table == "sales" and "ordered_at" in self.as_sales and bool({"amount", "unit_price"} & self.as_sales.keys())

    @property
    def is_list(self) -> bool:
        """Whether it may be a table of customers or of goods: it is neither sales nor what has happened besides."""
        return not self.has_sales and self.alone.table not in FACTS

    @property
    def lacks_order(self) -> bool:
        """Whether it says what was sold, but not when, or not to whom."""
        fields = self.as_sales.keys()
        goods = bool(_GOODS & fields) or {"quantity", "unit_price"} <= fields
        whole = "ordered_at" in fields and bool({*CUSTOMER_KEYS} & fields)
        return goods and bool({"amount", "unit_price", "quantity"} & fields) and not whole


def sure(made: Draft) -> dict[str, Candidate]:
    """The fields of a draft that are sure enough to be taken without need."""
    return {c.field: c for c in made.chosen if c.confidence >= OPTIONAL_LEAST}


def joinings(members: Sequence[Member], links: Links, room: Room) -> tuple[Joining, ...]:
    """The tables that are one: lines with their header; and a customer number with the person, with or without lines."""
    by_label = {member.label: member for member in members}
    found: dict[str, Joining] = {}
    for lines in members:
        link = _header_of(lines, by_label, links)
        if link is not None and _better(link, found.get(link.to_sheet)):
            header = by_label[link.to_sheet]
            found[link.to_sheet] = Joining(header.part, room, lines.part, link, *_person_of(header, by_label, links, lines.label))
    used = {part.label for joining in found.values() for part in joining.parts}
    for header in members:
        if header.label not in used and header.has_sales and (person := _person_of(header, by_label, links, "")):
            found[header.label] = Joining(header.part, room, None, None, *person)
    return tuple(found.values())


def _better(link: Link, known: Joining | None) -> bool:
    return known is None or known.order is None or link.confidence > known.order.confidence


def _header_of(lines: Member, members: Mapping[str, Member], links: Links) -> Link | None:
    """The key by which lines refer to their orders, if they do: to the key of a table with dates that is no table of lines itself."""
    if not lines.lacks_order:
        return None
    fields = lines.as_sales
    named = fields["order_id"].column.name if "order_id" in fields else None
    taken = {c.column.name for field, c in fields.items() if field != "order_id" and c.confidence >= _PROVEN}
    options = [
        link
        for link in links.of(lines.label)
        if link.from_column not in taken
        and "ordered_at" in sure(members[link.to_sheet].drafted("sales", order_id=link.to_column))
        and not members[link.to_sheet].lacks_order
    ]
    return max(options, key=lambda link: (link.from_column == named, link.confidence), default=None)


def _person_of(header: Member, members: Mapping[str, Member], links: Links, lines: str) -> tuple[Part, Link, str] | tuple[()]:
    """Where a customer number leads to a person: the table, the key, and the column that several numbers of one person share."""
    link = customer_link(header, members, links)
    if link is None or link.to_sheet == lines:
        return ()
    part, known = members[link.to_sheet].part, links.distinct
    told = members[link.to_sheet].told.get("customer_id")
    numbers = known[link.to_sheet, link.to_column]
    for column in part.described.columns:
        fewer = known.get((link.to_sheet, column.name), numbers) < numbers
        meant = column.name == told or (header_says("customer_id", column.name) >= _PROVEN and column.filled > 0.98 and column.variety > 0.1)
        if fewer and meant and column.name != link.to_column:
            return part, link, column.name
    return ()


def customer_link(member: Member, members: Mapping[str, Member], links: Links) -> Link | None:
    """The key by which a table of sales refers to the table of its customers."""
    known = member.as_sales.get("customer_id")
    for link in links.of(member.label):
        if (known is None or link.from_column == known.column.name) and members[link.to_sheet].is_list:
            about = sure(members[link.to_sheet].drafted("customers", customer_id=link.to_column))
            if about.keys() & _ABOUT_PEOPLE and (known is not None or members[link.to_sheet].alone.table == "customers"):
                return link
    return None


def product_link(member: Member, members: Mapping[str, Member], links: Links) -> Link | None:
    """The key by which a table of sales refers to the table of its goods."""
    known = member.as_sales.get("product_id")
    others = {c.column.name for field, c in member.as_sales.items() if field not in _GOODS and c.confidence >= _PROVEN}
    for link in links.of(member.label):
        if link.from_column not in others and (known is None or link.from_column == known.column.name) and members[link.to_sheet].is_list:
            about = sure(members[link.to_sheet].drafted("products", product_id=link.to_column))
            if about.keys() & _ABOUT_GOODS and "ordered_at" not in members[link.to_sheet].as_sales:
                return link
    return None
