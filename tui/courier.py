"""Sends mail from an open desk, on a thread of its own."""

from __future__ import annotations

import threading

from services.desk import Desk

FIRST_LOOK = 1.0
"""Seconds before the first look at the outbox: the first screen comes first."""


class Courier:
    """Runs the delivery loop until stopped; the mail that is under way is finished."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the loop to end and wait a moment for it; a lease frees what it had taken."""
        self._stop.set()
        self._desk.ctx.mail_waiting.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        self._desk.ctx.mail_waiting.wait(FIRST_LOOK)
        if not self._stop.is_set():
            self._desk.delivery.run(self._stop, self._desk.ctx.mail_waiting)
