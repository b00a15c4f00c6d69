"""A kiosk in a pseudo-terminal, with every octet that it wrote."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Mapping
from typing import Any

import psutil

from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.term import Term

HOME = "What can we do for you?"
STAFF_KEY = "\x0b"


class KioskTerm(Term):
    """Runs `trakdesk kiosk` and keeps what came out of it."""

    def __init__(
        self, environment: Mapping[str, str], name: str = "Lobby", size: tuple[int, int] = (80, 24), *words: str
    ) -> None:
        super().__init__([TRAKDESK, "kiosk", "--name", name, *words], *size, env=dict(environment))

    def supervisor(self) -> psutil.Process:
        """The process that owns the terminal."""
        return psutil.Process(self.process.pid)

    def person(self) -> psutil.Process:
        """The process of the person who stands there now."""
        [found] = [child for child in self.supervisor().children() if "tui.kiosk.child" in _words(child)][-1:]
        return found

    def pump(self, octets: bytes) -> None:
        """Write as much as the terminal takes, and read meanwhile, as a terminal does."""
        handle = self.process.fd
        os.set_blocking(handle, False)
        try:
            while octets:
                readable, writable, _ = select.select([handle], [handle], [], 10)
                assert readable or writable, "the kiosk takes nothing any more"
                if readable:
                    self._read(0)
                if writable:
                    try:
                        octets = octets[os.write(handle, octets[:2048]) :]
                    except BlockingIOError:
                        continue
        finally:
            os.set_blocking(handle, True)

    def within(self, words: str, seconds: float) -> float:
        """Wait for the words; how long that took."""
        begun = time.monotonic()
        self.expect(words, seconds)
        return time.monotonic() - begun


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def enrol(command: Any, name: str = "Lobby") -> None:
    """Give the home of the test the identity of a kiosk."""
    done: subprocess.CompletedProcess[str] = command("kiosks", "enrol", "--name", name)
    assert done.returncode == 0, done.stderr
