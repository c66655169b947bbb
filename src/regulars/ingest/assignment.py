"""From candidates to a draft: what the table is, one column a field, and what the relations between columns add."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from regulars.ingest.evidence import BY_ARITHMETIC, BY_GROWTH, BY_PERSON, BY_VALUES, LEAST, OPTIONAL_LEAST, Candidate, candidates, fit, header_says
from regulars.ingest.facts.recognition import decide, must_be_right, needed, options_of, readings, taken
from regulars.ingest.fields import CUSTOMER_KEYS, LEDGER, PERSON
from regulars.ingest.headers import roles_of
from regulars.ingest.profile import Column, Profile
from regulars.ingest.refunds import ORDERS_NAME, is_of_refunds, of_refunds
from regulars.ingest.relations import (
    carried_fields,
    find_product,
    grows_with_quantity,
    is_gross,
    multiplies,
    once_per_order,
    repeats,
    taken_off_in_total,
)
from regulars.schema import FACTS

CERTAIN: Final = 0.66
"""Confidence from which a needed field is taken without asking."""
RIVAL: Final = 0.02
"""Two columns closer than this are rivals, unless the same header settles it."""
NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "sales": (("ordered_at",), ("amount", "unit_price"), CUSTOMER_KEYS),
    "customers": (CUSTOMER_KEYS,),
    "products": (("product_id", "product_name"),),
    "payments": (("amount",), ("order_id", *CUSTOMER_KEYS)),
    **{table: needed(table) for table in FACTS},
}
"""Table → groups of fields of which one each must be there; the first of a group stands for it in errors."""

_SHEET_NAMES: Final = (
    ("payments", re.compile(r"payment|оплат|платеж|платіж|付款|收款|支付", re.IGNORECASE)),
    ("customers", re.compile(r"customer|client|member|клієнт|покупц|контрагент|客户|会员|顾客", re.IGNORECASE)),
    ("products", re.compile(r"product|items?\b|catalog|товар|номенклатур|商品|产品", re.IGNORECASE)),
)
_MONEY_BACK: Final = ("refunded", "amount")
_CONTACT: Final = frozenset({"customer_phone", "customer_email", "address", "birth_on", "customer_group", "joined_on", "gender", "given_name", "city"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A table's fields with their columns, and what follows from their relations."""

    table: str
    shape: str
    chosen: tuple[Candidate, ...]
    carried: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    amount_gross: bool = False
    refunds: bool = False
    doubts: tuple[str, ...] = ()


def draft(
    sheet_name: str, profile: Profile, fixed: Mapping[str, str | None], *, table: str | None = None, closed: bool = False, title: str = ""
) -> Draft:  # fmt: skip
    """Choose the table and its columns. ``fixed`` holds what a person has set (None: leave it out); ``closed`` allows nothing else.

    ``title`` is what the sheet or, where that has no name, the file is called.
    """
    if table is None:
        ledger = _ledger_table(sheet_name, profile, title)
        refunds_of_sales = is_of_refunds(sheet_name) and any(header_says(field, c.name) >= 0.75 for field in _MONEY_BACK for c in profile.columns)
        fact, open_to_doubt = (None, False) if refunds_of_sales else _fact_table(ledger, profile, title)
        made = draft(sheet_name, profile, fixed, table=fact or ledger, closed=closed)
        return replace(made, doubts=("table", *made.doubts)) if open_to_doubt else made
    found = options_of(profile, table) if table in FACTS else candidates(profile, LEDGER[table])
    if refunds := table == "sales" and is_of_refunds(sheet_name):
        found = of_refunds(found, profile)
    options = [] if closed else [c for c in found if c.field not in fixed]
    chosen = {field: Candidate(field, profile.column(column), 1.0, BY_PERSON) for field, column in fixed.items() if column is not None}
    chosen = taken(options, NEEDED[table], chosen)
    return _drafted(table, profile, fixed, chosen, options, closed=closed, refunds=refunds)


