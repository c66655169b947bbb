"""Anything at all, and good files gone bad: loaded with every row accounted for, or a named error, in bounded time and memory, with nothing left behind."""

from __future__ import annotations

import random
import resource
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import regulars as rg
from nasty_english import FULL
from nasty_files import SALES, database, delimited, objects, packed, parquet, rendered, xls, xlsx, zipped
from order_files import HEADER, as_csv, orders, revenue
from regulars.errors import RegularsError
from regulars.ingest.encoding import detect
from regulars.ingest.mapping import propose
from regulars.ingest.read import open_source

SECONDS = 2.0
"""Processor time that one small file may take, on a crowded machine too."""
MEMORY = 400 * 1024
"""Kilobytes by which the whole file of tests may make the process grow."""
FUZZ = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
ROWS = rendered(FULL, SALES[:12])
TEXT = delimited(ROWS)


@cache
def good_files() -> dict[str, bytes]:
    """One small good file of every kind."""
    typed = [[str(cell) for cell in row] for row in ROWS]
    return {
        "a.csv": TEXT,
        "a.tsv": delimited(ROWS, by="\t", encoding="utf-16"),
        "a.txt": delimited([[str(cell).replace("Smith", "王芳") for cell in row] for row in ROWS], by=";", encoding="gb18030"),
        "a.csv.gz": packed(TEXT),
        "a.zip": zipped({"a.csv": TEXT, "b.csv": TEXT}),
        "a.xlsx": xlsx({"Orders": ROWS, "Notes": [["x"]]}),
        "a.xls": xls({"Orders": ROWS}),
        "a.json": objects(ROWS),
        "a.jsonl": objects(ROWS, lines=True),
        "a.parquet": parquet(typed),
        "a.db": database({"orders": typed}),
    }


