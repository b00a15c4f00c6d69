"""An application that waits in the warm parent, with its first screen built and drawn, for somebody to come.

Its event loop stands still there, and its first question to a service waits. A program is a copy of it, in which both
go on: whoever comes is shown what is there already.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from textual import events
from textual.geometry import Size

import screens
from models.states import Surface
from screens.entry.by_link import ByLink
from screens.workplace import Workplace
from services.actor import Origin
from services.colours import Colours
from services.desk import Desk
from services.opening import check_desk, open_unchecked
from services.settings import Settings
from tui import exits
from tui.colouring import Colouring
from tui.faults import write_down
from tui.portal.app import PortalApp
from tui.portal.driver import PortalDriver
from tui.portal.memory import PageMemory
from tui.portal.packets import Broken
from tui.portal.protocol import Hello
from tui.portal.wire import Wire

P = ParamSpec("P")
R = TypeVar("R")

FINISH_WITHIN = 5.0
"""Seconds after which a process ends that was asked to and cannot."""

USUAL_SIZE = (80, 24)

_PIECES_OF_STYLE = 4096

_SCREENS = Path(screens.__file__).parent

_FIRST_PARTS = ("entry", "wizard", "onboarding")
"""The folders of the screens that a link or the first form leads to."""

_FIRST_AFTER = "client_home.tcss"
"""The styles of what a client sees next."""

_REHEARSAL = 0.2
"""Seconds in which a screen is laid out and drawn."""

_STILL = 40
"""Rounds of the loop in a row without a new frame, after which an application counts as standing still."""


class ForkableLoop(asyncio.SelectorEventLoop):
    """An event loop that goes on in a copy of its process."""

    def __init__(self) -> None:
        # Other selectors keep what they watch in the kernel, where all copies would share it.
        super().__init__(selectors.PollSelector())

    def renew(self) -> None:
        """In the copy: have a line of its own by which threads wake it, instead of one that all copies share."""
        # asyncio has no public way; a test holds this.
        self._close_self_pipe()  # type: ignore[attr-defined]
        self._make_self_pipe()  # type: ignore[attr-defined]


class WaitingPlace(Workplace):
    """Keeps every question to a service waiting until somebody has come: before, there is no thread to ask it."""

    def __init__(self, desk: Desk) -> None:
        self._met = asyncio.Event()
        self._opened = False
        self._wire = wire = Wire()
        self._of_page = PageMemory(Hello(*USUAL_SIZE), lambda kept: wire.tell("remember", value=dict(kept)))
        super().__init__(desk, Origin(Surface.PORTAL), self._of_page)

    @property
    def wire(self) -> Wire:
        """The line to whoever comes."""
        return self._wire

    def meet(self, hello: Hello, origin: Origin) -> None:
        """Somebody has come."""
        self.origin = origin
        self._of_page.meet(hello)
        self._met.set()

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As in any workplace, once somebody has come; the first question opens the database.

        Many open the page and go again: until they ask for something, their program is half as large. Raises what
        `check_desk` raises, besides what the function does.
        """
        await self._met.wait()
        if getattr(function, "__self__", None) is self._of_page:
            # What the page remembers is here already.
            return function(*args, **kwargs)
        if not self._opened:
            await super().call(check_desk, self.desk.ctx)
            self._opened = True
        return await super().call(function, *args, **kwargs)


class WaitingDriver(PortalDriver):
    """Draws nothing, and listens to nothing, until somebody has come."""

    _met = False

    def write(self, data: str) -> None:
        """Nothing, before somebody has come."""
        if self._met:
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Nothing, before somebody has come."""
        if self._met:
            super().write_meta(data)

    def start_application_mode(self) -> None:
        """Learn the size, so that there is something to lay out."""
        size = Size(*USUAL_SIZE)
        self.send_message(events.Resize(size, size))

    def meet(self, width: int, height: int) -> None:
        """Somebody has come: draw and listen from now on."""
        self._met = True
        self._size = (width, height)
        super().start_application_mode()


class PreparedApp(PortalApp):
    """The application, which goes on when somebody has come."""

    def __init__(self, place: WaitingPlace) -> None:
        super().__init__(place, place.wire, Hello(*USUAL_SIZE))
        self.driver_class = WaitingDriver
        self.come.clear()
        # Textual keeps 64 parsed pieces of style and has more: it would parse all of them at every new widget.
        # There is no public way; a test holds this.
        self.stylesheet._parse_cache.grow(_PIECES_OF_STYLE)

    def on_load(self) -> None:
        """Read the styles of the screens that people come for, as otherwise the first sight of each parses all anew."""
        # Not those of the desk: at every change Textual goes through all rules that it has read.
        parts = sorted(path for part in _FIRST_PARTS for path in (_SCREENS / part).glob("*.tcss"))
        for path in (*parts, _SCREENS / _FIRST_AFTER):
            self.stylesheet.read(path)

    async def rehearse(self) -> None:
        """Show what a link opens once to nobody, so that its pieces are known; its question waits, and is dropped."""
        with self._context():
            await self.push_screen(ByLink(self.place, ""))
            await asyncio.sleep(_REHEARSAL)
            await self.pop_screen()

    def meet(self, hello: Hello) -> None:
        """Somebody has come; call it in the application's own context."""
        self.hello = hello
        if hello.theme:
            self.colouring = Colouring(self, self.place, Colours.named(hello.theme))
        cast(WaitingDriver, self._driver).meet(hello.width, hello.height)
        self.come.set()
        self.refresh()


class Prepared:
    """One that waits. It is made once, and gone on with in any number of copies of the process."""

    def __init__(self, settings: Settings) -> None:
        """Build it, up to where it would need to know who has come; no thread and no connection is made."""
        self._loop = ForkableLoop()
        self._place = WaitingPlace(Desk(open_unchecked(settings)))
        self._app = PreparedApp(self._place)
        self._running = self._loop.create_task(self._app.run_async(size=USUAL_SIZE))
        self._loop.run_until_complete(self._stand_still())
        self._loop.run_until_complete(self._app.rehearse())
        self._loop.run_until_complete(self._stand_still())

    @property
    def desk(self) -> Desk:
        """Its services; keys that are turned later are known to them all the same."""
        return self._place.desk

    async def _stand_still(self) -> None:
        """Wait until nothing more is laid out or drawn; a timer may still wait for its time."""
        for _ in range(_STILL):
            await asyncio.sleep(0.01)

    def run(self, address: str, *, founded: bool = False) -> int:
        """In a copy of the process: serve whoever is at the other end of the standard input and output.

        Args:
            address: of the person, as the server believes it.
            founded: whether it is known that an agency stands.
        """
        self._loop.renew()
        wire = self._place.wire
        try:
            hello = wire.hello()
        except (Broken, OSError):
            return exits.NOT_DONE
        self._app.founded = founded
        self._app.call_later(self._meet, hello, Origin(Surface.PORTAL, address))
        try:
            self._loop.run_until_complete(self._running)
        except Exception as error:  # noqa: BLE001 - the last place that can keep a traceback from the log of the server
            write_down(error)
        _finish(self._place)
        return self._app.return_code or exits.DONE

    def _meet(self, hello: Hello, origin: Origin) -> None:
        self._place.meet(hello, origin)
        self._app.meet(hello)


def _finish(place: Workplace) -> None:
    """Let services end that are still writing; what hangs is cut off, and its transaction undone."""
    last_resort = threading.Timer(FINISH_WITHIN, os._exit, (exits.FAULT,))
    last_resort.daemon = True
    last_resort.start()
    place.close()
    last_resort.cancel()
