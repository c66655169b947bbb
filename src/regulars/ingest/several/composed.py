"""The mapping of a joined table: what belongs to the order from its header, what belongs to the line from the lines, the person from the people."""

from __future__ import annotations

from collections.abc import Mapping as MappingLike
from dataclasses import dataclass, replace
from typing import Final, Literal

from regulars.engines.duckdb import scratch
from regulars.ingest.assignment import CERTAIN, Draft
from regulars.ingest.evidence import BY_PERSON, Candidate
from regulars.ingest.fields import ORDER_LEVEL
from regulars.ingest.headers import roles_of
from regulars.ingest.mapping import Mapping, Match, drawn_up
from regulars.ingest.read import Sheet
from regulars.ingest.reasons import Note
from regulars.ingest.several.joined import Joining
from regulars.ingest.several.keys import Link, define_keys
from regulars.ingest.several.roles import Member, sure
from regulars.ingest.several.words import JOINED, ONE_PERSON, ORDERS_LEFT, PERSON_BY_KEY

_OF_ORDER: Final = frozenset({*ORDER_LEVEL})
_ONCE: Final = ("discount", "refunded")
_PROOF: Final = 0.9
_ENOUGH: Final = 3

Source = tuple[Literal["lines", "header"], Candidate]


@dataclass(frozen=True)
class Composition:
    """A joining with the members it is made of, the link to the goods if there is one, and the settings a person gave that are no columns."""

    joining: Joining
    header: Member
    lines: Member | None = None
    goods: Link | None = None
    settings: MappingLike[str, str] | None = None

    def mapped(self, language: str | None) -> tuple[tuple[tuple[Sheet, Mapping], ...], tuple[Note, ...]]:
        """The joined table, and the orders that no line refers to, with their mappings; and what a person should know about it. Error ``column_missing``."""
        sheet = self.joining.sheet()
        made, once = self._drafted()
        mapping = drawn_up(sheet, self.joining.described, made, self.settings or {}, language)
        mapping = replace(mapping, once=tuple(sorted({*mapping.once, *once})), doubts=self._without_settled(mapping))
        left = self._left(mapping, language) if self.lines else ()
        return ((sheet, mapping), *left), self._notes(left)

    def _without_settled(self, mapping: Mapping) -> tuple[str, ...]:
        return tuple(doubt for doubt in mapping.doubts if doubt != "amount_once")

    def _drafted(self) -> tuple[Draft, tuple[str, ...]]:
        """The draft of the joined table, and the figures of the order that stand on every line of it now."""
        orders, lines = self._order_draft(), self.lines.drafted("sales", **self._line_keys()) if self.lines else None
        fields = _chosen(sure(orders) | _needed(orders), sure(lines) if lines else {})
        gross = bool(lines and lines.amount_gross) or bool(not lines and orders.amount_gross)
        once = tuple(f for f in ("amount", *_ONCE) if lines and f in fields and fields[f][0] == "header")
        if "discount" in once:
            taken = self._discount_taken(fields)
            gross = gross or (taken is True and fields.get("amount", ("header",))[0] == "lines")
            fields = {f: c for f, c in fields.items() if f != "discount" or taken is not False}
            once = tuple(f for f in once if f in fields)
        main = lines or orders
        shape = "lines" if lines else main.shape
        doubts = tuple(
            doubt for made, whose in ((lines, "lines"), (orders, "header")) if made for doubt in made.doubts if fields.get(doubt, ("", None))[0] == whose
        )
        if self.joining.order and self.joining.order.confidence < CERTAIN:
            doubts = (*doubts, "order_id")
        chosen = tuple(self._candidate(field, *found) for field, found in fields.items())
        return Draft("sales", shape, chosen, main.carried, tuple({*main.once, *once} & fields.keys()), gross, main.refunds, doubts), once

    def _order_draft(self) -> Draft:
        """The header as a table of sales of its own."""
        keys = {"order_id": self.joining.order.to_column} if self.joining.order else {}
        return self.header.drafted("sales", **keys, **({"customer_id": self.joining.person.from_column} if self.joining.person else {}))

    def _line_keys(self) -> dict[str, str]:
        keys = {"order_id": self.joining.order.from_column} if self.joining.order else {}
        return keys | ({"product_id": self.goods.from_column} if self.goods else {})

    def _candidate(self, field: str, whose: Literal["lines", "header"], found: Candidate) -> Candidate:
        """A field's column in the joined table."""
        joining = self.joining
        label = joining.lines.label if whose == "lines" and joining.lines else joining.header.label
        name = joining.places[label, found.column.name]
        if field == "customer_id" and joining.people:
            name = joining.places[joining.people.label, joining.person_column]
        return Candidate(field, joining.described.column(name), *self._proof(field, whose, found))

    def _proof(self, field: str, whose: Literal["lines", "header"], found: Candidate) -> tuple[float, str]:
        """How sure a field's column is, and why: by the key between the tables where that has proved it."""
        joining = self.joining
        if field == "customer_id" and joining.person:
            return joining.person.confidence, ONE_PERSON
        link = {"order_id": joining.order, "product_id": self.goods if whose == "lines" else None}.get(field)
        if link and found.column.name not in self._said(field):
            return link.confidence, link.reason
        return round(found.confidence, 2), found.reason

    def _said(self, field: str) -> set[str | None]:
        """The columns that a person has named for a field."""
        return {member.told.get(field) for member in (self.header, self.lines) if member}

    def _left(self, mapping: Mapping, language: str | None) -> tuple[tuple[Sheet, Mapping], ...]:
        """The orders without lines: loaded as they are if they have an amount."""
        made = self._order_draft()
        fields = sure(made) | _needed(made)
        amount = "amount" in fields
        sheet = self.joining.left(amount=amount)
        if sheet is None:
            return ()
        own = {c.field: c.column.name for c in fields.values() if c.field not in {"unit_price", "quantity"}}
        if self.joining.people:
            own["customer_id"] = sheet.columns[-1]
        matches = tuple(Match(f, name, *self._proof(f, "header", fields[f])) for f, name in own.items())
        if not amount:
            return ((sheet, replace(mapping, matches=matches, shape="orders", once=(), carried=(), amount_gross=False, doubts=())),)
        draft = replace(made, chosen=tuple(c for f, c in fields.items() if f in own), shape="orders", doubts=())
        alone = drawn_up(sheet, self.header.part.described, draft, self.settings or {}, language)
        return ((sheet, replace(alone, matches=matches, once=(), carried=(), doubts=())),)

    def _discount_taken(self, fields: MappingLike[str, Source]) -> bool | None:
        """Whether the header's discount must still be taken off the lines: a total of the header tells; None where none does."""
        joining, lines = self.joining, self.lines
        if lines is None or joining.lines is None or joining.order is None:
            return None
        point, described = joining.described.decimal, joining.header.described
        number = "number(digits({}), '" + point + "')"
        off = fields["discount"][1].column.name
        free = [c for c in described.columns if c.numeric > 0.5 and c.dated < 0.5 and c.name not in {off, joining.order.to_column}]
        extras = [c for c in free if max(roles_of(c.name).get("postage", 0.0), roles_of(c.name).get("tax", 0.0)) >= 0.75][:3]
        totals = [c for c in free if (c not in extras and c.whole < 1) or roles_of(c.name).get("order_total", 0.0) >= 0.75][:4]
        money = _money(fields, joining, number)
        if not totals or money is None:
            return None
        with scratch(joining.room.folder) as connection:
            define_keys(connection)
            at, key = joining.header.at, joining.order
            both = " + ".join(["0", *(f"coalesce({number.format(at(c.name))}, 0)" for c in extras)])
            heads = ", ".join(f"{number.format(at(c.name))} AS t{i}" for i, c in enumerate(totals))
            connection.execute(
                f"""CREATE TABLE sums AS SELECT * FROM (SELECT as_key({joining.lines.at(key.from_column)}) AS k, sum({money}) AS m FROM
                ({joining.lines.raw.select}) GROUP BY 1) JOIN (SELECT as_key({at(key.to_column)}) AS k,
                abs({number.format(at(off))}) AS d, {both} AS e, {heads} FROM ({joining.header.raw.select})) USING (k) WHERE d > 0"""
            )
            for i in range(len(totals)):
                close = "abs(t{0} - ({1})) <= 0.02 + 0.001 * abs(t{0})"
                after, before = (" OR ".join(close.format(i, f"{sum_} + {added}") for added in ("0", "e")) for sum_ in ("m - d", "m"))
                row = connection.execute(f"SELECT count(*), count(*) FILTER ({after}), count(*) FILTER ({before}) FROM sums").fetchone() or (0, 0, 0)
                if row[0] >= _ENOUGH and max(row[1], row[2]) >= _PROOF * row[0]:
                    return bool(row[1] >= row[2])
        return None

    def _notes(self, left: tuple[tuple[Sheet, Mapping], ...]) -> tuple[Note, ...]:
        joining, notes = self.joining, []
        if joining.lines and joining.order:
            values = (("lines", joining.lines.label), ("orders", joining.header.label), ("key", joining.order.from_column), ("other", joining.order.to_column))
            notes.append(Note(JOINED, values))
        if joining.people and joining.person:
            notes.append(Note(PERSON_BY_KEY, (("column", joining.person_column), ("people", joining.people.label), ("key", joining.person.from_column))))
        if joining.lines and any("amount" in mapping.fields for _, mapping in left):
            notes.append(Note(ORDERS_LEFT, (("orders", joining.header.label), ("lines", joining.lines.label))))
        return tuple(notes)


