"""Good news that must not be missed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Static

from screens.base import DeskDialog


class Notice(DeskDialog[None]):
    """Says what has been done; any usual key goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "Continue", id="notice.close", tooltip="Go on"),
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"✓ {self._title}"), classes="dialog-title")
            for line in self._lines:
                yield Static(Content(line), classes="dialog-line")
            with Vertical(classes="dialog-buttons"):
                yield Button("Continue", variant="primary", id="close")

    def on_button_pressed(self) -> None:
        """The only button closes."""
        self.dismiss(None)
