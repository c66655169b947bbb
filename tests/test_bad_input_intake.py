"""What goes wrong at the door of a workspace that holds good orders: a named error, nothing lost, nothing left behind, and the mended thing is loaded.

The same at the door of the readers alone: ``test_ingest_bad_files.py``, ``test_ingest_packed.py``; of the machine: ``test_bad_machine.py``.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import struct
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
import test_bad_machine
from nasty_files import database, delimited, objects, ods, packed, page, parquet, xls, xlsx, zipped
from order_files import HEADER, as_csv, good_shop, orders, revenue, teaches, write
from regulars.ingest.read import open_source
from test_ingest_bad_files import compound

small_disk = test_bad_machine.small_disk
ROWS = [HEADER, *orders(40, prefix="N")]
TYPED = [[str(cell) for cell in row] for row in ROWS]
TEXT = as_csv(HEADER, ROWS[1:])


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """A workspace with 60 good orders: 600.00."""
    with good_shop(tmp_path) as workspace:
        yield workspace


def held(shop: Any) -> tuple[str, set[str], int]:
    """What a workspace holds: its snapshot, its files, its deliveries."""
    return shop.snapshot.id, {str(path.relative_to(shop.folder)) for path in shop.folder.rglob("*")}, len(shop.imports)


def refused(shop: Any, path: Path | str, code: str) -> None:
    """A named error that teaches; the workspace holds what it held."""
    before = held(shop)
    with pytest.raises(rg.RegularsError) as problem:
        shop.load(path)
    assert problem.value.code == code, str(problem.value)
    teaches(problem.value)
    assert held(shop) == before
    assert revenue(shop) == 600


def loads(shop: Any, path: Path | str) -> None:
    """What is mended is loaded by the same line, whole and once."""
    done = shop.load(path)
    assert (done.rows_in, done.rows_loaded) == (40, 40)
    assert shop.load(path).already_loaded
    assert revenue(shop) == 1000


# --- names that lie -------------------------------------------------------------------------------------------------

GOOD: dict[str, bytes] = {
    "csv": TEXT,
    "xlsx": xlsx({"Orders": ROWS}),
    "xls": xls({"Orders": ROWS}),
    "ods": ods({"Orders": ROWS}),
    "html": page(ROWS),
    "json": objects(ROWS),
    "parquet": parquet(TYPED),
    "db": database({"orders": TYPED}),
    "zip": zipped({"orders.csv": TEXT}),
    "gz": packed(TEXT),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_wrong_ending_is_noted_and_the_content_believed(kind: str, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "parquet", "zip", "pdf", ""):
        source = open_source(write(tmp_path / f"orders.{ending}".rstrip("."), GOOD[kind]))
        assert [sum(1 for _ in sheet.rows()) for sheet in source.sheets] == [40]
        believed = kind in {"zip", "gz"} or ending in {"", "pdf", kind} or (kind in {"xls", "ods"} and ending == "xlsx")
        assert believed or [dict(note.values)["file"] for note in source.notes] == [f"orders.{ending}"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.xlsx", b"%PDF-1.7\n"),
        ("orders.csv", b"\x89PNG\r\n\x1a\n\0\0"),
        ("orders.zip", b"Rar!\x1a\7\0"),
        ("orders.db", b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8"),
    ],
)
def test_what_is_no_table_at_all(name: str, content: bytes, shop: Any, tmp_path: Path) -> None:
    refused(shop, write(tmp_path / name, content), "file_kind_unknown")
    loads(shop, write(tmp_path / name, TEXT))


# --- downloads and archives -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "codes"), [("gz", "file_damaged"), ("zip", "file_damaged"), ("xlsx", "file_damaged"), ("parquet", "file_damaged"), ("db", "file_damaged"), ("json", "json_broken")])  # fmt: skip
def test_a_download_that_stopped_half_way(kind: str, codes: str, shop: Any, tmp_path: Path) -> None:
    path = tmp_path / f"orders.{kind}"
    refused(shop, write(path, GOOD[kind][: len(GOOD[kind]) * 2 // 3]), codes)
    loads(shop, write(path, GOOD[kind]))


def bomb() -> bytes:
    """A zip of 100 KB that holds 100 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("orders.csv", "w") as member:
        for _ in range(100):
            member.write(b"1,2,3\n" * 174_762)
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [bomb, lambda: zipped({"../../shop/regulars.toml": TEXT}), lambda: zipped({"/tmp/orders.csv": TEXT})], ids=["bomb", "up", "root"]
)
def test_archives_that_mean_harm(content: Callable[[], bytes], shop: Any, tmp_path: Path) -> None:
    told = (shop.folder / "regulars.toml").read_bytes()
    refused(shop, write(tmp_path / "orders.zip", content()), "archive_unsafe")
    assert (shop.folder / "regulars.toml").read_bytes() == told
    loads(shop, write(tmp_path / "orders.zip", GOOD["zip"]))


