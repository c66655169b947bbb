"""A hostile or crowded machine: no right to write, a load killed half-way, two loads at once, formulas hidden in the data."""

from __future__ import annotations

import csv
import hashlib
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
