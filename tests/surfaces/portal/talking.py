"""A page without a browser: speaks the protocol over a real WebSocket."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass
class Page:
    """What one page was told and shown.

    Attributes:
        drawn: what the program drew.
        told: the messages, oldest first.
        close_code: how the line was closed, once it was.
    """

    socket: aiohttp.ClientWebSocketResponse
    drawn: bytearray = field(default_factory=bytearray)
    told: list[tuple[str, Any]] = field(default_factory=list)
    close_code: int | None = None

    def last(self, word: str) -> Any:
        """The value of the newest message of this word; None without one."""
        return next((value for said, value in reversed(self.told) if said == word), None)

    async def say(self, word: str, value: Any = None) -> None:
        """Send a message."""
        await self.socket.send_str(json.dumps([word, value]))

    async def hello(self, width: int = 80, height: int = 24, **told: Any) -> None:
        """Say who comes."""
        await self.say("hello", {"width": width, "height": height, **told})

    async def type(self, text: str) -> None:
        """Press keys."""
        await self.say("stdin", text)

    async def until(self, what: str | bytes, within: float = 20) -> Any:
        """Read on until a message of this word came, or these octets were drawn. Returns the message's value."""
        try:
            async with asyncio.timeout(within):
                return await self._until(what)
        except TimeoutError:
            raise AssertionError(
                f"no {what!r} in {within} s; told {self.told[-3:]}, drawn {self.words[-1500:]}"
            ) from None

    async def _until(self, what: str | bytes) -> Any:
        while True:
            if isinstance(what, bytes):
                if what in self.drawn:
                    return None
            elif self.last(what) is not None:
                return self.last(what)
            if self.close_code is not None:
                raise AssertionError(f"closed with {self.close_code}: {self.told[-3:]}")
            await self.read()

    @property
    def words(self) -> str:
        """What was drawn, without how."""
        return re.sub(r"(?:\x1b\[[0-9;?$]*[a-zA-Z])+|\s+", " ", self.drawn.decode("utf-8", "replace"))

    async def ended(self, within: float = 20) -> dict[str, str]:
        """Read on until the server has closed the line. Returns its last word."""
        async with asyncio.timeout(within):
            while self.close_code is None:
                await self.read()
        return self.last("end") or {}

    async def read(self) -> None:
        """Take one message."""
        message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            self.drawn += message.data
        elif message.type is aiohttp.WSMsgType.TEXT:
            word, value = json.loads(message.data)
            # A message without a value counts as said all the same.
            self.told.append((word, True if value is None else value))
        else:
            self.close_code = self.socket.close_code or 1006


@asynccontextmanager
async def opened(url: str, origin: str | None = None, place: str = "", **headers: str) -> AsyncIterator[Page]:
    """A page at this portal that has not said hello yet; `place` is another address of loopback that it comes from."""
    told = {"Origin": url if origin is None else origin, **headers}
    connector = aiohttp.TCPConnector(local_addr=(place, 0)) if place else None
    async with (
        aiohttp.ClientSession(connector=connector, headers=told) as browser,
        browser.ws_connect(f"{url}/ws", max_msg_size=0) as socket,
    ):
        yield Page(socket)
