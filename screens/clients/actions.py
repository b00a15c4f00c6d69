"""The Actions menu of a person: everything that can be done, and why not when not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.states import IdentityState
from screens.clients.words import ACTION_KEYS, ACTION_WORDS, DIM, called
from screens.dialogs.list_dialog import ListDialog
from screens.widgets.menu import Menu, Option
from services.clients.values import ActionOffer, PersonAction
from services.clock import Clock
from services.when import show_wait

_WIDEST = max(map(len, ACTION_WORDS.values()))


class ClientActions(ListDialog[PersonAction]):
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
        super().__init__()
        self._whom = name
        self._access = access
        left_out = _left_out(state)
        self._offers = {offer.action: offer for offer in offers if offer.action not in left_out and not _idle(offer)}
        self._clock = clock

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(called(self._whom)), classes="dialog-title name")
            yield Static(Content(self._access), classes="access")
            yield Menu([Option(self._line(offer), id=offer.action.value) for offer in self._offers.values()])
            yield Static("", classes="why", markup=False)
            yield Static("Enter or its key does it, Esc closes.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Waits are counted down before one's eyes; without a wait nothing ticks."""
        self.query_one(Menu).focus()
        if any(self._wait(offer) for offer in self._offers.values()):
            self.set_interval(1.0, self._count_down)

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Below the list stands in full why the line under the cursor is not possible now."""
        option = self.query_one(Menu).highlighted_option
        offer = self._offers[PersonAction(option.id or "")] if option is not None else None
        why = "" if offer is None or self._allowed(offer) else offer.reason
        self.query_one(".why", Static).update(Content(why))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer, or say why not."""
        event.stop()
        self._take(self._offers[PersonAction(event.option_id or "")])

    def action_press(self, key: str) -> None:
        """The key of an action."""
        for offer in self._offers.values():
            if ACTION_KEYS[offer.action] == key:
                self._take(offer)
                return

    def _take(self, offer: ActionOffer) -> None:
        if self._allowed(offer):
            self.dismiss(offer.action)
            return
        self.query_one(Menu).highlight(offer.action.value)
        self.app.bell()

    def _allowed(self, offer: ActionOffer) -> bool:
        return offer.allowed or (offer.allowed_at is not None and not self._wait(offer))

    def _wait(self, offer: ActionOffer) -> int:
        return seconds_until(offer.allowed_at, self._clock)

    def _line(self, offer: ActionOffer) -> Content:
        key, words = ACTION_KEYS[offer.action], ACTION_WORDS[offer.action]
        if self._allowed(offer):
            return Content.assemble((f"{key}  ", "bold"), words)
        wait = self._wait(offer)
        when = f"possible in {show_wait(wait)}" if wait else "not possible now"
        return Content.assemble((f"{key}  {words:{_WIDEST}}  {when}", DIM))

    def _count_down(self) -> None:
        menu = self.query_one(Menu)
        for offer in self._offers.values():
            if offer.allowed_at is not None:
                menu.replace_option_prompt(offer.action.value, self._line(offer))
        self.explain()


def _left_out(state: IdentityState | None) -> tuple[PersonAction, PersonAction]:
    """What cannot apply in this state of the account, because its opposite does."""
    return (
        PersonAction.RESEND_WELCOME if state is None else PersonAction.WELCOME,
        PersonAction.DEACTIVATE if state is IdentityState.DEACTIVATED else PersonAction.REACTIVATE,
    )


def _idle(offer: ActionOffer) -> bool:
    """What few accounts have; its key says why it does nothing."""
    return offer.action is PersonAction.CLEAR_FACTOR and not offer.allowed


def seconds_until(moment: datetime | None, clock: Clock) -> int:
    """Whole seconds until then, rounded up; 0 for no moment and for one that has passed."""
    if moment is None:
        return 0
    return max(0, -int((clock.now() - moment).total_seconds() // 1))
