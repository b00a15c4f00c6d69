"""Asks one line before something is done: a reason, a day, a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.base import DeskDialog
from screens.dialogs.discard import Discard
from screens.widgets import forms
from screens.widgets.field import Field
from services.legacy.values import closing_day

T = TypeVar("T")


class AskLine(DeskDialog[T], Generic[T]):
    """One field above two buttons; what was typed is thrown away only after a question."""

    def __init__(
        self,
        title: str,
        label: str,
        present: str,
        take: Callable[[str], T],
        *,
        id: str,
        hint: str,
        check: Callable[[str], str | None],
        problem: str,
        go_on: str = "Continue",
        replace: bool = False,
    ) -> None:
        """Ask.

        Args:
            title: the question.
            label: of the field.
            present: what stands in the field at first.
            take: makes the answer from what was typed.
            id: of the field.
            hint: stands beneath it.
            check: says what is wrong with what was typed.
            problem: what was wrong with the last answer.
            go_on: the button that answers.
            replace: whether typing takes the place of what stands there, as of a number; else it goes on behind it.
        """
        super().__init__()
        self._title = title
        self._label = label
        self._present = present
        self._take = take
        self._field_id = id
        self._hint = hint
        self._check = check
        self._problem = problem
        self._go_on = go_on
        self._replace = replace and not problem

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Field(self._label, self._present, id=self._field_id, hint=self._hint, check=self._check)
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(self._go_on), variant="primary", id="go-on")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        """Type at once."""
        field = self.query_one(Field)
        field.problem = self._problem
        field.focus()
        if self._replace:
            field.input.select_all()

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
        if typed in ("", self._present) or await self.app.push_screen_wait(Discard()):
            self.dismiss(None)

    def _answer(self) -> None:
        field = self.query_one(Field)
        if field.validate_now():
            self.dismiss(self._take(field.value.strip()))
        else:
            field.focus()


class AskReason(AskLine[str]):
    """Why something is done to an account, in the asker's own words; required, because the history keeps it."""

    def __init__(self, title: str, reason: str = "", problem: str = "") -> None:
        """`problem` is what was wrong with the `reason` that was given before."""
        super().__init__(
            title,
            "Reason",
            reason,
            str,
            id="reason",
            hint="It stands in the history.",
            check=lambda text: None if text.strip() else "Say in a few words why; the history keeps it.",
            problem=problem,
        )


class AskPath(AskLine[Path]):
    """Where a file shall be written; in the answer "~" stands for the home folder no longer."""

    CSS_PATH = "ask_path.tcss"

    def __init__(self, title: str, proposal: Path, problem: str = "") -> None:
        """`problem` is what was wrong with the path that is proposed."""
        super().__init__(
            title,
            "File",
            str(proposal),
            lambda text: Path(text).expanduser(),
            id="path",
            hint="On this machine; only you can read it.",
            check=forms.needed("Name a file."),
            problem=problem,
            go_on="Write it",
        )


class ClosingDay(AskLine[date]):
    """The day on which the access key closes; a past one is refused at once, as it would close the key unmeant."""

    def __init__(self, today: date, present: date | None, problem: str = "", typed: str = "") -> None:
        """Ask.

        Args:
            today: the first day that may be named.
            present: the day that is set now.
            problem: what was wrong with the last answer.
            typed: that answer.
        """

        def clean(text: str) -> date:
            return closing_day(text, today)

        super().__init__(
            "When does the access key close?",
            "Day",
            typed or (present.isoformat() if present else ""),
            clean,
            id="closes_at",
            hint=f"Today, {today.isoformat()}, closes it now.",
            check=forms.told_by(clean),
            problem=problem,
            replace=True,
        )
