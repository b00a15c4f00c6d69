"""What becomes of programs when one of the processes behind a portal goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from tests.surfaces.portal.running import Portal, found_agency, still_running
from tests.surfaces.portal.talking import Page, opened

pytestmark = pytest.mark.slow

DRAWN = b"\x1b["


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The processes are the same on both engines."""
    return sqlite_url


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Of a desk that is set up."""
    found_agency(environment)
    return environment


async def many(stack: AsyncExitStack, portal: Portal, number: int) -> list[Page]:
    """So many pages, each with its program drawn."""
    pages = []
    for _ in range(number):
        page = await stack.enter_async_context(opened(portal.url))
        await page.hello()
        await page.until(DRAWN, 60)
        pages.append(page)
    return pages


async def test_a_server_that_is_killed_leaves_no_orphan(portal: Portal) -> None:
    async with AsyncExitStack() as stack:
        pages = await many(stack, portal, 10)
        everything = portal.process.children(recursive=True)
        assert len(everything) >= 11
        for page in pages:
            await page.type("x" * 50)
        portal.kill()
        assert still_running(everything, 5) == []


async def test_server_and_warm_parent_killed_at_once_leave_no_orphan(portal: Portal) -> None:
    async with AsyncExitStack() as stack:
        await many(stack, portal, 5)
        everything = portal.process.children(recursive=True)
        warm = portal.warm_parent()
        portal.kill()
        warm.kill()
        assert still_running(everything, 5) == []


async def test_a_killed_warm_parent_is_replaced_and_pages_come_back(portal: Portal) -> None:
    async with AsyncExitStack() as stack:
        pages = await many(stack, portal, 3)
        warm, programs = portal.warm_parent(), portal.programs()
        warm.kill()
        assert {(await page.ended())["why"] for page in pages} == {"stopping"}
        assert still_running(programs, 5) == []
    portal.wait_ready()
    assert portal.warm_parent() != warm
    async with opened(portal.url) as page:
        await page.hello()
        await page.until(DRAWN, 30)


async def test_a_program_that_dies_takes_nobody_with_it(portal: Portal) -> None:
    async with AsyncExitStack() as stack:
        [first] = await many(stack, portal, 1)
        [program] = portal.programs()
        [second] = await many(stack, portal, 1)
        program.kill()
        end = await first.ended()
        assert end["why"] == "fault"
        assert "reference" in end["words"]
        await second.say("ping", "1")
        assert await second.until("pong") == "1"
        assert still_running([program], 5) == []


async def test_a_portal_that_is_asked_to_stop_says_so_and_leaves_nothing(portal: Portal) -> None:
    async with AsyncExitStack() as stack:
        pages = await many(stack, portal, 5)
        everything = portal.process.children(recursive=True)
        stopping = asyncio.get_running_loop().run_in_executor(None, portal.stop)
        assert {(await page.ended())["why"] for page in pages} == {"stopping"}
        assert await stopping == 0
        assert still_running(everything, 1) == []


async def test_whoever_touches_nothing_is_told_and_ended(start_portal: Callable[..., Portal]) -> None:
    portal = start_portal(TRAKDESK_PORTAL_IDLE_MINUTES="1")
    async with opened(portal.url) as page:
        await page.hello()
        await page.until(DRAWN)
        programs = portal.programs()
        assert (await page.ended(80))["why"] == "idle"
    assert still_running(programs, 8) == []


async def test_a_program_whose_page_does_not_come_back_ends(portal: Portal) -> None:
    async with opened(portal.url) as page:
        await page.hello()
        await page.until(DRAWN)
        programs = portal.programs()
        page.socket._response.connection.transport.abort()  # type: ignore[union-attr]
    await asyncio.sleep(5)
    assert still_running(programs, 0) == programs
    await asyncio.sleep(28)
    assert still_running(programs, 8) == []


async def test_a_page_that_a_device_ends_out_of_sight_finds_its_program_again(portal: Portal) -> None:
    async with opened(portal.url) as page:
        await page.hello(40, 30, touch=True)
        ready = await page.until("ready")
        await page.until(DRAWN)
        programs = portal.programs()
        await page.type("half-typed")
        await page.until(b"half-typed")
        await page.say("hidden", True)
        await page.socket.close(code=1001)
    assert ready["grace"] == 600
    # A computer is waited for so long, not a telephone.
    await asyncio.sleep(33)
    async with opened(portal.url) as page:
        await page.hello(40, 30, touch=True, back=ready["back"])
        assert (await page.until("ready"))["back"] == ready["back"]
        await page.until(b"half-typed")
    assert portal.programs() == programs


async def test_a_proxy_that_is_named_says_where_people_come_from_and_nobody_else(
    start_portal: Callable[..., Portal],
) -> None:
    portal = start_portal(TRAKDESK_PORTAL_PROXIES="127.0.0.1", TRAKDESK_PORTAL_SESSIONS_PER_ADDRESS="1")
    told = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}
    async with opened(portal.url, **told) as page:
        await page.hello()
        await page.until("ready")
        # The same place is full, another one is not, and who is no proxy is believed nothing.
        async with opened(portal.url, **told) as second:
            await second.hello()
            assert (await second.ended())["why"] == "busy"
        async with opened(portal.url, place="127.0.0.2", **told) as third:
            await third.hello()
            await third.until("ready")
    portal.stop()
    places = {line.split("portal: ")[1].split()[0] for line in portal.said.splitlines() if "websocket" in line}
    assert places == {"198.51.100.7", "127.0.0.2"}
