"""JSON, as one list, as lines, or as a list inside an object: every object a row, or one for each of its goods."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from regulars.engines.duckdb import Failure, literal, scratch
from regulars.errors import N_, Words, error
from regulars.ingest.content import Content, Room, Row, Table

LARGEST_OBJECT: Final = 256 * 1024**2
"""Bytes of one object, which is held in memory; a list or lines may be of any size."""
GOODS: Final = frozenset(
    {"items", "lineitems", "lines", "products", "orderitems", "goods", "orderlines", "details", "positions", "товари", "позиції", "商品", "明细"}
)
"""What the list of goods of an order is called, without case and underscores."""
DEEPEST: Final = 8
_BATCH: Final = 2_000

NOT_OBJECTS: Final = N_("it is a list of values, not of objects")
MALFORMED: Final = N_("it ends too early, or is no JSON there")


def open_json(path: Path, shown: str, room: Room) -> Content:
    """A JSON file in UTF-8. Errors ``json_broken`` with the line, ``file_empty``, ``columns_too_many``, ``file_too_large``."""
    try:
        with scratch() as connection:
            first = connection.execute(f"SELECT json::VARCHAR {_objects(path)} LIMIT 2").fetchall()
            if len(first) == 1 and (lists := _lists(_load(first[0][0]))):
                return Content("json", tuple(objects_table(name, found, room, shown) for name, found in lists))
            cursor = connection.execute(f"SELECT json::VARCHAR {_objects(path)}")
            loaded = (_load(row[0]) for rows in iter(lambda: cursor.fetchmany(_BATCH), []) for row in rows)
            return Content("json", (objects_table("", loaded, room, shown),))
    except Failure as reason:
        if "maximum_object_size" in str(reason):
            raise error("file_too_large", path=shown, limit=LARGEST_OBJECT // 1024**2) from reason
        raise error("json_broken", path=shown, line=_broken_line(path), reason=Words(MALFORMED)) from reason
    except (ValueError, RecursionError) as reason:
        raise error("json_broken", path=shown, line=_broken_line(path), reason=Words(MALFORMED)) from reason


def objects_table(name: str, found: Iterable[Any], room: Room, shown: str) -> Table:
    """A list of objects as a table: ``customer.name`` for what is nested, a row for each of the goods."""
    columns: dict[str, int] = {}
    rows = room.keep(_laid_out(found, columns, shown), shown)
    if not columns:
        raise error("file_empty", path=shown, found="{}")
    return Table(name, rows, tuple(columns))


def _objects(path: Path) -> str:
    size = min(max(path.stat().st_size + 1024, 1024**2), LARGEST_OBJECT)
    return f"FROM read_json_objects({literal(path)}, format='auto', maximum_object_size={size})"


def _load(text: str) -> Any:
    """A JSON text with its numbers as written: an id of twenty digits keeps them all."""
    return json.loads(text, parse_int=str, parse_float=_fraction)


def _fraction(written: str) -> str:
    """A fraction of three places gets a fourth, so that 1.250 is never taken for 1,250."""
    whole, point, places = written.partition(".")
    return f"{whole}.{places}0" if point and len(places) == 3 and places.isdigit() else written


def _lists(found: Any, depth: int = 0) -> list[tuple[str, list[Any]]]:
    """The lists of objects in a file of one object, each a table: ``{"orders": […], "customers": […], "page": 1}``.

    An order by itself, with its goods as the list, is none: it is one object.
    """
    if not isinstance(found, dict) or depth > 2 or (depth == 0 and any(_is_goods(key) for key in found) and len(found) > 2):
        return []
    lists = [(key, value) for key, value in found.items() if isinstance(value, list) and value and all(isinstance(one, dict) for one in value)]
    scalars = sum(not isinstance(value, (dict, list)) for value in found.values())
    if lists and (depth or scalars <= 8):
        return lists
    return [one for value in found.values() if isinstance(value, dict) for one in _lists(value, depth + 1)]


def _laid_out(found: Iterable[Any], columns: dict[str, int], shown: str) -> Iterator[Row]:
    """Rows of cells by ``columns``, which grows as new names come."""
    number = 0
    for one in found:
        if not isinstance(one, dict):
            raise error("file_kind_unknown", path=shown, found=Words(NOT_OBJECTS))
        for flat in _exploded(one):
            number += 1
            cells: list[str | None] = [None] * len(columns)
            for name, value in flat:
                index = columns.setdefault(name, len(columns))
                if index == len(cells):
                    cells.append(None)
                cells[index] = value
            yield number, cells


def _exploded(one: dict[str, Any]) -> Iterator[list[tuple[str, str | None]]]:
    """An order as one row for each of its goods; what is the order's own stands on every row."""
    goods = next((key for key, value in one.items() if _is_goods(key) and _of_objects(value)), None)
    if goods is None:
        lists = [key for key, value in one.items() if _of_objects(value)]
        goods = lists[0] if len(lists) == 1 else None
    own = list(_flat({key: value for key, value in one.items() if key != goods}))
    for line in one[goods] if goods else [{}]:
        yield own + list(_flat(line, f"{goods}."))


def _is_goods(key: str) -> bool:
    return key.casefold().replace("_", "").replace("-", "").replace(" ", "") in GOODS


def _of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _flat(value: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str | None]]:
    for key, cell in value.items():
        name = f"{before}{key}"
        if isinstance(cell, dict) and depth < DEEPEST:
            yield from _flat(cell, f"{name}.", depth + 1)
        elif isinstance(cell, list) and not any(isinstance(one, (dict, list)) for one in cell):
            yield name, ", ".join(str(one) for one in cell if one is not None) or None
        elif isinstance(cell, (dict, list)):
            yield name, json.dumps(cell, ensure_ascii=False)
        else:
            yield name, None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def _broken_line(path: Path) -> int:
    """The line at which the JSON stops making sense."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        number = 0
        for line in lines:
            number += 1
            if line.strip() and not _is_whole(line):
                break
        if number > 1:
            return number
    if path.stat().st_size <= LARGEST_OBJECT:
        try:
            json.loads(path.read_text(encoding="utf-8", errors="replace"))
        except json.JSONDecodeError as reason:
            return reason.lineno
        except RecursionError:
            return 1
    return number


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
