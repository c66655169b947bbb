"""What changed between two briefs: figures, people who moved, findings that are new or gone, and why some of it cannot be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from regulars.errors import N_, Words
from regulars.i18n import Reader
from regulars.reports.moves import Moves
from regulars.reports.record import Answered, Figures, Heading, Quoted, Record, Saying, exact

COMPARED: Final = ("money", "count", "rate", "share", "days", "number")
"""Units whose values have a difference, the most telling first."""
SAME: Final = Decimal("1e-9")
"""Two numbers that differ by less, absolutely or as a part of the larger, are the same: engines round differently."""

ZERO: Final = Decimal(0)

Key = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Why something cannot be compared, or must be read with care: a sentence of the catalogue and its values."""

    code: str
    template: str
    values: Mapping[str, object]

    def text(self, reader: Reader) -> str:
        return reader.say(self.template, **{name: reader.plain(value) for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and after. ``row`` is the keys of its row, ``earlier`` those of the row it is compared with; ``quoted``: a finding says it."""

    table: str
    name: str
    heading: Heading
    row: Key
    earlier: Key
    before: Any
    after: Any
    quoted: bool = False

    @property
    def difference(self) -> Decimal | None:
        """After minus before: money in its currency, counts, days, and rates in parts of one (0.01 is one percentage point)."""
        first, second = exact(self.before), exact(self.after)
        return None if first is None or second is None else second - first

    def shown(self, reader: Reader) -> str:
        """The difference with its sign and unit."""
        change = self.difference
        if change is None:
            return "\N{EN DASH}"
        if self.heading.unit in {"rate", "share"}:
            return reader.points(float(change), self.heading.digits or 1)
        sign = "+" if change > 0 else "\N{MINUS SIGN}"
        return sign + self.heading.model_copy(update={"signed": False}).show(abs(change), reader)


@dataclass(frozen=True, slots=True)
class Compared:
    """One analysis, before and after."""

    key: str
    title: str
    before: Answered
    after: Answered
    changes: tuple[Change, ...] = ()
    new: tuple[Saying, ...] = ()
    gone: tuple[Saying, ...] = ()
    moves: Moves | None = None

    def row(self, change: Change, reader: Reader) -> str:
        """The row of a figure in words; where it is compared with the row of another time, both."""
        table = self.after.tables[change.table]
        now, then = (" · ".join(table.headings[n].named(value, reader) for n, value in key if n in table.headings) for key in (change.row, change.earlier))
        of = now if now == then else f"{then} → {now}"
        return " · ".join(filter(None, [reader.say(table.title) if change.table != "summary" else "", of]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two briefs side by side; ``remarks`` come first whoever shows it."""

    before: Record
    after: Record
    remarks: tuple[Remark, ...]
    answers: tuple[Compared, ...] = field(default=())

    @property
    def changed(self) -> bool:
        """Whether anything differs that can be compared."""
        return any(one.changes or one.new or one.gone or (one.moves and one.moves.moved) for one in self.answers)


def compare(before: Record, after: Record, moves: Mapping[str, Moves] | None = None) -> Comparison:
    """Compare two briefs. What cannot be compared is left out and said; ``moves`` are known only where both come from one workspace."""
    left_out = {key for key in before.answers.keys() & after.answers.keys() if _differing(before.answers[key], after.answers[key])}
    units = COMPARED if before.book == after.book else tuple(unit for unit in COMPARED if unit != "money")
    answers = tuple(
        _compared(key, before.answers[key], now, units, (moves or {}).get(key))
        for key, now in after.answers.items()
        if key in before.answers and key not in left_out
    )
    return Comparison(before, after, (*_circumstances(before, after), *_answers(before, after)), answers)


def _circumstances(before: Record, after: Record) -> Iterator[Remark]:
    """What differs around the figures."""
    if before.book != after.book:
        text = N_("Amounts are not comparable: the first is in {before}, the second in {after}. They are left out.")
        yield _remark("currency", text, before.book, after.book)
    if before.name != after.name:
        text = N_("The two are called differently, {before} and {after}: make sure that they are of the same company.")
        yield _remark("name", text, before.name, after.name)
    if after.as_of < before.as_of:
        yield _remark("order", N_("The second is of an earlier day than the first: {after} after {before}."), before.as_of, after.as_of)
    if before.first_on != after.first_on:
        text = N_("The data begin on different days, {before} and {after}: part of what changed may be that.")
        yield _remark("time_span", text, before.first_on, after.first_on)
    if before.day_starts_at != after.day_starts_at:
        hours = (f"{one.day_starts_at:02d}:00" for one in (before, after))
        yield _remark("business_day", N_("The business day began at {before}, now at {after}: part of what changed may be that."), *hours)
    if before.version != after.version:
        yield _remark("version", N_("Written by different versions of Regulars, {before} and {after}."), before.version, after.version)
    if before.engine != after.engine:
        yield _remark("engine", N_("Worked out by different engines, {before} and {after}."), before.engine, after.engine)


def _answers(before: Record, after: Record) -> Iterator[Remark]:
    """What differs in the questions that were asked."""
    for key, answer in (before.answers | after.answers).items():
        title = Words(answer.title)
        if key not in after.answers:
            yield Remark("missing", N_("{analysis}: only the first brief has it."), {"analysis": title})
        elif key not in before.answers:
            yield Remark("missing", N_("{analysis}: only the second brief has it."), {"analysis": title})
        else:
            for name, then, now in _differing(before.answers[key], answer):
                text = N_("{analysis} is not comparable: {parameter} was {before}, now {after}.") if name else _REDEFINED
                given = {"analysis": title, "parameter": name, "before": then, "after": now} if name else {"analysis": title}
                yield Remark("parameter" if name else "definition", text, given)


_REDEFINED: Final = N_("{analysis} is not comparable: how it is worked out has changed.")


def _differing(before: Answered, after: Answered) -> list[tuple[str, str, str]]:
    """Parameters that differ, by name; without a name: the definition."""
    names = dict.fromkeys([*before.parameters, *after.parameters])
    found = [(name, str(before.parameters.get(name)), str(after.parameters.get(name))) for name in names]
    found = [one for one in found if one[1] != one[2]]
    return found or ([("", "", "")] if before.definition != after.definition else [])


def _remark(code: str, template: str, before: object, after: object) -> Remark:
    return Remark(code, template, {"before": before, "after": after})


def _compared(key: str, before: Answered, after: Answered, units: tuple[str, ...], moves: Moves | None) -> Compared:
    pairs, new, gone = _paired(before.sayings, after.sayings)
    said = {(c.table, c.row, c.name): c for then, now in pairs for c in _quoted(before, after, then, now) if c.heading.unit in units}
    told = [change for change in said.values() if _differs(change)]
    rest = [c for c in _figures(before, after) if c.heading.unit in units and (c.table, c.row, c.name) not in said and c.difference is not None and _differs(c)]
    rest.sort(key=lambda c: (units.index(c.heading.unit), -abs(c.difference or ZERO)))
    return Compared(key, after.title, before, after, (*told, *rest), new, gone, moves)


def _paired(before: tuple[Saying, ...], after: tuple[Saying, ...]) -> tuple[list[tuple[Saying, Saying]], tuple[Saying, ...], tuple[Saying, ...]]:
    """Findings that say the same of the same, those that are new, and those that are gone. The most money comes first."""
    left = list(before)
    pairs, new = [], []
    for now in sorted(after, key=lambda one: -one.weight):
        then = next((one for one in left if _about(one) == _about(now)), None)
        if then is None:
            new.append(now)
        else:
            left.remove(then)
            pairs.append((then, now))
    return pairs, tuple(new), tuple(left)


def _about(saying: Saying) -> tuple[str, Key]:
    """What a finding is about: its sentence and the words in it, whatever the numbers and the days."""
    return saying.template, tuple((name, cell.value) for name, cell in saying.cells.items() if cell.heading.unit in {"label", "text", "flag"})


def _quoted(before: Answered, after: Answered, then: Saying, now: Saying) -> Iterator[Change]:
    """The numbers of a finding, then and now."""
    for name, cell in now.cells.items():
        earlier = then.cells.get(name)
        if earlier is not None and cell.place is not None and cell.place[0] in after.tables:
            table, _, column = cell.place
            yield Change(table, column, cell.heading, _row(after, cell), _row(before, earlier), earlier.value, cell.value, quoted=True)


def _row(answered: Answered, cell: Quoted) -> Key:
    """The keys of the row a cell stands in."""
    if cell.place is None or cell.place[0] not in answered.tables:
        return ()
    table = answered.tables[cell.place[0]]
    return _named(table, dict(zip(table.headings, table.rows[cell.place[1]], strict=True)))


def _named(table: Figures, line: Mapping[str, Any]) -> Key:
    """What a row is called: its keys, or its month where it is the only one."""
    return _keys(table, line) or tuple((name, line[name]) for name, heading in table.headings.items() if heading.unit == "month")


def _keys(table: Figures, line: Mapping[str, Any]) -> Key:
    return tuple((name, line[name]) for name, heading in table.headings.items() if heading.key)


def _figures(before: Answered, after: Answered) -> Iterator[Change]:
    """Every figure that both have, row by row of the same keys. A table without keys is compared where it has one row; keys that repeat, in their order."""
    for name, now in after.tables.items():
        then = before.tables.get(name)
        if then is None or (max(len(now.rows), len(then.rows)) > 1 and not any(heading.key for heading in now.headings.values())):
            continue
        known = dict(_numbered(then))
        for key, line in _numbered(now):
            for column, heading in now.headings.items():
                if not heading.key and key in known and then.headings.get(column, heading).unit == heading.unit:
                    yield Change(name, column, heading, _named(now, line), _named(then, known[key]), known[key].get(column), line[column])


def _numbered(table: Figures) -> Iterator[tuple[tuple[Key, int], dict[str, Any]]]:
    """The rows by their keys; of rows with the same keys, by which of them each is."""
    seen: Counter[str] = Counter()
    for line in table.lines():
        key = _keys(table, line)
        seen[str(key)] += 1
        yield (key, seen[str(key)]), line


def _differs(change: Change) -> bool:
    """Whether the two values are not the same number."""
    first, second = exact(change.before), exact(change.after)
    if first is None or second is None:
        return first is not second
    return abs(second - first) > SAME * max(Decimal(1), abs(first), abs(second))
