"""What is asked of a person before a sheet is loaded: what is in doubt, in words, and the line that settles it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping as MappingLike
from typing import TYPE_CHECKING, Final

from regulars.errors import N_, RegularsError, Words, error
from regulars.ingest.fields import CUSTOMER_KEYS, FIELDS, TABLE_FIELDS, words_of
from regulars.ingest.read import Sheet

if TYPE_CHECKING:
    from regulars.ingest.mapping import Mapping

DOUBTS: Final[dict[str, str]] = {
    **FIELDS,
    "table": N_("what one row of the sheet is"),
    "date_order": N_("whether the day or the month comes first"),
    "decimal": N_("whether 1,234 means one thousand or one and a bit"),
    "amount_once": N_("whether the amount is the whole order's, repeated on every line"),
}
"""What can be in doubt, in words; for a field: which column holds it."""

_OPEN: Final = {"date_order": "DMY-OR-MDY", "decimal": "POINT-OR-COMMA"}
"""What stands in a ready line for a reading that the file leaves open: nothing that could be run unread."""


def settled(mapping: Mapping) -> dict[str, str]:
    """The settings that agree with what was proposed wherever it is in doubt; ``COLUMN`` where nothing was."""
    known = {
        **mapping.fields,
        "table": mapping.table,
        "date_order": mapping.date_order,
        "decimal": mapping.decimal,
        "amount_once": "yes" if "amount" in mapping.once else "no",
    }
    return {doubt: known.get(doubt, "COLUMN") for doubt in dict.fromkeys(mapping.doubts)}


def confirm_line(sheet: Sheet, mapping: Mapping) -> str:
    """The command that settles every doubt of a mapping, filled in with what was proposed; how to read days and numbers is left to the person."""
    return _line(sheet, {name: _OPEN.get(name, value) for name, value in settled(mapping).items()})


def _line(sheet: Sheet, settings: MappingLike[str, str]) -> str:
    """The command that sets the columns of a sheet."""
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    return shlex.join(["regulars", "map", str(sheet.path), *(["--sheet", sheet.name] if sheet.name else []), *words])


def missing(sheet: Sheet, table: str, field: str, settings: MappingLike[str, str]) -> RegularsError:
    """The error where no column can be a needed field, with the line that sets everything that is missing or in doubt."""
    columns = ", ".join(map(repr, sheet.columns))
    return error("column_missing", path=str(sheet.path), wanted=Words(words_of(table, field)), columns=columns, line=_line(sheet, settings))


def nobody_named(sheet: Sheet) -> RegularsError:
    """The error where the column taken for the customer names nobody in any row that is loaded."""
    return missing(sheet, "sales", CUSTOMER_KEYS[0], {CUSTOMER_KEYS[0]: "COLUMN"})


def words_in_doubt(table: str, doubt: str) -> str:
    """What is in doubt about a sheet of a table, in words; for a field: which column holds it."""
    return DOUBTS[doubt] if doubt in DOUBTS and doubt not in TABLE_FIELDS[table] else words_of(table, doubt)


def unsure(sheet: Sheet, mapping: Mapping) -> RegularsError:
    """The error to raise before loading with a mapping that has doubts."""
    doubts = [Words(words_in_doubt(mapping.table, doubt)) for doubt in dict.fromkeys(mapping.doubts)]
    return error("mapping_unsure", path=str(sheet.path), doubts=doubts, line=confirm_line(sheet, mapping))
