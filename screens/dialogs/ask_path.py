"""Asks where a file shall be written."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.base import DeskDialog
from screens.widgets import forms
from screens.widgets.field import Field


class AskPath(DeskDialog[Path]):
    """One line with a proposal; answers with the path, whose "~" stands for the home folder no longer."""

    def __init__(self, title: str, proposal: Path, problem: str = "") -> None:
        """`problem` is what was wrong with the path that is proposed."""
        super().__init__()
        self._title = title
        self._proposal = proposal
        self._problem = problem

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Field(
                "File",
                str(self._proposal),
                id="path",
                hint="On this machine; only you can read it.",
                check=forms.needed("Name a file."),
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("Write it", variant="primary", id="go-on")
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
        """Go on, or write nothing."""
        if event.button.id == "cancel":
            self.dismiss(None)
        else:
            self._answer()

    def _answer(self) -> None:
        field = self.query_one(Field)
        if field.validate_now():
            self.dismiss(Path(field.value.strip()).expanduser())
        else:
            field.focus()
