"""Several processes on one workspace: loads and compactions killed anywhere, readers beside a writer, files merged under everybody's feet."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regulars as rg
from nursery import Nursery
from order_files import HEADER, as_csv, command, orders, revenue, write
from regulars import snapshots
from regulars.engines.duckdb import literal, scratch
from regulars.schema import PART_TABLES, TABLES
from regulars.snapshots import Shelf, compaction

DELIVERIES = 6


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Deliveries that overlap: each brings 60 orders, of which 20 came with the one before, some now at another price."""
    folder, rows = tmp_path_factory.mktemp("deliveries"), orders(400)
    changed = [(*row[:-1], "6.00") if n % 50 == 45 else row for n, row in enumerate(rows)]
    return [write(folder / f"{n}.csv", as_csv(HEADER, [*changed[n * 40 : n * 40 + 20], *rows[n * 40 + 20 : n * 40 + 60]])) for n in range(DELIVERIES)]


def opened(folder: Path) -> rg.Workspace:
    return rg.open(folder, currency="EUR", time_zone="Europe/Kyiv")


def answers(shop: rg.Workspace) -> dict[str, list[str]]:
    """Everything a workspace can be asked for, in an order of its own."""
    return {name: sorted(map(str, shop.table(name).to_pylist())) for name in TABLES if name != "deliveries"}


@pytest.fixture(scope="module")
def states(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, list[str]], str, Path]]:
    """(snapshot, its answers, its revenue, a copy of the folder) after each delivery, loaded one after the other, undisturbed."""
    found, home = [], tmp_path_factory.mktemp("states")
    for number, file in enumerate(files):
        with opened(home / "shop") as shop:
            shop.load(file)
            shutil.copytree(home / "shop", home / str(number))
            found.append((shop.snapshot.id, answers(shop), str(revenue(shop)), home / str(number)))
    return found


def unfinished(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix == ".unfinished" or path.name.startswith(".staging-")]


