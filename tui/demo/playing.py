"""The programs on the stage: the real ones, over the sandbox, in a process that was forked for each."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from textual import work
from textual.app import App

from screens.desk import DeskMain
from screens.kiosk.done import KioskDone
from screens.widgets.countdown import Countdown
from screens.widgets.person_panel import PersonView
from screens.workplace import Workplace
from services.actor import Actor
from services.desk import Desk
from services.sandbox.clock import SandboxClock, clock_of
from services.sandbox.people import AT_DESK, AT_HOME
from services.sandbox.population import KIOSK
from services.sandbox.sandbox import context_in
from tui import exits, terminal
from tui.app import DeskApp
from tui.demo.packets import unpacked
from tui.demo.scene import Place
from tui.driver import TerminalDriver
from tui.kiosk.app import KioskApp, Start
from tui.kiosk.opening import look_again
from tui.portal.app import PortalApp
from tui.portal.memory import PageMemory
from tui.portal.protocol import Hello
from tui.portal.wire import Wire

LOOK_EVERY = 0.25
"""Seconds between two looks whether the clock was put forward."""

FINISH_WITHIN = 2.0

PATIENCE = 30 * 60.0
"""Seconds that a kiosk waits for somebody, while a trainer talks about what it shows."""


class TimeTraveller:
    """Lets what is being shown follow the clock of the sandbox when it is put forward."""

    def __init__(self, app: App[Any], clock: SandboxClock) -> None:
        self._app = app
        self._clock = clock
        self._shift = clock.shift

    def begin(self) -> None:
        """Look from now on; call it once the application runs."""
        self._app.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        shift = self._clock.shift
        passed, self._shift = shift - self._shift, shift
        if passed:
            self._pass(passed)

    def _pass(self, span: timedelta) -> None:
        for screen in self._app.screen_stack:
            if not isinstance(screen, KioskDone):
                # How long a kiosk waits for somebody who is done has nothing to do with the hour.
                for countdown in screen.query(Countdown):
                    countdown.pass_time(span.total_seconds())
            for panel in screen.query(PersonView):
                panel.pass_time(span.total_seconds())
            if isinstance(screen, DeskMain):
                screen.look()


class PlayedDesk(DeskApp):
    """The desk, at which somebody may be signed in from the beginning."""

    def __init__(self, place: Workplace, clock: SandboxClock, actor: Actor | None) -> None:
        super().__init__(place)
        self._first = actor
        self._time = TimeTraveller(self, clock)

    def on_mount(self) -> None:
        """Follow the clock."""
        self._time.begin()

    @work(exit_on_error=False)
    async def run_desk(self) -> None:
        """As at any desk, once whoever sits there has left it."""
        if self._first is not None:
            await self.sit(self._first)
        super().run_desk()


class _NoWire(Wire):
    """In the place of the line to a page: there is none."""

    def tell(self, word: str, **values: object) -> None:
        """Nobody is there to be told."""


class PlayedBrowser(PortalApp):
    """What the browser shows, in a terminal."""

    def __init__(self, place: Workplace, clock: SandboxClock, link: str) -> None:
        super().__init__(place, _NoWire(), Hello(80, 24, link=link))
        self.driver_class = TerminalDriver
        self.founded = True
        self._time = TimeTraveller(self, clock)

    def on_mount(self) -> None:
        """Follow the clock."""
        self._time.begin()


class PlayedKiosk(KioskApp):
    """The kiosk."""

    def __init__(self, desk: Desk) -> None:
        start = Start(desk.ctx.settings, KIOSK, patience=PATIENCE)
        super().__init__(start, partial(look_again, desk, start.name))
        self._time = TimeTraveller(self, clock_of(desk))

    def on_mount(self) -> None:
        """Follow the clock."""
        self._time.begin()


def play(home: Path, packet: Mapping[str, Any]) -> int:
    """Be a program of the stage until it ends. Returns its exit code.

    Args:
        packet: `place` and `theme`, and for a desk `actor`, for a browser `link`.
    """
    ctx = context_in(home, str(packet["theme"]))
    desk, place = Desk(ctx), Place(packet["place"])
    clock = clock_of(desk)
    if place is Place.KIOSK:
        return _play_kiosk(PlayedKiosk(desk))
    if place is Place.DESK:
        actor = unpacked(packet["actor"]) if packet["actor"] else None
        at = Workplace(desk, actor.origin if actor else AT_DESK)
        return _play_desk(PlayedDesk(at, clock, actor), at)
    at = Workplace(desk, AT_HOME, PageMemory(Hello(80, 24), lambda _: None))
    return _play_desk(PlayedBrowser(at, clock, str(packet["link"]).lstrip("#")), at)


def _play_desk(app: DeskApp, place: Workplace) -> int:
    terminal.on_hang_up(lambda: _leave(app.leave))
    try:
        app.run()
    finally:
        app.end_session()
        place.close()
    return app.return_code or exits.DONE


def _play_kiosk(app: KioskApp) -> int:
    terminal.on_hang_up(lambda: _leave(app.leave))
    app.run()
    with contextlib.suppress(OSError):
        app.finish()
    return app.return_code or exits.DONE


def _leave(end: Any) -> None:
    """End from a signal; what cannot is ended by the system."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, FINISH_WITHIN)
    end()
