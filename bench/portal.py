"""A session in the browser, against plain textual-serve running the same application on the same database."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import aiohttp
import psutil

from bench.result import Result
from models.identity import Session
from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.surfaces.portal.running import Portal, free_port

PAGES = 8
"""So many are open at the same time; memory that they share counts for none of them."""

USABLE = b"Company code"
SIGNED_IN = b"Welcome"
SETTLED = 3.0
TYPED = 0.3
CODE = "RAY-919"
HELLO = ["hello", {"width": 80, "height": 24}]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one session cost.

    Attributes:
        waited: seconds until its first usable screen.
        worked: seconds of work until then.
        private: octets of memory of its own then.
        signed_in: octets of memory of its own once a client has signed in.
    """

    waited: float
    worked: float
    private: int
    signed_in: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is open, and the processes that serve it alone."""

    line: aiohttp.ClientWebSocketResponse
    processes: list[psutil.Process]
    waited: float
    worked: float

    def private(self) -> int:
        """Octets that nobody else uses."""
        # A process that looked after the database for the readiness has ended by now.
        return sum(private(process) for process in self.processes if process.is_running())


async def costs(url: str, suffix: str, parent: psutil.Process, hello: bool) -> list[Cost]:
    """Open one page after another, and look at all of them once they have settled; then sign in at each."""
    pages: list[Page] = []
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(aiohttp.ClientSession(headers={"Origin": url}))
        for _ in range(PAGES):
            before = {child.pid for child in parent.children(recursive=True)}
            started = time.perf_counter()
            line = await stack.enter_async_context(browser.ws_connect(f"{url}/ws{suffix}", max_msg_size=0))
            if hello:
                await line.send_json(HELLO)
            await drawn(line, USABLE)
            waited = time.perf_counter() - started
            own = [child for child in parent.children(recursive=True) if child.pid not in before]
            pages.append(Page(line, own, waited, sum(map(work_of, own))))
        await asyncio.sleep(SETTLED)
        unsigned = [page.private() for page in pages]
        for number, page in enumerate(pages):
            for typed in (CODE, "\t", user_name(number), "\t", making.PASSWORD.reveal(), "\r"):
                await page.line.send_json(["stdin", typed])
                # The cursor reaches the next field before anybody types into it.
                await asyncio.sleep(TYPED)
            await drawn(page.line, SIGNED_IN)
        await asyncio.sleep(SETTLED)
        return [Cost(page.waited, page.worked, one, page.private()) for page, one in zip(pages, unsigned, strict=True)]


async def drawn(line: aiohttp.ClientWebSocketResponse, words: bytes) -> None:
    """Read on until these words have been drawn."""
    found = bytearray()
    while words not in found:
        message = await asyncio.wait_for(line.receive(), 30)
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
        found += message.data if message.type is aiohttp.WSMsgType.BINARY else b""


def found_agency(environment: dict[str, str]) -> Desk:
    """The desk of an agency with a client for each page."""
    desk = open_desk(load_settings(Path(environment["TRAKDESK_HOME"]), environment))
    made = making.make_agency(desk, CODE)
    for number in range(PAGES):
        client = making.make_client(desk, made.agency, user_name(number))
        making.give_account(desk, made.admin, client)
    return desk


def forget(desk: Desk) -> None:
    """Begin as if nobody had signed in before: the forms are empty, and nobody is signed in elsewhere."""
    desk.ctx.settings.remembered_path.unlink(missing_ok=True)
    with desk.ctx.unit():
        Session.delete().execute()


def user_name(number: int) -> str:
    """Of the client who signs in at this page."""
    return f"client{number}@example.com"


def work_of(process: psutil.Process) -> float:
    """Seconds of processor time of all its threads so far, finer than the clock of the scheduler's ticks."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def private(process: psutil.Process) -> int:
    """Octets that nobody else uses."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


@contextmanager
def plain(home: str) -> Iterator[tuple[str, psutil.Process]]:
    """Plain textual-serve."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.served_plainly", str(port), home],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while psutil.Process(server.pid).net_connections() == []:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def run() -> list[Result]:
    """First the one, then the other, twice each, so that a machine that grows slower slows both."""
    ours: list[Cost] = []
    reference: list[Cost] = []
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "home")
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "TRAKDESK_HOME": home}
        desk = found_agency(environment)
        for _ in range(2):
            forget(desk)
            with plain(home) as (url, process):
                reference += asyncio.run(costs(url, "?width=80&height=24", process, hello=False))
            forget(desk)
            with Portal(environment, Path(folder)) as portal:
                ours += asyncio.run(costs(portal.url, "", portal.warm_parent(), hello=True))

    def compared(name: str, of: Callable[[list[Cost]], float], unit: str, budget: float) -> Result:
        mine, theirs = of(ours), of(reference)
        return Result(
            name, f"{mine:.3g} {unit}", f"plain textual-serve {theirs:.3g} {unit}", mine / theirs, budget, "at most"
        )

    mine, theirs = (2**30 / fmean(cost.private for cost in costs) for costs in (ours, reference))
    return [
        compared(
            "opening a page to the first usable screen", lambda all_: median(cost.waited for cost in all_), "s", 0.5
        ),
        compared("work of a session until then", lambda all_: fmean(cost.worked for cost in all_), "s", 0.1),
        compared("private memory of a session", lambda all_: fmean(cost.private for cost in all_) / 2**20, "MB", 1 / 3),
        Result(
            "sessions per gigabyte", f"{mine:.0f}", f"plain textual-serve {theirs:.0f}", mine / theirs, 3, "at least"
        ),
        compared(
            "private memory with a client signed in",
            lambda all_: fmean(cost.signed_in for cost in all_) / 2**20,
            "MB",
            1 / 3,
        ),
    ]
