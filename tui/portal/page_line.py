"""The line to one page: what is sent over its WebSocket, never waiting for a slow reader for ever."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable

from aiohttp import WSCloseCode, web

from tui.portal.protocol import LARGEST_MESSAGE, Why

READ_WITHIN = 10.0
"""Seconds in which a page must take what it is sent; then its line counts as lost."""

_FAREWELL_WITHIN = 2.0

_ENDS = {
    WSCloseCode.MESSAGE_TOO_BIG: "too large",
    WSCloseCode.INVALID_TEXT: "no text",
    WSCloseCode.PROTOCOL_ERROR: "no frame",
}

REFUSED = "This page and the server do not understand each other. Load the page again."


class Lost(Exception):
    """Nobody is at the other end any more, or nobody reads."""


class PageSocket(web.WebSocketResponse):
    """Tells a page why it is closed when what it sends breaks the rules of the line itself."""

    def __init__(self) -> None:
        # Compression would mix what a stranger types with secrets in one stream, and cost more memory than a program.
        super().__init__(
            timeout=_FAREWELL_WITHIN, heartbeat=20.0, compress=False, max_msg_size=2 * LARGEST_MESSAGE, autoclose=True
        )

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        """As in aiohttp, with our own last word before."""
        if code in _ENDS and not self.closed:
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(self.send_str(_text("end", {"why": Why.REFUSED, "words": REFUSED})), 1.0)
        return await super().close(code=code, message=message, drain=drain)


class PageLine:
    """One page, as the session sees it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self._socket = socket
        self._transport = transport
        self._told_end = False

    async def draw(self, octets: bytes) -> None:
        """Send what the program draws. Raises Lost."""
        await self._within(self._socket.send_bytes(octets))

    async def tell(self, word: str, value: object = None) -> None:
        """Send a message. Raises Lost."""
        await self._within(self._socket.send_str(_text(word, value)))

    async def pass_on(self, text: str) -> None:
        """Send a message that is a text already. Raises Lost."""
        await self._within(self._socket.send_str(text))

    async def end(self, why: Why, words: str) -> None:
        """Say why it is over, and close; harmless when nobody is there any more."""
        if self._told_end:
            return
        self._told_end = True
        with contextlib.suppress(Lost):
            await asyncio.wait_for(self.tell("end", {"why": why, "words": words}), _FAREWELL_WITHIN)
        await self.close()

    async def close(self) -> None:
        """Close in good order; whoever does not answer is cut off."""
        with contextlib.suppress(ConnectionError, TimeoutError, RuntimeError):
            await asyncio.wait_for(self._socket.close(), 2 * _FAREWELL_WITHIN)

    def cut(self) -> None:
        """Close at once, without a word that nobody reads."""
        self._transport.abort()

    async def _within(self, sending: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(READ_WITHIN):
                await sending
        except (ConnectionError, TimeoutError, RuntimeError) as error:
            raise Lost from error


def _text(word: str, value: object) -> str:
    return json.dumps([word, value])
