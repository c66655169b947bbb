"""A hostile or crowded machine: no right to write, a load killed half-way, two loads at once, formulas hidden in the data."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import regulars as rg
from order_files import HEADER, as_csv, command, environment, good_shop, orders, revenue, write

NOBODY = 65534


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    """A workspace with 60 good orders: 600.00."""
    return good_shop(tmp_path)


def start(script: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


AS_ORDINARY_USER = """
import os, sys
import regulars as rg
warm, orders, target, nobody = sys.argv[1:]
rg.open(warm, currency="EUR", time_zone="Europe/Kyiv").load(orders)  # everything is imported before the rights are dropped
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(nobody)); os.setuid(int(nobody))
try:
    rg.open(target, currency="EUR", time_zone="Europe/Kyiv").load(orders)
except rg.RegularsError as problem:
    print(problem.code, problem)
"""


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user can read: the one pytest gives is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-"))
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("existing", [False, True])
def test_no_permission_to_write(existing: bool, public_folder: Path) -> None:
    file = write(public_folder / "orders.csv", as_csv(HEADER, orders(60)))
    target = public_folder / "closed" / "shop"
    if existing:
        rg.open(target, currency="EUR", time_zone="Europe/Kyiv").load(file)
    target.parent.mkdir(exist_ok=True)
    for path in (target.parent, *target.parent.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    more = write(public_folder / "more.csv", as_csv(HEADER, orders(60, prefix="N")))
    process = start(AS_ORDINARY_USER, public_folder / "warm", more, target, NOBODY)
    out, err = process.communicate()
    assert process.returncode == 0, err
    code, _, told = out.partition(" ")
    assert code == "not_writable"
    assert "closed" in told
    if existing:
        assert revenue(rg.open(target)) == 600


LOAD = """
import sys
import regulars as rg
workspace, orders = sys.argv[1:]
shop = rg.open(workspace)
print("ready", flush=True)
sys.stdin.readline()
try:
    shop.load(orders)
except rg.RegularsError as problem:
    print(problem.code, flush=True)
else:
    print("loaded", flush=True)
"""


def test_killed_while_loading(shop: Any, tmp_path: Path) -> None:
    """kill -9 at six moments of a load: the last good state opens each time, whole, and loading again works."""
    files = [write(tmp_path / f"part{n}.csv", as_csv(HEADER, orders(15_000, prefix=f"{n}-"))) for n in range(7)]
    began = time.monotonic()
    shop.load(files[0])
    takes = time.monotonic() - began
    held = revenue(shop)
    assert held == 600 + 150_000
    for file, moment in zip(files[1:], (0.02, 0.2, 0.4, 0.6, 0.8, 0.95), strict=True):
        digest = hashlib.sha256(file.read_bytes()).digest()
        process = start(LOAD, tmp_path / "shop", file)
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\n")
        process.stdin.flush()
        time.sleep(takes * moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        survivor = rg.open(tmp_path / "shop")
        now = revenue(survivor)
        assert now in {held, held + 150_000}, f"half a load after {moment:.0%} of it"
        if now == held:
            assert survivor.load(file).rows_loaded == 15_000
            now = revenue(rg.open(tmp_path / "shop"))
        assert now == held + 150_000
        held = now
        assert hashlib.sha256(file.read_bytes()).digest() == digest


@pytest.mark.usefixtures("shop")
def test_two_loads_at_once(tmp_path: Path) -> None:
    """The second waits or is told that the workspace is busy; what was said to be loaded is there."""
    files = [write(tmp_path / f"part{n}.csv", as_csv(HEADER, orders(15_000, prefix=f"{n}-"))) for n in range(2)]
    processes = [start(LOAD, tmp_path / "shop", file) for file in files]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = []
    for process in processes:
        out, err = process.communicate()
        assert process.returncode == 0, err
        told.append(out.strip())
    assert "loaded" in told
    assert set(told) <= {"loaded", "workspace_busy"}
    assert revenue(rg.open(tmp_path / "shop")) == 600 + 150_000 * told.count("loaded")
    for file, word in zip(files, told, strict=True):
        if word == "workspace_busy":
            rg.open(tmp_path / "shop").load(file)
    assert revenue(rg.open(tmp_path / "shop")) == 600 + 300_000


# --- hostile cells --------------------------------------------------------------------------------------------------

PAYLOADS = (
    '=HYPERLINK("http://evil.example/{n}","HYPERLINK{n}")',
    "+cmd|' /C calc'!A{n}",
    "-2+3+cmd{n}",
    "@SUM(1+{n})",
    "\t=1+{n}",
    "<script>alert({n})</script>",
)
DANGEROUS = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"^[+-]?\d[\d .,]*%?$")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An order file in which customers, their names and products are formulas and scripts; some of the people have left."""
    rows = []
    for n in range(120):
        who = n % 40
        text = PAYLOADS[who % len(PAYLOADS)].format(n=who)
        rows.append((f"O{n}", text, text, f"{date(2023, 1, 1) + timedelta(who * 9 + n)} 12:00:00", PAYLOADS[n % 6].format(n=n % 7), 1, f"{10 + who}.00"))
    return write(tmp_path / "hostile.csv", as_csv(HEADER, rows))