# --- tables beyond measure ------------------------------------------------------------------------------------------


def test_ten_thousand_columns(shop: Any, tmp_path: Path) -> None:
    wide = [[*row, *(f"x{i}" for i in range(10_000))] for row in ROWS[:5]]
    refused(shop, write(tmp_path / "wide.csv", delimited(wide)), "columns_too_many")


@pytest.mark.parametrize(
    "first", [b"x" * 1_000_000, TEXT.ljust(1_000_001, b"x"), b"order_id,customer_id\n"], ids=["one line", "after a table", "mostly nothing"]
)
def test_one_line_of_a_gigabyte(first: bytes, shop: Any, tmp_path: Path) -> None:
    """The hole in the file takes no room on the disk; of a gigabyte that is one line no more than a few megabytes are held."""
    with (tmp_path / "huge.csv").open("wb") as file:
        file.write(first)
        file.truncate(1_000_000_000)
    began = time.process_time()
    refused(shop, tmp_path / "huge.csv", "line_too_long")
    assert time.process_time() - began < 10


def test_one_packed_line_of_a_gigabyte(shop: Any, tmp_path: Path) -> None:
    piece = gzip.compress(b"a," * 5_000_000, mtime=0)
    refused(shop, write(tmp_path / "huge.csv.gz", piece * 100), "archive_unsafe")


# --- headers and zeros ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("doubled", ["unit_price", "name", "ordered_at"])
def test_headers_that_stand_there_twice(doubled: str, shop: Any, tmp_path: Path) -> None:
    """The second column of a name is another column; its cells are not lost, and the figures are those of the first."""
    at = HEADER.index(doubled)
    rows = [[*row, doubled if i == 0 else row[at]] for i, row in enumerate(ROWS)]
    loads(shop, write(tmp_path / "twice.csv", delimited(rows)))


def test_headers_that_are_spelled_otherwise_than_last_time(shop: Any, tmp_path: Path) -> None:
    """Found by fuzzing: what is remembered of ``order_id`` is meant for ``Order ID`` too, and was looked for by the old name."""
    head = [name.replace("_", " ").upper() for name in HEADER]
    loads(shop, write(tmp_path / "spelled.csv", delimited([head, *ROWS[1:]])))


@pytest.mark.parametrize("letters", ["utf-8", "cp1251", "gb18030", "utf-16"])
def test_zero_bytes_between_and_behind_the_rows(letters: str, shop: Any, tmp_path: Path) -> None:
    text = TEXT.decode().replace("Person 7", "Per\0son 7") + "\0" * 30
    loads(shop, write(tmp_path / "zeros.csv", text.encode(letters)))


# --- workbooks ------------------------------------------------------------------------------------------------------


def protected_xls() -> bytes:
    """An old workbook whose stream says, right after its beginning, that the rest is encrypted."""
    data = xls({"Orders": ROWS})
    start = data.index(struct.pack("<HHH", 0x809, 16, 0x600))
    locked = struct.pack("<HH", 0x2F, 54) + struct.pack("<HHH", 1, 1, 1) + b"\1" * 48
    return data[: start + 20] + locked + data[start + 20 + len(locked) :]


