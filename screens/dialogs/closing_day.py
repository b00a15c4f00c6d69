"""Asks for the day on which the access key closes."""

from __future__ import annotations

from datetime import date

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.base import DeskDialog
from screens.dialogs.discard import Discard
from screens.widgets import forms
from screens.widgets.field import Field
from services.rules import clean_date


class ClosingDay(DeskDialog[date]):
    """One day; whether it makes sense is for the service to say."""

    def __init__(self, today: date, present: date | None, problem: str = "", typed: str = "") -> None:
        """Ask.

        Args:
            today: the day that the hint names.
            present: the day that is set now.
            problem: what was wrong with the last answer.
            typed: that answer.
        """
        super().__init__()
        self._today = today
        self._before = typed or (present.isoformat() if present else "")
        self._problem = problem

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("When does the access key close?"), classes="dialog-title")
            yield Field(
                "Day",
                self._before,
                id="closes_at",
                hint=f"Today, {self._today.isoformat()}, closes it now.",
                check=forms.told_by(clean_date),
            )
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
        if typed in ("", self._before) or await self.app.push_screen_wait(Discard()):
            self.dismiss(None)

    def _answer(self) -> None:
        field = self.query_one(Field)
        if field.validate_now():
            self.dismiss(clean_date(field.value.strip()))
        else:
            field.focus()
