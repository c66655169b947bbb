"""A throw-away MariaDB server for the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engines_at_hand import free_port

INSTALL = "MariaDB is not installed: apt-get install mariadb-server"
SMALL = ("--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--performance-schema=OFF")


class MariaDB:
    """A server in a folder of its own; ``shop`` is asked for a password, ``guest`` may read nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._user = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "mysql"
        if not os.geteuid():
            shutil.chown(folder, self._user)
        install, self._program = shutil.which("mariadb-install-db"), shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        assert install is not None
        line = [install, "--no-defaults", f"--datadir={folder / 'data'}", f"--user={self._user}", "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        line = [self._program, "--no-defaults", f"--datadir={self.folder / 'data'}", f"--port={self.port}", "--bind-address=127.0.0.1", f"--user={self._user}"]
        line += [f"--socket={self.folder / 'socket'}", f"--pid-file={self.folder / 'pid'}", *SMALL]
        self._process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(150):
            if (self.folder / "socket").exists():
                return
            time.sleep(0.1)
        pytest.fail("MariaDB did not start")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def do(self, *statements: str) -> list[Any]:
        """Let the owner say something; the rows of the last statement."""
        import pymysql

        with pymysql.connect(unix_socket=str(self.folder / "socket"), user="root", autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def url(self, user: str = "shop", database: str = "books") -> str:
        return f"mysql://{user}@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[MariaDB]:
    """A server with the database ``books``."""
    pytest.importorskip("pymysql")
    if shutil.which("mariadb-install-db") is None:
        pytest.skip(INSTALL)
    with tempfile.TemporaryDirectory(prefix="regulars-my-", ignore_cleanup_errors=True) as folder:
        server = MariaDB(Path(folder))
        server.start()
        try:
            server.do(
                "create database books character set utf8mb4",
                "create user shop@'127.0.0.1' identified by 'open sesame'",
                "grant select on books.* to shop@'127.0.0.1'",
                "create user guest@'127.0.0.1' identified by ''",
                "create database empty",
                "grant select on empty.* to guest@'127.0.0.1'",
            )
            yield server
        finally:
            server.stop()
