"""The countdown: words and a bar while there is a wait, nothing otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.widgets.countdown import Countdown
from tests.screens.screen_time import ScreenTime
from tests.settling import screen_text, until


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> ScreenTime:
    """The clock by which the countdown goes."""
    return ScreenTime().govern(monkeypatch)


class Waiting(App[None]):
    """A countdown, and how often it ended."""

    def __init__(self) -> None:
        super().__init__()
        self.over = 0

    def compose(self) -> ComposeResult:
        yield Countdown("Next try in {left}")

    def on_countdown_over(self) -> None:
        """Count."""
        self.over += 1


@asynccontextmanager
async def waiting() -> AsyncIterator[tuple[Pilot[Any], Waiting, Countdown]]:
    """A countdown that has not begun."""
    app = Waiting()
    async with app.run_test(size=(60, 3)) as pilot:
        yield pilot, app, app.screen.query_one(Countdown)


async def test_nothing_is_shown_while_there_is_no_wait(time: ScreenTime) -> None:
    async with waiting() as (pilot, _, shown):
        assert not shown.running
        assert "Next try" not in screen_text(pilot)


async def test_the_wait_is_told_in_minutes_and_seconds(time: ScreenTime) -> None:
    async with waiting() as (pilot, _, shown):
        shown.start(75)
        await until(pilot, lambda: "Next try in 1:15" in screen_text(pilot))
        time.now += 37.5
        await until(pilot, lambda: "Next try in 0:38" in screen_text(pilot))


async def test_the_end_is_told_once_and_hides_it(time: ScreenTime) -> None:
    async with waiting() as (pilot, app, shown):
        shown.start(2)
        time.now += 2
        await until(pilot, lambda: app.over)
        await until(pilot, lambda: "Next try" not in screen_text(pilot))
        assert app.over == 1
        assert not shown.running


async def test_a_new_wait_takes_the_place_of_the_old_one(time: ScreenTime) -> None:
    async with waiting() as (pilot, app, shown):
        shown.start(5)
        shown.start(60)
        time.now += 10
        await until(pilot, lambda: "Next try in 0:50" in screen_text(pilot))
        assert app.over == 0


async def test_nothing_to_wait_for_ends_a_wait_without_a_word(time: ScreenTime) -> None:
    async with waiting() as (pilot, app, shown):
        shown.start(5)
        shown.start(0)
        await until(pilot, lambda: "Next try" not in screen_text(pilot))
        assert not shown.running
        assert app.over == 0
