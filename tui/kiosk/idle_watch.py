"""Sends a kiosk home that nobody stands at any more: asks first, counts down, and goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import App

from screens.kiosk.frame import KioskScreen
from screens.kiosk.idle import StillHere

if TYPE_CHECKING:
    from tui.kiosk.ending import Ending

LOOK = 0.5

COUNTDOWN = 15
"""Seconds between the question and home."""


class IdleWatch:
    """Rests as long as nobody has begun anything."""

    def __init__(self, app: App[Ending], go_home: Callable[[], None], patience: float) -> None:
        """`patience` is what every screen has at least, in seconds; where a screen has more, that holds."""
        self._app = app
        self._go_home = go_home
        self._patience = patience
        self._touched = monotonic()
        self._asked: StillHere | None = None
        self._home_at = 0.0
        self._begun = False
        self._answered = asyncio.Event()
        self._answered.set()

    def begin(self) -> None:
        """Somebody stands here."""
        self._touched = monotonic()
        if not self._begun:
            self._begun = True
            self._app.set_interval(LOOK, self._look)

    async def answered(self) -> None:
        """Wait until the question is not on the screen: nothing may cover it."""
        await self._answered.wait()

    def touched(self) -> bool:
        """A sign of life. True if it answers the question, and so is for nothing else."""
        self._touched = monotonic()
        asked, self._asked = self._asked, None
        if asked is None:
            return False
        self._answered.set()
        asked.dismiss(None)
        return True

    def _look(self) -> None:
        now = monotonic()
        if self._asked is not None:
            if now >= self._home_at:
                self._go_home()
            return
        screen = self._app.screen
        patience = screen.patience if isinstance(screen, KioskScreen) else KioskScreen.patience
        if now - self._touched >= max(patience, self._patience):
            self._home_at = now + COUNTDOWN
            self._answered.clear()
            self._asked = StillHere(COUNTDOWN)
            self._app.push_screen(self._asked)
