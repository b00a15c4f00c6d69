"""One program and the page that shows it: textual-serve's application service over a program of the warm parent."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Coroutine
from dataclasses import asdict, replace
from typing import Any

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from tui.faults import new_reference, sentence_of, write_down
from tui.portal.absence import Absence
from tui.portal.page_line import Lost, PageLine
from tui.portal.programs import Program, Programs
from tui.portal.protocol import Hello, Leaving, Why
from tui.portal.sizes import Sizes

LOG = logging.getLogger("trakdesk")

LARGEST_PACKET = 4_194_304
"""Octets of a packet of a program; a screen of the largest terminal takes a quarter of that."""

TAKE_WITHIN = 15.0
"""Seconds in which a program must take what its page sends; then it counts as hung."""

END_WITHIN = 6.0
"""Seconds that a program has to end when it is asked to, before it is killed."""

LONGEST = 12 * 3600.0
"""Seconds after which a session ends, whatever happens in it."""

_BEGAN = b"__GANGLION__\n"

_ELSEWHERE = "You went on in another window of this browser."
_IDLE = "Nobody touched this page for a while, so the session has ended. What you typed is kept where that is possible."
_OVER = "This session has reached its longest time. Begin again."
_STOPPING = "The portal is being restarted. This page comes back by itself."


class Session(AppService):
    """A program, from its first packet to its end; the page may go and come back.

    Attributes:
        address: where its person is.
        back: the way back to it for a page whose line was lost.
        absence: how long its page has been away.
        over: set once the program has ended.
    """

    def __init__(self, programs: Programs, downloads: DownloadManager, address: str, now: float) -> None:
        """`now` is the loop's time."""
        super().__init__(
            "",
            write_bytes=self._draw,
            write_str=self._pass_on,
            close=self._left,
            download_manager=downloads,
        )
        self.address = address
        self.back = secrets.token_urlsafe(32)
        self.over = asyncio.Event()
        self._programs = programs
        self._program: Program | None = None
        self._output = asyncio.StreamReader()
        self._page: PageLine | None = None
        self._begun = self._touched = now
        self.absence = Absence()
        self._asked_to_end: float | None = None
        self._killed = self._said_end = False
        self._sizes = Sizes(lambda size: self._later(self.set_terminal_size(*size)))
        self._tasks: set[asyncio.Task[object]] = set()

    # -- beginning ----------------------------------------------------------------------------

    async def begin(self, page: PageLine, hello: Hello) -> None:
        """Begin a program for a page. Raises NotBegun or Lost."""
        self._page = page
        self.absence.on_phone = hello.touch
        self._program, self._output, self._stdin = await self._programs.begin(self.address)
        self._task = asyncio.create_task(self.run())
        # Ready comes first: a line that is lost while the program starts finds back, too.
        await self._tell_ready(page)
        await self.send_meta({"type": "hello", **asdict(replace(hello, back=""))})

    async def come_back(self, page: PageLine, hello: Hello) -> None:
        """Show the program in this page from now on; another one that shows it is closed."""
        before, self._page = self._page, page
        self.absence.end()
        if before is not None:
            self._later(before.end(Why.LEFT, _ELSEWHERE))
        try:
            await self._tell_ready(page)
        except Lost:
            self.lose(page)
            return
        await self.set_terminal_size(hello.width, hello.height)
        await self.send_meta({"type": "redraw"})

    async def _tell_ready(self, page: PageLine) -> None:
        await page.tell("ready", {"back": self.back, "grace": int(self.absence.grace)})

    # -- from the page ------------------------------------------------------------------------

    @property
    def _orphaned(self) -> bool:
        """Whether the warm parent has gone, with which every program ends."""
        return self._program is not None and self._program.ended.is_set() and self._program.code is None

    def touch(self, now: float) -> None:
        """Somebody is there."""
        self._touched = now

    def resize_soon(self, width: int, height: int) -> None:
        """The window has another size: the program learns the last of those that come quickly one after another."""
        self._sizes.put((width, height))

    @property
    def ends(self) -> bool:
        """Whether nobody can come back to it any more."""
        return self._said_end or self._asked_to_end is not None or self.over.is_set()

    def shows_in(self, page: PageLine) -> bool:
        """Whether this page is the one that shows it."""
        return self._page is page

    def leave(self, page: PageLine) -> None:
        """The page was closed on purpose: nobody comes back to this program."""
        if self._page is page:
            self._page = None
            self._later(self.hang_up(Leaving.CLOSED))

    def lose(self, page: PageLine) -> None:
        """The line to this page is lost: the program waits for the page to come back."""
        if self._page is page:
            self._page = None
            self.absence.begin(asyncio.get_running_loop().time())
            page.cut()

    # -- to the program -----------------------------------------------------------------------

    async def send_bytes(self, data: bytes) -> bool:
        """As in textual-serve; a program that does not read is ended."""
        return await self._in_time(super().send_bytes(data))

    async def send_meta(self, data: dict[str, Any]) -> bool:
        """As in textual-serve; a program that does not read is ended."""
        return await self._in_time(super().send_meta(data))

    async def _in_time(self, sending: Coroutine[Any, Any, bool]) -> bool:
        try:
            async with asyncio.timeout(TAKE_WITHIN):
                return await sending
        except TimeoutError:
            self.kill()
            return False

    # -- from the program ---------------------------------------------------------------------

    async def run(self) -> None:
        """Pass on what the program says until it ends."""
        try:
            if await self._output.readline() == _BEGAN:
                await self._read_packets(self._output)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except ValueError as error:
            # What no program of ours says: it cannot be understood any further.
            write_down(error)
        finally:
            await self._gone()

    async def _read_packets(self, output: asyncio.StreamReader) -> None:
        while True:
            head = await output.readexactly(5)
            size = int.from_bytes(head[1:], "big")
            if size > LARGEST_PACKET:
                raise ValueError
            payload = await output.readexactly(size)
            kind = head[:1]
            if kind == b"D":
                await self._draw(payload)
            elif kind == b"M":
                await self.on_meta(payload)
            elif kind == b"P":
                await self.on_packed(payload)

    async def on_meta(self, data: bytes) -> None:
        """Our own messages; the rest as in textual-serve."""
        told = json.loads(data)
        word = told["type"]
        if word == "end":
            value = told["value"]
            await self.say_end(Why(value["why"]), str(value["words"]))
        elif "value" in told:
            await self._tell(word, told["value"])
        else:
            await super().on_meta(data)

    async def _tell(self, word: str, value: object) -> None:
        await self._pass_on(json.dumps([word, value]))

    async def _draw(self, octets: bytes) -> None:
        page = self._page
        if page is None:
            return
        try:
            await page.draw(octets)
        except Lost:
            self.lose(page)

    async def _pass_on(self, text: str) -> None:
        page = self._page
        if page is None:
            return
        try:
            await page.pass_on(text)
        except Lost:
            self.lose(page)

    async def _left(self) -> None:
        """The program says that it ends in good order."""
        if self._orphaned:
            await self.say_end(Why.STOPPING, _STOPPING)
        else:
            await self.say_end(Why.LEFT, "")

    async def say_end(self, why: Why, words: str) -> None:
        """Tell the page that it is over; the first word counts."""
        if not self._said_end:
            self._said_end = True
            page, self._page = self._page, None
            if page is not None:
                await page.end(why, words)

    # -- ending -------------------------------------------------------------------------------

    async def _gone(self) -> None:
        """The program's end of the line is closed."""
        self._sizes.stop()
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        if self._orphaned:
            await self.say_end(Why.STOPPING, _STOPPING)
        elif not self._said_end and self._asked_to_end is None:
            reference = new_reference()
            LOG.error("fault %s: a program of the portal ended by itself", reference)
            await self.say_end(Why.FAULT, sentence_of(reference))
        self.stdin.close()
        if self._program is not None:
            try:
                await asyncio.wait_for(self._program.ended.wait(), END_WITHIN)
            except TimeoutError:
                self._programs.kill(self._program)
        self.over.set()

    async def hang_up(self, why: Leaving = Leaving.LOST) -> None:
        """Ask the program to end; as it was asked first, so it ends."""
        if self._asked_to_end is None:
            self._asked_to_end = asyncio.get_running_loop().time()
            await self.send_meta({"type": "hang_up", "value": why})

    def kill(self) -> None:
        """End the program at once."""
        if not self._killed and self._program is not None:
            self._killed = True
            self._programs.kill(self._program)

    async def look(self, now: float, idle: float) -> None:
        """What time does to a session; called every second. `idle` is how long nobody may touch it, in seconds."""
        if self._asked_to_end is not None:
            if now - self._asked_to_end > END_WITHIN:
                self.kill()
        elif self.absence.lasts(now) > self.absence.grace:
            await self.hang_up()
        elif now - self._begun > LONGEST:
            await self.close_with(Why.OVER, _OVER)
        elif now - self._touched > idle:
            await self.close_with(Why.IDLE, _IDLE)

    async def close_with(self, why: Why, words: str) -> None:
        """End the session from here."""
        self._later(self.say_end(why, words))
        await self.hang_up(Leaving.LOST if why is Why.STOPPING else Leaving.OVER)

    async def stop(self) -> None:
        """The server stops."""
        await self.close_with(Why.STOPPING, _STOPPING)
        try:
            await asyncio.wait_for(self.over.wait(), END_WITHIN)
        except TimeoutError:
            self.kill()

    def _later(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
