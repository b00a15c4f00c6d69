"""`trakdesk demo`, as far as it goes without a stage."""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from pathlib import Path

import pytest

from services.errors import Refused
from services.sandbox.sandbox import BEGINNING
from tui import terminal
from tui.commands import demo


@pytest.fixture(autouse=True)
def _in_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if started in one; what is done to the whole process is left out."""
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    for owner, name in ((gc, "disable"), (terminal, "scrub"), (terminal, "forbid_core_dumps")):
        monkeypatch.setattr(owner, name, lambda: None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def options(record: Path) -> argparse.Namespace:
    return argparse.Namespace(record=record, autoplay=False, speed=1.0, theme=None)


def test_a_sandbox_that_cannot_be_made_leaves_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(Refused, match="No folder for the sandbox"):
        demo.show(options(tmp_path / "play.cast"), None)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_is_refused_leaves_no_sandbox(tmp_path: Path) -> None:
    (tmp_path / "play.cast").write_text("an older one")
    with pytest.raises(Refused, match="is there already"):
        demo.show(options(tmp_path / "play.cast"), None)
    assert list(tmp_path.glob(f"{BEGINNING}*")) == []
