"""A mapping says which column is which. It is proposed from evidence, corrected by a person, remembered for the next file."""

from __future__ import annotations

from collections.abc import Mapping as MappingLike
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from regulars.errors import N_, RegularsError, did_you_mean, error
from regulars.ingest.asking import missing
from regulars.ingest.assignment import Draft, completed, draft, missing_field
from regulars.ingest.currency import money_of
from regulars.ingest.dates import DateOrder, date_order, parts, proven_order
from regulars.ingest.facts.recognition import title_of
from regulars.ingest.fields import ANY_FIELD, TABLE_FIELDS, moments_of, money_fields
from regulars.ingest.headers import header_fingerprint, language_of_headers, normal
from regulars.ingest.presets import recognised
from regulars.ingest.presets.applied import preset_draft, reading
from regulars.ingest.profile import Profile, profile
from regulars.ingest.read import Sheet
from regulars.schema import FACTS

LedgerName = Literal["sales", "customers", "products", "payments"]
FactName = Literal[
    "events", "touches", "campaigns", "spend", "tickets", "surveys", "reviews", "consents", "leads", "deals", "deal_stages", "activities",
    "subscriptions", "stored_value", "invoices", "stock", "competitor_prices", "calendar", "statements",
]  # fmt: skip
TableName = LedgerName | FactName
Shape = Literal["lines", "orders", "amounts"]
Decimal = Literal[".", ","]

_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "table": (*get_args(LedgerName), *get_args(FactName)),
    "date_order": get_args(DateOrder),
    "decimal": get_args(Decimal),
    "amount_once": ("yes", "no"),
    "refunds": ("yes", "no"),
}
"""Settings that are not columns, and what they may be."""


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
    ``preset``: the export of a known system that was recognised, by its name in ``presets``.
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
    preset: str | None = None

    @property
    def sure(self) -> bool:
        return not self.doubts

    @property
    def fields(self) -> dict[str, str]:
        """Field → column."""
        return {match.field: match.column for match in self.matches}

    @property
    def has_money(self) -> bool:
        """Whether the sheet holds money, so that a currency matters."""
        return self.table in {"sales", "payments"} or any(field in self.fields for field in money_fields(self.table) if self.table in FACTS)

    def to_toml_dict(self) -> dict[str, Any]:
        """Plain values, without the nulls that TOML cannot hold."""
        return {key: _plain(value) for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_toml_dict(cls, saved: MappingLike[str, Any]) -> Mapping:
        """The mapping that ``to_toml_dict`` wrote."""
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in saved.items() if key != "seen"}
        values["matches"] = tuple(Match(**match) for match in saved["matches"])
        return cls(**values)


def propose(sheet: Sheet, *, language_hint: str | None = None) -> Mapping:
    """The likeliest mapping of a sheet, with what remains to be asked. Error ``column_missing`` where it cannot be loaded at all."""
    if (known := of_known_system(sheet, language_hint=language_hint)) is not None:
        return known
    described = profile(sheet)
    return _finish(sheet, described, draft(sheet.name, described, {}, title=title_of(sheet)), {}, language_hint)


def of_known_system(sheet: Sheet, *, language_hint: str | None = None) -> Mapping | None:
    """The mapping of an export of a known system, recognised by its headers; None if it is none."""
    if (preset := recognised(sheet.columns)) is None:
        return None
    described = profile(sheet, preset.settings.get("decimal"))
    drafted = preset_draft(sheet, described, preset)
    if missing_field(drafted.table, {c.field: c.column.name for c in drafted.chosen}):
        return None
    made = _finish(sheet, described, drafted, reading(preset), language_hint)
    return replace(made, preset=preset.name, currency=made.currency or preset.settings.get("currency"))


def drawn_up(sheet: Sheet, described: Profile, made: Draft, settings: MappingLike[str, str], language_hint: str | None = None) -> Mapping:
    """The mapping that a draft comes to, where more than the sheet itself told what its columns are. Error ``column_missing``."""
    return _finish(sheet, described, made, settings, language_hint)


