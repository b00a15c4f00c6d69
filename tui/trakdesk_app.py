"""What all applications of Trakdesk have in common: the house's colours, safe lines, and a smallest size."""

from __future__ import annotations

import asyncio

from textual.app import App, ReturnType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from screens.too_small import cover
from screens.widgets.safe_text import SafeLines
from tui.driver import TerminalDriver
from tui.themes import line_filters, register


class TrakdeskApp(App[ReturnType], inherit_bindings=False):
    """No key of Textual's own, and nothing that came with the data reaches the terminal raw."""

    TITLE = "Trakdesk"

    def __init__(self) -> None:
        super().__init__()
        self._safe_lines = SafeLines()
        self._awake: asyncio.AbstractEventLoop | None = None
        register(self)

    def get_driver_class(self) -> type[Driver]:
        """The terminal, with a bounded window."""
        return TerminalDriver

    def on_load(self) -> None:
        """From here on the loop runs."""
        self._awake = asyncio.get_running_loop()

    def leave(self) -> None:
        """End from a signal handler: that interrupts the loop at any point, and does not wake it by itself."""
        if self._awake is None:
            raise SystemExit
        self._awake.call_soon_threadsafe(self.stop)

    def stop(self) -> None:
        """End because the program was told to."""
        self.exit()

    def get_line_filters(self) -> list[LineFilter]:
        """Those of the present colours, and the last sink of all that is drawn."""
        return [*line_filters(self, super().get_line_filters()), self._safe_lines]

    def on_resize(self) -> None:
        """Below the smallest size that works, say so instead of drawing half a screen."""
        # The application learns its new size only after this handler.
        self.call_next(self._cover_all)

    def _cover_all(self) -> None:
        for screen in self.screen_stack:
            self.cover(screen)

    def cover(self, screen: Screen[object]) -> None:
        """Cover a screen or uncover it, as its size asks for."""
        cover(screen)
