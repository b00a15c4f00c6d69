"""What the tests of the commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.cli import main

Run = Callable[..., tuple[int, str, str]]


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
