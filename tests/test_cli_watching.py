"""Long work on the command line: progress, Ctrl-C, and what nobody foresaw."""

from __future__ import annotations

import os
import signal

import pytest

import regulars as rg
from regulars.errors import N_
from regulars.i18n import Reader
from regulars.surfaces import cli
from regulars.surfaces.console import Console
from regulars.surfaces.watching import watched


def test_the_unexpected_is_short_unless_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli.REGULARS, "get_command", lambda *_: 1 / 0)
    assert cli.run(["doctor"]) == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "Traceback" not in told
    assert cli.run(["doctor", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_stopping_has_a_status_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.REGULARS, "get_command", stopped)
    assert cli.run(["doctor"]) == 130
    assert "nothing was changed" in capsys.readouterr().err


def test_the_first_ctrl_c_waits_for_a_good_moment() -> None:
    before = signal.getsignal(signal.SIGINT)
    with watched(Console(Reader("en"), quiet=True)) as progress:
        progress("reading", 1, 3)
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(rg.RegularsError) as caught:
            progress("reading", 2, 3)
    assert caught.value.code == "cancelled"
    assert signal.getsignal(signal.SIGINT) == before


def test_progress_without_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with watched(Console(Reader("en"))) as progress:
        for done in range(3):
            progress(N_("Reading"), done, 3)
        progress(N_("Writing"), 0, 0)
    out, err = capsys.readouterr()
    assert err.splitlines() == ["Reading …", "Writing …"]
    assert not out
