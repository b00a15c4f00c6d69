"""Asks how a caller shall be verified, and says why not where a way is closed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.states import CheckMethod
from screens.clients.actions import seconds_until
from screens.clients.words import DIM, called
from screens.dialogs.list_dialog import ListDialog
from screens.verification.words import LEVEL_WORDS, METHOD_KEYS, METHOD_WORDS, NEEDED_WORDS, standing_words
from screens.widgets.menu import Menu, Option
from services.clock import Clock
from services.verification.values import CallerOffers, Level, MethodOffer
from services.when import show_wait

_WIDEST = max(map(len, METHOD_WORDS.values()))


class VerifyCaller(ListDialog[CheckMethod]):
    """One line for each way; answers with the one that was chosen."""

    CSS_PATH = ["../dialogs/list_dialog.tcss", "methods.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"press('{key}')", show=False, id=f"verify.{key}", tooltip=METHOD_WORDS[method])
        for method, key in METHOD_KEYS.items()
    ]

    def __init__(self, offers: CallerOffers, needed: Level, clock: Clock) -> None:
        """Show the ways.

        Args:
            offers: each of them, and what has been shown already.
            needed: for what the caller is verified; the lowest level for nothing in particular.
            clock: tells when a wait is over.
        """
        super().__init__()
        self._caller = offers
        self._methods = {offer.method: offer for offer in offers.methods}
        self._needed = needed
        self._clock = clock

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"Verify the caller: {called(self._caller.name)}"), classes="dialog-title")
            yield Static(Content(standing_words(self._caller.standing, self._clock.now())), classes="standing")
            if self._needed > self._caller.standing.level:
                words = f"Needed for this: {NEEDED_WORDS[self._needed]}."
                yield Static(Content(words), classes="needed")
            yield Menu([Option(self._line(offer), id=offer.method.value) for offer in self._methods.values()])
            yield Static("", classes="why", markup=False)
            yield Static("Enter or its key begins, Esc closes.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Begin where something can be done; waits are counted down before one's eyes."""
        menu = self.query_one(Menu)
        menu.focus()
        wanted = max(self._needed, min(Level.CLEAR_FACTOR, self._caller.standing.level + 1))
        open_ones = sorted(
            (offer for offer in self._methods.values() if offer.allowed), key=lambda offer: offer.gives < wanted
        )
        if open_ones:
            menu.highlight(open_ones[0].method.value)
        if any(self._wait(offer) for offer in self._methods.values()):
            self.set_interval(1.0, self._count_down)

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Below the list stands what the way under the cursor gives, or why it is closed."""
        option = self.query_one(Menu).highlighted_option
        if option is None:
            return
        offer = self._methods[CheckMethod(option.id or "")]
        why = self.query_one(".why", Static)
        why.set_class(not self._allowed(offer), "-closed")
        why.update(Content(self._follows(offer) if self._allowed(offer) else offer.reason))

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Answer, or say why not."""
        event.stop()
        self._take(self._methods[CheckMethod(event.option_id or "")])

    def action_press(self, key: str) -> None:
        """The key of a way."""
        self._take(next(self._methods[method] for method, letter in METHOD_KEYS.items() if letter == key))

    def _take(self, offer: MethodOffer) -> None:
        if self._allowed(offer):
            self.dismiss(offer.method)
            return
        self.query_one(Menu).highlight(offer.method.value)
        self.app.bell()

    def _allowed(self, offer: MethodOffer) -> bool:
        return offer.allowed or (offer.allowed_at is not None and not self._wait(offer))

    def _wait(self, offer: MethodOffer) -> int:
        return seconds_until(offer.allowed_at, self._clock)

    def _follows(self, offer: MethodOffer) -> str:
        to = f"It goes to {self._caller.address}. " if offer.method is CheckMethod.CODE else ""
        return f"{to}Enough for {LEVEL_WORDS[offer.gives]}, for ten minutes."

    def _line(self, offer: MethodOffer) -> Content:
        key, words = METHOD_KEYS[offer.method], METHOD_WORDS[offer.method]
        if self._allowed(offer):
            return Content.assemble((f"{key}  ", "bold"), words)
        wait = self._wait(offer)
        when = f"possible in {show_wait(wait)}" if wait else "not possible now"
        return Content.assemble((f"{key}  {words:{_WIDEST}}  {when}", DIM))

    def _count_down(self) -> None:
        menu = self.query_one(Menu)
        for offer in self._methods.values():
            if offer.allowed_at is not None:
                menu.replace_option_prompt(offer.method.value, self._line(offer))
        self.explain()
