"""The value pack in PySpark on two local cores, straight from the order lines; runs in an environment of its own. Starting the JVM counts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession

from benchmarks.answers import STATEMENTS, Answers, finish

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "8g",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
}


def statements(session: Any, path: Path) -> Answers:
    """Every statement of ``straightforward_spark.sql`` in a session that runs already."""
    session.read.parquet(str(path)).createOrReplaceTempView("sales")
    texts = (Path(__file__).parent / "straightforward_spark.sql").read_text(encoding="utf-8").split(";")
    return {name: [tuple(row) for row in session.sql(text).collect()] for name, text in zip(STATEMENTS, texts, strict=True)}


def answers(path: Path) -> Answers:
    with tempfile.TemporaryDirectory() as folder:
        builder = SparkSession.builder.master("local[2]").config(map=SETTINGS | {"spark.local.dir": folder, "spark.sql.warehouse.dir": folder})
        with builder.getOrCreate() as session:
            session.sparkContext.setLogLevel("ERROR")
            found = statements(session, path)
        java = SparkContext._gateway.proc  # waited for, so that its processor time counts
        java.stdin.close()
        java.wait()
    return found


if __name__ == "__main__":
    finish(answers)
