"""A portal of the tests without a program behind it: serves the real page, and says on its line what a test says."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tui.portal.files import File, read_files, read_index
from tui.portal.headers import security_headers
from tui.portal.origins import Origins


class Visit:
    """One connection of a page."""

    def __init__(self, server: ScriptedPortal, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self._server, self._socket, self._transport = server, socket, transport
        self.said: list[list[Any]] = []
        self.closed: int | None = None

    @property
    def hello(self) -> dict[str, Any]:
        """The page's first message."""
        word, value = self.said[0]
        assert word == "hello"
        return dict(value)

    def words(self, word: str) -> list[Any]:
        """The values of all messages with this word."""
        return [said[1] if len(said) > 1 else None for said in self.said if said[0] == word]

    @property
    def typed(self) -> str:
        """Everything that was typed."""
        return "".join(self.words("stdin"))

    def tell(self, word: str, value: object = None) -> None:
        """Send a message to the page."""
        self._server.run(self._socket.send_str(json.dumps([word, value])))

    def draw(self, text: str) -> None:
        """Send what a program would draw."""
        self._server.run(self._socket.send_bytes(text.encode()))

    def ready(self, back: str = "way-back", shows: str = "\x1b[2J\x1b[HHello from the desk") -> Visit:
        """Answer the hello, and draw."""
        self.tell("ready", {"back": back, "grace": 30})
        self.draw(shows)
        return self

    def cut(self) -> None:
        """Drop the line without a word."""
        self._server.call(self._transport.abort)

    def wait_for(self, condition: Callable[[Visit], bool]) -> None:
        """Wait until the page has said what a test waits for."""
        self._server.wait_until(lambda: condition(self))


class ScriptedPortal:
    """Runs in a thread of this process; use it as a context manager.

    Attributes:
        away: it takes no line.
        deaf: it answers on none.
        refused: a file that it does not give, as a server that was asked too often.
    """

    def __init__(self) -> None:
        self.visits: list[Visit] = []
        self.requests: list[str] = []
        self.away = False
        self.deaf = False
        self.refused = ""
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scripted-portal", daemon=True)
        self.port = 0

    def __enter__(self) -> ScriptedPortal:
        self._thread.start()
        self.run(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._runner.cleanup())
        self.call(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://localhost:{self.port}/"

    def run(self, doing: Any) -> Any:
        """Do it in the thread of the server."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(10)

    def call(self, function: Callable[[], object]) -> None:
        """Call it in the thread of the server."""
        self._loop.call_soon_threadsafe(function)

    def wait_until(self, condition: Callable[[], bool], timeout: float = 20) -> None:
        """Wait for what the server sees; fails the test if it does not come."""
        with self._changed:
            assert self._changed.wait_for(condition, timeout), [visit.said for visit in self.visits]

    def visit(self, number: int = -1) -> Visit:
        """The visit of this number, when it has said hello: the newest one, waited for, unless told otherwise."""
        known = len(self.visits) if number < 0 else number + 1
        self.wait_until(lambda: len(self.visits) >= max(known, 1) and bool(self.visits[number].said))
        return self.visits[number]

    async def _listen(self) -> None:
        self._files = read_files()
        app = web.Application()
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", self._line)
        app.router.add_get("/static/{name:.+}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _index(self, request: web.Request) -> web.Response:
        return self._answer(request, read_index(self._files))

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name == self.refused:
            return web.Response(status=429)
        return self._answer(request, self._files[name])

    def _answer(self, request: web.Request, file: File) -> web.Response:
        self.requests.append(f"{request.method} {request.raw_path} {dict(request.headers)}")
        headers = {**security_headers(Origins(self.url, (self.url.rstrip("/"),))), "Content-Type": file.kind}
        return web.Response(body=file.octets, headers=headers)

    async def _line(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.raw_path} {dict(request.headers)}")
        if self.away:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        visit = Visit(self, socket, request.transport)
        self._note(lambda: self.visits.append(visit))
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._take(visit, socket, json.loads(message.data))
        self._note(lambda: setattr(visit, "closed", socket.close_code or 1006))
        return socket

    async def _take(self, visit: Visit, socket: web.WebSocketResponse, said: list[Any]) -> None:
        self._note(lambda: visit.said.append(said))
        if said[0] == "ping" and not self.deaf:
            await socket.send_str(json.dumps(["pong", said[1]]))

    def _note(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()
