"""Parameters on a command line: options derived from the fields of an analysis, and the analysis from what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from regulars.errors import N_, error
from regulars.i18n import Reader
from regulars.surfaces.spoken import Option

if TYPE_CHECKING:
    import pyarrow as pa

    from regulars.analysis import Analysis
    from regulars.units import Column

RESERVED: Final = frozenset({"workspace", "book", "output", "where", "population", "people", "limit", "language", "json", "quiet", "verbose", "help"})
"""Options of the commands themselves; no parameter may be called so."""

Schema = Mapping[str, Any]


def options(analysis: type[Analysis]) -> list[Option]:
    """One option per parameter, in the order of the fields: its description, its default, what is allowed."""
    schema = analysis.model_json_schema()["properties"]
    return [_option(analysis, name, schema[name]) for name in analysis.model_fields]


def _option(analysis: type[Analysis], name: str, schema: Schema) -> Option:
    flag = f"--{name.replace('_', '-')}"
    described = {"help": analysis.model_fields[name].description or "", "shown_default": written(analysis.model_fields[name].default)}
    kinds = _kinds(schema)
    if "boolean" in kinds:
        return Option(f"{flag}/--no-{flag[2:]}", name, default=None, **described)
    choices = [str(value) for part in _parts(schema) for value in part.get("enum", ())]
    values = choices or (_dimensions(analysis) if name == "by" else [])
    bounds = analysis.allowed(name)
    many = _LISTS if _nested(schema) else _LIST
    metavar = "|".join(choices) or (many if "array" in kinds else _NUMBER if kinds & {"integer", "number"} else _DATE if "date" in kinds else _TEXT)
    return Option(flag, name, metavar=metavar, allowed=bounds if set("≥≤<>") & set(bounds) and "array" not in kinds else "", values=values, **described)


_LISTS, _LIST, _NUMBER, _DATE, _TEXT = N_("A,B;C,D;…"), N_("A,B,…"), N_("NUMBER"), N_("YYYY-MM-DD"), N_("TEXT")


def _dimensions(analysis: type[Analysis]) -> list[str]:
    """What an analysis can be split by: its own dimensions, and what other analyses say of each customer."""
    import regulars as rg

    return [*analysis().known_dimensions, *(one.label.dimension for one in rg.ANALYSES if one.label)]


def _parts(schema: Schema) -> Iterator[Schema]:
    """A schema and what it may be instead."""
    yield schema
    yield from schema.get("anyOf", ())


def _kinds(schema: Schema) -> set[str]:
    return {part[key] for part in _parts(schema) for key in ("type", "format") if key in part}


def _nested(schema: Schema) -> bool:
    """Whether a parameter is a list of lists."""
    inner = [item for part in _parts(schema) for item in (*part.get("prefixItems", ()), part.get("items")) if isinstance(item, dict)]
    return any(item.get("type") == "array" for item in inner)


def written(value: object) -> str:
    """A parameter's value as it is typed: lists with commas, lists of lists with semicolons; None is not typed at all."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | tuple():
            return (";" if any(isinstance(item, (list, tuple)) for item in value) else ",").join(map(written, value))
    return str(value)


def asked(analysis: type[Analysis], given: Mapping[str, Any]) -> Analysis:
    """The analysis with the parameters that were typed; the others keep their defaults. What is wrong is a named error."""
    schema = analysis.model_json_schema()["properties"]
    typed = {name: value for name, value in given.items() if value is not None}
    return analysis(**{name: _parsed(value, schema[name]) if name in schema else value for name, value in typed.items()})


def _parsed(value: Any, schema: Schema) -> Any:
    """Lists taken apart; everything else is read by the model itself."""
    if isinstance(value, str) and "array" in _kinds(schema):
        return [_pieces(axis) for axis in value.split(";")] if _nested(schema) else _pieces(value)
    return value


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def pairs(given: Sequence[str], option: str) -> list[tuple[str, str]]:
    """``name=value`` as typed after an option that may be repeated."""
    for text in given:
        if not text.partition("=")[1] or not text.partition("=")[0].strip():
            raise error("value_wrong", name=option, value=text, allowed="NAME=VALUE")
    return [(name.strip(), value.strip()) for name, _, value in (text.partition("=") for text in given)]


def conditions(columns: Mapping[str, Column], schema: pa.Schema, given: Sequence[str], reader: Reader) -> dict[str, Any]:
    """What ``--where`` says, each value in the type of its column. Several values, with commas or by naming the column again, mean any of them."""
    found: dict[str, list[Any]] = {}
    for name, text in pairs(given, "--where"):
        if name not in schema.names:
            found[name] = [text]
            continue
        words, kind = bool(columns[name].values), schema.field(name).type
        pieces = [piece.strip() for piece in text.split(",")] if words or not _is_text(kind) else [text]
        found.setdefault(name, []).extend(columns[name].key(name, piece, reader) if words and piece else _value(name, kind, piece) for piece in pieces)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _value(name: str, kind: pa.DataType, text: str) -> Any:
    """A value as typed, in a column's own type; nothing at all is null."""
    from pyarrow import types

    if not text:
        return None
    try:
        if types.is_integer(kind):
            return int(text)
        if types.is_decimal(kind) or types.is_floating(kind):
            return Decimal(text)
        if types.is_date(kind):
            return date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")
        if types.is_boolean(kind):
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
    except (InvalidOperation, ValueError, KeyError):
        allowed = "YYYY-MM-DD" if types.is_date(kind) else "yes, no" if types.is_boolean(kind) else "1, 2, 3 …" if types.is_integer(kind) else "1, 2.5 …"
        raise error("value_wrong", name=name, value=text, allowed=allowed) from None
    return text
