"""Tells somebody that the same account is signed in elsewhere too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.base import DeskDialog
from services.accounts.security_words import where
from services.open_sessions import OpenSession
from services.when import show_moment


class Wish(Enum):
    """What is to be done about it."""

    LEAVE = "leave"
    END = "end"
    PASSWORD = "password"


class AlsoSignedIn(DeskDialog[Wish]):
    """No letter answers it, and Enter leaves everything as it is: it may come while somebody types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right,down", "app.focus_next", "Next button", show=False, id="also.next", tooltip="To the next button"
        ),
        Binding(
            "left,up",
            "app.focus_previous",
            "Button before",
            show=False,
            id="also.before",
            tooltip="To the button before",
        ),
    ]

    def __init__(self, others: Sequence[OpenSession], now: datetime, *, newer: bool) -> None:
        """`newer` tells that they signed in while this one was open, else they were there before."""
        super().__init__()
        self._others = others
        self._now = now
        self._newer = newer

    def compose(self) -> ComposeResult:
        title = "Somebody signed in with your account" if self._newer else "You are also signed in elsewhere"
        with Vertical(classes="dialog -danger"):
            yield Static(Content(title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for other in self._others:
                    yield Static(Content(f"• {self._told(other)}"))
                yield Static(Content(self._advice()), classes="dialog-hint")
            with Horizontal(classes="dialog-buttons"):
                yield Button("It was me" if self._newer else "Leave it", variant="primary", id=Wish.LEAVE.value)
                yield Button("End it" if len(self._others) == 1 else "End them", id=Wish.END.value)
                if self._newer:
                    yield Button("Change password", id=Wish.PASSWORD.value)

    def on_mount(self) -> None:
        """The harmless answer first."""
        self.query_one(f"#{Wish.LEAVE.value}", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(Wish(event.button.id))

    def _told(self, other: OpenSession) -> str:
        since, seen = (show_moment(moment, self._now) for moment in (other.since, other.seen))
        # A desk that was switched off stays open until its time is over, and can be told by when it was used.
        used = f", last used {seen}" if seen != since else ""
        return f"{where(other)}, since {since}{used}"

    def _advice(self) -> str:
        if self._newer:
            return "If it was not you, end it and change your password: somebody knows it."
        return "An account belongs to one person. End it if you are not there any more, or if it is not you."
