"""A real portal, as a page sees it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
import pytest

from tests.surfaces.portal.running import Portal, still_running
from tests.surfaces.portal.talking import opened

DRAWN = b"\x1b["

ON_EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def test_a_page_is_shown_the_program_and_closing_it_ends_the_program(lasting_portal: Portal) -> None:
    assert still_running(lasting_portal.programs(), 8) == []
    async with opened(lasting_portal.url) as page:
        await page.hello()
        ready = await page.until("ready")
        assert (ready["grace"], len(ready["back"])) == (30, 43)
        await page.until(DRAWN)
        programs = lasting_portal.programs()
        assert len(programs) == 1
        await page.socket.close()
    assert still_running(programs, 8) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/?activate=TOKEN", 200),
        ("GET", "/static/textual.js", 200),
        ("GET", "/static/", 404),
        ("GET", "/static/../server.py", 404),
        ("GET", "/static/..%2f..%2fserver.py", 404),
        ("GET", "/static/index.html", 404),
        ("GET", "/nothing", 404),
        ("GET", "/%00", 404),
        ("GET", "/download/key", 404),
        ("GET", "/ws", 403),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/reset/", 404),
        ("POST", "/reset", 405),
        ("POST", "/", 405),
        ("DELETE", "/static/textual.js", 405),
        ("OPTIONS", "/ws", 405),
        ("TRACE", "/", 405),
        ("PROPFIND", "/nothing", 405),
    ],
)
async def test_every_answer_is_guarded_and_says_nothing_of_what_gave_it(
    lasting_portal: Portal, method: str, path: str, status: int
) -> None:
    async with aiohttp.ClientSession() as browser, browser.request(method, lasting_portal.url + path) as answer:
        body = await answer.text()
    assert answer.status == status
    assert {name: answer.headers.get(name) for name in ON_EVERY_ANSWER} == ON_EVERY_ANSWER
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers
    if status != 200:
        assert "aiohttp" not in body.lower()
        assert "Traceback" not in body
    if "?" in path:
        assert "TOKEN" not in body


@pytest.mark.parametrize(
    "request_line",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: a\r\n" % number for number in range(500)) + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
async def test_what_is_no_request_gets_a_plain_answer(lasting_portal: Portal, request_line: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", lasting_portal.port)
    writer.write(request_line)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head = answer.partition(b"\r\n\r\n")[0].decode().lower()
    assert head.startswith(("http/1.1 400", "http/1.0 400"))
    assert "x-frame-options: deny" in head
    assert "server:" not in head
    assert b"aiohttp" not in answer.lower()


async def test_files_are_kept_by_the_browser_and_the_page_is_not(lasting_portal: Portal) -> None:
    async with aiohttp.ClientSession(lasting_portal.url) as browser:
        page = await browser.get("/")
        text = await page.text()
        file = await browser.get("/static/opening.js")
        tag = file.headers["ETag"]
        again = await browser.get("/static/opening.js", headers={"If-None-Match": tag})
        version = tag.strip('"')
        versioned = await browser.get("/static/opening.js", params={"v": version})
    assert page.headers["Cache-Control"] == "no-store"
    assert f"static/opening.js?v={version}" in text
    assert (file.headers["Cache-Control"], again.status) == ("no-cache", 304)
    assert "immutable" in versioned.headers["Cache-Control"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
async def test_a_foreign_page_opens_nothing(lasting_portal: Portal, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with opened(lasting_portal.url, origin):
            pass
    assert refused.value.status == 403


async def test_a_lost_line_leads_back_to_the_same_program(lasting_portal: Portal) -> None:
    assert still_running(lasting_portal.programs(), 8) == []
    async with opened(lasting_portal.url) as page:
        await page.hello()
        back = (await page.until("ready"))["back"]
        await page.until(DRAWN)
        [program] = lasting_portal.programs()
        # As when the cable is pulled: no word, no closing.
        transport = page.socket.get_extra_info("socket")
        transport.shutdown(socket.SHUT_RDWR)
    async with opened(lasting_portal.url) as page:
        await page.hello(100, 30, back=back)
        assert (await page.until("ready"))["back"] == back
        await page.until(DRAWN)
        assert lasting_portal.programs() == [program]
        async with opened(lasting_portal.url) as second:
            await second.hello(back=back)
            await second.until(DRAWN)
            assert (await page.ended())["why"] == "left"
            assert lasting_portal.programs() == [program]
            await second.socket.close()
    assert still_running([program], 8) == []


async def test_a_way_back_that_leads_nowhere_begins_anew(lasting_portal: Portal) -> None:
    async with opened(lasting_portal.url) as page:
        await page.hello(back="x" * 43)
        assert (await page.until("ready"))["back"] != "x" * 43
        await page.socket.close()


async def test_a_program_has_a_clean_environment_and_no_secret_in_its_words(lasting_portal: Portal) -> None:
    assert still_running(lasting_portal.programs(), 8) == []
    async with opened(lasting_portal.url) as page:
        await page.hello(link="activate=TOKEN-OF-SOMEBODY")
        await page.until(DRAWN)
        [program] = lasting_portal.programs()
        words, environment = " ".join(program.cmdline()), program.environ()
        await page.socket.close()
    assert "TOKEN" not in words
    assert not {"TEXTUAL_LOG", "PYTHONPATH", "SECRET_OF_SOMEBODY"} & set(environment)
    assert not any("TOKEN" in value for value in environment.values())
    home = Path(lasting_portal.environment["TRAKDESK_HOME"])
    for file in (home / "trakdesk.log",):
        assert not file.exists() or "TOKEN" not in file.read_text()
    assert "TOKEN" not in lasting_portal.said
