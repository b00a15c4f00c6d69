"""The terminal of a session in the browser: Textual's own driver for it, which nothing that is sent breaks."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from textual import events
from textual.driver import Driver
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size
from textual.message import Message

from tui.kiosk.typed import Typed
from tui.kiosk.typing_in import TypingIn, wait_for_app
from tui.portal.messages import Refused, read_filled, read_size
from tui.portal.packets import DATA, META, Broken, Packet, read_meta
from tui.portal.protocol import LARGEST_MESSAGE, Leaving

if TYPE_CHECKING:
    from tui.portal.app import PortalApp
    from tui.portal.wire import Wire

_LOOK = 0.1
"""Seconds between two looks whether the program ends."""

USUAL = (80, 24)
"""The size of a page that has not said how large it is."""

_MODES = (
    "\x1b[?2026l"  # what was being drawn when the line dropped
    "\x1b[?1049h"  # a screen of its own
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # the mouse
    "\x1b[?25l"  # no cursor
    "\x1b[?2004h"  # pastes in brackets
)
_ASK_SYNCHRONIZED = "\x1b[?2026$p"


class PortalDriver(WebDriver):
    """Speaks with the server over the wire of its application; whatever comes is taken or left, and never fatal."""

    _app: PortalApp

    def __init__(self, app: PortalApp, *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        # Textual's own would look into the environment, and at the standard files of the process that was forked.
        Driver.__init__(self, app, debug=debug, mouse=mouse, size=size)
        self._wire: Wire = app.wire
        self.exit_event = threading.Event()
        self._key_thread = threading.Thread(target=self.run_input_thread, name="portal-input", daemon=True)

    # -- to the page -------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Send what is drawn."""
        self._wire.draw(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Send a meta packet."""
        values = dict(data)
        self._wire.tell(str(values.pop("type")), **values)

    def start_application_mode(self) -> None:
        """Begin: the modes of the terminal, the first size, and the thread that listens."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._app.leave)
        self._wire.on_gone = lambda: self._in_loop(self._app.leave)
        self._wire.on_caught_up = lambda: self._in_app(self._app.refresh)
        self._wire.begin()
        self.write(_MODES)
        self.write(_ASK_SYNCHRONIZED)
        size = Size(*(self._size or USUAL))
        self.send_message(events.Resize(size, size))
        self._key_thread.start()

    def stop_application_mode(self) -> None:
        """End: what still waits is written, as long as somebody reads it."""
        self.exit_event.set()
        self.write_meta({"type": "exit"})
        self._wire.end()

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing here opens addresses: what stands in the data must not become one that a click opens."""

    def deliver_binary(self, binary: BinaryIO | TextIO, **_: Any) -> None:
        """Nothing here hands out files."""
        binary.close()

    # -- from the page -----------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Listen until the end of the line, or of the program."""
        typing = TypingIn(self.process_message, self._wait_for_app, Typed(str, LARGEST_MESSAGE))
        try:
            while not self.exit_event.is_set():
                found = self._wire.receive(_LOOK)
                if found is None:
                    break
                typed = False
                for packet in found:
                    if packet.kind == DATA:
                        typed = True
                        typing.feed(packet.payload)
                    elif packet.kind == META:
                        self._take(packet)
                if not typed:
                    typing.paused()
        except (Broken, OSError):
            # Whatever comes now cannot be understood; the person comes back with the ticket.
            pass
        if not self.exit_event.is_set():
            self._in_loop(self._app.leave)

    def _wait_for_app(self) -> None:
        wait_for_app(self._app, self._loop, self.exit_event)

    def _take(self, packet: Packet) -> None:
        word, told = read_meta(packet.payload)
        with contextlib.suppress(Refused):
            self._obey(word, told)

    def _obey(self, word: str, told: dict[str, Any]) -> None:
        """Do what a meta packet says; an unknown one says nothing. Raises Refused."""
        if word == "resize":
            self._size = read_size(told)
            size = Size(*self._size)
            self.send_message(events.Resize(size, size))
        elif word == "focus":
            self.send_message(events.AppFocus())
        elif word == "blur":
            self.send_message(events.AppBlur())
        elif word == "fill":
            texts = read_filled(told.get("value"))
            self._in_app(self._app.fill, texts)
        elif word == "redraw":
            self._in_app(self._redraw)
        elif word == "hang_up":
            self._in_loop(self._app.hang_up, told.get("value", Leaving.CLOSED))
        elif word in ("quit", "exit"):
            self._in_loop(self._app.exit)

    def _redraw(self) -> None:
        """Everything anew, for a page that knows nothing."""
        self.write(_MODES)
        self._app.tell_all()
        self._app.refresh()

    def _in_app(self, function: Callable[..., object], *values: object) -> None:
        """Call it in the application's own context, in its turn."""
        self._in_loop(self._app.call_later, function, *values)

    def _in_loop(self, function: Callable[..., object], *values: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *values)
        except RuntimeError:
            # The loop is closed: the program has ended.
            return

    def send_message(self, message: Message) -> None:
        """As in Textual; nothing is sent to a program that has ended."""
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._app._post_message(message), loop=self._loop)
