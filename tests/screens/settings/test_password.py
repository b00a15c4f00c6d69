"""Changing one's own password: the current one first, then the policy, and what ends with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import Identity
from screens.dialogs.problem import Problem
from screens.settings.password import ChangePassword
from screens.widgets.field import Field
from screens.workplace import Workplace
from services import sessions
from services.actor import Actor
from services.credentials.passwords import Secret
from tests.making import PASSWORD, MadeAgency, make_agency
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.screen_time import ScreenTime
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen

SUE = "sue@raystaging.example.com"
GOOD = "copper kettle morning"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@asynccontextmanager
async def form(place: Workplace, actor: Actor) -> AsyncIterator[tuple[Pilot[Any], Stage, ChangePassword]]:
    """The form, with the agency's policy in it."""
    screen = ChangePassword(place, actor)
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: len(screen.query(Field)) == 3 and not screen.busy)
        yield pilot, app, screen


async def change(pilot: Pilot[Any], screen: ChangePassword, current: str, new: str) -> None:
    """Type all three and send them."""
    for name, text in (("current", current), ("new", new), ("confirm", new)):
        screen.query_one(f"#{name}", Field).value = text
    await pilot.pause()
    await pilot.press("f2")


async def test_with_the_current_one_the_password_becomes_another(place: Workplace, made: MadeAgency) -> None:
    async with form(place, made.admin) as (pilot, app, screen):
        await until(pilot, lambda: screen.query_one("#current", Field).input.has_focus)
        await change(pilot, screen, PASSWORD.reveal(), GOOD)
        await until(pilot, lambda: app.answer is True)
        assert app.told == ["Your password has been changed. Other sessions of yours have ended."]
    assert place.desk.sign_in.sign_in("RAY-919", SUE, Secret(GOOD), place.origin)


async def test_a_wrong_current_one_is_told_beside_its_field_and_the_next_try_waits(
    place: Workplace, made: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    ScreenTime().govern(monkeypatch)
    async with form(place, made.admin) as (pilot, _, screen):
        await change(pilot, screen, "not this one", GOOD)
        await until(pilot, lambda: screen.query_one("#current", Field).problem)
        await until(pilot, lambda: screen.query_one("#current", Field).input.has_focus and not screen.busy)
        await pilot.press("x", "f2")
        await until(pilot, lambda: "Next try in 0:01" in screen_text(pilot))
        assert "Each failed try makes the next" in screen_text(pilot)
        assert screen.query_one("#submit").disabled


async def test_the_policys_refusals_stand_beside_the_new_one(place: Workplace, made: MadeAgency) -> None:
    async with form(place, made.admin) as (pilot, _, screen):
        await change(pilot, screen, PASSWORD.reveal(), "suewright919")
        await until(pilot, lambda: "made of your own" in screen.query_one("#new", Field).problem)
        await change(pilot, screen, PASSWORD.reveal(), PASSWORD.reveal())
        await until(pilot, lambda: "This is the password that you have now" in screen.query_one("#new", Field).problem)


async def test_a_session_that_ended_closes_the_form_after_saying_so(place: Workplace, made: MadeAgency) -> None:
    async with form(place, made.admin) as (pilot, app, screen):
        with place.desk.ctx.unit():
            sessions.end_sessions(place.desk.ctx, made.admin.identity_id or 0, "the account was deactivated")
        await change(pilot, screen, PASSWORD.reveal(), GOOD)
        await until_screen(pilot, Problem)
        assert "the account was deactivated" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.answer is None)


async def test_it_fits_on_80x24(place: Workplace, made: MadeAgency) -> None:
    async with form(place, made.admin) as (_, _app, screen):
        assert screen.query_one(".card-room").max_scroll_y == 0


async def test_hostile_names_are_mere_text(place: Workplace, made: MadeAgency) -> None:
    with place.desk.ctx.unit():
        Identity.update(name=HOSTILE, email=HOSTILE).execute()
    async with form(place, made.admin) as (pilot, _, _screen):
        assert is_harmless(pilot)
