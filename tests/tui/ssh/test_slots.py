"""How many desks run over SSH at the same time."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tui.ssh import slots


def hold(home: Path, place: str, sessions: int, per_address: int, told: Connection) -> None:
    try:
        slots.take(home, place, sessions=sessions, per_address=per_address)
        told.send("")
        signal.pause()
    except slots.Full as full:
        told.send(str(full))


Desk = Callable[..., tuple[str, int]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in a process of its own; why it did not open, and the number of the process."""
    context = multiprocessing.get_context("fork")
    with ExitStack() as stack:

        def start(place: str, sessions: int = 4, per_address: int = 2) -> tuple[str, int]:
            mine, theirs = context.Pipe()
            process = context.Process(target=hold, args=(tmp_path, place, sessions, per_address, theirs))
            process.start()
            stack.callback(process.join)
            stack.callback(process.kill)
            assert process.pid
            return mine.recv(), process.pid

        yield start


def test_one_address_opens_so_many_and_another_still_gets_in(desk: Desk) -> None:
    assert [desk("203.0.113.7")[0] for _ in range(2)] == ["", ""]
    assert "from yours" in desk("203.0.113.7")[0]
    assert desk("203.0.113.8")[0] == ""


def test_all_together_open_so_many(desk: Desk) -> None:
    assert [desk(f"203.0.113.{number}")[0] for number in range(4)] == [""] * 4
    assert "this machine holds" in desk("203.0.113.9")[0]


def test_a_desk_that_is_killed_gives_its_place_back(desk: Desk) -> None:
    _, pid = desk("203.0.113.7", 1)
    assert desk("203.0.113.8", 1)[0]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert desk("203.0.113.8", 1)[0] == ""


def test_the_address_that_was_there_before_does_not_count(desk: Desk) -> None:
    _, pid = desk("203.0.113.7", 3, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert desk("203.0.113.8", 3, 1)[0] == ""
    assert desk("203.0.113.7", 3, 1)[0] == ""