def _drafted(
    kind: str, profile: Profile, fixed: Mapping[str, str | None], chosen: dict[str, Candidate], options: Sequence[Candidate], *, closed: bool, refunds: bool
) -> Draft:  # fmt: skip
    """The draft of a table whose columns are chosen: in a sales file their relations say more."""
    if kind != "sales":
        return Draft(kind, "lines", tuple(chosen.values()), doubts=_doubts(kind, chosen, options))
    if not closed:
        chosen = _by_arithmetic(profile, chosen, fixed)
        chosen = _settle_money(profile, chosen, fixed)
    return _related(profile, chosen, options, refunds=refunds)


def missing_field(table: str, fields: Mapping[str, str]) -> str | None:
    """The first needed field that has no column."""
    return next((group[0] for group in NEEDED[table] if not any(field in fields for field in group)), None)


def completed(made: Draft, profile: Profile) -> dict[str, str]:
    """The needed fields that are missing or in doubt, with the likeliest of the free columns by header or values; else ``COLUMN``."""
    found = {c.field: c.column.name for c in made.chosen}
    result = {field: found[field] for field in made.doubts if field in found}
    free = [c for c in profile.columns if c.distinct > 1 and c.name not in found.values()]
    unknown = [c for c in free if max(roles_of(c.name).values(), default=0.0) < LEAST]
    for group in NEEDED[made.table]:
        if not any(field in found for field in group):
            called = [(header_says(field, c.name), field, c.name) for field in group for c in free if c.name not in result.values()]
            fitting = [(fit(field, c, 0.0), field, c.name) for field in group for c in unknown if c.name not in result.values()]
            likeliest = max([*called, *fitting], key=lambda one: one[0], default=(0.0, "", ""))
            result |= {likeliest[1]: likeliest[2]} if likeliest[0] >= OPTIONAL_LEAST else {group[0]: "COLUMN"}
    return result


def _fact_table(ledger: str, profile: Profile, title: str) -> tuple[str | None, bool]:
    """The fact table that the sheet rather is than the table of the ledger it would be, if any; and whether a person should say."""
    found = readings(title, profile)
    if not found:
        return None, False
    columns = taken(candidates(profile, LEDGER[ledger]), NEEDED[ledger], {})
    loadable = missing_field(ledger, {field: c.column.name for field, c in columns.items() if c.confidence >= CERTAIN}) is None
    named = bool(ORDERS_NAME.search(title) or any(pattern.search(title) for _, pattern in _SHEET_NAMES))
    best, open_to_doubt = decide(found, profile.columns, columns, loadable=loadable, named_ledger=named)
    return best.table if best else None, open_to_doubt


def _ledger_table(sheet_name: str, profile: Profile, title: str) -> str:
    """What one row of the sheet is if it is of the sales ledger, from the fields that can be found in it and the sheet's name."""
    best = {c.field: c for c in reversed(candidates(profile, tuple({f for fields in LEDGER.values() for f in fields})))}
    sure = {field for field, c in best.items() if c.confidence >= 0.6}
    customer = sure & set(CUSTOMER_KEYS)
    persons = {best[field].column.name for field in customer}
    product = {field for field in sure & {"product_id", "product_name"} if best[field].column.name not in persons}
    money = bool({"amount", "unit_price"} & sure)
    named = next((table for table, pattern in _SHEET_NAMES if pattern.search(sheet_name)), None) if not ORDERS_NAME.search(sheet_name) else None
    dated = "ordered_at" in sure and best["ordered_at"].column.filled > 0.3
    if _is_payments(best, sure, named=_called_payments(title)) and (named == "payments" or not product):
        return "payments"
    if named == "customers" and customer and not (dated and "order_id" in sure):
        return "customers"
    if named == "products" and product and not dated:
        return "products"
    if dated and (money or customer or product):
        return "sales"
    if customer and _called_sales(profile) and any(repeats(best[field].column) for field in customer):
        return "sales"
    if customer and "order_id" not in sure and not product and (not money or sure & _CONTACT):
        return "customers"
    if _lists_people(profile, best, sure):
        return "customers"
    return "products" if product and not customer and "order_id" not in sure else "sales"


