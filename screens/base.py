"""What all screens of the desk share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ClassVar, Generic, ParamSpec, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from screens.dialogs.problem import Problem
from screens.workplace import Workplace
from services.errors import DeskError, Locked, SignedOut

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")

NARROW = 60
WIDE = 120


EVERYWHERE = (
    Binding("tab", "app.focus_next", "Next field", show=False, id="focus.next", tooltip="Go to the next field"),
    Binding(
        "shift+tab",
        "app.focus_previous",
        "Field before",
        show=False,
        id="focus.before",
        tooltip="Go to the field before",
    ),
    Binding(
        "ctrl+c,super+c", "screen.copy_text", "Copy", show=False, id="copy", tooltip="Copy the text that is selected"
    ),
)
"""What Textual gives to every screen, in the words of this program."""


class _Patient(Screen[T], Generic[T]):
    """Closes when it is on top: while another screen covers it, Textual would close that one in its place."""

    _waits_with: tuple[T | None] | None = None
    _closes = False

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with a result; a screen that is covered does so once it is uncovered."""
        if self._closes:
            # Two who close the same screen at once: the second would close the one below.
            return AwaitComplete()
        if self.is_active:
            self._closes = True
            return super().dismiss(result)
        self._waits_with = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """What was to be closed while it was covered is closed now."""
        if self._waits_with is not None:
            self.call_later(self._close_now, *self._waits_with)
            self._waits_with = None

    def _close_now(self, result: T | None) -> None:
        # Who handles a message of a screen must not wait until it is closed.
        self.dismiss(result)


class DeskScreen(_Patient[T], Generic[T]):
    """A full screen: has the workplace, calls services off the UI loop, and tells problems plainly."""

    class FoundLocked(Message):
        """A service has said that the session is locked."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-normal"), (WIDE, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *EVERYWHERE,
        Binding(
            "f1,question_mark",
            "app.help",
            "Help",
            key_display="?",
            id="help",
            tooltip="The keys of this screen",
        ),
    ]

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.desk = place.desk
        self._sitting = place.sitting
        self._session_over = False

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a service method on a thread and wait for it without blocking the screen."""
        return await self.place.call(function, *args, **kwargs)

    @asynccontextmanager
    async def problems_told(self) -> AsyncIterator[None]:
        """Around the calls of an action: a refusal becomes a dialog, and a session that ended closes the screen."""
        try:
            yield
        except DeskError as error:
            await self.tell(error)

    async def tell(self, error: DeskError) -> None:
        """Show why something was refused, and what to do; not to the next person, if the answer comes that late."""
        if self._sitting is not self.place.sitting:
            return
        if isinstance(error, Locked):
            self.app.post_message(self.FoundLocked())
        elif isinstance(error, SignedOut):
            # Several calls may find out at the same moment: the first one tells, and then closes the screen.
            if not self._sitting.over:
                self._sitting.over = error.sentence
                try:
                    await self.app.push_screen_wait(Problem("Signed out", error.sentence))
                finally:
                    self._sitting.told = True
                self.close_ended()
        else:
            await self.app.push_screen_wait(Problem("That did not work", error.sentence))

    @property
    def in_sight(self) -> bool:
        """Whether any of it can be seen: alone, or behind a dialog."""
        # Textual calls the screen below the top one current, whatever covers it.
        return self.app.screen is self or (self.is_current and isinstance(self.app.screen, ModalScreen))

    def close_ended(self) -> None:
        """Close this screen because its session is over; one that is covered follows when it is uncovered."""
        # A screen that is being closed is still the current one for a moment.
        if self.is_current and not self._session_over:
            self._session_over = True
            self.dismiss(None)

    def on_screen_resume(self) -> None:
        """A screen below one that found the session ended follows it, once the person has read why."""
        if self._sitting.told and self.needs_session:
            self.call_later(self.close_ended)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker tells only its own node how it ended; a fault in it is for the app."""
        self.app.post_message(Worker.StateChanged(event.worker, event.state))

    looks_itself: ClassVar[bool] = False
    """Whether it looks every few seconds how things and the session stand, so that nothing below it need do so."""

    needs_session: ClassVar[bool] = False
    """Whether the screen only makes sense for somebody signed in."""

    roomy_fields: ClassVar[bool] = False
    """Whether its fields have inputs of three rows."""


class DeskDialog(ModalScreen[T], _Patient[T], Generic[T]):
    """A dialog above a screen; Esc closes it with None."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-normal"), (WIDE, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *EVERYWHERE,
        Binding("escape", "close", "Close", id="close", tooltip="Close without doing anything"),
    ]

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker tells only its own node how it ended; a fault in it is for the app."""
        self.app.post_message(Worker.StateChanged(event.worker, event.state))

    def action_close(self) -> None:
        """Close with nothing."""
        self.dismiss(None)
