"""What signing in at a kiosk may ask besides the password: codes, and an authenticator app to be set up."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from models.agency import Agency
from models.identity import Identity, Throttle
from screens.kiosk.activate import KioskActivate
from screens.kiosk.arrival import KioskSignInCode
from screens.kiosk.done import KioskDone
from screens.kiosk.factor import KioskEnrol, KioskRecoveryCodes
from screens.kiosk.workplace import KioskPlace
from screens.widgets.qr import QrCode
from screens.widgets.tick import Tick
from services.accounts.identities import sign_in_key
from services.actor import Actor
from services.desk import Desk
from services.entry.arrival import MAILED_CODE_FROM
from tests import making
from tests.enrolling import app_behind, enrol
from tests.kiosking import Person, view_of
from tests.making import MadeAgency
from tests.recovering import NEW, USER
from tests.screens.stage import NOTHING, Stage
from tests.services.signing_in import CODE
from tests.settling import shows, type_in, until, until_screen

SMALLEST, SMALL = (60, 20), (80, 24)


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    """An agency with its administrator."""
    return making.make_agency(desk)


@pytest.fixture
def active(desk: Desk, made: MadeAgency) -> Identity:
    """Brent's account."""
    return making.give_account(desk, made.admin, making.make_client(desk, made.agency))


@pytest.fixture
def lobby(desk: Desk, made: MadeAgency) -> KioskPlace:
    """A kiosk at which somebody has made a choice."""
    person = Person(desk, made.agency)
    place = KioskPlace(desk, view_of(desk, person.origin))
    place.visit = person.visit
    return place


@asynccontextmanager
async def at(place: KioskPlace, screen: Screen[Any], size: tuple[int, int] = SMALLEST) -> AsyncIterator[Pilot[Any]]:
    """A screen of the kiosk."""
    async with Stage(place, screen).run_test(size=size) as pilot:
        await until_screen(pilot, type(screen))
        yield pilot
    place.close()


def half(desk: Desk, place: KioskPlace) -> Actor:
    """Whoever has given the password only."""
    return desk.sign_in.sign_in(CODE, USER, making.PASSWORD, place.origin)


async def lets_in(desk: Desk, place: KioskPlace, question: str, code: str) -> None:
    """A wrong code is told and typed anew, the right one opens the session."""
    async with at(place, KioskSignInCode(place, half(desk, place))) as pilot:
        await shows(pilot, question, "Go on", "Get help")
        await type_in(pilot, "ZZZZ-7777")
        await shows(pilot, "✗ ")
        await type_in(pilot, code)
        await until(pilot, lambda: pilot.app.answer is not NOTHING)
        opened = pilot.app.answer
    assert isinstance(opened, Actor)
    assert opened.awaits is None


async def test_the_code_of_the_app_opens_the_session(desk: Desk, lobby: KioskPlace, active: Identity) -> None:
    app = enrol(desk.ctx, active.id)
    await lets_in(desk, lobby, "Type the code of your app", app.code(desk.ctx.clock.now()).reveal())


async def test_the_mailed_code_opens_the_session(desk: Desk, lobby: KioskPlace, active: Identity) -> None:
    now = desk.ctx.clock.now()
    with desk.ctx.unit():
        key = sign_in_key(desk.ctx, CODE, USER)
        Throttle.create(key=key, count=MAILED_CODE_FROM, window_from=now, next_at=now)
    half(desk, lobby)
    await lets_in(desk, lobby, "Type the code from your mail", making.sent_secrets(desk.ctx, active).code)


@pytest.fixture
def newcomer(desk: Desk, made: MadeAgency) -> Identity:
    """Somebody with a welcome mail, who must have a second factor."""
    found = making.give_account(desk, made.admin, making.make_client(desk, made.agency), password=None)
    with desk.ctx.unit():
        Agency.update(adjustments=json.dumps({"factor": "everybody", "questions": False})).execute()
    return found


@asynccontextmanager
async def scanning(desk: Desk, place: KioskPlace, who: Identity, size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    """From the welcome mail to the picture for the app."""
    async with at(place, KioskActivate(place), size) as pilot:
        await type_in(pilot, USER)
        await shows(pilot, "Type the code from your mail")
        await type_in(pilot, making.sent_secrets(desk.ctx, who).code)
        await shows(pilot, "Choose a password")
        await type_in(pilot, NEW.reveal())
        await type_in(pilot, NEW.reveal())
        await shows(pilot, "Two-step sign-in", "▸ Next ◂")
        await pilot.press("enter")
        await until_screen(pilot, KioskEnrol)
        yield pilot


@pytest.mark.slow
async def test_an_app_is_set_up_and_its_recovery_codes_are_kept_with_large_buttons_alone(
    desk: Desk, lobby: KioskPlace, newcomer: Identity
) -> None:
    async with scanning(desk, lobby, newcomer, SMALLEST) as pilot:
        await shows(pilot, "Type this key into your app", "▸ Next ◂", "Get help")
        await pilot.press("enter")
        await shows(pilot, "Type the code that your app shows")
        await type_in(pilot, "12")
        await shows(pilot, "✗ This is not the code")
        await pilot.press("backspace", "backspace")
        await type_in(pilot, app_behind(desk.ctx, newcomer.id).code(desk.ctx.clock.now()).reveal())
        await until_screen(pilot, KioskRecoveryCodes)
        await shows(pilot, "Keep these recovery codes", " 1  ", "10  ", "[ ] I have written them down", "Not now")
        await pilot.press("tab", "enter")
        await shows(pilot, "✗ Write the codes down first")
        await until(pilot, lambda: pilot.app.screen.query_one(Tick).has_focus)
        await pilot.press("space")
        await until(pilot, lambda: pilot.app.screen.query_one("#keep").has_focus)
        await pilot.press("enter")
        await until_screen(pilot, KioskDone)
        await shows(pilot, "✓ Your account is set up")


@pytest.mark.slow
async def test_a_screen_of_80_columns_has_room_for_the_picture_and_back_makes_another(
    desk: Desk, lobby: KioskPlace, newcomer: Identity
) -> None:
    async with scanning(desk, lobby, newcomer, SMALL) as pilot:
        await shows(pilot, "Scan this picture", "Back", "Next")
        picture = pilot.app.screen.query_one(QrCode)
        assert picture.region.height > 16
        assert picture.region.bottom <= pilot.app.screen.query_one("#next").region.y
        await pilot.press("escape")
        await shows(pilot, "✗ The app is not set up yet")