def protected_ods() -> bytes:
    """A workbook of LibreOffice whose manifest names a cipher."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    cipher = '<manifest:encryption-data><manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></manifest:encryption-data>'
    entry = f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{cipher}</manifest:file-entry>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}</manifest:manifest>'
    return zipped({"mimetype": kind.encode(), "content.xml": bytes(range(256)), "META-INF/manifest.xml": manifest.encode()})


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", lambda: compound("EncryptionInfo", "EncryptedPackage")), ("a.xls", protected_xls), ("a.ods", protected_ods)],
    ids=["xlsx", "xls", "ods"],
)
def test_a_password(name: str, content: Callable[[], bytes], shop: Any, tmp_path: Path) -> None:
    refused(shop, write(tmp_path / name, content()), "file_protected")
    loads(shop, write(tmp_path / name, GOOD[name[2:]]))


@pytest.mark.parametrize("damage", [lambda text: text[: len(text) // 2], lambda _: b"\xff\xfe\0"], ids=["cut", "garbage"])
def test_a_corrupt_sheet_of_a_workbook(damage: Callable[[bytes], bytes], shop: Any, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD["xlsx"])) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            bad.writestr(name, damage(good.read(name)) if name.endswith("sheet1.xml") else good.read(name))
    refused(shop, write(tmp_path / "orders.xlsx", file.getvalue()), "file_damaged")
    loads(shop, write(tmp_path / "orders.xlsx", GOOD["xlsx"]))


def test_an_old_workbook_that_runs_in_circles(shop: Any, tmp_path: Path) -> None:
    """Found by fuzzing: a sector that follows itself filled the memory until the process was killed."""
    data = bytearray(GOOD["xls"])
    (directory,), (table,) = struct.unpack_from("<i", data, 48), struct.unpack_from("<i", data, 76)
    struct.pack_into("<i", data, (table + 1) * 512 + directory * 4, directory)
    refused(shop, write(tmp_path / "orders.xls", bytes(data)), "file_damaged")
    loads(shop, write(tmp_path / "orders.xls", GOOD["xls"]))


def test_prices_that_multiply_beyond_measure(shop: Any, tmp_path: Path) -> None:
    """Found by fuzzing: quantity times price in 64 bits ended in an error of the engine."""
    rows = [[*row[:-1], "57132000000"] if i == 7 else list(row) for i, row in enumerate(ROWS)]
    done = shop.load(write(tmp_path / "dear.csv", delimited(rows)))
    assert (done.rows_in, done.rows_loaded) == (40, 40)
    assert revenue(shop) == 1000 - 10 + 2 * 57_132_000_000


# --- the disk and the server ----------------------------------------------------------------------------------------


def test_no_room_to_unpack(shop: Any, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_bad_machine.tempfile, "tempdir", str(small_disk))
    test_bad_machine.fill(small_disk, free=0)
    path = write(tmp_path / "orders.csv.gz", GOOD["gz"])
    refused(shop, path, "disk_full")
    (small_disk / "filler").unlink()
    loads(shop, path)
    assert list(small_disk.iterdir()) == []


def test_a_table_that_is_gone_and_comes_back(shop: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "till.db", database({"orders": TYPED, "other": [["a"], ["1"]]}))
    with sqlite3.connect(path) as till:
        till.execute("alter table orders rename to away")
    till.close()
    refused(shop, f"sqlite:///{path}?table=orders", "table_missing")
    path.rename(tmp_path / "elsewhere.db")
    refused(shop, f"sqlite:///{path}?table=orders", "file_missing")
    write(path, database({"orders": TYPED}))
    loads(shop, f"sqlite:///{path}?table=orders")


def test_a_server_that_fails_in_every_way_and_then_answers(shop: Any, mysql_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password, a table that is gone, a connection that ends half way: named, nothing lost; then the same line loads it."""
    columns = ", ".join(f"{name} varchar(40)" for name in HEADER)
    rows = ", ".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in TYPED[1:])
    mysql_server.do("use books", "drop table if exists till")
    address = f"{mysql_server.url()}?table=till"
    monkeypatch.setenv("MYSQL_PWD", "wrong")
    refused(shop, address, "mysql_login")
    monkeypatch.setenv("MYSQL_PWD", "open sesame")
    refused(shop, address, "table_missing")
    mysql_server.do("use books", f"create table till ({columns})", f"insert into till values {rows}")
    loads(shop, address)
    mysql_server.do("use books", "drop table till")
    with pytest.raises(rg.RegularsError) as problem:
        shop.load(address)
    assert problem.value.code == "table_missing"
    assert revenue(shop) == Decimal(1000), "what was loaded stays, whatever becomes of its source"
