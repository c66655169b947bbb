"""What every distinct text of some columns means, worked out once: states, currencies, and the forms in which people are compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from regulars.engines.duckdb import Connection
from regulars.ingest.fields import money_fields
from regulars.ingest.mapping import Mapping
from regulars.ingest.read import Sheet
from regulars.ingest.sales_sql import Learned, column_of, full_name, text_of
from regulars.ingest.vocabulary import currency_code, state_of
from regulars.people import normal_address, normal_name, read_email, read_phones

_MOST: Final = 20_000
"""A column with more distinct values than this holds no states."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The sheet whose texts are looked up."""

    connection: Connection
    sheet: Sheet
    mapping: Mapping
    learned: Learned

    def texts(self, field: str, limit: int | None = None) -> list[str]:
        """The distinct texts of a field; none where the sheet has no column for it."""
        column = column_of(self.sheet, self.mapping, field)
        return self.distinct(text_of(self.sheet, self.mapping, self.learned, field), f"(SELECT DISTINCT {column} FROM neat)", limit) if column else []

    def names(self) -> list[str]:
        """The distinct names of people, put together where they stand in two columns."""
        parts = {field: text_of(self.sheet, self.mapping, self.learned, field) for field in ("customer_name", "family_name", "given_name")}
        columns = ", ".join(f"{text} AS {field}" for field, text in parts.items())
        given = ", ".join(column for field in parts if (column := column_of(self.sheet, self.mapping, field)))
        return self.distinct(full_name(self.mapping.language), f"(SELECT {columns} FROM (SELECT DISTINCT {given} FROM neat))") if given else []

    def distinct(self, expression: str, table: str, limit: int | None = None) -> list[str]:
        """The distinct texts of an expression."""
        some = f" LIMIT {limit}" if limit is not None else ""
        rows = self.connection.execute(f"SELECT DISTINCT {expression} AS text FROM {table} ORDER BY 1 NULLS LAST{some}").fetchall()
        return [row[0] for row in rows if row[0] is not None]  # said in SQL, it would be worked out for every row

    def register(self, name: str, written: Sequence[str], **meanings: Iterable[str | None]) -> None:
        """Register a table of texts as written and what they mean."""
        columns = {column: pa.array(list(values), pa.string()) for column, values in meanings.items()}
        self.connection.register(name, pa.table({"written": pa.array(written, pa.string()), **columns}))


def look_up(connection: Connection, sheet: Sheet, mapping: Mapping, learned: Learned, *, currency: str | None) -> None:
    """Fill the tables ``states``, ``codes``, ``phones``, ``emails``, ``names`` and ``addresses``; each has the text as ``written``."""
    source = _Source(connection, sheet, mapping, learned)
    states = {text: state_of(text) for field in ("status", "kind") for text in source.texts(field, _MOST)}
    money = next((column for field in money_fields(mapping.table) if (column := column_of(sheet, mapping, field))), None)
    signs = source.distinct(f"money_sign({money})", f"(SELECT DISTINCT {money} FROM neat)", _MOST) if money else []
    codes = {text: code for text in [*source.texts("currency", _MOST), *signs] if (code := currency_code(text, currency))}
    source.register("states", list(states), state=states.values())
    source.register("codes", list(codes), code=codes.values())
    _look_up_people(source, currency)


def _look_up_people(source: _Source, currency: str | None) -> None:
    """Phones and e-mail addresses with what is wrong with them; names and postal addresses in their form for comparison."""
    phones = read_phones(source.texts("customer_phone"), language=source.mapping.language, currency=currency)
    source.register("phones", list(phones), number=(phone.number for phone in phones.values()), problem=(phone.problem for phone in phones.values()))
    emails = {text: read_email(text) for text in source.texts("customer_email")}
    source.register("emails", list(emails), address=(email.address for email in emails.values()), problem=(email.problem for email in emails.values()))
    names = source.names()
    source.register("names", names, normal=map(normal_name, names))
    addresses = source.texts("address")
    source.register("addresses", addresses, normal=map(normal_address, addresses))
