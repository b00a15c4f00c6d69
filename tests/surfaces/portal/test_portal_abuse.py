"""Pages that are none, and more of them than there is room for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import psutil
import pytest

from tests.surfaces.portal.running import Portal, still_running
from tests.surfaces.portal.talking import Page, opened

DRAWN = b"\x1b["

HELLO = {"width": 80, "height": 24}


@pytest.mark.parametrize(
    "first",
    [
        "hello",
        "[",
        json.dumps(["stdin", "x"]),
        json.dumps(["hello", None]),
        json.dumps(["hello", {"width": "80", "height": 24}]),
        json.dumps(["hello", HELLO | {"link": "x" * 1_000_000}]),
        json.dumps(["hello", HELLO | {"link": "x" * 60_000}]),
        json.dumps(["hello", HELLO | {"back": 5}]),
        "[" * 60_000,
    ],
)
async def test_another_first_message_ends_the_page(lasting_portal: Portal, first: str) -> None:
    async with opened(lasting_portal.url) as page:
        await page.socket.send_str(first)
        assert (await page.ended())["why"] == "refused"
    assert "Traceback" not in lasting_portal.said
    assert "fault" not in lasting_portal.log


async def test_octets_instead_of_a_text_end_the_page(lasting_portal: Portal) -> None:
    async with opened(lasting_portal.url) as page:
        await page.socket.send_bytes(b"\x00\xff")
        assert (await page.ended())["why"] == "refused"


@pytest.mark.parametrize("after", [["hello", HELLO], ["stdin", 5], ["resize", "large"], ["fill", []], ["ping", {}]])
async def test_a_wrong_message_later_ends_the_page_and_its_program(lasting_portal: Portal, after: list[Any]) -> None:
    async with opened(lasting_portal.url) as page:
        await page.hello()
        await page.until(DRAWN)
        programs = lasting_portal.programs()
        await page.socket.send_str(json.dumps(after))
        assert (await page.ended())["why"] == "refused"
    assert still_running(programs, 10) == []


async def test_an_unknown_word_is_left_out(lasting_portal: Portal) -> None:
    async with opened(lasting_portal.url) as page:
        await page.hello()
        await page.say("dance", {"with": "me"})
        await page.say("ping", "1")
        assert await page.until("pong") == "1"
        await page.socket.close()


async def test_a_frame_that_is_none_ends_the_page(lasting_portal: Portal) -> None:
    async with opened(lasting_portal.url) as page:
        await page.hello()
        await page.until(DRAWN)
        programs = lasting_portal.programs()
        transport = page.socket._response.connection.transport  # type: ignore[union-attr]
        transport.write(b"\xff\xff\xff\xff\xff\xff\xff\xff")
        await page.ended()
    # Such a line may have been mangled on its way: the program waits as for any line that is lost.
    assert programs[0].is_running() or still_running(programs, 1) == []
    await forget(lasting_portal, page)


async def forget(portal: Portal, page: Page) -> None:
    """Come back to the program that waits, and close it."""
    async with opened(portal.url) as again:
        await again.hello(back=page.last("ready")["back"])
        await again.until("ready")
        await again.socket.close()


async def test_giant_and_countless_sizes_cost_little_and_the_last_one_holds(lasting_portal: Portal) -> None:
    assert still_running(lasting_portal.programs(), 10) == []
    async with opened(lasting_portal.url) as page:
        await page.hello(20_000, 5_000)
        await page.until(DRAWN)
        [program] = lasting_portal.programs()
        for number in range(1000):
            await page.say("resize", {"width": 20_000 - number, "height": 5_000})
        await page.say("resize", {"width": 41, "height": 20})
        await page.say("ping", "1")
        await page.until("pong", 20)
        before = program.cpu_times()
        page.drawn.clear()
        await page.say("focus")
        # The right edge of the last size is drawn, and nothing beyond it.
        await page.until(b"\x1b[20;1H", 20)
        assert program.memory_info().rss < 200_000_000
        assert program.cpu_times().user - before.user < 10
        await page.socket.close()


async def test_an_address_has_so_many_programs_and_another_one_still_gets_in(lasting_portal: Portal) -> None:
    assert still_running(lasting_portal.programs(), 10) == []
    pages = [opened(lasting_portal.url) for _ in range(9)]
    shown = [await page.__aenter__() for page in pages]
    for page in shown:
        await page.hello()
    words = await asyncio.gather(*(first_word(page) for page in shown))
    assert sorted(words) == ["end"] * 3 + ["ready"] * 6
    assert {page.last("end")["why"] for page in shown if page.last("end")} == {"busy"}
    assert len(lasting_portal.programs()) == 6
    async with opened(lasting_portal.url, place="127.0.0.2") as page:
        await page.hello()
        await page.until("ready")
        await page.socket.close()
    programs = lasting_portal.programs()
    for opened_page in pages:
        await opened_page.__aexit__(None, None, None)
    assert still_running(programs, 15) == []


async def first_word(page: Page) -> str:
    """What the server says first."""
    async with asyncio.timeout(30):
        while not page.told:
            await page.read()
    return page.told[0][0]


@pytest.mark.slow
async def test_five_hundred_connections_of_one_address_keep_nobody_else_out(lasting_portal: Portal) -> None:
    async def come(number: int) -> str:
        try:
            async with opened(lasting_portal.url) as page:
                await page.hello()
                word = await first_word(page)
                await asyncio.sleep(5)
                return word
        except (aiohttp.ClientError, ConnectionError, AssertionError):
            return "closed"

    flood = asyncio.gather(*(come(number) for number in range(500)))
    await asyncio.sleep(2)
    assert len(lasting_portal.programs()) <= 6
    async with opened(lasting_portal.url, place="127.0.0.2") as page:
        await page.hello()
        await page.until(DRAWN, 20)
        await page.socket.close()
    words = await flood
    assert words.count("ready") <= 6
    assert "end" in words


@pytest.mark.slow
async def test_half_a_request_and_no_hello_are_closed_in_time(lasting_portal: Portal) -> None:
    halves = [await asyncio.open_connection("127.0.0.1", lasting_portal.port) for _ in range(30)]
    for _, writer in halves:
        writer.write(b"GET / HTTP/1.1\r\nHost:")
    async with opened(lasting_portal.url) as silent, aiohttp.ClientSession() as browser:
        async with browser.get(lasting_portal.url) as answer:
            assert answer.status == 200
        assert (await silent.ended(15))["why"] == "refused"
    for reader, writer in halves:
        assert await asyncio.wait_for(reader.read(), 25) == b""
        writer.close()


@pytest.mark.slow
async def test_whoever_does_not_read_is_cut_off_and_costs_the_server_nothing(lasting_portal: Portal) -> None:
    assert still_running(lasting_portal.programs(), 10) == []
    server = lasting_portal.process
    async with opened(lasting_portal.url) as page:
        await page.hello(400, 150)
        await page.until(DRAWN)
        [program] = lasting_portal.programs()
        page.socket._response.connection.transport.pause_reading()  # type: ignore[union-attr]
        before, begun = server.memory_info().rss, program.memory_info().rss
        for number in range(400):
            await page.say("resize", {"width": 400 - number % 2, "height": 150})
            await asyncio.sleep(0.06)
            if not established(server):
                break
        assert server.memory_info().rss - before < 30_000_000
        assert program.memory_info().rss - begun < 60_000_000


def established(server: psutil.Process) -> int:
    """How many connections it has."""
    return sum(one.status == psutil.CONN_ESTABLISHED for one in server.net_connections("tcp"))
