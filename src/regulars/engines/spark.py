"""Spark, for a company that already runs one: the same snapshot, served from Parquet files beside it."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Final

import pyarrow as pa

from regulars.engines.duckdb import literal, serving
from regulars.engines.holding import hold
from regulars.engines.refusals import OF_THE_SQL, complaint, writing
from regulars.engines.spark_session import forget, is_alone, is_reachable, is_stopped, release, session_at
from regulars.errors import RegularsError, error
from regulars.schema import TABLES

FOLDER: Final = "parquet"
"""The folder beside the snapshot's file: one folder per table."""

_LIST: Final = "_files.json"
"""What was written into it: file → bytes."""

_ROWS: Final = 250_000
"""Rows of a row group, the least that one task of Spark reads."""

_SMALL: Final = 64_000_000
"""Bytes of Parquet up to which one task is quicker than several, and reading a query quicker than compiling it."""

_AT_ONCE: Final = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
}
"""What a session is set to for so few data: nothing to split, to re-plan on the way, or to compile."""

_TYPES: Final = {"string": "VARCHAR", "bigint": "BIGINT", "int": "INTEGER", "double": "DOUBLE", "timestamp_ntz": "TIMESTAMP"}
"""Spark's name of a type → the schema's, where they differ by more than capitals."""

_CONDITION: Final = re.compile(r"\[([A-Z_.\d]{4,})\] ((?:(?!\[[A-Z_.\d]{4,}\] ).)*?)\s*SQLSTATE: (\w{5})", re.DOTALL)
"""``[CONDITION] reason, in one line or several. SQLSTATE: 22018``."""

_NO_RELATION: Final = "42P01"
"""A relation that is not there: a bug of ours, because names are resolved before."""


