"""Spark as an engine: types and parameters there and back, what is stored, what is beside it, and what it says when something is amiss."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import regulars
from engines_at_hand import free_port
from regulars import sql
from regulars.engines import spark_session
from regulars.engines.duckdb import DuckDB, scratch
from regulars.engines.holding import held
from regulars.engines.spark import FOLDER, Spark, _replace, parquet_of
from regulars.engines.spark_session import session_at
from regulars.errors import RegularsError
from regulars.schema import TABLES
from spark_at_hand import MASTER, QUICK

SCHEMA = {name: table.columns for name, table in TABLES.items()}

ORDERS = [
    {
        "order_id": "1",
        "customer_id": "客户-№1 'q' \\ %",
        "ordered_at": datetime(2024, 3, 31, 1, 30),
        "ordered_on": date(2024, 3, 31),
        "net_revenue": "12345678901234.5678",
    },
    {"order_id": "2", "customer_id": None, "ordered_at": datetime(2024, 10, 27, 2, 30, 0, 123456), "ordered_on": date(2024, 10, 27), "net_revenue": "-0.0001"},
    {"order_id": "3", "customer_id": "", "ordered_at": datetime(1899, 12, 31, 23, 59, 59), "ordered_on": date(1582, 10, 4), "net_revenue": None},
    {"order_id": "4", "customer_id": "є", "ordered_at": None, "ordered_on": None, "net_revenue": "0"},
]
"""Hours that summer time leaves out or repeats, days before calendars changed, nothing at all, letters of several alphabets."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot's file: four orders, and every other table empty."""
    path = tmp_path_factory.mktemp("shared {客} [1]") / "regulars.duckdb"
    connection = scratch()
    connection.execute(f"ATTACH '{path}' AS built")
    for table in TABLES.values():
        connection.execute(f"CREATE TABLE built.{table.name} ({', '.join(f'{name} {kind}' for name, kind in table.columns.items())})")
    connection.execute("CREATE TABLE built.views (name VARCHAR, sql VARCHAR)")
    for order in ORDERS:
        connection.execute(f"INSERT INTO built.orders ({', '.join(order)}) VALUES ({', '.join('?' for _ in order)})", list(order.values()))
    connection.close()
    return path


@pytest.fixture(scope="module")
def spark(spark_session: Any, file: Path) -> Iterator[Spark]:
    engine = Spark(MASTER, "first", file)
    yield engine
    engine.close()


def ask(engine: Spark | DuckDB, query: str, /, **parameters: Any) -> pa.Table:
    prepared = sql.prepare(query, tables=SCHEMA, parameters=parameters, dialect=engine.dialect)
    return engine.query(prepared.sql, prepared.parameters)


# there and back


def test_rows_come_back_as_they_were(spark: Spark, file: Path) -> None:
    here = DuckDB(file)
    for text in ("select * from orders order by order_id", "select * from customers"):
        there, wanted = ask(spark, text), ask(here, text)
        assert there.schema == wanted.schema
        assert there.to_pylist() == wanted.to_pylist()
    found = ask(spark, "select ordered_at, ordered_on, net_revenue from orders order by order_id").to_pylist()
    assert found[0] == {"ordered_at": datetime(2024, 3, 31, 1, 30), "ordered_on": date(2024, 3, 31), "net_revenue": Decimal("12345678901234.5678")}
    here.close()


def test_columns_have_the_names_of_the_schema(spark: Spark) -> None:
    assert {name: spark.columns(name) for name in TABLES} == SCHEMA


PARAMETERS = {
    "text": "客 'є' \\ % \n$1 :x",
    "whole": 2**40,
    "small": -3,
    "money": Decimal("-12345678901234.5678"),
    "share": 0.1,
    "day": date(1582, 10, 4),
    "moment": datetime(2024, 3, 31, 1, 30, 0, 1),
    "yes": True,
    "nothing": None,
}