def kill(pid: int) -> None:
    """SIGKILL, and wait until the process is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        while True:
            os.kill(pid, 0)
            time.sleep(0.001)


def killed(nursery: Nursery, chance: random.Random, takes: float, *order: object) -> None:
    """Give an order and kill the process that does it: at a moment of its whole time, or shortly after one of its steps."""
    nursery.order(*order)
    told = nursery.told()
    pid = next(pid for pid, word, _ in told if word == "began")
    steps = chance.randrange(14) if chance.random() < 0.4 else 0
    for who, word, _ in told if steps else ():
        steps -= who == pid and word == "step"
        if steps <= 0 or (who == pid and word == "ended"):
            break
    time.sleep(chance.random() * takes * (0.08 if steps else 1))
    kill(pid)


def test_a_load_killed_at_any_moment_leaves_one_whole_state(nursery: Nursery, files: list[Path], states: list[Any], tmp_path: Path) -> None:
    """80 times kill -9: what is in force is what was before or all of the new, and loading again works."""
    chance, shop = random.Random(20_260), tmp_path / "shop"
    (before, then, _, kept), (after, now, _, _) = states[1], states[2]
    shutil.copytree(kept, shop)
    began = time.monotonic()
    nursery.done("load", shop, files[2])
    takes = time.monotonic() - began
    shutil.rmtree(shop)
    shutil.copytree(kept, shop)
    seen = {before: 0, after: 0}
    for number in range(80):
        killed(nursery, chance, takes, "load", shop, files[2])
        with opened(shop) as survivor:
            found = survivor.snapshot.id
            assert answers(survivor) == {before: then, after: now}[found]
            assert len(survivor.imports) == {before: 2, after: 3}[found]
        seen[found] += 1
        if found == before and number % 16 == 0:
            assert dict(nursery.done("load", shop, files[2]))["loaded"][1] == after
            found = after
            assert not unfinished(shop)
        if found == after:
            shutil.rmtree(shop)
            shutil.copytree(kept, shop)
    assert seen[before] > 20, seen
    assert dict(nursery.done("load", shop, files[2]))["loaded"][1] == after
    with opened(shop) as survivor:
        assert answers(survivor) == now
    assert not unfinished(shop)


def test_a_compaction_killed_at_any_moment_changes_no_answer(nursery: Nursery, files: list[Path], states: list[Any], tmp_path: Path) -> None:
    """20 times kill -9; then it is finished, the next load sweeps, and the snapshot is the one it would have been anyway."""
    chance, shop = random.Random(7), tmp_path / "shop"
    shutil.copytree(states[4][3], shop)
    began = time.monotonic()
    nursery.done("compact", shop)
    takes = time.monotonic() - began
    for _ in range(20):
        shutil.rmtree(shop / "parts" / "merged", ignore_errors=chance.random() < 0.5)
        (shop / "parts" / "merged").mkdir(exist_ok=True)
        killed(nursery, chance, takes, "compact", shop)
        with opened(shop) as survivor:
            assert survivor.snapshot.id == states[4][0]
            assert answers(survivor) == states[4][1]
    nursery.done("compact", shop)
    assert dict(nursery.done("load", shop, files[5]))["loaded"][1] == states[5][0]
    assert not unfinished(shop)
    assert len(list((shop / "parts").rglob("sales*.parquet"))) == 2, "one merged file, and the delivery that came since"
    with opened(shop) as survivor:
        assert answers(survivor) == states[5][1]


def test_readers_beside_a_writer(nursery: Nursery, files: list[Path], states: list[Any], tmp_path: Path) -> None:
    """Four readers that keep their workspace open ask while five files are loaded: no error, and each answer is one whole state."""
    shop = tmp_path / "shop"
    shutil.copytree(states[0][3], shop)
    for _ in range(4):
        nursery.order("read", shop, states[-1][0])
    nursery.order("load", shop, *files[1:])
    order = {state[0]: number for number, state in enumerate(states)}
    reached: dict[int, list[int]] = {}
    ended = 0
    for pid, word, value in nursery.told():
        assert word not in {"refused", "crashed"}, value
        if word == "answer":
            snapshot, total, imports = value
            assert total == states[order[snapshot]][2]
            assert imports > order[snapshot]
            reached.setdefault(pid, []).append(order[snapshot])
        ended += word == "ended"
        if ended == 5:
            break
    assert len(reached) == 4
    for steps in reached.values():
        assert steps == sorted(steps)
        assert steps[-1] == DELIVERIES - 1
    assert len({step for steps in reached.values() for step in steps}) > 2, "the readers read while it was written"
    assert len(list((shop / "snapshots").iterdir())) == 2


def test_a_snapshot_that_is_read_is_not_swept(files: list[Path], states: list[Any], tmp_path: Path) -> None:
    """A result that was asked for three loads ago still lists its rows; what nobody reads any more is gone after the next load."""
    shutil.copytree(states[0][3], tmp_path / "shop")
    place = tmp_path / "shop" / "snapshots" / states[0][0]
    with opened(tmp_path / "shop") as reader, opened(tmp_path / "shop") as writer:
        result = reader.run(rg.RFM())
        for file in files[1:4]:
            writer.load(file)
        assert len(result.rows()) == 30
        assert place.is_dir()
    writer.load(files[4])
    assert not place.exists()


def test_a_second_writer_is_told_who_writes(nursery: Nursery, files: list[Path], states: list[Any], tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(states[0][3], shop)
    nursery.order("load", shop, *files[1:4])
    told = nursery.told()
    first = next(pid for pid, word, _ in told if word == "step")
    nursery.order("load", shop, files[4])
    refused = next(value for _, word, value in told if word == "refused")
    assert refused == ["workspace_busy", {"path": str(shop), "process": str(first)}]
    kill(first)
    assert "loaded" in dict(nursery.done("load", shop, files[4])), "the lock of a killed writer is free"


@pytest.mark.parametrize("between", ["the pointer and the manifest", "the manifest and the file"])
def test_a_snapshot_that_is_swept_before_it_is_opened_is_read_anew(
    between: str, files: list[Path], states: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(states[0][3], tmp_path / "shop")
    place: Any = snapshots if between == "the pointer and the manifest" else rg.Workspace
    name = "read_manifest" if place is snapshots else "_serving"
    honest, waiting = getattr(place, name), list(files[1:3])

    def late(*given: Any) -> Any:
        now, waiting[:] = waiting[:], []
        for file in now:
            opened(tmp_path / "shop").load(file)
        return honest(*given)

    shop = opened(tmp_path / "shop")
    monkeypatch.setattr(place, name, late)
    assert str(revenue(shop)) == states[2][2]
    assert len(shop.imports) == 3


# --- compaction -----------------------------------------------------------------------------------------------------


def test_compaction_changes_no_answer_and_no_snapshot(files: list[Path], states: list[Any], tmp_path: Path) -> None:
    """Loaded with a compaction after every delivery; then one delivery's columns are corrected, which takes its merged rows out."""
    plain, merged = opened(tmp_path / "plain"), opened(tmp_path / "merged")
    for number, file in enumerate(files):
        merged.load(file)
        merged.compact()
        assert merged.snapshot.id == states[number][0]
    assert answers(merged) == states[-1][1]
    shutil.copytree(states[-1][3], tmp_path / "plain")
    for shop in (plain, merged):
        shop.load(files[2], mapping={"store": "name"})
    assert merged.snapshot.id == plain.snapshot.id
    assert answers(merged) == answers(plain) != states[-1][1]
    for shop in (plain, merged):
        shop.load(files[4], mapping={"store": "name"})
    assert merged.compact().deliveries > 1
    assert merged.compact() == compaction.Compacted()
    for shop in (plain, merged):
        shop.load(files[1], mapping={"store": "name"})
    assert merged.snapshot.id == plain.snapshot.id
    assert answers(merged) == answers(plain)