class Spark:
    """A snapshot served by Spark. What a session derives is cached by the executors: in memory as far as it fits, else on their disks."""

    dialect: ClassVar[str] = "spark"

    def __init__(self, address: str, snapshot_id: str, file: Path) -> None:
        try:
            self._let_go = hold(self, file.parent)
        except FileNotFoundError as cause:
            raise error("snapshot_damaged", path=str(file), reason=str(cause.strerror)) from cause
        self._folder = parquet_of(file)
        self._lock = threading.Lock()
        self._stored: dict[str, Any] = {}
        self._closed = False
        small = sum(part.stat().st_size for part in self._folder.rglob("*.parquet")) < _SMALL
        self._session = session_at(address, _AT_ONCE if small else {})
        self._alone = is_alone(self._session)
        with self._failing():
            for table in TABLES.values():
                columns = ", ".join(f"`{name}` {_spark_type(kind)}" for name, kind in table.columns.items())
                self._session.read.schema(columns).parquet(_place(self._folder / table.name)).createOrReplaceTempView(table.name)

    @property
    def closed(self) -> bool:
        """Whether it was let go of, or the Spark under it was stopped."""
        return self._closed or is_stopped(self._session)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer as an Arrow table, in DuckDB's types. Safe from several threads: Spark runs each query as a job of its own."""
        with self._failing():
            return _as_duckdb(self._session.sql(sql, args=dict(parameters or {})).toArrow())

    def store(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer under a name, computed when it is first read; the name is a hash of all that it depends on, so twice is once."""
        with self._lock, self._failing():
            if name not in self._stored:
                frame = self._session.sql(sql, args=dict(parameters or {}))
                frame = frame.localCheckpoint() if self._alone else frame.persist()
                frame.createOrReplaceTempView(name)
                self._stored[name] = frame

    def foresee(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Keep an answer that may be read only once."""
        self.store(name, sql, parameters)

    def columns(self, name: str) -> dict[str, str]:
        """Column name → SQL type of a table or a stored relation."""
        with self._failing():
            fields = self._session.table(name).schema.fields
        kinds = ((field.name, field.dataType.simpleString()) for field in fields)
        return {name: _TYPES.get(kind, kind.upper()) for name, kind in kinds}

    def close(self) -> None:
        """Forget what this session stored. Spark itself runs on."""
        with self._lock:
            for name, frame in () if self.closed else self._stored.items():
                self._session.catalog.dropTempView(name)
                frame.unpersist()
            release(self._session)
            self._let_go()
            self._stored = {}
            self._closed = True

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """What Spark objects to, as a named error: damaged files, SQL that does not work out; a bug of ours stays what it is."""
        from py4j.protocol import Py4JError, Py4JJavaError
        from pyspark.errors import PySparkException

        if self.closed:
            raise error("engine_closed")
        try:
            yield
        except (PySparkException, Py4JJavaError) as cause:
            if (named := self._named(str(cause))) is None:
                raise
            raise named from cause
        except (Py4JError, OSError) as cause:
            if is_reachable(self._session):
                raise
            self._closed = True
            forget(self._session)
            raise error("engine_lost", engine="Spark", reason=str(cause).splitlines()[0].rstrip(".")) from cause

    def _named(self, said: str) -> RegularsError | None:
        """The named error of what Spark said, somewhere in its text."""
        for condition, reason, state in _CONDITION.findall(said):
            if condition.startswith(("FAILED_READ_FILE", "PATH_NOT_FOUND")):
                return error("snapshot_damaged", path=str(self._folder), reason=complaint(reason))
            if state.startswith(OF_THE_SQL) and state != _NO_RELATION:
                return error("sql_failed", reason=complaint(reason))
        return None


def parquet_of(file: Path) -> Path:
    """The snapshot's tables as Parquet in a folder beside its file: written once, there only when whole, and anew if a file has gone or changed its size."""
    folder = file.parent / FOLDER
    if not _is_whole(folder):
        with writing(folder), tempfile.TemporaryDirectory(prefix=f"{FOLDER}.", suffix=".unfinished", dir=file.parent) as aside:
            anew = Path(aside, "anew")
            anew.mkdir()
            _write(file, anew)
            _replace(folder, anew, Path(aside, "worn"))
    return folder


def _write(file: Path, folder: Path) -> None:
    """Every table of the schema, in the order in which the snapshot keeps it, and the list of what was written."""
    with serving(file) as connection:
        for table in TABLES.values():
            (folder / table.name).mkdir()
            columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in table.columns.items())
            place = literal(folder / table.name / f"{table.name}.parquet")
            connection.execute(f"COPY (SELECT {columns} FROM {table.name}) TO {place} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS})")
    (folder / _LIST).write_text(json.dumps(_sizes(folder)), encoding="utf-8")


def _sizes(folder: Path) -> dict[str, int]:
    """File → bytes, of all that Spark would read; it passes over names that begin like these."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("[!._]*")) if path.is_file()}


def _is_whole(folder: Path) -> bool:
    """Whether every file is there as it was written, and no other: Spark takes an empty folder for an empty table."""
    try:
        return bool(json.loads((folder / _LIST).read_text(encoding="utf-8")) == _sizes(folder))
    except (OSError, ValueError):
        return False


def _replace(folder: Path, anew: Path, worn: Path) -> None:
    """Put a new folder in its place and a worn one aside, unless another process was first with the same."""
    if _is_whole(folder):
        return
    with suppress(FileNotFoundError):
        folder.rename(worn)
    try:
        anew.rename(folder)
    except OSError:
        if not _is_whole(folder):
            raise


def _place(folder: Path) -> str:
    """A folder as Spark names it: in the file system of every machine of the cluster, no letter of it a pattern."""
    return "file:" + re.sub(r"([\\{}\[\]*?])", r"\\\1", str(folder.absolute()))


def _spark_type(kind: str) -> str:
    """A type of the schema as Spark calls it."""
    return {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}.get(kind, kind)


def _as_duckdb(table: pa.Table) -> pa.Table:
    """The answer in the types that DuckDB gives: whole numbers of 64 bits, moments without a zone, every column nullable."""
    fields = [pa.field(field.name, _wide(field.type)) for field in table.schema]
    return table.cast(pa.schema(fields))


def _wide(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return pa.int64()
    if pa.types.is_decimal(kind) and kind.precision > 18:
        return pa.decimal128(38, kind.scale)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    return kind
