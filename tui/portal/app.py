"""The application of one person in the browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.events import DescendantBlur, DescendantFocus, Resize
from textual.screen import Screen
from textual.types import CSSPathType
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from screens.client_home import ClientHome
from screens.desk import DeskMain
from screens.dialogs.confirm import Confirm
from screens.entry.by_link import ByLink
from screens.entry.start import Start
from screens.too_small import PortalDeskTooSmall, PortalTooSmall, cover
from screens.widgets.title_bar import TitleBar
from screens.workplace import Workplace
from services.actor import Actor
from services.errors import DeskError, Refused, Unavailable
from tui.app import EXIT_FAULT, DeskApp
from tui.faults import sentence_of, write_down
from tui.portal.browser_keys import ON_F8
from tui.portal.driver import PortalDriver
from tui.portal.protocol import LARGEST_MESSAGE, RESET_LINK, Hello, Leaving, Why
from tui.portal.sight import SETTINGS, keep_focused_in_sight, place_in
from tui.portal.tickets import TakenOver, Tickets, parted
from tui.portal.wire import Wire

_LEFT = "You have signed out. You can close this page."
_ELSEWHERE = "You have gone on in another tab or window of this browser."
_NOT_YET = "This desk has not been set up yet. Ask your agency when it will be."

_SHORT = 18
"""Rows beneath which there is room for the most needed only."""

_TOLD_WITHIN = 0.03
"""Seconds after which a screen has been told of its new size."""


class PortalApp(DeskApp):
    """The desk's own, for whoever comes by a link or an address; it tells the page where the person is."""

    CSS_PATH: ClassVar[CSSPathType | None] = [
        Path(__file__).parent.parent / "app.tcss",
        Path(__file__).with_name("portal.tcss"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (120, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "end", "Sign out", show=False, priority=True, id="portal.end", tooltip="Sign out and end"),
    ]

    def __init__(self, place: Workplace, wire: Wire, hello: Hello) -> None:
        super().__init__(place)
        self.driver_class = PortalDriver
        self.wire = wire
        self.hello = hello
        self.come = asyncio.Event()
        self.come.set()
        self.founded = False
        self._tickets = Tickets(self, place, wire)
        self._title = self._form = self._typing = ""
        self._left: object = None
        self._where = ""
        self.set_class(hello.touch, "-touch")
        self.add_class("-browser")
        self.set_keymap(dict.fromkeys(ON_F8, "f8"))

    # -- from the first screen to the last ---------------------------------------------------

    def on_mount(self) -> None:
        """Follow which screen is in sight."""
        self.screen_change_signal.subscribe(self, lambda _: self.look())

    @work(exit_on_error=False)
    async def run_desk(self) -> None:
        """Show the form, and as soon as somebody has come go on with what they bring; then as on the desk."""
        start = Start(self.place)
        entered = self.push_screen(start, wait_for_dismiss=True)
        await self.come.wait()
        self.look()
        self.set_class(self.hello.touch, "-touch")
        try:
            if not self.founded and not await self.place.call(self.place.desk.is_founded):
                self.end_with(Why.BUSY, _NOT_YET)
                return
            await self._take_what_comes(start)
        except Unavailable as away:
            self.end_with(Why.BUSY, away.sentence)
            return
        while True:
            actor = await entered
            if actor is None:
                self.end_with(Why.LEFT, _LEFT)
                return
            await self.sit(actor)
            self._tickets.end()
            entered = self.push_screen(Start(self.place), wait_for_dismiss=True)

    async def _take_what_comes(self, start: Start) -> None:
        """Follow the link with which the page was opened, or go on with the ticket. Raises Unavailable."""
        if self.hello.link == RESET_LINK:
            start.action_forgot()
            self.wire.tell("link_done", value=None)
        elif self.hello.link:
            screen = ByLink(self.place, self.hello.link)
            arrived = await self.push_screen_wait(screen)
            if screen.spent:
                self.wire.tell("link_done", value=None)
            if arrived is not None:
                start.arrive(arrived)
        elif self.hello.ticket:
            with start.covered():
                await self._come_back(start)

    async def _come_back(self, start: Start) -> None:
        """Sign in whoever brings a ticket, or say why it opens nothing. Raises Unavailable."""
        ticket, where = parted(self.hello.ticket)
        try:
            actor = await self.place.call(self.place.desk.returns.come_back, ticket, self.place.origin)
        except Refused as refusal:
            self._tickets.end()
            start.explain(refusal.sentence)
            return
        self._where = where
        start.dismiss(actor)

    async def work_as(self, actor: Actor) -> None:
        """As on the desk, with a way back."""
        await self._tickets.begin(actor)
        await super().work_as(actor)

    async def home_of(self, actor: Actor) -> Screen[None]:
        """Staff who may not use the desk here have their own account; whoever came back goes on where they were."""
        where, self._where = self._where, ""
        why_not = await self.place.call(self.place.desk.own.why_no_desk, actor) if actor.is_staff else ""
        at_desk = actor.is_staff and not why_not
        home = DeskMain(self.place, actor) if at_desk else ClientHome(self.place, actor, why_not)
        home.call_after_refresh(self._go_on, home, where)
        return home

    def _go_on(self, home: DeskMain | ClientHome, where: str) -> None:
        """Once the first screen stands."""
        if isinstance(home, DeskMain):
            self.watch(home.parts, "current", self.look, init=False)
            if where in [part.id for part in home.parts.children]:
                home.action_tab(where)
        if where == SETTINGS:
            home.action_settings()

    # -- the end -----------------------------------------------------------------------------

    async def run_async(self, **options: Any) -> None:
        """As on the desk; whoever can come back stays signed in."""
        try:
            await super().run_async(**options)
        finally:
            await self.place.call(self._finish)

    def hang_up(self, why: object) -> None:
        """Nobody is there any more; `why` is a `Leaving`."""
        self._left = why
        self.exit()

    def end_with(self, why: Why, words: str, code: int = 0) -> None:
        """End, and tell the page why."""
        self.wire.tell("end", value={"why": why.value, "words": words})
        self.exit(return_code=code)

    def _finish(self) -> None:
        """After the application has ended: whoever can come back stays signed in, anybody else does not."""
        with contextlib.suppress(DeskError):
            if self._left == Leaving.OVER or not self._tickets.held:
                self.end_session()
            elif self._left == Leaving.CLOSED:
                self._tickets.close()

    @work(exit_on_error=False)
    async def action_end(self) -> None:
        """Sign out and end, after a question to whoever is signed in."""
        if self.actor is not None:
            question = Confirm("Sign out?", ["Your session ends, and this page with it."], yes="Sign out", no="Stay")
            if not await self.push_screen_wait(question):
                return
            await self.place.call(self.end_session)
        self._tickets.end()
        self.end_with(Why.LEFT, _LEFT)

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Without the flow of screens there is nothing left to do here."""
        if event.state is WorkerState.ERROR and event.worker.name == "run_desk" and event.worker.error is not None:
            event.prevent_default()
            self._fail(event.worker.error)

    @on(TakenOver)
    def give_way(self) -> None:
        """One session has one program."""
        self.actor = None
        self.end_with(Why.LEFT, _ELSEWHERE)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A page is closed, not quit."""
        if action in ("quit", "say_quit"):
            return False
        return super().check_action(action, parameters)

    # -- what the page is told ---------------------------------------------------------------

    @on(TitleBar.Moved)
    def look(self) -> None:
        """Tell the page where the person is, if that is another place than before."""
        if not self.come.is_set():
            # Nobody is there to be told.
            return
        bars = (bar for screen in reversed(self.screen_stack) for bar in screen.query(TitleBar))
        bar = next(bars, None)
        title = "" if bar is None else bar.where or "The desk"
        form = "sign-in" if isinstance(self.screen, Start) else ""
        self._tickets.go(place_in(self.screen_stack))
        if title and title != self._title:
            self._title = title
            self.wire.tell("title", value=title)
        if form != self._form:
            self._form = form
            self.wire.tell("form", value=form)
        self.look_for_field()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def look_for_field(self) -> None:
        """Tell the page whether there is a field to type into: the keyboard of a telephone comes and goes with it."""
        typing = "text" if isinstance(self.screen.focused, Input) else ""
        if typing != self._typing and self.come.is_set():
            self._typing = typing
            self.wire.tell("typing", value=typing)

    def tell_all(self) -> None:
        """Tell everything once more, to a page that knows nothing."""
        self.wire.tell("title", value=self._title)
        self.wire.tell("form", value=self._form)
        self.wire.tell("typing", value=self._typing)
        self._tickets.tell()

    def fill(self, texts: Mapping[str, str]) -> None:
        """The browser's password manager has filled in the native form."""
        if isinstance(self.screen, Start):
            self.screen.fill(texts)

    def copy_to_clipboard(self, text: str) -> None:
        """Into the clipboard of the person, by way of the page."""
        self._clipboard = text
        self.wire.tell("copy", value=text[:LARGEST_MESSAGE])

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """A key for an authenticator app on the same telephone is offered by the page; nothing else is opened."""
        if url.startswith("otpauth://"):
            self.wire.tell("to_app", value=url)

    # -- the window --------------------------------------------------------------------------

    def cover(self, screen: Screen[object]) -> None:
        """The desk needs a terminal's size; one's own account fits a telephone."""
        at_desk = any(isinstance(one, DeskMain) for one in self.screen_stack)
        cover(screen, PortalDeskTooSmall if at_desk else PortalTooSmall)

    def on_resize(self, event: Resize) -> None:  # type: ignore[override] # Textual hands it over where it is asked for
        """When the keyboard of a telephone comes up, the field that is typed into stays in sight."""
        self.set_class(event.size.height < _SHORT, "-short")
        # Textual tells the screen a moment later.
        self.set_timer(_TOLD_WITHIN, lambda: keep_focused_in_sight(self.screen))

    # -- faults ------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with all local variables, passwords among them (pinned version; see the test).
        self._fail(error)

    def panic(self, *renderables: Any) -> None:
        """Textual shows a traceback here; the page gets a reference."""
        self._fail(RuntimeError())

    def _fail(self, error: BaseException) -> None:
        self.end_with(Why.FAULT, sentence_of(write_down(error)), EXIT_FAULT)
