"""Engines started for the tests: a throw-away PostgreSQL server, and, through ``spark_at_hand``, a Spark in this process."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

INSTALL = "PostgreSQL is not installed: apt-get install postgresql"
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=64MB -c max_connections=30"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = shutil.which("initdb")
    places = [path.parent for path in installed] + ([Path(found).parent] if found else [])
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def stranger() -> str:
    """As whom a server is started that refuses to run as root; empty if we are not root."""
    if os.geteuid() != 0:
        return ""
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A PostgreSQL server in a folder of its own, its texts sorted as people sort them: not letter by letter, as Regulars asks."""

    def __init__(self, place: Path, folder: Path) -> None:
        self.place, self.folder, self.port = place, folder, free_port()
        self.data = folder / "data"
        self._user = stranger()
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync")

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-l", self.folder / "log", "-o", f"{FAST} -h 127.0.0.1 -p {self.port} -k {self.folder}", "start")

    def stop(self) -> None:
        """End the server at once; what it wrote is thrown away."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        for _ in range(100):
            if not (self.data / "postmaster.pid").exists():
                return
            time.sleep(0.1)

    def _run(self, program: str, *arguments: object) -> None:
        line = [self.place / program, "-D", self.data, *arguments]
        if self._user:  # not by subprocess's own ``user``: for that Python copies this process, which may have set more address space aside than there is
            line = ["setpriv", f"--reuid={self._user}", f"--regid={pwd.getpwnam(self._user).pw_gid}", "--clear-groups", *line]
        done = subprocess.run([*map(str, line)], cwd=self.folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, check=False, **_QUIET)
        assert done.returncode == 0, done.stdout

    def url(self, user: str = "shop", database: str = "regulars") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def guard(self, user: str) -> None:
        """A role who is asked for a password."""
        rules = self.data / "pg_hba.conf"
        if f" {user} " not in rules.read_text():
            rules.write_text(f"host all {user} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
            self.do(f"create role {user} login password 'open sesame'", "select pg_reload_conf()")

    def do(self, *statements: str, database: str = "regulars") -> list[Any]:
        """Let the server's owner say something; the rows of the last statement that has any."""
        import psycopg

        with psycopg.connect(self.url("postgres", database), autocommit=True) as connection:
            cursors = [connection.execute(statement.encode()) for statement in statements]
            return next((cursor.fetchall() for cursor in reversed(cursors) if cursor.description), [])


_QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A server with the role ``shop``, who owns the database ``regulars``."""
    pytest.importorskip("psycopg")
    place = programs()
    if place is None:
        pytest.skip(INSTALL)
    with tempfile.TemporaryDirectory(prefix="regulars-pg-", ignore_cleanup_errors=True) as folder:
        server = Server(place, Path(folder))
        server.start()
        try:
            server.do("create role shop login", "create database regulars owner shop", database="postgres")
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: Server) -> str:
    """The address of an empty database of one's own."""
    return postgresql_server.url()


@pytest.fixture(scope="session", params=["postgresql", "spark"])
def other_engine(request: pytest.FixtureRequest) -> str:
    """The address of each engine that is not DuckDB, running."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    request.getfixturevalue("spark_session")
    return "local[2]"
