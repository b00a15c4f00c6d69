"""Turns what was typed, whatever it is and wherever it is cut, into the keys, clicks and pastes of an application."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.kiosk.typed import Allowance, Pasted, Typed

_WELCOME = (events.Key, events.Paste, events.MouseEvent, TerminalSupportsSynchronizedOutput)

_AHEAD = 64
"""Keys and clicks that may wait in the application."""

_CATCH_UP = 10.0
"""Seconds that the application has for them before the thread that listens goes on."""

_LOOK = 0.05
_PASTE = "\x1b[200~"


class TypingIn:
    """For the thread of a driver that listens; Textual's own fails over numbers that are no numbers."""

    def __init__(
        self,
        pass_on: Callable[[Message], None],
        wait_for_app: Callable[[], None],
        typed: Typed,
        allowance: Allowance | None = None,
    ) -> None:
        """Make keys and clicks of octets.

        Args:
            pass_on: hands one to the application.
            wait_for_app: lets the application catch up.
            typed: parts keys from pastes.
            allowance: how many are taken without a pause; None for as many as come.
        """
        self._pass_on = pass_on
        self._wait_for_app = wait_for_app
        self._typed = typed
        self._allowance = allowance
        self._parser = XTermParser()
        self._tail = ""
        self._passed = 0

    def feed(self, octets: bytes) -> None:
        """Something was typed."""
        for part in self._typed.feed(octets, monotonic()):
            self._take(part)

    def paused(self) -> None:
        """Nothing has come for a moment."""
        for part in self._typed.tick(monotonic()):
            self._take(part)
        if self._allowance is not None:
            self._allowance.paused()
        self._parse(None)

    def _take(self, part: str | Pasted) -> None:
        if isinstance(part, Pasted):
            self._send(events.Paste(part.text))
        else:
            self._parse(part)

    def _parse(self, text: str | None) -> None:
        """Turn text, or its absence, into keys and clicks."""
        if self._begins_paste(text or ""):
            self._parser = XTermParser()
            return
        try:
            for event in self._parser.tick() if text is None else self._parser.feed(text):
                self._send(event)
        except (ValueError, ArithmeticError, StopIteration, RuntimeError):
            # Not written down: whoever sits there could fill the disk.
            self._parser = XTermParser()
        # A report that could as well be typed would have it count the mouse in pixels.
        self._parser.mouse_pixels = False

    def _begins_paste(self, text: str) -> bool:
        """Whether the mark of a paste came in two pieces: Textual's parser would wait for its end for ever."""
        text = self._tail + text
        found = _PASTE in text
        self._tail = "" if found else text[1 - len(_PASTE) :]
        return found

    def _send(self, event: Message) -> None:
        if isinstance(event, _WELCOME) and (self._allowance is None or self._allowance.take()):
            self._pass_on(event)
            self._passed += 1
            if self._passed % _AHEAD == 0:
                self._wait_for_app()


def wait_for_app(app: App[Any], loop: asyncio.AbstractEventLoop, ends: threading.Event) -> None:
    """Let an application catch up with what was passed on to it, from another thread."""
    caught_up = threading.Event()
    loop.call_soon_threadsafe(app.call_later, caught_up.set)
    until = monotonic() + _CATCH_UP
    while not (caught_up.wait(_LOOK) or ends.is_set()) and monotonic() < until:
        pass
