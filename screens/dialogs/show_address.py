"""The address of the reset page, to hand over."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from screens.base import DeskDialog
from screens.clients.words import called


class ShowAddress(DeskDialog[None]):
    """Shows the address in full, so that it can be read out, selected or copied."""

    CSS_PATH = "show_address.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", id="address.copy", tooltip="Copy the address"),
        Binding("enter", "close", "Close", show=False, id="address.close", tooltip="Back to the list"),
    ]

    def __init__(self, address: str, name: str) -> None:
        """`name` is the person to whom it is given."""
        super().__init__()
        self._address = address
        self._whom = name

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("The address of the reset page", classes="dialog-title", markup=False)
            yield Static(Content(self._address), classes="dialog-line address")
            yield Static(
                Content(
                    f"Give it to {called(self._whom)}, on the phone or in a message of your own. It holds no secret. "
                    "On that page they enter and confirm their e-mail address, and at once get a mail with a link "
                    "and a code to choose a new password, whenever it suits them."
                ),
                classes="dialog-line",
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("c  Copy", variant="primary", id="copy")
                yield Button("Close", id="close")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, or close."""
        if event.button.id == "copy":
            self.action_copy()
        else:
            self.dismiss(None)

    def action_copy(self) -> None:
        """Over SSH only the terminal itself can reach the clipboard of the person before it."""
        self.app.copy_to_clipboard(self._address)
        self.notify("The address was sent to your terminal's clipboard.", markup=False)
