"""`trakdesk kiosks` and `trakdesk kiosk` for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.conftest import Run


def test_a_kiosk_is_enrolled_listed_and_revoked(run: Run, set_up: str, tmp_path: Path) -> None:
    code, out, _ = run("kiosks", "enrol", "--name", "Main Lobby", "--theme", "contrast")
    key = tmp_path / "home" / "kiosks" / "main-lobby.key"
    assert (code, str(key) in out, key.stat().st_mode & 0o777) == (0, True, 0o600)
    assert key.read_text().strip() not in out
    assert "Main Lobby  whole agency  last seen never" in run("kiosks", "list")[1]
    [listed] = json.loads(run("kiosks", "list", "--json")[1])
    assert (listed["name"], listed["theme"], listed["revoked_at"]) == ("Main Lobby", "contrast", None)
    assert run("kiosks", "revoke", "main lobby")[0] == 0
    assert json.loads(run("kiosks", "list", "--json")[1])[0]["revoked_at"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["enrol", "--name", ""], "--name: Name the kiosk"),
        (["enrol", "--name", "Door", "--office", "Mars"], '--office: There is no office "Mars".'),
        (["enrol", "--name", "Lobby"], 'There is a kiosk "Lobby" already.'),
        (["revoke", "Door"], 'There is no kiosk "Door".'),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, set_up: str, words: list[str], told: str) -> None:
    run("kiosks", "enrol", "--name", "Lobby")
    code, _, err = run("kiosks", *words)
    assert (code, told in err) == (2, True), err


def test_without_a_terminal_there_is_no_kiosk(run: Run, set_up: str) -> None:
    assert run("kiosk", "--name", "Lobby")[::2] == (2, "A kiosk needs a terminal.\n")


def test_an_identity_that_cannot_be_kept_is_taken_back(run: Run, set_up: str, tmp_path: Path) -> None:
    (tmp_path / "home" / "kiosks").write_text("in the way")
    code, _, err = run("kiosks", "enrol", "--name", "Lobby")
    assert (code, "cannot be written" in err) == (2, True)
    assert json.loads(run("kiosks", "list", "--json")[1])[0]["revoked_at"]
