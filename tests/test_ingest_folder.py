"""A folder of exports: every readable file in a stable order, each its own delivery, the others named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, as_csv, as_xlsx, orders, write
from regulars.errors import RegularsError, error
from regulars.ingest.folder import files_of
from regulars.surfaces import cli


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder of three shops' months: CSV, a workbook, JSON, and what does not belong there."""
    folder = tmp_path / "exports"
    (folder / "lviv").mkdir(parents=True)
    (folder / "__MACOSX").mkdir()
    write(folder / "10.csv", as_csv(HEADER, orders(20, prefix="A")))
    write(folder / "9.csv", as_csv(HEADER, orders(20, prefix="B")))
    write(folder / "lviv" / "1.xlsx", as_xlsx(HEADER, orders(20, prefix="C")))
    rows = [dict(zip(HEADER, row, strict=True)) for row in orders(20, prefix="D")]
    write(folder / "lviv" / "2.json", json.dumps(rows).encode())
    write(folder / "logo.png", b"\x89PNG\r\n\x1a\n")
    write(folder / ".hidden.csv", b"a,b\n1,2\n")
    write(folder / "~$10.xlsx", b"lock")
    write(folder / "__MACOSX" / "a.csv", b"a,b\n1,2\n")
    return folder


def opened(tmp_path: Path) -> Any:
    return rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv", language="en")


def test_the_order_of_files(exports: Path) -> None:
    assert [path.relative_to(exports).as_posix() for path in files_of(exports)] == ["9.csv", "10.csv", "logo.png", "lviv/1.xlsx", "lviv/2.json"]


def test_a_workspace_in_the_folder_is_not_loaded(exports: Path) -> None:
    rg.open(exports / "shop", currency="EUR", time_zone="Europe/Kyiv").load(exports / "9.csv")
    assert len(files_of(exports)) == 5


def test_each_file_is_a_delivery_and_the_unreadable_are_named(exports: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    shop = opened(tmp_path)
    made = shop.load_folder(exports, progress=lambda *step: steps.append(step))
    assert [Path(one.path).name for one in made.imports] == ["9.csv", "10.csv", "1.xlsx", "2.json"]
    assert [(Path(one.path).name, one.problem.code) for one in made.unread] == [("logo.png", "file_kind_unknown")]
    assert all(one.rows_in == one.rows_loaded + one.rows_rejected == 20 for one in made.imports)
    assert len(shop.imports) == 4
    assert ("Loading files", 0, 5) in steps and ("Loading files", 4, 5) in steps
    assert "5 files: 4 loaded, 0 known already, 1 not loaded; 80 rows in all." in repr(made)
    assert "logo.png" in repr(made)
    again = shop.load_folder(exports)
    assert all(one.already_loaded for one in again.imports)
    assert len(shop.imports) == 4


def test_a_folder_without_anything_to_load(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shop = opened(tmp_path)
    for prepare, code in [(lambda: None, "folder_empty"), (lambda: write(tmp_path / "empty" / "a.png", b"\x89PNG"), "file_kind_unknown")]:
        prepare()
        with pytest.raises(RegularsError) as problem:
            shop.load_folder(tmp_path / "empty")
        assert problem.value.code == code
    write(tmp_path / "empty" / "b.pdf", b"%PDF")
    with pytest.raises(RegularsError, match="holds 2") as problem:
        shop.load_folder(tmp_path / "empty")
    assert problem.value.code == "folder_unread"
    with pytest.raises(RegularsError) as problem:
        shop.load_folder(tmp_path / "emty")
    assert (problem.value.code, problem.value.values["near"]) == ("file_missing", "'empty'")


def test_a_folder_where_a_file_is_wanted(exports: Path, tmp_path: Path) -> None:
    with pytest.raises(RegularsError) as problem:
        opened(tmp_path).load(exports)
    assert problem.value.code == "file_is_folder"


def test_what_the_next_file_would_meet_too_ends_it(exports: Path, tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done == 1 and total == 5:
            raise error("cancelled")

    shop = opened(tmp_path)
    with pytest.raises(RegularsError) as problem:
        shop.load_folder(exports, progress=stop)
    assert problem.value.code == "cancelled"
    assert len(shop.imports) == 1


def test_a_folder_on_the_command_line(exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["--json", "load", "exports", "--workspace", "shop", "--currency", "EUR", "--time-zone", "Europe/Kyiv"]) == 0
    data = json.loads(capsys.readouterr().out)["data"]
    assert [one["rows_loaded"] for one in data["imports"]] == [20] * 4
    assert [(one["path"], one["code"]) for one in data["unread"]] == [("exports/logo.png", "file_kind_unknown")]