def _lists_people(profile: Profile, best: Mapping[str, Candidate], sure: set[str]) -> bool:
    """Whether every row is another customer and no column is, or is called, the day of an order: then money on it is theirs, not a sale's."""
    named = [best[field].column for field in ("customer_id", "customer_phone", "customer_email") if field in sure]
    once = any(column.distinct == len(column.present) > 1 and column.filled > 0.99 for column in named)
    called = any(header_says("ordered_at", column.name) >= 0.75 for column in profile.columns)
    return once and not called and not {"ordered_at", "order_id"} & best.keys()


def _called_sales(profile: Profile) -> bool:
    """Whether the headers name a date of purchase and an amount, even if their cells cannot be read."""
    return all(any(header_says(field, c.name) >= 0.75 and c.filled > 0.3 for c in profile.columns) for field in ("ordered_at", "amount"))


def _called_payments(title: str) -> bool:
    """Whether a sheet or a file is called payments, and not orders too."""
    return bool(_SHEET_NAMES[0][1].search(title)) and not ORDERS_NAME.search(title)


def _is_payments(best: Mapping[str, Candidate], sure: set[str], *, named: bool) -> bool:
    """Payments have a number of their own, or only payment dates and amounts and no goods; ``named``: they are called so."""
    if "amount" not in sure or "quantity" in sure or not sure & {"order_id", *CUSTOMER_KEYS}:
        return False
    if "payment_id" in sure:
        return True
    paid = named or roles_of(best["amount"].column.name).get("paid_amount", 0.0) >= 0.9
    day = best.get("ordered_at")
    paid = paid or ("order_id" in sure and not sure & {*CUSTOMER_KEYS})
    return paid and (day is None or roles_of(day.column.name).get("paid_at", 0.0) >= 0.9)


def _by_arithmetic(profile: Profile, chosen: dict[str, Candidate], fixed: Mapping[str, str | None]) -> dict[str, Candidate]:
    """Quantity, price and amount proved by multiplication, where the headers do not already say so."""
    result = dict(chosen)
    weak = [f for f in ("quantity", "unit_price", "amount") if f not in fixed and (f not in chosen or chosen[f].confidence < CERTAIN)]
    if not weak:
        return result
    strangers = {c.column.index for f, c in chosen.items() if f not in {"quantity", "unit_price", "amount"} and c.confidence >= CERTAIN}
    found = find_product([c for c in profile.columns if c.index not in strangers])
    if found is None:
        return result
    proved = dict(zip(("quantity", "unit_price", "amount"), found, strict=True))
    result = {f: c for f, c in result.items() if not _misnamed(f, c.column, proved, fixed)}
    for field, column in proved.items():
        agrees = field not in result or result[field].confidence < CERTAIN or result[field].column is column
        served = any(c.column is column and c.confidence >= CERTAIN for f, c in result.items() if f != field)
        if field not in fixed and agrees and not served:
            result = {f: c for f, c in result.items() if c.column is not column or f == field}
            result[field] = Candidate(field, column, max(0.9, result[field].confidence if field in result else 0.0), BY_ARITHMETIC)
    return result


def _misnamed(field: str, column: Column, proved: Mapping[str, Column], fixed: Mapping[str, str | None]) -> bool:
    """Whether a header names a field that arithmetic proves to be another column, itself called so: ``amount`` for the pieces beside ``total``."""
    if field in fixed or field not in proved or proved[field] is column or all(column is not other for other in proved.values()):
        return False
    return header_says(field, proved[field].name) >= LEAST


def _settle_money(profile: Profile, chosen: dict[str, Candidate], fixed: Mapping[str, str | None]) -> dict[str, Candidate]:
    """A price without quantity and amount is the amount; an order's total on its lines gives way to quantity × price."""
    result = dict(chosen)
    amount, price, quantity, order = (result.get(f) for f in ("amount", "unit_price", "quantity", "order_id"))
    if price is not None and quantity is None and "amount" not in fixed and (amount is None or amount.confidence < min(0.6, price.confidence)):
        result.pop("unit_price")
        result["amount"] = replace(price, field="amount", confidence=min(price.confidence, 0.9))
    elif price is not None and quantity is not None and amount is None and not {"amount", "unit_price"} & fixed.keys():
        product = result.get("product_id", result.get("product_name"))
        if product is not None and grows_with_quantity(product.column, quantity.column, price.column):
            result.pop("unit_price")
            result["amount"] = Candidate("amount", price.column, min(price.confidence, 0.9), BY_GROWTH)
    elif amount is not None and price is not None and quantity is not None and order is not None and "amount" not in fixed:
        whole = once_per_order(profile, order.column, amount.column)
        if whole and not multiplies(quantity.column, price.column, amount.column):
            result.pop("amount")
    return result


