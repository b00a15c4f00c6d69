"""The portal's web server: textual-serve's, behind our checks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from aiohttp import WSMsgType, web
from textual_serve.server import Server

from services.settings import Settings
from tui.faults import sentence_of, write_down
from tui.portal import files
from tui.portal.absence import make_room
from tui.portal.addresses import Proxies, counted_as
from tui.portal.answers import CLIENT, PLAIN, answer_of, guarded, quiet_headers
from tui.portal.courier import Courier
from tui.portal.limits import Full, Pace, Places
from tui.portal.messages import Refused, read_hello, read_message
from tui.portal.origins import Origins
from tui.portal.page_line import REFUSED, Lost, PageLine, PageSocket
from tui.portal.page_words import obey
from tui.portal.programs import NotBegun, Programs
from tui.portal.protocol import HELLO_WITHIN, RESET_LINK, Hello, Why
from tui.portal.session import Session

LOG = logging.getLogger("trakdesk")

NEWCOMERS = 100
"""Pages in all that have not said hello yet."""

NEWCOMERS_EACH = 10
"""Of one address."""

READY_FOR = 2.0
"""Seconds for which an answer of the database is good: whoever asks more often gets the same."""

_LOOK_EVERY = 1.0
_BUSY = "Many people are using this page right now. It tries again by itself in a moment."
_BUSY_HERE = "Too many windows of this page are open at your address. Close one; it then goes on by itself."


class PortalServer(Server):
    """Serves the page, and one program to each person who opens it."""

    def __init__(self, settings: Settings) -> None:
        portal = settings.portal
        self.origins = Origins.of(settings)
        super().__init__(
            "",
            host=portal.host,
            port=portal.port,
            title="Trakdesk",
            public_url=self.origins.own,
            statics_path=files.PAGE,
        )
        self.settings = settings
        self.proxies = Proxies(portal.proxies)
        self.programs = Programs(settings)
        self._courier = Courier(settings)
        self._places = Places(portal.sessions, portal.sessions_per_address)
        self._newcomers = Places(NEWCOMERS, NEWCOMERS_EACH)
        self._sessions: dict[str, Session] = {}
        self._idle = portal.idle_minutes * 60.0
        self._files = files.read_files()
        self._index = files.read_index(self._files)
        self._answered = False
        self._asked_at = -READY_FOR
        self._asking = asyncio.Lock()
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def sessions(self) -> int:
        """How many programs run."""
        return len(self._sessions)

    # -- the web application ------------------------------------------------------------------

    def initialize_logging(self) -> None:
        """Ours is started already, and tells no variables."""

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[guarded], client_max_size=0)
        app.add_routes(
            [
                web.get("/", self.handle_index, name="index"),
                web.get("/reset", self.handle_reset, name="reset"),
                web.get("/ws", self.handle_websocket, name="websocket"),
                web.get("/static/{name:.+}", self.handle_file, name="static"),
                web.get("/healthz", self.handle_health, name="healthz"),
                web.get("/readyz", self.handle_ready, name="readyz"),
            ]
        )
        app.on_response_prepare.append(quiet_headers(self.origins))
        app.on_startup.append(self.on_startup)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Start the warm parent, without a banner."""
        self.programs.start()
        self._run(self._keep_watch())
        self._run(self._look_early())

    async def on_shutdown(self, app: web.Application) -> None:
        """Tell every page, and end every program in good order."""
        self._stopping = True
        await asyncio.gather(*(session.stop() for session in list(self._sessions.values())))
        await asyncio.gather(self.programs.stop(), asyncio.to_thread(self._courier.stop))
        for task in list(self._tasks):
            task.cancel()

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page. Whatever stands in the query is not looked at: opening it changes and uses up nothing."""
        return answer_of(request, self._index, caching="no-store")

    async def handle_reset(self, request: web.Request) -> web.StreamResponse:
        """The address that staff read out: to the page, which opens "Forgot password"."""
        # Relative, since only the browser knows the path at which a proxy has the portal.
        return web.Response(status=302, headers={"Location": f"./#{RESET_LINK}", "Cache-Control": "no-store"})

    async def handle_file(self, request: web.Request) -> web.StreamResponse:
        """One of the page's files."""
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        versioned = request.query.get("v") == file.tag
        return answer_of(request, file, caching=files.FOR_EVER if versioned else files.ASK_AGAIN)

    async def handle_health(self, request: web.Request) -> web.StreamResponse:
        """This process answers."""
        return web.Response(text="ok\n", headers=PLAIN)

    async def handle_ready(self, request: web.Request) -> web.StreamResponse:
        """A program could begin and work: the warm parent lives, and the database answers."""
        if self._stopping or not self.programs.is_warm or not await self._database_answers():
            return web.Response(status=503, text="not ready\n", headers=PLAIN)
        return web.Response(text="ready\n", headers=PLAIN)

    async def _database_answers(self) -> bool:
        """Asked once every few seconds at most, however many want to know."""
        async with self._asking:
            now = asyncio.get_running_loop().time
            if now() - self._asked_at > READY_FOR:
                self._answered = await self.programs.database_answers()
                self._asked_at = now()
            return self._answered

    # -- one page -----------------------------------------------------------------------------

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One page, from its hello to its end."""
        if not self.origins.has(request.headers.getall("Origin", [])):
            raise web.HTTPForbidden
        address = request[CLIENT] = self._client(request)
        socket = PageSocket()
        transport = request.transport
        if transport is None:
            raise web.HTTPBadRequest
        await socket.prepare(request)
        page = PageLine(socket, transport)
        try:
            with self._newcomers.taken(counted_as(address)):
                hello = await self._hello(socket)
            await self._serve_page(socket, page, hello, address)
        except Full:
            await page.end(Why.BUSY, _BUSY)
        except Refused:
            await page.end(Why.REFUSED, REFUSED)
        except Lost:
            page.cut()
        except Exception as error:  # noqa: BLE001 - a fault of ours costs this page, and leaves no values in a log
            await page.end(Why.FAULT, sentence_of(write_down(error)))
        return socket

    def _client(self, request: web.Request) -> str:
        told = request.headers
        return self.proxies.client(
            request.remote or "", told.getall("X-Forwarded-For", []), told.getall("Forwarded", [])
        )

    async def _hello(self, socket: PageSocket) -> Hello:
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                first = await socket.receive()
        except TimeoutError as error:
            raise Refused("no hello in time") from error
        if first.type is not WSMsgType.TEXT:
            if socket.closed:
                raise Lost
            raise Refused("no text")
        return read_hello(read_message(first.data))

    async def _serve_page(self, socket: PageSocket, page: PageLine, hello: Hello, address: str) -> None:
        session = self._sessions.get(hello.back) if hello.back else None
        if session is not None and session.ends:
            session = None
        if self._stopping:
            await page.end(Why.STOPPING, _BUSY)
            return
        if session is not None:
            await session.come_back(page, hello)
        else:
            session = await self._begin(page, hello, address)
        if session is None:
            return
        on_purpose = False
        try:
            on_purpose = await self._listen(socket, page, session)
        except Refused:
            on_purpose = True
            raise
        finally:
            if on_purpose:
                session.leave(page)
            else:
                session.lose(page)

    async def _begin(self, page: PageLine, hello: Hello, address: str) -> Session | None:
        counted = counted_as(address)
        try:
            await self._take_place(counted)
        except Full:
            here = self._places.of(counted) >= self.settings.portal.sessions_per_address
            await page.end(Why.BUSY, _BUSY_HERE if here else _BUSY)
            return None
        session = Session(self.programs, self.download_manager, address, asyncio.get_running_loop().time())
        try:
            await session.begin(page, hello)
        except NotBegun:
            self._places.give_back(counted)
            await page.end(Why.BUSY, _BUSY)
            return None
        self._sessions[session.back] = session
        self._run(self._forget(session, counted))
        return session

    async def _take_place(self, counted: str) -> None:
        """Take one, of somebody who has been away for long if there is no other. Raises Full."""
        try:
            self._places.take(counted)
        except Full:
            here = self._places.of(counted) >= self.settings.portal.sessions_per_address
            sessions = (one for one in self._sessions.values() if not here or counted_as(one.address) == counted)
            if not await make_room(sessions, asyncio.get_running_loop().time()):
                raise
            self._places.take(counted)

    async def _forget(self, session: Session, counted: str) -> None:
        await session.over.wait()
        del self._sessions[session.back]
        self._places.give_back(counted)

    async def _listen(self, socket: PageSocket, page: PageLine, session: Session) -> bool:
        """Do what the page says until it has gone, or shows the session no longer. Returns whether it has said so."""
        loop = asyncio.get_running_loop()
        pace = Pace(loop.time())
        while True:
            message = await socket.receive()
            if message.type is WSMsgType.CLOSE:
                return session.absence.is_farewell(message.data)
            if message.type in (WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return False
            if message.type is not WSMsgType.TEXT:
                raise Refused("no text")
            if not session.shows_in(page):
                return False
            await obey(read_message(message.data), page, session, loop.time())
            wait = pace.wait_for(len(message.data), loop.time())
            if wait:
                await asyncio.sleep(wait)

    # -- time ---------------------------------------------------------------------------------

    async def _look_early(self) -> None:
        """The first look at the database also tells the warm parent whether an agency stands."""
        await self._database_answers()

    async def _keep_watch(self) -> None:
        while not self._stopping:
            now = asyncio.get_running_loop().time()
            self._courier.look(now)
            for session in list(self._sessions.values()):
                self._run(session.look(now, self._idle))
            await asyncio.sleep(_LOOK_EVERY)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            write_down(error)
