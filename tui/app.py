"""The application of the desk: which screen follows which, and what happens when something goes wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.content import Content
from textual.screen import Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerState

from screens.base import DeskScreen
from screens.colours import shown
from screens.dialogs.problem import Problem
from screens.ending import comes_too_late
from screens.help import Help
from screens.workplace import Sitting, Workplace
from services.actor import Actor
from services.colours import Colours
from services.errors import DeskError, Unavailable
from tui.backdrop import Backdrop
from tui.colouring import Colouring
from tui.faults import sentence_of, write_down
from tui.keyboard import as_on_the_keyboard
from tui.memory import SETTLING, spare_the_collector
from tui.palette import Palette, commands_of
from tui.session_watch import SessionWatch
from tui.trakdesk_app import TrakdeskApp

EXIT_FAULT = 70
"""The exit code after a fault of ours (EX_SOFTWARE)."""

_USE = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
"""What tells that somebody is there; a mouse that is pushed by accident does not."""


class DeskApp(TrakdeskApp[None], inherit_bindings=False):
    """One window on one desk."""

    CSS_PATH: ClassVar[CSSPathType | None] = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit", tooltip="Leave Trakdesk"),
        Binding(
            "ctrl+p",
            "command_palette",
            "Palette",
            show=False,
            id="app.palette",
            tooltip="Everything that can be done here, by name",
        ),
        Binding(
            "ctrl+l",
            "lock",
            "Lock this desk",
            show=False,
            id="app.lock",
            tooltip="Cover everything until you type your password; what you typed stays",
        ),
        Binding("ctrl+c", "say_quit", "Quit", show=False, id="app.say_quit", tooltip="Says how to leave"),
    ]

    def __init__(self, place: Workplace, colours: Colours | None = None, patience: timedelta | None = None) -> None:
        """Make the window.

        Args:
            place: where it stands.
            colours: those that the command line names for this run.
            patience: how long it may stand untouched while nobody is signed in; None for as long as one likes.
        """
        super().__init__()
        self.place = place
        self.actor: Actor | None = None
        self.session_watch = SessionWatch(self, place, patience)
        self._fault: Problem | None = None
        self.colouring = Colouring(self, place, colours)

    def get_default_screen(self) -> Screen[None]:
        """Below all others."""
        return Backdrop()

    def get_key_display(self, binding: Binding) -> str:
        """Keys as they stand on a keyboard."""
        return as_on_the_keyboard(super().get_key_display(binding))

    def on_mount(self) -> None:
        """Begin with whatever screen this desk needs."""
        # Also a screen that comes while the window is too small must not be drawn in it.
        self.screen_change_signal.subscribe(self, self.cover)
        self.set_timer(SETTLING, spare_the_collector)
        self.session_watch.end()
        self.run_desk()

    @work(exit_on_error=False)
    async def run_desk(self) -> None:
        """From the first screen to the last: set up, sign in, work, sign out, and sign in again."""
        # Screens are imported when they are needed: the first one must come at once.
        place = self.place
        actor, told = None, ""
        if not await place.call(place.desk.is_founded):
            from screens.entry.first_run import FirstRun

            actor = await self.push_screen_wait(FirstRun(place))
            if actor is None:
                self.exit()
                return
        elif place.ssh_key:
            from screens.entry.key_sign_in import sign_in_by_key

            actor, told = await sign_in_by_key(place, self.push_screen_wait)
        while True:
            if actor is None:
                from screens.entry.sign_in import SignIn

                actor = await self.push_screen_wait(SignIn(place, told))
                told = ""
            if actor is None:
                self.exit()
                return
            await self.sit(actor)
            actor = None

    async def sit(self, actor: Actor) -> None:
        """From signing in to signing out."""
        place = self.place
        place.sitting = Sitting()
        self.actor = actor
        opened = await self._first_steps(actor) if actor.limited else actor
        if opened is not None:
            self.actor = opened
            await self.work_as(opened)
        self.session_watch.end()
        self.colouring.signed_out()
        await place.call(self.end_session)

    async def run_async(self, **options: Any) -> None:
        """As in Textual; whatever ended it, what stands in a form is kept for the next time."""
        try:
            await super().run_async(**options)
        finally:
            await self.place.call(self.keep_drafts)

    def keep_drafts(self) -> None:
        """Keep what is being typed and is not kept yet; harmless when that is nothing."""
        if self.actor is not None and self.place.sitting.unkept:
            from screens.drafts.keeping import keep_unkept

            keep_unkept(self.place, self.actor)

    def end_session(self) -> None:
        """Sign out whoever is signed in; harmless when nobody is, or when the session has ended by itself."""
        self.keep_drafts()
        actor, self.actor = self.actor, None
        if actor is not None and not self.place.sitting.over:
            with contextlib.suppress(DeskError):
                self.place.desk.sign_in.sign_out(actor)

    async def _first_steps(self, actor: Actor) -> Actor | None:
        """What somebody owes before the desk opens; None for whoever leaves before the end."""
        from screens.onboarding.onboarding import FirstSteps

        place = self.place
        try:
            newcomer = await place.call(place.desk.onboarding.begin, actor)
        except DeskError as refusal:
            await self.push_screen_wait(Problem("You are not signed in", refusal.sentence))
            return None
        left = self.push_screen(FirstSteps(place, actor, newcomer), wait_for_dismiss=True)
        self.session_watch.begin(actor)
        return await left

    async def work_as(self, actor: Actor) -> None:
        """From the first screen of somebody signed in until they leave it."""
        await self.colouring.signed_in(actor)
        left = self.push_screen(await self.home_of(actor), wait_for_dismiss=True)
        self.session_watch.begin(actor)
        await left

    async def home_of(self, actor: Actor) -> Screen[None]:
        """The first screen of somebody signed in."""
        if actor.is_staff:
            from screens.desk import DeskMain

            return DeskMain(self.place, actor)
        from screens.client_home import ClientHome

        return ClientHome(self.place, actor)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """As in Textual; what comes while the desk is locked is shown when it is not, and nothing after the end."""
        await self.session_watch.may_show(screen)
        if comes_too_late(screen):
            return None
        return await super().push_screen_wait(screen, mode=mode)

    async def on_event(self, event: events.Event) -> None:
        """Every key and click shows that somebody is there, and is a moment to see whether the session still holds."""
        if isinstance(event, _USE):
            self.session_watch.touched()
        await super().on_event(event)

    @on(DeskScreen.FoundLocked)
    def action_lock(self) -> None:
        """Cover everything until the password is typed."""
        self.session_watch.lock_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the desk of somebody signed in is locked."""
        if action == "lock":
            return self.session_watch.on
        return super().check_action(action, parameters)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every key of this screen by its name, and what belongs to the app."""
        yield from commands_of(screen)
        for colours in () if self.no_color else Colours:
            choose = partial(self.choose_colours, colours)
            yield SystemCommand(f"Colours: {colours}", f"Show {colours.words}", choose)

    def action_command_palette(self) -> None:
        """Show the palette, in our words."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(placeholder="Type what to do"))

    @work(exit_on_error=False)
    async def choose_colours(self, colours: Colours) -> None:
        """Show these colours, and keep them as the choice of whoever is signed in."""
        await self.colouring.choose(colours)

    @work(exit_on_error=False)
    async def action_colours(self) -> None:
        """Ask which colours to show."""
        from screens.dialogs.colours import ChooseColours

        colours = await self.push_screen_wait(ChooseColours(shown(self)))
        if colours is not None:
            await self.colouring.choose(colours)

    @work(exit_on_error=False)
    async def action_help(self) -> None:
        """Show the keys of the present screen."""
        await self.push_screen_wait(Help(self.screen))

    def action_say_quit(self) -> None:
        """ctrl+c is a habit, and must not throw away what somebody typed."""
        self.notify("Press ctrl+q to leave Trakdesk.", markup=False)

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault in an action costs that action, not the session."""
        if event.state is not WorkerState.ERROR or event.worker.error is None:
            return
        event.stop()
        error = event.worker.error
        if isinstance(error, Unavailable):
            self._tell_fault("The database cannot serve", error.sentence)
        else:
            self._tell_fault("Something went wrong", sentence_of(write_down(error)))

    def _tell_fault(self, title: str, sentence: str) -> None:
        """Say it, unless such a dialog is open still: what looks again every few seconds fails as often."""
        if self._fault is None or self._fault not in self.screen_stack:
            self._fault = Problem(title, sentence)
            self.push_screen(self._fault)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with all local variables, passwords among them (pinned version; see the test).
        reference = write_down(error)
        self.exit(
            return_code=EXIT_FAULT,
            message=Content(f"Trakdesk had to stop. Nothing that was saved is lost. Reference: {reference}"),
        )
