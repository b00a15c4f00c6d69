"""Only whoever can write in the account's home is told which variables arrive."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tui.ssh.nonce import FILE, answer, nonce_in

SECRET = {"LC_PWN": "a value", "TERM": "xterm"}


def test_the_names_are_told_and_no_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with nonce_in(tmp_path) as nonce:
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
        assert answer(tmp_path, nonce, SECRET, {"TERM": "xterm"})
    told = capsys.readouterr().out
    assert json.loads(told) == {"received": ["LC_PWN", "TERM"], "passed": ["TERM"]}
    assert "a value" not in told
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("claimed", ["", "x", "é\udcff"])
def test_another_nonce_is_told_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], claimed: str) -> None:
    with nonce_in(tmp_path):
        assert not answer(tmp_path, claimed, SECRET, {})
    assert not answer(tmp_path, claimed, SECRET, {})
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("spoilt", ["open to others", "old", "a link", "empty"])
def test_a_file_that_another_may_have_made_is_not_believed(tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / FILE
    with nonce_in(tmp_path) as nonce:
        if spoilt == "open to others":
            path.chmod(0o644)
        elif spoilt == "old":
            os.utime(path, (time.time() - 1000,) * 2)
        elif spoilt == "a link":
            path.rename(tmp_path / "elsewhere")
            path.symlink_to(tmp_path / "elsewhere")
        else:
            path.write_text("")
            nonce = ""
        assert not answer(tmp_path, nonce, SECRET, {})
