"""Asks to be sure, after saying what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class Confirm(ModalScreen[bool]):
    """Yes or no; Enter takes the focused button, y and n answer at once, Esc is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="Leave everything as it is"),
        Binding(
            "left,right",
            "other_button",
            "Other button",
            show=False,
            id="confirm.other",
            tooltip="Move between the buttons",
        ),
    ]

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        *,
        yes: str = "Yes",
        no: str = "No",
        dangerous: bool = False,
    ) -> None:
        """`lines` say what will happen; `dangerous` puts the focus on no."""
        super().__init__()
        self._title = title
        self._lines = lines
        self._yes = yes
        self._no = no
        self._dangerous = dangerous

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -danger" if self._dangerous else "dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for line in self._lines:
                    yield Static(Content(line), classes="dialog-line")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(self._yes), variant="error" if self._dangerous else "primary", id="yes")
                yield Button(Content(self._no), id="no")

    def on_mount(self) -> None:
        """Enter must do what was asked for, unless it is dangerous."""
        self.query_one("#no" if self._dangerous else "#yes", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)

    def action_other_button(self) -> None:
        """Two buttons: the next one is always the other."""
        self.focus_next(Button)
