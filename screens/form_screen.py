"""A screen with one form on a card: fields, one verb, and the way back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Button, Static

from screens.dialogs.discard import Discard
from screens.field_screen import FieldScreen
from screens.widgets import forms
from screens.widgets.countdown import Countdown
from screens.workplace import Workplace
from services.errors import Invalid, TooSoon

if TYPE_CHECKING:
    from screens.drafts.keeper import DraftKeeper

T = TypeVar("T")


class FormScreen(FieldScreen[T | None], Generic[T]):
    """Enter in the last field does it, F2 does it at once, Esc goes back and asks before losing text.

    A subclass composes its fields, ends its card with `foot`, and gives `submit`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "submit", "Go on", id="form.submit", tooltip="Check the fields and go on"),
        Binding("escape", "leave", "Back", id="form.leave", tooltip="Back without doing anything"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high"), (30, "-tall")]

    busy: var[bool] = var(False)
    """Whether a service is at work for this form."""

    busy_words: ClassVar[str] = "One moment …"
    """What is said meanwhile."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._begun: list[object] = []
        self._too_soon = False
        self.keeper: DraftKeeper | None = None

    @abstractmethod
    async def submit(self) -> None:
        """Do it, with fields that hold. Invalid and TooSoon are shown in the form, any other DeskError in a dialog."""

    def foot(self, verb: str, *others: Button) -> ComposeResult:
        """The end of every card: what is said, what is waited for, and the buttons."""
        with Vertical(classes="card-told"):
            yield Static("", classes="card-message", markup=False)
            yield Countdown("Next try in {left}")
        with Horizontal(classes="card-buttons"):
            yield Button(Content(verb), id="submit", variant="primary")
            yield from others

    async def on_mount(self) -> None:
        """Begin; a subclass that fills fields in first does it in a handler of its own, which runs before."""
        self.begin()

    def begin(self) -> None:
        """Take what stands in the fields as nobody's typing, and put the cursor where typing begins."""
        self._begun = self.typed()
        forms.focus_first_empty(self)

    def typed(self) -> list[object]:
        """What stands in the form, by which a change is noticed."""
        return [field.value for field in forms.fields(self)]

    @property
    def waiting(self) -> bool:
        """Whether the next try has to wait."""
        return self.query_one(Countdown).running

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Around what services do for this form: it says that they are at work, and what they refuse is told."""
        self.busy = True
        try:
            async with self.problems_told():
                yield
        finally:
            self.busy = False

    def watch_busy(self, busy: bool) -> None:
        """While a service works the form cannot be sent a second time."""
        if not self.is_mounted:
            return
        if busy:
            self.say(self.busy_words)
        elif self.query_one(".card-message").has_class("-busy"):
            self.say("")
        self.query_one(".card-message").set_class(busy, "-busy")
        self._show_button()
        # Some keys wait for the service too.
        self.refresh_bindings()

    def say(self, words: str, *, good: bool = False, bad: bool = False) -> None:
        """Put a sentence into the form, in the place of the last one."""
        self._too_soon = False
        message = self.query_one(".card-message", Static)
        message.remove_class("-busy")
        message.set_class(good, "-good")
        message.set_class(bad, "-bad")
        sign = "✓ " if good else "✗ " if bad else ""
        message.update(Content(f"{sign}{words}" if words else ""))
        if sign:
            # On a small screen it may stand below the edge.
            self.call_after_refresh(self.query_one(".card-buttons").scroll_visible, animate=False)

    def refuse(self, sentence: str, wait: int = 0) -> None:
        """Say why not, and count down the seconds until the next try."""
        self.say(sentence, bad=True)
        self.wait_for(wait)

    def wait_for(self, seconds: int) -> None:
        """Count down; nothing to wait for ends the wait."""
        self.query_one(Countdown).start(seconds)
        self._show_button()

    def on_countdown_over(self) -> None:
        """The next try is heard."""
        self._show_button()
        if self._too_soon:
            self.say("You can try again now.")

    def go_on(self) -> None:
        """Do it."""
        self.action_submit()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "submit":
            self.action_submit()
        elif event.button.id == "leave":
            self.action_leave()

    @work(exit_on_error=False)
    async def action_submit(self) -> None:
        """Check the fields, then do it, once at a time."""
        if self.busy or self.waiting or not forms.all_hold(self):
            return
        async with self.at_work():
            await self._submit()

    async def _submit(self) -> None:
        try:
            await self.submit()
        except Invalid as error:
            if not forms.tell(self, error.problems):
                raise
        except TooSoon as error:
            self.refuse(error.sentence, error.wait)
            self._too_soon = True

    @work(exit_on_error=False)
    async def action_leave(self) -> None:
        """Go back; what was typed is thrown away only after a question."""
        if self.busy or not self.is_active:
            return
        if not self.changed or await self.app.push_screen_wait(Discard()):
            if self.keeper is not None:
                await self.keeper.given_up()
            self.dismiss(None)

    @property
    def changed(self) -> bool:
        """Whether anything differs from what stood there at first."""
        return self.typed() != self._begun

    def _show_button(self) -> None:
        self.query_one("#submit", Button).disabled = self.busy or self.waiting
