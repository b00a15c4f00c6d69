"""Choosing a password with a link or code: for whom, by which rules, and who wins."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from models.agency import Agency
from models.identity import Identity
from models.states import TokenPurpose, TokenState
from screens.dialogs.discard import Discard
from screens.dialogs.problem import Problem
from screens.entry.choose_password import ChoosePassword
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import person_key
from services.clock import ManualClock
from services.credentials.passwords import Secret
from services.recovery import PasswordChosen
from tests.making import PASSWORD, MadeAgency, give_account, make_agency, make_client, sent_secrets, tokens_of
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Staged, staged
from tests.settling import screen_text, until, until_screen

BRENT = "brent@mortgageclient.example.com"
GOOD = "copper kettle morning"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@pytest.fixture
def brent(place: Workplace, made: MadeAgency, clock: ManualClock) -> Identity:
    """A client with an account, who has asked for a reset."""
    identity = give_account(place.desk, made.admin, make_client(place.desk, made.agency))
    clock.advance(minutes=6)
    place.desk.recovery.ask_reset(BRENT, BRENT, place.origin)
    return identity


def form(place: Workplace, identity: Identity) -> Staged[ChoosePassword]:
    """The form that the person's newest link opens."""
    link = sent_secrets(place.desk.ctx, identity).link
    return staged(place, ChoosePassword(place, link, "", place.desk.recovery.open(link, "", place.origin)))


async def choose(pilot: Pilot[Any], screen: ChoosePassword, password: str, confirm: str | None = None) -> None:
    """Type both and send them."""
    screen.query_one("#password", Field).value = password
    screen.query_one("#confirm", Field).value = password if confirm is None else confirm
    await pilot.pause()
    await pilot.press("f2")


async def test_it_says_who_and_where(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (pilot, _, _screen):
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "Brent Thomas, choose a new password" in text
        assert f"Ray Staging · company code RAY-919 · user name {BRENT}" in text


async def test_a_good_password_is_set_and_uses_the_link_up(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (pilot, app, screen):
        await choose(pilot, screen, GOOD)
        await until(pilot, lambda: isinstance(app.answer, PasswordChosen))
        assert app.answer == PasswordChosen("RAY-919", BRENT, "Ray Staging", TokenPurpose.RESET)
    assert tokens_of(place.desk.ctx, brent)[-1].state is TokenState.USED
    assert place.desk.sign_in.sign_in("RAY-919", BRENT, Secret(GOOD), place.origin).name == "Brent Thomas"


async def test_a_first_password_activates_the_account(place: Workplace, made: MadeAgency) -> None:
    identity = give_account(place.desk, made.admin, make_client(place.desk, made.agency), password=None)
    async with form(place, identity) as (pilot, app, screen):
        assert "choose your password" in screen_text(pilot)
        assert "Not the password that you have now" not in screen_text(pilot)
        await choose(pilot, screen, GOOD)
        await until(pilot, lambda: isinstance(app.answer, PasswordChosen))
        assert app.answer.purpose is TokenPurpose.ACTIVATE


async def test_what_the_policy_refuses_never_leaves_the_form(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (pilot, app, screen):
        await choose(pilot, screen, "brentthomas12")
        await until(pilot, lambda: screen.query_one("#password", Field).problem)
        assert app.screen is screen
    assert tokens_of(place.desk.ctx, brent)[-1].state is TokenState.LIVE


async def test_the_last_password_is_refused_beside_the_field(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (pilot, _, screen):
        await choose(pilot, screen, PASSWORD.reveal())
        await until(pilot, lambda: screen.query_one("#password", Field).problem)
        assert screen.query_one("#password", Field).problem == (
            "This is the password that you have now. Choose another one."
        )
        assert screen.query_one("#confirm", Field).value == PASSWORD.reveal()


async def test_two_that_differ_set_nothing(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (pilot, _, screen):
        await choose(pilot, screen, GOOD, GOOD + "x")
        await until(pilot, lambda: screen.query_one("#confirm", Field).problem)
    assert tokens_of(place.desk.ctx, brent)[-1].state is TokenState.LIVE


async def test_whoever_comes_second_is_told_and_led_back(place: Workplace, brent: Identity) -> None:
    link = sent_secrets(place.desk.ctx, brent).link
    async with form(place, brent) as (pilot, app, screen):
        place.desk.recovery.choose_password(link, "", Secret("somebody else was here"), place.origin)
        await choose(pilot, screen, GOOD)
        await until_screen(pilot, Problem)
        assert "has been used" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


async def test_somebody_deactivated_meanwhile_is_told_and_led_back(
    place: Workplace, made: MadeAgency, brent: Identity
) -> None:
    async with form(place, brent) as (pilot, app, screen):
        place.desk.accounts.deactivate(made.admin, person_key.client(1), "left")
        await choose(pilot, screen, GOOD)
        await until_screen(pilot, Problem)
        assert "was withdrawn when the account changed" in " ".join(screen_text(pilot).replace("│", " ").split())
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


async def test_esc_asks_before_a_typed_password_is_lost(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (pilot, app, _screen):
        await pilot.press("x", "escape")
        await until_screen(pilot, Discard)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)


async def test_it_fits_on_80x24(place: Workplace, brent: Identity) -> None:
    async with form(place, brent) as (_, _app, screen):
        assert screen.query_one(".card-room").max_scroll_y == 0


async def test_hostile_names_are_mere_text(place: Workplace, brent: Identity) -> None:
    with place.desk.ctx.unit():
        Agency.update(name=HOSTILE[:100]).execute()
        Identity.update(name=HOSTILE).where(Identity.id == brent.id).execute()
    async with form(place, brent) as (pilot, _, _screen):
        assert is_harmless(pilot)
