"""A mapping says which column is which. It is proposed from evidence, corrected by a person, remembered for the next file."""

from __future__ import annotations

import shlex
from collections.abc import Mapping as MappingLike
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from regulars.errors import N_, RegularsError, Words, did_you_mean, error
from regulars.ingest.assignment import Draft, completed, draft, missing_field
from regulars.ingest.currency import money_of
from regulars.ingest.dates import DateOrder, date_order, parts
from regulars.ingest.fields import CUSTOMER_KEYS, FIELDS, TABLE_FIELDS
from regulars.ingest.headers import header_fingerprint, language_of_headers, normal
from regulars.ingest.profile import Profile, profile
from regulars.ingest.read import Sheet, Source

TableName = Literal["sales", "customers", "products", "payments"]
Shape = Literal["lines", "orders", "amounts"]
Decimal = Literal[".", ","]

DOUBTS: Final[dict[str, str]] = {
    **FIELDS,
    "date_order": N_("whether the day or the month comes first"),
    "decimal": N_("whether 1,234 means one thousand or one and a bit"),
    "amount_once": N_("whether the amount is the whole order's, repeated on every line"),
}
"""What can be in doubt, in words; for a field: which column holds it."""

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "table": get_args(TableName),
    "date_order": get_args(DateOrder),
    "decimal": get_args(Decimal),
    "amount_once": ("yes", "no"),
    "refunds": ("yes", "no"),
}
"""Settings that are not columns, and what they may be."""
_OPEN: Final = {"date_order": "DMY-OR-MDY", "decimal": "POINT-OR-COMMA"}
"""What stands in a ready line for a reading that the file leaves open: nothing that could be run unread."""