def test_parameters_arrive_as_they_are(spark: Spark) -> None:
    (row,) = ask(spark, f"select {', '.join(f':{name} as {name}' for name in PARAMETERS)}", **PARAMETERS).to_pylist()
    assert row == PARAMETERS
    found = ask(spark, "select order_id from orders where net_revenue >= :money and ordered_on in :days", money=Decimal(-1), days=(date(2024, 10, 27), None))
    assert found.to_pylist() == [{"order_id": "2"}]


def test_what_is_stored_is_stored_once_and_forgotten_at_the_end(spark: Spark, file: Path) -> None:
    with_own = Spark(MASTER, "first", file)
    for value in (1, 2):
        with_own.store("kept_0", "SELECT :x AS x, CAST(net_revenue AS DOUBLE) AS y, SUM(net_revenue) AS z FROM orders GROUP BY 2", {"x": value})
    assert with_own.query("SELECT DISTINCT x FROM kept_0").to_pylist() == [{"x": 1}]
    assert with_own.columns("kept_0") == {"x": "INTEGER", "y": "DOUBLE", "z": "DECIMAL(28,4)"}
    with pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND"):
        spark.query("SELECT * FROM kept_0")
    assert not with_own.closed
    with_own.close()
    assert with_own.closed
    with pytest.raises(RegularsError) as caught:
        with_own.query("SELECT 1 AS n")
    assert caught.value.code == "engine_closed"
    assert not spark.closed
    assert spark.query("SELECT COUNT(*) AS n FROM orders").to_pylist() == [{"n": 4}]


def test_two_snapshots_side_by_side_and_several_threads(spark: Spark, file: Path, tmp_path: Path) -> None:
    other_file = shutil.copy(file, tmp_path / "regulars.duckdb")
    connection = scratch()
    connection.execute(f"ATTACH '{other_file}' AS built")
    connection.execute("INSERT INTO built.orders (order_id) VALUES ('5')")
    connection.close()
    other = Spark("spark", "second", other_file)

    def count(turn: int) -> int:
        engine = (spark, other)[turn % 2]
        engine.store(f"rows_{turn % 4}", "SELECT order_id FROM orders")
        return int(engine.query(f"SELECT COUNT(*) + :n AS n FROM rows_{turn % 4}", {"n": turn})["n"][0].as_py()) - turn

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(count, range(8))) == [4, 5] * 4
    assert held(tmp_path)  # no load sweeps the files away that Spark has yet to read
    other.close()
    assert not held(tmp_path)


# the files


def test_the_files_are_written_once_and_whole(spark: Spark, file: Path) -> None:
    folder = file.parent / FOLDER
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    assert {path.parent.name for path in before} == TABLES.keys()
    assert parquet_of(file) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == before
    assert {path.name for path in file.parent.iterdir()} == {file.name, FOLDER}


def test_files_that_cannot_be_written_leave_nothing(tmp_path: Path) -> None:
    damaged = tmp_path / "regulars.duckdb"
    damaged.write_bytes(b"no database")
    with pytest.raises(RegularsError) as raised:
        parquet_of(damaged)
    assert raised.value.code == "snapshot_damaged"
    assert list(tmp_path.iterdir()) == [damaged]


@pytest.fixture
def copy(spark: Spark, file: Path, tmp_path: Path) -> Path:
    """A snapshot of one's own, its Parquet files written already."""
    shutil.copytree(file.parent, tmp_path / "copy")
    return tmp_path / "copy" / file.name


def remove_a_file(orders: Path) -> None:
    (orders / "orders.parquet").unlink()


def cut_a_file(orders: Path) -> None:
    os.truncate(orders / "orders.parquet", 100)


def add_a_file(orders: Path) -> None:
    shutil.copy(orders / "orders.parquet", orders / "orders_2.parquet")


def remove_the_list(orders: Path) -> None:
    (orders.parent / "_files.json").unlink()


