"""A file whose columns are nearly those of an earlier one: what has changed, and what need not be asked again.

Of an earlier file is remembered how its columns were called, of what kind they were, and what its name was like; no value of it.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Mapping as MappingLike
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from regulars.errors import N_, RegularsError, Words, error
from regulars.ingest.assignment import CERTAIN, draft
from regulars.ingest.fields import words_of
from regulars.ingest.header import is_datum, nameless
from regulars.ingest.headers import normal, roles_of
from regulars.ingest.mapping import Mapping, Match, drawn_up
from regulars.ingest.profile import Profile, profile
from regulars.ingest.read import Sheet
from regulars.ingest.reasons import Note

SEEN: Final = "seen"
"""Where a remembered mapping keeps the shape of the file it was made for."""
ALIKE: Final = 0.7
"""Share of the columns in common from which a file is taken for one of the same kind; less is enough where its name is like the other's."""
ALIKE_BY_NAME: Final = 0.4
BY_RENAMING: Final = N_("it took the place of a column that is gone")

ADDED: Final = N_("New columns since the last such file: {columns}.")
GONE: Final = N_("Columns that are gone since the last such file: {columns}.")
RENAMED: Final = N_("The column {old} is now called {new}.")
MOVED: Final = N_("The columns stand in another order than in the last such file.")

_LOOKED_AT: Final = 200
_DATE: Final = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*|\d{1,2}[-/. ][^\W\d_]{3,}[-/. ,]+\d{2,4}.*")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_SETTLED: Final = ("amount", "order_id")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the columns of a file are called and of what kind they are, and what its name is like, its figures left out."""

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is otherwise than in the last file of a kind. ``renamed``: old name, new name, how surely."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str, float], ...] = ()
    moved: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        """The change in sentences."""
        said = [Note(RENAMED, (("old", old), ("new", new))) for old, new, _ in self.renamed]
        said += [Note(says, (("columns", ", ".join(names)),)) for says, names in ((ADDED, self.added), (GONE, self.gone)) if names]
        return (*said, Note(MOVED)) if self.moved else tuple(said)


def remembered(sheet: Sheet, mapping: Mapping) -> dict[str, Any]:
    """What is kept of a mapping, with the shape of the file it was made for."""
    return mapping.to_toml_dict() | {SEEN: {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(shape_of(sheet)).items()}}


def recalled(sheet: Sheet, saved: MappingLike[str, Any]) -> Mapping:
    """What was decided for a header, with the names its columns have here: ``order_id`` where it was ``Order ID`` in the last file."""
    mapping = Mapping.from_toml_dict(saved)
    names = dict(zip(saved.get(SEEN, {}).get("columns", sheet.columns), sheet.columns, strict=True))
    return replace(mapping, matches=tuple(replace(match, column=names.get(match.column, match.column)) for match in mapping.matches))


def shape_of(sheet: Sheet) -> Shape:
    """The shape of a sheet, by its first rows."""
    first = [cells for _, cells in itertools.islice(sheet.rows(), _LOOKED_AT)]
    kinds = tuple(_kind([text for cells in first if i < len(cells) and (text := (cells[i] or "").strip())]) for i in range(len(sheet.columns)))
    return Shape(sheet.columns, kinds, re.sub(r"\d+", "#", f"{Path(str(sheet.path)).name.casefold()}/{sheet.name.casefold()}"))


def _kind(texts: Sequence[str]) -> str:
    """What the cells of a column mostly are."""
    if not texts:
        return "blank"
    tests = (("mail", _MAIL.fullmatch), ("date", _DATE.fullmatch), ("number", is_datum), ("code", lambda text: any(c.isdigit() for c in text)))
    return next((name for name, test in tests if sum(bool(test(text)) for text in texts) >= 0.8 * len(texts)), "words")


def nearest(sheet: Sheet, known: MappingLike[str, MappingLike[str, Any]]) -> tuple[Mapping, Change] | None:
    """The mapping of the last file that this one is nearly like, and what has changed since; None where there was none."""
    if any(map(nameless, sheet.columns)):
        return None
    shape = shape_of(sheet)
    found: list[tuple[float, MappingLike[str, Any], Shape]] = []
    for saved in known.values():
        if seen := saved.get(SEEN):
            old = Shape(tuple(seen["columns"]), tuple(seen["kinds"]), seen["file"])
            common = {normal(c) for c in old.columns} & {normal(c) for c in shape.columns}
            share = len(common) / max(len(old.columns), len(shape.columns))
            if share >= (ALIKE_BY_NAME if old.file == shape.file else ALIKE):
                found.append((share + (old.file == shape.file), saved, old))
    if not found:
        return None
    _, saved, old = max(found, key=lambda one: one[0])
    return Mapping.from_toml_dict(saved), compare(old, shape)


