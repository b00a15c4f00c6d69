"""Ends a desk over SSH at which nobody signs in: each holds one of few places."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from textual.app import App
from textual.timer import Timer

from tui.unsigned_words import why_closed


class UnsignedWatch:
    """Waits while nobody is signed in, and draws nothing."""

    def __init__(self, app: App[None], patience: timedelta | None) -> None:
        """`patience` is how long a form may stand untouched; None for a terminal that nobody else waits for."""
        self._app = app
        self._patience = patience
        self._touched = 0.0
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Nobody is signed in."""
        self.touched()
        self._wait()

    def end(self) -> None:
        """Somebody is signed in, whose session has rules of its own."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def touched(self) -> None:
        """Somebody pressed a key or a button."""
        self._touched = monotonic()

    def _wait(self) -> None:
        self.end()
        if self._patience is not None:
            left = self._patience.total_seconds() - (monotonic() - self._touched)
            self._timer = self._app.set_timer(max(left, 0.01), self._waited)

    def _waited(self) -> None:
        if self._timer is None:
            # It rang before somebody signed in, and is heard only now.
            return
        if self._patience is None or monotonic() - self._touched < self._patience.total_seconds():
            self._wait()
        else:
            self._app.exit(message=why_closed(self._patience))
