"""What kind of file is it? Decided by its content; a name that says otherwise is noted, not believed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from regulars.errors import N_, RegularsError, Words, error
from regulars.ingest.content import Content, Kind, Room, Table
from regulars.ingest.database import open_sqlite
from regulars.ingest.encoding import detect
from regulars.ingest.markup import is_markup, open_markup
from regulars.ingest.objects import open_json
from regulars.ingest.packed import TOO_DEEP, unpack_gzip, unpack_zip
from regulars.ingest.reasons import HIDDEN, LEFT_OUT, WRONG_ENDING, Note
from regulars.ingest.text_table import LOOKED_AT, open_text
from regulars.ingest.typed import open_parquet
from regulars.ingest.workbook import open_workbook

KINDS: Final[dict[Kind, tuple[str, frozenset[str]]]] = {
    "csv": (N_("plain text"), frozenset({".csv", ".tsv", ".txt", ".tab", ".dat", ".psv", ".prn"})),
    "xlsx": (N_("a workbook"), frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et"})),
    "parquet": (N_("a Parquet file"), frozenset({".parquet", ".pq"})),
    "json": (N_("JSON"), frozenset({".json", ".jsonl", ".ndjson"})),
    "html": (N_("a web page"), frozenset({".html", ".htm", ".mht", ".xml"})),
    "sqlite": (N_("an SQLite database"), frozenset({".db", ".sqlite", ".sqlite3", ".db3"})),
    "zip": (N_("a zip archive"), frozenset({".zip"})),
}
"""Kind → what it is, and the endings its files have."""
_FOREIGN: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
)
_JSON: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{\]])')
_DEEPEST: Final = 2


def open_content(path: Path, shown: str, room: Room, depth: int = 0) -> Content:
    """Open a file by its content. ``shown`` is the name a person knows it by; it is unpacked into ``room``.

    Errors: ``file_kind_unknown``, ``file_empty``, ``file_damaged``, ``file_protected``, ``file_too_large``, ``archive_unsafe``,
    ``json_broken``, ``columns_too_many``, ``line_too_long``, ``disk_full``.
    """
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    if not start:
        raise error("file_empty", path=shown, found="0 bytes")
    if start.startswith(b"\x1f\x8b"):
        if depth >= _DEEPEST:
            raise error("archive_unsafe", path=shown, found=Words(TOO_DEEP))
        return open_content(unpack_gzip(path, shown, room), shown, room, depth + 1)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not _is_workbook(path, start):
        return _open_zip(path, shown, room, depth)
    content = _open_plain(path, shown, start, room)
    return Content(content.kind, content.tables, content.encoding, content.delimiter, (*content.notes, *_ending_noted(shown, content.kind)))


def _open_plain(path: Path, shown: str, start: bytes, room: Room) -> Content:
    """A file that is not packed."""
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        sheets, hidden = open_workbook(path, shown)
        notes = (Note(HIDDEN, (("names", ", ".join(hidden)),)),) if hidden else ()
        return Content("xlsx", tuple(Table(name, rows) for name, rows in sheets), notes=notes)
    if start.startswith(b"PAR1"):
        return open_parquet(path, shown, room)
    if start.startswith(b"SQLite format 3\0"):
        return open_sqlite(path, shown, room)
    foreign = next((name for mark, name in _FOREIGN if start.startswith(mark)), None)
    encoding = None if foreign else detect(start, whole=len(start) < LOOKED_AT)
    if encoding is None:
        raise error("file_kind_unknown", path=shown, found=foreign or "binary data")
    head = start.decode(encoding, errors="replace").lstrip("\ufeff")
    if is_markup(head):
        return open_markup(path, shown, encoding, head, room)
    if _JSON.match(head):
        return open_json(path if encoding == "utf-8" else _in_utf8(path, encoding, room), shown, room)
    table = open_text(path, shown, encoding, head, whole=len(start) < LOOKED_AT)
    return Content("csv", (Table("", table.rows, text=table),), table.encoding, table.delimiter)


def _in_utf8(path: Path, encoding: str, room: Room) -> Path:
    """A copy of a text in UTF-8."""
    target = room.place()
    with room.writing(), path.open(encoding=encoding, errors="replace") as source, target.open("w", encoding="utf-8") as file:
        while piece := source.read(LOOKED_AT):
            file.write(piece)
    return target


def _is_workbook(path: Path, start: bytes) -> bool:
    """Whether a zip is a workbook: what it holds says so, or if it is broken, how it begins."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return any(mark in start for mark in (b"xl/", b"[Content_Types]", b"mimetype"))
    return "[Content_Types].xml" in names or ("mimetype" in names and "content.xml" in names)


def _open_zip(path: Path, shown: str, room: Room, depth: int) -> Content:
    """Every table of every file in a zip; files that are none are named. The first problem if nothing in it can be read."""
    if depth >= _DEEPEST:
        raise error("archive_unsafe", path=shown, found=Words(TOO_DEEP))
    tables: list[Table] = []
    notes: list[Note] = []
    problems: list[tuple[str, RegularsError]] = []
    opened: list[Content] = []
    for name, member in unpack_zip(path, shown, room):
        try:
            content = open_content(member, f"{shown}: {name}", room, depth + 1)
        except RegularsError as problem:
            if problem.code in {"archive_unsafe", "disk_full"}:
                raise
            problems.append((name, problem))
            continue
        opened.append(content)
        notes.extend(content.notes)
        tables.extend(replace(table, name=f"{name}: {table.name}" if table.name else name) for table in content.tables)
    if not tables:
        raise problems[0][1] if problems else error("file_empty", path=shown, found="0 files")
    if problems:
        notes.append(Note(LEFT_OUT, (("names", ", ".join(name for name, _ in problems)),)))
    single = opened[0] if len(opened) == 1 else Content("zip", ())
    return Content(single.kind, tuple(tables), single.encoding, single.delimiter, tuple(notes))


def _ending_noted(shown: str, kind: Kind) -> tuple[Note, ...]:
    """A note where the ending promises another kind of file."""
    ending = Path(shown.removesuffix(".gz")).suffix.lower()
    promised = next((other for other, (_, endings) in KINDS.items() if ending in endings), None)
    if promised is None or promised == kind:
        return ()
    return (Note(WRONG_ENDING, (("file", Path(shown).name), ("kind", KINDS[kind][0]))),)
