"""What time does to the program of one page, and what it is told of why it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic
from typing import Any, cast

import pytest
from textual_serve.download_manager import DownloadManager

from tui.portal.packets import Packets
from tui.portal.page_line import PageLine
from tui.portal.programs import Program, Programs
from tui.portal.protocol import GRACE, Hello, Why
from tui.portal.session import LONGEST, Session

HELLO = Hello(80, 24)
MINUTES = 60.0
IDLE = 15 * MINUTES


class Line:
    """A page as its server sees it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    async def tell(self, word: str, value: object = None) -> None:
        self.told.append((word, value))

    async def end(self, why: Why, words: str) -> None:
        self.told.append(("end", why))

    def cut(self) -> None:
        self.told.append(("cut", None))


class OneProgram:
    """Begins a program of which the test has the other end."""

    async def begin(self, address: str) -> tuple[Program, asyncio.StreamReader, asyncio.StreamWriter]:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._met = asyncio.Event()
        server = await asyncio.start_server(self._listen, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        self._server = server
        self.program = Program("1", 1)
        await self._met.wait()
        return self.program, reader, writer

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._met.set()
        packets = Packets()
        with suppress(asyncio.CancelledError):
            while octets := await reader.read(65_536):
                for _, payload in packets.feed(octets):
                    self.heard.put_nowait(json.loads(payload))

    async def until(self, word: str) -> dict[str, Any]:
        """The next packet with this word."""
        async with asyncio.timeout(15):
            while (told := await self.heard.get())["type"] != word:
                pass
        return told

    def end(self) -> None:
        self.program.end(0)
        self._writer.close()
        self._server.close()


@pytest.fixture
async def programs() -> AsyncIterator[OneProgram]:
    one = OneProgram()
    yield one
    one.end()


@pytest.fixture
async def session(programs: OneProgram) -> Session:
    """Begun at a time of 1,000 seconds."""
    begun = Session(cast(Programs, programs), DownloadManager(), "198.51.100.4", 1_000.0)
    begun.first = Line()  # type: ignore[attr-defined] # for the test to find it
    await begun.begin(page_of(begun), HELLO)
    return begun


def page_of(session: Session) -> PageLine:
    return cast(PageLine, session.first)  # type: ignore[attr-defined]


async def after(session: Session, seconds: float) -> None:
    await session.look(1_000.0 + seconds, IDLE)


def touched_all_day(session: Session) -> None:
    session.touch(1_000.0 + LONGEST)


async def back_in_another_page(session: Session) -> Line:
    session.lose(page_of(session))
    line = Line()
    await session.come_back(cast(PageLine, line), HELLO)
    return line


async def test_after_twelve_hours_it_ends_however_busy_it_is(session: Session, programs: OneProgram) -> None:
    touched_all_day(session)
    await after(session, LONGEST - 1)
    assert not session.ends
    await after(session, LONGEST + 1)
    assert (await programs.until("hang_up"))["value"] == "over"
    await until_told(page_of(session), Why.OVER)


async def test_whoever_came_back_has_what_is_left_of_the_twelve_hours(session: Session, programs: OneProgram) -> None:
    line = await back_in_another_page(session)
    touched_all_day(session)
    await after(session, LONGEST + 1)
    assert (await programs.until("hang_up"))["value"] == "over"
    await until_told(line, Why.OVER)


async def test_after_fifteen_minutes_untouched_it_ends_and_coming_back_is_no_touch(
    session: Session, programs: OneProgram
) -> None:
    line = await back_in_another_page(session)
    await after(session, IDLE - 1)
    assert not session.ends
    await after(session, IDLE + 1)
    assert (await programs.until("hang_up"))["value"] == "over"
    await until_told(line, Why.IDLE)


async def test_the_program_of_a_page_that_was_closed_learns_it(session: Session, programs: OneProgram) -> None:
    session.leave(page_of(session))
    assert (await programs.until("hang_up"))["value"] == "closed"


async def test_so_does_that_of_a_page_that_did_not_come_back(session: Session, programs: OneProgram) -> None:
    session.lose(page_of(session))
    await session.look(asyncio.get_running_loop().time() + GRACE + 1, IDLE)
    assert (await programs.until("hang_up"))["value"] == "lost"


async def test_a_portal_that_is_restarted_leaves_people_signed_in(session: Session, programs: OneProgram) -> None:
    stopping = asyncio.create_task(session.stop())
    assert (await programs.until("hang_up"))["value"] == "lost"
    programs.end()
    await stopping


async def until_told(line: object, why: Why) -> None:
    """Wait until a page has been told of its end."""
    give_up = monotonic() + 15
    while ("end", why) not in cast(Line, line).told:
        assert monotonic() < give_up
        await asyncio.sleep(0)
