"""The examples run, as a newcomer would run them, and each says what it promises."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SAYS = {
    "01_load_and_brief.py": ("customers.csv: 300 rows, 300 loaded, 0 not", "brief.html"),
    "02_compare_months.py": ("2025-09-30 2025-12-31", "Champions"),
    "03_own_thresholds.py": ("Default:  lapsed after 240 days", "Proposed: lapsed after", "Call first:"),
    "04_own_sql.py": ("1  ", "7  ", "per order"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples run; the shop is loaded by the first and found by the others."""
    return tmp_path_factory.mktemp("examples")


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*SAYS, "tea_shop.py"}


@pytest.mark.parametrize("name", SAYS)
def test_example(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setattr("sys.argv", [name])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    said = capsys.readouterr().out
    assert all(words in said for words in SAYS[name]), said