def formulas(workbook: Path) -> tuple[list[str], str]:
    """(formulas and links of all sheets, all text of the workbook)."""
    with zipfile.ZipFile(workbook) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    found = [f for name, text in texts.items() if "/worksheets/" in name for f in re.findall(r"<f[ >][^<]*</f>|<hyperlink [^>]*>|Target=\"http[^\"]*\"", text)]
    return found, "".join(texts.values())


def test_formulas_in_the_data_stay_text_in_the_brief(hostile: Path, tmp_path: Path) -> None:
    run = command(tmp_path, "brief", hostile.name, "--workspace", "shop", "--currency", "EUR", "--language", "en")
    assert run.returncode == 0, run.stderr
    books, pages = list(tmp_path.rglob("*.xlsx")), list(tmp_path.rglob("*.html"))
    assert books
    assert pages
    for book in books:
        active, text = formulas(book)
        assert not [f for f in active if re.search(r"HYPERLINK|evil|cmd|SUM\(1\+", f)]
        assert "HYPERLINK" in text, "the names are in the lists of people, as text"
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script>alert(" not in text
        assert "&lt;script&gt;alert(" in text, "the names are on the page, as text"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_formulas_in_the_data_stay_text_in_exported_rows(kind: str, hostile: Path, tmp_path: Path) -> None:
    shop = rg.open(tmp_path / "shop", currency="EUR", time_zone="Europe/Kyiv")
    shop.load(hostile)
    run = command(tmp_path, "rows", "rfm", "--workspace", "shop", "--output", f"out.{kind}")
    assert run.returncode == 0, run.stderr
    if kind == "xlsx":
        active, text = formulas(tmp_path / "out.xlsx")
        assert not active
        assert "HYPERLINK" in text
        return
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if DANGEROUS.match(cell) and not NUMBER.match(cell)]
    assert any("HYPERLINK" in cell for cell in cells)


# --- what the machine refuses ---------------------------------------------------------------------------------------

PRELUDE = """
import os, resource, shutil, sys
from regulars.surfaces import cli
def limited(kind, spare):
    "Leave this much more than is used now."
    resource.setrlimit(kind, (spare, spare))
"""


def refused(folder: Path, script: str, code: str, *words: object) -> dict[str, Any]:
    """Run a script that ends in a command line, in a process of its own: exit status 2 and that named error."""
    process = subprocess.run(
        [sys.executable, "-c", PRELUDE + script, *map(str, words)], cwd=folder, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    said = json.loads(process.stdout)
    assert said["ok"] is False, said
    assert said["error"]["code"] == code, said
    assert process.returncode == 2, process.stderr
    assert said["error"]["next_step"]
    return dict(said["error"]["values"])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 40 MB, where whoever runs the tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(disk)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, *, free: int) -> None:
    """Leave so many bytes free."""
    (disk / "filler").write_bytes(b"\0" * max(shutil.disk_usage(disk).free - free, 0))