def test_many_loose_deliveries_start_a_compaction_of_their_own(files: list[Path], states: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(states[2][3], tmp_path / "shop")
    shop = opened(tmp_path / "shop")
    shelf = Shelf(tmp_path / "shop")
    assert not compaction.due(shelf)
    monkeypatch.setattr(compaction, "MANY", 3)
    shop.load(files[3])
    patience = time.monotonic() + 60
    while shelf.deliveries.loose(shelf.parts()):
        assert time.monotonic() < patience
        time.sleep(0.05)
    assert answers(shop) == states[3][1]
    assert not compaction.due(shelf)


class Listed(Shelf):
    """A shelf whose deliveries in force the test decides."""

    in_force: tuple[str, ...] = ()

    def parts(self) -> tuple[str, ...]:
        return self.in_force


@given(st.lists(st.one_of(st.just("load"), st.just("compact"), st.just("sweep"), st.integers(0, 8)), max_size=14))
def test_rows_do_not_depend_on_where_they_lie(happens: list[Any]) -> None:
    """Deliveries come, are replaced (a number: that one of those in force), merged and swept in any order: the rows are those in force."""
    with tempfile.TemporaryDirectory() as folder, scratch() as connection:
        shelf, known = Listed(Path(folder)), {}
        for number, event in enumerate(happens):
            if event == "compact":
                compaction.compact(shelf)
            elif event == "sweep":
                shelf.deliveries.sweep(shelf.in_force)
            else:
                replaced = shelf.in_force[event % len(shelf.in_force)] if shelf.in_force and event != "load" else None
                left = tuple(p for p in shelf.in_force if p != replaced)
                part, rows = f"{number:05d}-part", number % 4
                others = ", ".join(f"null::{kind} AS {name}" for name, kind in list(PART_TABLES["sales"].columns.items())[3:])
                columns = f"'{part}' AS import_id, '' AS source_sheet, range AS source_row, {others}"
                known[part] = [(part, row) for row in range(rows)]
                home = shelf.new_part(part)
                for name in ("sales", "superseded"):
                    connection.execute(f"COPY (SELECT {columns} FROM range({rows})) TO {literal(home / f'{name}.parquet')}")
                shelf.in_force = (*left, part)
            for wanted in (shelf.in_force, shelf.in_force[:2], shelf.in_force[1:]):
                found = connection.execute(f"SELECT import_id, source_row FROM ({shelf.deliveries.rows('sales', wanted)})").fetchall()
                assert sorted(found) == sorted(row for part in wanted for row in known[part])
                gone = connection.execute(f"SELECT superseded_by, source_row FROM ({shelf.deliveries.superseded(wanted)})").fetchall()
                assert sorted(gone) == sorted(found)


def test_compaction_is_cancelled_like_any_long_work(states: list[Any], tmp_path: Path) -> None:
    shutil.copytree(states[2][3], tmp_path / "shop")

    def stop(step: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    shop = opened(tmp_path / "shop")
    with pytest.raises(KeyboardInterrupt):
        shop.compact(stop)
    assert not unfinished(tmp_path / "shop")
    assert answers(shop) == states[2][1]
    assert shop.compact().deliveries == 3


def test_the_command_says_what_it_merged(states: list[Any], tmp_path: Path) -> None:
    shutil.copytree(states[2][3], tmp_path / "shop")
    line = ("compact", "--workspace", "shop")
    said = command(tmp_path, *line)
    assert said.returncode == 0, said.stderr
    assert "Loads merged: 3." in said.stdout
    assert "nothing to merge" in command(tmp_path, *line).stdout
    assert json.loads(command(tmp_path, *line, "--json").stdout)["data"] == {"deliveries": 0, "files_before": 0, "files_after": 0}
    assert command(tmp_path, "compact", "--workspace", "empty").returncode == 2