@dataclass(frozen=True, slots=True)
class Match:
    """One field found in one column: confidence 0 to 1 and the reason, a text of the catalogue."""

    field: str
    column: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is which, and how its cells are to be read.

    ``carried``: fields that only the first line of an order fills. ``once``: figures of the order repeated on its lines.
    ``amount_gross``: the discount must still be taken off the amount. ``refunds``: every row of the sheet is a refund.
    ``doubts``: fields and settings a person must confirm before the file is loaded; see ``DOUBTS`` for their words.
    """

    table: TableName
    shape: Shape
    matches: tuple[Match, ...]
    date_order: DateOrder
    date_order_sure: bool
    decimal: Decimal
    fingerprint: str
    language: str | None = None
    currency: str | None = None
    carried: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    amount_gross: bool = False
    refunds: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return not self.doubts

    @property
    def fields(self) -> dict[str, str]:
        """Field → column."""
        return {match.field: match.column for match in self.matches}

    def to_toml_dict(self) -> dict[str, Any]:
        """Plain values, without the nulls that TOML cannot hold."""
        return {key: _plain(value) for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_toml_dict(cls, saved: MappingLike[str, Any]) -> Mapping:
        """The mapping that ``to_toml_dict`` wrote."""
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in saved.items()}
        values["matches"] = tuple(Match(**match) for match in saved["matches"])
        return cls(**values)


def propose(sheet: Sheet, *, language_hint: str | None = None) -> Mapping:
    """The likeliest mapping of a sheet, with what remains to be asked. Error ``column_missing`` where it cannot be loaded at all."""
    described = profile(sheet)
    return _finish(sheet, described, draft(sheet.name, described, {}), {}, language_hint)


def propose_all(source: Source, *, language_hint: str | None = None) -> tuple[tuple[Sheet, Mapping], ...]:
    """A mapping for every sheet that is a table of orders, customers, products or payments; the first error if none is."""
    found: list[tuple[Sheet, Mapping]] = []
    problems: list[RegularsError] = []
    for sheet in source.sheets:
        try:
            found.append((sheet, propose(sheet, language_hint=language_hint)))
        except RegularsError as problem:
            problems.append(problem)
    if not found:
        raise problems[0]
    return tuple(found)


def corrected(mapping: Mapping | None, sheet: Sheet, settings: MappingLike[str, str], *, language_hint: str | None = None) -> Mapping:
    """The mapping with a person's settings: ``{"amount": "Total", "date_order": "dmy", "customer_id": "-"}``; ``-`` takes a field away.

    Without a mapping (None) the settings complete a fresh proposal, which helps where ``propose`` finds a column missing.
    Error ``mapping_wrong`` for a field, column or value that does not exist, with the nearest that do.
    """
    if mapping and mapping.date_order_sure:
        settings = {"date_order": mapping.date_order, **settings}
    table = settings.get("table", mapping.table if mapping else None)
    asked = _checked(sheet, table, settings)
    described = profile(sheet, settings.get("decimal", mapping.decimal if mapping else None))
    if mapping is None or table != mapping.table:
        return _finish(sheet, described, draft(sheet.name, described, asked, table=table), settings, language_hint)
    kept = {match.field: match for match in mapping.matches if match.field not in asked and match.column not in asked.values()}
    fixed = {**{field: match.column for field, match in kept.items()}, **asked}
    made = _finish(sheet, described, draft(sheet.name, described, fixed, table=table, closed=True), settings, mapping.language)
    matches = tuple(kept.get(match.field, match) for match in made.matches)
    open_questions = [doubt for doubt in mapping.doubts if doubt not in settings and (doubt in kept or doubt not in FIELDS)]
    return replace(made, matches=matches, doubts=tuple(dict.fromkeys((*open_questions, *made.doubts))))


def _checked(sheet: Sheet, table: str | None, settings: MappingLike[str, str]) -> dict[str, str | None]:
    """The fields among the settings with the columns they mean; everything else must be a known choice."""
    fields = TABLE_FIELDS.get(table or "sales", ()) if table else tuple(FIELDS)
    asked: dict[str, str | None] = {}
    for name, value in settings.items():
        if name in _CHOICES:
            if value not in _CHOICES[name]:
                raise _wrong(sheet, f"{name}={value}", N_("this value is not possible"), ", ".join(_CHOICES[name]))
        elif name not in fields:
            raise _wrong(sheet, name, N_("there is no such field"), did_you_mean(name, (*fields, *_CHOICES)))
        else:
            asked[name] = None if value == "-" else _column(sheet, name, value)
    return asked


def settled(mapping: Mapping) -> dict[str, str]:
    """The settings that agree with what was proposed wherever it is in doubt; ``COLUMN`` where nothing was."""
    known = {**mapping.fields, "date_order": mapping.date_order, "decimal": mapping.decimal, "amount_once": "yes" if "amount" in mapping.once else "no"}
    return {doubt: known.get(doubt, "COLUMN") for doubt in dict.fromkeys(mapping.doubts)}


def confirm_line(sheet: Sheet, mapping: Mapping) -> str:
    """The command that settles every doubt of a mapping, filled in with what was proposed; how to read days and numbers is left to the person."""
    return _line(sheet, {name: _OPEN.get(name, value) for name, value in settled(mapping).items()})


def _line(sheet: Sheet, settings: MappingLike[str, str]) -> str:
    """The command that sets the columns of a sheet."""
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    return shlex.join(["regulars", "map", str(sheet.path), *(["--sheet", sheet.name] if sheet.name else []), *words])


def _missing(sheet: Sheet, field: str, settings: MappingLike[str, str]) -> RegularsError:
    """The error where no column can be a needed field, with the line that sets everything that is missing or in doubt."""
    columns = ", ".join(map(repr, sheet.columns))
    return error("column_missing", path=str(sheet.path), wanted=Words(FIELDS[field]), columns=columns, line=_line(sheet, settings))


def nobody_named(sheet: Sheet) -> RegularsError:
    """The error where the column taken for the customer names nobody in any row that is loaded."""
    return _missing(sheet, CUSTOMER_KEYS[0], {CUSTOMER_KEYS[0]: "COLUMN"})


def unsure(sheet: Sheet, mapping: Mapping) -> RegularsError:
    """The error to raise before loading with a mapping that has doubts."""
    doubts = [Words(DOUBTS[doubt]) for doubt in dict.fromkeys(mapping.doubts)]
    return error("mapping_unsure", path=str(sheet.path), doubts=doubts, line=confirm_line(sheet, mapping))


def _finish(sheet: Sheet, described: Profile, made: Draft, settings: MappingLike[str, str], language_hint: str | None) -> Mapping:
    """The settings that follow from the chosen columns, and the doubts."""
    fields = {c.field: c.column.name for c in made.chosen}
    absent = missing_field(made.table, fields)
    if absent:
        raise _missing(sheet, absent, {**completed(made, described), **settings})
    language = _language(sheet, language_hint)
    money = money_of(
        described.column(fields["currency"]) if "currency" in fields else None, [described.column(fields[f]) for f in ("amount", "unit_price") if f in fields]
    )
    order, order_sure = _date_order(sheet, described, fields, language, money)
    if "date_order" in settings:
        order, order_sure = settings["date_order"], True  # type: ignore[assignment]
    once = made.once if "amount_once" not in settings else tuple({*made.once, "amount"} if settings["amount_once"] == "yes" else {*made.once} - {"amount"})
    doubts = [*made.doubts, *([] if order_sure else ["date_order"]), *([] if described.decimal_sure else ["decimal"])]
    matches = tuple(Match(c.field, c.column.name, round(c.confidence, 2), c.reason) for c in made.chosen)
    return Mapping(
        table=made.table,  # type: ignore[arg-type]
        shape=made.shape,  # type: ignore[arg-type]
        matches=matches,
        date_order=order,
        date_order_sure=order_sure,
        decimal=described.decimal,  # type: ignore[arg-type]
        fingerprint=header_fingerprint(sheet.columns),
        language=language,
        currency=money,
        carried=made.carried,
        once=tuple(sorted(once)),
        amount_gross=made.amount_gross,
        refunds=settings.get("refunds", "yes" if made.refunds else "no") == "yes",
        doubts=tuple(d for d in dict.fromkeys(doubts) if d not in settings),
    )


def _language(sheet: Sheet, hint: str | None) -> str | None:
    """The language of the file: Chinese and Ukrainian headers say it themselves; headers in English are found everywhere, so there the hint counts."""
    found = language_of_headers(sheet.columns)
    return found if found in {"zh_CN", "uk"} else hint or found


def _date_order(sheet: Sheet, described: Profile, fields: dict[str, str], language: str | None, currency: str | None) -> tuple[DateOrder, bool]:
    """The order of day and month in the date column: from the sample where that proves it, else from every row."""
    name = next((fields[field] for field in ("ordered_at", "paid_at", "joined_on", "birth_on") if field in fields), None)
    if name is None:
        return "ymd", True
    column = described.column(name)
    written = [found for text in column.present if (found := parts(text))]
    if not any(found[0] <= 31 for found in written):
        return "ymd", True
    numbered = described.column(fields["order_id"]).index if "order_id" in fields else None
    stream = ((_cell(cells, column.index), _cell(cells, numbered)) for _, cells in sheet.rows())
    decided = date_order(stream, language=language, currency=currency)
    return decided.order, decided.sure


def _cell(cells: tuple[str | None, ...], index: int | None) -> str | None:
    return cells[index].strip() if index is not None and index < len(cells) and cells[index] else None  # type: ignore[union-attr]


def _column(sheet: Sheet, field: str, wanted: str) -> str:
    """The column a person means: by its exact name, else by the name without regard to case and punctuation."""
    if wanted in sheet.columns:
        return wanted
    alike = [column for column in sheet.columns if normal(column) == normal(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise _wrong(sheet, f"{field}={wanted}", N_("there is no such column"), did_you_mean(wanted, sheet.columns))


def _wrong(sheet: Sheet, setting: str, reason: str, allowed: str) -> RegularsError:
    return error("mapping_wrong", setting=setting, path=str(Path(sheet.path)), reason=reason, allowed=allowed)


def _plain(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value
