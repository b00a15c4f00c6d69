"""To whom a request for help is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.clients.words import DIM
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.help_queue.values import Colleague

_QUEUE, _ME = "queue", "me"


@dataclass(frozen=True, slots=True)
class HandTo:
    """The answer: the number of an account, None for the queue; and what they are called."""

    identity_id: int | None
    name: str


class HandOver(ListDialog[HandTo]):
    """One line for the queue, one for oneself where a colleague has it, and one for each colleague."""

    CSS_PATH = "../dialogs/list_dialog.tcss"

    def __init__(self, colleagues: Sequence[Colleague], me: int | None, *, waits: bool, mine: bool) -> None:
        """`waits` tells that it is in the queue already, `mine` that whoever asks has it."""
        super().__init__()
        self._me = me
        self._waits = waits
        self._mine = mine
        self._colleagues = {str(one.identity_id): one for one in colleagues}

    def compose(self) -> ComposeResult:
        options = []
        if not self._waits:
            options.append(Option(Content("Back to the queue, for whoever is free next"), id=_QUEUE))
        if not self._mine and not self._waits:
            options.append(Option(Content("To me: I take it over"), id=_ME))
        options += [Option(_line(one), id=key) for key, one in self._colleagues.items()]
        with Vertical(classes="dialog"):
            yield Static("Hand the request over", classes="dialog-title", markup=False)
            yield Menu(options)
            if not options:
                yield Static("There is no colleague who could answer it.", classes="muted", markup=False)
            yield Static("Enter chooses, Esc leaves it. You can add a note.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Choose at once."""
        self.query_one(Menu).focus()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with whoever it is."""
        event.stop()
        key = event.option_id or ""
        if key in self._colleagues:
            one = self._colleagues[key]
            self.dismiss(HandTo(one.identity_id, one.name))
        else:
            self.dismiss(HandTo(self._me, "you") if key == _ME else HandTo(None, "the queue"))


def _line(colleague: Colleague) -> Content:
    state = "● signed in" if colleague.signed_in else "○ not signed in"
    return Content.assemble(colleague.name, "  ", (state, DIM))
