"""Packed files: gzip and zip of anything that can be read; bounded, and named where they are broken, protected or meant to harm."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest

from ingest_files import load, write_book
from regulars.errors import RegularsError
from regulars.ingest import packed
from regulars.ingest.read import open_source

CSV = "order,customer,date,amount\n" + "".join(f"{i},c{i % 9},2024-01-{i % 28 + 1:02d},{i}.50\n" for i in range(1, 60))


def zipped(path: Path, members: dict[str, str | bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def code(path: Path) -> str:
    with pytest.raises(RegularsError) as problem:
        open_source(path)
    assert str(path.name) in str(problem.value)
    return problem.value.code


@pytest.mark.parametrize("name", ["a.csv.gz", "a.gz", "wrong.csv"])
def test_gzip_is_what_is_inside(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(CSV.encode()))
    source = open_source(tmp_path / name)
    assert (source.kind, source.delimiter, source.notes) == ("csv", ",", ())
    staged, parts = load(tmp_path / name, tmp_path / "out")
    assert (staged.rows_loaded, len(parts["sales"])) == (59, 59)


def test_packed_json_and_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b'[{"id": 1, "date": "2024-01-01"}]'))
    assert open_source(tmp_path / "a.json.gz").sheets[0].columns == ("id", "date")
    book = write_book(tmp_path / "b.xlsx", {"A": [["id", "date"], [1, "2024-01-01"]], "B": [["id", "city"], [1, "Lviv"]]})
    source = open_source(zipped(tmp_path / "b.zip", {"b.xlsx": book.read_bytes()}))
    assert [sheet.name for sheet in source.sheets] == ["b.xlsx: A", "b.xlsx: B"]


def test_every_file_of_a_zip_is_a_sheet_of_its_own_name(tmp_path: Path) -> None:
    members = {
        "2024/02/b.csv": CSV,
        "2024/01/a.csv": CSV.replace(".50", ".70"),
        "__MACOSX/2024/._a.csv": b"\0\5\x16",
        ".hidden.csv": CSV,
        "logo.png": b"\x89PNG",
    }
    path = zipped(tmp_path / "a.zip", members)
    source = open_source(path)
    assert [sheet.name for sheet in source.sheets] == ["2024/01/a.csv", "2024/02/b.csv"]
    assert [dict(note.values) for note in source.notes] == [{"names": "logo.png"}]
    _, parts = load(path, tmp_path / "out")
    assert {(row["source_sheet"]) for row in parts["sales"]} == {"2024/01/a.csv", "2024/02/b.csv"}
    assert len(parts["sales"]) == 118


def test_a_name_packed_on_a_chinese_machine(tmp_path: Path) -> None:
    data = zipped(tmp_path / "a.zip", {"aaaa.csv": CSV}).read_bytes().replace(b"aaaa.csv", "订单".encode("gb18030") + b".csv")
    (tmp_path / "a.zip").write_bytes(data)
    assert open_source(tmp_path / "a.zip").sheets[0].name == "订单.csv"


def test_the_copies_go_with_the_last_sheet(tmp_path: Path) -> None:
    source = open_source(zipped(tmp_path / "a.zip", {"a.csv": CSV}))
    room = source.sheets[0].room
    assert room is not None
    folder = room.folder
    rows = source.sheets[0].rows()
    del source, room
    assert next(rows)[1][0] == "1"
    assert folder.is_dir()
    rows.close()
    del rows
    assert not folder.exists()


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "..\\a.csv", "C:\\a.csv"])
def test_names_that_lead_out_of_the_folder(name: str, tmp_path: Path) -> None:
    assert code(zipped(tmp_path / "a.zip", {name: CSV})) == "archive_unsafe"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SMALL", 100_000)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"1,2\n" * 2_000_000))
    assert code(tmp_path / "a.csv.gz") == "archive_unsafe"
    assert code(zipped(tmp_path / "a.zip", {"a.csv": "1,2\n" * 2_000_000})) == "archive_unsafe"
    monkeypatch.setattr(packed, "LARGEST", 150_000)
    lines = "".join(f"{i},{i * 7919 % 10007}\n" for i in range(8_000))
    assert code(zipped(tmp_path / "b.zip", {"a.csv": lines, "b.csv": lines})) == "archive_unsafe"
    deep = b"x"
    for _ in range(4):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("a.zip", deep)
        deep = inner.getvalue()
    (tmp_path / "deep.zip").write_bytes(deep)
    assert code(tmp_path / "deep.zip") == "archive_unsafe"
    monkeypatch.setattr(packed, "MOST_MEMBERS", 3)
    assert code(zipped(tmp_path / "c.zip", {f"{i}.csv": CSV for i in range(4)})) == "archive_unsafe"


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV * 50})
    data = path.read_bytes()
    path.write_bytes(data.replace(len(CSV * 50).to_bytes(4, "little"), (9).to_bytes(4, "little")))
    assert code(path) == "file_damaged"


@pytest.mark.parametrize("cut", [30, 200, -5, -40])
def test_what_was_cut_off(cut: int, tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CSV.encode())[:cut])
    assert code(tmp_path / "a.csv.gz") == "file_damaged"
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV})
    path.write_bytes(path.read_bytes()[:cut])
    assert code(path) == "file_damaged"


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert code(path) == "file_protected"


def test_nothing_in_it(tmp_path: Path) -> None:
    assert code(zipped(tmp_path / "a.zip", {})) == "file_empty"
    assert code(zipped(tmp_path / "b.zip", {"a.png": b"\x89PNG", "b.pdf": b"%PDF"})) == "file_kind_unknown"
    (tmp_path / "a.gz").write_bytes(gzip.compress(b""))
    assert code(tmp_path / "a.gz") == "file_empty"


def test_no_place_to_unpack_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    (tmp_path / "plain.csv").write_text(CSV)
    assert open_source(tmp_path / "plain.csv").kind == "csv", "only what is packed needs one"
    with pytest.raises(RegularsError) as problem:
        open_source(zipped(tmp_path / "a.zip", {"a.csv": CSV}))
    assert problem.value.code == "not_writable"
