"""Listens, and serves until it is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections import Counter
from typing import Any, cast

from aiohttp import web

from tui.portal.addresses import counted_as, is_loopback, read_address
from tui.portal.answers import Accesses, plain_error
from tui.portal.headers import security_headers
from tui.portal.server import PortalServer

LOG = logging.getLogger("trakdesk")

ACCESSES = logging.getLogger("trakdesk.portal.access")

LONGEST_LINE = 4096
"""Octets of a request line or a header."""

MOST_HEADERS = 64
QUIET_FOR = 15.0
"""Seconds without a whole request after which a connection is closed, from its first octet on."""

BESIDES = 200
"""Connections in all beyond one for each session."""

BESIDES_EACH = 40
"""The same of one address that is no proxy."""


class QuietHandler(web.RequestHandler):
    """A connection whose unreadable requests get our own plain answer, and leave nothing in a log."""

    __slots__ = ("_quiet_headers",)

    def __init__(self, server: web.Server, headers: dict[str, str], **options: Any) -> None:
        super().__init__(server, **options)
        self._quiet_headers = headers

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """A plain answer; the connection is closed after it."""
        answer = _Unsigned(status=status, text=plain_error(status).text, headers=self._quiet_headers)
        answer.force_close()
        return answer


class _Unsigned(web.Response):
    # Answers that no application prepares would name the library and its version; aiohttp has no public way to
    # leave that out (a test holds this).
    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


class Door(asyncio.Protocol):
    """Meets every new connection, and lets in whom there is room for."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand it on, or close it without a word: whoever floods is owed none."""
        transport = cast(asyncio.Transport, transport)
        handler = self._doors.handler_for(transport)
        if handler is None:
            transport.abort()
            return
        transport.set_protocol(handler)
        handler.connection_made(transport)


class Doors:
    """Makes the connections of one server."""

    def __init__(self, portal: PortalServer, server: web.Server) -> None:
        settings = portal.settings.portal
        self._proxies = portal.proxies
        self._server = server
        self._open_to_all = is_loopback(settings.host)
        self._most = settings.sessions + BESIDES
        self._most_each = settings.sessions_per_address + BESIDES_EACH
        self._headers = security_headers(portal.origins) | {"Cache-Control": "no-store"}

    def __call__(self) -> Door:
        """For the event loop."""
        return Door(self)

    def handler_for(self, transport: asyncio.Transport) -> QuietHandler | None:
        """What serves this connection; None if there is no room for it."""
        peer = _peer(transport)
        from_proxy = self._proxies.has(read_address(peer))
        if not (from_proxy or self._open_to_all):
            return None
        there = Counter(_peer(handler.transport) for handler in self._server.connections)
        if there.total() >= self._most or (not from_proxy and there[peer] >= self._most_each):
            return None
        return QuietHandler(
            self._server,
            self._headers,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=QUIET_FOR,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            max_headers=MOST_HEADERS,
            lingering_time=1.0,
            access_log_class=Accesses,
            access_log=ACCESSES,
        )


def _peer(transport: asyncio.BaseTransport | None) -> str:
    name = transport.get_extra_info("peername") if transport is not None else None
    return counted_as(name[0]) if name else ""


def _tell_accesses() -> None:
    """To whatever collects what this process says; the log in the home folder is for faults."""
    told = logging.StreamHandler()
    told.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    ACCESSES.handlers[:] = [told]
    ACCESSES.propagate = False


async def serve(portal: PortalServer) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError where it cannot listen."""
    _tell_accesses()
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(await portal._make_app(), handle_signals=False)
    await runner.setup()
    doors = Doors(portal, cast("web.Server", runner.server))
    try:
        # Who cannot listen leaves nothing behind either.
        async with await loop.create_server(doors, portal.host, portal.port, backlog=256, reuse_address=True):
            print(f"The portal serves {portal.public_url} until stopped with Ctrl-C.", file=sys.stderr)
            await stop.wait()
    finally:
        with contextlib.suppress(TimeoutError):
            await runner.cleanup()