def _chosen(orders: MappingLike[str, Candidate], lines: MappingLike[str, Candidate]) -> dict[str, Source]:
    """For each field the table it is taken from: what belongs to the order from its header, the rest from the lines; what a person said counts first.

    An amount of the header counts only where the lines have no money of their own.
    """
    fields: dict[str, Source] = {}
    for field in dict.fromkeys((*lines, *orders)):
        line, order = lines.get(field), orders.get(field)
        said = next((s for s in (("lines", line), ("header", order)) if s[1] and s[1].reason == BY_PERSON and field != "order_id"), None)
        first = order if field in _OF_ORDER else line
        found = said or (("header", order) if first is order and order else ("lines", line) if line else ("header", order))
        fields[field] = found  # type: ignore[assignment]
    if lines:
        own = {"amount", "unit_price"} & lines.keys()
        for field in ("amount", "unit_price", "quantity", "discount_rate"):
            whose, found_ = fields.get(field, ("", None))
            if whose == "header" and found_ and found_.reason != BY_PERSON and (own or field != "amount"):
                del fields[field]
    return fields


def _needed(made: Draft) -> dict[str, Candidate]:
    """What a draft takes though it is unsure, because nothing can be loaded without it."""
    return {c.field: c for c in made.chosen if c.field in made.doubts}


def _money(fields: MappingLike[str, Source], joining: Joining, number: str) -> str | None:
    """The SQL of a line's money."""
    if joining.lines is None:
        return None
    at = {f: number.format(joining.lines.at(c.column.name)) for f, (whose, c) in fields.items() if whose == "lines"}
    if "amount" in at:
        return at["amount"]
    return f"coalesce({at['quantity']}, 1) * {at['unit_price']}" if {"quantity", "unit_price"} <= at.keys() else at.get("unit_price")
