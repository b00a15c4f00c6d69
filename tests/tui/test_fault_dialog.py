"""What somebody is told when something fails again and again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.states import Surface
from screens.dialogs.problem import Problem
from screens.workplace import Workplace
from services.actor import Origin
from services.desk import Desk
from services.errors import Unavailable
from tests.settling import screen_text, until, until_screen
from tui.app import DeskApp


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here asks the database much."""
    return sqlite_url


@pytest.fixture
def place(desk: Desk) -> Iterator[Workplace]:
    """A workplace over the desk of the test."""
    workplace = Workplace(desk, Origin(Surface.DESK, "tests"))
    yield workplace
    workplace.close()


async def test_what_fails_every_few_seconds_is_told_in_one_dialog_until_it_is_closed(place: Workplace) -> None:
    app = DeskApp(place)

    async def fails(error: Exception) -> None:
        raise error

    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(app.screen_stack) > 1)
        for error in (ValueError("once"), ValueError("again"), Unavailable(), ValueError("and again")):
            worker = app.run_worker(fails(error), exit_on_error=False)
            await until(pilot, lambda: worker.is_finished)  # noqa: B023 - awaited before the next one begins
            await pilot.pause()
        first = await until_screen(pilot, Problem)
        assert "Something went wrong" in screen_text(pilot)
        assert [type(screen) for screen in app.screen_stack].count(Problem) == 1
        await pilot.press("enter")
        await until(pilot, lambda: first not in app.screen_stack)
        app.run_worker(fails(ValueError("later")), exit_on_error=False)
        assert await until_screen(pilot, Problem) is not first
