"""The rules of the agency: chosen, told what follows, kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from models.agency import Agency
from screens.dialogs.problem import Problem
from screens.settings.agency_rules import AgencyRulesScreen, WhatFollows
from screens.widgets.field import Field
from screens.widgets.one_of import OneOf
from screens.workplace import Workplace
from services.agency_policy import PROFILES
from services.credentials.policy import Profile
from tests.making import MadeAgency, make_agency
from tests.screens.stage import Stage
from tests.settling import screen_text, until, until_screen


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with the rules of the standard profile."""
    made = make_agency(place.desk)
    with place.desk.ctx.unit():
        Agency.update(adjustments="{}").execute()
    return made


@asynccontextmanager
async def form(place: Workplace, made: MadeAgency) -> AsyncIterator[tuple[Pilot[Any], Stage, AgencyRulesScreen]]:
    """The form, filled in."""
    screen = AgencyRulesScreen(place, made.admin)
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: len(screen.query(OneOf)) == 8 and not screen.busy)
        yield pilot, app, screen


async def test_another_profile_brings_its_numbers_and_is_kept_after_a_question(
    place: Workplace, made: MadeAgency
) -> None:
    async with form(place, made) as (pilot, app, screen):
        await pilot.press("right")
        await until(pilot, lambda: screen.query_one("#minimum", Field).value == "15")
        assert screen.query_one(".card-room").max_scroll_y == 0
        await pilot.press("f2")
        await until_screen(pilot, WhatFollows)
        assert "needs 15 signs" in screen_text(pilot)
        assert "Change them" in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: app.answer is True)
    assert place.desk.rules.view(made.admin).policy == PROFILES[Profile.STRICT]


async def test_what_cannot_stand_is_told_at_its_line_and_nothing_is_lost_unasked(
    place: Workplace, made: MadeAgency
) -> None:
    async with form(place, made) as (pilot, app, screen):
        screen.query_one("#minimum_with_factor", Field).value = "20"
        await pilot.pause()
        await pilot.press("f2")
        await until(pilot, lambda: "never longer" in screen.query_one("#minimum_with_factor", Field).problem)
        await pilot.press("escape")
        await until(pilot, lambda: "Discard what you typed?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: app.answer is None)


async def test_whoever_was_slower_sees_the_others_rules(place: Workplace, made: MadeAgency) -> None:
    async with form(place, made) as (pilot, _, screen):
        wanted = replace(PROFILES[Profile.STANDARD], minimum=13)
        place.desk.rules.change(made.admin, 1, wanted)
        screen.query_one("#idle_minutes", Field).value = "5"
        await pilot.pause()
        await pilot.press("f2")
        await until_screen(pilot, WhatFollows)
        await pilot.press("y")
        await until_screen(pilot, Problem)
        assert "Sue Wright was faster" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen.query_one("#minimum", Field).value == "13")
    assert place.desk.rules.view(made.admin).policy == wanted