def _related(profile: Profile, chosen: dict[str, Candidate], options: Sequence[Candidate], *, refunds: bool) -> Draft:
    """The shape of a sales table and what its columns imply for each other."""
    columns = {field: c.column for field, c in chosen.items()}
    order = columns.get("order_id")
    once = tuple(f for f in ("amount", "discount", "refunded") if order is not None and f in columns and once_per_order(profile, order, columns[f]))
    if "amount" in once and _explained(columns):
        once = tuple(f for f in once if f != "amount")
    shape = "amounts" if order is None else "lines" if repeats(order) or {"product_id", "product_name"} & columns.keys() else "orders"
    gross = "amount" in columns and (
        is_gross(columns["amount"], columns.get("discount"), columns.get("quantity"), columns.get("unit_price"))
        or ("discount" in columns and _is_gross_header(columns["amount"].name))
        or taken_off_in_total(columns["amount"], columns.get("discount"), *_beside(profile, columns))
    )
    doubts = [*_doubts("sales", chosen, options), *(["amount_once"] if "amount" in once and len(_filled_lines(columns["amount"])) > 0 else [])]
    fields = {field: column.name for field, column in columns.items()}
    return Draft("sales", shape, tuple(chosen.values()), carried_fields(profile, fields), once, gross, refunds, tuple(doubts))


def _beside(profile: Profile, columns: Mapping[str, Column]) -> tuple[list[Column], list[Column]]:
    """What may stand between the amount and a total: columns of postage and tax; and the columns of numbers that may be that total."""
    free = [c for c in profile.columns if c.numeric > 0.5 and all(c is not taken for taken in columns.values())]
    extras = [c for c in free if max(roles_of(c.name).get("postage", 0.0), roles_of(c.name).get("tax", 0.0)) >= 0.75]
    return extras[:3], [c for c in free if c not in extras and c.distinct > 1]


def _explained(columns: Mapping[str, Column]) -> bool:
    return "quantity" in columns and "unit_price" in columns and multiplies(columns["quantity"], columns["unit_price"], columns["amount"])


def _filled_lines(amount: Column) -> tuple[str, ...]:
    """The amounts of a column that is filled on (nearly) every row; a column blank on further lines leaves no doubt."""
    return amount.present if amount.filled > 0.95 else ()


def _is_gross_header(header: str) -> bool:
    scores = roles_of(header)
    return scores.get("gross_amount", 0.0) > max((s for role, s in scores.items() if role != "gross_amount"), default=0.0)


def _doubts(table: str, chosen: Mapping[str, Candidate], options: Sequence[Candidate]) -> tuple[str, ...]:
    """Needed fields whose column is not certain, or has a rival."""
    doubts: list[str] = []
    for group in NEEDED[table]:
        present = [field for field in group if field in chosen]
        if not present:
            continue
        best = max(present, key=lambda field: chosen[field].confidence)
        if chosen[best].confidence < CERTAIN or ((table not in FACTS or must_be_right(table, best)) and _rival(chosen[best], options, chosen)):
            doubts.append(best)
    return tuple(doubts)


def _rival(winner: Candidate, options: Sequence[Candidate], chosen: Mapping[str, Candidate]) -> bool:
    """Whether another free column is as good for the field and says something else."""
    if winner.reason in {BY_ARITHMETIC, BY_PERSON}:
        return False
    taken = {c.column.index for c in chosen.values()}
    rivals = (c for c in options if c.field == winner.field and c.column.index not in taken and c.column.filled > 0.3)
    return any(winner.confidence - c.confidence < RIVAL and c.column.texts != winner.column.texts for c in rivals)


__all__ = ["BY_VALUES", "CERTAIN", "NEEDED", "PERSON", "Draft", "draft", "missing_field"]
