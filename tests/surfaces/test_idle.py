"""Where nothing changes, nothing comes over the line: not from a part of the desk, and not from behind a dialog.

Two desks side by side, at both sizes. What must not be drawn is waited for through two polls of the desk.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.agency import Agency
from screens.desk import POLL
from services.actor import Origin
from services.desk import Desk
from services.remembered import Remembered, remember
from services.settings import load_settings
from tests import making
from tests.making import PASSWORD, MadeAgency
from tests.services.help_queue.asking import asks, make_kiosk
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.portal.running import Portal
from tests.surfaces.portal.talking import Page, opened
from tests.surfaces.term import Term

pytestmark = pytest.mark.slow

SUE, BOB = "sue@raystaging.example.com", "bob@raystaging.example.com"
TWO_POLLS = 2 * POLL + 0.5
FEW = 5_000
"""Octets: the lines that changed, not the screen."""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What is drawn does not depend on the engine."""
    return f"sqlite:///{tmp_path / 'desk.sqlite3'}"


@pytest.fixture
def desk(environment: dict[str, str]) -> Desk:
    return desk_of(environment)


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    """An agency with clients and two who work there, both still signed in elsewhere; also in a browser they may."""
    made = making.make_agency(desk, staff_portal=True)
    for number in range(30):
        making.make_client(desk, made.agency, f"c{number}@example.com", first=f"Brent{number:02}")
    making.make_staff(desk, made.agency, BOB, first="Bob")
    with desk.ctx.unit():
        making.secure(desk.ctx)
    return made


@pytest.fixture
def kiosk(desk: Desk, ray: MadeAgency) -> Origin:
    with desk.ctx.read():
        return make_kiosk(desk, Agency.get())


@pytest.fixture
def desks(ray: MadeAgency, environment: dict[str, str], terminal: Callable[..., Term]) -> tuple[Term, Term]:
    """Sue's and Bob's, each with the dialog that tells that they are signed in elsewhere."""
    path = load_settings(Path(environment["TRAKDESK_HOME"]), environment).remembered_path
    found = []
    for user, size in ((SUE, (120, 40)), (BOB, (80, 24))):
        remember(path, Remembered(ray.agency.code, user))
        screen = terminal(*size)
        sign_in(screen, PASSWORD.reveal())
        found.append(screen.expect("You are also signed in elsewhere", 30))
    return found[0], found[1]


def came(desks: tuple[Term, Term], seconds: float) -> list[int]:
    """How many octets come to each desk within so many seconds."""
    before = [desk.received for desk in desks]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for desk in desks:
            desk.settle(0.25, 0.25)
    return [desk.received - one for desk, one in zip(desks, before, strict=True)]


def still(desks: tuple[Term, Term], where: str) -> None:
    """Nothing comes through two polls, once what a key led to has been drawn."""
    for desk in desks:
        desk.settle(1.0, 5)
    assert came(desks, TWO_POLLS) == [0, 0], where


def press(desks: tuple[Term, Term], key: str, expected: str) -> None:
    for desk in desks:
        desk.key(key)
        desk.expect(expected, 20).settle(0.3, 4)


def test_nothing_comes_while_nothing_changes_before_or_behind_a_dialog(
    desk: Desk, kiosk: Origin, desks: tuple[Term, Term]
) -> None:
    still(desks, "the dialog that tells of another session")
    asks(desk, kiosk)
    octets = came(desks, TWO_POLLS)
    assert all("1 person waits" in one.text for one in desks), "what changes behind a dialog is seen there"
    assert all(0 < count < FEW for count in octets), octets
    still(desks, "a dialog behind which something has changed")

    press(desks, "enter", "/ Search")
    for part in "2341":
        press(desks, part, f"▌{part}")
        still(desks, f"part {part}")
    # The audit is for administrators.
    desks[0].key("5").expect("▌5")
    still(desks, "the audit")
    press(desks, "f1", "Keys of this screen")
    still(desks, "the keys")
    press(desks, "esc", "/ Search")
    press(desks, "ctrl+p", "Type what to do")
    still(desks, "the palette")


def test_nothing_comes_to_a_form_a_chat_the_settings_or_the_lock(
    desk: Desk, kiosk: Origin, desks: tuple[Term, Term]
) -> None:
    press(desks, "enter", "/ Search")
    press(desks, "e", "Edit Brent00")
    asks(desk, kiosk)
    still(desks, "a form above what changes")
    press(desks, "esc", "1 person waits")
    press(desks, "f9", "My password and security")
    still(desks, "the settings")
    press(desks, "esc", "1 person waits")
    press(desks, "3", "I cannot sign in")
    press(desks, "o", "Nothing has been said yet.")
    still(desks, "a chat")
    press(desks, "ctrl+l", "This desk is locked")
    still(desks, "the lock")


def test_nothing_comes_to_a_page(ray: MadeAgency, environment: dict[str, str], tmp_path: Path) -> None:
    async def look(url: str) -> None:
        async with opened(url) as page:
            await page.hello()
            await page.until(b"Company code", 60)
            known = {"company_code": ray.agency.code, "user_name": SUE, "password": PASSWORD.reveal()}
            await page.say("fill", known)
            await page.type("\x1bOQ")
            await page.until(b"signed in elsewhere", 60)
            for key in ("", "\r", "3", "4", "\x1bOP"):
                await page.type(key)
                await read(page, 2)
                drawn = len(page.drawn)
                await read(page, TWO_POLLS)
                assert len(page.drawn) == drawn, (key, page.words[-500:])

    with Portal(environment, tmp_path) as portal:
        asyncio.run(look(portal.url))


async def read(page: Page, seconds: float) -> None:
    """Take whatever comes within so many seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while page.close_code is None:
                await page.read()
    assert page.close_code is None, page.told[-3:]
