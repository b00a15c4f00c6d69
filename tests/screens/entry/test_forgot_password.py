"""Forgot password: both addresses, the same answer for everybody, and the way on."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from models.states import MailPurpose
from screens.dialogs.confirm import Confirm
from screens.dialogs.discard import Discard
from screens.entry.forgot_password import ForgotPassword
from screens.widgets.field import Field
from screens.workplace import Workplace
from services.clock import ManualClock
from tests.making import MadeAgency, give_account, mails, make_agency, make_client
from tests.screens.stage import NOTHING, Staged, staged
from tests.settling import screen_text, until, until_screen

BRENT = "brent@mortgageclient.example.com"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


def form(place: Workplace, email: str = "") -> Staged[ForgotPassword]:
    """The form on a screen."""
    return staged(place, ForgotPassword(place, email))


def field(screen: ForgotPassword, name: str) -> Field:
    """One of the two fields."""
    return screen.query_one(f"#{name}", Field)


async def ask(pilot: Pilot[Any], screen: ForgotPassword, email: str, confirm: str) -> None:
    """Type both and send them."""
    field(screen, "email").value = email
    field(screen, "confirm").value = confirm
    await pilot.pause()
    await pilot.press("f2")


async def test_whoever_has_an_account_gets_the_mail(place: Workplace, made: MadeAgency, clock: ManualClock) -> None:
    identity = give_account(place.desk, made.admin, make_client(place.desk, made.agency))
    clock.advance(minutes=6)
    async with form(place) as (pilot, _, screen):
        await ask(pilot, screen, BRENT, BRENT.upper())
        await until_screen(pilot, Confirm)
        assert len(mails(place.desk.ctx, identity, MailPurpose.RESET)) == 1


async def test_a_stranger_reads_the_same_answer(place: Workplace, made: MadeAgency, clock: ManualClock) -> None:
    give_account(place.desk, made.admin, make_client(place.desk, made.agency))
    clock.advance(minutes=6)
    answers = []
    for email in (BRENT, "nobody@mortgageclient.example.com"):
        async with form(place) as (pilot, _, screen):
            await ask(pilot, screen, email, email)
            await until_screen(pilot, Confirm)
            words = " ".join(screen_text(pilot).replace("│", " ").split())
            answers.append(words.replace(email, "THEM"))
    assert answers[0] == answers[1]
    assert "If an account belongs to THEM, a mail is on its way." in answers[0]


async def test_two_addresses_that_differ_are_told_beside_the_field(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, app, screen):
        await ask(pilot, screen, BRENT, "brend@mortgageclient.example.com")
        await until(pilot, lambda: field(screen, "confirm").problem)
        assert field(screen, "confirm").problem == "The two addresses differ. Write the same one twice."
        assert app.screen is screen
        assert field(screen, "email").value == BRENT


async def test_what_is_no_address_never_leaves_the_form(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, _, screen):
        await ask(pilot, screen, "brent@", "")
        await until(pilot, lambda: field(screen, "email").input.has_focus)
        assert field(screen, "email").problem
        assert field(screen, "confirm").problem


async def test_the_person_goes_on_to_the_link_or_code_with_the_address(place: Workplace, made: MadeAgency) -> None:
    async with form(place, BRENT) as (pilot, app, screen):
        await until(pilot, lambda: field(screen, "confirm").input.has_focus)
        await ask(pilot, screen, BRENT, BRENT)
        await until_screen(pilot, Confirm)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer == BRENT)


async def test_the_person_may_go_back_to_the_sign_in_instead(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, app, screen):
        await ask(pilot, screen, BRENT, BRENT)
        await until_screen(pilot, Confirm)
        await pilot.press("escape")
        await until(pilot, lambda: app.answer is not NOTHING)
        assert app.answer is None


async def test_esc_asks_only_when_something_was_typed(place: Workplace, made: MadeAgency) -> None:
    async with form(place, BRENT) as (pilot, app, screen):
        await pilot.press("x", "escape")
        await until_screen(pilot, Discard)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("backspace", "escape")
        await until(pilot, lambda: app.answer is None)


async def test_it_fits_on_80x24(place: Workplace, made: MadeAgency) -> None:
    async with form(place) as (pilot, _, screen):
        await ask(pilot, screen, "x", "y")
        await pilot.pause()
        assert screen.query_one(".card-room").max_scroll_y == 0
