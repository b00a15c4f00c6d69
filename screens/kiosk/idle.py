"""Asks whether somebody is still there, and counts down."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from screens.kiosk.frame import BigButton


class StillHere(Screen[None], inherit_bindings=False):
    """Covers everything; the application closes it at the first key or click, and goes home when nothing comes."""

    ALLOW_SELECT = False
    CSS_PATH = "idle.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, seconds: int) -> None:
        """`seconds` are counted down."""
        super().__init__()
        self._left = seconds
        self._total = seconds

    def compose(self) -> ComposeResult:
        with Vertical(classes="idle-card"):
            yield Static("Are you still there?", classes="idle-title", markup=False)
            yield Static("", classes="idle-words", markup=False)
            yield ProgressBar(total=self._total, show_percentage=False, show_eta=False)
            with Horizontal(classes="idle-buttons"):
                yield BigButton("I am still here", id="still-here", main=True)

    def on_mount(self) -> None:
        """Count."""
        self.query_one(BigButton).focus()
        self._show()
        self.set_interval(1.0, self._tick)

    def on_key(self, event: Key) -> None:
        """The application has seen it."""
        event.stop()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._show()

    def _show(self) -> None:
        seconds = "1 second" if self._left == 1 else f"{self._left} seconds"
        words = f"This screen goes back to the start in {seconds}, and what was typed is forgotten."
        self.query_one(".idle-words", Static).update(Content(words))
        self.query_one(ProgressBar).update(progress=self._left)
