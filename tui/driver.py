"""The terminal of every application of ours: Textual's own driver, with a bounded window."""

from __future__ import annotations

from typing import Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import MouseEvent, MouseMove, Resize
from textual.message import Message

from tui.terminal import HIGHEST, WIDEST, bounded


class TerminalDriver(LinuxDriver):
    """Draws in the upper left corner of a window that is larger than any screen.

    Whoever comes over a network says how large their window is before they sign in, and each cell costs memory.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A private attribute of the pinned version: what is drawn before the first resize asks the terminal itself.
        self._size = self._size or self._get_terminal_size()

    def process_message(self, message: Message) -> None:
        """A terminal may also write its size among the keys; and who clicks where nothing is drawn means nothing."""
        if isinstance(message, Resize):
            message = Resize.from_dimensions(bounded(*message.size), message.pixel_size)
        if _is_click_beyond(message):
            return
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        # A private hook of the pinned version.
        return bounded(*super()._get_terminal_size())


def _is_click_beyond(message: Message) -> bool:
    if not isinstance(message, MouseEvent) or isinstance(message, MouseMove):
        return False
    return message.x >= WIDEST or message.y >= HIGHEST
