"""Asks why before something is done to an account."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.base import DeskDialog
from screens.dialogs.discard import Discard
from screens.widgets.field import Field


class AskReason(DeskDialog[str]):
    """One line in the asker's own words; it is required, because the history keeps it."""

    def __init__(self, title: str, reason: str = "", problem: str = "") -> None:
        """Ask.

        Args:
            title: the question.
            reason: what was answered before, to be mended.
            problem: what was wrong with it.
        """
        super().__init__()
        self._title = title
        self._reason = reason
        self._problem = problem

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Field("Reason", self._reason, id="reason", hint="It stands in the history.", check=_missing)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Continue", variant="primary", id="go-on")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        """Type at once."""
        field = self.query_one(Field)
        field.problem = self._problem
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field goes on."""
        event.stop()
        self._answer()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Go on, or leave everything as it is."""
        if event.button.id == "cancel":
            self.action_close()
        else:
            self._answer()

    def action_close(self) -> None:
        """Leave."""
        self.leave()

    @work(exit_on_error=False)
    async def leave(self) -> None:
        """Leave, but lose nothing unasked."""
        typed = self.query_one(Field).value.strip()
        if typed in ("", self._reason) or await self.app.push_screen_wait(Discard()):
            self.dismiss(None)

    def _answer(self) -> None:
        field = self.query_one(Field)
        if field.validate_now():
            self.dismiss(field.value.strip())
        else:
            field.focus()


def _missing(text: str) -> str | None:
    return None if text.strip() else "Say in a few words why; the history keeps it."