def corrected(mapping: Mapping | None, sheet: Sheet, settings: MappingLike[str, str], *, language_hint: str | None = None) -> Mapping:
    """The mapping with a person's settings: ``{"amount": "Total", "date_order": "dmy", "customer_id": "-"}``; ``-`` takes a field away.

    Without a mapping (None) the settings complete a fresh proposal, which helps where ``propose`` finds a column missing.
    Error ``mapping_wrong`` for a field, column or value that does not exist, with the nearest that do.
    """
    known = mapping or of_known_system(sheet, language_hint=language_hint)
    mapping = known if known and (mapping or settings.get("table", known.table) == known.table) else None
    if mapping:
        settings = {**_settled_before(mapping), **settings}
    table = settings.get("table", mapping.table if mapping else None)
    asked = _checked(sheet, table, settings)
    described = profile(sheet, settings.get("decimal", mapping.decimal if mapping else None))
    if mapping is None or table != mapping.table:
        drafted = draft(sheet.name, described, asked, table=table, title=title_of(sheet))
        _checked(sheet, drafted.table if drafted.table in FACTS else table, settings)
        return _finish(sheet, described, drafted, settings, language_hint)
    kept = {match.field: match for match in mapping.matches if match.field not in asked and match.column not in asked.values()}
    fixed = {**{field: match.column for field, match in kept.items()}, **asked}
    made = _finish(sheet, described, draft(sheet.name, described, fixed, table=table, closed=True), settings, mapping.language)
    matches = tuple(kept.get(match.field, match) for match in made.matches)
    open_questions = [doubt for doubt in mapping.doubts if doubt not in settings and (doubt in kept or doubt not in ANY_FIELD)]
    doubts = tuple(dict.fromkeys((*open_questions, *made.doubts)))
    if mapping.preset is None:
        return replace(made, matches=matches, doubts=doubts)
    currency = made.currency or mapping.currency
    return replace(made, matches=matches, doubts=doubts, preset=mapping.preset, amount_gross=mapping.amount_gross, currency=currency)


def _settled_before(mapping: Mapping) -> dict[str, str]:
    """The settings of a mapping that stand until a person changes them."""
    order = {"date_order": mapping.date_order} if mapping.date_order_sure else {}
    once = {"amount_once": "yes" if "amount" in mapping.once else "no"} if mapping.preset else {}
    return {**order, **once, **({"refunds": "yes"} if mapping.refunds else {})}


def _checked(sheet: Sheet, table: str | None, settings: MappingLike[str, str]) -> dict[str, str | None]:
    """The fields among the settings with the columns they mean; everything else must be a known choice."""
    fields = TABLE_FIELDS.get(table, ()) if table else ANY_FIELD
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


def _finish(sheet: Sheet, described: Profile, made: Draft, settings: MappingLike[str, str], language_hint: str | None) -> Mapping:
    """The settings that follow from the chosen columns, and the doubts."""
    fields = {c.field: c.column.name for c in made.chosen}
    absent = missing_field(made.table, fields)
    if absent:
        told = {"table": made.table} if made.table in FACTS else {}
        raise missing(sheet, made.table, absent, {**told, **completed(made, described), **settings})
    language = _language(sheet, language_hint)
    money = money_of(
        described.column(fields["currency"]) if "currency" in fields else None, [described.column(fields[f]) for f in money_fields(made.table) if f in fields]
    )
    order, order_sure = _date_order(sheet, described, made.table, fields, language, money)
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


def _date_order(
    sheet: Sheet, described: Profile, table: str, fields: dict[str, str], language: str | None, currency: str | None
) -> tuple[DateOrder, bool]:  # fmt: skip
    """The order of day and month in the first column that needs one: from the sample where that proves it, else from every row."""
    dated = [described.column(fields[field]) for field in moments_of(table) if field in fields]
    column = next((c for c in dated if any(found[0] <= 31 for text in c.present if (found := parts(text)))), None)
    if column is None:
        return "ymd", True
    numbered = described.column(fields["order_id"]).index if "order_id" in fields else None
    if sheet.prepared and (proven := proven_order(sheet.prepared.days(f"c{column.index}"))):
        return proven.order, proven.sure
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
