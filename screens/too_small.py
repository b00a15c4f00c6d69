"""What is shown when the terminal is too small to work in."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.events import Key, Paste
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

MINIMUM = (60, 18)
"""Columns and rows below which no screen of the desk fits."""


class TooSmall(Static, can_focus=True):
    """Covers a screen until the window is larger; what stands beneath stays untouched."""

    DEFAULT_CSS = """
    TooSmall {
        overlay: screen;
        position: absolute;
        width: 100vw;
        height: 100vh;
        background: $background;
        color: $foreground;
        content-align: center middle;
        text-align: center;
    }
    """

    minimum: ClassVar[tuple[int, int]] = MINIMUM
    last_line: ClassVar[str] = "ctrl+q leaves."

    def __init__(self, return_to: Widget | None) -> None:
        super().__init__(
            "This window is too small for Trakdesk.\n\n"
            f"Please make it at least {self.minimum[0]} x {self.minimum[1]}.\n\n"
            f"{self.last_line}",
            markup=False,
        )
        self._return_to = return_to

    def on_mount(self) -> None:
        """Nobody types into what they cannot see."""
        self.focus()

    def on_unmount(self) -> None:
        """Give the focus back."""
        if self._return_to is not None and self._return_to.is_attached:
            self._return_to.focus()

    def on_key(self, event: Key) -> None:
        """Keys do nothing until one sees what they do."""
        event.stop()
        event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """Nor does a paste."""
        event.stop()


class StageTooSmall(TooSmall):
    """The same at the stage of the training, whose frame takes rows from the desk."""

    minimum = (60, 20)
    last_line = "ctrl+t, then q, leaves."


class PortalTooSmall(TooSmall):
    """The same for one's own account in a browser, which fits a telephone."""

    minimum = (36, 12)
    last_line = "Turn the telephone, or make the letters smaller."


class PortalDeskTooSmall(TooSmall):
    """The same for the desk in a browser."""

    last_line = "Turn the device, or make the window larger or the letters smaller."


class KioskTooSmall(TooSmall):
    """The same at a kiosk, which needs two rows more and which nobody leaves."""

    minimum = (60, 20)
    last_line = "Please ask at the desk for help."


def cover(screen: Screen[Any], kind: type[TooSmall] = TooSmall) -> None:
    """Cover a screen or uncover it, as its size asks for."""
    fits = screen.app.size.width >= kind.minimum[0] and screen.app.size.height >= kind.minimum[1]
    covers = screen.query_children(TooSmall)
    if fits:
        covers.remove()
    elif not covers:
        screen.mount(kind(screen.focused))
