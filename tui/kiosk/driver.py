"""The terminal of a kiosk: Textual's own driver, deaf to everything but keys, the mouse and short pastes."""

from __future__ import annotations

import os
import select
import signal
import threading
from time import monotonic
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.kiosk.typed import Allowance, Pasted, Typed

_WELCOME = (events.Key, events.Paste, events.MouseEvent, TerminalSupportsSynchronizedOutput)
_LOOK = 0.05
_LARGEST = (400, 150)

_AHEAD = 64
"""Keys and clicks that may wait in the application."""

_CATCH_UP = 2.0
"""Seconds that the application has for them before this thread goes on."""


class KioskDriver(LinuxDriver):
    """Nothing that a keyboard or a terminal sends ends it, resizes it, or makes it deaf.

    Textual's own reads UTF-8 strictly, fails over numbers that are no numbers, believes a size that was typed, and
    waits for the end of a paste for ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._passed = 0
        # Textual's own handler stops the process.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)

    @property
    def can_suspend(self) -> bool:
        """A kiosk never gives its terminal away."""
        return False

    def _get_terminal_size(self) -> tuple[int, int]:
        # A private hook of the pinned version: a window without bounds would cost memory without bounds.
        columns, rows = super()._get_terminal_size()
        return min(columns, _LARGEST[0]), min(rows, _LARGEST[1])

    def _query_in_band_window_resize(self) -> None:
        """The kernel tells the size; what a terminal writes about it could as well be typed."""

    def run_input_thread(self) -> None:
        """Read until the end; what cannot be understood is dropped."""
        typed, parser, allowance = Typed(), XTermParser(), Allowance()
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], _LOOK)
            octets = os.read(self.fileno, 4096) if ready else b""
            if ready and not octets:
                # The terminal has gone; SIGHUP ends the program, and this thread must not spin until then.
                self.exit_event.wait(0.5)
                continue
            now = monotonic()
            for part in typed.feed(octets, now) if ready else typed.tick(now):
                if isinstance(part, Pasted):
                    self._pass_on(events.Paste(part.text), allowance)
                else:
                    parser = self._parse(parser, part, allowance)
            if not ready:
                allowance.paused()
                parser = self._parse(parser, None, allowance)

    def _parse(self, parser: XTermParser, text: str | None, allowance: Allowance) -> XTermParser:
        """Turn text, or its absence, into keys and clicks. Returns the parser to go on with."""
        try:
            for event in parser.tick() if text is None else parser.feed(text):
                self._pass_on(event, allowance)
        except (ValueError, ArithmeticError, StopIteration, RuntimeError):
            # Not written down: whoever sits there could fill the disk.
            return XTermParser()
        # A report that could as well be typed would have it count the mouse in pixels.
        parser.mouse_pixels = False
        return parser

    def _pass_on(self, event: Message, allowance: Allowance) -> None:
        if isinstance(event, _WELCOME) and allowance.take():
            self.process_message(event)
            self._passed += 1
            if self._passed % _AHEAD == 0:
                self._wait_for_app()

    def _wait_for_app(self) -> None:
        """Let the application catch up; what is typed meanwhile waits in the terminal."""
        caught_up = threading.Event()
        self._loop.call_soon_threadsafe(self._app.call_later, caught_up.set)
        until = monotonic() + _CATCH_UP
        while not (caught_up.wait(_LOOK) or self.exit_event.is_set()) and monotonic() < until:
            pass