def compare(old: Shape, new: Shape) -> Change:
    """What has changed from one shape to another.

    >>> compare(Shape(("No", "Sum"), ("code", "number"), ""), Shape(("Total sum", "No", "Note"), ("number", "code", "words"), "")).renamed
    (('Sum', 'Total sum', 0.8),)
    """
    before, now = ({normal(column): column for column in shape.columns} for shape in (old, new))
    gone = [i for i, column in enumerate(old.columns) if normal(column) not in now]
    added = [i for i, column in enumerate(new.columns) if normal(column) not in before]
    pairs = sorted(((_likeness(old, i, new, k), i, k) for i in gone for k in added), reverse=True)
    renamed: dict[int, tuple[int, float]] = {}
    for likeness, i, k in pairs:
        if likeness >= 0.6 and i not in renamed and k not in {place for place, _ in renamed.values()}:
            renamed[i] = (k, likeness)
    taken = {place for place, _ in renamed.values()}
    stay = [name for name in map(normal, old.columns) if name in now]
    return Change(
        tuple(new.columns[k] for k in added if k not in taken),
        tuple(old.columns[i] for i in gone if i not in renamed),
        tuple((old.columns[i], new.columns[k], round(likeness, 2)) for i, (k, likeness) in sorted(renamed.items())),
        stay != [name for name in map(normal, new.columns) if name in before],
    )


def _likeness(old: Shape, i: int, new: Shape, k: int) -> float:
    """How likely a column is another one under a new name, 0 to 1: by what the names mean, how they are written, and the kind of the values."""
    if old.kinds[i] != new.kinds[k] and "blank" not in {old.kinds[i], new.kinds[k]}:
        return 0.0
    one, other = old.columns[i], new.columns[k]
    roles = [{role for role, score in roles_of(name).items() if score >= 0.75} for name in (one, other)]
    words = [set(normal(name).split()) for name in (one, other)]
    written = difflib.SequenceMatcher(None, normal(one), normal(other)).ratio()
    meant = 0.85 if roles[0] & roles[1] else 0.8 if all(words) and (words[0] <= words[1] or words[1] <= words[0]) else 0.0
    return max(meant, 0.3 + 0.65 * written if written >= 0.5 else 0.0)


def taken_over(sheet: Sheet, last: Mapping, change: Change, *, language_hint: str | None = None) -> Mapping:
    """The mapping of the last such file for this one: what is unchanged stays as it was, and only what is new is looked for among what is new.

    Error ``column_missing`` where a column that is needed is gone and none took its place.
    """
    described = profile(sheet, last.decimal)
    names = {normal(column): column for column in sheet.columns}
    renamed = {old: (new, likeness) for old, new, likeness in change.renamed}
    kept: dict[str, Match] = {}
    for match in last.matches:
        if match.column in renamed:
            new, likeness = renamed[match.column]
            kept[match.field] = Match(match.field, new, min(likeness, match.confidence), BY_RENAMING)
        elif column := names.get(normal(match.column)):
            kept[match.field] = replace(match, column=column)
    wanted = {match.column for match in kept.values()} | {*change.added}
    narrowed = Profile(tuple(c for c in described.columns if c.name in wanted), described.row_numbers, described.decimal, described.decimal_sure)
    made = draft(sheet.name, narrowed, {field: match.column for field, match in kept.items()}, table=last.table)
    settings = {"refunds": "yes" if last.refunds else "no"}
    if last.date_order_sure:
        settings["date_order"] = last.date_order
    if kept.keys() >= {*_SETTLED}:
        settings["amount_once"] = "yes" if "amount" in last.once else "no"
    mapping = drawn_up(sheet, described, made, settings, language_hint)
    doubtful = [field for field, match in kept.items() if match.reason == BY_RENAMING and match.confidence < CERTAIN]
    matches = tuple(kept.get(match.field, match) for match in mapping.matches)
    return replace(mapping, matches=matches, doubts=tuple(dict.fromkeys((*doubtful, *mapping.doubts))))


def gone_error(problem: RegularsError, last: Mapping, change: Change) -> RegularsError:
    """The error of a missing column, saying what it was called in the last such file; unchanged where that did not have it either."""
    wanted = problem.values["wanted"]
    column = next((match.column for match in last.matches if words_of(last.table, match.field) == wanted and match.column in change.gone), None)
    if column is None:
        return problem
    added = ", ".join(map(repr, change.added)) or "-"
    return error("column_gone", path=problem.values["path"], column=column, wanted=Words(str(wanted)), added=added, line=problem.values["line"])
