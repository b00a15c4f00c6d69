"""What all screens of the desk share: what is drawn of one that another one covers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.constants import MAX_FPS
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from screens.base import DeskDialog, DeskScreen
from screens.workplace import Workplace
from tests.screens.stage import Stage
from tests.settling import screen_text, until

A_FRAME = 2 / MAX_FPS


class Below(DeskScreen[None]):
    """Has something that changes."""

    def compose(self) -> ComposeResult:
        yield Static("before")


class Counting(Stage):
    """Counts what goes to the terminal."""

    frames = 0

    def post_display_hook(self) -> None:
        """A frame has been drawn."""
        self.frames += 1


async def looked(screen: Screen[Any]) -> None:
    """Let it look for something as every poll does, which sends it messages, and what comes of that be drawn."""
    for _ in range(3):
        await screen.run_worker(asyncio.sleep(0)).wait()
        await asyncio.sleep(A_FRAME)


async def covered(pilot: Pilot[None], app: Counting, below: Below, above: Screen[None]) -> None:
    """Wait until one screen stands above another, and both are drawn."""
    await until(pilot, lambda: app.screen is below)
    await app.push_screen(above)
    await until(pilot, lambda: app.screen is above and app.frames > 0)
    await looked(above)


@pytest.mark.parametrize(
    ("cover", "frames"), [(lambda _: DeskDialog[None](), 1), (DeskScreen[None], 0)], ids=["a dialog", "a screen"]
)
async def test_what_changes_below_is_drawn_once_behind_a_dialog_and_not_at_all_behind_a_screen(
    place: Workplace, cover: Callable[[Workplace], Screen[None]], frames: int
) -> None:
    """At every poll the whole of it was drawn anew."""
    below, above = Below(place), cover(place)
    app = Counting(place, below)
    async with app.run_test(size=(80, 24)) as pilot:
        await covered(pilot, app, below, above)
        before = app.frames
        below.query_one(Static).update("after")
        await looked(below)
        assert app.frames - before == frames
        await app.pop_screen()
        await until(pilot, lambda: app.screen is below and "after" in screen_text(pilot))