FAULTS = [remove_a_file, cut_a_file, add_a_file, remove_the_list, shutil.rmtree]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_files_that_are_not_as_they_were_written_are_written_anew(copy: Path, fault: Callable[[Path], None]) -> None:
    fault(copy.parent / FOLDER / "orders")
    engine = Spark(MASTER, "third", copy)
    assert engine.query("SELECT COUNT(*) AS n FROM orders").to_pylist() == [{"n": 4}]
    engine.close()
    assert {path.name for path in copy.parent.iterdir()} == {copy.name, FOLDER}
    assert {path.name for path in (copy.parent / FOLDER).iterdir()} == {*TABLES, "_files.json"}


def test_files_that_cannot_be_written_anew_are_named(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_a_file(copy.parent / FOLDER / "orders")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("regulars.engines.spark._write", full)
    with pytest.raises(RegularsError) as raised:
        Spark(MASTER, "third", copy)
    assert raised.value.code == "disk_full"
    assert str(copy.parent) in str(raised.value)
    assert {path.name for path in copy.parent.iterdir()} == {copy.name, FOLDER}


def test_who_comes_second_with_the_same_files_leaves_the_first_ones(copy: Path, tmp_path: Path) -> None:
    folder, anew = copy.parent / FOLDER, tmp_path / "anew"
    shutil.copytree(folder, anew)
    before = folder.stat().st_ino
    _replace(folder, anew, tmp_path / "worn")
    assert folder.stat().st_ino == before
    assert not (tmp_path / "worn").exists()


def test_damage_inside_a_file_is_named(copy: Path) -> None:
    orders = copy.parent / FOLDER / "orders" / "orders.parquet"
    orders.write_bytes(b"x" * orders.stat().st_size)
    with pytest.raises(RegularsError) as raised:
        Spark(MASTER, "third", copy).query("SELECT order_id FROM orders")
    assert raised.value.code == "snapshot_damaged"
    assert str(copy.parent) in str(raised.value)


# what is amiss


def test_a_value_that_does_not_fit_is_named(spark: Spark) -> None:
    for text in ("select order_id from orders where ordered_on > 'soon'", "select cast(customer_id as int) as n from orders"):
        with pytest.raises(RegularsError) as raised:
            ask(spark, text)
        assert raised.value.code == "sql_failed"


def test_what_is_told_is_not_printed_as_well(spark_session: Any, file: Path) -> None:
    done = _python(REFUSED, str(file), JDK_JAVA_OPTIONS=QUICK)
    assert done.stdout.split() == ["sql_failed"], done.stderr
    assert "SQLSTATE" not in done.stderr


REFUSED = """
import sys
from pathlib import Path
from regulars.engines.spark import Spark
from regulars.errors import RegularsError
try:
    Spark("local[1]", "first", Path(sys.argv[1])).query("SELECT order_id, COUNT(*) AS n FROM orders")
except RegularsError as problem:
    print(problem.code)
"""


def test_a_cluster_out_of_reach_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "PATIENCE", 1)
    for address in ("spark://127.0.0.1:1", "sc://127.0.0.1:1", "spark://nowhere"):
        with pytest.raises(RegularsError) as raised:
            spark_session._reached(address)
        assert raised.value.code == "engine_unreachable"
        assert address in str(raised.value)


def test_another_spark_than_the_one_that_runs_is_not_taken_for_it(spark_session: Any) -> None:
    for address in ("local[1]", "local", "spark://nowhere:7077"):
        with pytest.raises(RegularsError) as raised:
            session_at(address, {})
        assert raised.value.code == "spark_elsewhere"
        assert MASTER in str(raised.value)


LOST = """
import os, signal, sys
from pathlib import Path
from regulars.engines.spark import Spark
from regulars.errors import RegularsError
from pyspark import SparkContext
for turn in range(2):
    engine = Spark("local[1]", "first", Path(sys.argv[1]))
    print(engine.query("SELECT COUNT(*) AS n FROM orders").to_pylist(), engine.closed)
    os.kill(SparkContext._gateway.proc.pid, signal.SIGKILL)
    try:
        engine.query("SELECT COUNT(*) AS n FROM orders")
    except RegularsError as problem:
        print(problem.code, engine.closed)
"""


