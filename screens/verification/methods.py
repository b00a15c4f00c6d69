"""Asks how a caller shall be verified, and says why not where a way is closed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from models.states import CheckMethod
from screens.clients.words import called
from screens.dialogs.offer_menu import OfferLine, OfferMenu
from screens.verification.words import METHOD_KEYS
from screens.widgets.menu import Menu
from services.clock import Clock
from services.verification.values import CallerOffers, Level, MethodOffer
from services.verification.words import LEVEL_WORDS, METHOD_WORDS, NEEDED_WORDS, standing_words


class VerifyCaller(OfferMenu[CheckMethod]):
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
        super().__init__(
            [
                OfferLine(offer.method, METHOD_KEYS[offer.method], METHOD_WORDS[offer.method], offer)
                for offer in offers.methods
            ],
            clock,
        )
        self._caller = offers
        self._methods = {offer.method: offer for offer in offers.methods}
        self._needed = needed

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(f"Verify the caller: {called(self._caller.name)}"), classes="dialog-title")
            yield Static(Content(standing_words(self._caller.standing, self._clock.now())), classes="standing")
            if self._needed > self._caller.standing.level:
                words = f"Needed for this: {NEEDED_WORDS[self._needed]}."
                yield Static(Content(words), classes="needed")
            yield self.menu()
            yield Static("", classes="why", markup=False)
            yield Static("Enter or its key begins, Esc closes.", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Begin where something can be done."""
        wanted = max(self._needed, min(Level.CLEAR_FACTOR, self._caller.standing.level + 1))
        open_ones = sorted(
            (offer for offer in self._methods.values() if offer.allowed), key=lambda offer: offer.gives < wanted
        )
        if open_ones:
            self.query_one(Menu).highlight(METHOD_KEYS[open_ones[0].method])

    def told_of(self, line: OfferLine[CheckMethod]) -> str:
        """What the way under the cursor gives, or why it is closed."""
        return self._follows(self._methods[line.answer]) if self.allows(line) else line.offer.reason

    def _follows(self, offer: MethodOffer) -> str:
        to = f"It goes to {self._caller.address}. " if offer.method is CheckMethod.CODE else ""
        return f"{to}Enough for {LEVEL_WORDS[offer.gives]}, for ten minutes."
