"""The documents are run: README.md and the pages under docs/ see the files of the made-up tea shop, and its workspace as ``ws``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestItem

NAMES = {"sales_2024-07_2025-11.csv": "orders.csv", "customers.csv": "customers.csv", "sales_2025-12.csv": "december.csv"}
"""What the tea shop's files are called in the documents."""


@pytest.fixture(scope="session")
def tea_shop_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """``orders.csv``, ``customers.csv`` and ``december.csv``: the files that ``regulars demo --world tea-shop`` writes in English."""
    from regulars.worlds import TeaShop

    made = TeaShop(language="en").write(tmp_path_factory.mktemp("files"))
    return tuple(path.rename(path.with_name(NAMES[path.name])) for path in made.files)


@pytest.fixture(scope="session")
def tea_shop_loaded(tea_shop_files: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workspace ``ws`` of the documents, with all three files in it."""
    import regulars as rg

    ws = rg.open(tmp_path_factory.mktemp("loaded") / "shop", currency="GBP", time_zone="Europe/London", language="en")
    for path in tea_shop_files:
        ws.load(path)
    return ws


@pytest.fixture(autouse=True)
def _document(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, doctest_namespace: dict[str, Any]) -> None:
    """A document runs in a folder of its own with the files beside it."""
    if not isinstance(request.node, DoctestItem) or request.path.suffix != ".md":
        return
    folder: Path = request.getfixturevalue("tmp_path")
    for path in request.getfixturevalue("tea_shop_files"):
        (folder / path.name).symlink_to(path)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REGULARS_LANGUAGE", "en")
    if "ws" in request.path.read_text(encoding="utf-8"):
        doctest_namespace["ws"] = request.getfixturevalue("tea_shop_loaded")
