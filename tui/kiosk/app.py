"""The application of one person at a kiosk: home, one task, and the end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual import on, work
from textual.screen import Screen

from screens.kiosk.closed import KioskClosedScreen
from screens.kiosk.frame import KioskNotice, StillThere
from screens.kiosk.home import Choice, KioskHome
from services.actor import Actor
from services.errors import DeskError, Unavailable
from services.kiosks.standing import KioskClosed
from services.settings import Settings
from tui.kiosk.ending import ALIVE, ALIVE_EVERY, Ending, tell
from tui.kiosk.idle_watch import IdleWatch
from tui.kiosk.locked import LockedApp
from tui.kiosk.opening import Opened, look_again, open_kiosk
from tui.memory import SETTLING, spare_the_collector
from tui.themes import apply

LOOK_AGAIN = 3.0
"""Seconds between two tries to reach the desk, and two looks whether the kiosk still stands."""

_WITHIN = 1.0
"""Seconds after which a desk that does not answer is told."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the program begins.

    Attributes:
        name: of the kiosk, on this machine.
        theme: the colours that the command line names for this run; empty for the kiosk's own.
        first: whether this is the first person since the kiosk was started.
        fault: the reference of the fault that ended the program before this one; empty if there was none.
        pipe: where the supervisor listens; -1 without one.
        patience: seconds without a sign of life that every screen allows at least.
    """

    settings: Settings
    name: str
    theme: str = ""
    first: bool = False
    fault: str = ""
    pipe: int = -1
    patience: float = 0


class KioskApp(LockedApp):
    """Serves one person, then ends: the next one meets another process."""

    def __init__(self, start: Start, open_desk: Callable[[], Opened] | None = None) -> None:
        """`open_desk` is tried until the desk answers; without it, the one of the settings is opened."""
        super().__init__(start.theme or start.settings.theme)
        self._start = start
        self._open_desk = open_desk or partial(open_kiosk, start.settings, start.name)
        self._opened: Opened | None = None
        self._visit: int | None = None
        self._staff: Actor | None = None
        self._no_staff = asyncio.Event()
        self._no_staff.set()
        self._home: KioskHome | None = None
        self._idle = IdleWatch(self, lambda: self.end(Ending.HOME), start.patience)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="kiosk")

    # -- from the first screen to the last ---------------------------------------------------

    def on_mount(self) -> None:
        """Begin."""
        self.screen_change_signal.subscribe(self, self.cover)
        self.set_timer(SETTLING, spare_the_collector)
        if self._start.pipe >= 0:
            self._say_alive()
            self.set_interval(ALIVE_EVERY, self._say_alive)
        self.serve()

    @work(exit_on_error=False)
    async def serve(self) -> None:
        """Open the desk, show the first screen, do what somebody chooses, and end."""
        opened = await self._open()
        if opened is None:
            # It took long: the next program begins with a home that answers.
            self.end(Ending.HOME)
            return
        if opened.closed is not None:
            await self._stay_closed(opened)
            return
        place = opened.place
        self._colour()
        self._home = KioskHome(place, self._start.fault)
        chosen = self.push_screen(self._home, wait_for_dismiss=True)
        self._tell_audit(opened)
        self.set_interval(LOOK_AGAIN, self._look)
        choice = await chosen
        self._home = None
        if choice is not None:
            self._idle.begin()
            await self._serve(opened, choice)
        self.end(Ending.HOME)

    def stop(self) -> None:
        """The supervisor is told that this is the end."""
        self.end(Ending.STOP)

    def finish(self) -> None:
        """After the terminal was given back: end what this person began, and wait for what is still being written."""
        opened = self._opened
        if opened is None:
            return
        self._nobody_here(opened)
        opened.place.close()
        # What was still at work may have signed somebody in.
        self._nobody_here(opened)

    def _nobody_here(self, opened: Opened) -> None:
        # One by one: what the desk does not take of the first must not leave the second open.
        if self._staff is not None:
            with contextlib.suppress(DeskError):
                opened.desk.sign_in.sign_out(self._staff)
        if self._visit is not None:
            with contextlib.suppress(DeskError):
                opened.desk.visits.end(self._visit)

    async def _open(self) -> Opened | None:
        """Try until the desk answers, and until then say that it does not; None where that had to be said."""
        opening = asyncio.ensure_future(self._run(self._open_desk))
        shown: KioskClosedScreen | None = None
        while True:
            await asyncio.wait({opening}, timeout=_WITHIN)
            if opening.done() and not isinstance(opening.exception(), DeskError):
                self._opened = opening.result()
                return self._opened if shown is None else None
            if shown is None:
                shown = KioskClosedScreen(self._start.name, "This kiosk cannot serve anybody right now", _AWAY)
                self.push_screen(shown)
            if opening.done():
                shown.tell("This kiosk cannot serve anybody right now", [*_AWAY, str(opening.exception())])
                await asyncio.sleep(LOOK_AGAIN)
                opening = asyncio.ensure_future(self._run(self._open_desk))

    async def _stay_closed(self, opened: Opened) -> None:
        """Say why, and look whether that has changed."""
        shown = KioskClosedScreen(self._start.name, *_closed_words(opened, self._start))
        self.push_screen(shown)
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            with contextlib.suppress(DeskError):
                found = await self._run(look_again, opened.desk, self._start.name)
                if found.closed is None:
                    self.end(Ending.HOME)
                    return
                shown.tell(*_closed_words(found, self._start))

    async def _serve(self, opened: Opened, choice: Choice) -> None:
        place = opened.place
        screen: Screen[Any]
        # Each is imported when somebody goes there: the first screen must come at once.
        if choice is Choice.RESET:
            from screens.kiosk.reset import KioskReset

            screen = KioskReset(place)
        elif choice is Choice.ACTIVATE:
            from screens.kiosk.activate import KioskActivate

            screen = KioskActivate(place)
        else:
            from screens.kiosk.get_help import KioskHelp

            screen = KioskHelp(place)
        while place.visit is None:
            try:
                place.visit = self._visit = await place.call(opened.desk.visits.begin, place.origin)
            except KioskClosed:
                return
            except DeskError as error:
                notice = KioskNotice(place, "One moment, please", [error.sentence], yes="Again", no="Back", bad=True)
                if not await self._show(notice):
                    return
        await self._show(screen)

    async def _show(self, screen: Screen[Any]) -> Any:
        """Show it to the person. Staff who pressed their key in this moment come first, and nothing covers them."""
        await self._no_staff.wait()
        return await self.push_screen_wait(screen)

    # -- what happens meanwhile --------------------------------------------------------------

    def _say_alive(self) -> None:
        tell(self._start.pipe, ALIVE)

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self) -> None:
        """Whether the desk answers, and whether this kiosk still stands."""
        opened = self._opened
        if opened is None:
            return
        try:
            kiosk = await self._run(opened.desk.kiosks.pulse, opened.place.origin)
        except KioskClosed:
            self.end(Ending.HOME)
        except DeskError:
            if self._home is not None:
                self._home.show_away(True)
        else:
            opened.place.kiosk = kiosk
            self._colour()
            if self._home is not None:
                self._home.show_away(False)

    @work(exit_on_error=False)
    async def _tell_audit(self, opened: Opened) -> None:
        """Write down the start, or the fault before it, as soon as the desk takes it."""
        kiosks, origin = opened.desk.kiosks, opened.place.origin
        while self._start.first or self._start.fault:
            try:
                if self._start.fault:
                    await self._run(kiosks.fault, origin, self._start.fault, self._visit)
                else:
                    await self._run(kiosks.started, origin, self._visit)
            except Unavailable:
                await asyncio.sleep(LOOK_AGAIN)
                continue
            except DeskError:
                # It was revoked in this moment; the next look ends this program.
                return
            return

    def _colour(self) -> None:
        if self._opened is not None and not self._start.theme:
            apply(self, self._opened.place.kiosk.theme or self._start.settings.theme)

    async def _run(self, function: Any, *words: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *words)

    @work(exit_on_error=False)
    async def _staff_sign_in(self, opened: Opened) -> None:
        """From the hidden key to the end of whatever staff came for."""
        from tui.kiosk.staff import attend

        if not self._no_staff.is_set():
            return
        self._no_staff.clear()
        self._idle.begin()
        try:
            ending = await attend(self, opened, self._start.name, self._signed_in)
        finally:
            self._no_staff.set()
        if ending is not None:
            self.end(ending)

    def _signed_in(self, actor: Actor | None) -> None:
        """Whose session is to end with this program, whatever happens; may be called on any thread."""
        self._staff = actor

    def staff_key(self) -> None:
        """Staff sign in, where there is a desk that knows them; not above a screen that is about to close itself."""
        if self._opened is not None and not getattr(self.screen, "busy", False):
            self._staff_sign_in(self._opened)

    def touched(self) -> bool:
        """A sign of life."""
        return self._idle.touched()

    @on(StillThere)
    def look_alive(self) -> None:
        """A chat goes on, though nobody types."""
        self._idle.touched()

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """As in Textual; the question whether somebody is there stays on top."""
        await self._idle.answered()
        return await super().push_screen_wait(screen, mode=mode)


_AWAY = ("Please ask at the desk, or come back in a few minutes. It tries again by itself.",)


def _closed_words(opened: Opened, start: Start) -> tuple[str, list[str]]:
    if opened.closed is not None and opened.closed.revoked:
        return "This kiosk is closed", [opened.closed.sentence]
    return "This kiosk is not enrolled", [
        "Please ask at the desk.",
        "An administrator enrols it by signing in here, or on this machine with:",
        f'trakdesk kiosks enrol --name "{start.name}"',
    ]
