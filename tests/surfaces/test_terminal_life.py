"""The desk in a terminal that is too small, goes away, or is none."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.term import Term
from tui.memory import SETTLING
from tui.terminal import HIGHEST, WIDEST


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What happens to a terminal does not depend on the engine."""
    return f"sqlite:///{tmp_path / 'desk.sqlite3'}"


@pytest.mark.slow
def test_a_terminal_that_is_too_small_says_so_and_works_once_it_is_larger(terminal: Callable[..., Term]) -> None:
    desk = terminal(40, 12)
    desk.expect("too small")
    desk.resize(80, 24)
    desk.expect("Set up your agency")
    desk.resize(40, 12)
    desk.expect("too small")
    desk.resize(100, 30)
    desk.expect("Set up your agency")


@pytest.mark.slow
def test_a_dropped_line_ends_the_process(terminal: Callable[..., Term]) -> None:
    desk = terminal()
    desk.expect("Set up your agency")
    process = psutil.Process(desk.process.pid)
    os.close(desk.process.fd)
    desk._alive = False
    process.wait(timeout=10)
    # The wait above has taken the exit status, for which the terminal's own clean-up would look in vain.
    desk.process.terminated = desk.process.closed = True


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_a_desk_at_rest_by_its_own_will(terminal: Callable[..., Term], number: signal.Signals) -> None:
    """A signal does not wake the loop by itself: the desk once slept until the last resort ended it."""
    desk = terminal()
    desk.expect("Set up your agency")
    # The collector, which comes last of all, would wake it.
    desk.settle(SETTLING + 0.5, 10)
    desk.process.kill(number)
    desk.gone(10)
    assert desk.process.exitstatus == 0


def test_being_asked_to_stop_leaves_the_terminal_as_it_was(terminal: Callable[..., Term]) -> None:
    desk = terminal()
    desk.expect("Set up your agency")
    before = desk.received
    desk.process.kill(signal.SIGTERM)
    desk.gone(10)
    assert desk.received > before, "the alternate screen was not left"


def test_ctrl_q_leaves(terminal: Callable[..., Term]) -> None:
    desk = terminal()
    desk.expect("Set up your agency")
    desk.key("ctrl+q")
    desk.gone(10)


def test_without_a_terminal_it_says_so_and_names_the_commands(
    command: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    result = command()
    assert result.returncode == 2
    assert "needs a terminal" in result.stderr


@pytest.mark.slow
def test_an_idle_desk_writes_nothing(terminal: Callable[..., Term]) -> None:
    desk = terminal()
    desk.expect("Set up your agency")
    desk.settle(0.5, 5)
    before = desk.received
    desk.settle(3, 3)
    assert desk.received == before


LARGE = (20_000, 5_000)
"""Columns and rows that nobody has; drawn as they are they take a gigabyte."""

ENOUGH = 200_000_000
"""Octets that a desk of any window stays below."""


def memory(desk: Term) -> int:
    return int(psutil.Process(desk.process.pid).memory_info().rss)


def draws_its_corner(desk: Term) -> None:
    desk.expect("Set up your agency", 20)
    desk.settle(0.5, 10)
    assert memory(desk) < ENOUGH


def test_a_huge_window_costs_no_memory(environment: dict[str, str]) -> None:
    """Over SSH it is known before anybody has signed in: one stranger once took all memory with it."""
    with Term([TRAKDESK], *LARGE, env=environment) as desk:
        desk.screen.resize(HIGHEST, WIDEST)
        draws_its_corner(desk)


@pytest.mark.slow
@pytest.mark.parametrize("by_the_terminal", [False, True], ids=["by the kernel", "by the terminal"])
def test_nor_does_one_that_grows(terminal: Callable[..., Term], by_the_terminal: bool) -> None:
    desk = terminal()
    desk.expect("Set up your agency")
    desk.screen.resize(HIGHEST, WIDEST)
    if by_the_terminal:
        desk.send("\x1b[?2048;1$y\x1b[48;{1};{0};{1};{0}t".format(*LARGE))
    else:
        desk.process.setwinsize(*reversed(LARGE))
    desk.settle(0.5, 10)
    draws_its_corner(desk)


@pytest.mark.slow
def test_a_window_larger_than_what_is_drawn_is_blank_beyond_and_works(terminal: Callable[..., Term]) -> None:
    desk = terminal(WIDEST + 50, HIGHEST + 20)
    desk.expect("Set up your agency", 20)
    desk.key("1").expect("Company code").type("abc").expect("abc")
    desk.send(f"\x1b[<0;{WIDEST + 20};{HIGHEST + 10}M\x1b[<0;{WIDEST + 20};{HIGHEST + 10}m")
    desk.type("xyz").expect("abcxyz")
    lines = desk.text.splitlines()
    assert any(line[:WIDEST].strip() for line in lines[HIGHEST - 2 : HIGHEST])
    assert not [line for line in lines if line[WIDEST:].strip()]
    assert not [line for line in lines[HIGHEST:] if line.strip()]
