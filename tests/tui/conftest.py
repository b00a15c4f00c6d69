"""What the tests of the commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tui import exits
from tui.cli import main
from tui.parsers.people import CLIENT, PEOPLE, STAFF
from tui.parsers.queues import HELP_REQUESTS, MAIL

Run = Callable[..., tuple[int, str, str]]
Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on an empty desk of the engine under test; gives exit code, output and errors."""
    monkeypatch.setenv("TRAKDESK_DATABASE_URL", database_url)
    monkeypatch.setenv("TRAKDESK_PUBLIC_URL", "https://portal.example")

    def command(*words: object) -> tuple[int, str, str]:
        code = main(["--home", str(tmp_path / "home"), *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def set_up(run: Run) -> str:
    """An agency set up by `trakdesk init`; gives what it printed."""
    code, out, err = run("init", "--agency", "Ray Staging", "--code", "919236", "--admin", "ray@example.com")
    assert (code, err) == (0, "")
    return out


@pytest.fixture
def again(tmp_path: Path) -> Callable[[], Desk]:
    """Opens the desk on which the commands run; each of them leaves the tables with a database of its own."""
    return lambda: open_desk(load_settings(tmp_path / "home"))


@pytest.fixture
def here(set_up: str, again: Callable[[], Desk]) -> Desk:
    """That desk before the first command."""
    return again()


@pytest.fixture
def ask(run: Run, here: Desk) -> Ask:
    """Runs a command for a program: exit code and JSON, which must have the keys that the table promises."""
    tables = {CLIENT: PEOPLE, STAFF: PEOPLE, "mail": MAIL, "help-requests": HELP_REQUESTS}

    def command(group: str, action: str, *words: object) -> tuple[int, dict[str, Any]]:
        code, out, err = run(group, action, *words, "--json")
        assert err == ""
        told = json.loads(out)
        [row] = [row for row in tables[group] if row.name == action]
        if code in (exits.DONE, exits.NEEDS_A_LOOK):
            assert set(told) == set(row.keys), row.name
        else:
            assert set(told) - {"problems", "wait_seconds"} == {"error"}
        return code, told

    return command
