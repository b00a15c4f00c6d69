"""The kiosk's terminal driver: whatever comes in, keys arrive afterwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.kiosk.driver import KioskDriver

BREAKING = [
    b"\xff\xfe\xc3",
    b"\x1b[97:65:1;5:3u",
    b"\x1b[99999999999;5u",
    b"\x1b[48;0;0;0;0t\x1b[<0;5;5M",
    b"\x1b[48;9999;9999;1;1t",
    b"\x1b[?2048;1$y",
    b"\x1b[200~never ended",
    b"\x1b[" + b"9" * 5000 + b"m",
    b"\x1b[I\x1b[O\x1b[1;1R",
    b"\x00\x01\x02\x03\x1a\x1c",
]


class Listening(KioskDriver):
    """Reads from a pipe, and keeps what would go to the application."""

    def __init__(self, handle: int) -> None:
        self.fileno = handle
        self.exit_event = threading.Event()
        self.heard: list[Message] = []

    def _wait_for_app(self) -> None:
        """There is none."""

    def process_message(self, message: Message) -> None:
        self.heard.append(message)


@pytest.fixture
def listening() -> Iterator[tuple[Listening, Callable[[bytes], None]]]:
    reading, writing = os.pipe()
    driver = Listening(reading)
    thread = threading.Thread(target=driver.run_input_thread, daemon=True)
    thread.start()
    yield driver, lambda octets: os.write(writing, octets) and None
    driver.exit_event.set()
    thread.join(5)
    assert not thread.is_alive()
    os.close(reading)
    os.close(writing)


def keys(driver: Listening) -> list[str]:
    return [event.key for event in driver.heard if isinstance(event, events.Key)]


@pytest.mark.parametrize("octets", BREAKING, ids=[str(number) for number in range(len(BREAKING))])
def test_whatever_breaks_textual_s_own_is_dropped_and_keys_arrive(
    listening: tuple[Listening, Callable[[bytes], None]], octets: bytes
) -> None:
    driver, write = listening
    write(octets)
    end = monotonic() + 10
    while "Z" not in keys(driver)[-1:]:
        assert monotonic() < end, driver.heard[-5:]
        write(b"Z")
        sleep(0.1)
    kinds = {type(event) for event in driver.heard}
    assert kinds <= {events.Key, events.Paste, events.MouseDown, events.MouseUp, events.MouseMove}


def test_the_private_hooks_are_still_there() -> None:
    for name in ("_get_terminal_size", "_query_in_band_window_resize", "run_input_thread", "process_message"):
        assert callable(getattr(LinuxDriver, name))
