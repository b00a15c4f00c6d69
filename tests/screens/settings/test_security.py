"""My password and security: one list, from which everything about the own account is reached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from models.identity import Identity, Session
from models.states import Role, Surface
from screens.dialogs.confirm import Confirm
from screens.settings.questions import ChangeQuestions
from screens.settings.security import SecuritySettings
from screens.widgets.field import Field
from screens.workplace import Workplace
from services.actor import Actor, Origin
from services.desk import Desk
from tests.making import PASSWORD, MadeAgency, entries, make_agency, make_staff
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen

SUE = "sue@raystaging.example.com"
THERE = Origin(Surface.PORTAL, "198.51.100.4")


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@asynccontextmanager
async def settings(
    place: Workplace, actor: Actor, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, SecuritySettings]]:
    """The list, filled."""
    screen = SecuritySettings(place, actor)
    app = Stage(place, screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: screen.menu.highlighted is not None)
        yield pilot, app, screen


def open_sessions(desk: Desk) -> int:
    with desk.ctx.read():
        return int(Session.select().where(Session.ended_at.is_null()).count())


async def test_all_parts_stand_on_one_screen_of_80x24(place: Workplace, made: MadeAgency) -> None:
    place.desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)
    async with settings(place, made.admin) as (pilot, _, screen):
        text = screen_text(pilot)
        for words in (
            SUE,
            "Security questions    none answered yet",
            "Two-step sign-in      off",
            "● desk     203.0.113.7",
            "○ portal   198.51.100.4",
            "Sue Wright signed in",
            "Rules of the agency",
        ):
            assert words in text.replace("▲ ", "")
        assert screen.menu.max_scroll_y == 0


async def test_another_session_is_ended_here_after_a_question(place: Workplace, made: MadeAgency) -> None:
    place.desk.sign_in.sign_in("RAY-919", SUE, PASSWORD, THERE)
    async with settings(place, made.admin) as (pilot, app, screen):
        await pilot.press("x")
        assert app.screen is screen
        await pilot.press(*["down"] * 6, "x")
        await until_screen(pilot, Confirm)
        assert "portal, 198.51.100.4" in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "198.51.100.4" not in screen_text(pilot) and app.told)
        assert open_sessions(place.desk) == 1
        assert not screen.check_action("end_others", ())


async def test_the_rules_are_for_administrators_alone(place: Workplace, made: MadeAgency) -> None:
    ann = make_staff(place.desk, made.agency, "ann@example.com", role=Role.SUPERVISOR)
    async with settings(place, ann) as (pilot, app, screen):
        assert "Rules of the agency" not in screen_text(pilot)
        await pilot.press("a")
        assert app.screen is screen


async def test_questions_are_answered_anew_with_the_password(place: Workplace, made: MadeAgency) -> None:
    async with settings(place, made.admin) as (pilot, app, _):
        await pilot.press("s")
        form = await until_screen(pilot, ChangeQuestions)
        await pilot.press("right")
        for name, text in (("answer1", "Bello"), ("answer2", "bello"), ("answer3", "Elm Street")):
            form.query_one(f"#{name}", Field).value = text
        form.query_one("#current", Field).value = PASSWORD.reveal()
        await pilot.pause()
        await pilot.press("f2")
        await until(pilot, lambda: "already" in form.query_one("#answer2", Field).problem)
        form.query_one("#answer2", Field).value = "Yellow Beetle"
        await pilot.pause()
        await pilot.press("f2")
        await until(pilot, lambda: app.told == ["Your security questions have been changed."])
        await until(pilot, lambda: "3 answered" in screen_text(pilot))
    assert entries(place.desk.ctx, "questions_changed")


async def test_hostile_names_are_mere_text(place: Workplace, made: MadeAgency) -> None:
    with place.desk.ctx.unit():
        Identity.update(name=HOSTILE, email=HOSTILE).execute()
        Session.update(place=HOSTILE[:200]).execute()
    async with settings(place, made.admin) as (pilot, _, _screen):
        assert is_harmless(pilot)
