"""The person panel as a dialog, where the terminal is too narrow to have it beside the table."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import DeskDialog
from screens.clients.words import ACTION_KEYS
from screens.widgets.person_panel import PersonView
from services.accounts.action_words import MEND_WORDS
from services.clients.values import PersonAction, PersonPanel

_KEYS = {key: action for action, key in reversed(ACTION_KEYS.items())}


class Person(DeskDialog[PersonAction]):
    """Shows everything; the keys of the actions work here too, and are the answer."""

    CSS_PATH = "person.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,p", "close", "Close", show=False, id="person.close", tooltip="Back to the list"),
        *(
            Binding(key, f"press('{key}')", show=False, id=f"person.{key}", tooltip=MEND_WORDS[action])
            for key, action in _KEYS.items()
        ),
    ]

    def __init__(self, person: PersonPanel, now: datetime) -> None:
        super().__init__()
        self._person = person
        self._now = now

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -tall"):
            yield PersonView()
            yield Static(
                "e, i, r, w, t, a, x, z, d, v, y and h act as in the list. Esc closes.",
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        """Show the person."""
        view = self.query_one(PersonView)
        view.can_focus = True
        view.focus()
        view.show(self._person, self._now)

    def action_press(self, key: str) -> None:
        """The key of an action."""
        self.dismiss(_KEYS[key])
