"""What is known of the deliveries themselves: which came, what was not loaded, what is wrong with what was."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_
from regulars.schema.model import SOURCE, F, Table

_REJECTED: Final = (
    F("about", "text", N_("Table the row was meant for")),
    F("reason", "text", N_("Why, as a key: date_missing, date_unreadable, number_unreadable, total_row …")),
    F("field", "text", N_("The column at fault")),
    F("value", "text", N_("The value at fault"), personal=True),
    F("row", "text", N_("The whole row as written, as JSON"), personal=True),
)

_PROBLEM: Final = (
    F("about", "text", N_("Table the row is of")),
    F("rule", "text", N_("The rule that found it, as a key")),
    F("field", "text", N_("The field it is about")),
    F("value", "text", N_("The value at fault"), personal=True),
    F("record_id", "text", N_("Key of the record: order, customer, product …")),
    F("customer_id", "text", N_("The customer's key; null if unknown")),
    F("staff", "text", N_("Who sold or entered it")),
    F("amount", "money", N_("Money on the row")),
    F("currency", "text", N_("ISO 4217 code")),
    F("happened_on", "date", N_("Day of the row")),
    F("because_of", "text", N_("The earlier delivery that shows it, where one row alone does not")),
)

_FIELD_COUNTS: Final = (
    F("about", "text", N_("Table")),
    F("field", "text", N_("Field")),
    F("staff", "text", N_("Who sold or entered it; null if the file does not say")),
    F("records", "integer", N_("Rows loaded")),
    F("filled", "integer", N_("Rows in which the field is filled")),
    F("distinct_values", "integer", N_("Different values")),
)

_VALUE_COUNTS: Final = (
    F("about", "text", N_("Table")),
    F("field", "text", N_("Field")),
    F("bucket", "text", N_("Value, or class of values: the most frequent ones by name, numbers by power of two, days by month")),
    F("records", "integer", N_("Rows")),
)

_KEY: Final = tuple(F(f.name, f.type, f.meaning, key=True) for f in SOURCE)

_TOLD: Final = (
    ("rejected", N_("A row of a file that could not be loaded, kept whole"), _REJECTED),
    ("problems", N_("Something wrong or peculiar about one loaded row, found by a rule"), _PROBLEM),
    ("field_counts", N_("How full one field of one delivery is, by who entered it"), _FIELD_COUNTS),
    ("value_counts", N_("How often one value, or class of values, stands in one field of one delivery"), _VALUE_COUNTS),
)

_MENDED: Final = (
    F("origin_import", "text", N_("Delivery in which the row was not loaded")),
    F("origin_sheet", "text", N_("Sheet in which it stood")),
    F("origin_row", "integer", N_("Row in that file")),
)

DELIVERED: Final = (
    *(Table(name, row_is, (*SOURCE, *fields)) for name, row_is, fields in _TOLD),
    Table("mended", N_("A row that was not loaded, mended and given back"), (*SOURCE, *_MENDED)),
)
"""What an import writes beside the rows that it loads."""

SERVED: Final = (
    Table(
        "deliveries",
        N_("One delivery of the snapshot"),
        (
            F("import_id", "text", N_("Delivery"), key=True),
            F("file", "text", N_("Name of the file or table")),
            F("loaded_at", "timestamp", N_("When it was loaded: since when its rows are known, in universal time")),
            F("source", "text", N_("System that wrote it, where that was recognised")),
            F("rows_in", "integer", N_("Rows of the file")),
            F("rows_loaded", "integer", N_("Rows loaded")),
            F("rows_rejected", "integer", N_("Rows not loaded")),
        ),
    ),
    *(
        Table(
            name,
            row_is,
            (
                *_KEY,
                *(F("book", "text", N_("Book: rows of one currency that may be added up")) if f.name == "currency" else f for f in fields),
                *((F("set_aside", "flag", N_("Whether the rule is switched on and takes the row out of the figures")),) if name == "problems" else ()),
            ),
        )
        for name, row_is, fields in _TOLD
    ),
)
"""What a snapshot says of its deliveries. It tells of all the data: a reader with limited rights sees none of it."""
