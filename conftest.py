"""Shops that tests share; and the documents are run: README.md and docs/*.md see the files of the tea shop, and its workspace as ``ws``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestItem

pytest_plugins = ["engines_at_hand", "mysql_at_hand", "spark_at_hand", "tied_shop"]


@pytest.fixture(scope="session")
def tea_shop_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of the documents: the English tea shop's orders, member list and last month, and a workbook of the Chinese one."""
    from regulars.worlds import TeaShop

    orders, customers, december = TeaShop(language="en").write(tmp_path_factory.mktemp("leeds")).files
    workbook = TeaShop(language="zh_CN", customers=200).write(tmp_path_factory.mktemp("hangzhou")).files[0]
    return {"orders.csv": orders, "customers.csv": customers, "december.csv": december, "orders.xlsx": workbook}


@pytest.fixture(scope="session")
def tea_shop_loaded(tea_shop_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workspace ``ws`` of the documents that do not open one themselves."""
    import regulars as rg

    ws = rg.open(tmp_path_factory.mktemp("loaded") / "shop", currency="GBP", time_zone="Europe/London", language="en")
    for name in ("orders.csv", "customers.csv", "december.csv"):
        ws.load(tea_shop_files[name])
    return ws


@pytest.fixture(scope="session")
def small_shop(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The shop of the contract tests. It is shared: load nothing more into it."""
    from contract_shops import open_shop, shop_rows

    return open_shop(tmp_path_factory.mktemp("contract"), shop_rows())


@pytest.fixture(autouse=True)
def _document(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, doctest_namespace: dict[str, Any]) -> None:
    """A document runs in a folder of its own with the files beside it."""
    if not isinstance(request.node, DoctestItem) or request.path.suffix != ".md":
        return
    folder: Path = request.getfixturevalue("tmp_path")
    for name, path in request.getfixturevalue("tea_shop_files").items():
        (folder / name).symlink_to(path)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REGULARS_LANGUAGE", "en")
    text = request.path.read_text(encoding="utf-8")
    if re.search(r"\bws\.", text) and ">>> ws = " not in text:
        doctest_namespace["ws"] = request.getfixturevalue("tea_shop_loaded")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line at the end that installs what tests were skipped for: their reasons end in ``apt-get install …``."""
    reasons = (str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()) if isinstance(report.longrepr, tuple))
    missing = sorted(
        {name for reason in reasons for found in re.findall(r"apt(?:-get)? install ([a-z0-9.+ -]+)", reason) for name in found.split() if name[0] != "-"}
    )
    if missing:
        terminalreporter.write_line(f"To run what was skipped: sudo apt-get install {' '.join(missing)}", yellow=True)
