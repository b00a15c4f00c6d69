"""The terminal of a kiosk: Textual's own driver, deaf to everything but keys, the mouse and short pastes."""

from __future__ import annotations

import os
import select
import signal
from typing import Any

from tui.driver import TerminalDriver
from tui.kiosk.typed import Allowance, Typed
from tui.kiosk.typing_in import TypingIn, wait_for_app

_LOOK = 0.05


class KioskDriver(TerminalDriver):
    """Nothing that a keyboard or a terminal sends ends it, resizes it, or makes it deaf.

    Textual's own reads UTF-8 strictly, fails over numbers that are no numbers, believes a size that was typed, and
    waits for the end of a paste for ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Textual's own handler stops the process.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)

    @property
    def can_suspend(self) -> bool:
        """A kiosk never gives its terminal away."""
        return False

    def _query_in_band_window_resize(self) -> None:
        """The kernel tells the size; what a terminal writes about it could as well be typed."""

    def run_input_thread(self) -> None:
        """Read until the end; what cannot be understood is dropped."""
        typing = TypingIn(self.process_message, self._wait_for_app, Typed(), Allowance())
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], _LOOK)
            octets = os.read(self.fileno, 4096) if ready else b""
            if octets:
                typing.feed(octets)
            elif ready:
                # The terminal has gone; SIGHUP ends the program, and this thread must not spin until then.
                self.exit_event.wait(0.5)
            else:
                typing.paused()

    def _wait_for_app(self) -> None:
        wait_for_app(self._app, self._loop, self.exit_event)
