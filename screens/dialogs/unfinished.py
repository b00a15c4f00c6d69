"""What was being typed when the line dropped: offered, to go on with it, to throw it away, or for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, OptionList, Static

from screens.base import NARROW
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.drafts import LIFETIME, WaitingDraft
from services.when import show_moment

# Of as many lines each, so that the dialog stays where it is.
_GONE = "This person is in no list any more:\nthrow the draft away."
_KEPT = f"Enter goes on with it, x throws it away.\nEsc leaves it: c finds it again, for {LIFETIME.days} days."

_WIDEST, _NARROW = 40, 17
"""Cells of what a form is called, and of that where the time would not stand beside it otherwise."""


class Wish(Enum):
    """What is to be done with a draft."""

    GO_ON = "go-on"
    THROW_AWAY = "throw-away"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A draft, and what is to be done with it."""

    draft: WaitingDraft
    wish: Wish


class Unfinished(ListDialog[Chosen]):
    """One line for each draft, the newest first; closes with None for later."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "throw_away", "Throw away", id="unfinished.throw_away", tooltip="Throw it away, after a question"),
        Binding("escape", "close", "Later", id="close", tooltip="Leave it for later"),
        Binding("right", "app.focus_next", "Next", show=False, id="unfinished.next", tooltip="To the next button"),
        Binding(
            "left", "app.focus_previous", "Before", show=False, id="unfinished.before", tooltip="To the one before"
        ),
    ]

    def __init__(self, drafts: Sequence[WaitingDraft], now: datetime) -> None:
        """`drafts` are not empty."""
        super().__init__()
        self._drafts = {f"draft-{draft.id}": draft for draft in drafts}
        self._now = now

    def compose(self) -> ComposeResult:
        most = _NARROW if self.app.size.width < NARROW else _WIDEST
        widest = min(max(Content(draft.title).cell_length for draft in self._drafts.values()), most)
        with Vertical(classes="dialog"):
            yield Static("You were typing, and did not save it", classes="dialog-title", markup=False)
            yield Menu([Option(self._line(draft, widest), id=key) for key, draft in self._drafts.items()])
            yield Static(_KEPT, classes="dialog-hint", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Go on", variant="primary", id=Wish.GO_ON.value)
                yield Button("Throw away", id=Wish.THROW_AWAY.value)
                yield Button("Later", id="later")

    def on_mount(self) -> None:
        """Enter goes on with the newest."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlighted = 0

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Say of what cannot be gone on with, why."""
        gone = self._draft.gone
        self.query_one(f"#{Wish.GO_ON.value}", Button).disabled = gone
        self.query_one(".dialog-hint", Static).update(Content(_GONE if gone else _KEPT))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a line."""
        event.stop()
        self._answer(Wish.GO_ON)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons are about the line under the cursor."""
        event.stop()
        if event.button.id == "later":
            self.dismiss(None)
        else:
            self._answer(Wish(event.button.id))

    def action_throw_away(self) -> None:
        """The key does what the button does."""
        self._answer(Wish.THROW_AWAY)

    @property
    def _draft(self) -> WaitingDraft:
        option = self.query_one(Menu).highlighted_option
        return self._drafts[option.id or "" if option is not None else next(iter(self._drafts))]

    def _answer(self, wish: Wish) -> None:
        if wish is Wish.GO_ON and self._draft.gone:
            self.app.bell()
        else:
            self.dismiss(Chosen(self._draft, wish))

    def _line(self, draft: WaitingDraft, widest: int) -> Content:
        title = Content(draft.title).truncate(widest, ellipsis=True, pad=True)
        when = show_moment(draft.kept_at, self._now)
        return title + Content.styled(f"  {f'▲ gone, {when}' if draft.gone else when}", "$foreground-muted")
