"""Says why something was refused."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class Problem(ModalScreen[None]):
    """A refusal with its reason and the next step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "close", "Close", id="problem.close", tooltip="Go back to where you were"),
    ]

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self._title = title
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -problem"):
            yield Static(Content(f"✗ {self._title}"), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(Content(self._sentence))
            with Vertical(classes="dialog-buttons"):
                yield Button("Go back", variant="primary", id="close")

    def on_button_pressed(self) -> None:
        """The only button closes."""
        self.dismiss(None)

    def action_close(self) -> None:
        """Close the dialog."""
        self.dismiss(None)