LINE = "sys.exit(cli.run(sys.argv[1:]))"


@pytest.mark.parametrize("free", [0, 100_000, 1_200_000])
def test_disk_full_while_loading(free: int, small_disk: Path, tmp_path: Path) -> None:
    """Full at once, while staging, and while publishing; with room again the same line does it."""
    shop = good_shop(small_disk)
    before = shop.snapshot.id
    shop.close()
    more = write(tmp_path / "more.csv", as_csv(HEADER, orders(9_000, prefix="N", customers=3_000)))
    line = ("load", more, "--workspace", small_disk / "shop", "--json")
    fill(small_disk, free=free)
    refused(tmp_path, LINE, "disk_full", *line)
    with rg.open(small_disk / "shop") as survivor:
        assert survivor.snapshot.id == before
        assert revenue(survivor) == 600
    (small_disk / "filler").unlink()
    with rg.open(small_disk / "shop") as shop:
        assert shop.load(more).rows_loaded == 9_000
    assert not [path for path in small_disk.rglob("*") if path.suffix == ".unfinished"]


@pytest.mark.parametrize("free", [0, 60_000])
def test_disk_full_while_writing_a_brief(free: int, small_disk: Path, tmp_path: Path) -> None:
    good_shop(tmp_path).close()
    fill(small_disk, free=free)
    refused(tmp_path, LINE, "disk_full", "brief", "--workspace", tmp_path / "shop", "--output", small_disk / "a.html", "--json")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_disk_full_while_writing_a_workbook(small_disk: Path, tmp_path: Path) -> None:
    good_shop(tmp_path).close()
    fill(small_disk, free=0)
    refused(tmp_path, LINE, "disk_full", "rows", "rfm", "--workspace", tmp_path / "shop", "--output", small_disk / "a.xlsx", "--json")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_more_open_files_than_allowed(shop: Any, tmp_path: Path) -> None:
    """The limit is said, and how to raise it."""
    script = """
import pandas, regulars.workspace, regulars.surfaces.commands.run
limited(resource.RLIMIT_NOFILE, 44)
held = [open(os.devnull) for _ in range(43 - len(os.listdir("/proc/self/fd")))]
"""
    values = refused(tmp_path, script + LINE, "too_many_open_files", "run", "rfm", "--workspace", tmp_path / "shop", "--json")
    assert values["limit"] == "44"
    assert revenue(shop) == 600


def test_the_folder_vanishes_while_loading(shop: Any, tmp_path: Path) -> None:
    """Whenever it goes, the load is refused, and nothing is made up in its place."""
    shop.close()
    more = write(tmp_path / "more.csv", as_csv(HEADER, orders(60, prefix="N")))
    kept = shutil.copytree(tmp_path / "shop", tmp_path / "kept")
    for step in range(1, 8, 2):
        calls: list[str] = []

        def vanish(name: str, _done: int, _total: int, calls: list[str] = calls, step: int = step) -> None:
            calls.append(name)
            if len(calls) == step:
                shutil.rmtree(tmp_path / "shop")

        with pytest.raises(rg.RegularsError) as caught:
            rg.open(tmp_path / "shop").load(more, progress=vanish)
        assert caught.value.code == "not_writable", step
        assert not (tmp_path / "shop" / "current").exists()
        shutil.rmtree(tmp_path / "shop", ignore_errors=True)
        shutil.copytree(kept, tmp_path / "shop")


def test_no_folder_for_temporary_files(tmp_path: Path) -> None:
    """None is needed: what is unfinished lies beside what it becomes."""
    write(tmp_path / "orders.csv", as_csv(HEADER, orders(60)))
    script = f"import tempfile; tempfile.tempdir = '/nowhere'\nos.environ['TMPDIR'] = '/nowhere'\n{LINE}"
    words = ("brief", "orders.csv", "--workspace", "shop", "--currency", "EUR")
    process = subprocess.run([sys.executable, "-c", PRELUDE + script, *words], cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert process.returncode == 0, process.stderr
    assert list(tmp_path.rglob("*.html"))