def test_a_java_that_dies_is_named_and_the_next_question_starts_another(spark_session: Any, file: Path) -> None:
    done = _python(LOST, str(file), JDK_JAVA_OPTIONS=QUICK)
    assert done.stdout.splitlines() == ["[{'n': 4}] False", "engine_lost True"] * 2, done.stderr


CONNECTED = """
import sys
from pathlib import Path
from regulars.engines.spark import Spark
engine = Spark(sys.argv[1], "first", Path(sys.argv[2]))
engine.store("kept_0", "SELECT :x AS x, COUNT(*) AS n FROM orders", {"x": 7})
print(engine.query("SELECT * FROM kept_0").to_pylist(), engine.columns("kept_0"), engine.closed)
if sys.argv[3] == "closing":
    engine.close()
print(engine.closed)
"""


@pytest.fixture
def connect_server(spark_session: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a Spark Connect server on this machine: the package brings one along."""
    home = Path(sys.modules["pyspark"].__file__ or "").parent
    (jar,) = (home / "jars").glob("spark-connect_*.jar")
    port = free_port()
    told = {"spark.connect.grpc.binding.port": port, "spark.connect.grpc.binding.address": "127.0.0.1", "spark.ui.enabled": "false"}
    line = [str(home / "bin" / "spark-submit"), "--master", "local[1]", "--driver-java-options", QUICK]
    line += [word for name, value in told.items() for word in ("--conf", f"{name}={value}")]
    line += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", str(jar)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    with subprocess.Popen(line, cwd=tmp_path, env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)}, **quiet) as server:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"sc://127.0.0.1:{port}"
        os.killpg(server.pid, signal.SIGKILL)


def test_spark_connect_answers_and_lets_python_end(connect_server: str, file: Path) -> None:
    for ending in ("closing", "leaving"):
        done = _python(CONNECTED, connect_server, str(file), ending)
        assert done.stdout.splitlines() == ["[{'x': 7, 'n': 4}] {'x': 'INTEGER', 'n': 'BIGINT'} False", str(ending == "closing")], done.stderr


def _python(text: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Another Python, which has a Spark of its own."""
    settings = os.environ | {"PYTHONPATH": str(Path(regulars.__file__).parents[2])} | environment
    return subprocess.run([sys.executable, "-c", text, *arguments], env=settings, capture_output=True, text=True, timeout=120, check=False)


WITHOUT = """
import sys
from regulars.engines.spark_session import session_at
from regulars.errors import RegularsError
try:
    session_at("local[1]", {})
except RegularsError as problem:
    print(problem.code, problem)
"""


@pytest.mark.parametrize(("version", "found"), [(None, "no Java"), ("1.8.0_292", "Java 8"), ("11.0.2", "Java 11")])
def test_without_a_java_that_fits_the_error_says_what_to_install(tmp_path: Path, version: str | None, found: str) -> None:
    pytest.importorskip("pyspark")
    for name in ("bash", "dirname", "basename", "cat", "rm"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    if version:
        java = tmp_path / "java"
        java.write_text(f'#!{shutil.which("bash")}\necho \'openjdk version "{version}"\' >&2\n[ "$1" = -version ]\n')
        java.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name not in {"JAVA_HOME", "SPARK_HOME", "JDK_JAVA_OPTIONS"}}
    environment |= {"PATH": str(tmp_path), "PYTHONPATH": str(Path(spark_session.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", WITHOUT], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("java_missing"), done.stderr
    assert found in done.stdout
    assert spark_session.INSTALL_JAVA in done.stdout
    assert not done.stderr


def test_a_java_home_without_java_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    done = _python(WITHOUT, JAVA_HOME=str(tmp_path))
    assert done.stdout.startswith(f"java_home_wrong JAVA_HOME is {tmp_path},"), done.stderr
    assert spark_session.INSTALL_JAVA in done.stdout


def test_without_pyspark_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(RegularsError) as raised:
        spark_session.session_at("spark", {})
    assert raised.value.code == "part_missing"
    assert "regulars[spark]" in str(raised.value)
