"""The Actions menu of a person: everything that can be done, and why not when not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from models.states import IdentityState
from screens.clients.words import ACTION_KEYS, called
from screens.dialogs.offer_menu import OfferLine, OfferMenu
from services.accounts.action_words import ACTION_WORDS
from services.clients.values import ActionOffer, PersonAction
from services.clock import Clock


class ClientActions(OfferMenu[PersonAction]):
    """One line for each action with its key; answers with the one that was chosen."""

    CSS_PATH = ["../dialogs/list_dialog.tcss", "actions.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{key}')", show=False, id=f"actions.{key}") for key in dict.fromkeys(ACTION_KEYS.values())
    ]

    def __init__(
        self, name: str, access: str, state: IdentityState | None, offers: Sequence[ActionOffer], clock: Clock
    ) -> None:
        """Show a menu.

        Args:
            name: the person's.
            access: the state of the account in words.
            state: of the account, None without one; of two actions with one key it tells which one has a line.
            offers: one for each action, in order.
            clock: tells when a wait is over.
        """
        left_out = _left_out(state)
        shown = [offer for offer in offers if offer.action not in left_out and not _idle(offer)]
        super().__init__(
            [OfferLine(offer.action, ACTION_KEYS[offer.action], ACTION_WORDS[offer.action], offer) for offer in shown],
            clock,
        )
        self._whom = name
        self._access = access

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(called(self._whom)), classes="dialog-title name")
            yield Static(Content(self._access), classes="access")
            yield self.menu()
            yield Static("", classes="why", markup=False)
            yield Static("Enter or its key does it, Esc closes.", classes="dialog-hint", markup=False)

    def told_of(self, line: OfferLine[PersonAction]) -> str:
        """Why the line under the cursor is not possible now, in full."""
        return "" if self.allows(line) else line.offer.reason


_RARE = (PersonAction.PROPERTIES, PersonAction.ANALYTICS, PersonAction.CLEAR_FACTOR, PersonAction.SSH_KEYS)


def _left_out(state: IdentityState | None) -> tuple[PersonAction, PersonAction]:
    """What cannot apply in this state of the account, because its opposite does."""
    return (
        PersonAction.RESEND_WELCOME if state is None else PersonAction.WELCOME,
        PersonAction.DEACTIVATE if state is IdentityState.DEACTIVATED else PersonAction.REACTIVATE,
    )


def _idle(offer: ActionOffer) -> bool:
    """What few accounts have, or few may look at; its key says why it does nothing."""
    return offer.action in _RARE and not offer.allowed
