"""A database that goes away under fifty people, and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from tests import making
from tests.surfaces.portal.running import Portal, found_agency
from tests.surfaces.portal.talking import Page, opened
from tests.surfaces.stoppable import Server
from tui.portal.server import READY_FOR

pytestmark = pytest.mark.slow

PEOPLE = 50
DRAWN = b"Company code"


async def fill_in(page: Page, user: str) -> None:
    """Fill in the form and send it."""
    for line in ("RAY-919", f"{user}@raystaging.example.com", making.PASSWORD.reveal()):
        await page.type(f"{line}\t")
        await asyncio.sleep(0.1)
    await page.type("\r")


@pytest.mark.parametrize("database_url", ["server"], indirect=True)
@pytest.mark.timeout(240)
async def test_a_database_that_is_restarted_under_fifty_people_costs_nobody_their_session(
    start_portal: Callable[..., Portal], environment: dict[str, str], server: Server
) -> None:
    found_agency(environment)
    portal = start_portal(TRAKDESK_PORTAL_SESSIONS_PER_ADDRESS=str(PEOPLE + 5))
    async with AsyncExitStack() as stack:
        pages = []
        for _ in range(PEOPLE):
            page = await stack.enter_async_context(opened(portal.url))
            await page.hello()
            await page.until(DRAWN, 60)
            pages.append(page)
        # Some have a connection that breaks, the others open theirs afterwards.
        for number, page in enumerate(pages[:3]):
            await fill_in(page, f"nobody-{number}")
            await page.until(b"belong together", 60)
        server.stop()
        for page in pages[3:6]:
            await fill_in(page, "sue")
        for page in pages[3:6]:
            await page.until(b"answer", 60)
        await asyncio.sleep(READY_FOR)
        assert not await ready(portal)
        server.start()
        await asyncio.to_thread(portal.wait_ready)
        assert len(portal.programs()) >= PEOPLE
        for page in pages:
            await page.say("ping", "still here")
            assert await page.until("pong") == "still here"
        page = pages[7]
        page.drawn.clear()
        await fill_in(page, "sue")
        await page.until(b"Wright", 60)
        page = pages[0]
        page.drawn.clear()
        await page.type("anything at all\r")
        await page.until(b"belong together", 60)
        assert portal.log.count("fault") == 0


async def ready(portal: Portal) -> bool:
    """Whether the portal says that people may come."""
    async with aiohttp.ClientSession() as browser, browser.get(f"{portal.url}/readyz") as answer:
        return answer.status == 200