@pytest.fixture(scope="module", autouse=True)
def _memory_is_bounded() -> Iterator[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


# --- the ways in which a file goes bad ------------------------------------------------------------------------------

Change = Callable[[bytearray, random.Random], bytes]


def flipped(content: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 20)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def cut_off(content: bytearray, chance: random.Random) -> bytes:
    return bytes(content[: chance.randrange(len(content))])


def doubled(content: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    end = start + chance.randrange(1, 400)
    return bytes(content[:end] + content[start:end] * chance.randrange(1, 4) + content[end:])


def with_zeros(content: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return bytes(content[:start] + b"\0" * chance.randrange(1, 600) + content[start:])


def in_other_letters(content: bytearray, chance: random.Random) -> bytes:
    said, meant = chance.sample(["utf-8", "utf-16", "utf-16-be", "gb18030", "big5", "cp1251", "cp1252", "utf-7"], 2)
    return content.decode(said, errors="replace").encode(meant, errors="replace")


def divided_otherwise(content: bytearray, chance: random.Random) -> bytes:
    old, new = chance.choice(b",;\t|\n"), chance.choice(b",;\t|\"'\n\r \0:^")
    return bytes(new if byte == old and chance.random() < 0.5 else byte for byte in content)


def ragged(content: bytearray, chance: random.Random) -> bytes:
    lines = bytes(content).split(b"\n")
    return b"\n".join(line[: chance.randrange(len(line) + 1)] if chance.random() < 0.3 else line + b"," * chance.randrange(4) for line in lines)


def mixed_up(content: bytearray, chance: random.Random) -> bytes:
    pieces = [bytes(content[i : i + 64]) for i in range(0, len(content), 64)]
    chance.shuffle(pieces)
    return b"".join(pieces)


CHANGES: tuple[Change, ...] = (flipped, cut_off, doubled, with_zeros, in_other_letters, divided_otherwise, ragged, mixed_up)


def spoiled(name: str, changes: list[Change], seed: int) -> bytes:
    """A good file with changes, one after the other; of a packed text, half of the times what is inside is changed."""
    chance = random.Random(seed)
    inside = name.endswith(".gz") and chance.random() < 0.5
    content = zlib.decompress(good_files()[name], 31) if inside else good_files()[name]
    for change in changes:
        content = change(bytearray(content or b"\0"), chance)
    return packed(content) if inside else content


SPOILED = st.builds(
    lambda name, changes, seed: (name, spoiled(name, changes, seed)),
    st.sampled_from(sorted(good_files())),
    st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3),
    st.integers(0, 2**32),
)


# --- what must hold -------------------------------------------------------------------------------------------------


def named(problem: RegularsError) -> None:
    """A named error: its code, a sentence, and the next step."""
    assert problem.code
    assert str(problem)
    assert problem.kind.next_step


def read_and_mapped(path: Path) -> int:
    """The rows of a file, every sheet of it mapped where it can be."""
    rows = 0
    for sheet in open_source(path).sheets:
        rows += sum(1 for _ in sheet.rows())
        try:
            propose(sheet)
        except RegularsError as problem:
            named(problem)
    return rows


def survives(path: Path) -> None:
    began = time.process_time()
    try:
        read_and_mapped(path)
    except RegularsError as problem:
        named(problem)
    assert time.process_time() - began < SECONDS


@settings(FUZZ, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.parquet", "a.db", "a.json", "a.zip"]), st.integers(0, 60))
def test_any_bytes_after_a_good_beginning(tmp_path: Path, rest: bytes, name: str, kept: int) -> None:
    (tmp_path / name).write_bytes(good_files()[name][:kept] + rest)
    survives(tmp_path / name)


@settings(FUZZ, max_examples=160)
@given(SPOILED)
def test_good_files_gone_bad_are_read_and_mapped_or_refused_by_name(tmp_path: Path, file: tuple[str, bytes]) -> None:
    (tmp_path / file[0]).write_bytes(file[1])
    survives(tmp_path / file[0])


CELLS = st.one_of(
    st.sampled_from(["", "1", "-1", "1.234,56", "1'000", "(5)", "１２", "三", "3月5日", "2024-02-30", "31.12.2024", "45356", "17850.0", "5 березня", "¥5", "50%", "inf", "nan", "1e999", "=1+1", "合计", "Разом", "Total"]),
    st.text(max_size=12),
)  # fmt: skip
HEADERS = st.sampled_from(
    [
        "Order ID",
        "Customer",
        "Date",
        "Amount",
        "Qty",
        "订单号",
        "客户",
        "日期",
        "金额",
        "Номер",
        "Клієнт",
        "Дата",
        "Сума",
        "x",
        "",
        "Total",
        "Email",
        "Ticket ID",
    ]
)


@settings(FUZZ, max_examples=60)
@given(st.lists(HEADERS, min_size=1, max_size=7), st.lists(st.lists(CELLS, max_size=8), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_cells_below_any_headers(tmp_path: Path, head: list[str], rows: list[list[str]], by: str) -> None:
    (tmp_path / "a.csv").write_bytes(delimited([head, *rows], by=by).decode().encode("utf-8", errors="replace"))
    survives(tmp_path / "a.csv")


@settings(FUZZ, max_examples=60)
@given(st.binary(min_size=1, max_size=200), st.booleans())
def test_letters_of_any_bytes(content: bytes, whole: bool) -> None:
    encoding = detect(content, whole=whole)
    assert encoding is None or isinstance(content.decode(encoding, errors="replace"), str)


# --- a workspace into which it is loaded ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace with 60 good orders: 600.00."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "good.csv").write_bytes(as_csv(HEADER, orders(60)))
    with rg.open(folder / "shop", currency="EUR", time_zone="Europe/Kyiv", language="en") as workspace:
        workspace.load(folder / "good.csv")
        yield workspace


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", sorted(good_files()))
def test_a_spoiled_file_is_loaded_whole_or_leaves_nothing_behind(name: str, shop: Any, tmp_path: Path) -> None:
    """In = loaded + rejected; or a named error, and the folder of the workspace holds the very files that it held before."""
    for seed, changes in enumerate([[cut_off], [flipped], [ragged, divided_otherwise], [mixed_up]]):
        content = spoiled(name, changes, seed)
        (tmp_path / name).write_bytes(content)
        before, snapshot = files_of(shop.folder), shop.snapshot.id
        try:
            done = shop.load(tmp_path / name)
        except RegularsError as problem:
            named(problem)
            if problem.code == "nothing_loaded":
                shutil.rmtree(problem.values["rejects"])  # the rows and their reasons, as the error says
            assert files_of(shop.folder) == before
            assert shop.snapshot.id == snapshot
        else:
            assert done.rows_in == done.rows_loaded + done.rows_rejected
            shop.undo()
        assert (tmp_path / name).read_bytes() == content, "a file given is never modified"
    assert revenue(shop) == 600
