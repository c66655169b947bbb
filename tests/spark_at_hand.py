"""A Spark in this process, started by the first test that asks for it and stopped after the last."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

MASTER = "local[2]"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss4m"
"""For queries that are run once: compile lightly, collect garbage in one thread."""


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """A session on the Spark that every engine of this process shares; ``local[2]`` is its address."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install default-jre-headless")
    from regulars.engines.spark_session import session_at

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", QUICK)
        session = session_at(MASTER, {})
    yield session
    session.sparkContext.stop()
