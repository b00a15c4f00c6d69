"""What all screens of the desk share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ClassVar, Generic, ParamSpec, Self, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.worker import Worker

from screens.dialogs.problem import Problem
from screens.ending import begin_end, close_all
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

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As in Textual, which draws the whole screen anew with each change; the two widgets do that themselves."""

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

    @property
    def in_sight(self) -> bool:
        """Whether any of it can be seen: alone, or behind a dialog."""
        # Textual calls the screen below the top one current, whatever covers it.
        return self.app.screen is self or (self.is_current and isinstance(self.app.screen, ModalScreen))

    def _compositor_refresh(self) -> None:
        """As in Textual, but below another screen: draw what has changed once, and only where it can be seen.

        Textual keeps in mind that such a screen is to be drawn, and at each message to it, the tick of a clock
        included, draws it and the one above anew. There is no public way (pinned version; `test_idle.py` has the test).
        """
        if self.in_sight:
            super()._compositor_refresh()
        else:
            # Whoever comes into sight again is drawn in full.
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()
        if self.app.screen is not self:
            self._repaint_required = False


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
        self.sitting = place.sitting

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a service method on a thread and wait for it without blocking the screen."""
        return await self.place.call(function, *args, **kwargs)

    @asynccontextmanager
    async def problems_told(self) -> AsyncIterator[None]:
        """Around the calls of an action: a refusal becomes a dialog, and a session that ended closes its screens."""
        try:
            yield
        except DeskError as error:
            await self.tell(error)

    async def tell(self, error: DeskError) -> None:
        """Show why something was refused, and what to do; not to the next person, if the answer comes that late."""
        if self.sitting is not self.place.sitting:
            return
        if isinstance(error, Locked):
            self.app.post_message(self.FoundLocked())
        elif isinstance(error, SignedOut) and self.needs_session:
            begin_end(self.app, self.sitting, error.sentence)
            # Whatever wanted to go on has no screen any more then.
            await self.sitting.closed.wait()
        elif isinstance(error, SignedOut):
            await self.app.push_screen_wait(Problem("Signed out", error.sentence))
            self.dismiss(None)
        else:
            await self.app.push_screen_wait(Problem("That did not work", error.sentence))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As in Textual, which otherwise draws a screen that comes into sight twice in full."""
        repaint = repaint and not self._being_laid_out
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _laid_out(self) -> None:
        self._being_laid_out = False

    def on_screen_resume(self) -> None:
        """One that comes up late, when the session is over and the person has read why, closes with the others."""
        if self.size != self.app.size:
            # What Textual does next is to lay it out, which draws all of it.
            self._being_laid_out = True
            self.call_next(self._laid_out)
        if self.sitting.told and self.needs_session:
            close_all(self.app, self.sitting)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker tells only its own node how it ended; a fault in it is for the app."""
        self.app.post_message(Worker.StateChanged(event.worker, event.state))

    looks_itself: ClassVar[bool] = False
    """Whether it looks every few seconds how things and the session stand, so that nothing below it need do so."""

    _being_laid_out = False

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
