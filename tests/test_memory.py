"""Memory is bounded by a setting: what a database may not hold, it puts on disk, and where that is not enough, a named error leaves all as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import regulars as rg
from order_files import HEADER, SOURCE, as_csv, orders
from regulars.engines.duckdb import scratch, within_memory
from regulars.errors import RegularsError

WITHIN_450_MB = """
import resource, sys
from pathlib import Path
from regulars.engines.duckdb import scratch, within_memory
resource.setrlimit(resource.RLIMIT_DATA, (450 * 2**20,) * 2)
with within_memory(sys.argv[1] or None), scratch(Path(sys.argv[2])) as connection:
    connection.execute("CREATE TABLE t AS SELECT hash(i)::VARCHAR || hash(i + 1)::VARCHAR AS x FROM range(8_000_000) AS r(i)")
    print(connection.execute("SELECT count(*) FROM t").fetchall()[0][0])
"""
"""A table larger than the process may be. The limit is set in the child: a large process should not fork with code to run in between."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds RLIMIT_DATA for all private memory")
@pytest.mark.parametrize(("memory", "fits"), [("80MB", True), ("", False)])
def test_a_process_with_a_limit_does_with_the_setting_what_it_cannot_without(memory: str, fits: bool, tmp_path: Path) -> None:
    surroundings = {**os.environ, "PYTHONPATH": SOURCE, "MALLOC_ARENA_MAX": "1"}
    done = subprocess.run([sys.executable, "-c", WITHIN_450_MB, memory, str(tmp_path)], capture_output=True, text=True, env=surroundings, check=False)
    assert (done.returncode == 0) == fits, done.stderr
    assert done.stdout == ("8000000\n" if fits else "")


def shop_with(memory: str, folder: Path) -> Path:
    folder.mkdir()
    (folder / "regulars.toml").write_text(f'memory = "{memory}"\n', encoding="utf-8")
    (folder / "orders.csv").write_bytes(as_csv(HEADER, orders(2_000)))
    return folder


def test_the_setting_holds_while_a_file_is_loaded_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = shop_with("256 mb", tmp_path / "shop")
    held: list[str] = []

    def progress(step: str, done: int, total: int) -> None:
        with scratch() as connection:
            held.append(connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])

    assert rg.open(shop, currency="GBP").load(shop / "orders.csv", progress=progress).rows_loaded == 2_000
    assert set(held) == {"244.1 MiB"}
    assert 'memory = "256MB"' in (shop / "regulars.toml").read_text(encoding="utf-8")
    with scratch() as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchall() != [("244.1 MiB",)]


def test_too_little_memory_is_a_named_error_and_changes_nothing(tmp_path: Path) -> None:
    shop = shop_with("3MB", tmp_path / "shop")
    with pytest.raises(RegularsError) as told:
        rg.open(shop, currency="GBP").load(shop / "orders.csv")
    assert told.value.code == "out_of_memory"
    assert not (shop / "current").exists()


@pytest.mark.parametrize("memory", ["plenty", "0GB", "2", "80%", "2 GB; DROP"])
def test_a_size_that_is_none_is_refused(memory: str, tmp_path: Path) -> None:
    with pytest.raises(RegularsError, match="memory") as told:
        rg.open(shop_with(memory, tmp_path / "shop"))
    assert told.value.code == "setting_wrong"


def test_a_limit_ends_with_what_it_was_for() -> None:
    with within_memory("100MB"), within_memory(None), scratch() as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchall() != [("95.3 MiB",)]
