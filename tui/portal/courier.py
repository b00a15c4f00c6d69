"""Keeps the mail of a portal going, in a process of its own."""

from __future__ import annotations

import os
import subprocess

from services.settings import Settings
from tui.hardening import python_command, small_environment

AGAIN = 10.0
"""Seconds at least between the starts of two, should they die at once."""

_STOP_WITHIN = 5.0


class Courier:
    """One process that sends the mail, and another in its place if it dies.

    A process of its own: what stands in one person's mail is in no program of another.
    """

    def __init__(self, settings: Settings) -> None:
        self._home = str(settings.home)
        self._wanted = settings.deliver_in_desk
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def look(self, now: float) -> None:
        """Start it if it should run and does not; call it from the main thread, with which it ends."""
        runs = self._process is not None and self._process.poll() is None
        if not self._wanted or runs or now < self._not_before:
            return
        self._not_before = now + AGAIN
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            python_command("tui.kiosk.courier", "--home", self._home),
            env=small_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # The Ctrl-C of a terminal is for the server, which ends it in good order.
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it; the mail that is under way is finished."""
        self._wanted = False
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
