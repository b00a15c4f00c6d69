"""An application that shows one screen, with the desk's own looks, and keeps its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from textual import work
from textual.pilot import Pilot
from textual.screen import Screen

import tui.app
from screens.workplace import Workplace
from tests.settling import until
from tui.app import DeskApp

S = TypeVar("S", bound=Screen[Any])

NOTHING = object()
"""Stands for an answer that has not come."""


class Stage(DeskApp):
    """The real application, but with a screen of the test's choice instead of the sign-in."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("app.tcss"))

    def __init__(self, place: Workplace, screen: Screen[Any]) -> None:
        super().__init__(place)
        self._screen_to_show = screen
        self.answer: Any = NOTHING
        self.copied = ""
        self.told: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        """Remember what would go to the terminal."""
        self.copied = text

    def notify(self, message: str, **options: Any) -> None:
        """Remember what stood in a toast."""
        self.told.append(message)
        super().notify(message, **options)

    @work(exit_on_error=False)
    async def run_desk(self) -> None:
        """Show the screen, and keep its answer."""
        self.answer = await self.push_screen_wait(self._screen_to_show)


Staged = AbstractAsyncContextManager[tuple[Pilot[Any], Stage, S]]
"""What `staged` opens."""


@asynccontextmanager
async def staged(
    place: Workplace, screen: S, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[Any], Stage, S]]:
    """A screen that has its focus, and the application in which it stands."""
    app = Stage(place, screen)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.screen is screen and screen.focused is not None)
        yield pilot, app, screen


async def answer_of(place: Workplace, dialog: Screen[Any], *keys: str) -> object:
    """What a dialog answers after these keys; NOTHING if it is still there."""
    app = Stage(place, dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is dialog)
        for key in keys:
            await pilot.press(key)
        await pilot.pause()
        return app.answer
