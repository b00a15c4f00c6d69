"""People at the page of a real portal, without a browser: they come, sign in, and find a desk with an agency."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from models.client import Client
from models.identity import Identity
from services.clock import ManualClock
from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.making import MadeAgency
from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.portal.running import Portal
from tests.surfaces.portal.talking import Page, opened

CODE = "RAY-919"
FORM = b"Company code"
HOME = b"Welcome,"
F2, F3, ENTER, LOCK = "\x1bOQ", "\x1bOR", "\r", "\x0c"


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency whose people come to a portal.

    Attributes:
        desk: ten minutes ago, so that mails of the present do not come too soon.
    """

    desk: Desk
    made: MadeAgency
    environment: dict[str, str]

    @classmethod
    def founded(cls, environment: dict[str, str], **policy: object) -> Agency:
        """In the empty home of this environment; `policy` adjusts its rules."""
        settings = load_settings(Path(environment["TRAKDESK_HOME"]), environment)
        desk = open_desk(settings, ManualClock(datetime.now(UTC) - timedelta(minutes=10)))
        made = making.make_agency(desk, **policy)
        desk.sign_in.sign_out(made.admin)
        return cls(desk, made, environment)

    @property
    def home(self) -> Path:
        return self.desk.ctx.settings.home

    def client(self, first: str) -> Client:
        """Somebody without an account."""
        return making.make_client(self.desk, self.made.agency, address(first), first=first.title(), last="Adams")

    def member(self, first: str, **given: Any) -> Identity:
        """Somebody with an account, whose password is PASSWORD unless told otherwise."""
        admin = self.made.admin
        return making.give_account(self.desk, admin.__class__(**_fields(admin)), self.client(first), **given)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of the product, to its end."""
        return subprocess.run([TRAKDESK, *words], env=self.environment, capture_output=True, text=True, timeout=60)


def _fields(actor: Any) -> dict[str, Any]:
    # Who prepares things is signed in nowhere.
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__} | {"session_id": None}


def address(first: str) -> str:
    return f"{first}@mortgageclient.example.com"


class Visitors:
    """Pages at one portal; each has a program of its own."""

    def __init__(self, stack: AsyncExitStack, portal: Portal) -> None:
        self._stack = stack
        self.portal = portal

    async def come(self, shows: bytes = FORM, **brought: Any) -> Page:
        """Open the page, as far as these octets; `brought` is a link or a ticket."""
        page = await self._stack.enter_async_context(opened(self.portal.url))
        await page.hello(**brought)
        await page.until(shows, 60)
        return page

    async def signed_in(self, first: str) -> Page:
        """Come, and sign in."""
        page = await self.come()
        await sign_in(page, first)
        return page

    async def program_of(self, come: Callable[[], Any]) -> tuple[Page, psutil.Process]:
        """Somebody who comes by `come`, and the program that serves them."""
        before = set(self.portal.programs())
        page = await come()
        [program] = set(self.portal.programs()) - before
        return page, program


async def at_field(page: Page, within: float = 30) -> None:
    """Wait until the cursor stands in a field."""
    async with asyncio.timeout(within):
        while page.last("typing") != "text":
            await page.read()


async def press(page: Page, keys: str, shows: bytes, within: float = 30) -> None:
    """Press keys, and wait for what is drawn after them."""
    page.drawn.clear()
    await page.type(keys)
    await page.until(shows, within)


async def sign_in(page: Page, first: str, shows: bytes = HOME) -> None:
    """Let the browser fill in the form, and log in."""
    known = {"company_code": CODE, "user_name": address(first), "password": making.PASSWORD.reveal()}
    await page.say("fill", known)
    await press(page, F2, shows, 60)


async def ticket_of(page: Page) -> str:
    """What the page would bring after its program has gone."""
    return str(await page.until("ticket"))


async def until(condition: Callable[[], object], within: float = 30) -> None:
    """Wait for what another process does."""
    give_up = time.monotonic() + within
    while not condition():
        assert time.monotonic() < give_up, "it stayed as it was"
        await asyncio.sleep(0.05)
