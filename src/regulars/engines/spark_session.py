"""The Spark that answers: the one that already runs in this process, or one that is started, quietly and within a bound of time."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from regulars.errors import N_, RegularsError, Words, error

OLDEST_JAVA: Final = 17
INSTALL: Final = "pip install 'regulars[spark]'"
INSTALL_JAVA: Final = "sudo apt install openjdk-17-jre-headless"
PATIENCE: Final = 10
"""Seconds that a cluster's address may take to accept a connection."""

ANSWERS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.adaptive.enabled": "true",
}
"""What every session is set to, because answers depend on it."""

_STARTED: Final = {
    "spark.app.name": "regulars",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
"""What a Spark that is started here is told on top; one that already runs keeps its own."""

_ELSEWHERE: Final = ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS")
"""Variables that say that this machine has a Spark of its own, whose ``spark-defaults.conf`` names master and memory."""

_starting: Final = threading.Lock()


def session_at(address: str, settings: Mapping[str, str]) -> Any:
    """A session of our own on the Spark of this process, which is started at the first call and lives as long as the process.

    ``address`` is ``spark`` (whatever runs here, else what ``spark-defaults.conf`` says, else all cores of this machine),
    ``local[n]``, ``spark://host:port`` or ``sc://host:port``. ``settings`` are the session's alone, besides ``ANSWERS``.
    """
    with _starting, _importing():
        session = _connected(address) if address.startswith("sc://") else _here(address)
        for name, value in {**ANSWERS, **settings}.items():
            session.conf.set(name, value)
        _quieten()
    return session


def _quieten() -> None:
    """Let Spark not also print what it objects to, with plans and stack traces: it is raised, and told as a named error."""
    from pyspark.logger import PySparkLogger

    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True


def _here(address: str) -> Any:
    """A session on the Spark of this process; one that runs already must be the one that is asked for."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is None or is_stopped(active):
        context = SparkContext._active_spark_context or SparkContext(gateway=_gateway(address), conf=_configuration(address))
        active = SparkSession(context)
    runs = active.conf.get("spark.master", "")
    if address not in {"spark", runs} and (address, runs) != ("local", "local[*]"):
        raise error("spark_elsewhere", address=address, runs=runs)
    return active.newSession()


def is_stopped(session: Any) -> bool:
    """Whether the Spark under a session is gone; a session of Spark Connect knows, else its context does."""
    return bool(session.is_stopped if hasattr(session, "is_stopped") else session.sparkContext._jsc is None)


def is_reachable(session: Any) -> bool:
    """Whether the Java process under a session still answers. Spark Connect tries again by itself, and names what it could not reach."""
    from py4j.protocol import Py4JError

    try:
        return hasattr(session, "is_stopped") or bool(session.sparkContext._jvm.System.nanoTime())
    except (Py4JError, OSError):
        return False


def forget(session: Any) -> None:
    """Let the next question start a Spark anew, because the Java process under this session is gone."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    if SparkContext._active_spark_context is session.sparkContext:
        SparkContext._active_spark_context = SparkContext._gateway = SparkContext._jvm = None
        SparkSession._instantiatedSession = None


def release(session: Any) -> None:
    """Let go of a session of Spark Connect; the Spark of this process runs on: others may use it, and starting it takes seconds."""
    if hasattr(session, "is_stopped") and not session.is_stopped:
        session.stop()


def is_alone(session: Any) -> bool:
    """Whether driver and executors are this one process, so that nothing computed is lost before all is."""
    return not hasattr(session, "is_stopped") and session.sparkContext.master.startswith("local")


@contextmanager
def _importing() -> Iterator[None]:
    """Let pyspark be imported without its remarks about other packages, and name what is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except ImportError as cause:
            raise error("part_missing", what="pyspark", reason=str(cause).splitlines()[0], line=INSTALL) from cause


def _configuration(address: str) -> Any:
    """The settings of a Spark that is started here."""
    from pyspark import SparkConf

    settings = dict(_STARTED)
    if address != "spark" or not any(os.environ.get(name) for name in _ELSEWHERE):
        settings["spark.master"] = "local[*]" if address in {"spark", "local"} else address
    if settings.get("spark.master", "").startswith("local"):
        settings |= {
            "spark.driver.memory": os.environ.get("SPARK_DRIVER_MEMORY", "2g"),
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.maxResultSize": "0",
            "spark.sql.shuffle.partitions": str(2 * _cores(settings["spark.master"])),
        }
    return SparkConf(loadDefaults=False).setAll(list(settings.items()))


def _cores(master: str) -> int:
    """How many threads ``local[n]`` has."""
    named = re.fullmatch(r"local\[(\d+)]", master)
    return int(named[1]) if named else os.cpu_count() or 1


class _Unforked(dict[str, Any]):
    """How the Java process is started, without the function that Spark would run in it first, to spare it Ctrl-C; a session of its own does that too.

    For such a function Python must copy this process, which Linux may refuse where DuckDB has set much address space aside.
    """

    def __setitem__(self, name: str, value: Any) -> None:
        if name != "preexec_fn":
            super().__setitem__(name, value)


def _gateway(address: str) -> Any:
    """A Java process that serves this one. What it writes to the terminal is kept for the error, should it fail."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    if address.startswith("spark://"):
        _reached(address)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        try:
            return launch_gateway(_configuration(address), _Unforked(stdout=said, stderr=said, start_new_session=True))
        except (PySparkRuntimeError, OSError) as cause:
            raise _without_java(said, str(cause)) from cause


def _without_java(said: IO[str], reason: str) -> RegularsError:
    """Why no Java process came up: none found, too old a one, or what it said itself."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    version = _version(java) if java else None
    if version is None:
        if home:
            return error("java_home_wrong", folder=home, oldest=OLDEST_JAVA, line=INSTALL_JAVA)
        return error("java_missing", found=Words(N_("no Java")), oldest=OLDEST_JAVA, line=INSTALL_JAVA)
    if version < OLDEST_JAVA:
        return error("java_missing", found=f"Java {version} ({java})", oldest=OLDEST_JAVA, line=INSTALL_JAVA)
    said.seek(0)
    lines = [line.strip() for line in said if line.strip()]
    return error("spark_not_started", reason=(lines or [reason])[-1])


def _version(java: str) -> int | None:
    """The main version of a Java: 17 of ``17.0.15``, 8 of ``1.8.0_292``; None if it does not run."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=PATIENCE, check=True).stderr  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else None


def _reached(address: str) -> None:
    """Raise unless one of the machines of ``spark://host:port,host:port`` or ``sc://host:port`` takes a connection: Spark itself would wait for minutes."""
    reason = "no port"
    for place in address.split("://", 1)[1].split("/", maxsplit=1)[0].split(","):
        host, _, port = place.rpartition(":")
        if not host or not port.isdigit():
            continue
        try:
            socket.create_connection((host, int(port)), PATIENCE).close()
        except OSError as cause:
            reason = cause.strerror or str(cause)
        else:
            return
    raise error("engine_unreachable", address=address, reason=reason)


def _connected(address: str) -> Any:
    """A session of a Spark Connect server: its own, let go of before Python ends, when no thread is left to close the channel."""
    from pyspark.sql import SparkSession

    _reached(address)
    session = SparkSession.builder.remote(address).create()
    atexit.register(release, session)
    return session
