"""The clock of a sandbox, and that nothing else has one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.clock import SystemClock
from services.desk import Desk
from services.practice.queue import Practice
from services.sandbox.clock import SandboxClock

HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[3]


def test_moving_it_moves_it_for_everybody_with_the_same_file(tmp_path: Path) -> None:
    mine, others = SandboxClock(tmp_path / "clock"), SandboxClock(tmp_path / "clock")
    before = others.now()
    mine.move(3 * HOUR)
    assert HOUR * 3 <= others.now() - before < HOUR * 3 + timedelta(seconds=5)
    assert others.shift == 3 * HOUR


def test_it_goes_like_the_clock_of_the_machine_until_somebody_moves_it(tmp_path: Path) -> None:
    assert abs(SandboxClock(tmp_path / "clock").now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_can_be_put_to_a_moment_in_the_past(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    moment = datetime(2026, 2, 28, 9, 30, tzinfo=UTC)
    clock.put(moment)
    assert moment <= clock.now() < moment + timedelta(seconds=5)


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    SandboxClock(tmp_path / "clock")
    assert (tmp_path / "clock").stat().st_mode & 0o777 == 0o600


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(bytes(8))
    (tmp_path / "clock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        SandboxClock(tmp_path / "clock")


def test_nobody_calls_at_a_desk_that_goes_by_the_clock_of_the_machine(desk: Desk) -> None:
    with pytest.raises(TypeError, match="no sandbox"):
        Practice(Desk(replace(desk.ctx, clock=SystemClock())))


def test_no_other_part_of_the_program_knows_such_a_clock() -> None:
    packages = ("models", "services", "screens", "tui")
    files = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    told = re.compile(rb"services\.(sandbox|practice)\b|services import (sandbox|practice)\b")
    known = [path.relative_to(ROOT).as_posix() for path in files if told.search(path.read_bytes())]
    training = ("services/sandbox/", "services/practice/", "tui/demo/", "tui/commands/demo.py")
    assert [path for path in known if not path.startswith(training) and path != "tui/commands/practice.py"] == []
    assert known


def test_passwords_are_hashed_with_less_work_in_training_alone() -> None:
    """The portal rehearses with an agency of its own in a folder that is gone before anybody comes."""
    packages = ("models", "services", "screens", "tui")
    files = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    chosen = {path.relative_to(ROOT).as_posix() for path in files if b"bcrypt_cost=" in path.read_bytes()}
    assert chosen == {"services/sandbox/sandbox.py", "services/practice/backstage.py", "tui/portal/warming.py"}
