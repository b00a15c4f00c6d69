"""What every form does: once at a time, problems where they belong, and nothing typed is lost."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.pilot import Pilot

from screens.dialogs.problem import Problem
from screens.form_screen import FormScreen
from screens.widgets.field import Field
from screens.workplace import Workplace
from services.errors import Invalid, Refused
from tests.screens.stage import NOTHING, Stage
from tests.settling import screen_text, until, until_screen


class Naming(FormScreen[str]):
    """One field; what the service does is the test's business."""

    def __init__(self, place: Workplace, service: Callable[[str], str]) -> None:
        super().__init__(place)
        self._service = service

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Field("Name", id="name")
            yield from self.foot("Go on")

    async def submit(self) -> None:
        """Call the service."""
        self.dismiss(await self.call(self._service, self.query_one("#name", Field).value))


@asynccontextmanager
async def naming(place: Workplace, service: Callable[[str], str]) -> AsyncIterator[tuple[Pilot[Any], Stage, Naming]]:
    """The form with a name in it."""
    screen = Naming(place, service)
    app = Stage(place, screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.focused is not None)
        screen.query_one("#name", Field).value = "Ann"
        await pilot.pause()
        yield pilot, app, screen


async def test_it_closes_with_what_the_service_said(place: Workplace) -> None:
    async with naming(place, str.upper) as (pilot, app, _):
        await pilot.press("enter")
        await until(pilot, lambda: app.answer == "ANN")


async def test_a_problem_of_no_field_here_is_told_in_a_dialog(place: Workplace) -> None:
    def refuse(_: str) -> str:
        raise Invalid({"elsewhere": "Something else does not hold. Ask a supervisor."})

    async with naming(place, refuse) as (pilot, app, screen):
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        assert "Something else does not hold." in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and not screen.busy)


async def test_a_refusal_is_told_and_the_form_stays_as_it_is(place: Workplace) -> None:
    def refuse(_: str) -> str:
        raise Refused("Not today. Come back tomorrow.")

    async with naming(place, refuse) as (pilot, app, screen):
        await pilot.press("f2")
        await until_screen(pilot, Problem)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and not screen.busy)
        assert screen.query_one("#name", Field).value == "Ann"
        assert not screen.query_one("#submit").disabled


async def test_a_fault_of_ours_costs_the_action_and_shows_no_value(
    place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(name: str) -> str:
        raise RuntimeError(f"secret {name}")

    with caplog.at_level(logging.ERROR):
        async with naming(place, break_down) as (pilot, app, screen):
            await pilot.press("f2")
            await until_screen(pilot, Problem)
            assert "reference" in screen_text(pilot)
            assert "secret" not in screen_text(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is screen)
            assert not screen.busy
            assert app.answer is NOTHING
    assert "secret" not in caplog.text
