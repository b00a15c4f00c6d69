"""Faults are written down under a reference, and never with a value."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.faults import start_log, write_down


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    path = tmp_path / "trakdesk.log"
    start_log(path)
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = before


def fail(password: str) -> None:
    raise ValueError(f"cannot take {password}")


def test_a_fault_has_a_reference_and_its_place_but_no_value(log: Path) -> None:
    try:
        fail("correct horse battery staple")
    except ValueError as error:
        reference = write_down(error)
    text = log.read_text()
    assert reference in text
    assert "test_faults.py" in text and "ValueError" in text
    assert "horse" not in text


def test_the_log_is_its_owners_only(log: Path) -> None:
    logging.getLogger("trakdesk").info("x")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_queries_with_their_values_are_never_logged(log: Path) -> None:
    logging.getLogger("peewee").debug("('SELECT', ['secret'])")
    logging.getLogger("trakdesk").info("x")
    assert "secret" not in log.read_text()
