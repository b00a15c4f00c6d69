"""What a client sees: the own name, the agency to turn to, and the own password."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.events import ScreenResume
from textual.pilot import Pilot

from models.agency import Agency
from models.identity import Identity
from screens.client_home import ClientHome
from screens.dialogs.confirm import Confirm
from screens.dialogs.problem import Problem
from screens.settings.security import SecuritySettings
from screens.workplace import Workplace
from services import sessions
from services.actor import Actor
from services.clock import ManualClock
from tests.making import PASSWORD, MadeAgency, give_account, make_agency, make_client
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen

BRENT = "brent@mortgageclient.example.com"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@pytest.fixture
def brent(place: Workplace, made: MadeAgency) -> Actor:
    """A client who has signed in for the first time."""
    give_account(place.desk, made.admin, make_client(place.desk, made.agency))
    return place.desk.sign_in.sign_in("RAY-919", BRENT, PASSWORD, place.origin)


@asynccontextmanager
async def home(
    place: Workplace, actor: Actor, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, ClientHome]]:
    """The home, filled in."""
    screen = ClientHome(place, actor)
    app = Stage(place, screen)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen is not screen or "Company code" in screen_text(pilot))
        yield pilot, app, screen


async def test_it_shows_the_account_and_the_agencys_contact_block(place: Workplace, brent: Actor) -> None:
    async with home(place, brent) as (pilot, _, screen):
        text = screen_text(pilot)
        for words in (
            "Welcome, Brent Thomas",
            BRENT,
            "RAY-919",
            "this is the first time",
            "Ray Staging",
            "12 Harbour Road",
            "San Diego",
            "(519) 555-0143",
            "office@raystaging.example.com",
        ):
            assert words in text
        assert screen.query_one(".card-room").max_scroll_y == 0


async def test_the_sign_in_before_this_one_is_told(place: Workplace, brent: Actor, clock: ManualClock) -> None:
    clock.advance(days=3)
    again = place.desk.sign_in.sign_in("RAY-919", BRENT, PASSWORD, place.origin)
    async with home(place, again) as (pilot, _, _screen):
        assert "Nov 21" in screen_text(pilot)


async def test_a_contact_block_that_is_not_known_takes_no_room(place: Workplace, brent: Actor) -> None:
    with place.desk.ctx.unit():
        Agency.update(address="", phone="", email="").execute()
    async with home(place, brent) as (pilot, _, _screen):
        text = screen_text(pilot)
        assert "Ray Staging" in text
        assert "Phone" not in text
        assert "Address" not in text


@pytest.mark.parametrize("key", ["p", "enter"])
async def test_the_password_is_a_key_away(place: Workplace, brent: Actor, key: str) -> None:
    async with home(place, brent) as (pilot, app, screen):
        await pilot.press(key)
        await until_screen(pilot, SecuritySettings)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_signing_out_asks_first(place: Workplace, brent: Actor) -> None:
    async with home(place, brent) as (pilot, app, screen):
        await pilot.press("escape")
        await until_screen(pilot, Confirm)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is screen)
        assert app.answer is NOTHING
        await pilot.click("#sign_out")
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


async def test_an_ended_session_is_told_and_leads_out(place: Workplace, brent: Actor) -> None:
    with place.desk.ctx.unit():
        sessions.end_sessions(place.desk.ctx, brent.identity_id or 0, "the account was deactivated")
    async with home(place, brent) as (pilot, app, _):
        await until_screen(pilot, Problem)
        assert "the account was deactivated" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


async def test_hostile_names_are_mere_text(place: Workplace, brent: Actor) -> None:
    with place.desk.ctx.unit():
        Agency.update(name=HOSTILE[:100], address=HOSTILE).execute()
        Identity.update(name=HOSTILE, email=HOSTILE).where(Identity.id == brent.identity_id).execute()
    async with home(place, brent, size=(120, 40)) as (pilot, _, _screen):
        assert is_harmless(pilot)


async def test_a_screen_that_comes_up_while_the_end_is_being_told_does_not_take_the_reason_away(
    place: Workplace, brent: Actor
) -> None:
    async with home(place, brent) as (pilot, app, screen):
        place.sitting.over = "Your session has ended."
        screen.post_message(ScreenResume())
        await pilot.pause()
        assert app.screen is screen

        place.sitting.told = True
        screen.post_message(ScreenResume())
        await until(pilot, lambda: app.screen is not screen)
