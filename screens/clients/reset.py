"""Sends a client a reset: for which of the three reasons, to which address, and how long it lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.states import IdentityState
from screens.clients.words import called
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.countdown import Countdown
from screens.widgets.menu import Menu, Option
from services.accounts.accounts import ResetReason
from services.accounts.action_words import RESET_WORDS
from services.text import safe

_KEYS = {"f": ResetReason.FORGOTTEN, "l": ResetReason.LOST_WELCOME, "w": ResetReason.WRONG_EMAIL}


class ClientReset(ListDialog[ResetReason]):
    """Answers with the reason; Enter takes the one that fits the account, so that `r` and Enter send."""

    CSS_PATH = ["../dialogs/list_dialog.tcss", "reset.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{key}')", show=False, id=f"reset.{key}") for key in _KEYS
    ]

    def __init__(self, name: str, address: str, state: IdentityState, lasts: str, wait: int) -> None:
        """Ask for the reason.

        Args:
            name: the client's.
            address: where the mail goes.
            state: of the account; one that is not activated yet gets the welcome mail again.
            lasts: how long the link and the code of the mail work: "one hour".
            wait: seconds until the next mail to this address may go, 0 for now.
        """
        super().__init__()
        self._whom = name
        self._address = safe(address)
        self._pending = state is IdentityState.PENDING
        self._lasts = lasts
        self._wait = wait

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"Send {called(self._whom)} a reset?"), classes="dialog-title")
            yield Menu([Option(_line(key, reason), id=reason.value) for key, reason in _KEYS.items()])
            yield Static("", classes="follows", markup=False)
            yield Countdown("The next mail to this address may go in {left}")
            yield Static("Enter sends, Esc leaves everything as it is.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on what fits; a wait is shown running."""
        menu = self.query_one(Menu)
        menu.focus()
        menu.highlight((ResetReason.LOST_WELCOME if self._pending else ResetReason.FORGOTTEN).value)
        self.query_one(Countdown).start(self._wait)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer with the reason."""
        event.stop()
        self._take(ResetReason(event.option_id or ""))

    def action_press(self, key: str) -> None:
        """The letter of a reason."""
        self._take(_KEYS[key])

    def _take(self, reason: ResetReason) -> None:
        # Another address has a wait of its own, so that correcting it need not wait.
        if reason is ResetReason.WRONG_EMAIL or not self.query_one(Countdown).running:
            self.dismiss(reason)
        else:
            self.app.bell()

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Below the list stands what follows from the line under the cursor."""
        option = self.query_one(Menu).highlighted_option
        if option is not None:
            self.query_one(".follows", Static).update(self._follows(ResetReason(option.id or "")))

    def _follows(self, reason: ResetReason) -> Content:
        if reason is ResetReason.WRONG_EMAIL:
            return Content.assemble("First corrects ", (self._address, "bold"), ",\nthen sends to the new address.")
        mail = "The welcome mail goes again" if self._pending else "A reset mail goes"
        return Content.assemble(f"{mail} to ", (self._address, "bold"), f".\nIt works for {self._lasts}.")


def _line(key: str, reason: ResetReason) -> Content:
    return Content.assemble((f"{key}  ", "bold"), RESET_WORDS[reason])


def lasting(time: timedelta) -> str:
    """A span in words: "one hour", "72 hours"."""
    hours = int(time.total_seconds()) // 3600
    return "one hour" if hours == 1 else f"{hours} hours"
