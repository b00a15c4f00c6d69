"""An application that nobody leaves and nothing gets out of, whatever is typed: the frame of a kiosk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from screens.too_small import KioskTooSmall, cover
from tui.faults import LOG, write_down
from tui.kiosk.driver import KioskDriver
from tui.kiosk.ending import Ending
from tui.kiosk.typed import harmless
from tui.themes import apply
from tui.trakdesk_app import TrakdeskApp

_MOVING = ("tab", "shift+tab", "up", "down", "left", "right", "home", "end")
_KEYS = frozenset((*_MOVING, "enter", "space", "escape", "backspace", "delete"))
"""All keys of a kiosk besides those that type a sign."""

STAFF_KEY = "ctrl+k"
"""Leads staff to their sign-in; it is shown nowhere."""

_ACTIONS = frozenset(("focus_next", "focus_previous"))
"""What screens may ask of the application."""

_STANDS_WITHIN = 1.0


class LockedApp(TrakdeskApp[Ending], inherit_bindings=False):
    """Takes a few keys, plain clicks and short pastes; ends only by `end`, which a fault calls too.

    Attributes:
        reference: of the fault that ended it; empty for any other end.
    """

    CSS_PATH = Path(__file__).parent.parent / "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    COMMANDS = set()
    ALLOW_SELECT = False

    def __init__(self, theme: str) -> None:
        super().__init__()
        self.driver_class = KioskDriver
        self.reference = ""
        self._ending: Ending | None = None
        apply(self, theme)

    def end(self, ending: Ending) -> None:
        """Give the terminal back; whatever comes first decides."""
        if self._ending is None:
            self._ending = ending
            self.exit(ending, return_code=ending.exit_code)

    # -- what comes in -----------------------------------------------------------------------

    def touched(self) -> bool:
        """Somebody has pressed a key or a button. True if that was for nothing else but to show it."""
        return False

    def staff_key(self) -> None:
        """Staff have pressed the key that is not shown."""

    async def on_event(self, event: events.Event) -> None:
        """Let through what a kiosk takes, and see that somebody is there."""
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            taken = self._taken(event)
            if taken is None:
                return
            event = taken
            if isinstance(event, events.Key | events.MouseDown | events.Paste) and self.touched():
                return
            await self._stands()
        await super().on_event(event)

    async def _stands(self) -> None:
        """Wait a moment for a screen that is still being put up: keys that come too early would find half of it."""
        until = monotonic() + _STANDS_WITHIN
        while not self.screen.is_mounted and monotonic() < until:  # noqa: ASYNC110 - Textual has no event for it
            await asyncio.sleep(0.005)

    def _taken(self, event: events.Event) -> events.Event | None:
        """The event as a kiosk takes it, None for what it does not."""
        if isinstance(event, events.Key):
            if event.key == STAFF_KEY:
                self.staff_key()
                return None
            types = event.is_printable and "+" not in event.key
            return event if types or event.key in _KEYS else None
        if isinstance(event, events.Paste):
            text = harmless(event.text)
            return events.Paste(text) if text else None
        if isinstance(event, events.MouseEvent):
            inside = 0 <= event.x < self.size.width and 0 <= event.y < self.size.height
            return event if inside and event.button in (0, 1) and not (event.ctrl or event.meta) else None
        return event

    def cover(self, screen: Screen[object]) -> None:
        """Two rows more are needed than at the desk, and no way out is named."""
        cover(screen, KioskTooSmall)

    # -- faults ------------------------------------------------------------------------------

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What an action did not expect ends this program: the next one begins clean."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            event.stop()
            self._fail(event.worker.error)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with all local variables, passwords among them (pinned version; see the test).
        self._fail(error)

    def panic(self, *renderables: Any) -> None:
        """Textual shows a traceback here; a kiosk shows nothing, and begins anew."""
        self._fail(RuntimeError())

    def _fail(self, error: BaseException) -> None:
        if self._ending is not None:
            return
        if isinstance(error, NoMatches) and (screen := _closed_screen(error)):
            LOG.debug("%s was closed while it was busy", screen)
            return
        self.reference = write_down(error)
        self.end(Ending.FAULT)

    # -- what a kiosk does not do ------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of all that Textual's application can do, screens may move the cursor."""
        return action in _ACTIONS

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """No palette."""
        return ()

    def copy_to_clipboard(self, text: str) -> None:
        """No clipboard."""

    @property
    def clipboard(self) -> str:
        """Nothing was ever copied."""
        return ""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """No links."""

    def deliver_text(self, *_: Any, **__: Any) -> str | None:
        """No files."""

    def deliver_binary(self, *_: Any, **__: Any) -> str | None:
        """No files."""

    def deliver_screenshot(self, *_: Any, **__: Any) -> str | None:
        """No pictures."""

    def save_screenshot(self, *_: Any, **__: Any) -> str:
        """No pictures."""
        return ""

    @contextlib.contextmanager
    def suspend(self) -> Iterator[None]:
        """The terminal is never given to anything else."""
        yield

    def action_suspend_process(self) -> None:
        """Nor is the process stopped."""


def _closed_screen(error: NoMatches) -> str:
    """The type of the screen that misses a part of itself because it is closed, which nobody sees; else empty."""
    node: Widget | None = None
    trace = error.__traceback__
    while trace is not None:
        found = trace.tb_frame.f_locals.get("self")
        if isinstance(found, Widget):
            node = found
        trace = trace.tb_next
    if node is None:
        return ""
    screen = next((one for one in node.ancestors_with_self if isinstance(one, Screen)), None)
    # A widget without a screen was taken away from one.
    closed = screen is None or screen not in node.app.screen_stack
    return type(screen or node).__name__ if closed else ""
